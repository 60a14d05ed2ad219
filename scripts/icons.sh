#!/usr/bin/env bash
# Draws every icon size from icons/deskbell.svg, so that the picture has one source. Output is committed: the
# app's build embeds it, and a build machine need not have these tools.
set -euo pipefail
cd "$(dirname "$0")/.."

for tool in rsvg-convert python3; do
  command -v "$tool" >/dev/null || { echo "icons: $tool is missing: apt-get install librsvg2-bin python3" >&2; exit 1; }
done

sizes=$(mktemp -d)
trap 'rm -rf "$sizes"' EXIT
for size in 16 24 32 48 64 128 256 512 1024; do
  rsvg-convert --width "$size" --height "$size" icons/deskbell.svg --output "$sizes/$size.png"
done

cp "$sizes/32.png" icons/32x32.png
cp "$sizes/128.png" icons/128x128.png
cp "$sizes/256.png" icons/128x128@2x.png
cp "$sizes/512.png" icons/icon.png
python3 scripts/icon_containers.py "$sizes" icons
ls -l icons
