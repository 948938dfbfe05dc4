"""The named networks in JAX.

A network is `(parameters, statistics)` made by NETWORKS[name][0](), and a function
`(parameters, statistics, x, learns) -> (scores, statistics)`. The statistics are everything else
that a step leaves for the next one: running means and variances, and the random key of dropout.
"""

import jax
import jax.numpy as jnp

import jax_held_out
from jax_layers import (Weights, average, convolution, first_statistics, flat, linear, maximum,
                        normalize, normalized)


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
        parameters.append(normalized(w.convolution(3, channels, width, bias=False)))
        channels = width
    return [*parameters, w.linear(64, 10)], first_statistics(parameters)


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
            "resnet20": (make_resnet20, resnet20), **jax_held_out.NETWORKS}
