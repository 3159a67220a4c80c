#!/usr/bin/env bash
# Silica glass from a random packing. TIME_SCALE=0.01 in the environment takes a hundredth of the times.
#
#   run.sh [CELLGEN [FOLDER]]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cellgen=${1:-cellgen}
out=${2:-amorphous-silica}

mkdir -p "$out"
"$cellgen" pack SiO2 --units 192 --density 2.2 --factor 0.9 --seed 1 --out "$out/start.extxyz"
"$cellgen" amorphous "$out/start.extxyz" --model pedone2006 --cutoff 8 \
  --schedule "$here/silica.yaml" --time-scale "${TIME_SCALE:-1}" --seed 1 --out "$out/glass"
