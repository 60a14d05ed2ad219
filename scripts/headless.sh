#!/usr/bin/env bash
# Runs a command on a virtual display, with a window manager, a D-Bus session, an unlocked keyring and folders of
# its own, so that windows can be tested where there is no desktop and never touch the one that is there.
# Usage: headless.sh COMMAND [ARGUMENT...]
set -euo pipefail

if [[ ${1:-} == --inside ]]; then
  shift
  # WebKit's pages measure and paint as on a desktop only under a window manager.
  openbox --sm-disable >"$DESKBELL_HEADLESS/openbox.log" 2>&1 &
  openbox=$!
  # Without this the first access to the keyring would wait for a person to type a password.
  printf deskbell | gnome-keyring-daemon --unlock --components=secrets >"$DESKBELL_HEADLESS/keyring.log" 2>&1
  status=0
  "$@" || status=$?
  kill "$openbox" 2>/dev/null || true
  wait "$openbox" 2>/dev/null || true
  exit "$status"
fi

for tool in xvfb-run dbus-run-session openbox gnome-keyring-daemon; do
  command -v "$tool" >/dev/null || { echo "headless: $tool is missing; run: make setup" >&2; exit 1; }
done

DESKBELL_HEADLESS=$(mktemp -d)
trap 'rm -rf "$DESKBELL_HEADLESS"' EXIT
export DESKBELL_HEADLESS
export XDG_DATA_HOME=$DESKBELL_HEADLESS/data XDG_CONFIG_HOME=$DESKBELL_HEADLESS/config
export XDG_CACHE_HOME=$DESKBELL_HEADLESS/cache XDG_RUNTIME_DIR=$DESKBELL_HEADLESS/runtime
mkdir -m 700 "$XDG_DATA_HOME" "$XDG_CONFIG_HOME" "$XDG_CACHE_HOME" "$XDG_RUNTIME_DIR"
# A session of one's own must not fall back to the desktop's compositor.
unset WAYLAND_DISPLAY
# The accessibility bus is one more service to start and nothing here listens to it.
export NO_AT_BRIDGE=1

# A bus that starts nothing by itself: what is on it, the run put there.
cat >"$DESKBELL_HEADLESS/bus.conf" <<CONF
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=$DESKBELL_HEADLESS</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
CONF

# As root, WebKit makes its threads real-time; on few cores they starve one another and every window freezes for a
# second now and then. Without the capability it cannot.
calm=(setpriv --bounding-set=-sys_nice --inh-caps=-sys_nice)
"${calm[@]}" true 2>/dev/null || calm=()

"${calm[@]}" xvfb-run -a -s '-screen 0 1600x1000x24' \
  dbus-run-session --config-file="$DESKBELL_HEADLESS/bus.conf" -- "$0" --inside "$@"
