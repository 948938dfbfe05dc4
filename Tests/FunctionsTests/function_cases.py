#!/usr/bin/env python3
"""Writes Cases/*.csv: arguments of the functions in Sources/Functions, and their values from mpmath.

    pip install mpmath==1.3.0
    python3 Tests/FunctionsTests/function_cases.py

A line holds the bits of one or two arguments and of the nearest result, in hexadecimal, and the distance of the exact
value from this result in thousandths of a unit in the last place. The seed is fixed: the same version of mpmath writes
the same bytes.
"""
import math
import pathlib
import random
import struct

import mpmath as mp

# The reduction of an argument of 2¹⁰²³ cancels as many bits.
mp.mp.prec = 1300


class Format:
    """A binary format of IEEE 754."""

    def __init__(self, name, code, word, digits, least, greatest):
        self.name, self.code, self.word = name, code, word
        # The bits of a significand, and the exponents of the least and the greatest unit in the last place.
        self.digits, self.least, self.greatest = digits, least, greatest

    def value(self, x):
        """The nearest number of this format."""
        try:
            return struct.unpack(self.code, struct.pack(self.code, x))[0]
        except OverflowError:
            return math.inf if x > 0 else -math.inf

    def bits(self, x):
        return struct.unpack(self.word, struct.pack(self.code, x))[0]

    def from_bits(self, bits):
        return struct.unpack(self.code, struct.pack(self.word, bits))[0]

    def neighbours(self, x, count=4):
        x = self.value(x)
        bits = self.bits(abs(x))
        places = range(max(bits - count, 0), bits + count + 1)
        return [math.copysign(self.from_bits(place), x) for place in places]

    def rounded(self, exact):
        """The nearest number, and the distance of the exact value in thousandths of a unit."""
        if exact == 0:
            return 0.0, 0
        _, exponent = mp.frexp(exact)
        exponent = max(int(exponent) - self.digits, self.least)
        scaled = mp.ldexp(exact, -exponent)
        whole = mp.nint(scaled)
        if exponent > self.greatest or (
                exponent == self.greatest and abs(whole) == 2 ** self.digits):
            return (math.inf if exact > 0 else -math.inf), 0
        return math.ldexp(int(whole), exponent), int(mp.nint(1000 * (scaled - whole)))


DOUBLE = Format("double", "<d", "<Q", 53, -1074, 971)
SINGLE = Format("float", "<f", "<I", 24, -149, 104)


def limits(kind):
    """The greatest exponent of a number, and the least."""
    return kind.greatest + kind.digits - 1, kind.least


def spread(random, low, high, count, signs=(1, -1)):
    """Numbers whose exponents are uniform from `low` to `high`."""
    return [random.choice(signs) * math.ldexp(1 + random.random(), random.randint(low, high))
            for _ in range(count)]


def uniform(random, low, high, count):
    return [random.uniform(low, high) for _ in range(count)]


def arguments(name, kind, random, count):
    """Random arguments, and the neighbours of thresholds of a function."""
    top, bottom = limits(kind)
    overflow = (top + 1) * math.log(2)
    underflow = (bottom - 1) * math.log(2)
    both, positive = (1, -1), (1,)
    # name: intervals of uniform arguments, exponents, signs, thresholds
    rules = {
        "exp": ([(underflow, overflow), (-1, 1), (underflow, 0.95 * underflow)], (bottom, 9), both,
                [overflow, underflow, -(top - 1) * math.log(2), math.log(2) / 2, -math.log(2) / 2]),
        "expm1": ([(-40, overflow), (-1, 1), (-2, 2)], (bottom, 9), both,
                  [overflow, -37, -17, math.log(2) / 2, -math.log(2) / 2, 1.5 * math.log(2)]),
        "log": ([(0.5, 2), (0.9, 1.1), (0, 100)], (bottom, top), positive,
                [1, math.sqrt(2), math.sqrt(0.5), 2, 2.0 ** top, 2.0 ** (2 - top)]),
        "log1p": ([(-1, 1), (-0.5, 0.5), (-1, 100)], (bottom, top), positive,
                  [1, math.sqrt(2) - 1, math.sqrt(0.5) - 1, -0.29, 0.41, -0.999999]),
        "tanh": ([(-1, 1), (-20, 20), (0.5, 0.8)], (bottom, 6), both,
                 [0.625, 22, 9.01, math.log(2) / 4, 2.0 ** -31]),
        "sigmoid": ([(underflow, 40), (-2, 2), (-40, 40)], (bottom, 9), both,
                    [-40, 40, underflow, 17, 37]),
        "softplus": ([(underflow, 40), (-2, 2), (-40, 40)], (bottom, 9), both,
                     [-40, 40, underflow, 17, 37]),
        "erf": ([(-1, 1), (-6, 6), (0.7, 1.4)], (bottom, 4), both,
                [0.5, 0.75, 1, 1.25, 2.25, 3.92, 4, 5.9, 6]),
        "erfc": ([(-2, 2), (-6, 28), (0.7, 5)], (bottom, 4), both,
                 [0.5, 0.75, 1, 1.25, 2.25, 4, 10.05, 26, 26.5, 27.2, 28, -6]),
        "sin": ([(-7, 7), (-1, 1), (-1000, 1000)], (-30, top), both,
                [k * math.pi / 4 for k in range(1, 20)] + [2.0 ** 20, 2.0 ** 24]),
        "cosTurns": ([(-1, 1), (0, 0.25), (-1000, 1000)], (bottom, 53), both,
                     [k / 8 for k in range(1, 20)] + [2.0 ** 50, 2.0 ** 49]),
        "atan": ([(-1, 1), (-3, 3), (-100, 100)], (bottom, top), both,
                 [math.sqrt(2) - 1, math.sqrt(2) + 1, 1, 2.0 ** 60]),
    }
    rules["cos"] = rules["tan"] = rules["sin"]
    intervals, (low, high), signs, thresholds = rules[name]
    values = spread(random, low, high, count // 2, signs)
    for low, high in intervals:
        values += uniform(random, low, high, count // 6)
    for threshold in thresholds:
        values += kind.neighbours(threshold)
        if len(signs) == 2:
            values += kind.neighbours(-threshold)
    if name in ("sin", "cos", "tan"):
        values += near_multiples(kind)
    return [kind.value(value) for value in values]


def near_multiples(kind):
    """For every exponent, the number nearest to a multiple of π/2, from a continued fraction."""
    result = []
    for exponent in range(0, kind.greatest + 1, 1 if kind is SINGLE else 4):
        ratio = mp.pi / 2 / mp.ldexp(1, exponent)
        best = None
        # Convergents p/q of the ratio: p·2^exponent is close to q·π/2.
        (p0, q0), (p1, q1), rest = (1, 0), (int(mp.floor(ratio)), 1), ratio
        while True:
            part = rest - mp.floor(rest)
            if part == 0:
                break
            rest = 1 / part
            whole = int(mp.floor(rest))
            (p0, q0), (p1, q1) = (p1, q1), (whole * p1 + p0, whole * q1 + q0)
            if p1 >= 2 ** kind.digits:
                break
            if p1 > 0:
                best = p1
        if best:
            result.append(math.ldexp(best, exponent))
    return result


def power_arguments(kind, random, count):
    top, bottom = limits(kind)
    pairs = []
    for _ in range(count // 3):
        # Results over all exponents.
        x = math.ldexp(1 + random.random(), random.randint(bottom, top))
        y = random.uniform(bottom - 2, top + 2) / math.log2(x) if x != 1 else 3
        pairs.append((x, y))
        # A base near 1.
        x = 1 + random.choice((-1, 1)) * math.ldexp(random.random(), -random.randint(1, kind.digits - 2))
        y = random.uniform(bottom - 2, top + 2) / math.log2(x) if x != 1 else 3
        pairs.append((x, y))
        pairs.append((random.uniform(0, 10), random.uniform(-10, 10)))
    for x in range(2, 12):
        for y in range(-6, 40):
            pairs += [(x, y), (-x, y)]
    for x in (2, 4, 0.5, 3, 9, 6.25, 81):
        pairs += [(x, y / 4) for y in range(-600, 600, 7)] + [(x, y) for y in range(-150, 151, 5)]
    return [(kind.value(x), kind.value(y)) for x, y in pairs]


FUNCTIONS = {
    "exp": mp.exp,
    "expm1": mp.expm1,
    "log": mp.log,
    "log1p": mp.log1p,
    "tanh": mp.tanh,
    "sigmoid": lambda x: 1 / (1 + mp.exp(-x)),
    "softplus": lambda x: mp.log1p(mp.exp(x)),
    "erf": mp.erf,
    "erfc": mp.erfc,
    "sin": mp.sin,
    "cos": mp.cos,
    "tan": mp.tan,
    "cosTurns": lambda x: mp.cospi(2 * x),
    "atan": mp.atan,
}


def exact(function, x):
    """The value with enough bits: arguments of 2¹⁰²³ need 1300, and most others far less."""
    mp.mp.prec = 1300 if abs(x) > 1e4 and function in (mp.sin, mp.cos, mp.tan) else 160
    if 0 < abs(x) < 1e-20:
        # 1 + x needs all bits between 1 and x.
        mp.mp.prec = 1300
    return function(mp.mpf(x))


def line(kind, numbers, expected, distance):
    width = 16 if kind is DOUBLE else 8
    return ",".join(f"{kind.bits(number):0{width}x}" for number in (*numbers, expected)) + f",{distance}\n"


def main():
    folder = pathlib.Path(__file__).parent / "Cases"
    folder.mkdir(exist_ok=True)
    for kind, count in ((DOUBLE, 2400), (SINGLE, 1200)):
        for name, function in FUNCTIONS.items():
            if kind is SINGLE and name == "cosTurns":
                continue
            source = random.Random(f"{kind.name} {name}")
            lines = []
            for x in sorted(set(arguments(name, kind, source, count))):
                if math.isfinite(x) and not (name in ("log", "log1p") and x <= (0 if name == "log" else -1)):
                    lines.append(line(kind, (x,), *kind.rounded(exact(function, x))))
            (folder / f"{kind.name}-{name}.csv").write_text("".join(lines))
            print(kind.name, name, len(lines), flush=True)
        source = random.Random(f"{kind.name} pow")
        lines = []
        mp.mp.prec = 300
        for x, y in sorted(set(power_arguments(kind, source, count))):
            if x != 0 and math.isfinite(x) and math.isfinite(y) and (x > 0 or y == int(y)):
                value = mp.power(mp.mpf(x), mp.mpf(y))
                if x < 0:
                    value = mp.power(-mp.mpf(x), mp.mpf(y)) * (-1 if int(y) % 2 else 1)
                lines.append(line(kind, (x, y), *kind.rounded(value)))
        (folder / f"{kind.name}-pow.csv").write_text("".join(lines))
        print(kind.name, "pow", len(lines), flush=True)


if __name__ == "__main__":
    main()
