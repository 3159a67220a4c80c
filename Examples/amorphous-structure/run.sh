#!/usr/bin/env bash
# The structure of a small amorphous oxide: radial distribution functions, neighbours, angles, links, rings.
#
#   run.sh [CELLGEN [FOLDER]]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cellgen=${1:-cellgen}
out=${2:-amorphous-structure}

mkdir -p "$out"
"$cellgen" pack MgV2O4 --units 12 --density 3.7 --seed 1 --quiet --out "$out/start.extxyz"
"$cellgen" amorphous "$out/start.extxyz" --model lewis-catlow --charges Mg=2,V=3,O=-2 --cutoff 8 \
  --schedule "$here/melt.yaml" --frames-every 25 --seed 1 --quiet --out "$out/glass"
# The frames of the melt and of the quench are left out.
"$cellgen" rdf "$out/glass/trajectory.extxyz" --skip 60 --radius 8 --quiet --out "$out/rdf"
"$cellgen" coordination "$out/glass/trajectory.extxyz" --skip 60 --rings V-O --largest-ring 6 --quiet \
  --out "$out/coordination"
"$cellgen" coordination "$out/glass/trajectory.extxyz" --skip 60 --cutoff Mg-O=2.8,V-O=2.5,V-V=4,Mg-Mg=4.5 \
  --quiet --out "$out/fixed-cutoffs"
"$cellgen" report "$out/coordination" --quiet --out "$out/coordination.html"
