#!/usr/bin/env bash
# Makes the Debian packages of the app and of the clinic's server and leaves them in target/packages. Usage: package.sh
# Windows and macOS bundles are configured in tauri.conf.json (icons, identifier) and are made by the same `tauri build`
# on those systems; nothing here has built them.
set -euo pipefail
cd "$(dirname "$0")/.."

command -v cargo-deb >/dev/null || cargo install cargo-deb --locked --version '^3.8'

ui/node_modules/.bin/tauri build --ci --bundles deb
cargo build --release --locked -p deskbell-server
cargo deb -p deskbell-server --no-build --no-strip --locked

mkdir -p target/packages
rm -f target/packages/*.deb
cp target/release/bundle/deb/*.deb target/debian/deskbell-server_*.deb target/packages/
(cd target/packages && sha256sum ./*.deb | tee SHA256SUMS)
