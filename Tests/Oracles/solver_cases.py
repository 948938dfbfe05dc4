"""Reference cases of solvers and learning-rate policies, and a short training run."""

from decimal import Decimal, localcontext

import numpy as np
import torch

from case_files import Inputs, as_torch, decimal, expected, tensor
from layer_cases import Case, network, network_parameters

UPDATES = 10
SOLVER_TOLERANCE = 1e-5


# Learning-rate policies

def learning_rate(base_lr, policy, iteration):
    """b·γᵏ in 50 digits. k: fixed 0; step ⌊i/stepsize⌋; multistep step values ≤ i; exp i."""
    exponent = {"fixed": lambda: 0,
                "step": lambda: iteration // policy["stepsize"],
                "multistep": lambda: sum(value <= iteration for value in policy["stepvalue"]),
                "exp": lambda: iteration}[policy["type"]]()
    with localcontext(prec=50):
        return float(Decimal(base_lr) * Decimal(policy.get("gamma", 1.0)) ** exponent)


def policies_document():
    around = [0, 1, 2, 99, 100, 101, 199, 200, 201, 250, 299, 300, 999, 1000, 1001]
    cases = []
    for name, policy, iterations in [
            ("fixed", {"type": "fixed"}, around + [10**6, 10**9]),
            ("step", {"type": "step", "gamma": 0.1, "stepsize": 100}, around),
            ("step of one", {"type": "step", "gamma": 0.5, "stepsize": 1}, [0, 1, 2, 3, 10, 60]),
            ("step, gamma 1", {"type": "step", "gamma": 1.0, "stepsize": 7}, [0, 6, 7, 10**9]),
            ("step, large", {"type": "step", "gamma": 0.95, "stepsize": 5000},
             [4999, 5000, 9999, 10000, 10**6 - 1, 10**6]),
            ("multistep", {"type": "multistep", "gamma": 0.1, "stepvalue": [100, 200, 1000]},
             around + [10**6, 10**9]),
            ("multistep, one", {"type": "multistep", "gamma": 0.25, "stepvalue": [1]},
             [0, 1, 2, 10**9]),
            ("multistep, near", {"type": "multistep", "gamma": 0.5, "stepvalue": [2, 3, 4]},
             [0, 1, 2, 3, 4, 5]),
            ("exp", {"type": "exp", "gamma": 0.99}, around + [5000]),
            ("exp, slow", {"type": "exp", "gamma": 0.9999}, around + [10**5]),
            ("exp, gamma 1", {"type": "exp", "gamma": 1.0}, [0, 1, 10**9])]:
        rates = [[i, learning_rate(0.1, policy, i)] for i in iterations]
        cases.append({"name": name, "base_lr": 0.1, "lr_policy": policy, "rates": rates})
    return {"cases": cases}


# SGD

def sgd(fields, parameters, gradients):
    """The parameters after every update, in float64.

    G = Σ of `iter_size` gradients; G·= limit/‖G‖ if the norm over all parameters passes the limit;
    g = G/iter_size + λ·decay_mult·w (L2) or + λ·decay_mult·sign w (L1); r = lr·lr_mult;
    pytorch: v = m·v + g, w −= r·v; caffe: v = m·v + r·g, w −= v.
    """
    weights = [np.float64(p["values"]) for p in parameters]
    velocities = [np.zeros_like(w) for w in weights]
    momentum, decay = fields.get("momentum", 0.0), fields.get("weight_decay", 0.0)
    steps, history = fields.get("iter_size", 1), []
    for update in range(len(gradients) // steps):
        micro_steps = gradients[update * steps:(update + 1) * steps]
        sums = [sum(np.float64(step[i]) for step in micro_steps) for i in range(len(weights))]
        norm = np.sqrt(sum((s ** 2).sum() for s in sums))
        limit = fields.get("clip_gradients", np.inf)
        scale = limit / norm if norm > limit else 1.0
        rate = learning_rate(fields["base_lr"], fields.get("lr_policy", {"type": "fixed"}), update)
        for i, parameter in enumerate(parameters):
            w, r = weights[i], rate * parameter["lr_mult"]
            penalty = np.sign(w) if fields.get("regularization_type", "L2") == "L1" else w
            g = sums[i] * scale / steps + decay * parameter["decay_mult"] * penalty
            if fields.get("momentum_form", "pytorch") == "pytorch":
                velocities[i] = momentum * velocities[i] + g
                weights[i] = w - r * velocities[i]
            else:
                velocities[i] = momentum * velocities[i] + r * g
                weights[i] = w - velocities[i]
        history.append([w.copy() for w in weights])
    return history


def torch_sgd(fields, parameters, gradients):
    """The same with torch.optim.SGD, which has neither L1 nor Caffe's momentum."""
    weights = [as_torch(np.float64(p["values"]), torch.float64, True) for p in parameters]
    optimizer = torch.optim.SGD(
        [{"params": [w], "weight_decay": fields.get("weight_decay", 0.0) * p["decay_mult"]}
         for w, p in zip(weights, parameters, strict=True)],
        lr=fields["base_lr"], momentum=fields.get("momentum", 0.0))
    steps, history = fields.get("iter_size", 1), []
    for update in range(len(gradients) // steps):
        for i, w in enumerate(weights):
            w.grad = sum(as_torch(np.float64(step[i]), torch.float64)
                         for step in gradients[update * steps:(update + 1) * steps])
        torch.nn.utils.clip_grad_norm_(weights, fields.get("clip_gradients", np.inf))
        rate = learning_rate(fields["base_lr"], fields.get("lr_policy", {"type": "fixed"}), update)
        for w, p, group in zip(weights, parameters, optimizer.param_groups, strict=True):
            w.grad /= steps
            group["lr"] = rate * p["lr_mult"]
        optimizer.step()
        history.append([w.detach().numpy().copy() for w in weights])
    return history


def torch_has(fields):
    """With a constant rate both forms of momentum give the same weights."""
    constant = fields.get("lr_policy", {"type": "fixed"})["type"] == "fixed"
    pytorch_form = fields.get("momentum_form", "pytorch") == "pytorch"
    return fields.get("regularization_type", "L2") == "L2" and (constant or pytorch_form)


MULTIPLIERS = {"weight": (1.0, 1.0), "bias": (1.0, 1.0)}
"""(lr_mult, decay_mult) of each parameter."""


def sgd_cases():
    """(name, fields, multipliers)"""
    momentum, decay = {"base_lr": 0.1, "momentum": 0.9}, {"weight_decay": 0.05}
    halving = {"lr_policy": {"type": "step", "stepsize": 3, "gamma": 0.5}}
    caffe, doubled = {"momentum_form": "caffe"}, {"weight": (1.0, 1.0), "bias": (2.0, 0.0)}
    l1 = {"regularization_type": "L1"}
    yield "plain", {"base_lr": 0.1}, MULTIPLIERS
    yield "momentum", momentum, MULTIPLIERS
    yield "momentum, pytorch form written out", momentum | {"momentum_form": "pytorch"}, MULTIPLIERS
    yield "momentum, caffe form", momentum | caffe, MULTIPLIERS
    yield "decay", {"base_lr": 0.1} | decay, MULTIPLIERS
    yield "decay, L2 written out", momentum | decay | {"regularization_type": "L2"}, MULTIPLIERS
    yield "decay L1", {"base_lr": 0.1} | decay | l1, MULTIPLIERS
    yield "decay L1, momentum", momentum | decay | l1, doubled
    yield "multipliers", momentum | decay, {"weight": (0.5, 3.0), "bias": (2.0, 0.0)}
    yield "frozen weight", momentum | decay, {"weight": (0.0, 1.0), "bias": (1.0, 1.0)}
    yield "clipped", {"base_lr": 0.1, "clip_gradients": 1.0}, MULTIPLIERS
    yield "never clipped", {"base_lr": 0.1, "clip_gradients": 1000.0}, MULTIPLIERS
    yield "sometimes clipped, before decay", momentum | decay | {"clip_gradients": 3.0}, doubled
    yield "accumulated", {"base_lr": 0.1, "iter_size": 3}, MULTIPLIERS
    yield "accumulated, clipped before the division", \
        momentum | decay | {"iter_size": 2, "clip_gradients": 3.0}, MULTIPLIERS
    yield "rate steps", momentum | halving, MULTIPLIERS
    yield "rate steps, caffe form", momentum | halving | caffe, MULTIPLIERS
    yield "rate steps, no momentum", {"base_lr": 0.1} | halving, MULTIPLIERS
    everything = momentum | decay | halving | {"iter_size": 2, "clip_gradients": 3.0}
    yield "everything", everything, doubled
    yield "everything, caffe form", everything | caffe, doubled
    yield "everything, caffe form, L1", everything | caffe | l1, doubled


def sgd_document():
    random, cases = Inputs("SGD"), []
    for name, fields, multipliers in sgd_cases():
        shapes = {"weight": 5, "bias": 2}
        parameters = [{"name": p, "values": tensor(random.normal(shapes[p]))["values"],
                       "lr_mult": lr, "decay_mult": decay}
                      for p, (lr, decay) in multipliers.items()]
        gradients = [[tensor(random.normal(shapes[p]))["values"] for p in multipliers]
                     for _ in range(UPDATES * fields.get("iter_size", 1))]
        lasso = fields.get("regularization_type") == "L1"
        if lasso:  # sign 0 is 0: an untouched zero stays
            parameters[0]["values"][0] = 0.0
            for step in gradients:
                step[0][0] = 0.0
        history = sgd(fields, parameters, gradients)
        if lasso and any((abs(w) < 1e-4)[w != 0].any() for update in history for w in update):
            raise ValueError(f"{name}: a weight is too near to 0 for its sign to be certain")
        if torch_has(fields):  # torch clips to limit / (norm + 1e-6)
            for ours, theirs in zip(history, torch_sgd(fields, parameters, gradients), strict=True):
                for a, b in zip(ours, theirs, strict=True):
                    np.testing.assert_allclose(
                        a, b, rtol=0, atol=1e-5 if "clip_gradients" in fields else 1e-12)
        cases.append({"name": name, "fields": fields, "parameters": parameters,
                      "gradients": gradients, "tolerance": SOLVER_TOLERANCE,
                      "expected": [[list(map(decimal, w)) for w in update] for update in history]})
    return {"entry": "SGD", "cases": cases}


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
