"""Reference cases of layers that normalize."""

import numpy as np
import torch
import torch.nn.functional as F

from entries import LAYER, TAILS, Case, array, entry


def affine(inputs, shape, names=("weight", "bias")):
    return {name: inputs.normal(*shape) for name in names}


def at_mean(inputs, mean, *shape):
    """Numbers with deviation 1 around a mean, on a grid that float32 represents there."""
    return inputs.normal(*shape, step=2.0 ** -10) + np.float32(mean)


# LayerNorm, RMSNorm: the last axes

def tail_cases(inputs, names):
    def case(name, shape, axis=None, x=None, **more):
        fields = ({} if axis is None else {"axis": axis}) | more
        tail = shape[(-1 if axis is None else axis):]
        parameters = affine(inputs, tail, names) if more.get("affine", True) else {}
        return Case(name, [inputs.normal(*shape) if x is None else x], fields, parameters)
    small = case("differences", (2, 4))
    small.kinks = []
    yield small
    yield case("batch of 1", (1, 5))
    yield case("words", (2, 3, 7))
    yield case("whole examples", (3, 2, 4, 3), 1)
    yield case("last two of 4", (2, 3, 2, 5), -2)
    yield case("no parameters", (3, 9), affine=False)
    yield case("larger eps", (3, 9), eps=0.01)
    yield case("larger", (5, 65))
    yield case("mean 1000", (3, 33), x=at_mean(inputs, 1000, 3, 33))
    yield case("mean -1000, images", (2, 3, 5, 7), 1, x=at_mean(inputs, -1000, 2, 3, 5, 7))
    yield case("large", (2, 6), x=inputs.normal(2, 6) * np.float32(1e12))
    yield case("all equal", (2, 6), x=np.full((2, 6), 3.25, np.float32))
    for count in TAILS[1:]:
        yield case(f"{count} channels", (2, count))


def layer_norm_cases(inputs):
    yield from tail_cases(inputs, ("weight", "bias"))


@entry("LayerNorm", LAYER, layer_norm_cases)
def layer_norm(fields, inputs, parameters):
    """torch.nn.functional.layer_norm over the axes from `axis` on."""
    tail = inputs[0].shape[fields.get("axis", -1):]
    return F.layer_norm(inputs[0], tail, parameters.get("weight"), parameters.get("bias"),
                        fields.get("eps", 1e-5))


def rms_norm_cases(inputs):
    yield from tail_cases(inputs, ("weight",))


@entry("RMSNorm", LAYER, rms_norm_cases)
def rms_norm(fields, inputs, parameters):
    """x / √(mean x² + eps) · weight over the axes from `axis` on"""
    x = inputs[0]
    axes = list(range(fields.get("axis", -1) % x.dim(), x.dim()))
    result = x / torch.sqrt((x * x).mean(axes, keepdim=True) + fields.get("eps", 1e-6))
    return result * parameters["weight"] if "weight" in parameters else result


# GroupNorm, InstanceNorm: channels

def channel_case(inputs, name, shape, fields, is_affine, x=None):
    parameters = affine(inputs, (shape[1],)) if is_affine else {}
    return Case(name, [inputs.normal(*shape) if x is None else x], fields, parameters)


def group_norm_cases(inputs):
    def case(name, shape, groups, x=None, **more):
        return channel_case(inputs, name, shape, {"num_groups": groups} | more,
                            more.get("affine", True), x)
    small = case("differences", (2, 4, 2), 2)
    small.kinks = []
    yield small
    yield case("batch of 1", (1, 4, 3, 3), 2)
    yield case("one group", (2, 3, 4, 5), 1)
    yield case("a group a channel", (2, 3, 4, 5), 3)
    yield case("no positions", (3, 6), 2)
    yield case("no parameters", (2, 6, 5), 3, affine=False)
    yield case("larger eps", (2, 6, 5), 3, eps=0.01)
    yield case("volumes", (2, 4, 2, 3, 2), 2)
    yield case("larger", (2, 16, 3, 3), 4)
    yield case("mean 1000", (1, 4, 5, 7), 2, x=at_mean(inputs, 1000, 1, 4, 5, 7))
    for count in TAILS:
        yield case(f"{2 * count} channels", (1, 2 * count, 2), 2)


@entry("GroupNorm", LAYER, group_norm_cases)
def group_norm(fields, inputs, parameters):
    """torch.nn.functional.group_norm"""
    return F.group_norm(inputs[0], fields["num_groups"], parameters.get("weight"),
                        parameters.get("bias"), fields.get("eps", 1e-5))


def instance_norm_cases(inputs):
    def case(name, shape, x=None, **more):
        return channel_case(inputs, name, shape, more, more.get("affine", False), x)
    small = case("differences", (2, 2, 3), affine=True)
    small.kinks = []
    yield small
    yield case("batch of 1", (1, 3, 4))
    yield case("images", (2, 3, 4, 5))
    yield case("with parameters", (2, 3, 4, 5), affine=True)
    yield case("volumes", (2, 1, 2, 3, 2), affine=True)
    yield case("larger eps", (2, 3, 4, 5), eps=0.01)
    yield case("larger", (2, 3, 5, 9), affine=True)
    yield case("mean 1000", (2, 3, 5, 7), x=at_mean(inputs, 1000, 2, 3, 5, 7), affine=True)
    for count in TAILS[1:]:
        yield case(f"{count} positions", (1, 2, count))


@entry("InstanceNorm", LAYER, instance_norm_cases)
def instance_norm(fields, inputs, parameters):
    """torch.nn.functional.instance_norm"""
    return F.instance_norm(inputs[0], weight=parameters.get("weight"), bias=parameters.get("bias"),
                           eps=fields.get("eps", 1e-5))


# MVN, LRN: Caffe's formulas

def mvn_cases(inputs):
    for name, more in [("channels", {}), ("across", {"across_channels": True}),
                       ("mean alone", {"normalize_variance": False}),
                       ("mean across", {"normalize_variance": False, "across_channels": True})]:
        case = Case(f"{name}, differences", [inputs.normal(2, 2, 3)], more)
        case.kinks = []
        yield case
        for label, shape in [("batch of 1", (1, 3, 4)), ("images", (2, 2, 3, 5)),
                             ("larger", (1, 3, 5, 9))]:
            yield Case(f"{name}, {label}", [inputs.normal(*shape)], more)
        yield Case(f"{name}, mean 1000", [at_mean(inputs, 1000, 1, 2, 3, 7)], more)
    yield Case("large eps", [inputs.normal(2, 3, 4)], {"eps": 0.5})
    yield Case("large eps across", [inputs.normal(2, 3, 4)], {"eps": 0.25, "across_channels": True})
    yield Case("no positions", [inputs.normal(3, 7)], {"across_channels": True})
    for count in TAILS[1:]:
        yield Case(f"{count} positions", [inputs.normal(1, 2, count)])


@entry("MVN", LAYER, mvn_cases)
def mvn(fields, inputs, parameters):
    """(x − μ) / (σ + eps), the deviation with the count as divisor"""
    x = inputs[0]
    axes = list(range(1 if fields.get("across_channels") else 2, x.dim()))
    centred = x - x.mean(axes, keepdim=True)
    if not fields.get("normalize_variance", True):
        return centred
    deviation = torch.sqrt((centred * centred).mean(axes, keepdim=True))
    return centred / (deviation + fields.get("eps", 1e-9))


def lrn_cases(inputs):
    for region in ("ACROSS_CHANNELS", "WITHIN_CHANNEL"):
        more = {"norm_region": region}
        label = region.split("_")[0].lower()
        small = Case(f"{label}, differences", [inputs.normal(1, 3, 2, 2)], {"local_size": 3} | more)
        small.kinks = []
        yield small
        for name, shape, fields in [
                ("batch of 1", (1, 6, 3, 3), {}), ("size 1", (2, 3, 4, 5), {"local_size": 1}),
                ("larger than the image", (1, 3, 4, 5), {"local_size": 11}),
                ("AlexNet's", (2, 7, 3, 4), {"alpha": 0.0001, "beta": 0.75}),
                ("other figures", (2, 5, 6, 3), {"local_size": 3, "alpha": 2.0, "beta": 0.5}),
                ("odd sizes", (1, 5, 5, 7), {"local_size": 3}),
                ("k", (2, 5, 3, 2), {"k": 2.0} if region == "ACROSS_CHANNELS" else {})]:
            yield Case(f"{label}, {name}", [inputs.normal(*shape)], fields | more)
        yield Case(f"{label}, large", [inputs.normal(1, 5, 3, 3) * np.float32(1e6)], more)
        yield Case(f"{label}, beta 1.5", [inputs.normal(2, 4, 3, 3)], {"beta": 1.5} | more)
    yield Case("no positions", [inputs.normal(3, 7)])
    for count in TAILS:
        yield Case(f"{count} channels", [inputs.normal(1, count, 2)], {"local_size": 3})
    for count in TAILS:
        yield Case(f"within, {count} columns", [inputs.normal(1, 1, 2, count)], {
            "local_size": 3, "norm_region": "WITHIN_CHANNEL"})


@entry("LRN", LAYER, lrn_cases)
def lrn(fields, inputs, parameters):
    """x / (k + alpha · mean of x² over the window)^beta; the window's elements beyond the edge count as 0."""
    x, size, alpha = inputs[0], fields.get("local_size", 5), fields.get("alpha", 1.0)
    beta, half = fields.get("beta", 0.75), fields.get("local_size", 5) // 2
    if fields.get("norm_region") == "WITHIN_CHANNEL":
        padded = F.pad(x * x, [half] * 4)
        means = sum(
            padded[:, :, r:r + x.shape[2], c:c + x.shape[3]] for r in range(size) for c in range(size))
        return x * (1 + alpha / size ** 2 * means) ** -beta
    pads = [0, 0] * (x.dim() - 2) + [half, half]
    padded = F.pad(x * x, pads)
    sums = sum(padded[:, c:c + x.shape[1]] for c in range(size))
    return x * (fields.get("k", 1.0) + alpha / size * sums) ** -beta
