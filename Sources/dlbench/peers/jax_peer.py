"""JAX on XLA's CPU: python jax_peer.py --workload mlp --threads 1 --mode step|scan

step: one jitted training step a call, its state donated. scan: 100 steps a call through lax.scan,
so that Python is met once in 100 steps.
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

import workloads

STEPS_PER_CALL = {"step": 1, "scan": 100}[options.mode]


def loss_of(parameters, x, y):
    for weight, bias in parameters[:-1]:
        x = jax.nn.relu(x @ weight + bias)
    weight, bias = parameters[-1]
    log_probability = jax.nn.log_softmax(x @ weight + bias)
    chosen = jax.nn.one_hot(y, len(bias))  # a gather's gradient is a scatter, which is slower here
    return -(log_probability * chosen).sum(1).mean()


def train(workload, x, y, parameters, indices):
    """One step on the examples that `indices` names: (new parameters, loss)."""
    loss, gradients = jax.value_and_grad(loss_of)(parameters, x[indices], y[indices])
    rate, decay = workload.learning_rate, workload.weight_decay
    return jax.tree.map(lambda w, g: w - rate * (g + decay * w), parameters, gradients), loss


def main():
    workload = options.workload
    x, y = workload.examples()
    rows = (row for epoch in workloads.epochs(workload, len(x)) for row in epoch.astype(np.int32))
    x, y = jnp.asarray(x), jnp.asarray(y.astype(np.int32))

    def one(parameters, x, y, indices):
        return train(workload, x, y, parameters, indices)

    def many(parameters, x, y, indices):
        return lax.scan(lambda p, i: train(workload, x, y, p, i), parameters, indices)

    advance = jax.jit(many if STEPS_PER_CALL > 1 else one, donate_argnums=0)
    state = [jax.tree.map(jnp.asarray, workload.parameters())]

    def call():
        indices = np.stack([next(rows) for _ in range(STEPS_PER_CALL)])
        state[0], loss = advance(state[0], x, y, indices if STEPS_PER_CALL > 1 else indices[0])
        return loss

    measure.run("jax", options, call, lambda loss: float(np.ravel(loss)[-1]), STEPS_PER_CALL)


main()
