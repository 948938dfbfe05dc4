"""Exchanges safetensors files between dlrun and the Python package in both directions, and compares the bits.

    safetensors_round_trip.py [--quick] [--program .build/release/SafetensorsFiles]

The package writes 1,000 random files that dlrun reads, and dlrun writes 1,000 files that the package reads. The files
have names and metadata of any characters, shapes with and without elements, values of any bits, and tensors of types
that dlrun ignores. The program needs the packages `safetensors` and `numpy`.
"""

import argparse
import pathlib
import random
import subprocess
import sys
import tempfile
import unicodedata

import numpy
from safetensors import safe_open
from safetensors.numpy import save_file

SEED = 2026
TYPES_READ = ["float32", "int32", "int64"]
TYPES_PASSED = ["float64", "float16", "uint8", "int8", "int16", "uint16", "uint32", "uint64", "bool"]


class Program:
    """The program SafetensorsFiles, which reads one command per line."""

    def __init__(self, path):
        self.process = subprocess.Popen(
            [path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, lines):
        self.process.stdin.write("".join(line + "\n" for line in lines))
        self.process.stdin.flush()
        answers = []
        for line in self.process.stdout:
            if line == "end\n":
                return answers
            answers.append(line.split())
        sys.exit(f"SafetensorsFiles ended at: {lines[-1][:500]}")

    def end(self):
        self.process.stdin.close()
        assert self.process.wait() == 0


def hexadecimal(text):
    return text.encode().hex() or "-"


def text(word):
    return "" if word == "-" else bytes.fromhex(word).decode()


class Files:
    """Generates random contents of files."""

    def __init__(self):
        self.random = random.Random(SEED)

    def text(self, most):
        ranges = [(0x20, 0x7E)] * 4 + [(0, 0x1F), (0x7F, 0x2FF), (0x370, 0xD7FF), (0xE000, 0xFFFF), (0x10000, 0x10FFFF)]
        def one():
            return chr(self.random.randint(*self.random.choice(ranges)))
        return "".join(one() for _ in range(self.random.randint(0, most)))

    def names(self, count, taken=()):
        """Returns names that differ even after Unicode normalization."""
        names, forms = [], {unicodedata.normalize("NFD", name) for name in taken}
        while len(names) < count:
            name = self.text(12)
            form = unicodedata.normalize("NFD", name)
            if form not in forms and name != "__metadata__":
                names.append(name)
                forms.add(form)
        return names

    def shape(self):
        return tuple(self.random.choice([0, 1, 2, 3, 5]) if self.random.random() < 0.5
                     else self.random.randint(1, 6) for _ in range(self.random.randint(0, 4)))

    def metadata(self):
        names = self.names(self.random.randint(0, 4), ["checksum"])
        return {name: self.text(60) for name in names}

    def bits(self, shape):
        count = int(numpy.prod(shape, dtype=numpy.int64))
        return numpy.frombuffer(self.random.randbytes(4 * count), "<u4").reshape(shape)

    def values(self, kind, shape):
        # Excludes a scalar, which the package does not write.
        return numpy.asarray(self.numbers(kind, shape))

    def numbers(self, kind, shape):
        if kind == "float32":
            return self.bits(shape).view("<f4")
        if kind in TYPES_READ:
            # Integers that float32 represents exactly.
            exponents = 2 ** (self.bits(shape).astype(kind) % (7 if kind == "int32" else 30))
            return ((self.bits(shape).astype("int64") % 2**25 - 2**24) * exponents.astype("int64")).astype(kind)
        if kind == "bool":
            return self.bits(shape) % 2 == 1
        if kind == "float16":
            return self.bits(shape).astype("uint16").view(kind)
        return self.bits(shape).astype(kind)


def expect(condition, message):
    if not condition:
        sys.exit(message)


def package_writes(program, files, path):
    tensors = {name: files.values(files.random.choice(TYPES_READ), files.shape())
               for name in files.names(files.random.randint(0, 6))}
    passed = {name: files.values(files.random.choice(TYPES_PASSED), files.shape())
              for name in files.names(files.random.randint(0, 3), tensors)}
    metadata = files.metadata()
    save_file(tensors | passed, path, metadata or None)
    answers = program.ask([" ".join(["read", hexadecimal(path)] + [hexadecimal(name) for name in tensors])])
    read = {text(words[1]): words[2:] for words in answers if words[0] == "tensor"}
    notes = {text(words[1]): text(words[2]) for words in answers if words[0] == "meta"}
    expect(notes == metadata, f"{path}: metadata {notes!r}, not {metadata!r}")
    expect(set(read) == set(tensors), f"{path}: tensors {sorted(read)}, not {sorted(tensors)}")
    for name, (shape, values) in read.items():
        tensor = tensors[name]
        expected = "x".join(map(str, tensor.shape)) or "-"
        expect(shape == expected, f"{path}: {name!r} has the shape {shape}, not {expected}")
        floats = tensor.astype("<f4") if tensor.dtype != numpy.float32 else tensor
        digits = floats.astype("<f4", copy=False).view("<u4").astype(">u4").tobytes().hex() or "-"
        expect(values == digits, f"{path}: {name!r} has other values")


def dlrun_writes(program, files, path):
    tensors = {name: files.bits(files.shape()) for name in files.names(files.random.randint(0, 6))}
    metadata = files.metadata()
    lines = [f"meta {hexadecimal(name)} {hexadecimal(note)}" for name, note in metadata.items()]
    for name, bits in tensors.items():
        shape = "x".join(map(str, bits.shape)) or "-"
        lines.append(f"tensor {hexadecimal(name)} {shape} {bits.astype('>u4').tobytes().hex() or '-'}")
    program.ask(lines + [f"write {hexadecimal(path)}"])
    with safe_open(path, "numpy") as file:
        notes = file.metadata() or {}
        checksum = notes.pop("checksum", "")
        expect(checksum.startswith("crc32:"), f"{path}: no checksum")
        expect(notes == metadata, f"{path}: metadata {notes!r}, not {metadata!r}")
        expect(set(file.keys()) == set(tensors), f"{path}: tensors {sorted(file.keys())}")
        for name, bits in tensors.items():
            read = file.get_tensor(name)
            expect(read.dtype == numpy.float32 and read.shape == bits.shape, f"{path}: {name!r}")
            expect(read.view("<u4").tobytes() == bits.tobytes(), f"{path}: {name!r} has other values")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", default=".build/release/SafetensorsFiles")
    parser.add_argument("--quick", action="store_true", help="100 files each way")
    arguments = parser.parse_args()
    count = 100 if arguments.quick else 1000
    program, files = Program(arguments.program), Files()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            package_writes(program, files, str(pathlib.Path(folder, f"package-{number}.safetensors")))
            dlrun_writes(program, files, str(pathlib.Path(folder, f"dlrun-{number}.safetensors")))
    program.end()
    print(f"dlrun read {count} files of the package, and the package read {count} files of dlrun: the same bits")


main()
