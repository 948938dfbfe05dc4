"""Writes the images and labels of CIFAR-10's binary version as IDX files, beside it.

    python3 cifar10_idx.py cifar-10-batches-bin

A record of the binary version is a label and 3 channels of 32 rows of 32 bytes. An IDX file is two
zeros, the type of an element (8: a byte), the number of axes, their sizes, and the elements.
"""

import sys
from pathlib import Path

RECORD = 1 + 3 * 32 * 32


def idx(sizes, elements):
    axes = b"".join(size.to_bytes(4, "big") for size in sizes)
    return bytes([0, 0, 8, len(sizes)]) + axes + elements


def main(folder):
    training = [f"data_batch_{number}.bin" for number in range(1, 6)]
    for part, names in [("train", training), ("test", ["test_batch.bin"])]:
        records = b"".join((folder / name).read_bytes() for name in names)
        count, rest = divmod(len(records), RECORD)
        if rest:
            sys.exit(f"{part}: expected records of {RECORD} bytes, {rest} bytes are left over")
        starts = range(0, len(records), RECORD)
        images = b"".join(records[start + 1:start + RECORD] for start in starts)
        (folder / f"{part}-images-idx4-ubyte").write_bytes(idx([count, 3, 32, 32], images))
        (folder / f"{part}-labels-idx1-ubyte").write_bytes(idx([count], records[::RECORD]))


main(Path(sys.argv[1]))
