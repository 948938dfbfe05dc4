"""The solvers' formulas in float64, written from their papers and from Caffe's, and PyTorch's optimizers.

A rule is called with a weight w, its gradient g (clipped and divided, without decay), the rate r = lr·lr_mult, the decay
(l1, l2), the state of the parameter (a dict that it fills), and t, the number of the update from 1. It returns the new w.
If PyTorch has the solver, `TORCH` creates it, and `solver_cases.py` requires agreement within 1e-12.
"""

import numpy as np
import torch


def penalty(w, decay):
    """The slope of l1·Σ|w| + l2/2·Σw²."""
    return decay[0] * np.sign(w) + decay[1] * w


def zeros(state, name, w):
    return state.setdefault(name, np.zeros_like(w))


def sgd(fields, w, g, r, decay, state, t):
    """pytorch: v = m·v + g, w −= r·v; caffe: v = m·v + r·g, w −= v."""
    m, caffe = fields.get("momentum", 0.0), fields.get("momentum_form") == "caffe"
    g = g + penalty(w, decay)
    state["v"] = m * zeros(state, "v", w) + (r * g if caffe else g)
    return w - (state["v"] if caffe else r * state["v"])


def nesterov(fields, w, g, r, decay, state, t):
    """pytorch: v = m·v + g, w −= r·(g + m·v); caffe: v' = m·v + r·g, w −= (1 + m)·v' − m·v."""
    m = fields.get("momentum", 0.9)
    g, last = g + penalty(w, decay), zeros(state, "v", w)
    if fields.get("momentum_form") == "caffe":
        state["v"] = m * last + r * g
        return w - ((1 + m) * state["v"] - m * last)
    state["v"] = m * last + g
    return w - r * (g + m * state["v"])


def adagrad(fields, w, g, r, decay, state, t):
    delta = fields.get("delta", 1e-8 if fields.get("form") == "caffe" else 1e-10)
    g = g + penalty(w, decay)
    state["h"] = zeros(state, "h", w) + g * g
    return w - r * g / (np.sqrt(state["h"]) + delta)


def adadelta(fields, w, g, r, decay, state, t):
    caffe = fields.get("form") == "caffe"
    rho = fields.get("momentum", 0.0 if caffe else 0.9)
    delta = fields.get("delta", 1e-8 if caffe else 1e-6)
    g = g + penalty(w, decay)
    state["h"] = rho * zeros(state, "h", w) + (1 - rho) * g * g
    u = g * np.sqrt((zeros(state, "s", w) + delta) / (state["h"] + delta))
    state["s"] = rho * state["s"] + (1 - rho) * u * u
    return w - r * u


def rmsprop(fields, w, g, r, decay, state, t):
    d, delta = fields.get("rms_decay", 0.99), fields.get("delta", 1e-8)
    g = g + penalty(w, decay)
    state["h"] = d * zeros(state, "h", w) + (1 - d) * g * g
    variance = state["h"]
    if fields.get("centered"):
        state["mean"] = d * zeros(state, "mean", w) + (1 - d) * g
        variance = variance - state["mean"] ** 2
    u = g / (np.sqrt(variance) + delta)
    state["v"] = fields.get("momentum", 0.0) * zeros(state, "v", w) + u
    return w - r * state["v"]


def moments(g, w, beta1, beta2, state):
    state["m"] = beta1 * zeros(state, "m", w) + (1 - beta1) * g
    state["v"] = beta2 * zeros(state, "v", w) + (1 - beta2) * g * g
    return state["m"], state["v"]


def adam(fields, w, g, r, decay, state, t):
    caffe = fields.get("form") == "caffe"
    beta1, beta2 = fields.get("momentum", 0.0 if caffe else 0.9), fields.get("momentum2", 0.999)
    delta = fields.get("delta", 1e-8)
    m, v = moments(g + penalty(w, decay), w, beta1, beta2, state)
    if caffe:
        return w - r * np.sqrt(1 - beta2 ** t) / (1 - beta1 ** t) * m / (np.sqrt(v) + delta)
    return w - r * (m / (1 - beta1 ** t)) / (np.sqrt(v / (1 - beta2 ** t)) + delta)


def adamw(fields, w, g, r, decay, state, t):
    w = w - r * penalty(w, decay)
    return adam(fields, w, g, r, (0.0, 0.0), state, t)


def amsgrad(fields, w, g, r, decay, state, t):
    beta1, beta2 = fields.get("momentum", 0.9), fields.get("momentum2", 0.999)
    m, v = moments(g + penalty(w, decay), w, beta1, beta2, state)
    state["u"] = np.maximum(zeros(state, "u", w), v)
    root = np.sqrt(state["u"] / (1 - beta2 ** t)) + fields.get("delta", 1e-8)
    return w - r * (m / (1 - beta1 ** t)) / root


def nadam(fields, w, g, r, decay, state, t):
    beta1, beta2 = fields.get("momentum", 0.9), fields.get("momentum2", 0.999)
    psi, g = fields.get("momentum_decay", 0.004), g + penalty(w, decay)
    m, v = moments(g, w, beta1, beta2, state)
    mu = [beta1 * (1 - 0.96 ** (i * psi) / 2) for i in range(1, t + 2)]
    product = np.prod(mu[:t])
    ahead = (1 - mu[t - 1]) / (1 - product) * g + mu[t] / (1 - product * mu[t]) * m
    return w - r * ahead / (np.sqrt(v / (1 - beta2 ** t)) + fields.get("delta", 1e-8))


def adamax(fields, w, g, r, decay, state, t):
    beta1, beta2 = fields.get("momentum", 0.9), fields.get("momentum2", 0.999)
    g = g + penalty(w, decay)
    state["m"] = beta1 * zeros(state, "m", w) + (1 - beta1) * g
    state["u"] = np.maximum(beta2 * zeros(state, "u", w), abs(g) + fields.get("delta", 1e-8))
    return w - r / (1 - beta1 ** t) * state["m"] / state["u"]


def lion(fields, w, g, r, decay, state, t):
    """Chen et al. 2023, algorithm 2."""
    beta1, beta2 = fields.get("momentum", 0.9), fields.get("momentum2", 0.99)
    c = beta1 * zeros(state, "m", w) + (1 - beta1) * g
    if ((abs(c) < 1e-4) & (c != 0)).any():
        raise ArithmeticError("a direction is too near to 0 for its sign to be certain")
    state["m"] = beta2 * state["m"] + (1 - beta2) * g
    return w - r * (np.sign(c) + penalty(w, decay))


def lars(fields, w, g, r, decay, state, t):
    """You, Gitman, Ginsburg 2017, algorithm 1. Its velocity includes the rate, as with momentum_form caffe."""
    m, q = fields.get("momentum", 0.9), 1.0
    caffe = fields.get("momentum_form") == "caffe"
    norms = np.linalg.norm(w), np.linalg.norm(g)
    if w.ndim > 1 and min(norms) > 0:
        q = fields.get("trust_coefficient", 0.001) * norms[0] / (
            norms[1] + decay[1] * norms[0] + fields.get("delta", 1e-8))
    step = q * (g + penalty(w, decay))
    state["v"] = m * zeros(state, "v", w) + (r * step if caffe else step)
    return w - (state["v"] if caffe else r * state["v"])


def lamb(fields, w, g, r, decay, state, t):
    """You et al. 2019, algorithm 2, with φ(z) = z."""
    beta1, beta2 = fields.get("momentum", 0.9), fields.get("momentum2", 0.999)
    m, v = moments(g, w, beta1, beta2, state)
    u = (m / (1 - beta1 ** t)) / (np.sqrt(v / (1 - beta2 ** t)) + fields.get("delta", 1e-6))
    u = u + penalty(w, decay)
    norms = np.linalg.norm(w), np.linalg.norm(u)
    ratio = norms[0] / norms[1] if w.ndim > 1 and min(norms) > 0 else 1.0
    return w - r * ratio * u


def newton_schulz(x, steps):
    """x·(a + b·xᵀx + c·(xᵀx)²) from x/‖x‖ on, which moves singular values alone: by the values themselves."""
    left, values, right = np.linalg.svd(x / max(np.linalg.norm(x), 1e-7), full_matrices=False)
    for _ in range(steps):
        values = 3.4445 * values - 4.7750 * values ** 3 + 2.0315 * values ** 5
    return left @ np.diag(values) @ right


def muon(fields, w, g, r, decay, state, t):
    """Jordan et al. 2024; biases by AdamW."""
    if w.ndim < 2:
        return adamw({}, w, g, r, decay, state, t)
    m, (rows, columns) = fields.get("momentum", 0.95), w.shape
    state["v"] = m * zeros(state, "v", w) + g
    x = g + m * state["v"] if fields.get("nesterov", True) else state["v"]
    o = newton_schulz(x, fields.get("ns_steps", 5))
    s = np.sqrt(max(1.0, rows / columns))
    if fields.get("adjust_lr") == "match_rms_adamw":
        s = 0.2 * np.sqrt(max(rows, columns))
    return w - r * penalty(w, decay) - r * s * o


RULES = {"SGD": sgd, "Nesterov": nesterov, "AdaGrad": adagrad, "AdaDelta": adadelta,
         "RMSProp": rmsprop, "Adam": adam, "AdamW": adamw, "AMSGrad": amsgrad, "NAdam": nadam,
         "Adamax": adamax, "Lion": lion, "LARS": lars, "LAMB": lamb, "Muon": muon}


def betas(fields):
    return {"betas": (fields.get("momentum", 0.9), fields.get("momentum2", 0.999)),
            "eps": fields.get("delta", 1e-8)}


TORCH = {
    "SGD": lambda p, f: torch.optim.SGD(p, lr=1.0, momentum=f.get("momentum", 0.0)),
    "Nesterov": lambda p, f: torch.optim.SGD(
        p, lr=1.0, momentum=f.get("momentum", 0.9), nesterov=True),
    "AdaGrad": lambda p, f: torch.optim.Adagrad(p, eps=f.get("delta", 1e-10)),
    "AdaDelta": lambda p, f: torch.optim.Adadelta(
        p, rho=f.get("momentum", 0.9), eps=f.get("delta", 1e-6)),
    "RMSProp": lambda p, f: torch.optim.RMSprop(
        p, alpha=f.get("rms_decay", 0.99), eps=f.get("delta", 1e-8),
        centered=f.get("centered", False), momentum=f.get("momentum", 0.0)),
    "Adam": lambda p, f: torch.optim.Adam(p, **betas(f)),
    "AdamW": lambda p, f: torch.optim.AdamW(p, **betas(f)),
    "AMSGrad": lambda p, f: torch.optim.Adam(p, amsgrad=True, **betas(f)),
    "NAdam": lambda p, f: torch.optim.NAdam(
        p, momentum_decay=f.get("momentum_decay", 0.004), **betas(f)),
    "Adamax": lambda p, f: torch.optim.Adamax(p, **betas(f)),
}
"""Optimizers over parameter groups. Each group has its own lr and weight_decay."""
