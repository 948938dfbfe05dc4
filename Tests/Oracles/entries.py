"""Reference cases: PyTorch's forward pass and its automatic gradients, in float64.

An entry is a formula, `(fields, inputs, parameters) -> output`, followed by its cases. A case is
`Case(name, inputs, fields, parameters)`; the gradients at the outputs are drawn at random. A formula of
several outputs returns a tuple; one that changes statistics returns `Result(outputs, statistics)`.
"""

from dataclasses import dataclass, field

import numpy as np
import torch

from case_files import Inputs, as_torch, expected, tensor

TAILS = range(1, 18)
"""Channel counts around one vector of 8 or 16 floats."""

LAYER, LOSS, METRIC = "layer", "loss", "metric"
ENTRIES = {}


@dataclass
class Case:
    name: str
    inputs: list
    fields: dict = field(default_factory=dict)
    parameters: dict = field(default_factory=dict)
    """The parameters in the order of the layer's declaration: trained ones first, then statistics."""
    scale: float = 1.0
    """The magnitude below which an output's tolerance stops shrinking."""
    phase: str = "train"
    statistics: tuple = ()
    """The names of the parameters that are statistics, which have no gradient."""
    differentiable: list | None = None
    """Whether each input has a gradient. Default: all inputs of a layer, the first of a loss."""
    kinks: list | None = None
    """If not None, central differences also check the gradients, except where the first input is near one
    of these values. Keep such cases small: every element costs two runs."""
    batch: int = 1
    """The number of examples of a case without inputs."""
    top_count: int = 1
    """The number of tops that the model file names for a loss."""


@dataclass
class Result:
    outputs: tuple
    statistics: dict
    """The values of the statistics after the step."""


class Fields(dict):
    """The fields of a case, and three properties that a formula may read.

    `phase` is train or test. `batch` is the number of examples of a case without inputs. `top_count` is
    the number of requested outputs.
    """
    phase = "train"
    batch = 1
    top_count = 1


def entry(name, kind, cases):
    """Register the decorated formula, with the function that creates its cases."""
    def register(formula):
        ENTRIES[name] = (kind, formula, cases)
        return formula
    return register


def array(*rows):
    return np.array(rows, np.float32)


def elementwise_cases(inputs, **fields):
    for name, shape in [("batch of 1", (1, 5)), ("odd sizes", (3, 7)), ("one axis", (11,)),
                        ("4 axes", (2, 3, 5, 2)), ("larger", (9, 65))]:
        yield Case(name, [inputs.normal(*shape, scale=2)], fields)
    for count in TAILS:
        yield Case(f"{count} channels", [inputs.normal(1, count, scale=2)], fields)


def outputs_of(formula, case, inputs, parameters):
    """The outputs as a tuple, and the statistics after the step."""
    fields = Fields(case.fields)
    fields.phase, fields.batch, fields.top_count = case.phase, case.batch, case.top_count
    result = formula(fields, inputs, parameters)
    if isinstance(result, Result):
        return tuple(result.outputs), result.statistics
    return (result if isinstance(result, tuple) else (result,)), {}


def evaluate(formula, kind, case, output_gradients, dtype):
    """Outputs and statistics in `dtype`. Includes gradients of inputs and parameters unless it is a metric."""
    default = [kind != METRIC and (kind == LAYER or i == 0) for i in range(len(case.inputs))]
    differentiable = case.differentiable or default
    inputs = [as_torch(a, dtype, d) for a, d in zip(case.inputs, differentiable, strict=True)]
    parameters = {name: as_torch(a, dtype, name not in case.statistics)
                  for name, a in case.parameters.items()}
    outputs, statistics = outputs_of(formula, case, inputs, parameters)
    if kind == METRIC or output_gradients is None:
        return outputs, statistics, [], {}
    if kind == LOSS:
        outputs[0].backward()
    else:
        pairs = [(o, as_torch(g, dtype)) for o, g in zip(outputs, output_gradients, strict=True)
                 if o.requires_grad]
        if pairs:
            torch.autograd.backward([o for o, _ in pairs], [g for _, g in pairs])
    return (outputs, statistics, [t.grad for t in inputs],
            {name: t.grad for name, t in parameters.items() if name not in case.statistics})


def described(case, formula, kind, random):
    """The case with its expected results as in the file, without name and fields."""
    shapes = [o.shape for o in evaluate(formula, METRIC, case, None, torch.float64)[0]]
    gradients = [random.normal(*s, step=0.125) for s in shapes] if kind == LAYER else []
    exact, single = (
        evaluate(formula, kind, case, gradients, dtype) for dtype in (torch.float64, torch.float32))
    result = {"inputs": [tensor(a) for a in case.inputs],
              "parameters": {name: tensor(a) for name, a in case.parameters.items()}}
    if case.phase != "train":
        result["phase"] = case.phase
    if not case.inputs:
        result["batch"] = case.batch
    if case.kinks is not None:
        result["gradient_check"] = case.kinks
    if kind != METRIC:
        result["output_gradients"] = [tensor(g) for g in gradients]
    result["outputs"] = [
        expected(e, s, case.scale) for e, s in zip(exact[0], single[0], strict=True)]
    if exact[1]:
        result["statistics"] = {name: expected(exact[1][name], single[1][name]) for name in exact[1]}
    if kind != METRIC:
        result["input_gradients"] = [
            None if e is None else expected(e, s) for e, s in zip(exact[2], single[2], strict=True)]
        result["parameter_gradients"] = {
            name: expected(exact[3][name], single[3][name]) for name in exact[3]}
    return result


def entry_document(name):
    kind, formula, cases = ENTRIES[name]
    random = Inputs(name)
    return {"entry": name, "cases": [
        {"name": case.name, "fields": case.fields} | described(case, formula, kind, random)
        for case in cases(random)]}
