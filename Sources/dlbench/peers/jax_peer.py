"""JAX on XLA's CPU: python jax_peer.py --workload mlp --threads 1 --mode step|scan

step: one jitted training step a call, its state donated. scan: 100 steps a call through lax.scan,
so that Python is met once in 100 steps. Inference has the one mode, step.
"""

import measure

options = measure.arguments(modes=("step", "scan"))

import os

os.environ["JAX_PLATFORMS"] = "cpu"
if options.threads == 1:
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

import jax_networks
import workloads

STEPS_PER_CALL = {"step": 1, "scan": 100}[options.mode]


def perceptron(parameters, statistics, x, learns):
    for weight, bias in parameters[:-1]:
        x = jax.nn.relu(x @ weight + bias)
    weight, bias = parameters[-1]
    return x @ weight + bias, statistics


def network(workload):
    """(parameters, statistics) and the function."""
    if workload.network is None:
        return (jax.tree.map(jnp.asarray, workload.parameters()), []), perceptron
    make, forward = jax_networks.NETWORKS[workload.network]
    return make(), forward


def loss_of(parameters, statistics, forward, x, y):
    scores, statistics = forward(parameters, statistics, x, True)
    chosen = jax.nn.one_hot(y, scores.shape[-1])  # a gather's gradient is a scatter: slower here
    return -(jax.nn.log_softmax(scores) * chosen).sum(-1).mean(), statistics


def first_state(workload, parameters, statistics):
    """Parameters, statistics, and the state of the solver."""
    zeros = jax.tree.map(jnp.zeros_like, parameters)
    kept = ()
    if workload.solver in ("Adam", "AdamW"):
        kept = (zeros, jax.tree.map(jnp.zeros_like, parameters), jnp.zeros(()))
    elif workload.momentum:
        kept = (zeros,)
    return parameters, statistics, kept


def update(workload, parameters, gradients, kept):
    rate, decay, momentum = workload.learning_rate, workload.weight_decay, workload.momentum
    if workload.solver in ("Adam", "AdamW"):
        first, second, count = kept
        count = count + 1
        first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, first, gradients)
        second = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, second, gradients)
        a, b = 1 - 0.9 ** count, 1 - 0.999 ** count
        return jax.tree.map(
            lambda w, m, v: w * (1 - rate * decay) - rate * (m / a) / (jnp.sqrt(v / b) + 1e-8),
            parameters, first, second), (first, second, count)
    gradients = jax.tree.map(lambda w, g: g + decay * w, parameters, gradients)
    if momentum:
        gradients = jax.tree.map(lambda v, g: momentum * v + g, kept[0], gradients)
        kept = (gradients,)
    return jax.tree.map(lambda w, g: w - rate * g, parameters, gradients), kept


def train(workload, forward, x, y, state, indices):
    """One step on the examples that `indices` names: (new state, loss)."""
    parameters, statistics, kept = state
    (loss, statistics), gradients = jax.value_and_grad(loss_of, has_aux=True)(
        parameters, statistics, forward, x[indices], y[indices])
    parameters, kept = update(workload, parameters, gradients, kept)
    return (parameters, statistics, kept), loss


def data(workload):
    """x, with channels last, y, and an endless stream of index rows."""
    x, y = workload.examples()
    rows = (row for epoch in workloads.epochs(workload, len(x)) for row in epoch.astype(np.int32))
    if workload.image:
        x = np.ascontiguousarray(np.moveaxis(x, 1, -1))
    return jnp.asarray(x), jnp.asarray(y.astype(np.int32)), rows


def infer(workload):
    x, _, rows = data(workload)
    (parameters, statistics), forward = network(workload)
    run = jax.jit(lambda p, s, x, indices: forward(p, s, x[indices], False)[0])
    measure.run("jax", options, lambda: run(parameters, statistics, x, next(rows)),
                lambda scores: float(scores.mean()))


def main():
    workload = options.workload
    if workload.inference:
        return infer(workload)
    x, y, rows = data(workload)
    (parameters, statistics), forward = network(workload)

    def one(state, x, y, indices):
        return train(workload, forward, x, y, state, indices)

    def many(state, x, y, indices):
        return lax.scan(lambda s, i: train(workload, forward, x, y, s, i), state, indices)

    advance = jax.jit(many if STEPS_PER_CALL > 1 else one, donate_argnums=0)
    state = [first_state(workload, parameters, statistics)]

    def call():
        indices = np.stack([next(rows) for _ in range(STEPS_PER_CALL)])
        state[0], loss = advance(state[0], x, y, indices if STEPS_PER_CALL > 1 else indices[0])
        return loss

    measure.run("jax", options, call, lambda loss: float(np.ravel(loss)[-1]), STEPS_PER_CALL)


main()
