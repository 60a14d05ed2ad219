#!/usr/bin/env bash
# Writes what the programs and the windows are made of, as CycloneDX, to target/sbom. Usage: sbom.sh
set -euo pipefail
cd "$(dirname "$0")/.."

command -v cargo-cyclonedx >/dev/null || cargo install cargo-cyclonedx --locked
mkdir -p target/sbom
# One is left beside each Cargo.toml of the workspace; those of the two programs name everything that is linked into them.
name=bill-of-materials
trap 'find . -name "$name.json" -not -path "./target/*" -not -path "./ui/node_modules/*" -delete' EXIT
cargo cyclonedx --quiet --format json --override-filename "$name"
mv "$name.json" target/sbom/deskbell.json
mv "src-tauri/server/$name.json" target/sbom/deskbell-server.json
(cd ui && npm sbom --sbom-format cyclonedx --omit dev) >target/sbom/windows.json 2>/dev/null
for file in deskbell deskbell-server windows; do
  parts=$(node -p 'JSON.parse(require("fs").readFileSync(process.argv[1])).components.length' "target/sbom/$file.json")
  ((parts > 0)) || { echo "sbom: target/sbom/$file.json names no part" >&2; exit 1; }
  echo "target/sbom/$file.json: $parts parts"
done
