#!/usr/bin/env bash
# Attacks the sync API from its own description (schemathesis): whatever is sent, nothing is answered with a 5xx. What `make
# soak` runs. Usage: attack.sh MINUTES
set -euo pipefail
cd "$(dirname "$0")/.."

minutes=${1:-5}
# The newest that was seen to work here.
version=4.32.5
venv=$PWD/target/soak/venv
if [[ ! -x $venv/bin/schemathesis ]]; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet "schemathesis==$version"
fi

data=$(mktemp -d)
server=
leave() {
  [[ -z $server ]] || kill "$server" 2>/dev/null || true
  rm -rf "$data"
}
trap leave EXIT

program=target/debug/deskbell-server
"$program" sample --data "$data/clinic" 2>/dev/null
password=$(head -c 24 /dev/urandom | base64)
printf '%s' "$password" | "$program" add-user --data "$data/clinic" --login attacker --role admin 2>/dev/null
NO_COLOR=1 "$program" serve --data "$data/clinic" --listen 127.0.0.1:0 >"$data/address" 2>"$data/log" &
server=$!
for _ in $(seq 100); do grep -q 'http' "$data/address" && break; sleep 0.1; done
url=$(sed -n 's/^listening on //p' "$data/address")
[[ -n $url ]] || { cat "$data/log" >&2; exit 1; }
token=$("$venv/bin/python" - "$url" "$password" <<'PYTHON'
import json, sys, urllib.request, uuid
url, password = sys.argv[1:]
body = {"login": "attacker", "password": password, "device_id": str(uuid.uuid4())}
request = urllib.request.Request(f"{url}/v1/session", json.dumps(body).encode(), {"content-type": "application/json"})
print(json.load(urllib.request.urlopen(request))["access_token"])
PYTHON
)

# Run from the temporary folder, where it leaves what it keeps for itself. Hints never end, and a sign-out or a revocation
# would end the attack: those are attacked without a session below. The rate stays under what the server lets one session
# have, or it would only ever answer 429.
common=(--checks not_a_server_error --suppress-health-check all --no-color --phases coverage,fuzzing)
seconds=$((minutes * 60 / 2))
ended=0
(cd "$data" && timeout "$seconds" "$venv/bin/schemathesis" run "$url/v1/openapi.json" "${common[@]}" -H "Authorization: Bearer $token" \
  --exclude-path /v1/hints --exclude-path /v1/session --exclude-path /v1/session/renew --exclude-path /v1/revocations \
  --rate-limit 45/s --max-examples 100000) || ended=$?
# Time is over: what was found until then counts.
((ended == 0 || ended == 124)) || exit "$ended"
ended=0
(cd "$data" && timeout "$seconds" "$venv/bin/schemathesis" run "$url/v1/openapi.json" "${common[@]}" --max-examples 300) || ended=$?
((ended == 0 || ended == 124)) || exit "$ended"

if grep 'status=5[0-9][0-9]' "$data/log" >&2; then
  exit 1
fi
printf 'attack: %s requests refused, none answered with a 5xx\n' "$(grep -c 'status=4' "$data/log")"
