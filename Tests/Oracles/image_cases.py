"""Reference cases of convolution, pooling and batch normalization."""

import math

import numpy as np
import torch
import torch.nn.functional as F

from entries import LAYER, TAILS, Case, Result, entry


def per_axis(value, axes, default=None):
    """A field with one number, or with one for each spatial axis."""
    value = default if value is None else value
    return [value] * axes if isinstance(value, int) else list(value)


# Convolution

def convolution_cases(inputs):
    def case(name, shape, num_output, kernel, bias=True, group=1, kinks=None, **more):
        fields = {"num_output": num_output, "kernel_size": kernel} | more
        fields |= {} if bias else {"bias_term": False}
        fields |= {} if group == 1 else {"group": group}
        sizes = per_axis(kernel, len(shape) - 2)
        scale = 1 / math.sqrt(shape[1] // group * math.prod(sizes))
        parameters = {"weight": inputs.normal(num_output, shape[1] // group, *sizes, scale=scale)}
        parameters |= {"bias": inputs.normal(num_output)} if bias else {}
        return Case(name, [inputs.normal(*shape)], fields, parameters, kinks=kinks)
    yield case("one value", (1, 1, 1, 1), 1, 1)
    yield case("batch of 1", (1, 2, 5, 4), 3, 3)
    yield case("differences", (2, 2, 4, 3), 3, 2, kinks=[])
    yield case("padded, stride 2", (2, 3, 7, 6), 4, 3, stride=2, pad=1)
    yield case("by axis", (2, 2, 9, 8), 3, [3, 2], stride=[2, 1], pad=[1, 0], dilation=[2, 3])
    yield case("no bias", (3, 3, 5, 5), 2, 2, bias=False)
    yield case("dilated", (1, 2, 9, 9), 2, 3, dilation=3, pad=2)
    yield case("whole image", (2, 3, 4, 5), 6, [4, 5])
    yield case("groups", (2, 6, 5, 5), 4, 3, group=2, pad=1)
    yield case("depthwise", (2, 5, 6, 6), 5, 3, group=5, pad=1, stride=2)
    yield case("depthwise with multiplier", (1, 3, 5, 5), 6, 3, group=3)
    yield case("depthwise, blocks", (1, 16, 5, 5), 16, 3, group=16, pad=1)
    yield case("one axis", (2, 3, 11), 4, 3, stride=2, pad=2)
    yield case("one axis, differences", (2, 2, 5), 2, 3, kinks=[])
    yield case("three axes", (1, 2, 4, 5, 3), 3, [2, 3, 2], pad=[1, 0, 1])
    yield case("three axes, blocks", (1, 16, 2, 3, 2), 16, [1, 2, 1])
    yield case("blocks", (2, 16, 4, 3), 16, 3, pad=1)
    yield case("blocks, stride 2", (1, 16, 5, 5), 32, 2, pad=1, stride=2)
    yield case("colours to blocks", (2, 3, 6, 6), 16, 3, pad=1)
    yield case("groups of blocks", (1, 32, 3, 3), 32, 2, group=2)
    yield case("20 to 34 channels", (1, 20, 3, 3), 34, 2)
    for count in TAILS:
        yield case(f"{count} in, {18 - count} out", (1, count, 3, 3), 18 - count, 2, pad=1)
    yield case("16 in, 17 out, whole patches", (1, 16, 8, 8), 17, 3, pad=1)
    yield case("winograd", (2, 5, 7, 6), 6, 3, algorithm="winograd", pad=1)
    yield case("winograd, differences", (2, 2, 5, 4), 3, 3, kinks=[], algorithm="winograd", pad=1)
    yield case("winograd, by axis", (1, 3, 6, 9), 4, 3, algorithm="winograd", pad=[2, 0])
    yield case("winograd, 5x5", (2, 4, 7, 6), 5, 5, algorithm="winograd", pad=2)
    yield case("winograd, 5x5, differences", (1, 2, 6, 5), 2, 5, kinks=[], algorithm="winograd", pad=[0, 3])
    yield case("direct, 18 channels", (1, 18, 8, 8), 18, 3, algorithm="direct", pad=1)


@entry("Convolution", LAYER, convolution_cases)
def convolution(fields, inputs, parameters):
    """Cross-correlation, as torch.nn.functional.conv1d … conv3d."""
    axes = inputs[0].dim() - 2
    function = (F.conv1d, F.conv2d, F.conv3d)[axes - 1]
    return function(
        inputs[0], parameters["weight"], parameters.get("bias"),
        per_axis(fields.get("stride"), axes, 1), per_axis(fields.get("pad"), axes, 0),
        per_axis(fields.get("dilation"), axes, 1), fields.get("group", 1))


def deconvolution_cases(inputs):
    def case(name, shape, num_output, kernel, bias=True, group=1, kinks=None, **more):
        fields = {"num_output": num_output, "kernel_size": kernel} | more
        fields |= {} if bias else {"bias_term": False}
        fields |= {} if group == 1 else {"group": group}
        sizes = per_axis(kernel, len(shape) - 2)
        scale = 1 / math.sqrt(shape[1] // group)
        parameters = {"weight": inputs.normal(shape[1], num_output // group, *sizes, scale=scale)}
        parameters |= {"bias": inputs.normal(num_output)} if bias else {}
        return Case(name, [inputs.normal(*shape)], fields, parameters, kinks=kinks)
    yield case("one value", (1, 1, 1, 1), 1, 1)
    yield case("differences", (2, 2, 2, 3), 3, 2, stride=2, kinks=[])
    yield case("batch of 1, cut", (1, 2, 4, 3), 3, 4, stride=2, pad=1)
    yield case("by axis", (2, 3, 3, 4), 2, [3, 2], stride=[1, 2], pad=[1, 0], dilation=[2, 1])
    yield case("no bias", (2, 3, 3, 3), 4, 3, bias=False)
    yield case("groups", (2, 4, 3, 3), 6, 2, group=2, stride=2)
    yield case("depthwise", (2, 3, 4, 4), 3, 4, group=3, stride=2, pad=1)
    yield case("one axis", (2, 3, 5), 2, 3, stride=2)
    yield case("three axes", (1, 2, 2, 3, 2), 3, 2, stride=2)
    yield case("blocks", (1, 16, 3, 3), 16, 3, stride=2, pad=1)
    for count in TAILS:
        yield case(f"{count} in, {18 - count} out", (1, count, 3, 2), 18 - count, 2, stride=2)
    yield case("winograd", (2, 5, 7, 6), 6, 3, algorithm="winograd", pad=1)
    yield case("winograd, 5x5, differences", (1, 2, 3, 2), 2, 5, kinks=[], algorithm="winograd", pad=1)


@entry("Deconvolution", LAYER, deconvolution_cases)
def deconvolution(fields, inputs, parameters):
    """torch.nn.functional.conv_transpose1d … conv_transpose3d."""
    axes = inputs[0].dim() - 2
    function = (F.conv_transpose1d, F.conv_transpose2d, F.conv_transpose3d)[axes - 1]
    return function(
        inputs[0], parameters["weight"], parameters.get("bias"),
        per_axis(fields.get("stride"), axes, 1), per_axis(fields.get("pad"), axes, 0), 0,
        fields.get("group", 1), per_axis(fields.get("dilation"), axes, 1))


# Pooling

def pooling_cases(inputs):
    def case(name, shape, kinks=None, **fields):
        # All values differ, so that every window has one maximum.
        values = inputs.generator.permutation(math.prod(shape)).reshape(shape).astype(np.float32)
        return Case(name, [values / 16 - 2], fields, kinks=kinks)
    yield case("one value", (1, 1, 1, 1), kernel_size=1)
    yield case("maximum, differences", (2, 2, 4, 4), kinks=[], kernel_size=2)
    yield case("average, differences", (1, 2, 4, 5), kinks=[], pool="average", kernel_size=2, stride=1)
    for pool in ("max", "average"):
        yield case(f"{pool}, batch of 1", (1, 3, 6, 5), pool=pool, kernel_size=2)
        yield case(f"{pool}, overlapping", (2, 3, 7, 7), pool=pool, kernel_size=3, stride=2)
        yield case(f"{pool}, by axis", (2, 2, 7, 6), pool=pool, kernel_size=[3, 2], stride=[2, 1],
                   pad=[1, 0])
        yield case(f"{pool}, ceil", (2, 3, 6, 6), pool=pool, kernel_size=3, stride=2, round_mode="ceil")
        yield case(f"{pool}, ceil, padded", (2, 3, 6, 7), pool=pool, kernel_size=3, stride=2, pad=1,
                   round_mode="ceil")
        yield case(f"{pool}, ceil, a window in the padding", (1, 2, 5, 5), pool=pool, kernel_size=2,
                   stride=2, pad=1, round_mode="ceil")
        yield case(f"{pool}, padded", (2, 3, 5, 5), pool=pool, kernel_size=3, stride=2, pad=1)
        yield case(f"{pool}, global", (2, 5, 4, 3), pool=pool, global_pooling=True)
        yield case(f"{pool}, one axis", (2, 3, 9), pool=pool, kernel_size=3, stride=2)
        yield case(f"{pool}, three axes", (1, 2, 4, 4, 5), pool=pool, kernel_size=2, stride=2)
        yield case(f"{pool}, stride above kernel", (1, 2, 7, 7), pool=pool, kernel_size=1, stride=3,
                   round_mode="ceil")
        yield case(f"{pool}, blocks", (2, 16, 4, 4), pool=pool, kernel_size=2)
    yield case("average, image only", (2, 3, 5, 5), pool="average", kernel_size=3, stride=2, pad=1,
               count_padding=False)
    yield case("average, image only, ceil", (1, 3, 6, 6), pool="average", kernel_size=3, stride=2, pad=1,
               count_padding=False, round_mode="ceil")
    yield case("large window", (1, 2, 17, 16), kernel_size=16, stride=1)
    for count in TAILS:
        yield case(f"{count} channels", (1, count, 4, 4), kernel_size=3, stride=1, pool="max")


@entry("Pooling", LAYER, pooling_cases)
def pooling(fields, inputs, parameters):
    """torch.nn.functional.max_pool1d … avg_pool3d."""
    x = inputs[0]
    axes = x.dim() - 2
    if fields.get("global_pooling"):
        kernel, stride = list(x.shape[2:]), [1] * axes
    else:
        kernel = per_axis(fields["kernel_size"], axes)
        stride = per_axis(fields.get("stride"), axes, kernel)
    pad = per_axis(fields.get("pad"), axes, 0)
    ceil = fields.get("round_mode") == "ceil"
    if fields.get("pool", "max") == "max":
        return padded_maximum(x, kernel, stride, pad, ceil)
    if not ceil or max(pad) <= min(kernel) // 2:
        function = (F.avg_pool1d, F.avg_pool2d, F.avg_pool3d)[axes - 1]
        return function(x, kernel, stride, pad, ceil, fields.get("count_padding", True))
    raise ValueError("PyTorch has no such padding")


def padded_maximum(x, kernel, stride, pad, ceil):
    function = (F.max_pool1d, F.max_pool2d, F.max_pool3d)[x.dim() - 3]
    return function(x, kernel, stride, pad, 1, ceil)


# BatchNorm

def batch_norm_cases(inputs):
    def case(name, x, phase="train", kinks=None, scale=1.0, **fields):
        channels = x.shape[1]
        affine = fields.get("affine", True)
        parameters = {"weight": inputs.normal(channels), "bias": inputs.normal(channels)} if affine else {}
        parameters |= {"running_mean": inputs.normal(channels),
                       "running_var": abs(inputs.normal(channels)) + np.float32(0.5)}
        statistics = ["running_mean", "running_var"]
        if fields.get("form") == "caffe":
            parameters["running_weight"] = np.array([2.5], np.float32)
            statistics.append("running_weight")
        return Case(name, [x], fields, parameters, scale, phase, tuple(statistics), kinks=kinks)
    yield case("differences", inputs.normal(3, 2, 2, 2), kinks=[])
    yield case("differences, test", inputs.normal(2, 2, 3), phase="test", kinks=[])
    yield case("rows", inputs.normal(7, 3))
    yield case("rows, test", inputs.normal(5, 3), phase="test")
    yield case("images", inputs.normal(3, 4, 5, 3))
    yield case("images, test", inputs.normal(3, 4, 5, 3), phase="test")
    yield case("batch of 1", inputs.normal(1, 3, 4, 4))
    yield case("three axes", inputs.normal(2, 3, 2, 3, 2))
    yield case("without affine", inputs.normal(4, 3, 3), affine=False)
    yield case("without affine, test", inputs.normal(4, 3, 3), phase="test", affine=False)
    yield case("Caffe's averages", inputs.normal(4, 3, 3), affine=False, form="caffe",
               moving_average_fraction=0.999)
    yield case("eps", inputs.normal(4, 2, 3), eps=0.1, moving_average_fraction=0.5)
    yield case("global statistics in training", inputs.normal(4, 3, 3), use_global_stats=True)
    yield case("batch statistics", inputs.normal(4, 3, 3), use_global_stats=False)
    yield case("mean 1000", inputs.normal(4, 3, 8) + np.float32(1000))
    yield case("mean 1000, 16 channels", inputs.normal(3, 16, 3, 3) + np.float32(1000))
    yield case("blocks", inputs.normal(3, 16, 3, 4))
    yield case("two blocks", inputs.normal(2, 32, 2, 3))
    for count in TAILS:
        yield case(f"{count} channels", inputs.normal(2, count, 3, 2))


@entry("BatchNorm", LAYER, batch_norm_cases)
def batch_norm(fields, inputs, parameters):
    """torch.nn.functional.batch_norm; Caffe's averages by their formula."""
    x = inputs[0]
    mean, variance = parameters["running_mean"].clone(), parameters["running_var"].clone()
    learns = fields.phase == "train" and not fields.get("use_global_stats", False)
    fraction = fields.get("moving_average_fraction", 0.9)
    statistics = {}
    if learns and fields.get("form") == "caffe":
        axes = [axis for axis in range(x.dim()) if axis != 1]
        weight = fraction * parameters["running_weight"] + 1
        old = fraction * parameters["running_weight"] / weight
        statistics = {
            "running_mean": old * mean + x.detach().mean(axes) / weight,
            "running_var": old * variance + x.detach().var(axes) / weight,
            "running_weight": weight}
    y = F.batch_norm(
        x, mean, variance, parameters.get("weight"), parameters.get("bias"), learns, 1 - fraction,
        fields.get("eps", 1e-5))
    return Result((y,), statistics or {"running_mean": mean, "running_var": variance})
