"""The workloads: network, solver, data. Every peer builds only what this file describes.

NumPy is imported where it is used, because this module is read before the threads are set.
"""

import math
from dataclasses import dataclass

from products import PRODUCTS


@dataclass(frozen=True)
class Workload:
    """A network with softmax loss, trained by SGD: v = momentum·v + g + weight_decay·w and
    w −= learning_rate·v for weights and biases; all in float32.

    Without `network` it has linear layers of these `widths` with ReLU between.
    """
    name: str
    widths: tuple
    """Of the linear layers; of a named network values of an example and classes."""
    batch: int
    steps: int
    """Timed steps a repeat; of a job, all its steps."""
    learning_rate: float
    weight_decay: float
    data: str
    """`spiral`, `random`, `pixels` (`random` with a class for each pixel) or `words`."""
    momentum: float = 0.0
    solver: str = "SGD"
    """`SGD`, or `Adam` (without decay) or `AdamW`: β 0.9 and 0.999, ε 1e-8."""
    network: str | None = None
    """A name in the `NETWORKS` of `torch_networks.py` and `jax_networks.py`."""
    inference: bool = False
    """Timed forward only, weights and running statistics held."""
    weight_deviation: float | None = None
    """Weights are deviation·N(0, 1); None: 1/√inputs. Biases are 0."""
    job: bool = False
    """Timed as a whole process, from its start, without warming up."""

    @property
    def layers(self):
        """(inputs, outputs) of each linear layer."""
        return list(zip(self.widths, self.widths[1:]))

    @property
    def image(self):
        """Channels, height and width of an example, or channels and length; None for a row."""
        return IMAGES.get(self.network)

    @property
    def flops_per_example(self):
        """2 a multiply-add, products only: output, weight gradient and, but for the first layer,
        input gradient; of inference the output alone."""
        products = PRODUCTS.get(self.network) or [i * o for i, o in self.layers]
        return 2 * (sum(products) if self.inference else 3 * sum(products) - products[0])

    def examples(self):
        """x [N, features] float32, or int64 of words; y [N] int64, or [N, height, width]"""
        make = {"spiral": spiral, "random": random_examples, "pixels": random_pixels,
                "words": random_words}[self.data]
        x, y = make(self.widths[0], self.widths[-1])
        if self.data == "pixels":
            y = y.reshape(-1, *self.image[1:])
        return (x.reshape(-1, *self.image), y) if self.image else (x, y)

    def parameters(self):
        """[(weight [inputs, outputs], bias [outputs])], the same for every peer."""
        import numpy as np
        random = np.random.default_rng(2)
        return [(self.weight(random, inputs, outputs), np.zeros(outputs, np.float32))
                for inputs, outputs in self.layers]

    def weight(self, random, inputs, outputs):
        import numpy as np
        deviation = self.weight_deviation or 1 / math.sqrt(inputs)
        return np.float32(deviation) * random.standard_normal((inputs, outputs), np.float32)


SPIRAL = dict(widths=(2, 100, 3), batch=20, steps=3000, learning_rate=1.0, weight_decay=0.001,
              data="spiral", weight_deviation=0.01)
WORDS = 10_000
IMAGES = {"lenet": (1, 28, 28), "cifar_quick": (3, 32, 32), "resnet20": (3, 32, 32),
          "vgg": (3, 32, 32), "mobilenet": (3, 32, 32), "resnet18": (3, 32, 32),
          "unet": (1, 64, 64), "conv1d": (8, 256)}
PERCEPTRON = (256, 512, 512, 10)
LENET = dict(widths=(784, 10), learning_rate=0.01, weight_decay=0.0005, momentum=0.9, data="random",
             network="lenet")
RESNET = dict(widths=(3072, 10), learning_rate=0.1, weight_decay=0.0001, momentum=0.9,
              data="random", network="resnet20")
ADAM = dict(learning_rate=0.001, weight_decay=0.0, solver="Adam")
WORKLOADS = {workload.name: workload for workload in (
    Workload("spiral", **SPIRAL),
    Workload("spiral_job", **SPIRAL, job=True),
    Workload("mlp", widths=(784, 512, 512, 10), batch=128, steps=200, learning_rate=0.1,
             weight_decay=0.0, data="random"),
    Workload("mlp_adam", widths=(784, 512, 512, 10), batch=128, steps=200, learning_rate=0.001,
             weight_decay=0.0, data="random", solver="Adam"),
    Workload("lenet", batch=64, steps=100, **LENET),
    Workload("cifar_quick", widths=(3072, 10), batch=100, steps=20, learning_rate=0.001,
             weight_decay=0.004, momentum=0.9, data="random", network="cifar_quick"),
    Workload("resnet20", batch=128, steps=6, **RESNET),
    Workload("lenet_infer1", batch=1, steps=2000, inference=True, **LENET),
    Workload("lenet_infer64", batch=64, steps=200, inference=True, **LENET),
    Workload("resnet20_infer1", batch=1, steps=300, inference=True, **RESNET),
    Workload("resnet20_infer64", batch=64, steps=15, inference=True, **RESNET),
    Workload("vgg", widths=(3072, 10), batch=32, steps=6, learning_rate=0.01, weight_decay=0.0005,
             momentum=0.9, data="random", network="vgg"),
    Workload("mobilenet", widths=(3072, 10), batch=64, steps=12, learning_rate=0.05,
             weight_decay=0.0, momentum=0.9, data="random", network="mobilenet"),
    Workload("resnet18", widths=(3072, 10), batch=32, steps=3, learning_rate=0.1,
             weight_decay=0.0001, momentum=0.9, data="random", network="resnet18"),
    Workload("unet", widths=(4096, 4), batch=8, steps=20, data="pixels", network="unet", **ADAM),
    Workload("conv1d", widths=(2048, 10), batch=64, steps=100, data="random", network="conv1d",
             **ADAM),
    Workload("mlp_norm", widths=PERCEPTRON, batch=128, steps=200, learning_rate=0.001,
             weight_decay=0.01, data="random", solver="AdamW", network="mlp_norm"),
    Workload("mlp_gelu", widths=PERCEPTRON, batch=128, steps=200, learning_rate=0.01,
             weight_decay=0.0, momentum=0.9, data="random", network="mlp_gelu"),
    Workload("mlp_batchnorm", widths=PERCEPTRON, batch=128, steps=200, learning_rate=0.05,
             weight_decay=0.0, momentum=0.9, data="random", network="mlp_batchnorm"),
    Workload("embedding", widths=(8, 10), batch=128, steps=500, data="words", network="embedding",
             **ADAM),
    Workload("table", widths=(13, 32, 16, 3), batch=32, steps=3000, data="random", **ADAM),
)}


def spiral(features, classes, points=100):
    """Arms of r = 0 … 1, angle = (k … k + 1.5)·2π/classes + 0.1·N(0, 1); x = (r·sin, r·cos)."""
    import numpy as np
    random, radius, arms = np.random.default_rng(0), np.linspace(0, 1, points), []
    for k in range(classes):
        angle = np.linspace(k, k + 1.5, points) * 2 * np.pi / classes
        angle += 0.1 * random.standard_normal(points)
        arms.append(np.c_[radius * np.sin(angle), radius * np.cos(angle)])
    return np.concatenate(arms).astype(np.float32), np.repeat(np.arange(classes), points)


def random_examples(features, classes, count=2000):
    """x = N(0, 1), labels uniform."""
    import numpy as np
    random = np.random.default_rng(0)
    return random.standard_normal((count, features), np.float32), random.integers(0, classes, count)


def random_pixels(features, classes, count=400):
    """x = N(0, 1), uniform labels of all pixels; one channel."""
    import numpy as np
    random = np.random.default_rng(0)
    return (random.standard_normal((count, features), np.float32),
            random.integers(0, classes, (count, features)))


def random_words(features, classes, count=2000):
    """x = uniform words, labels uniform."""
    import numpy as np
    random = np.random.default_rng(0)
    return random.integers(0, WORDS, (count, features)), random.integers(0, classes, count)


def epochs(workload, count):
    """Endless index arrays [batches, batch], each a new shuffle, without an incomplete batch."""
    import numpy as np
    random, batches = np.random.default_rng(1), count // workload.batch
    while True:
        yield random.permutation(count)[:batches * workload.batch].reshape(batches, workload.batch)
