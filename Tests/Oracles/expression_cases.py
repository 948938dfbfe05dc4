"""Cases of `Expression`: formulas of a model file and the same formulas in PyTorch."""

import math

import torch

from case_files import Inputs
from entries import LAYER, TAILS, Case, array, entry

S = torch.sigmoid

FORMULAS = {
    "sin(x1) + x1 * x2": lambda a, b: torch.sin(a) + a * b,
    "(x1 - x2) * (x1 + x2) / (1 + x2 ^ 2)": lambda a, b: (a - b) * (a + b) / (1 + b**2),
    "x1 * x2 + x3": lambda a, b, c: a * b + c,
    "-x^2 + 2 ** x - x ^ -3": lambda a: -a**2 + 2**a - a**-3,
    "x1 ^ x2": lambda a, b: a**b,
    "exp(-x) + log(x) + sqrt(x) + square(x)": lambda a: torch.exp(-a) + torch.log(a) + torch.sqrt(a)
    + a * a,
    "expm1(x) + log1p(exp(x)) + softplus(x)": lambda a: torch.expm1(a) + torch.log1p(torch.exp(a))
    + torch.nn.functional.softplus(a, threshold=1e9),
    "sin(x) * cos(x) + tan(x / 2) + atan(x)": lambda a: torch.sin(a) * torch.cos(a)
    + torch.tan(a / 2) + torch.atan(a),
    "tanh(x) * sigmoid(x) + erf(x)": lambda a: torch.tanh(a) * S(a) + torch.erf(a),
    "abs(x) + relu(x) + sign(x) + floor(x) + ceil(x) + round(x)": lambda a: a.abs() + torch.relu(a)
    + a.sign() + a.floor() + a.ceil() + a.round(),
    "max(x1, x2, 0) - min(x1, x2)": lambda a, b: torch.maximum(
        torch.maximum(a, b), torch.zeros_like(a + b)) - torch.minimum(a, b),
    "where(x1 > 0 and x2 <= 0.5 or not (x1 != x2), x1 * x2, x2)": lambda a, b: torch.where(
        (a > 0) & (b <= 0.5) | ~(a != b), a * b, b),
    "(x1 < x2) + 2 * (x1 >= x2) + (x1 == x2) * x1": lambda a, b: (a < b).to(a.dtype)
    + 2 * (a >= b).to(a.dtype) + (a == b).to(a.dtype) * a,
    "alpha * x + pi * e": lambda a: 0.25 * a + math.pi * math.e,
    "sum(x)": lambda a: a.flatten(1).sum(1),
    "sum(x, 1) * 2": lambda a: a.sum(1) * 2,
    "mean(x, -1, keepdims) * x": lambda a: a.mean(-1, keepdim=True) * a,
    "(x - mean(x, 1, keepdims)) / sqrt(mean(square(x - mean(x, 1, keepdims)), 1, keepdims) + 1e-2)":
        lambda a: (a - a.mean(1, keepdim=True))
        / torch.sqrt((a - a.mean(1, keepdim=True)).square().mean(1, keepdim=True) + 1e-2),
    "exp(x) / sum(exp(x), 2, keepdims)": lambda a: torch.softmax(a, 2),
    "mean((x1 - x2) ^ 2) / N": lambda a, b: (a - b).square().flatten(1).mean(1) / a.shape[0],
    "x1 * sum(x2, keepdims) + sum(x1 * x2, 1)": lambda a, b: a * b.sum((1, 2), keepdim=True)
    + (a * b).sum(1).unsqueeze(1),
    "sum(sin(sum(x, 1)) * x1, 2)": lambda a: (torch.sin(a.sum(1)).unsqueeze(1) * a).sum(2),
    "x": lambda a: a * 1,
    "x1 + x2": lambda a, b: a + b,
    "x1 * 0 + 3": lambda a: a * 0 + 3,
}


def case(name, formula, inputs, fields=None, **options):
    return Case(name, inputs, {"formula": formula} | (fields or {}), **options)


def elementwise(inputs):
    yield case("the article's example", "sin(x1) + x1 * x2", [array([2.0]), array([5.0])], kinks=[])
    names = ["sin(x1) + x1 * x2", "(x1 - x2) * (x1 + x2) / (1 + x2 ^ 2)", "max(x1, x2, 0) - min(x1, x2)",
             "where(x1 > 0 and x2 <= 0.5 or not (x1 != x2), x1 * x2, x2)", "x1 + x2"]
    for formula in names:
        yield case(f"{formula}: 3x7", formula, [inputs.normal(3, 7), inputs.normal(3, 7)])
    for count in TAILS:
        formula = "sin(x1) + x1 * x2"
        yield case(f"{count} values", formula, [inputs.normal(1, count), inputs.normal(1, count)])
    yield case("equal values", "(x1 < x2) + 2 * (x1 >= x2) + (x1 == x2) * x1",
               [array([1, 2, 3], [4, 5, 6]), array([1, 3, 2], [4, 5, 7])])
    yield case("ties", "max(x1, x2, 0) - min(x1, x2)", [array([1, 2, -3]), array([1, 3, -3])])
    for name in ["sin(x) * cos(x) + tan(x / 2) + atan(x)", "tanh(x) * sigmoid(x) + erf(x)",
                 "expm1(x) + log1p(exp(x)) + softplus(x)",
                 "abs(x) + relu(x) + sign(x) + floor(x) + ceil(x) + round(x)", "x"]:
        yield case(f"{name}: 3x3x5", name, [inputs.normal(3, 3, 5)])
        smooth = None if "abs" in name else []
        yield case(f"{name}: batch of 1", name, [inputs.normal(1, 5)], kinks=smooth)
    yield case("constants", "alpha * x + pi * e", [inputs.normal(2, 5)], {"constants": {"alpha": 0.25}})
    yield case("no influence", "x1 * 0 + 3", [inputs.normal(2, 5)])
    yield case("longer than a block", "sin(x1) + x1 * x2", [inputs.normal(1, 259), inputs.normal(1, 259)])
    for formula in ["exp(-x) + log(x) + sqrt(x) + square(x)", "-x^2 + 2 ** x - x ^ -3"]:
        yield case(f"{formula}: above 0", formula, [abs(inputs.normal(4, 6)) + 1], kinks=[])
    yield case("powers", "x1 ^ x2", [abs(inputs.normal(3, 8)) + 1, inputs.normal(3, 8)], kinks=[])
    yield case("extremes", "tanh(x) * sigmoid(x) + erf(x)", [array([200, -200, 90, -90, 0, 1e30, -1e30])])
    yield case("small and large", "exp(-x) + log(x) + sqrt(x) + square(x)",
               [array([1e-6, 1e6, 80, 1e-3, 1])])


def joined(inputs):
    shapes = [("a row", (3, 4, 5), (3, 5)), ("a column", (3, 4, 5), (3, 4, 1)), ("a value", (3, 4, 5), (3,)),
              ("both ways", (2, 4, 1), (2, 1, 7)), ("an axis more", (2, 6), (2, 3, 6)),
              ("one example", (1, 3, 1, 3), (1, 1, 17, 1)), ("an image and channels", (2, 3, 2, 3), (2, 3, 1, 1))]
    for name, left, right in shapes:
        for formula in ["sin(x1) + x1 * x2", "max(x1, x2, 0) - min(x1, x2)"]:
            yield case(f"{name}: {formula}", formula, [inputs.normal(*left), inputs.normal(*right)])
    yield case("three", "x1 * x2 + x3", [inputs.normal(2, 3, 4), inputs.normal(2, 1, 4), inputs.normal(2, 3, 1)],
               kinks=[])


def reduced(inputs):
    for shape in [(1, 5), (3, 7), (2, 3, 4), (2, 2, 2, 3)]:
        label = "x".join(map(str, shape))
        for formula in ["sum(x)", "sum(x, 1) * 2", "mean(x, -1, keepdims) * x"]:
            yield case(f"{formula}: {label}", formula, [inputs.normal(*shape)],
                       kinks=[] if shape == (2, 3, 4) else None)
    yield case("sum(x): longer than a block", "sum(x)", [inputs.normal(1, 261)])
    normalized = ("(x - mean(x, 1, keepdims)) / "
                  "sqrt(mean(square(x - mean(x, 1, keepdims)), 1, keepdims) + 1e-2)")
    for shape in [(3, 6), (2, 5, 3)]:
        yield case("normalized " + "x".join(map(str, shape)), normalized, [inputs.normal(*shape)],
                   kinks=[] if shape == (3, 6) else None)
    yield case("softmax", "exp(x) / sum(exp(x), 2, keepdims)", [inputs.normal(2, 3, 5)], kinks=[])
    yield case("a loss", "mean((x1 - x2) ^ 2) / N", [inputs.normal(5, 3), inputs.normal(5, 3)], kinks=[])
    yield case("sums of several", "x1 * sum(x2, keepdims) + sum(x1 * x2, 1)",
               [inputs.normal(3, 2, 2), inputs.normal(3, 2, 2)])
    yield case("a sum of a sum", "sum(sin(sum(x, 1)) * x1, 2)", [inputs.normal(3, 4, 5)])


def expression_cases(inputs: Inputs):
    yield from elementwise(inputs)
    yield from joined(inputs)
    yield from reduced(inputs)


@entry("Expression", LAYER, expression_cases)
def expression(fields, inputs, parameters):
    """y = f(x1, x2, …); axes of an example are joined from the last on, and the batch axis stays the first"""
    rank = max(x.dim() for x in inputs)
    inputs = [x.reshape(x.shape[0], *[1] * (rank - x.dim()), *x.shape[1:]) for x in inputs]
    return FORMULAS[fields["formula"]](*inputs)
