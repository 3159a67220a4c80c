#!/usr/bin/env bash
# The chain for the eight compositions of MgxZnMnO3: search, then hull and voltages from relaxed
# energies of the same system.
#
#   run.sh [CELLGEN [FOLDER]]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cellgen=${1:-cellgen}
out=${2:-demo}

rm -rf "$out"
mkdir -p "$out"
echo "== Sites of the host: cellgen spinel --supercell 3x3x3"
"$cellgen" spinel --supercell 3x3x3 --out "$out/spinel"
echo
echo "== Arrangements of eight compositions: cellgen ga --sweep 'Mg{x}ZnMnO3'"
"$cellgen" ga "$out/spinel/problem.yaml" --sweep 'Mg{x}ZnMnO3' --x 0,1/6,1/4,1/3,1/2,49/72,61/72,1 \
  --generations 60 --seed 1 --out "$out/series"
echo
echo "== Hull and voltages of MgnZn10Mn11O32 from relaxed energies: cellgen hull energies.csv"
"$cellgen" hull "$here/../hull/energies.csv" --out "$out/hull"
echo
echo "Look at $out/series/report.html and $out/hull/report.html"
