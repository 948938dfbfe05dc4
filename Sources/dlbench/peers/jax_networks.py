"""The networks of images in JAX: channels last, as XLA's CPU kernels like them.

A network is `(parameters, statistics)` made by NETWORKS[name][0](), and a function
`(parameters, statistics, x, learns) -> (scores, statistics)`.
"""

import math

import jax
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

    def convolution(self, size, inputs, outputs, bias=True):
        weights = {"w": self.normal((size, size, inputs, outputs), size * size * inputs)}
        return weights | ({"b": jnp.zeros(outputs)} if bias else {})

    def linear(self, inputs, outputs):
        return {"w": self.normal((inputs, outputs), inputs), "b": jnp.zeros(outputs)}


def convolution(p, x, stride=1, pad=0):
    y = lax.conv_general_dilated(
        x, p["w"], (stride, stride), [(pad, pad)] * 2, dimension_numbers=("NHWC", "HWIO", "NHWC"))
    return y + p["b"] if "b" in p else y


def linear(p, x):
    return x @ p["w"] + p["b"]


def windows(x, initial, operation, size, stride, extra):
    """Adds a window over `extra` padding elements at the end."""
    padding = [(0, 0), (0, extra), (0, extra), (0, 0)]
    return lax.reduce_window(
        x, initial, operation, (1, size, size, 1), (1, stride, stride, 1), padding)


def maximum(x, size, stride, extra=0):
    return windows(x, -jnp.inf, lax.max, size, stride, extra)


def average(x, size, stride, extra=0):
    ones = jnp.ones((1, *x.shape[1:3], 1))
    return (windows(x, 0.0, lax.add, size, stride, extra)
            / windows(ones, 0.0, lax.add, size, stride, extra))


def flat(x):
    return x.reshape(len(x), -1)


def make_lenet():
    w = Weights()
    return [w.convolution(5, 1, 20), w.convolution(5, 20, 50), w.linear(800, 500),
            w.linear(500, 10)], []


def lenet(p, statistics, x, learns):
    x = maximum(convolution(p[0], x), 2, 2)
    x = maximum(convolution(p[1], x), 2, 2)
    return linear(p[3], jax.nn.relu(linear(p[2], flat(x)))), statistics


def make_cifar_quick():
    w = Weights()
    return [w.convolution(5, 3, 32), w.convolution(5, 32, 32), w.convolution(5, 32, 64),
            w.linear(1024, 64), w.linear(64, 10)], []


def cifar_quick(p, statistics, x, learns):
    x = jax.nn.relu(maximum(convolution(p[0], x, pad=2), 3, 2, 1))
    x = average(jax.nn.relu(convolution(p[1], x, pad=2)), 3, 2, 1)
    x = average(jax.nn.relu(convolution(p[2], x, pad=2)), 3, 2, 1)
    return linear(p[4], linear(p[3], flat(x))), statistics


RESIDUALS = [(width, 2 if index == 0 and width > 16 else 1)
             for width in (16, 32, 64) for index in range(3)]


def make_resnet20():
    w, parameters, channels = Weights(), [], 3
    for width in [16] + [width for width, _ in RESIDUALS for _ in range(2)]:
        parameters.append(w.convolution(3, channels, width, bias=False)
                          | {"scale": jnp.ones(width), "shift": jnp.zeros(width)})
        channels = width
    statistics = [{"mean": jnp.zeros_like(p["scale"]), "variance": jnp.ones_like(p["scale"])}
                  for p in parameters]
    return [*parameters, w.linear(64, 10)], statistics


def normalize(p, x, statistics, learns):
    if learns:
        mean, variance = x.mean((0, 1, 2)), x.var((0, 1, 2))
        statistics = {"mean": 0.9 * statistics["mean"] + 0.1 * mean,
                      "variance": 0.9 * statistics["variance"] + 0.1 * variance}
    else:
        mean, variance = statistics["mean"], statistics["variance"]
    return (x - mean) * lax.rsqrt(variance + 1e-5) * p["scale"] + p["shift"], statistics


def resnet20(p, statistics, x, learns):
    new = []

    def block(index, x, stride):
        y, own = normalize(p[index], convolution(p[index], x, stride, 1), statistics[index], learns)
        new.append(own)
        return y

    x = jax.nn.relu(block(0, x, 1))
    for number, (width, stride) in enumerate(RESIDUALS):
        y = block(2 * number + 2, jax.nn.relu(block(2 * number + 1, x, stride)), 1)
        if stride > 1:
            extra = (width - x.shape[-1]) // 2
            x = jnp.pad(x[:, ::2, ::2], ((0, 0), (0, 0), (0, 0), (extra, extra)))
        x = jax.nn.relu(x + y)
    return linear(p[-1], x.mean((1, 2))), new


NETWORKS = {"lenet": (make_lenet, lenet), "cifar_quick": (make_cifar_quick, cifar_quick),
            "resnet20": (make_resnet20, resnet20)}
