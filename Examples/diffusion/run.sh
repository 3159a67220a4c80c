#!/usr/bin/env bash
# Lithium in Li2O from trajectories: diffusion, conductivity, jumps, density, activation energy.
#
#   run.sh [CELLGEN [FOLDER]]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cellgen=${1:-cellgen}
out=${2:-diffusion-example}

mkdir -p "$out"
# The cell with every site and its label, and a supercell to start from.
"$cellgen" prototype antifluorite --out "$out/parent" --quiet > /dev/null
"$cellgen" prototype antifluorite --supercell 2x2x2 --out "$out/start" --quiet > /dev/null
# A Nosé-Hoover chain: the friction of the Langevin thermostat would slow the ions down.
for temperature in 1350 1500 1800; do
  "$cellgen" md "$out/start/host.extxyz" --model pedone2006 --cutoff 8 --thermostat nose-hoover \
    --temperature "$temperature" --time 12ps --time-step 2 --frames-every 10 --seed 1 \
    --out "$out/$temperature" --quiet > /dev/null
done
# The first 2 ps are left out; oxygen is held in place.
"$cellgen" diffusion "$out"/{1350,1500,1800}/trajectory.extxyz --temperature 1350,1500,1800 \
  --species Li --charges Li=1,O=-2 --drift O --skip 100 --fit-from 0.4 --fit-to 1.6 \
  --parent "$out/parent/host.extxyz" --out "$out/diffusion" --quiet
"$cellgen" density "$out/1800/trajectory.extxyz" --parent "$out/parent/host.extxyz" --species Li \
  --skip 100 --slices c=0.25 --levels 0.01 --out "$out/density" --quiet
# Published coefficients of Mg in amorphous V2O5.
"$cellgen" diffusion --table "$here/amorphous-V2O5.csv" --out "$out/published" --quiet
