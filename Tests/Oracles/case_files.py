"""The common parts of all case files: inputs, expected values with tolerances, and the JSON layout."""

import json
import zlib
from decimal import ROUND_CEILING, Context, Decimal
from pathlib import Path

import numpy as np
import torch

CASES = Path(__file__).parent / "Cases"


class Inputs:
    """Random inputs of one file. They depend only on the file's name."""

    def __init__(self, name):
        self.generator = np.random.default_rng(zlib.crc32(name.encode()))

    def normal(self, *shape, scale=1.0, step=0.001):
        """scale·N(0, 1), rounded to multiples of `step` to keep the file short, then to float32."""
        multiples = np.round(self.generator.standard_normal(shape) * scale / step)
        return (multiples * step + 0.0).astype(np.float32)

    def classes(self, count, *shape):
        """Class indices 0 ..< count, as floats."""
        return self.generator.integers(0, count, shape).astype(np.float32)


def tensor(array):
    """An input: the shortest decimals that read back as the same float32."""
    array = np.asarray(array, np.float32)
    return {"shape": list(array.shape), "values": [float(str(v)) for v in array.ravel()]}


def expected(exact, single, scale=1.0):
    """A result computed in float64 (`exact`) and in float32 (`single`).

    tolerance = max(4·max|single − exact|, 2e-6·max(scale, max|exact|)), rounded up to two digits.
    """
    exact, single = (t.detach().double().numpy() for t in (exact, single))
    if not (np.isfinite(exact).all() and np.isfinite(single).all()):
        raise ValueError("a reference value is not finite")
    exact = np.where(abs(exact) < 1e-30, 0.0, exact)
    error = np.max(abs(single - exact), initial=0.0)
    tolerance = max(4 * error, 2e-6 * max(scale, np.max(abs(exact), initial=0.0)))
    rounding = Context(prec=2, rounding=ROUND_CEILING)
    return {"shape": list(exact.shape), "values": [decimal(v) for v in exact.ravel()],
            "tolerance": float(rounding.create_decimal(Decimal(repr(float(tolerance)))))}


def decimal(value, digits=10):
    """`value` rounded to a number of significant digits. Never a negative zero."""
    return float(f"{float(value):.{digits}g}") + 0.0


def as_torch(array, dtype, requires_grad=False):
    return torch.from_numpy(np.array(array)).to(dtype).requires_grad_(requires_grad)


def text(value):
    return json.dumps(value, allow_nan=False)


def write(name, document):
    """Write Cases/<name>.json, with one line for every key of a case."""
    def mapping(fields, indent):
        lines = [f'{indent}  "{key}": {body(key, value, indent)}' for key, value in fields.items()]
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"

    def body(key, value, indent):
        if key == "cases":
            return "[" + ", ".join(mapping(case, indent + "  ") for case in value) + "]"
        return text(value)

    CASES.mkdir(exist_ok=True)
    (CASES / f"{name}.json").write_text(mapping(document, "") + "\n", encoding="ascii")
