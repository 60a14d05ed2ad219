#!/usr/bin/env bash
# What takes long: new seeds of the simulation, hundreds of kills, an attack on the server's API, and live fuzzing where the
# toolchain can. What `make soak` runs. SOAK_MINUTES says how long the simulation and the fuzzing take together (30 unless told), KILLS how often a
# desk is killed (300 unless told). Closes with one line: seeds run, kills survived, operations lost, operations doubled.
set -euo pipefail
cd "$(dirname "$0")/.."

minutes=${SOAK_MINUTES:-30} kills=${KILLS:-300}
logs=target/soak
mkdir -p "$logs"
failed=()

# run NAME COMMAND...: keeps the log, remembers a failure, and goes on.
run() {
  local name=$1
  shift
  printf '\n== %s\n' "$name"
  "$@" 2>&1 | tee "$logs/$name.log" || failed+=("$name")
}

# said NAME WORD: the number after WORD= in the line that a test closes with.
said() {
  sed -n "s/.*SOAK .*\b$2=\([0-9]*\).*/\1/p" "$logs/$1.log" | tail -1
}

fuzzing=0
if command -v cargo-fuzz >/dev/null && cargo +nightly --version >/dev/null 2>&1; then
  fuzzing=$((minutes * 60 / 4))
fi

cargo build --workspace --test simulation --test kill_loop
# Seeds that no earlier run had: from the clock.
export SOAK_FROM=${SOAK_FROM:-$(($(date +%s) * 1000))} SOAK_SECONDS=$((minutes * 60 - fuzzing))
run simulation cargo test --workspace --test simulation -- --ignored --exact soak --nocapture
KILLS=$kills run kill-loop cargo test --workspace --test kill_loop -- --nocapture \
  --exact a_desk_that_is_killed_at_any_point_loses_nothing_and_repeats_nothing

if python3 -c 'import venv, ensurepip' 2>/dev/null; then
  cargo build -p deskbell-server
  run attack scripts/attack.sh "$(((minutes + 9) / 10))"
else
  echo
  echo "the attack on the API: left out, it needs python3 with venv"
fi

if ((fuzzing > 0)); then
  for target in changes problem hints settings link; do
    # What live fuzzing finds to be new goes to target/, or the committed corpus would grow by itself.
    mkdir -p "$logs/corpus/$target"
    run "fuzz-$target" cargo +nightly fuzz run "$target" "$logs/corpus/$target" "fuzz/corpus/$target" -- \
      -max_total_time=$((fuzzing / 4)) -timeout=10
  done
else
  echo
  echo "live fuzzing: left out, it needs a nightly toolchain and cargo-fuzz; the corpus is replayed by make test"
fi

lost=$(($(said simulation lost) + $(said kill-loop lost)))
doubled=$(($(said simulation doubled) + $(said kill-loop doubled)))
survived=$(said kill-loop kills)
printf '\nsoak: %s seeds run, %s kills survived, %s operations lost, %s operations doubled\n' \
  "$(said simulation seeds)" "$survived" "$lost" "$doubled"
if ((${#failed[@]})); then
  echo "FAILED: ${failed[*]}; their whole output is in $logs" >&2
  exit 1
fi
