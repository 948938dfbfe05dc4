#!/bin/bash
# Compares the bits of this processor with those of emulated ones: emulated.sh
#
# It trains three models on this processor, under valgrind, and on a Haswell under qemu, and compares
# history and weights byte by byte. It also compares checksums of tiles and transforms among all
# tables of this processor, valgrind, qemu's Haswell and qemu's arm64. This takes some minutes. It needs a release
# build and these packages:
#
#     valgrind qemu-user lld libc6-dev-arm64-cross libgcc-12-dev-arm64-cross
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

work=$(mktemp --directory)
trap 'rm -rf "$work"' EXIT
failed=0

# valgrind 3.19 does not read the debug information of the C sources.
dlrun=$work/dlrun
strip --strip-debug -o "$dlrun" .build/release/dlrun

# The emulator warns about features of a Haswell that it lacks. They compute nothing.
haswell() { qemu-x86_64 -cpu Haswell "$@" 2> >(grep -v "TCG doesn't support" >&2); }
with_valgrind() { valgrind --tool=none --quiet "$@"; }

compare() {
  if cmp --silent "$2" "$3"; then echo "$1: same bits"; else echo "$1: other bits"; failed=1; fi
}

flags=(-O2 -ffp-contract=off -I Sources/CTiles/include)
sources=(Tests/Processors/checksums.c Sources/CTiles/*.c)
clang "${flags[@]}" "${sources[@]}" -o "$work/checksums"
cross=/usr/lib/gcc-cross/aarch64-linux-gnu/12
clang --target=aarch64-linux-gnu -static -fuse-ld=lld "${flags[@]}" -isystem /usr/aarch64-linux-gnu/include \
  -B "$cross" -L "$cross" -B /usr/aarch64-linux-gnu/lib -L /usr/aarch64-linux-gnu/lib \
  "${sources[@]}" -o "$work/checksums-arm64"
"$work/checksums" > "$work/expected"
for table in avx512 avx512vl avx2; do
  if "$work/checksums" $table > "$work/sum" 2> /dev/null; then compare "tiles, $table" "$work/expected" "$work/sum"; fi
done
with_valgrind "$work/checksums" > "$work/sum"
compare 'tiles, valgrind' "$work/expected" "$work/sum"
haswell "$work/checksums" > "$work/sum"
compare 'tiles, qemu Haswell' "$work/expected" "$work/sum"
qemu-aarch64 "$work/checksums-arm64" > "$work/sum"
compare 'tiles, qemu arm64' "$work/expected" "$work/sum"

for model in iris spiral digits; do
  train() { "$@" "$dlrun" "models/$model.yaml" --quiet --overwrite --output "$work/$1"; }
  train env
  for processor in with_valgrind haswell; do
    train $processor
    for file in history.csv weights.safetensors; do
      compare "$model, $processor, $file" "$work/env/$file" "$work/$processor/$file"
    done
  done
done
exit $failed
