#!/usr/bin/env bash
# Starts Deskbell on the embedded sample clinic with its three windows; where there is no display, on a virtual one,
# leaving a picture of each window.
set -euo pipefail
cd "$(dirname "$0")/.."

deskbell=(target/release/deskbell --sample --open operator,scheduling,therapist)

if [[ $(uname) == Darwin ]]; then
  exec "${deskbell[@]}"
elif [[ -n ${DISPLAY:-}${WAYLAND_DISPLAY:-} ]]; then
  # Single instance, notifications and the keyring all need a session bus; a bare X login may have none.
  session=()
  [[ -n ${DBUS_SESSION_BUS_ADDRESS:-} || -S ${XDG_RUNTIME_DIR:-/nonexistent}/bus ]] || session=(dbus-run-session --)
  exec "${session[@]}" "${deskbell[@]}"
fi

echo "There is no display here, so Deskbell runs on a virtual one and leaves a picture of each window."
scripts/setup.sh windows
exec scripts/headless.sh scripts/screenshots.sh target/screenshots 3 "${deskbell[@]}"
