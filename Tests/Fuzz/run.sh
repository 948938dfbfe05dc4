#!/bin/bash
# Feeds random inputs to all code that reads files: run.sh SECONDS [TARGET…]
#
# The targets are the Swift files in this folder, without the extension. They run in parallel, one per core, each for
# the given time. The script exits with 1 if an input crashed a target, needed more than 10 s or 2 GB, or violated a
# target's condition. It stores the input in $FINDINGS (default: .build-fuzz/findings). The corpus grows in
# .build-fuzz/corpus.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

seconds=$1
shift
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
  for file in Tests/Fuzz/*.swift; do targets+=("$(basename "$file" .swift)"); done
fi
work=.build-fuzz
findings=${FINDINGS:-$work/findings}
mkdir -p "$work" "$findings"

flags=(
  -O -wmo -parse-as-library -swift-version 6 -package-name dlrun -sanitize=fuzzer,address
  -enable-upcoming-feature ExistentialAny -enable-upcoming-feature InternalImportsByDefault
  -enable-upcoming-feature MemberImportVisibility -I "$work"
)
for module in CYAML CZlib CPNG CJPEG CVectors CTiles/include; do
  flags+=(-Xcc "-fmodule-map-file=Sources/$module/module.modulemap")
done

# The order is that of Package.swift: each module imports only earlier ones. Unchanged modules are not built again.
modules=(YAML Fields Functions Tensors Files Kernels LayerKernels Threads Plans Expressions Layers Solvers DataFiles DataSources ModelFiles Networks)
objects=()
for source in Sources/CTiles/*.c; do
  object=$work/CTiles-$(basename "$source" .c).o
  clang -O2 -ffp-contract=off -I Sources/CTiles/include -c "$source" -o "$object"
  objects+=("$object")
done
isNew=0
for module in "${modules[@]}"; do
  mapfile -t sources < <(find "Sources/$module" -name '*.swift' | sort)
  newest=$(find "Sources/$module" -newer "$work/$module.done" 2> /dev/null | head -n 1 || true)
  if [ ! -e "$work/$module.done" ] || [ -n "$newest" ]; then isNew=1; fi
  if [ $isNew = 1 ]; then
    rm -f "$work/$module".*
    swiftc "${flags[@]}" -module-name "$module" -emit-module \
      -emit-module-path "$work/$module.swiftmodule" -c "${sources[@]}" -o "$work/$module.o"
    touch "$work/$module.done"
  fi
  objects+=("$work/$module.o")
done

for target in "${targets[@]}"; do
  swiftc "${flags[@]}" -module-name "$target" "Tests/Fuzz/$target.swift" \
    "${objects[@]}" -use-ld=lld -o "$work/$target"
done

python3 Tests/Fuzz/seeds.py "$work/corpus"
failed=()
run() {
  ASAN_OPTIONS=detect_leaks=0 "$work/$1" "$work/corpus/$1" -max_total_time="$seconds" \
    -rss_limit_mb=2048 -malloc_limit_mb=1024 -timeout=10 -max_len="$2" -use_value_profile=1 \
    -dict="$work/corpus/$1.words" -artifact_prefix="$findings/$1-" -print_final_stats=1 > "$work/$1.log" 2>&1
}
wait_for_one() {
  local target=${running[0]} process=${processes[0]}
  running=("${running[@]:1}")
  processes=("${processes[@]:1}")
  if wait "$process"; then
    grep -E 'stat::number_of_executed_units|cov: ' "$work/$target.log" | tail -n 2 | sed "s/^/$target: /"
  else
    failed+=("$target")
    echo "$target: found"
    grep -vE '^#[0-9]+\s+(NEW|REDUCE|pulse)' "$work/$target.log" | tail -n 60
  fi
}
running=()
processes=()
for target in "${targets[@]}"; do
  [ ${#running[@]} -lt "$(nproc)" ] || wait_for_one
  length=4096
  [ "$target" = FormulaText ] && length=400
  run "$target" "$length" &
  processes+=($!)
  running+=("$target")
done
while [ ${#running[@]} -gt 0 ]; do wait_for_one; done
if [ ${#failed[@]} -gt 0 ]; then
  echo "inputs that were found are in $findings"
  exit 1
fi
