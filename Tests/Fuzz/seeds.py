"""Writes the first inputs of the fuzz targets: seeds.py FOLDER.

FOLDER gets one folder per target, and the file TARGET.words beside it. The inputs come from the shipped models and their
data, the formulas of the tests, and small files of each kind. A target inserts the words as a whole.
"""

import base64
import gzip
import io
import json
import pathlib
import re
import struct
import sys
import zipfile
import zlib

root = pathlib.Path(__file__).resolve().parents[2]
corpus = pathlib.Path(sys.argv[1])


def write(target, name, content):
    folder = corpus / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"seed-{name}").write_bytes(content)


def write_words(target, words):
    lines = [f'"{word}"\n' for word in sorted(set(words))]
    (corpus / f"{target}.words").write_text("".join(lines))


def model_texts():
    for path in sorted((root / "models").glob("*.yaml")):
        text = path.read_text()
        write("ModelText", path.stem, text.encode())
        # Without comments, the model is short enough that mutations reach every part.
        lines = [re.sub(r"\s+#.*", "", line) for line in text.splitlines()]
        short = "\n".join(line for line in lines if line and not line.startswith("#"))
        write("ModelText", f"{path.stem}-short", short.encode())


def formulas():
    tests = (root / "Tests/LayersTests/Expression/ExpressionTests.swift").read_text()
    models = "".join(path.read_text() for path in (root / "models").glob("*.yaml"))
    found = re.findall(r'^ *\("([^"\\]+)"', tests, re.M) + re.findall(r'formula: "([^"]+)"', models)
    found += ["data * p + q", "sum(q, 1) * data", "mean((data - q) ^ 2, 2, keepdims) / N"]
    for number, formula in enumerate(found):
        formula = formula.replace("x1", "data").replace("x2", "p")
        write("FormulaText", str(number), formula.encode())


def tables():
    for path in sorted((root / "models/data").glob("*.csv")):
        lines = path.read_bytes().splitlines(keepends=True)
        write("TableText", path.stem, b"".join(lines[:8]))
    write("TableText", "quotes", b'a,"b ""c"""\r\n1.5e3,x\r\n-.25,"y\nz"\r\n')
    rows = "n;c;b;d;t;o;g;f\n1;x;yes;2024-02-29;2024-02-29T10:00:01Z;a;1.234,5;1.3.2024\nNA;\"y\n\";0;?;-;b;;\n"
    for path in sorted((root / "models/data").glob("*.csv")):
        write("SurveyText", path.stem, b"".join(path.read_bytes().splitlines(keepends=True)[:12]))
    write("SurveyText", "types", rows.encode() + b"2;x;no;2024-03-01;2024-03-01T10:00:01Z;a;1,5;2.3.2024\n")
    write("SurveyText", "utf16", rows.encode("utf-16"))
    write("SurveyText", "latin", rows.replace("x", "é").encode("latin-1"))
    write("TableColumns", "missing", b"\x10" + rows.encode())
    write("TableColumns", "comments", b"\x14# a\n" + rows.replace("\n1", "\n#\n1").encode())
    write("TableColumns", "latin", b"\x13" + rows.replace("x", "é").encode("latin-1"))
    write("TableColumns", "utf16", b"\x11" + rows.replace("y", "𝄞").encode("utf-16"))


def arrays():
    def idx(kind, axes, values):
        return bytes([0, 0, kind, len(axes)]) + b"".join(struct.pack(">I", a) for a in axes) + values

    def npy(descriptor, axes, values, order=False):
        shape = "(" + "".join(f"{axis}," for axis in axes) + ")"
        header = f"{{'descr': '{descriptor}', 'fortran_order': {order}, 'shape': {shape}, }}"
        header += " " * (-(len(header) + 11) % 16) + "\n"
        return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + values

    def both(name, choice, inputs, targets):
        # The target splits its input at a multiple of 16 bytes.
        assert len(inputs) % 16 == 0, name
        write("ArrayFiles", name, bytes([choice, len(inputs) // 16]) + inputs + targets)

    labels = idx(8, [4], bytes([0, 1, 2, 1]))
    both("idx", 0, idx(8, [4, 2, 2], bytes(range(16))), labels)
    both("idx-float", 2, idx(13, [1, 1], struct.pack(">f", 0.5)), b"")
    both("idx-gzip", 8, idx(8, [4, 5], bytes(20)), labels)
    both("npy", 5, npy("<f4", [4, 2], bytes(32)), npy("<f8", [4], bytes(32)))
    both("npy-fortran", 1, npy(">i2", [4, 2], bytes(16), True), npy("|u1", [4], bytes([0, 1, 2, 0])))
    both("npy-gzip", 9, npy("<f2", [4, 2], bytes(16)), npy("<i8", [4], bytes(32)))
    packed = gzip.compress(npy("<f4", [4, 8], bytes(128)), mtime=0)
    write("ArrayFiles", "npy-packed", bytes([3, 255]) + packed)
    packed = gzip.compress(idx(8, [2, 2], b"abcd"), mtime=0)
    write("ArrayFiles", "idx-packed", bytes([2, 255]) + packed)
    for name, method in [("stored", zipfile.ZIP_STORED), ("deflated", zipfile.ZIP_DEFLATED)]:
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", method) as files:
            for array in ["x", "y"]:
                with files.open(f"{array}.npy", "w", force_zip64=name == "stored") as file:
                    file.write(npy("<f4", [4, 2], bytes(range(32))))
        write("ArrayFiles", f"npz-{name}", bytes([19, 255]) + archive.getvalue())


def images():
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    def header(depth, kind, interlaced=0, width=5, height=3):
        return struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, interlaced)

    def png(header, rows, *chunks):
        start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(chunks)
        return start + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")

    def rows(size, filters=b"\0\1\2"):
        return b"".join(bytes([kind]) + bytes((i * 29 + kind) % 256 for i in range(size)) for kind in filters)

    exif = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0"
    palette = chunk(b"PLTE", bytes(range(0, 96, 2)))
    file = b"\0"  # The first byte says what follows.
    write("ImageFiles", "png-rgb", file + png(header(8, 2), rows(15)))
    write("ImageFiles", "png-paeth", file + png(header(8, 6), rows(20, b"\4\3\4")))
    write("ImageFiles", "png-exif", file + png(header(8, 0), rows(5), chunk(b"eXIf", exif)))
    transparency = chunk(b"tRNS", b"\0\x80\xff")
    write("ImageFiles", "png-palette", b"\x10" + png(header(4, 3), rows(3), palette, transparency))
    write("ImageFiles", "png-wide", b"\x14" + png(header(16, 4), rows(20), chunk(b"tEXt", b"a\0b")))
    for name, choice, first, size in [
        ("grey", 0x20, header(1, 0, 0, 5, 9), 18), ("color", 0x22, header(8, 2, 0, 3, 3), 30),
        ("interlaced", 0x21, header(8, 6, 1, 4, 4), 90), ("wide", 0x24, header(16, 0, 0, 4, 4), 36),
    ]:
        write("ImageFiles", f"rows-{name}", bytes([choice]) + first + bytes(size))
    cases = json.loads((root / "Tests/Oracles/Cases/image_files.json").read_text())["decoding"]
    for case in cases:
        name = re.sub(r"\W", "-", case["name"])
        choice = 8 if name.startswith("reduced") else len(name) % 4
        write("ImageFiles", f"jpeg-{name}", bytes([choice]) + base64.b64decode(case["file"]))


def safetensors():
    def file(header, values):
        text = json.dumps(header).encode()
        text += b" " * (-len(text) % 8)
        return struct.pack("<Q", len(text)) + text + values

    def tensor(kind, shape, first, end):
        return {"dtype": kind, "shape": shape, "data_offsets": [first, end]}

    write("SafetensorsFile", "empty", file({}, b""))
    write("SafetensorsFile", "one", file({"a": tensor("F32", [2], 0, 8)}, bytes(8)))
    write(
        "SafetensorsFile", "several",
        file(
            {
                "__metadata__": {"format": "pt", "é\n\"": "😀"},
                "b": tensor("I64", [], 8, 16), "a": tensor("F32", [1, 2], 0, 8),
                "c": tensor("I32", [0, 3], 16, 16), "d": tensor("BF16", [2], 16, 20),
            }, bytes(20)))


def words():
    layers = "".join(path.read_text() for path in (root / "Sources/Layers").rglob("*.swift"))
    texts = "".join(path.read_text() for path in (root / "models").glob("*.yaml"))
    fields = re.findall(r'\.(?:required|optional)\(\s*"(\w+)"', layers)
    types = re.findall(r'Reference\(\s*"(\w+)"', layers)
    write_words("ModelText", fields + types + re.findall(r"\w+(?=:)", texts) + ["$(", "${", "<<"])
    table = (root / "Sources/Expressions/FormulaFunction.swift").read_text()
    functions = re.findall(r'FormulaFunction\("(\w+)"', table)
    write_words(
        "FormulaText",
        functions + "sum mean keepdims where data p q x1 x2 x3 N pi e and or not if else ** // <= >= == !=".split())
    names = "F32 I32 I64 F64 BF16 F4 F6_E2M3 BOOL dtype shape data_offsets __metadata__".split()
    write_words("SafetensorsFile", names + ["checksum", "crc32:00000000", "\\\\ud83d", "\\\\ude00"])
    write_words("ArrayFiles", ["fortran_order", "descr", "shape", "True", "False", "<f4", ">i8", "|b1"])
    markers = ["\\xff\\x%02x" % marker for marker in [0xC0, 0xC2, 0xC4, 0xD0, 0xD9, 0xDA, 0xDB, 0xDD, 0xE1, 0xEE]]
    write_words("ImageFiles", markers + "IHDR PLTE IDAT IEND tRNS eXIf gAMA iCCP Adobe Exif".split())
    write_words("TableColumns", ["2024-02-29", "T23:59:59", "+01:00", "NA", "1.234,5", "true", "\\x0d\\x0a"])
    write_words("SurveyText", ["2024-02-29", "29.02.24", "Feb 29, 2024", "1 234,5", "1'000.5", "unknown", "n/a", "no"])
    write_words("TableText", ["1e308", "-1e-320", "nan", "inf", "0.1", '\\"\\"', "\\x0d\\x0a"])


model_texts()
formulas()
tables()
arrays()
images()
safetensors()
words()
