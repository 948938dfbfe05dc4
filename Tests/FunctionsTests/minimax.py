#!/usr/bin/env python3
"""Computes the polynomials of Sources/Functions with the Remez algorithm.

    pip install mpmath==1.3.0
    python3 Tests/FunctionsTests/minimax.py [--check] [NAME ...]

Each entry of POLYNOMIALS states a function, an interval and a degree. The program prints the coefficients, from the
constant term on, rounded to the type of the entry, and the greatest error of the rounded polynomial. The error is that
of `weight · polynomial`. `--check` compares the coefficients with those in Sources/Functions, and exits with 1 if one
is missing there.

Reference: E. Y. Remez, "Sur la determination des polynomes d'approximation de degre donnee", 1934.
"""
import argparse
import pathlib
import re
import struct
import sys

import mpmath as mp

mp.mp.dps = 60
LN2 = mp.log(2)
ROOT = mp.sqrt(mp.mpf(1) / 2)


def erfcx(x):
    return mp.exp(x * x) * mp.erfc(x)


def odd(function, x, *leading):
    """(f(r) − leading terms) / r³ as a function of r² = x."""
    r = mp.sqrt(x)
    return (function(r) - sum(c * r ** (2 * k + 1) for k, c in enumerate(leading))) / r ** 3


def atanh_tail(z, terms):
    """The series 2·artanh(s)/s = 2 + 2z/3 + 2z²/5 + …, with z = s², without its first `terms` terms."""
    s = mp.sqrt(z)
    known = sum(2 * z ** k / (2 * k + 1) for k in range(terms))
    return (2 * mp.atanh(s) / s - known) / z ** terms


TWO_OVER_ROOT_PI = 2 / mp.sqrt(mp.pi)
# name: type, function, interval, degree, weight (the factor of the polynomial in the result)
POLYNOMIALS = {
    "double exponential": (
        float, lambda r: (mp.exp(r) - 1 - r - r * r / 2) / r ** 3, (-LN2 / 2, LN2 / 2), 9,
        lambda r: r ** 2),
    "double logarithm": (
        float, lambda z: atanh_tail(z, 1), (0, mp.mpf("0.02945")), 7, lambda z: z),
    "double logarithm in two parts": (
        float, lambda z: atanh_tail(z, 3), (0, mp.mpf("0.02945")), 7, lambda z: z ** 3),
    "double sine": (
        float, lambda z: odd(mp.sin, z, 1), (0, mp.mpf("0.6169")), 6, lambda z: z),
    "double cosine": (
        float, lambda z: (mp.cos(mp.sqrt(z)) - 1 + z / 2) / z ** 2, (0, mp.mpf("0.6169")), 6,
        lambda z: z ** 2),
    "double arctangent": (
        float, lambda z: odd(mp.atan, z, 1), (0, mp.mpf("0.17158")), 11, lambda z: z),
    "double error function": (
        float, lambda z: odd(mp.erf, z, TWO_OVER_ROOT_PI), (0, mp.mpf("0.25")), 9,
        lambda z: z),
    "double scaled error function from 0.5": (
        float, lambda u: (erfcx(mp.mpf("0.875") + u) - erfcx(mp.mpf("0.875"))) / u,
        (mp.mpf("-0.375"), mp.mpf("0.375")), 14, lambda u: u),
    "double scaled error function from 1.25": (
        float, lambda u: (erfcx(mp.mpf("1.75") + u) - erfcx(mp.mpf("1.75"))) / u,
        (mp.mpf("-0.5"), mp.mpf("0.5")), 15, lambda u: u),
    "double scaled error function from 2.25": (
        float, lambda u: (erfcx(3 + u) - erfcx(mp.mpf(3))) / u, (mp.mpf("-0.75"), 1), 17,
        lambda u: u),
    "double scaled error function from 4": (
        float, lambda w: (erfcx(1 / mp.sqrt(w)) / mp.sqrt(w) - 1 / mp.sqrt(mp.pi)) / w,
        (mp.mpf("0.0012"), mp.mpf("0.0625")), 15, lambda w: w),
    "float exponential": (
        "f", lambda r: (mp.exp(r) - 1 - r) / r ** 2, (-mp.mpf("0.3467"), mp.mpf("0.3467")), 5,
        lambda r: r),
    "float logarithm": (
        "f", lambda f: (mp.log(1 + f) - f + f * f / 2) / f ** 3, (ROOT - 1, 1 / ROOT - 1), 8,
        lambda f: f ** 2),
    "float tangent": (
        "f", lambda z: odd(mp.tanh, z, 1), (0, mp.mpf("0.391")), 5, lambda z: z),
    "float error function": (
        "f", lambda z: mp.erf(mp.sqrt(z)) / mp.sqrt(z) - 1, (0, mp.mpf("1")), 7,
        lambda z: mp.mpf(1)),
    "float logarithm of the complement": (
        "f", lambda u: -mp.log(mp.erfc(u + 1)), (0, mp.mpf("3")), 9, lambda u: mp.erfc(u + 1)),
    "float scaled error function": (
        float, lambda y: erfcx(3 / y - 3) / y, (mp.mpf("0.22"), 1), 11, lambda y: y / erfcx(3 / y - 3)),
    "float normal tail": (
        "f", lambda y: erfcx((4 / y - 4) / mp.sqrt(2)) / 2 / y, (mp.mpf(4) / mp.mpf("18.5"), 1), 9,
        lambda y: 2 * y / erfcx((4 / y - 4) / mp.sqrt(2))),
    "float binary logarithm": (
        float, lambda z: atanh_tail(z, 0) / LN2, (0, mp.mpf("0.02945")), 5, lambda z: mp.mpf(1)),
    "float binary power": (
        float, lambda r: (mp.power(2, r) - 1) / r, (-mp.mpf("0.5"), mp.mpf("0.5")), 6,
        lambda r: r),
    "float sine": (
        float, lambda z: odd(mp.sin, z, 1), (0, mp.mpf("0.617")), 3, lambda z: z),
    "float cosine": (
        float, lambda z: (mp.cos(mp.sqrt(z)) - 1) / z, (0, mp.mpf("0.617")), 4, lambda z: z),
    "float arctangent": (
        float, lambda z: odd(mp.atan, z, 1), (0, mp.mpf("0.1716")), 6, lambda z: z),
}


def remez(function, low, high, degree, weight):
    """The coefficients with the least greatest weighted error."""
    low, high = mp.mpf(low), mp.mpf(high)
    count = degree + 2
    middle, half = (low + high) / 2, (high - low) / 2
    # A point in which the function is 0/0 is moved by far less than the spacing of the points.
    place = lambda x: x if abs(x) > mp.mpf(10) ** -12 else mp.mpf(10) ** -12
    grid = [place(middle - half * mp.cos(mp.pi * k / (24 * count))) for k in range(24 * count + 1)]
    values = [(x, function(x), weight(x)) for x in grid]
    chosen = [round(24 * count * k / (count - 1)) for k in range(count)]
    for _ in range(30):
        matrix, right = mp.matrix(count, count), mp.matrix(count, 1)
        for row, index in enumerate(chosen):
            x, value, factor = values[index]
            # At a point without weight no error counts. The greatest error stays elsewhere.
            factor = factor if abs(factor) > mp.mpf(10) ** -9 else mp.mpf(10) ** -9
            for power in range(degree + 1):
                matrix[row, power] = x ** power
            matrix[row, degree + 1] = (-1) ** row / abs(factor)
            right[row] = value
        solution = mp.lu_solve(matrix, right)
        coefficients = [solution[k] for k in range(degree + 1)]
        errors = [(value - mp.polyval(coefficients[::-1], x)) * abs(factor)
                  for x, value, factor in values]
        extrema = alternating(errors, count)
        if extrema == chosen:
            break
        chosen = extrema
    return coefficients


def alternating(errors, count):
    """The indices of `count` extrema with alternating signs, the greatest among them."""
    extrema = []
    for index, error in enumerate(errors):
        if extrema and (error > 0) == (errors[extrema[-1]] > 0):
            if abs(error) > abs(errors[extrema[-1]]):
                extrema[-1] = index
        else:
            extrema.append(index)
    while len(extrema) > count:
        extrema.pop(0 if abs(errors[extrema[0]]) < abs(errors[extrema[-1]]) else -1)
    if len(extrema) < count:
        raise SystemExit("the error has too few extrema: choose another degree")
    return extrema


def rounded(value, kind):
    """The value in the type of the entry, and its literal in Swift."""
    number = float(value)
    if kind == "f":
        # The conversion to double first would round twice, by far less than matters.
        number = struct.unpack("f", struct.pack("f", number))[0]
    mantissa, _, exponent = number.hex().partition("p")
    whole, _, digits = mantissa.partition(".")
    digits = digits.rstrip("0")
    return number, f"{whole}.{digits}p{int(exponent)}" if digits else f"{whole}p{int(exponent)}"


def appears(literal, source):
    """Whether the sources hold a coefficient with its sign."""
    sign = r"-\s*" if literal.startswith("-") else r"(?<!-)(?<!- )"
    return re.search(sign + re.escape(literal.lstrip("-")) + r"\b", source) is not None


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true")
    parser.add_argument("names", nargs="*", metavar="NAME")
    arguments = parser.parse_args()
    folder = pathlib.Path(__file__).parents[2] / "Sources/Functions"
    source = "".join(path.read_text() for path in sorted(folder.glob("*.swift")))
    missing = 0
    for name, (kind, function, (low, high), degree, weight) in POLYNOMIALS.items():
        if arguments.names and name not in arguments.names:
            continue
        pairs = [rounded(c, kind) for c in remez(function, low, high, degree, weight)]
        points = [mp.mpf(low) + (mp.mpf(high) - low) * (k + mp.mpf("0.37")) / 400 for k in range(400)]
        numbers = [mp.mpf(number) for number, _ in reversed(pairs)]
        error = max(abs((function(x) - mp.polyval(numbers, x)) * weight(x)) for x in points)
        print(f"{name}: error 2^{mp.nstr(mp.log(error, 2), 4)}", flush=True)
        for _, literal in pairs:
            absent = arguments.check and not appears(literal, source)
            missing += absent
            print(f"  {literal}{'  is not in Sources/Functions' if absent else ''}")
    sys.exit(1 if missing else 0)


if __name__ == "__main__":
    main()
