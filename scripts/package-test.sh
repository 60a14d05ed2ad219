#!/usr/bin/env bash
# Installs the packages of target/packages into a clean Debian root, as a person would with apt, starts what they hold,
# and takes them off again. Needs root, debootstrap and a Debian mirror. Usage: package-test.sh [SUITE]
set -euo pipefail
cd "$(dirname "$0")/.."

suite=${1:-bookworm}
(($(id -u) == 0)) || { echo "package-test: making a clean root needs root" >&2; exit 2; }
command -v debootstrap >/dev/null || { echo "package-test: install debootstrap first: apt-get install debootstrap" >&2; exit 2; }
ls target/packages/*.deb >/dev/null 2>&1 || { echo "package-test: no packages; run: make package" >&2; exit 2; }

root=$(mktemp -d)
# The account that the server runs as must be able to enter it.
chmod 755 "$root"
server=
leave() {
  [[ -z $server ]] || kill "$server" 2>/dev/null || true
  umount -l "$root/proc" 2>/dev/null || true
  rm -rf --one-file-system "$root"
}
trap leave EXIT

step() { printf '\n== %s\n' "$*"; }
fail() { echo "package-test: FAILED: $*" >&2; exit 1; }
within=(chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive)
inside() { "${within[@]}" "$@"; }

step "a clean $suite"
debootstrap --variant=minbase "$suite" "$root" "${MIRROR:-http://deb.debian.org/debian}" >/dev/null
mount -t proc proc "$root/proc"
cp /etc/resolv.conf "$root/etc/resolv.conf"
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d" && chmod +x "$root/usr/sbin/policy-rc.d"
mkdir "$root/packages" && cp target/packages/*.deb "$root/packages/"

step "the server: apt finds all it needs"
inside sh -c 'apt-get update -qq && apt-get install -y -qq --no-install-recommends /packages/deskbell-server_*.deb' >/dev/null
inside deskbell-server --version
[[ $(stat -c '%a' "$root/var/lib/deskbell") == 700 ]] || fail "/var/lib/deskbell can be read by others"
inside apt-get install -y -qq --no-install-recommends systemd util-linux curl >/dev/null
inside systemd-analyze verify /lib/systemd/system/deskbell-server.service

step "the server: starts as its unit says, as its own account, and serves"
as_deskbell=(setpriv --reuid deskbell --regid deskbell --clear-groups)
inside "${as_deskbell[@]}" deskbell-server sample --data /var/lib/deskbell
command=$(inside sh -c '. /etc/default/deskbell-server; sed -n "s/^ExecStart=//p" /lib/systemd/system/deskbell-server.service | sed "s|\${LISTEN}|$LISTEN|; s|\$OPTIONS|$OPTIONS|"')
# Each of these programs becomes the next, so that the process is the server's own.
"${within[@]}" "${as_deskbell[@]}" sh -c "exec $command" >"$root/server.log" 2>&1 &
server=$!
served=no
for _ in $(seq 100); do
  if inside curl -fsS http://127.0.0.1:7400/v1/openapi.json >"$root/openapi.json" 2>/dev/null; then served=yes && break; fi
  kill -0 "$server" 2>/dev/null || break
  sleep 0.1
done
[[ $served == yes ]] || { cat "$root/server.log" >&2; fail "the server does not answer"; }
copies() { find "$root/var/lib/deskbell/backups" -name 'clinic-*.db' 2>/dev/null; }
for _ in $(seq 100); do [[ -z $(copies) ]] || break; sleep 0.1; done
[[ -n $(copies) ]] || fail "no backup was made"
grep -q '"/v1/changes"' "$root/openapi.json" || fail "what answers is not the clinic's server"
kill "$server"
wait "$server" || fail "the server did not end well"
server=

step "the app: apt finds all it needs, desktop entry and icons are there"
inside sh -c 'apt-get install -y -qq --no-install-recommends /packages/[Dd]eskbell_*.deb' >/dev/null
inside deskbell --version
entry=$root/usr/share/applications/Deskbell.desktop
[[ -f $entry ]] || fail "no desktop entry"
inside apt-get install -y -qq --no-install-recommends desktop-file-utils xvfb xauth xdotool openbox dbus >/dev/null
inside desktop-file-validate /usr/share/applications/Deskbell.desktop
grep -q '^Exec=deskbell %u$' "$entry" && grep -q 'x-scheme-handler/deskbell;' "$entry" || fail "links are not opened with it"
[[ -n $(find "$root/usr/share/icons/hicolor" -name 'deskbell.png') ]] || fail "no icon"

step "the app: opens its window"
mkdir -p "$root/dev/pts"
cat >"$root/window.sh" <<'INSIDE'
openbox --sm-disable >/dev/null 2>&1 &
deskbell --data-dir /tmp/desk --sample --open operator >/tmp/desk.log 2>&1 &
app=$!
for _ in $(seq 300); do
  if xdotool search --onlyvisible --name '^Deskbell' >/dev/null 2>&1; then
    xdotool search --onlyvisible --name '^Deskbell' getwindowname
    kill "$app"
    wait "$app"
    exit
  fi
  kill -0 "$app" 2>/dev/null || break
  sleep 0.1
done
cat /tmp/desk.log >&2
exit 1
INSIDE
inside xvfb-run -a dbus-run-session -- sh /window.sh || fail "no window came up, or the app did not end well"

step "taking both off leaves nothing of theirs"
inside apt-get purge -y -qq deskbell deskbell-server >/dev/null
left=$(find "$root/usr" "$root/etc" "$root/var/lib/deskbell" "$root/lib/systemd" -iname '*deskbell*' 2>/dev/null | grep -v '^$' || true)
[[ -z $left ]] || fail "left behind: $left"

step "passed"
