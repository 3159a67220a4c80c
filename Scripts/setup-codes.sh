#!/usr/bin/env bash
# Installs the simulation codes, the Slurm and the Python readers of `make test-codes`, and nothing that is
# there already.
set -euo pipefail

if ! command -v apt-get >/dev/null; then
  echo "setup-codes: this is neither Debian nor Ubuntu; install Quantum ESPRESSO, CP2K, ABINIT, LAMMPS," >&2
  echo "             Slurm and MUNGE yourself" >&2
  exit 1
fi
packages=(quantum-espresso quantum-espresso-data cp2k cp2k-data abinit abinit-data lammps slurm-wlm munge python3-venv)
missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' ||
    missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  echo "setup-codes: installing ${missing[*]}"
  run=()
  if [ "$(id -u)" -ne 0 ]; then run=(sudo); fi
  "${run[@]}" apt-get update -qq
  "${run[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

# Readers of VASP inputs to compare with, in an environment of their own.
venv="$(dirname "$0")/../.venv-codes"
if ! [ -x "$venv/bin/python" ]; then python3 -m venv "$venv"; fi
"$venv/bin/python" -c 'import ase, pymatgen' 2>/dev/null ||
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check ase pymatgen
