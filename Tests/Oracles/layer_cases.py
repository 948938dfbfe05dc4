"""Reference cases of basic layers and of whole networks.

`entries.py` describes how to write an entry.
"""

import numpy as np
import torch
import torch.nn.functional as F

from case_files import Inputs
from entries import (
    ENTRIES, LAYER, LOSS, TAILS, Case, Fields, array, described, elementwise_cases, entry)


# Linear

def linear_parameters(inputs, width, num_output, bias=True):
    parameters = {"weight": inputs.normal(num_output, width)}
    return parameters | ({"bias": inputs.normal(num_output)} if bias else {})


def linear_cases(inputs):
    def case(name, shape, num_output, bias=True, kinks=None, **more):
        fields = {"num_output": num_output} | ({} if bias else {"bias_term": False})
        width = int(np.prod(shape[more.get("axis", 1):]))
        x, parameters = inputs.normal(*shape), linear_parameters(inputs, width, num_output, bias)
        if more.get("transpose"):
            parameters["weight"] = np.ascontiguousarray(parameters["weight"].T)
        return Case(name, [x], fields | more, parameters, kinks=kinks)
    yield case("one value", (1, 1), 1)
    yield case("batch of 1", (1, 5), 3)
    yield case("odd sizes", (3, 7), 5)
    yield case("no bias", (5, 3), 4, bias=False)
    yield case("bias_term written out", (2, 3), 2, bias_term=True)
    yield case("one input, no bias", (9, 1), 2, bias=False)
    yield case("flattens 4 axes", (2, 3, 2, 5), 7)
    yield case("flattens 3 axes, no bias", (3, 5, 3), 1, bias=False)
    yield case("whole vectors", (16, 32), 16)
    yield case("larger", (33, 65), 17)
    yield case("wide output", (3, 2), 130)
    for count in TAILS:
        yield case(f"{count} in, {18 - count} out", (2, count), 18 - count)
    for name, shape, num_output, fields in [
            ("axis 2", (2, 3, 4), 2, {"axis": 2}), ("axis 2, wide", (2, 3, 2), 5, {"axis": 2}),
            ("axis -1 of 4", (3, 2, 2, 5), 3, {"axis": -1}),
            ("axis 2 of 4, no bias", (2, 3, 2, 2), 3, {"axis": 2, "bias": False}),
            ("transposed", (3, 4), 2, {"transpose": True}),
            ("transposed, wide", (3, 2), 5, {"transpose": True}),
            ("transposed, axis 2", (2, 3, 4), 2, {"axis": 2, "transpose": True}),
            ("transposed, axis 2, wide, no bias", (2, 2, 3), 4,
             {"axis": 2, "transpose": True, "bias": False})]:
        yield case(name, shape, num_output, kinks=[], **fields)
    yield case("axis 2, larger", (5, 9, 65), 33, axis=2)
    yield case("axis 2, larger and wide", (5, 9, 33), 65, axis=2)
    yield case("transposed, larger", (33, 65), 17, transpose=True)


@entry("Linear", LAYER, linear_cases)
def linear(fields, inputs, parameters):
    """y = x·Wᵀ + b; x [N, …] is flattened from `axis`, W is [num_output, inputs], or transposed."""
    weight = parameters["weight"].T if fields.get("transpose") else parameters["weight"]
    return F.linear(inputs[0].flatten(fields.get("axis", 1)), weight, parameters.get("bias"))


# Element-wise

def relu_cases(inputs):
    kink = array([0.0, -1.0, 1.0, 0.0, -1e-30], [1e-30, -3.5, 0.0, 1e-4, -1e-4])
    extremes = array([1e30, -1e30, 3e30])
    yield from elementwise_cases(inputs)
    yield Case("much larger", [inputs.normal(33, 65, step=0.125)])
    yield Case("zeros", [kink])
    yield Case("extremes", [extremes])
    yield Case("leaky, zeros", [kink], {"negative_slope": 0.1})
    yield Case("leaky, extremes", [extremes], {"negative_slope": 0.1})
    yield Case("leaky, odd sizes", [inputs.normal(5, 9)], {"negative_slope": 0.1})
    yield Case("leaky, batch of 1", [inputs.normal(1, 17)], {"negative_slope": 0.1})
    yield Case("slope 0 written out", [inputs.normal(2, 3)], {"negative_slope": 0.0})
    yield Case("negative slope", [array([0.5, -1.5, 2.0], [-0.25, 3.0, -4.0])],
               {"negative_slope": -0.5}, kinks=[0.0])
    yield Case("negative slope, zeros", [kink], {"negative_slope": -1.0})
    yield Case("negative slope, odd sizes", [inputs.normal(5, 9)], {"negative_slope": -0.25})


@entry("ReLU", LAYER, relu_cases)
def relu(fields, inputs, parameters):
    """y = x where x > 0, else negative_slope·x; the slope at 0 is negative_slope."""
    return F.leaky_relu(inputs[0], fields.get("negative_slope", 0.0))


def saturating_cases(inputs):
    yield from elementwise_cases(inputs)
    yield Case("saturated", [array([200.0, -200.0, 0.0, 88.0, -88.0, 104.0, -104.0, 20.0, -20.0])])
    yield Case("tiny", [array([1e-4, -1e-4, 3e-5, -7e-5])])


@entry("Sigmoid", LAYER, saturating_cases)
def sigmoid(fields, inputs, parameters):
    """y = 1 / (1 + e^(−x))"""
    return torch.sigmoid(inputs[0])


def tanh_cases(inputs):
    for case in saturating_cases(inputs):
        case.scale = 1e-4 if case.name == "tiny" else 1.0
        yield case


@entry("TanH", LAYER, tanh_cases)
def tanh(fields, inputs, parameters):
    """y = (eˣ − e^(−x)) / (eˣ + e^(−x))"""
    return torch.tanh(inputs[0])


# Softmax, Flatten

def softmax_cases(inputs):
    for name, shape, fields in [
            ("batch of 1", (1, 5), {}), ("odd sizes", (3, 7), {}), ("larger", (9, 65), {}),
            ("3 axes", (2, 3, 5), {}), ("last of 3 axes", (2, 3, 5), {"axis": -1}),
            ("axis 2 of 3", (3, 2, 4), {"axis": 2}), ("axis 1 of 4", (2, 4, 3, 2), {"axis": 1}),
            ("axis 1 written out", (2, 3), {"axis": 1})]:
        yield Case(name, [inputs.normal(*shape, scale=2)], fields)
    yield Case("all equal", [np.full((2, 7), 3.25, np.float32)])
    yield Case("all equal and large", [np.full((1, 3), 1e30, np.float32)])
    yield Case("up to 1e30", [array([1e30, 0.0, -1e30], [1e4, -1e4, 9999.0], [-1e30, -1e30, 5.0])])
    yield Case("steps of 50", [array([0.0, -50.0, 50.0, 100.0])])
    for count in TAILS:
        yield Case(f"{count} channels", [inputs.normal(2, count, scale=2)])


@entry("Softmax", LAYER, softmax_cases)
def softmax(fields, inputs, parameters):
    """y = eˣ / Σ eˣ along `axis`"""
    return torch.softmax(inputs[0], fields.get("axis", 1))


def flatten_cases(inputs):
    for name, shape, fields in [
            ("4 axes", (2, 3, 2, 5), {}), ("batch of 1", (1, 3, 5), {}), ("2 axes", (3, 7), {}),
            ("from axis 2", (2, 3, 2, 5), {"axis": 2}),
            ("up to axis 2", (2, 3, 2, 5), {"end_axis": 2}),
            ("only axis 1", (2, 3, 5), {"axis": 1, "end_axis": 1}),
            ("counted from the end", (2, 3, 2, 5), {"axis": -3, "end_axis": -2})]:
        yield Case(name, [inputs.normal(*shape)], fields)


@entry("Flatten", LAYER, flatten_cases)
def flatten(fields, inputs, parameters):
    """Axes `axis` … `end_axis` become one."""
    return inputs[0].flatten(fields.get("axis", 1), fields.get("end_axis", -1))


# Whole networks

# Highway

def highway_cases(inputs):
    def case(name, shape, kinks=None, **fields):
        width = shape[-1]
        parameters = {"weight": inputs.normal(width, width), "bias": inputs.normal(width),
                      "gate_weight": inputs.normal(width, width), "gate_bias": inputs.normal(width)}
        return Case(name, [inputs.normal(*shape)], fields, parameters, kinks=kinks)
    yield case("one value", (1, 1))
    yield case("batch of 1", (1, 5), activation="tanh", kinks=[])
    yield case("odd sizes", (3, 7), activation="tanh", kinks=[])
    yield case("rectified", (5, 3))
    yield case("activation written out", (4, 6), activation="relu")
    yield case("3 axes", (2, 3, 4), activation="tanh", kinks=[])
    yield case("4 axes, rectified", (2, 2, 3, 5))
    yield case("whole vectors", (16, 32), activation="tanh")
    yield case("larger", (9, 33), activation="tanh")


@entry("Highway", LAYER, highway_cases)
def highway(fields, inputs, parameters):
    """y = t·f(W·x + b) + (1 − t)·x, t = σ(V·x + c)."""
    x, = inputs
    candidate = F.linear(x, parameters["weight"], parameters["bias"])
    if fields.get("activation") == "tanh":
        candidate = torch.tanh(candidate)
    else:
        if candidate.abs().min() < 1e-4:
            raise ValueError("a hidden value is too near to ReLU's kink: take other inputs")
        candidate = torch.relu(candidate)
    gate = torch.sigmoid(F.linear(x, parameters["gate_weight"], parameters["gate_bias"]))
    return gate * candidate + (1 - gate) * x


def network(layers, kink_distance=1e-4):
    """The layers in order. Parameters are named `index.parameter`. The last layer may be a loss.

    Refuses inputs that bring a hidden ReLU within `kink_distance` of its kink, since float32 may
    take the other side.
    """
    def formula(fields, inputs, parameters):
        value = inputs[0]
        for index, layer in enumerate(layers):
            kind, layer_formula, _ = ENTRIES[layer["type"]]
            if layer["type"] == "ReLU" and value.abs().min() < kink_distance:
                raise ValueError("a hidden value is too near to ReLU's kink: take other inputs")
            own = {name.split(".")[1]: p for name, p in parameters.items()
                   if name.startswith(f"{index}.")}
            value = layer_formula(Fields(layer), [value, *inputs[1:]] if kind == LOSS else [value], own)
        return value
    return formula


def network_parameters(layers, width, random, **options):
    parameters = {}
    for index, layer in enumerate(layers):
        if layer["type"] == "Linear":
            parameters[f"{index}.weight"] = random.normal(layer["num_output"], width, **options)
            if layer.get("bias_term", True):
                parameters[f"{index}.bias"] = random.normal(layer["num_output"], **options)
            width = layer["num_output"]
    return parameters


def fused_networks():
    """(name, layers, batch size, input width)"""
    for activation in ({"type": "ReLU"}, {"type": "ReLU", "negative_slope": 0.1},
                       {"type": "Sigmoid"}, {"type": "TanH"}):
        label = "Linear, " + activation["type"] + (" with slope" if len(activation) > 1 else "")
        for batch, width, outputs in [(1, 1, 1), (3, 7, 5), (2, 16, 5), (9, 9, 17)]:
            linear_layer = {"type": "Linear", "num_output": outputs}
            yield f"{label}: {batch}x{width} to {outputs}", [linear_layer, activation], batch, width
        plain = {"type": "Linear", "num_output": 6, "bias_term": False}
        yield f"{label}: no bias", [plain, activation], 4, 3
    for batch, width, hidden, classes in [
            (1, 2, 3, 2), (5, 3, 7, 4), (20, 2, 33, 3), (7, 9, 16, 10)]:
        layers = [
            {"type": "Linear", "num_output": hidden}, {"type": "ReLU", "negative_slope": 0.1},
            {"type": "Linear", "num_output": classes}, {"type": "SoftmaxWithLoss"}]
        yield f"two layers and loss: {batch}x{width}, {hidden}, {classes}", layers, batch, width


def fused_document():
    random, cases = Inputs("Fused"), []
    for name, layers, batch, width in fused_networks():
        kind = ENTRIES[layers[-1]["type"]][0]
        inputs = [random.normal(batch, width)]
        if kind == LOSS:
            inputs.append(random.classes(layers[-2]["num_output"], batch))
        case = Case(name, inputs, parameters=network_parameters(layers, width, random))
        cases.append({"name": name, "network": layers}
                     | described(case, network(layers), kind, random))
    return {"cases": cases}
