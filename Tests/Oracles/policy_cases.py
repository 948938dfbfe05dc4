"""Reference cases of learning-rate policies, computed with 50 digits and by PyTorch's schedulers."""

import math
from decimal import Decimal, localcontext

import torch

PI = Decimal("3.14159265358979323846264338327950288419716939937510582")


def cosine(x):
    """cos x for 0 ≤ x ≤ π, by its series."""
    term, total, n = Decimal(1), Decimal(1), 0
    while abs(term) > Decimal(10) ** -48:
        n += 2
        term *= -x * x / (n * (n - 1))
        total += term
    return total


def between(start, end, share, strategy="cos"):
    if strategy == "linear":
        return start + (end - start) * share
    return end + (start - end) / 2 * (1 + cosine(PI * share))


def power(base, exponent):
    """base^exponent; 0^0 is 1."""
    if exponent == 0:
        return Decimal(1)
    return Decimal(0) if base == 0 else (exponent * base.ln()).exp()


def decay(b, p, i, n):
    """b·γᵏ. k: fixed 0; step ⌊i/stepsize⌋; multistep step values ≤ i; exp i."""
    exponent = {"fixed": lambda: 0,
                "step": lambda: i // p["stepsize"],
                "multistep": lambda: sum(value <= i for value in p["stepvalue"]),
                "exp": lambda: i}[p["type"]]()
    return b * Decimal(p.get("gamma", 1.0)) ** exponent


def restarts(b, p, i, n):
    time, period = i, p.get("length", n)
    while time >= period:
        time, period = time - period, period * p.get("t_mult", 1)
    return between(b, Decimal(p.get("min_lr", 0.0)), Decimal(time) / period)


def one_cycle(b, p, i, n):
    total = Decimal(p.get("length", n))
    first, i = b / Decimal(p.get("div_factor", 25.0)), min(Decimal(i), total - 1)
    last, start = first / Decimal(p.get("final_div_factor", 1e4)), Decimal(p.get("pct_start", 0.3))
    ends = [(start * total - 1, b), (total - 1, last)]
    if p.get("three_phase"):
        ends.insert(1, (2 * start * total - 2, first))
    begin, rate = Decimal(0), first
    for end, value in ends:
        if i <= end:
            share = (i - begin) / (end - begin) if end > begin else Decimal(1)
            return between(rate, value, share, p.get("anneal_strategy", "cos"))
        begin, rate = end, value
    raise ValueError("a cycle without an end")


FORMULAS = {
    "fixed": decay, "step": decay, "multistep": decay, "exp": decay,
    "inv": lambda b, p, i, n: b * power(1 + Decimal(p["gamma"]) * i, -Decimal(p["power"])),
    "poly": lambda b, p, i, n: b * power(
        1 - Decimal(min(i, p.get("length", n))) / p.get("length", n), Decimal(p.get("power", 1.0))),
    "sigmoid": lambda b, p, i, n: b / (1 + (-Decimal(p["gamma"]) * (i - p["stepsize"])).exp()),
    "linear": lambda b, p, i, n: between(
        b, Decimal(p.get("end_lr", 0.0)), Decimal(min(i, p.get("length", n))) / p.get("length", n),
        "linear"),
    "cosine": restarts,
    "one_cycle": one_cycle,
    "inverse_sqrt": lambda b, p, i, n: b / (1 + Decimal(i) / p.get("timescale", 1000)).sqrt(),
    # These are the rates before the first test. `plateaus` has the later ones.
    "plateau": lambda b, p, i, n: b,
}


def learning_rate(base_lr, policy, iteration, length=1):
    """The rate of an iteration, counted from 0, of `length`."""
    with localcontext(prec=50):
        return float(FORMULAS[policy["type"]](Decimal(base_lr), policy, iteration, length))


def torch_rates(base_lr, policy, length):
    """The rates of all iterations by PyTorch's scheduler. None if PyTorch does not have the policy."""
    weight = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    optimizer, kind = torch.optim.SGD([weight], lr=base_lr), policy["type"]
    schedulers = torch.optim.lr_scheduler
    total = policy.get("length", length)
    if kind == "poly":
        scheduler = schedulers.PolynomialLR(optimizer, total, policy.get("power", 1.0))
    elif kind == "cosine":
        scheduler = schedulers.CosineAnnealingWarmRestarts(
            optimizer, total, policy.get("t_mult", 1), policy.get("min_lr", 0.0))
    elif kind == "one_cycle" and 0 < policy.get("pct_start", 0.3) < 1 and total >= length:
        scheduler = schedulers.OneCycleLR(
            optimizer, base_lr, total, pct_start=policy.get("pct_start", 0.3),
            anneal_strategy=policy.get("anneal_strategy", "cos"), cycle_momentum=False,
            div_factor=policy.get("div_factor", 25.0),
            final_div_factor=policy.get("final_div_factor", 1e4),
            three_phase=policy.get("three_phase", False))
    elif kind == "exp":
        scheduler = schedulers.ExponentialLR(optimizer, policy["gamma"])
    else:
        return None
    rates = []
    for _ in range(length):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return rates


AROUND = [0, 1, 2, 99, 100, 101, 199, 200, 201, 250, 299, 300, 999, 1000, 1001]
LENGTHS = [1, 2, 3, 7, 100]


def timeless_cases():
    """(name, policy, iterations): the rate does not depend on the length of the training."""
    yield "fixed", {"type": "fixed"}, AROUND + [10**6, 10**9]
    yield "step", {"type": "step", "gamma": 0.1, "stepsize": 100}, AROUND
    yield "step of one", {"type": "step", "gamma": 0.5, "stepsize": 1}, [0, 1, 2, 3, 10, 60]
    yield "step, gamma 1", {"type": "step", "gamma": 1.0, "stepsize": 7}, [0, 6, 7, 10**9]
    yield "step, large", {"type": "step", "gamma": 0.95, "stepsize": 5000}, [
        4999, 5000, 9999, 10000, 10**6 - 1, 10**6]
    yield "multistep", {"type": "multistep", "gamma": 0.1, "stepvalue": [100, 200, 1000]}, \
        AROUND + [10**6, 10**9]
    yield "multistep, one", {"type": "multistep", "gamma": 0.25, "stepvalue": [1]}, [
        0, 1, 2, 10**9]
    yield "multistep, near", {"type": "multistep", "gamma": 0.5, "stepvalue": [2, 3, 4]}, [
        0, 1, 2, 3, 4, 5]
    yield "exp", {"type": "exp", "gamma": 0.99}, AROUND + [5000]
    yield "exp, slow", {"type": "exp", "gamma": 0.9999}, AROUND + [10**5]
    yield "exp, gamma 1", {"type": "exp", "gamma": 1.0}, [0, 1, 10**9]
    yield "inv, LeNet's", {"type": "inv", "gamma": 0.0001, "power": 0.75}, AROUND + [10**4, 10**8]
    yield "inv, power 0", {"type": "inv", "gamma": 1.0, "power": 0.0}, [0, 1, 10**6]
    yield "inv, steep", {"type": "inv", "gamma": 2.0, "power": 3.0}, [0, 1, 2, 10, 1000]
    yield "sigmoid", {"type": "sigmoid", "gamma": 0.05, "stepsize": 100}, AROUND
    yield "sigmoid, steep", {"type": "sigmoid", "gamma": 3.0, "stepsize": 5}, [0, 1, 4, 5, 6, 50]
    yield "inverse_sqrt", {"type": "inverse_sqrt"}, AROUND + [3000, 10**9]
    yield "inverse_sqrt, timescale 1", {"type": "inverse_sqrt", "timescale": 1}, AROUND
    yield "plateau, before a test", {"type": "plateau"}, [0, 1, 10**9]


def ending_cases():
    """Policies that need or state the length of the training."""
    for fields in [{}, {"power": 2.0}, {"power": 0.5}, {"power": 0.0}, {"length": 5}]:
        yield {"type": "poly"} | fields
    for fields in [{}, {"end_lr": 0.01}, {"end_lr": 0.3, "length": 3}]:
        yield {"type": "linear"} | fields
    for fields in [{}, {"min_lr": 0.02}, {"length": 3}, {"length": 2, "t_mult": 2},
                   {"length": 1, "t_mult": 3, "min_lr": 0.001}, {"length": 1}]:
        yield {"type": "cosine"} | fields
    for fields in [{}, {"pct_start": 0.25, "div_factor": 10.0, "final_div_factor": 100.0},
                   {"anneal_strategy": "linear"}, {"three_phase": True}, {"pct_start": 0.0},
                   {"pct_start": 1.0}, {"length": 4},
                   {"three_phase": True, "anneal_strategy": "linear", "pct_start": 0.5}]:
        yield {"type": "one_cycle"} | fields


def ending_document():
    for policy in ending_cases():
        for length in LENGTHS:
            rates = [learning_rate(0.1, policy, i, length) for i in range(length)]
            try:
                theirs = torch_rates(0.1, policy, length)
            except ZeroDivisionError:  # a phase of no length
                theirs = None
            for ours, other in zip(rates, theirs or rates, strict=True):
                if not math.isclose(ours, other, rel_tol=1e-9, abs_tol=1e-12):
                    raise ValueError(f"{policy}, {length} iterations: {ours} and not {other}")
            fields = ", ".join(f"{k} {v}" for k, v in policy.items() if k != "type")
            shown = range(length) if length < 10 else [0, 1, 2, 24, 28, 29, 30, 31, 58, 59, 98, 99]
            name = f"{policy['type']}, {fields + ', ' if fields else ''}{length} iterations"
            yield {"name": name, "base_lr": 0.1, "lr_policy": policy, "length": length,
                   "rates": [[i, rates[i]] for i in shown]}


def policies_document():
    cases = []
    for name, policy, iterations in timeless_cases():
        rates = [[i, learning_rate(0.1, policy, i)] for i in iterations]
        cases.append({"name": name, "base_lr": 0.1, "lr_policy": policy, "length": 1,
                      "rates": rates})
    return {"cases": cases + list(ending_document())}


# Plateaus

def plateaus_document():
    """Rates after each of a series of tests, by torch.optim.lr_scheduler.ReduceLROnPlateau."""
    cases, generator = [], torch.Generator().manual_seed(3)
    values = (torch.rand(40, generator=generator, dtype=torch.float64) + 2).tolist()
    falling = [round(v / (1 + i / 10), 3) for i, v in enumerate(values)]
    level = [1.0, 0.5, 0.5, 0.49999, 0.4999, 0.6, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.3, 0.3, 0.3, 0.3,
             0.3, 0.3, 0.3, 0.3]
    for series in (falling, level):
        for fields in [{"patience": 1}, {"patience": 2, "factor": 0.5},
                       {"patience": 1, "cooldown": 3, "factor": 0.25},
                       {"patience": 1, "min_lr": 0.02, "factor": 0.3},
                       {"patience": 1, "threshold": 0.1},
                       {"patience": 1, "threshold": 0.1, "threshold_mode": "abs"}, {}]:
            for greater in (False, True):
                weight = torch.zeros(1, requires_grad=True)
                optimizer = torch.optim.SGD([weight], lr=0.1)
                scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(
                    optimizer, "max" if greater else "min", eps=0, **fields)
                rates = []
                for value in series:
                    scheduler.step(value)
                    rates.append(optimizer.param_groups[0]["lr"])
                cases.append({
                    "name": f"{fields}, {'greater' if greater else 'less'} is better",
                    "lr_policy": {"type": "plateau"} | fields, "base_lr": 0.1, "greater": greater,
                    "values": series, "rates": rates})
    return {"cases": cases}
