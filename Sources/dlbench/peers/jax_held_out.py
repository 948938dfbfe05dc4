"""The held-out networks in JAX."""

import jax
import jax.numpy as jnp
from jax import lax

from jax_layers import (Weights, convolution, first_statistics, flat, linear, normalize,
                        normalized)
from products import SEPARABLE, STAGES
from workloads import PERCEPTRON, WORDS

relu = jax.nn.relu


def halve(x):
    """Maxima over windows of 2, with axes of their own: faster than a reduce_window's gradient."""
    shape = [len(x), *(part for side in x.shape[1:-1] for part in (side // 2, 2)), x.shape[-1]]
    return x.reshape(shape).max(tuple(range(2, len(shape) - 1, 2)))


def make_vgg():
    w, channels = Weights(), (3, 64, 64, 128, 128, 256, 256)
    return [*(w.convolution(3, *pair) for pair in zip(channels, channels[1:])),
            w.linear(4096, 512), w.linear(512, 10)], []


def vgg(p, statistics, x, learns):
    for first, second in zip(p[:6:2], p[1:6:2]):
        x = relu(convolution(second, relu(convolution(first, x, pad=1)), pad=1))
        x = halve(x)
    return linear(p[7], relu(linear(p[6], flat(x)))), statistics


class Normalized:
    """Convolutions with batch normalization, each with the next parameters of a list."""

    def __init__(self, parameters, statistics, learns):
        self.rest, self.learns, self.statistics = zip(parameters, statistics), learns, []

    def __call__(self, x, stride=1, layer=convolution):
        p, statistics = next(self.rest)
        y = layer(p, x, stride, p["w"].shape[0] // 2)
        y, statistics = normalize(p, y, statistics, self.learns)
        self.statistics.append(statistics)
        return y


def make_mobilenet():
    w = Weights()
    parameters = [w.convolution(3, 3, 32, bias=False)]
    for inputs, outputs, _ in SEPARABLE:
        parameters += [w.convolution(3, 1, inputs, bias=False),
                       w.convolution(1, inputs, outputs, bias=False)]
    parameters = [normalized(p) for p in parameters]
    return [*parameters, w.linear(512, 10)], first_statistics(parameters)


def depthwise(p, x, stride, pad):
    """A convolution of each channel: a sum, faster than conv_general_dilated."""
    (rows, columns), (height, width) = p["w"].shape[:2], x.shape[1:3]
    x = jnp.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    return sum(x[:, i:i + height:stride, j:j + width:stride] * p["w"][i, j, 0]
               for i in range(rows) for j in range(columns))


def mobilenet(p, statistics, x, learns):
    layer = Normalized(p, statistics, learns)
    x = relu(layer(x))
    for _, _, stride in SEPARABLE:
        x = relu(layer(relu(layer(x, stride, depthwise))))
    return linear(p[-1], x.mean((1, 2))), layer.statistics


def make_resnet18():
    w = Weights()
    parameters = [w.convolution(3, 3, 64, bias=False)]
    for _, inputs, outputs in STAGES:
        parameters += [w.convolution(3, inputs, outputs, bias=False),
                       w.convolution(3, outputs, outputs, bias=False)]
        if inputs != outputs:
            parameters.append(w.convolution(1, inputs, outputs, bias=False))
        parameters += [w.convolution(3, outputs, outputs, bias=False) for _ in range(2)]
    parameters = [normalized(p) for p in parameters]
    return [*parameters, w.linear(512, 10)], first_statistics(parameters)


def resnet18(p, statistics, x, learns):
    layer = Normalized(p, statistics, learns)
    x = relu(layer(x))
    for _, inputs, outputs in STAGES:
        stride = 1 if inputs == outputs else 2
        y = layer(relu(layer(x, stride)))
        x = relu(y + (x if stride == 1 else layer(x, stride)))
        x = relu(x + layer(relu(layer(x))))
    return linear(p[-1], x.mean((1, 2))), layer.statistics


def make_unet():
    w = Weights()

    def pair(inputs, outputs):
        return [w.convolution(3, inputs, outputs), w.convolution(3, outputs, outputs)]

    return {"down": [pair(1, 16), pair(16, 32), pair(32, 64)],
            "up": [[w.convolution(2, 64, 32), *pair(64, 32)],
                   [w.convolution(2, 32, 16), *pair(32, 16)]],
            "scores": w.convolution(1, 16, 4)}, []


def double(p, x):
    """Transposed convolution of window 2 and stride 2: a product, faster than conv_transpose."""
    y = jnp.einsum("nhwi,abio->nhawbo", x, p["w"])
    return y.reshape(len(x), 2 * x.shape[1], 2 * x.shape[2], -1) + p["b"]


def unet(p, statistics, x, learns):
    def pair(layers, x):
        return relu(convolution(layers[1], relu(convolution(layers[0], x, pad=1)), pad=1))

    fine = pair(p["down"][0], x)
    medium = pair(p["down"][1], halve(fine))
    x = pair(p["down"][2], halve(medium))
    for layers, left in zip(p["up"], (medium, fine)):
        x = pair(layers[1:], jnp.concatenate([left, double(layers[0], x)], -1))
    return convolution(p["scores"], x), statistics


def make_conv1d():
    w = Weights()
    return [w.convolution(5, 8, 32, axes=1), w.convolution(5, 32, 64, axes=1),
            w.convolution(3, 64, 128, axes=1), w.linear(128, 10)], []


def conv1d(p, statistics, x, learns):
    x = halve(relu(convolution(p[0], x, pad=2)))
    x = halve(relu(convolution(p[1], x, pad=2)))
    return linear(p[3], relu(convolution(p[2], x, pad=1)).mean(1)), statistics


def make_perceptron():
    w = Weights()
    return [w.linear(*pair) for pair in zip(PERCEPTRON, PERCEPTRON[1:])], []


def mlp_gelu(p, statistics, x, learns):
    for layer in p[:-1]:
        x = jax.nn.gelu(linear(layer, x), approximate=False)
    return linear(p[-1], x), statistics


def make_mlp_batchnorm():
    layers, _ = make_perceptron()
    hidden = [normalized(p) for p in layers[:-1]]
    return [*hidden, layers[-1]], first_statistics(hidden)


def mlp_batchnorm(p, statistics, x, learns):
    new = []
    for layer, own in zip(p[:-1], statistics):
        x, own = normalize(layer, linear(layer, x), own, learns)
        x = relu(x)
        new.append(own)
    return linear(p[-1], x), new


def make_mlp_norm():
    layers, _ = make_perceptron()
    return [*(normalized(p) for p in layers[:-1]), layers[-1]], jax.random.PRNGKey(1)


def mlp_norm(p, key, x, learns):
    """The statistics are the random key of the next step."""
    for layer in p[:-1]:
        x = linear(layer, x)
        mean, variance = x.mean(-1, keepdims=True), x.var(-1, keepdims=True)
        x = (x - mean) * lax.rsqrt(variance + 1e-5) * layer["scale"] + layer["shift"]
        x = jax.nn.gelu(x, approximate=False)
        if learns:
            key, own = jax.random.split(key)
            x = jnp.where(jax.random.bernoulli(own, 0.9, x.shape), x / 0.9, 0)
    return linear(p[-1], x), key


def make_embedding():
    w = Weights()
    return [w.normal((WORDS, 32), 32), w.linear(256, 256), w.linear(256, 10)], []


def embedding(p, statistics, x, learns):
    return linear(p[2], relu(linear(p[1], flat(p[0][x])))), statistics


NETWORKS = {"vgg": (make_vgg, vgg), "mobilenet": (make_mobilenet, mobilenet),
            "resnet18": (make_resnet18, resnet18), "unet": (make_unet, unet),
            "conv1d": (make_conv1d, conv1d), "mlp_norm": (make_mlp_norm, mlp_norm),
            "mlp_gelu": (make_perceptron, mlp_gelu),
            "mlp_batchnorm": (make_mlp_batchnorm, mlp_batchnorm),
            "embedding": (make_embedding, embedding)}
