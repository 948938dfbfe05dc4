"""Reference cases of solvers, and a short training run."""

import numpy as np
import torch

from case_files import Inputs, as_torch, decimal, expected, tensor
from entries import Case
from layer_cases import network, network_parameters
from policy_cases import learning_rate
from solver_rules import RULES, TORCH

UPDATES = 10
SOLVER_TOLERANCE = 1e-5
SHAPES = {"weight": (4, 3), "bias": (4,), "last": (2, 4)}
"""The shapes of two linear layers, one with a bias and one without."""


# Updates

def coefficients(fields, options):
    """(l1, l2) of a parameter, and the bound of its rows."""
    regularizer = options.get("regularization_type", fields.get("regularization_type", "L2"))
    regularizer = regularizer if isinstance(regularizer, dict) else {"type": regularizer}
    strength = options.get("weight_decay", fields.get("weight_decay", 0.0))
    strength *= options.get("decay_mult", 1.0)
    if regularizer["type"] == "max_norm":
        return (0.0, 0.0), regularizer["limit"] if options.get("decay_mult", 1.0) > 0 else None
    ratio = {"L1": 1.0, "L2": 0.0, "elastic": regularizer.get("l1_ratio", 0.5)}[regularizer["type"]]
    return (strength * ratio, strength * (1 - ratio)), None


def prepared(fields, gradients, update):
    """The gradients of an update: those of its micro-steps are added, clipped, and divided by their number.

    The norm is that of all trained parameters together, as in Caffe.
    """
    steps = fields.get("iter_size", 1)
    parts = gradients[update * steps:(update + 1) * steps]
    sums = [sum(np.float64(part[i]) for part in parts) for i in range(len(parts[0]))]
    norm, limit = np.sqrt(sum((s ** 2).sum() for s in sums)), fields.get("clip_gradients", np.inf)
    return [s * (limit / norm if norm > limit else 1.0) / steps for s in sums]


def rate(fields, update):
    return learning_rate(fields["base_lr"], fields.get("lr_policy", {"type": "fixed"}), update)


def bounded(w, limit):
    if limit is None or w.ndim < 2:
        return w
    norms = np.linalg.norm(w, axis=1, keepdims=True)
    return w * np.minimum(1, limit / norms)


def trajectory(solver, fields, parameters, gradients):
    """The parameters after every update, their averages after the last, and the penalties before each."""
    weights = [np.float64(p["values"]).reshape(p["shape"]) for p in parameters]
    states, averages = [{} for _ in weights], None
    history, penalties = [], []
    for update in range(len(gradients) // fields.get("iter_size", 1)):
        total = 0.0
        for i, g in enumerate(prepared(fields, gradients, update)):
            options = parameters[i]["options"]
            decay, limit = coefficients(fields, options)
            r = rate(fields, update) * options.get("lr_mult", 1.0)
            if r == 0:
                continue
            w, g = weights[i], g.reshape(weights[i].shape)
            total += decay[0] * abs(w).sum() + decay[1] / 2 * (w * w).sum()
            w = RULES[solver](fields, w, g, r, decay, states[i], update + 1)
            weights[i] = bounded(w, limit)
            if decay[0] and ((abs(w) < 1e-4) & (w != 0)).any():
                raise ArithmeticError("a weight is too near to 0 for its sign to be certain")
        kept = fields.get("ema")
        if kept is not None:
            averages = [kept * a + (1 - kept) * w for a, w in zip(averages or weights, weights)]
        penalties.append(total)
        history.append([w.ravel().copy() for w in weights])
    return history, averages, penalties


def torch_trajectory(solver, fields, parameters, gradients):
    """The same by PyTorch. None if PyTorch does not support all fields."""
    caffe = "caffe" in (fields.get("form"), fields.get("momentum_form"))
    l2 = fields.get("regularization_type", "L2") == "L2" and not any(
        "regularization_type" in p["options"] for p in parameters)
    plain = solver == "Nesterov" and fields.get("momentum") == 0.0  # which PyTorch refuses
    if solver not in TORCH or caffe or plain or not l2:
        return None
    weights = [torch.tensor(p["values"], dtype=torch.float64, requires_grad=True)
               for p in parameters]
    groups = [{"params": [w], "weight_decay": coefficients(fields, p["options"])[0][1]}
              for w, p in zip(weights, parameters, strict=True)]
    optimizer, history = TORCH[solver](groups, fields), []
    for update in range(len(gradients) // fields.get("iter_size", 1)):
        prepared_gradients = prepared(fields, gradients, update)
        for w, g, p, group in zip(
                weights, prepared_gradients, parameters, optimizer.param_groups, strict=True):
            w.grad = torch.from_numpy(np.float64(g))
            group["lr"] = rate(fields, update) * p["options"].get("lr_mult", 1.0)
        optimizer.step()
        history.append([w.detach().numpy().copy() for w in weights])
    return history


# Cases

MULTIPLIED = {"weight": {"lr_mult": 0.5, "decay_mult": 3.0}, "bias": {"lr_mult": 2.0, "decay_mult": 0.0}}
DOUBLED = {"bias": {"lr_mult": 2.0, "decay_mult": 0.0}}
HALVING = {"lr_policy": {"type": "step", "stepsize": 3, "gamma": 0.5}}
DECAY = {"weight_decay": 0.05}
CAFFE = {"form": "caffe"}
VELOCITY = {"momentum_form": "caffe"}
TRUST = {"trust_coefficient": 0.2}

RATES = {"SGD": 0.1, "Nesterov": 0.05, "AdaGrad": 0.1, "AdaDelta": 1.0, "RMSProp": 0.01,
         "Adam": 0.02, "AdamW": 0.02, "AMSGrad": 0.02, "NAdam": 0.02, "Adamax": 0.02, "Lion": 0.01,
         "LARS": 0.1, "LAMB": 0.02, "Muon": 0.02}

OWN_FIELDS = {
    "SGD": [{"momentum": 0.9}, {"momentum": 0.9, "momentum_form": "pytorch"},
            {"momentum": 0.9} | VELOCITY, {"momentum": 0.9} | VELOCITY | HALVING,
            {"momentum": 0.9} | HALVING],
    "Nesterov": [{"momentum": 0.0}, {"momentum": 0.5}, VELOCITY, VELOCITY | HALVING],
    "AdaGrad": [{"delta": 0.1}, CAFFE, CAFFE | {"delta": 0.01}],
    "AdaDelta": [{"momentum": 0.5}, {"delta": 0.001}, CAFFE, CAFFE | {"momentum": 0.95}],
    "RMSProp": [{"rms_decay": 0.9}, {"delta": 0.1}, {"centered": True}, {"momentum": 0.9},
                {"centered": True, "momentum": 0.5, "rms_decay": 0.8}, CAFFE,
                CAFFE | {"rms_decay": 0.5, "delta": 0.01}],
    "Adam": [{"momentum": 0.5, "momentum2": 0.9}, {"momentum": 0.0}, {"delta": 0.1}, CAFFE,
             CAFFE | {"momentum": 0.9, "delta": 0.1}, CAFFE | HALVING | {"momentum": 0.9}],
    "AdamW": [{"momentum": 0.5, "momentum2": 0.9, "delta": 0.1} | DECAY],
    "AMSGrad": [{"momentum": 0.5, "momentum2": 0.5, "delta": 0.1}],
    "NAdam": [{"momentum": 0.5, "momentum2": 0.9, "delta": 0.1}, {"momentum_decay": 0.1}],
    "Adamax": [{"momentum": 0.5, "momentum2": 0.9, "delta": 0.1}],
    "Lion": [{"momentum": 0.5, "momentum2": 0.9}],
    "LARS": [TRUST | DECAY, TRUST | {"momentum": 0.0}, TRUST | VELOCITY | HALVING | DECAY,
             TRUST | {"delta": 0.5}, TRUST | DECAY | {"regularization_type": "L1"}],
    "LAMB": [{"momentum": 0.5, "momentum2": 0.9, "delta": 0.1}],
    "Muon": [{"momentum": 0.5}, {"nesterov": False}, {"ns_steps": 1},
             {"adjust_lr": "match_rms_adamw"}],
}
"""Fields in addition to base_lr. Each entry is a case for a field that only this solver has."""


def common_cases():
    """The cases of every solver, as (name, fields, options)."""
    yield "plain", {}, {}
    yield "decay", DECAY, {}
    yield "decay L1", DECAY | {"regularization_type": "L1"}, DOUBLED
    yield "multipliers", DECAY, MULTIPLIED
    yield "frozen weight", DECAY, {"weight": {"lr_mult": 0.0}}
    yield "everything", DECAY | HALVING | {"iter_size": 2, "clip_gradients": 3.0}, DOUBLED


def sgd_cases():
    """Cases of the update that do not depend on the solver's rule. They use SGD."""
    momentum, l1 = {"momentum": 0.9}, {"regularization_type": "L1"}
    elastic = {"regularization_type": {"type": "elastic", "l1_ratio": 0.25}}
    bound = {"regularization_type": {"type": "max_norm", "limit": 0.75}}
    yield "clipped", {"clip_gradients": 1.0}, {}
    yield "never clipped", {"clip_gradients": 1000.0}, {}
    yield "sometimes clipped, before decay", momentum | DECAY | {"clip_gradients": 3.0}, DOUBLED
    yield "accumulated", {"iter_size": 3}, {}
    yield "accumulated, clipped before the division", \
        momentum | DECAY | {"iter_size": 2, "clip_gradients": 3.0}, {}
    yield "decay, L2 written out", momentum | DECAY | {"regularization_type": "L2"}, {}
    yield "decay L1, momentum", momentum | DECAY | l1, DOUBLED
    everything = momentum | DECAY | HALVING | {"iter_size": 2, "clip_gradients": 3.0}
    yield "everything, caffe form", everything | VELOCITY, DOUBLED
    yield "everything, caffe form, L1", everything | VELOCITY | l1, DOUBLED
    yield "elastic", momentum | DECAY | elastic, DOUBLED
    yield "max-norm", momentum | bound, {}
    yield "max-norm, but not of the first", momentum | bound, {"weight": {"decay_mult": 0.0}}
    yield "decay of its own", momentum | DECAY, \
        {"weight": {"weight_decay": 0.2}, "last": {"weight_decay": 0.0}}
    yield "regularizers of their own", momentum | DECAY | {"show_regularization": True}, {
        "weight": {"regularization_type": "L1", "weight_decay": 0.02, "decay_mult": 2.0},
        "last": {"regularization_type": bound["regularization_type"]}}
    yield "penalties", momentum | DECAY | elastic | {"show_regularization": True}, MULTIPLIED
    yield "averages", momentum | {"ema": 0.75}, {}
    yield "averages, frozen weight", momentum | {"ema": 0.5}, {"weight": {"lr_mult": 0.0}}
    yield "averages of nothing but the last", momentum | {"ema": 0.0} | bound, {}


def cases(solver):
    yield from common_cases()
    for fields in OWN_FIELDS[solver]:
        shown = {k: v["type"] if isinstance(v, dict) else v for k, v in fields.items()}
        yield ", ".join(f"{k} {v}" for k, v in shown.items()), fields, {}
    if solver == "SGD":
        yield from sgd_cases()


def solver_case(solver, name, fields, options, attempt):
    random = Inputs(f"{solver} {name} {attempt}")
    fields = {"base_lr": RATES[solver]} | fields
    parameters = [
        {"name": p, "shape": list(shape), "values": tensor(random.normal(*shape))["values"],
         "options": options.get(p, {})}
        for p, shape in SHAPES.items()]
    gradients = [[tensor(random.normal(*shape))["values"] for shape in SHAPES.values()]
                 for _ in range(UPDATES * fields.get("iter_size", 1))]
    if "L1" in name:  # sign 0 is 0: an untouched zero stays
        parameters[0]["values"][0] = 0.0
        for step in gradients:
            step[0][0] = 0.0
    # A frozen parameter has no gradient.
    for step in gradients:
        for i, parameter in enumerate(parameters):
            if parameter["options"].get("lr_mult") == 0:
                step[i] = [0.0] * len(step[i])
    history, averages, penalties = trajectory(solver, fields, parameters, gradients)
    theirs = torch_trajectory(solver, fields, parameters, gradients)
    allowed = 1e-7 if solver == "NAdam" else 1e-12  # whose product of factors is float32 in PyTorch
    if theirs:
        for ours, other in zip(history, theirs, strict=True):
            for a, b in zip(ours, other, strict=True):
                np.testing.assert_allclose(a, b, rtol=0, atol=allowed)
    case = {"name": name, "fields": {"type": solver} | fields, "parameters": parameters,
            "gradients": gradients, "tolerance": SOLVER_TOLERANCE,
            "expected": [[list(map(decimal, w)) for w in update] for update in history]}
    if averages:
        case["averages"] = [list(map(decimal, w.ravel())) for w in averages]
    if fields.get("show_regularization"):
        case["penalties"] = list(map(decimal, penalties))
    return case


def solver_document(solver):
    documents = []
    for name, fields, options in cases(solver):
        for attempt in range(100):
            try:
                documents.append(solver_case(solver, name, fields, options, attempt))
                break
            except ArithmeticError:  # numbers whose sign is not certain: others are taken
                continue
        else:
            raise ValueError(f"{solver} {name}: no numbers that will do")
    return {"entry": solver, "cases": documents}


# A trajectory

def train(layers, fields, case, dtype):
    """The loss before each of ten updates on one fixed batch, and the parameters after the last."""
    inputs = [as_torch(a, dtype) for a in case.inputs]
    parameters = {name: as_torch(a, dtype, True) for name, a in case.parameters.items()}
    optimizer = torch.optim.SGD(parameters.values(), lr=fields["base_lr"],
                                momentum=fields["momentum"], weight_decay=fields["weight_decay"])
    formula, losses = network(layers, kink_distance=1e-6), []
    for _ in range(UPDATES):
        optimizer.zero_grad()
        loss = formula({}, inputs, parameters)
        loss.backward()
        losses.append(loss.detach())
        optimizer.step()
    return torch.stack(losses), parameters


def trajectory_document():
    layers = [{"type": "Linear", "num_output": 100}, {"type": "ReLU"},
              {"type": "Linear", "num_output": 3}, {"type": "SoftmaxWithLoss"}]
    fields = {"base_lr": 0.5, "momentum": 0.9, "weight_decay": 0.001}
    random = Inputs("trajectory")
    parameters = network_parameters(layers, 2, random, scale=0.1, step=0.0001)
    case = Case("", [random.normal(20, 2), np.float32(np.arange(20) % 3)], parameters=parameters)
    (losses, final), (losses32, final32) = (
        train(layers, fields, case, d) for d in (torch.float64, torch.float32))
    return {"network": layers, "solver": {"type": "SGD"} | fields,
            "inputs": [tensor(a) for a in case.inputs],
            "parameters": {name: tensor(a) for name, a in parameters.items()},
            "losses": expected(losses, losses32),
            "final_parameters": {name: expected(final[name], final32[name]) for name in final}}
