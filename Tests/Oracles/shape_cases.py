"""Reference cases of layers that move, join and reduce elements."""

import numpy as np
import torch
import torch.nn.functional as F

from entries import LAYER, TAILS, Case, array, entry


def named_cases(inputs, *cases):
    """A list of (name, shapes of the inputs, fields)."""
    for name, shapes, fields in cases:
        yield Case(name, [inputs.normal(*shape) for shape in shapes], fields)


def checked(case):
    """The case, with gradients that central differences also check."""
    case.kinks = []
    return case


# Concat, Slice, Split

def concat_cases(inputs):
    yield checked(Case("differences", [inputs.normal(2, 2), inputs.normal(2, 3)]))
    yield from named_cases(
        inputs, ("one bottom", [(3, 4)], {}), ("batch of 1", [(1, 5), (1, 2)], {}),
        ("three bottoms", [(3, 1), (3, 7), (3, 2)], {}),
        ("channels", [(2, 3, 2, 5), (2, 1, 2, 5)], {}),
        ("last axis", [(2, 3, 5), (2, 3, 4)], {"axis": -1}),
        ("axis 2 of 4", [(2, 3, 1, 5), (2, 3, 2, 5), (2, 3, 3, 5)], {"axis": 2}),
        ("larger", [(9, 17), (9, 33)], {"axis": 1}))
    for count in TAILS:
        yield Case(f"{count} and {18 - count} channels", [
            inputs.normal(1, count, 3), inputs.normal(1, 18 - count, 3)])


@entry("Concat", LAYER, concat_cases)
def concat(fields, inputs, parameters):
    """The inputs one after the other along `axis`."""
    return torch.cat(inputs, fields.get("axis", 1))


def slice_cases(inputs):
    yield checked(Case("differences", [inputs.normal(2, 5)], {"slice_point": [2]}))
    yield from named_cases(
        inputs, ("one top", [(3, 4)], {}), ("batch of 1", [(1, 5)], {"slice_point": [1, 4]}),
        ("channels", [(2, 4, 3, 5)], {"slice_point": [3]}),
        ("last axis", [(2, 3, 9)], {"axis": -1, "slice_point": [2, 3, 8]}),
        ("axis 2 of 4", [(2, 3, 6, 5)], {"axis": 2, "slice_point": [2, 4]}),
        ("larger", [(3, 65)], {"slice_point": [17, 64]}))
    for count in TAILS:
        yield Case(f"{count} of 18 channels", [inputs.normal(1, 18, 3)], {"slice_point": [count]})


@entry("Slice", LAYER, slice_cases)
def slice_(fields, inputs, parameters):
    """The parts of the input between the slice points."""
    axis, points = fields.get("axis", 1), fields.get("slice_point", [])
    return torch.tensor_split(inputs[0], points, axis) if points else inputs[0] * 1


def split_cases(inputs):
    yield checked(Case("differences", [inputs.normal(2, 3)]))
    for name, shape in [("batch of 1", (1, 5)), ("odd sizes", (3, 7)), ("one axis", (5,)),
                        ("4 axes", (2, 3, 2, 5)), ("larger", (9, 65)), ("channels", (2, 17, 3))]:
        yield Case(name, [inputs.normal(*shape)])


@entry("Split", LAYER, split_cases)
def split(fields, inputs, parameters):
    """Two tops, each the input."""
    return inputs[0] * 1, inputs[0] * 1


# Views

def reshape_cases(inputs):
    yield checked(Case("differences", [inputs.normal(2, 6)], {"shape": [0, 2, 3]}))
    yield from named_cases(
        inputs, ("batch of 1", [(1, 5)], {"shape": [0, 5, 1]}),
        ("what is left", [(3, 12)], {"shape": [0, -1, 2]}),
        ("examples inferred", [(3, 2, 5)], {"shape": [-1, 10]}),
        ("keeps two axes", [(2, 3, 4, 5)], {"shape": [0, 0, 20]}),
        ("from axis 1", [(2, 3, 4)], {"shape": [2, 6], "axis": 1}),
        ("one axis becomes two", [(2, 6, 5)], {"shape": [2, 3], "axis": 1, "num_axes": 1}),
        ("a new axis", [(2, 3, 4)], {"shape": [1], "axis": 1, "num_axes": 0}),
        ("a new last axis", [(2, 3)], {"shape": [1], "axis": -1}))


@entry("Reshape", LAYER, reshape_cases)
def reshape(fields, inputs, parameters):
    """`num_axes` axes from `axis` on get the extents of `shape`; 0 keeps, −1 is what is left."""
    axes = list(inputs[0].shape)
    first = fields.get("axis", 0)
    first = first + len(axes) + 1 if first < 0 else first
    count = fields.get("num_axes", -1)
    end = len(axes) if count < 0 else first + count
    new = [axes[first + i] if e == 0 else e for i, e in enumerate(fields["shape"])]
    return inputs[0].reshape(axes[:first] + new + axes[end:])


def input_cases(inputs):
    yield checked(Case("differences", [inputs.normal(2, 6)], {"shape": [2, 3]}))
    yield from named_cases(
        inputs, ("batch of 1", [(1, 5)], {"shape": [5]}), ("image", [(3, 12)], {"shape": [1, 3, 4]}),
        ("row", [(2, 3, 2)], {"shape": [6]}), ("same", [(2, 3, 2)], {"shape": [3, 2]}),
        ("single value", [(4,)], {"shape": [1]}), ("larger", [(9, 64)], {"shape": [1, 8, 8]}))


@entry("Input", LAYER, input_cases)
def input_(fields, inputs, parameters):
    """Each example in the stated shape."""
    return inputs[0].reshape(-1, *fields["shape"])


# Permute, Tile, Crop, Pad, Upsample

def permute_cases(inputs):
    yield checked(Case("differences", [inputs.normal(2, 2, 3)], {"order": [0, 2, 1]}))
    yield from named_cases(
        inputs, ("batch of 1", [(1, 3, 5)], {"order": [0, 2, 1]}),
        ("channels last", [(2, 3, 4, 5)], {"order": [0, 2, 3, 1]}),
        ("channels first", [(2, 4, 5, 3)], {"order": [0, 3, 1, 2]}),
        ("as it is", [(2, 3, 4)], {"order": [0]}),
        ("rest follows", [(2, 3, 4, 5)], {"order": [0, 3]}),
        ("5 axes", [(2, 2, 3, 2, 3)], {"order": [0, 4, 2, 1, 3]}),
        ("larger", [(2, 17, 9)], {"order": [0, 2, 1]}))
    for count in TAILS:
        yield Case(f"{count} channels", [inputs.normal(2, 3, count)], {"order": [0, 2, 1]})


@entry("Permute", LAYER, permute_cases)
def permute(fields, inputs, parameters):
    """Axis i of the output is axis order[i] of the input; axes left out follow."""
    order = fields["order"]
    return inputs[0].permute(order + [a for a in range(inputs[0].dim()) if a not in order]) * 1


def tile_cases(inputs):
    yield checked(Case("differences", [inputs.normal(2, 3)], {"tiles": 3}))
    yield from named_cases(
        inputs, ("batch of 1", [(1, 5)], {"tiles": 2}), ("one tile", [(3, 4)], {"tiles": 1}),
        ("last axis", [(2, 3, 5)], {"axis": -1, "tiles": 4}),
        ("channels", [(2, 3, 2, 5)], {"axis": 1, "tiles": 3}),
        ("an axis of 1", [(2, 1, 7)], {"tiles": 9}), ("larger", [(5, 33)], {"tiles": 7}))
    for count in TAILS:
        yield Case(f"{count} channels", [inputs.normal(2, count)], {"tiles": 2})


@entry("Tile", LAYER, tile_cases)
def tile(fields, inputs, parameters):
    """`tiles` copies along `axis`."""
    return torch.cat([inputs[0]] * fields["tiles"], fields.get("axis", 1))


def crop_cases(inputs):
    def case(name, shape, sizes, fields):
        return Case(name, [inputs.normal(*shape), inputs.normal(*sizes)], fields,
                    differentiable=[True, False])
    yield checked(case("differences", (2, 1, 3, 3), (2, 1, 2, 2), {"offset": 1}))
    yield case("batch of 1", (1, 2, 5, 4), (1, 7, 2, 3), {})
    yield case("offset 1", (2, 3, 5, 6), (2, 3, 3, 2), {"offset": [1]})
    yield case("an offset an axis", (2, 3, 5, 6), (2, 1, 3, 2), {"offset": [2, 4]})
    yield case("from axis 1", (2, 5, 4), (2, 2, 3), {"axis": 1, "offset": [3, 1]})
    yield case("last axis", (3, 2, 9), (3, 1, 4), {"axis": -1, "offset": 5})
    yield case("all of it", (2, 3, 4, 5), (2, 3, 4, 5), {})
    yield case("larger", (2, 2, 17, 9), (2, 1, 16, 8), {"offset": [0, 1]})


@entry("Crop", LAYER, crop_cases)
def crop(fields, inputs, parameters):
    """The part of the first input from `offset` on that is as large as the second from `axis` on."""
    x, sizes = inputs
    axis = fields.get("axis", 2) % x.dim()
    offsets = np.broadcast_to(fields.get("offset", 0), (x.dim() - axis,))
    for index, offset in enumerate(offsets, axis):
        x = x.narrow(index, int(offset), sizes.shape[index])
    return x * 1


def pad_cases(inputs):
    for mode in ("constant", "reflect", "edge"):
        more = {"mode": mode}
        yield checked(Case(f"{mode}, differences", [inputs.normal(2, 1, 3)], {
            "low": [2], "high": [1]} | more))
        yield from named_cases(
            inputs, (f"{mode}, batch of 1", [(1, 2, 5)], {"low": [1], "high": [3]} | more),
            (f"{mode}, images", [(2, 1, 4, 5)], {"low": [1, 2], "high": [0, 4]} | more),
            (f"{mode}, one side", [(2, 3, 4, 5)], {"low": [3]} | more),
            (f"{mode}, channels", [(2, 5, 3, 2)], {"axis": 1, "low": 2, "high": 3} | more),
            (f"{mode}, three axes", [(1, 3, 4, 5)],
             {"axis": 1, "low": [1, 2, 1], "high": [2, 0, 3]} | more),
            (f"{mode}, two axes, one stays", [(2, 3, 4, 2)], {"high": [0, 1]} | more))
    yield Case("a value", [inputs.normal(2, 3, 4)], {"low": 2, "high": 2, "value": -1.5})
    yield Case("an edge far out", [inputs.normal(2, 1, 1, 2)], {
        "mode": "edge", "low": [5, 3], "high": [2, 7]})
    for count in TAILS:
        yield Case(f"to {count} and 2", [inputs.normal(2, 2, count)], {
            "low": 1, "high": 1, "mode": "edge"})


@entry("Pad", LAYER, pad_cases)
def pad(fields, inputs, parameters):
    """Each axis by indices into the input: mirrored, held at the edge, or none."""
    x, mode = inputs[0], fields.get("mode", "constant")
    axis = fields.get("axis", 2) % x.dim()
    low, high = (np.atleast_1d(fields.get(name, [])).astype(int) for name in ("low", "high"))
    for index in range(axis, x.dim()):
        before, after = (int(a[index - axis]) if index - axis < len(a) else 0 for a in (low, high))
        count = x.shape[index]
        places = torch.arange(-before, count + after)
        if mode == "reflect":
            places = places.abs()
            places = torch.where(places >= count, 2 * (count - 1) - places, places)
        inside = (places >= 0) & (places < count)
        x = x.index_select(index, places.clamp(0, count - 1))
        if mode == "constant":
            shape = [1] * x.dim()
            shape[index] = -1
            x = torch.where(inside.reshape(shape), x, torch.full_like(x, fields.get("value", 0.0)))
    return x * 1


def upsample_cases(inputs):
    yield checked(Case("differences", [inputs.normal(1, 2, 2, 2)]))
    yield checked(Case("bilinear, differences", [inputs.normal(1, 1, 2, 3)], {"mode": "bilinear"}))
    yield from named_cases(
        inputs, ("batch of 1", [(1, 3, 4)], {"scale": 3}),
        ("images", [(2, 2, 3, 5)], {"scale": 2}), ("two scales", [(2, 1, 4, 5)], {"scale": [3, 1]}),
        ("volumes", [(2, 1, 2, 3, 2)], {"scale": [2, 1, 3]}), ("scale 1", [(2, 2, 3)], {"scale": 1}))
    for corners in (False, True):
        more = {"mode": "bilinear", "align_corners": corners}
        name = "corners" if corners else "bilinear"
        yield from named_cases(
            inputs, (f"{name}, batch of 1", [(1, 1, 3, 3)], more),
            (f"{name}, images", [(2, 2, 4, 3)], {"scale": 3} | more),
            (f"{name}, two scales", [(1, 3, 4, 5)], {"scale": [1, 4]} | more),
            (f"{name}, one element", [(2, 3, 1, 1)], {"scale": 3} | more),
            (f"{name}, scale 1", [(2, 3, 4, 2)], {"scale": 1} | more))
    for count in TAILS:
        yield Case(f"{count} columns", [inputs.normal(1, 1, 2, count)])


@entry("Upsample", LAYER, upsample_cases)
def upsample(fields, inputs, parameters):
    """torch.nn.functional.interpolate with integer scales."""
    x, mode = inputs[0], fields.get("mode", "nearest")
    scales = np.broadcast_to(fields.get("scale", 2), (x.dim() - 2,))
    size = [int(e * s) for e, s in zip(x.shape[2:], scales)]
    if mode == "nearest":
        return F.interpolate(x, size=size, mode="nearest")
    return F.interpolate(
        x, size=size, mode="bilinear", align_corners=fields.get("align_corners", False))


# Reduction, ArgMax, Eltwise

def reduction_cases(inputs):
    for operation in ("SUM", "ASUM", "SUMSQ", "MEAN"):
        more = {"operation": operation}
        case = Case(f"{operation}, differences", [inputs.normal(2, 3)], more)
        case.kinks = [0.0]
        yield case
        yield from named_cases(
            inputs, (f"{operation}, batch of 1", [(1, 5)], more),
            (f"{operation}, all of an example", [(3, 2, 4, 3)], {"coeff": 0.5} | more),
            (f"{operation}, last axis", [(2, 3, 7)], {"axis": -1, "coeff": -2.0} | more),
            (f"{operation}, axis 2 of 4", [(2, 3, 4, 5)], {"axis": 2} | more),
            (f"{operation}, larger", [(5, 65)], more))
    yield Case("ASUM at 0", [array([0.0, -1.0, 2.0], [0.0, 0.0, 0.0])], {"operation": "ASUM"})
    yield Case("large and small", [array([1e8, 1.0, -1e8], [3e7, -3e7, 0.25])])
    for count in TAILS:
        yield Case(f"{count} channels", [inputs.normal(2, count)])
    for operation in ("SUM", "ASUM", "SUMSQ", "MEAN"):
        yield Case(f"{operation}, axis 0", [inputs.normal(3, 2, 2)],
                   {"operation": operation, "axis": 0, "coeff": 0.5}, kinks=[0.0])
    yield Case("MEAN, axis -1 of 1", [inputs.normal(5)], {"operation": "MEAN", "axis": -1})


@entry("Reduction", LAYER, reduction_cases)
def reduction(fields, inputs, parameters):
    """coeff times the sum of x, |x| or x², or the mean, over the axes from `axis` on.

    Over axis 0 too: the contribution of each example to the single number that Caffe computes.
    """
    x, axis = inputs[0], fields.get("axis", 1)
    if axis % x.dim() == 0:
        parts = reduction(fields | {"axis": 1}, [x.reshape(len(x), -1)], parameters)
        return parts / len(x) if fields.get("operation") == "MEAN" else parts
    rows = x.flatten(axis)
    sums = {"SUM": lambda: rows.sum(-1), "ASUM": lambda: rows.abs().sum(-1),
            "SUMSQ": lambda: (rows * rows).sum(-1), "MEAN": lambda: rows.mean(-1)}
    return fields.get("coeff", 1.0) * sums[fields.get("operation", "SUM")]()


def argmax_cases(inputs):
    def case(name, shape, fields):
        return Case(name, [inputs.normal(*shape)], fields, differentiable=[False])
    yield case("batch of 1", (1, 5), {})
    yield case("example", (3, 2, 4), {})
    yield case("top 3", (3, 7), {"top_k": 3})
    yield case("values", (3, 2, 4), {"out_max_val": True, "top_k": 2})
    yield case("along axis 1", (2, 5, 3), {"axis": 1})
    yield case("along the last axis", (2, 3, 5), {"axis": -1, "top_k": 2})
    yield case("values along axis 1", (2, 5, 3), {"axis": 1, "top_k": 3, "out_max_val": True})
    yield case("all in order", (2, 9), {"top_k": 9})
    yield Case("ties", [array([1.0, 3.0, 3.0, 3.0], [2.0, 2.0, 2.0, 2.0])], {"top_k": 3},
               differentiable=[False])
    yield Case("up to 1e30", [array([-1e30, 1e30, 0.0], [-1e30, -2e30, -3e30])],
               {"out_max_val": True}, differentiable=[False])
    for count in TAILS:
        yield case(f"{count} channels", (2, count), {})
    ties = array([1.0, 3.0, 3.0, 3.0], [2.0, 2.0, 2.0, 2.0], [5.0, 1.0, 5.0, 0.0])
    for top in (1, 2, 3, 4):
        yield Case(f"ties, last, top {top}", [ties], {"top_k": top, "ties": "last"},
                   differentiable=[False])
    yield Case("ties, last, along axis 1", [ties], {"axis": 1, "ties": "last"},
               differentiable=[False])


@entry("ArgMax", LAYER, argmax_cases)
def argmax(fields, inputs, parameters):
    """The first elements in falling order. Of equal elements the lowest index comes first, or the highest."""
    x, count = inputs[0].detach(), fields.get("top_k", 1)
    axis = fields.get("axis")
    along = x.flatten(1) if axis is None else x.movedim(axis, -1)
    if fields.get("ties") == "last":
        values, places = torch.sort(along.flip(-1), dim=-1, descending=True, stable=True)
        places = along.shape[-1] - 1 - places
    else:
        values, places = torch.sort(along, dim=-1, descending=True, stable=True)
    values, places = values[..., :count], places[..., :count].to(x.dtype)
    if axis is None:
        rows = [places, values] if fields.get("out_max_val") else [places]
        return torch.stack(rows, 1)
    return (values if fields.get("out_max_val") else places).movedim(-1, axis)


def eltwise_cases(inputs):
    for operation in ("SUM", "PROD", "MAX"):
        more = {"operation": operation}
        yield checked(Case(f"{operation}, differences", [
            array([1.0, -0.5], [0.25, 2.0]), array([0.5, 0.75], [-1.0, 1.5])], more))
        yield from named_cases(
            inputs, (f"{operation}, batch of 1", [(1, 5), (1, 5)], more),
            (f"{operation}, three bottoms", [(3, 7)] * 3, more),
            (f"{operation}, images", [(2, 3, 2, 5)] * 2, more),
            (f"{operation}, 16 channels", [(2, 16, 1, 3)] * 2, more),
            (f"{operation}, repeated second", [(2, 3, 4), (2, 1, 4)], more),
            (f"{operation}, repeated first", [(2, 1, 1, 3), (2, 3, 4, 3)], more),
            (f"{operation}, both repeated", [(2, 3, 1), (2, 1, 5), (2, 3, 5)], more))
    yield Case("SUM with factors", [inputs.normal(3, 4) for _ in range(3)], {
        "coeff": [1.0, -0.5, 2.0]})
    yield Case("PROD of zeros", [array([0.0, 0.0, 2.0]), array([3.0, 0.0, 0.0])], {
        "operation": "PROD"})
    yield Case("MAX of ties", [
        array([1.0, 1.0, 2.0, 3.0]), array([1.0, 0.0, 2.0, 4.0]), array([1.0, 1.0, 0.0, 4.0])], {
            "operation": "MAX"})
    for count in TAILS:
        yield Case(f"{count} channels", [inputs.normal(2, count), inputs.normal(2, count)])


@entry("Eltwise", LAYER, eltwise_cases)
def eltwise(fields, inputs, parameters):
    """Sum with factors, product, or maximum; the second of the first two wins a tie, then the earlier."""
    operation = fields.get("operation", "SUM")
    factors = fields.get("coeff", [1.0] * len(inputs))
    result = inputs[0] * factors[0] if operation == "SUM" else inputs[0]
    for number, x in enumerate(inputs[1:], 1):
        if operation == "SUM":
            result = result + factors[number] * x
        elif operation == "PROD":
            result = result * x
        else:
            takes = x >= result if number == 1 else x > result
            result = torch.where(takes, x, result)
    return result


# Embed, SPP

def embed_cases(inputs):
    def case(name, shape, rows, width, bias=True, **more):
        fields = {"input_dim": rows, "num_output": width} | ({} if bias else {"bias_term": False})
        parameters = {"weight": inputs.normal(rows, width)}
        parameters |= {"bias": inputs.normal(width)} if bias else {}
        return Case(name, [inputs.classes(rows, *shape)], fields | more, parameters,
                    differentiable=[False])
    yield checked(case("differences", (3,), 2, 2))
    yield case("batch of 1", (1, 1), 5, 3)
    yield case("words", (3, 7), 11, 4)
    yield case("no bias", (5, 2), 3, 4, bias=False)
    yield case("one row", (4, 3), 1, 5)
    yield case("3 axes", (2, 3, 2), 6, 3)
    yield case("a word often", (9, 5), 2, 9)
    for count in TAILS:
        yield case(f"{count} values", (2, 3), 4, count)


@entry("Embed", LAYER, embed_cases)
def embed(fields, inputs, parameters):
    """weight[x] + bias"""
    rows = F.embedding(inputs[0].long(), parameters["weight"])
    return rows + parameters["bias"] if "bias" in parameters else rows


def spp_cases(inputs):
    for pool in ("MAX", "AVE"):
        more = {"pool": pool}
        yield checked(Case(f"{pool}, differences", [
            array(*np.arange(9.0).reshape(3, 3) * 1.5 % 4.25).reshape(1, 1, 3, 3)], {
                "pyramid_height": 2} | more))
        yield from named_cases(
            inputs, (f"{pool}, batch of 1", [(1, 2, 5, 5)], {"pyramid_height": 2} | more),
            (f"{pool}, one level", [(2, 3, 4, 5)], {"pyramid_height": 1} | more),
            (f"{pool}, odd sizes", [(2, 3, 7, 5)], {"pyramid_height": 2} | more),
            (f"{pool}, three levels", [(2, 1, 8, 6)], {"pyramid_height": 3} | more),
            (f"{pool}, as large as the bins", [(1, 2, 4, 4)], {"pyramid_height": 3} | more),
            (f"{pool}, larger", [(1, 3, 13, 11)], {"pyramid_height": 3} | more))


@entry("SPP", LAYER, spp_cases)
def spp(fields, inputs, parameters):
    """Caffe's windows: of ⌈H/b⌉, with half of the excess as padding, which the average counts."""
    x, levels = inputs[0], []
    for level in range(fields["pyramid_height"]):
        bins = 2 ** level
        kernel = [-(-e // bins) for e in x.shape[2:]]
        padding = [(k * bins - e + 1) // 2 for k, e in zip(kernel, x.shape[2:])]
        end = [k * bins - p - e for k, p, e in zip(kernel, padding, x.shape[2:])]
        fill = -torch.inf if fields.get("pool", "MAX") == "MAX" else 0.0
        padded = F.pad(x, [padding[1], end[1], padding[0], end[0]], value=fill)
        if fields.get("pool", "MAX") == "MAX":
            pooled = F.max_pool2d(padded, kernel, kernel)
        else:
            pooled = F.avg_pool2d(padded, kernel, kernel)
        levels.append(pooled.flatten(1))
    return torch.cat(levels, 1)


# Layers without a bottom, or without a top

def parameter_cases(inputs):
    def case(name, batch, *shape):
        return Case(name, [], {"shape": list(shape)}, {"value": inputs.normal(*shape)}, batch=batch)
    yield checked(case("differences", 2, 3))
    yield case("batch of 1", 1, 5)
    yield case("one value", 7, 1)
    yield case("3 axes", 3, 2, 3, 2)
    yield case("larger", 9, 65)
    for count in TAILS:
        yield case(f"{count} values", 2, count)


@entry("Parameter", LAYER, parameter_cases)
def parameter(fields, inputs, parameters):
    """The value, repeated for each example."""
    value = parameters["value"]
    return value.expand(fields.batch, *value.shape) * 1


def dummy_cases(inputs):
    for name, batch, shape, value in [
            ("batch of 1", 1, [3], 0.5), ("zeros", 3, [2, 2], None), ("one value", 5, [1], -7.0),
            ("image", 2, [1, 3, 3], 1e30), ("larger", 9, [65], 2.25), ("small", 2, [2], 1e-20),
            ("odd sizes", 3, [7], -0.125)]:
        fields = {"shape": shape}
        if value is not None:
            fields["data_filler"] = {"type": "constant", "value": value}
        yield Case(name, [], fields, batch=batch)


@entry("DummyData", LAYER, dummy_cases)
def dummy_data(fields, inputs, parameters):
    """A constant in every example."""
    value = fields.get("data_filler", {}).get("value", 0.0)
    dtype = torch.get_default_dtype()
    return torch.full((fields.batch, *fields["shape"]), float(np.float32(value)), dtype=dtype)


def silence_cases(inputs):
    for name, shapes in [
            ("batch of 1", [(1, 5)]), ("odd sizes", [(3, 7)]), ("one axis", [(5,)]),
            ("two bottoms", [(2, 3), (2, 5)]), ("4 axes", [(2, 3, 2, 5)]), ("larger", [(9, 65)]),
            ("three bottoms", [(2, 1), (2, 1, 2), (2,)])]:
        yield Case(name, [inputs.normal(*shape) for shape in shapes],
                   differentiable=[False] * len(shapes))


@entry("Silence", LAYER, silence_cases)
def silence(fields, inputs, parameters):
    """Nothing."""
    return ()
