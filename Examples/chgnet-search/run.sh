#!/usr/bin/env bash
# Hull and voltages of Mg(n)Zn10Mn11O32 from a search whose arrangements CHGNet relaxes.
#
#   run.sh [CELLGEN [FOLDER]]
#
# Needs CHGNet: make engines CALCULATORS=chgnet. As a trial without it, in seconds:
#   ENERGY="--energy lewis-catlow" TOP=2 run.sh
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cellgen=${1:-cellgen}
out=${2:-chgnet-search}
python=${PYTHON:-$here/../../.venv-engines/bin/python}
energy=${ENERGY:---engine ase:chgnet --python $python}
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1} # small cells: more threads take longer

mkdir -p "$out"
"$cellgen" spinel --composition Mg3Zn10Mn11O32 --out "$out/host"
for n in 0 2 3 5 8 11; do
  # At n = 8 the lowest in the lattice energy are far from the lowest relaxed ones.
  top=${TOP:-$([ "$n" = 8 ] && echo 100 || echo 12)}
  echo "== The $top lowest arrangements of Mg${n}Zn10Mn11O32 in the lattice energy, relaxed"
  # shellcheck disable=SC2086 # options and their values
  "$cellgen" rank "$out/host/problem.yaml" --composition "Mg${n}Zn10Mn11O32" --top "$top" \
    $energy --relax cell --out "$out/mg$n"
done
tables=("$out"/mg{0,2,3,5,8,11}/energies.csv)
if [ -z "${ENERGY:-}" ]; then
  echo "== Mg metal"
  "$cellgen" prototype mg-hcp --out "$out/mg-hcp"
  # shellcheck disable=SC2086
  "$cellgen" relax "$out/mg-hcp/host.cif" $energy --cell full --out "$out/mg"
  tables+=("$out/mg/energies.csv")
fi
"$cellgen" hull "${tables[@]}" --ion Mg --out "$out/hull"
