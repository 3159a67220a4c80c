#!/usr/bin/env bash
# Installs the C and C++ libraries that cellgen links, and nothing that is there already.
set -euo pipefail

if ! command -v swift >/dev/null; then
  echo "setup: no Swift toolchain found; install Swift 6.3 or later from swift.org/install first" >&2
  exit 1
fi

case "$(uname -s)" in
Linux)
  if ! command -v apt-get >/dev/null; then
    echo "setup: this is neither Debian nor Ubuntu; install GSL, spglib, qhull, gemmi, PEGTL, SQLite," >&2
    echo "       OpenSSL, voro++ and FFTW with their headers, and pkg-config" >&2
    exit 1
  fi
  packages=(pkg-config libgsl-dev libsymspg-dev libqhull-dev gemmi-dev tao-pegtl-dev libstb-dev
    libsqlite3-dev libssl-dev voro++-dev libfftw3-dev)
  missing=()
  for package in "${packages[@]}"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' ||
      missing+=("$package")
  done
  if [ ${#missing[@]} -eq 0 ]; then exit 0; fi
  echo "setup: installing ${missing[*]}"
  run=()
  if [ "$(id -u)" -ne 0 ]; then run=(sudo); fi
  "${run[@]}" apt-get update -qq
  "${run[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  ;;
Darwin)
  if ! command -v brew >/dev/null; then
    echo "setup: Homebrew is needed; see brew.sh" >&2
    exit 1
  fi
  formulae=(pkg-config gsl spglib qhull gemmi pegtl voro++ fftw)
  missing=()
  for formula in "${formulae[@]}"; do
    brew list --formula "$formula" >/dev/null 2>&1 || missing+=("$formula")
  done
  if [ ${#missing[@]} -eq 0 ]; then exit 0; fi
  echo "setup: installing ${missing[*]}"
  brew install --quiet "${missing[@]}"
  ;;
*)
  echo "setup: $(uname -s) is not supported; cellgen runs on Linux and macOS" >&2
  exit 1
  ;;
esac
