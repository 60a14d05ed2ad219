#!/usr/bin/env bash
# Every check of the repository in order, the quick ones first: what `make test` and CI run. Stops at the first stage
# that fails, says which, and prints the minutes of each stage and the closing lines of the test runs.
set -euo pipefail
cd "$(dirname "$0")/.."

logs=target/ci
mkdir -p "$logs"
names=() minutes=() closings=()

summary() {
  echo
  printf '%-12s %8s\n' stage minutes
  local i total=0
  for i in "${!names[@]}"; do printf '%-12s %8s\n' "${names[$i]}" "${minutes[$i]}"; done
  printf '%-12s %8s\n' total "$(awk -v s="$SECONDS" 'BEGIN { printf "%.1f", s / 60 }')"
  ((${#closings[@]} == 0)) || { echo && printf '%s\n' "${closings[@]}"; }
}

# stage NAME WHAT-IT-CHECKS COMMAND...: runs, times, keeps the log, and stops the whole run with a clear message.
stage() {
  local name=$1 what=$2 started=$SECONDS passed=yes
  shift 2
  printf '\n== %s: %s\n' "$name" "$what"
  "$@" 2>&1 | tee "$logs/$name.log" || passed=no
  names+=("$name")
  minutes+=("$(awk -v s=$((SECONDS - started)) 'BEGIN { printf "%.1f", s / 60 }')")
  [[ $name == tests || $name == journeys ]] && closings+=("$name: $(closing_line "$logs/$name.log")")
  if [[ $passed == no ]]; then
    summary
    printf '\nFAILED at stage "%s" (%s). Its whole output: %s\n' "$name" "$what" "$logs/$name.log" >&2
    exit 1
  fi
}

# The runner's own last word: nextest's summary and its flaky tests, or the sum of cargo test's result lines.
closing_line() {
  sed 's/\x1b\[[0-9;]*m//g' "$1" | awk '
    /^ *Summary \[/ { nextest = $0 }
    /^ *FLAKY / { flaky = flaky "\n  " $0 }
    /^test result:/ { passed += $4; failed += $6; ignored += $8 }
    END {
      if (nextest) { sub(/^ */, "", nextest); print nextest flaky }
      else print passed + 0 " passed, " failed + 0 " failed, " ignored + 0 " ignored"
    }'
}

setup() { scripts/setup.sh build windows; }

ui() { (cd ui && npm run lint && npm run check && npm test && npm run build); }

clippy() { cargo clippy --workspace --all-targets --locked -- -D warnings; }

# The tests that need a display are their own stage.
windowed=(harness journeys canary demo pictures bench_windows)

tests() {
  if command -v cargo-nextest >/dev/null; then
    # As one pattern: nextest refuses a filter that names a binary which does not exist.
    local names
    names=$(IFS='|' && echo "${windowed[*]}")
    cargo nextest run --workspace --locked -E "not (package(deskbell) & binary(/^($names)\$/))" && cargo test --workspace --locked --doc
  else
    # cargo test cannot leave out a test binary, so the others are named one by one.
    local path name targets=(--lib --bins)
    for path in {.,src-tauri/*,tests/support/*}/tests/{*.rs,*/main.rs}; do
      [[ -f $path ]] || continue
      name=${path#*tests/} name=${name%/main.rs} name=${name%.rs}
      [[ " ${windowed[*]} " == *" $name "* ]] || targets+=(--test "$name")
    done
    cargo test --workspace --locked --no-fail-fast "${targets[@]}" && cargo test --workspace --locked --doc
  fi
}

# The journeys start the real programs. Building those together with the tests keeps one set of dependencies.
journeys() {
  local what=(--workspace --locked --test harness --test journeys --test canary)
  cargo build --bins "${what[@]}" || return
  if command -v cargo-nextest >/dev/null; then
    scripts/headless.sh cargo nextest run --profile journeys "${what[@]}"
  else
    scripts/headless.sh cargo test --no-fail-fast "${what[@]}" -- --test-threads=1
  fi
}

stage setup "system and npm packages" setup
stage ui "lint, types, unit tests and build of the windows" ui
stage format "rustfmt" cargo fmt --all --check
stage clippy "warnings as errors, all targets" clippy
stage tests "workspace without a display, TypeScript bindings drift" tests
stage journeys "the real windows against the real server" journeys
summary
