#!/usr/bin/env python3
"""Writes the digits of digits.csv as PNG files, in one folder for each class.

Usage: write_digit_images.py FOLDER

FOLDER/test gets every fifth digit, and FOLDER/train the others. The images are grey, 8 x 8 pixels.
The values 0 ... 16 of the table become 0 ... 255. Python's own library is enough.
"""

import csv
import pathlib
import struct
import sys
import zlib

SIDE = 8
TEST_STEP = 5


def chunk(kind, content):
    """A chunk of a PNG file: length, kind, content and checksum."""
    body = kind + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))


def png(pixels):
    """A grey PNG file of 8 bits. Each row begins with its filter, 0."""
    rows = b"".join(b"\0" + bytes(pixels[i:i + SIDE]) for i in range(0, len(pixels), SIDE))
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 0, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows))
            + chunk(b"IEND", b""))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    table = pathlib.Path(__file__).with_name("digits.csv")
    with table.open(newline="") as file:
        for number, row in enumerate(csv.DictReader(file)):
            part = "test" if number % TEST_STEP == 0 else "train"
            path = folder / part / row["label"]
            path.mkdir(parents=True, exist_ok=True)
            pixels = [int(row[f"p{i}"]) * 255 // 16 for i in range(SIDE * SIDE)]
            (path / f"{number:04}.png").write_bytes(png(pixels))


if __name__ == "__main__":
    main()
