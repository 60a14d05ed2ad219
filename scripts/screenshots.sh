#!/usr/bin/env bash
# Starts a program on the present display, waits until its windows are up and have stopped changing, leaves a picture
# of each, asks the program to quit, and prints where the pictures are.
# Usage: screenshots.sh FOLDER HOW_MANY_WINDOWS PROGRAM [ARGUMENT...]
#        screenshots.sh --docs    the pictures in docs/screenshots, each window light and dark, on the sample clinic
set -euo pipefail

if [[ ${1:-} == --docs ]]; then
  cd "$(dirname "$0")/.."
  taken=target/screenshots/windows kept=docs/screenshots most=4000000
  rm -rf "$taken"
  scripts/headless.sh cargo test --workspace --test pictures -- --ignored --test-threads=1
  # A window that another covers may not have painted; the pictures of before are better than a black one.
  for picture in "$taken"/*.png; do
    [[ $(convert "$picture" -format '%[fx:standard_deviation > 0.01]' info:) == 1 ]] \
      || { echo "screenshots: $picture is all of one colour; take them again" >&2; exit 1; }
  done
  mkdir -p "$kept"
  rm -f "$kept"/*.png
  # Flat colours and text: a palette loses nothing that one can see, and most of the bytes.
  for picture in "$taken"/*.png; do
    convert "$picture" +dither -colors 160 -define png:compression-level=9 -strip "png8:$kept/$(basename "$picture")"
  done
  size=$(cat "$kept"/*.png | wc -c)
  echo "$(ls "$kept"/*.png | wc -l) pictures in $kept, $((size / 1000)) kB"
  ((size < most)) || { echo "screenshots: more than $((most / 1000)) kB of pictures" >&2; exit 1; }
  exit
fi

folder=$1 expected=$2
shift 2
mkdir -p "$folder"
rm -f "$folder"/*.png
log=$folder/output.log

"$@" >"$log" 2>&1 &
app=$!
trap 'kill "$app" 2>/dev/null || true' EXIT

give_up() {
  echo "screenshots: $1. The program's output, also in $log:" >&2
  tail -n 40 "$log" >&2
  exit 1
}

windows() { xdotool search --onlyvisible --pid "$app" --name . 2>/dev/null || true; }

# The windows are born hidden and shown when their script is ready, so a visible one has something on it.
deadline=$((SECONDS + 60))
until mapfile -t ids < <(windows) && ((${#ids[@]} >= expected)); do
  kill -0 "$app" 2>/dev/null || give_up "the program ended before its windows were up"
  ((SECONDS < deadline)) || give_up "only ${#ids[@]} of $expected windows after a minute"
  sleep 0.2
done

for id in "${ids[@]}"; do
  xdotool windowactivate --sync "$id" 2>/dev/null || give_up "a window could not be raised"
  name=$(xdotool getwindowname "$id" | tr '[:upper:]' '[:lower:]' | sed 's/[^a-z0-9]\+/-/g; s/^-//; s/-$//')
  # Two equal pictures in a row: fonts are in and nothing is moving. A window that keeps moving is taken as it is.
  before='' now=new
  for _ in {1..20}; do
    before=$now
    import -window "$id" "$folder/$name.png"
    now=$(import -window "$id" rgba:- | sha256sum)
    [[ $before != "$now" ]] || break
    sleep 0.25
  done
done

kill -TERM "$app"
status=0
wait "$app" || status=$?
((status == 0)) || give_up "the program did not quit cleanly when asked to (status $status)"
echo "Pictures of its ${#ids[@]} windows are in $folder:"
ls "$folder"/*.png
