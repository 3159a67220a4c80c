#!/usr/bin/env bash
# Builds the reference documentation of the library into docs/.
set -euo pipefail
scratch=${SCRATCH:-.build}
modules=(Crystal Symmetry StructureIO Building Arrangement Energetics Dynamics Engines Search Thermodynamics Analysis Report Workflow)

rm -rf "$scratch/symbols" docs
mkdir -p "$scratch/symbols" docs
for module in "${modules[@]}"; do
  mkdir -p "$scratch/symbols/$module"
done
# The command also asks for the symbols of the test runner, which has none, and fails at that; a module
# that is missing is noticed when its graph is copied.
swift package --scratch-path "$scratch" dump-symbol-graph --minimum-access-level public \
  >/dev/null 2>&1 || true
graphs=$(find "$scratch" -type d -name symbolgraph | head -n 1)
for module in "${modules[@]}"; do
  cp "$graphs/$module".symbols.json "$scratch/symbols/$module/"
  docc convert --additional-symbol-graph-dir "$scratch/symbols/$module" \
    --fallback-display-name "$module" --fallback-bundle-identifier "cellgen.$module" \
    --output-path "docs/$module.doccarchive" >/dev/null
  echo "docs: $module"
done
