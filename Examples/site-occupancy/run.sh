#!/usr/bin/env bash
# Who sits on 8a at which temperature, and a quasirandom structure of the disordered limit.
#
#   run.sh [CELLGEN [FOLDER]]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cellgen=${1:-cellgen}
out=${2:-site-occupancy}

rm -rf "$out"
mkdir -p "$out"
echo "== Occupancies at temperatures: cellgen anneal problem.yaml --lowest 300"
"$cellgen" anneal "$here/problem.yaml" --lowest 300 --seed 1 --out "$out/anneal"
echo
echo "== The disordered limit as one structure: cellgen anneal disordered.yaml --objective sqs"
"$cellgen" anneal "$here/disordered.yaml" --objective sqs --shells 2 --rounds 100 --top 3 --seed 1 \
  --out "$out/sqs"
echo
echo "Look at $out/anneal/report.html and $out/sqs/report.html"
