#!/usr/bin/env bash
# Brings a machine to where Deskbell builds: system packages, then the windows' npm packages.
# Usage: setup.sh [build] [windows]      build    what compiling needs (always)
#                                        windows  what running windows without a display needs as well
# Quick when nothing is missing. Where packages are missing and neither root nor passwordless sudo is at hand, it
# prints the line to run and fails.
set -euo pipefail
cd "$(dirname "$0")/.."

build_packages=(build-essential pkg-config libwebkit2gtk-4.1-dev libayatana-appindicator3-dev librsvg2-dev libxdo-dev
  libdbus-1-dev libssl-dev)
window_packages=(webkit2gtk-driver xvfb xauth dbus dbus-x11 openbox xdotool imagemagick gnome-keyring util-linux)

wanted=("${build_packages[@]}")
for set_name in "$@"; do
  case $set_name in
    build) ;;
    windows) wanted+=("${window_packages[@]}") ;;
    *) echo "setup: no package set is called '$set_name' (build, windows)" >&2; exit 2 ;;
  esac
done

system_packages() {
  if [[ $(uname) == Darwin ]]; then
    xcode-select -p >/dev/null 2>&1 && return
    echo "setup: install the command line tools first: xcode-select --install" >&2
    return 1
  fi
  if ! command -v dpkg >/dev/null; then
    echo "setup: this is not a Debian-like system; make sure it has what these Debian packages hold:"
    printf '  %s\n' "${wanted[@]}"
    return
  fi

  local package missing=()
  for package in "${wanted[@]}"; do
    dpkg -s "$package" 2>/dev/null | grep -q '^Status: install ok installed' || missing+=("$package")
  done
  ((${#missing[@]})) || return 0

  local as_root=()
  if [[ $(id -u) != 0 ]]; then
    if sudo -n true 2>/dev/null; then
      as_root=(sudo)
    else
      echo "setup: system packages are missing. Run this line, then try again:" >&2
      echo "  sudo apt-get update && sudo apt-get install -y ${missing[*]}" >&2
      return 1
    fi
  fi
  echo "setup: installing ${missing[*]}"
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

toolchains() {
  if ! command -v cargo >/dev/null; then
    echo "setup: Rust is missing. Install it from https://rustup.rs, then try again" >&2
    return 1
  fi
  local node_major
  node_major=$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/') || true
  if ((${node_major:-0} < 20)); then
    echo "setup: Node 20 or newer is needed to build the windows; found $(node --version 2>/dev/null || echo none)" >&2
    return 1
  fi
}

# The stamp npm itself leaves is the lock file inside node_modules: older than ours means out of date.
npm_packages() {
  if [[ ! -f ui/node_modules/.package-lock.json || ui/package-lock.json -nt ui/node_modules/.package-lock.json ]]; then
    echo "setup: npm ci in ui/"
    # A lock file made where the registry has only this platform's packages lacks the optional ones of others, and
    # `npm ci` then refuses it. `npm install --no-save` takes the same locked versions and changes no file.
    npm --prefix ui ci --no-audit --no-fund ||
      npm --prefix ui install --no-save --no-audit --no-fund
    touch ui/node_modules/.package-lock.json
  fi
}

system_packages
toolchains
npm_packages
