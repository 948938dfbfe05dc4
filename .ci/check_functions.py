#!/usr/bin/env python3
"""Refuses the mathematical functions of the C library in Sources, except where they draw charts or write texts.

It also refuses `SIMD.sum()`, whose order the standard library may change: `pairwiseSum` states its order.

    python3 .ci/check_functions.py

Their last bits depend on the processor and on the version of the C library. `Sources/Functions` has the same bits
everywhere. Exits with 1 if a call is found.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
# Charts, and the shortest form of a decimal number, have no influence on the bits of a run.
ALLOWED = ("Sources/Reports/Charts/", "Sources/YAML/DecimalNumber.swift")
NAMES = (
    "exp exp2 exp10 expm1 log log2 log10 log1p pow sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh "
    "erf erfc lgamma tgamma cbrt hypot fma")
CALL = re.compile(
    r"(?<![\w.`])(?:Glibc\.|Foundation\.)?(?:" + "|".join(NAMES.split()) + r")f?\("
    r"|\((?:" + "|".join(NAMES.split()) + r")f\)|\.addingProduct\(|\.addProduct\(|\.sum\(\)")


def code_lines(text):
    """The numbered lines without comments and string literals."""
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        parts = line.split('"""')
        code = ""
        for index, part in enumerate(parts):
            if index:
                inside = not inside
            if not inside:
                code += part
        code = re.sub(r'"(?:\\.|[^"\\])*"', '""', code)
        yield number, re.sub(r"//.*", "", code)


def main():
    found = 0
    for path in sorted((ROOT / "Sources").rglob("*.swift")):
        name = path.relative_to(ROOT).as_posix()
        if name.startswith(ALLOWED):
            continue
        for number, code in code_lines(path.read_text()):
            for call in CALL.finditer(code):
                found += 1
                print(f"{name}:{number}: {call[0]}…: use the function of Sources/Functions")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
