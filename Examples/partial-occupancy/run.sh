#!/usr/bin/env bash
# From a CIF with partial occupancies to ranked structures.
#
#   run.sh [CELLGEN [FOLDER]]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cellgen=${1:-cellgen}
out=${2:-partial-occupancy}
cif="$here/LiNi0.5Mn1.5O4.cif"

mkdir -p "$out"
"$cellgen" count "$cif" --supercell auto
"$cellgen" rank "$cif" --supercell auto --out "$out/rank"
"$cellgen" enumerate "$cif" --supercell auto --out "$out/all.csv"
"$cellgen" convert "$out/all.csv" --select 1-3 --out "$out/first" --format cif
"$cellgen" rank "$cif" --supercell 2x2x1 --top 3 --out "$out/rank-2x2x1"
