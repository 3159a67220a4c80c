#!/usr/bin/env bash
# Free volume and bond-valence map of an amorphous oxide. TIME_SCALE=1 in the environment takes the whole
# schedule, in which the model melts and cools as slowly as it is meant to.
#
#   run.sh [CELLGEN [FOLDER]]
set -euo pipefail
cellgen=${1:-cellgen}
out=${2:-free-volume}

mkdir -p "$out"
"$cellgen" pack Mg3TiMo2O9 --units 24 --density 4.98 --factor 0.9 --seed 1 --out "$out/start.extxyz"
"$cellgen" amorphous "$out/start.extxyz" --model universal --cutoff 6 --schedule quick \
  --time-scale "${TIME_SCALE:-0.1}" --seed 1 --quiet --out "$out/glass"
"$cellgen" volume "$out/glass/final.extxyz" --ion Mg --probe 0.5 --out "$out/volume"
"$cellgen" bvs "$out/glass/final.extxyz" --charges Mg=2,Ti=4,Mo=4,O=-2 --map Mg --spacing 0.1 \
  --exclusion 1.7 --tolerance 0.4 --slice c=0.5 --out "$out/bvs"
