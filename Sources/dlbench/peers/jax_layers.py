"""Layers in JAX: channels last, as XLA's CPU kernels like them, and one or two spatial axes."""

import math

import jax.numpy as jnp
import numpy as np
from jax import lax


class Weights:
    """Draws parameters: normal weights of variance 2/inputs, zero biases."""

    def __init__(self):
        self.random = np.random.default_rng(2)

    def normal(self, shape, inputs):
        values = self.random.standard_normal(shape, np.float32)
        return jnp.asarray(values * np.float32(math.sqrt(2 / inputs)))

    def convolution(self, size, inputs, outputs, bias=True, axes=2):
        """`inputs` are those of one output."""
        window = (size,) * axes
        weights = {"w": self.normal((*window, inputs, outputs), math.prod(window) * inputs)}
        return weights | ({"b": jnp.zeros(outputs)} if bias else {})

    def linear(self, inputs, outputs):
        return {"w": self.normal((inputs, outputs), inputs), "b": jnp.zeros(outputs)}


def convolution(p, x, stride=1, pad=0):
    axes = "HW"[4 - x.ndim:]
    layout = (f"N{axes}C", f"{axes}IO", f"N{axes}C")
    y = lax.conv_general_dilated(
        x, p["w"], (stride,) * len(axes), [(pad, pad)] * len(axes), dimension_numbers=layout)
    return y + p["b"] if "b" in p else y


def linear(p, x):
    return x @ p["w"] + p["b"]


def windows(x, initial, operation, size, stride, extra):
    """Adds a window over `extra` padding elements at the end."""
    axes = x.ndim - 2
    padding = [(0, 0), *[(0, extra)] * axes, (0, 0)]
    return lax.reduce_window(
        x, initial, operation, (1, *[size] * axes, 1), (1, *[stride] * axes, 1), padding)


def maximum(x, size, stride, extra=0):
    return windows(x, -jnp.inf, lax.max, size, stride, extra)


def average(x, size, stride, extra=0):
    ones = jnp.ones((1, *x.shape[1:-1], 1))
    return (windows(x, 0.0, lax.add, size, stride, extra)
            / windows(ones, 0.0, lax.add, size, stride, extra))


def flat(x):
    return x.reshape(len(x), -1)


def normalized(p):
    """Adds scale and shift of a batch normalization to the parameters of the layer before it."""
    width = p["w"].shape[-1]
    return p | {"scale": jnp.ones(width), "shift": jnp.zeros(width)}


def normalize(p, x, statistics, learns):
    if learns:
        axes = tuple(range(x.ndim - 1))
        mean, variance = x.mean(axes), x.var(axes)
        statistics = {"mean": 0.9 * statistics["mean"] + 0.1 * mean,
                      "variance": 0.9 * statistics["variance"] + 0.1 * variance}
    else:
        mean, variance = statistics["mean"], statistics["variance"]
    return (x - mean) * lax.rsqrt(variance + 1e-5) * p["scale"] + p["shift"], statistics


def first_statistics(parameters):
    """The running statistics of every batch normalization."""
    return [{"mean": jnp.zeros_like(p["scale"]), "variance": jnp.ones_like(p["scale"])}
            for p in parameters if "scale" in p]
