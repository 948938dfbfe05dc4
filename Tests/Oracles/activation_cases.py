"""Reference cases of elementwise and channel-wise functions, and of noise.

The noise comes from an independent Philox generator, so that masks are checked bit by bit.
"""

import numpy as np
import torch
import torch.nn.functional as F

from entries import LAYER, TAILS, Case, array, elementwise_cases, entry


# Elementwise

def extremes(**fields):
    """±200 and others, and values around 0. Each magnitude has its own case, since it sets the tolerance."""
    for value in (200.0, -200.0, 88.0, -88.0, 20.0, -20.0):
        yield Case(f"at {value:g}", [array([value, 0.5])], fields)
    yield Case("tiny", [array([1e-4, -1e-4, 3e-5, -7e-5, 0.0])], fields)
    blocks = np.linspace(-4, 4, 64, dtype=np.float32).reshape(1, 16, 2, 2)
    yield Case("blocks of channels", [blocks], fields)


def checked_case(inputs, kinks=(), scale=1.0, **fields):
    """A small case that central differences also check."""
    return Case("differences", [inputs.normal(3, 5, scale=scale)], fields, kinks=list(kinks))


def function_cases(kinks=(), scale=1.0):
    def cases(inputs):
        yield from elementwise_cases(inputs)
        yield from extremes()
        yield checked_case(inputs, kinks, scale)
    return cases


def power_cases(inputs):
    positive = [np.abs(inputs.normal(*shape)) + np.float32(0.5)
                for shape in [(1, 5), (3, 7), (2, 3, 2)]]
    for number, fields in enumerate([
            {}, {"power": 2}, {"power": 2, "scale": -0.5, "shift": 1.5}, {"power": 3},
            {"power": -2, "scale": 0.5, "shift": 3}, {"power": 0, "scale": 2},
            {"power": 1, "scale": -1.5, "shift": 0.25}]):
        yield Case(f"form {number}", [positive[number % 3]], fields)
    for power in (0.5, -0.5, 1.75, -1):
        yield Case(f"power {power}", [positive[1]], {"power": power})
    yield Case("odd power of negative numbers", [array([-2.0, -0.5, 1.5])], {"power": 3})
    yield Case("square at 0", [array([0.0, -1.0])], {"power": 2})
    yield Case("differences", [positive[0]], {"power": 1.5, "scale": 0.75, "shift": 0.5}, kinks=[])
    for count in TAILS:
        yield Case(f"{count} channels", [inputs.normal(1, count)], {"power": 2, "shift": 0.5})


@entry("Power", LAYER, power_cases)
def power(fields, inputs, parameters):
    """y = (shift + scale·x)^power"""
    base = fields.get("shift", 0.0) + fields.get("scale", 1.0) * inputs[0]
    return base ** fields.get("power", 1.0)


def exp_cases(inputs):
    yield from elementwise_cases(inputs)
    yield Case("base 2", [inputs.normal(3, 7)], {"base": 2})
    yield Case("base 10, scaled", [inputs.normal(2, 5)], {"base": 10, "scale": -0.5, "shift": 1})
    yield Case("base 1", [inputs.normal(2, 3)], {"base": 1})
    yield Case("e written out", [inputs.normal(2, 3)], {"base": -1, "scale": 2})
    yield Case("near the greatest float", [array([88.0])])
    yield Case("far below", [array([-200.0, -104.0, -90.0, 0.0])])
    yield Case("differences", [inputs.normal(2, 5)], {"base": 1.5, "shift": -0.25}, kinks=[])


@entry("Exp", LAYER, exp_cases)
def exp(fields, inputs, parameters):
    """y = base^(shift + scale·x); base −1 means e"""
    base = fields.get("base", -1)
    exponent = fields.get("shift", 0.0) + fields.get("scale", 1.0) * inputs[0]
    return torch.exp(exponent) if base == -1 else torch.exp(np.log(base) * exponent)


def log_cases(inputs):
    def positive(*shape):
        return np.abs(inputs.normal(*shape)) + np.float32(0.25)
    for name, shape in [("batch of 1", (1, 5)), ("odd sizes", (3, 7)), ("one axis", (11,)),
                        ("4 axes", (2, 3, 5, 2)), ("larger", (9, 33))]:
        yield Case(name, [positive(*shape)])
    for count in TAILS:
        yield Case(f"{count} channels", [positive(1, count)])
    yield Case("base 2", [positive(3, 7)], {"base": 2})
    yield Case("base 10, scaled", [positive(2, 5)], {"base": 10, "scale": 3, "shift": 0.5})
    yield Case("base below 1", [positive(2, 5)], {"base": 0.5})
    yield Case("negative scale", [-positive(2, 3)], {"scale": -2, "shift": 0.125})
    yield Case("extremes", [array([1e30])])
    yield Case("tiny", [array([1e-30])])
    yield Case("differences", [positive(2, 5) + 1], {"base": 3, "shift": 0.5}, kinks=[])


@entry("Log", LAYER, log_cases)
def log(fields, inputs, parameters):
    """y = ln(shift + scale·x) / ln(base); base −1 means e"""
    base = fields.get("base", -1)
    y = torch.log(fields.get("shift", 0.0) + fields.get("scale", 1.0) * inputs[0])
    return y if base == -1 else y / np.log(base)


@entry("AbsVal", LAYER, function_cases(kinks=[0]))
def absolute(fields, inputs, parameters):
    """y = abs(x); the derivative at 0 is 0"""
    return inputs[0].abs()


@entry("BNLL", LAYER, function_cases())
def bnll(fields, inputs, parameters):
    """y = ln(1 + eˣ)"""
    return torch.logaddexp(torch.zeros_like(inputs[0]), inputs[0])


def clip_cases(inputs):
    fields = {"min": -1, "max": 1.5}
    yield from elementwise_cases(inputs, **fields)
    yield from extremes(**fields)
    yield Case("at the bounds", [array([-1.0, 1.5, -1.25, 1.75, 0.0])], fields)
    yield Case("equal bounds", [array([-1.0, 2.0, 3.0])], {"min": 2, "max": 2})
    yield Case("above 0", [inputs.normal(3, 4)], {"min": 0.25, "max": 1e30})
    yield checked_case(inputs, kinks=[-1, 1.5], **fields)


@entry("Clip", LAYER, clip_cases)
def clip(fields, inputs, parameters):
    """y = min(max(x, min), max); as in Caffe, the gradient passes at the bounds too"""
    x, low, high = inputs[0], fields["min"], fields["max"]
    return torch.where((x >= low) & (x <= high), x, x.detach().clamp(low, high))


def threshold_cases(inputs):
    yield from elementwise_cases(inputs)
    yield from extremes()
    yield Case("at the threshold", [array([0.5, 0.4999, 0.5001])], {"threshold": 0.5})
    yield Case("below 0", [inputs.normal(3, 4)], {"threshold": -0.75})


@entry("Threshold", LAYER, threshold_cases)
def threshold(fields, inputs, parameters):
    """y = 1 where x > threshold, else 0; no gradient"""
    return (inputs[0] > fields.get("threshold", 0.0)).to(inputs[0].dtype)


def relu6_cases(inputs):
    yield from function_cases(kinks=[0, 6], scale=5.0)(inputs)
    yield Case("at the bounds", [array([0.0, 6.0, 5.999, 6.001, -0.001])])


@entry("ReLU6", LAYER, relu6_cases)
def relu6(fields, inputs, parameters):
    """y = min(max(x, 0), 6); the derivative at 0 and 6 is 0"""
    return F.relu6(inputs[0])


def elu_cases(inputs):
    yield from elementwise_cases(inputs)
    yield from extremes()
    for alpha in (0.3, 2.5, 0):
        yield Case(f"alpha {alpha}", [inputs.normal(3, 7)], {"alpha": alpha})
    yield checked_case(inputs, kinks=[0], alpha=0.5)


@entry("ELU", LAYER, elu_cases)
def elu(fields, inputs, parameters):
    """y = x where x > 0, else alpha·(eˣ − 1)"""
    return F.elu(inputs[0], fields.get("alpha", 1.0))


@entry("SELU", LAYER, function_cases(kinks=[0]))
def selu(fields, inputs, parameters):
    """y = λ·(x where x > 0, else α·(eˣ − 1))"""
    return F.selu(inputs[0])


def gelu_cases(inputs):
    for fields in ({}, {"approximate": "tanh"}):
        form = fields.get("approximate", "erf")
        for case in [*elementwise_cases(inputs, **fields), *extremes(**fields)]:
            if form == "erf" or case.name != "larger":
                yield Case(f"{form}, {case.name}", case.inputs, fields)
        yield Case(f"{form}, 1e30", [array([1e30])], fields)
        yield Case(f"{form}, -1e30", [array([-1e30, -13.0, -11.0, 11.0, 13.0])], fields)
        yield Case(f"{form}, differences", [inputs.normal(3, 5)], fields, kinks=[])
    yield Case("none written out", [inputs.normal(2, 3)], {"approximate": "none"})


@entry("GELU", LAYER, gelu_cases)
def gelu(fields, inputs, parameters):
    """y = x·Φ(x), or its approximation by tanh.

    The input is clamped to ±100. Beyond that, PyTorch's own formula multiplies ∞ by 0.
    """
    x = inputs[0]
    bounded = x.clamp(-100, 100)
    y = F.gelu(bounded, approximate=fields.get("approximate", "none"))
    return torch.where(x > 100, x, torch.where(x < -100, torch.zeros_like(x), y))


def swish_cases(inputs):
    yield from elementwise_cases(inputs)
    yield from extremes()
    for beta in (2.5, -1, 0, 50):
        yield Case(f"beta {beta}", [inputs.normal(3, 7)], {"beta": beta})
    yield Case("saturated by beta", [array([200.0, -200.0])], {"beta": 1e6})
    yield checked_case(inputs, beta=1.5)


@entry("Swish", LAYER, swish_cases)
def swish(fields, inputs, parameters):
    """y = x·σ(beta·x)"""
    return inputs[0] * torch.sigmoid(fields.get("beta", 1.0) * inputs[0])


@entry("Mish", LAYER, function_cases())
def mish(fields, inputs, parameters):
    """y = x·tanh(ln(1 + eˣ))"""
    return F.mish(inputs[0])


def hard_swish_cases(inputs):
    yield from function_cases(kinks=[-3, 3], scale=3.0)(inputs)
    yield Case("around the corners", [array([-3.001, -2.999, 2.999, 3.001])])


@entry("HardSwish", LAYER, hard_swish_cases)
def hard_swish(fields, inputs, parameters):
    """y = x·min(max(x + 3, 0), 6)/6"""
    return F.hardswish(inputs[0])


def log_softmax_cases(inputs):
    for name, shape, fields in [
            ("batch of 1", (1, 5), {}), ("odd sizes", (3, 7), {}), ("larger", (9, 65), {}),
            ("3 axes", (2, 3, 5), {}), ("last of 3 axes", (2, 3, 5), {"axis": -1}),
            ("axis 1 of 4", (2, 4, 3, 2), {"axis": 1})]:
        yield Case(name, [inputs.normal(*shape, scale=2)], fields)
    yield Case("all equal and large", [np.full((1, 3), 1e30, np.float32)])
    yield Case("differences of 1e4", [array([1e4, -1e4, 9999.0])])
    yield Case("up to 1e30", [array([1e30, 0.0, -1e30])])
    yield Case("steps of 50", [array([0.0, -50.0, 50.0, 100.0])])
    yield Case("differences", [inputs.normal(2, 4)], kinks=[])
    for count in TAILS:
        yield Case(f"{count} channels", [inputs.normal(2, count, scale=2)])


@entry("LogSoftmax", LAYER, log_softmax_cases)
def log_softmax(fields, inputs, parameters):
    """y = x − ln Σ eˣ along `axis`"""
    return torch.log_softmax(inputs[0], fields.get("axis", 1))


# Channel-wise

def image_shapes():
    yield from [("batch of 1", (1, 5)), ("odd sizes", (3, 7)), ("positions", (2, 3, 5)),
                ("image", (3, 5, 3, 2)), ("blocks of channels", (2, 16, 3)),
                ("wide blocks", (2, 32, 1, 3)), ("one position", (3, 4, 1, 1)),
                ("5 axes", (2, 3, 2, 1, 2)), ("long rows", (2, 2, 19))]
    yield from [(f"{count} channels", (1, count, 2)) for count in TAILS]


def prelu_cases(inputs):
    for name, shape in image_shapes():
        yield Case(name, [inputs.normal(*shape)], {}, {"weight": inputs.normal(shape[1])})
    for name, shape in [
            ("shared", (3, 5)), ("shared, image", (2, 16, 3)), ("shared, one axis", (7,))]:
        yield Case(name, [inputs.normal(*shape)], {"channel_shared": True},
                   {"weight": inputs.normal(1)})
    yield Case("zeros", [array([0.0, -1.0, 1.0])], {}, {"weight": array(0.25, 0.25, -0.5)})
    yield Case("extremes", [array([200.0, -200.0])], {}, {"weight": array(0.25, 1e-3)})
    yield Case("differences", [inputs.normal(2, 3, 2)], {}, {"weight": inputs.normal(3)}, kinks=[0])


@entry("PReLU", LAYER, prelu_cases)
def prelu(fields, inputs, parameters):
    """y = x where x > 0, else a_c·x"""
    x, weight = inputs[0], parameters["weight"]
    if weight.numel() > 1:
        weight = weight.reshape(-1, *[1] * (x.dim() - 2))
    return torch.where(x > 0, x, weight * x)


def spanned(fields, shape):
    """The shape of the numbers, and the shape that makes them broadcast against `shape`."""
    axis, count = fields.get("axis", 1) % len(shape), fields.get("num_axes", 1)
    if count == 0:
        return (1,), (1,) * len(shape)
    end = len(shape) if count == -1 else axis + count
    return shape[axis:end], tuple(n if axis <= i < end else 1 for i, n in enumerate(shape))


def broadcast_cases(inputs, parameter_names, fields):
    def learned(name, shape, more, **options):
        numbers, _ = spanned(more, shape)
        return Case(name, [inputs.normal(*shape)], fields | more,
                    {p: inputs.normal(*numbers) for p in parameter_names}, **options)
    for name, shape in image_shapes():
        yield learned(name, shape, {})
    for name, more in [("axis 2", {"axis": 2}), ("last axis", {"axis": -1}),
                       ("two axes", {"num_axes": 2}),
                       ("two axes from 2", {"axis": 2, "num_axes": 2}),
                       ("to the end", {"num_axes": -1}), ("one number", {"num_axes": 0})]:
        yield learned(name, (2, 3, 2, 4), more)
    yield learned("one number of blocks", (2, 16, 3), {"num_axes": 0})
    yield learned("differences", (2, 3, 2), {}, kinks=[])


def second_bottom_cases(inputs):
    for name, shape, rank in [
            ("of examples", (3, 5), 1), ("of all", (3, 7), 2), ("of channels", (3, 5, 2, 2), 2),
            ("of blocks", (2, 16, 3), 2), ("of 3 axes", (2, 3, 2, 5), 3),
            ("of all 3 axes", (2, 3, 4), 3),
            ("of channels, batch of 1", (1, 9, 17), 2)]:
        yield Case(f"second bottom {name}", [inputs.normal(*shape), inputs.normal(*shape[:rank])],
                   {"axis": 0})
    yield Case("second bottom, differences", [inputs.normal(2, 3, 2), inputs.normal(2, 3)],
               {"axis": 0}, kinks=[])


def scale_cases(inputs):
    yield from broadcast_cases(inputs, ["weight"], {})
    for number, case in enumerate(broadcast_cases(inputs, ["weight", "bias"], {"bias_term": True})):
        if number % 3 == 0 or case.kinks is not None:
            yield Case(f"with bias, {case.name}", case.inputs, case.fields, case.parameters,
                       kinks=case.kinks)
    yield from second_bottom_cases(inputs)


def aligned(fields, inputs, parameters, name):
    """The numbers, reshaped for broadcasting."""
    x = inputs[0]
    if len(inputs) > 1:
        return inputs[1].reshape(*inputs[1].shape, *[1] * (x.dim() - inputs[1].dim()))
    return parameters[name].reshape(spanned(fields, tuple(x.shape))[1])


@entry("Scale", LAYER, scale_cases)
def scale(fields, inputs, parameters):
    """y = s·x (+ b), as caffe-reference describes: s is learned, or the second bottom"""
    y = inputs[0] * aligned(fields, inputs, parameters, "weight")
    return y + aligned(fields, inputs, parameters, "bias") if fields.get("bias_term") else y


def bias_cases(inputs):
    yield from broadcast_cases(inputs, ["bias"], {})
    yield from second_bottom_cases(inputs)


@entry("Bias", LAYER, bias_cases)
def bias(fields, inputs, parameters):
    """y = x + b; b is learned, or the second bottom"""
    return inputs[0] + aligned(fields, inputs, parameters, "bias")


# Noise

SEED, STEP, NAME = 7, 3, "layer0"
"""The seed, step and name that the tests use for noise: see LayerRun.noise."""


def philox(counter, key):
    """Philox4x32-10 (Salmon and others, 2011): four words for each counter."""
    c = [np.asarray(word, np.uint64) for word in counter]
    k, mask = list(key), np.uint64(0xFFFFFFFF)
    for _ in range(10):
        a, b = c[0] * np.uint64(0xD2511F53), c[2] * np.uint64(0xCD9E8D57)
        c = [(b >> np.uint64(32)) ^ c[1] ^ np.uint64(k[0]), b & mask,
             (a >> np.uint64(32)) ^ c[3] ^ np.uint64(k[1]), a & mask]
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return np.stack(np.broadcast_arrays(*c), -1)


def words(blocks, seed=SEED, step=STEP, name=NAME):
    """The words of the blocks 0 ..< `blocks` of a layer's noise in a step: [blocks, 4]."""
    stream = 0xCBF29CE484222325
    for byte in f"noise {name}".encode():
        stream = (stream ^ byte) * 0x100000001B3 % 2**64
    stream = (stream + step * 0x9E3779B97F4A7C15) % 2**64
    index = np.arange(blocks, dtype=np.uint64)
    return philox([index, index >> np.uint64(32), stream & 0xFFFFFFFF, stream >> 32],
                  (seed & 0xFFFFFFFF, seed >> 32))


def mask(shape, ratio, like):
    """1/(1 − ratio) where an element is kept, else 0; elements take a word each, row by row."""
    count = int(np.prod(shape))
    drawn = words(-(-count // 4)).ravel()[:count].reshape(shape)
    kept = drawn >= np.uint64(np.ceil(ratio * 2**32))
    return torch.from_numpy(kept).to(like.dtype) / (1 - ratio)


def ratio_cases(inputs, field, case):
    """Training with several ratios, and two cases without effect: ratio 0 and the test phase."""
    for ratio in (0.1, 0.3, 0.5, 0.75, 0.999):
        yield case(f"ratio {ratio}", {field: ratio})
    yield case("ratio 0", {field: 0})
    yield case("default", {})
    yield case("test phase", {field: 0.5}, phase="test")
    yield case("test phase, default", {}, phase="test")


def dropout_cases(inputs):
    def case(name, fields, shape=(5, 7), **more):
        return Case(name, [inputs.normal(*shape)], fields, **more)
    yield from ratio_cases(inputs, "dropout_ratio", case)
    for name, shape in [("batch of 1", (1, 5)), ("one axis", (11,)), ("larger", (9, 65))]:
        yield case(name, {"dropout_ratio": 0.4}, shape)
    yield case("blocks, ratio 0", {"dropout_ratio": 0}, (2, 16, 3))
    yield case("blocks, test phase", {}, (2, 16, 3), phase="test")
    yield case("extremes", {"dropout_ratio": 0.25}, (1, 4))
    yield case("differences", {"dropout_ratio": 0.25}, (3, 3), kinks=[])
    for count in TAILS:
        yield case(f"{count} channels", {}, (3, count))


@entry("Dropout", LAYER, dropout_cases)
def dropout(fields, inputs, parameters):
    """y = m·x/(1 − ratio) in training; elements count row by row"""
    ratio = fields.get("dropout_ratio", 0.5)
    if fields.phase == "test" or ratio == 0:
        return inputs[0] * 1
    return inputs[0] * mask(inputs[0].shape, ratio, inputs[0])


def spatial_dropout_cases(inputs):
    def case(name, fields, shape=(3, 5, 2, 2), **more):
        return Case(name, [inputs.normal(*shape)], fields, **more)
    yield from ratio_cases(inputs, "dropout_ratio", case)
    for name, shape in image_shapes():
        yield case(f"image: {name}", {"dropout_ratio": 0.4}, shape)
    yield case("differences", {"dropout_ratio": 0.25}, (2, 3, 2), kinks=[])


@entry("SpatialDropout", LAYER, spatial_dropout_cases)
def spatial_dropout(fields, inputs, parameters):
    """y = m·x/(1 − ratio) in training, one m for each channel of each example"""
    x, ratio = inputs[0], fields.get("dropout_ratio", 0.5)
    if fields.phase == "test" or ratio == 0:
        return x * 1
    return x * mask(x.shape[:2], ratio, x).reshape(*x.shape[:2], *[1] * (x.dim() - 2))


def drop_connect_cases(inputs):
    def case(name, fields, shape=(3, 7), outputs=5, bias=True, **more):
        width = int(np.prod(shape[1:]))
        parameters = {"weight": inputs.normal(outputs, width)}
        if bias:
            parameters["bias"] = inputs.normal(outputs)
        own = {"num_output": outputs} | ({} if bias else {"bias_term": False})
        return Case(name, [inputs.normal(*shape)], own | fields, parameters, **more)
    yield from ratio_cases(inputs, "dropconnect_ratio", case)
    yield case("wide", {"dropconnect_ratio": 0.4}, (3, 3), 11)
    yield case("wide, test phase", {}, (3, 3), 11, phase="test")
    yield case("no bias", {}, (2, 5), 4, bias=False)
    yield case("4 axes", {}, (2, 3, 2, 2), 3)
    yield case("batch of 1", {}, (1, 4), 6)
    yield case("larger", {"dropconnect_ratio": 0.2}, (9, 33), 17)
    yield case("differences", {"dropconnect_ratio": 0.3}, (2, 3), 2, kinks=[])
    for count in TAILS:
        yield case(f"{count} in, {18 - count} out", {}, (2, count), 18 - count)


@entry("DropConnect", LAYER, drop_connect_cases)
def drop_connect(fields, inputs, parameters):
    """y = x·(M∘W)ᵀ/(1 − ratio) + b in training; W is [num_output, in], and counts row by row"""
    weight, ratio = parameters["weight"], fields.get("dropconnect_ratio", 0.5)
    if fields.phase != "test" and ratio > 0:
        weight = weight * mask(weight.shape, ratio, weight)
    return F.linear(inputs[0].flatten(1), weight, parameters.get("bias"))


def gaussian_noise_cases(inputs):
    def case(name, fields, shape=(3, 7), **more):
        return Case(name, [inputs.normal(*shape)], fields, **more)
    for deviation in (0.05, 1, 30, 0):
        yield case(f"std {deviation}", {"std": deviation})
    yield case("default", {})
    yield case("test phase", {"std": 2}, phase="test")
    yield case("blocks, test phase", {"std": 2}, (2, 16, 3), phase="test")
    for name, shape in [("batch of 1", (1, 5)), ("one axis", (11,)), ("larger", (9, 33))]:
        yield case(name, {"std": 0.5}, shape)
    yield case("differences", {"std": 0.5}, (3, 3), kinks=[])


@entry("GaussianNoise", LAYER, gaussian_noise_cases)
def gaussian_noise(fields, inputs, parameters):
    """y = x + std·N(0, 1) in training: Box and Muller's of two words for two elements"""
    x, deviation = inputs[0], fields.get("std", 0.1)
    if fields.phase == "test":
        return x * 1
    drawn = words(-(-x.numel() // 4)).reshape(-1, 2)
    radius = np.sqrt(-2 * np.log(((drawn[:, 0] >> np.uint64(1)) + 0.5) * 2.0**-31))
    angle = 2 * np.pi * (drawn[:, 1] >> np.uint64(8)) * 2.0**-24
    noise = np.stack([radius * np.cos(angle), radius * np.sin(angle)], -1).ravel()[:x.numel()]
    return x + deviation * torch.from_numpy(noise.reshape(x.shape)).to(x.dtype)
