"""The workloads: network, solver, data. Every peer builds what is described here and nothing else.

NumPy is imported where it is used, because this module is read before the threads are set.
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Workload:
    """Linear layers of these `widths` with ReLU between, softmax loss, SGD without momentum:
    w −= learning_rate·(g + weight_decay·w) for weights and biases; all in float32."""
    name: str
    widths: tuple
    batch: int
    steps: int
    """Timed steps a repeat; of a job, all its steps."""
    learning_rate: float
    weight_decay: float
    data: str
    """`spiral` or `random`."""
    weight_deviation: float | None = None
    """Weights are deviation·N(0, 1); None: 1/√inputs. Biases are 0."""
    job: bool = False
    """Timed as a whole process, from its start, without warming up."""

    @property
    def layers(self):
        """(inputs, outputs) of each linear layer."""
        return list(zip(self.widths, self.widths[1:]))

    @property
    def flops_per_example(self):
        """2 a multiply-add, products only: output, weight gradient and, but for the first layer,
        input gradient."""
        products = [2 * inputs * outputs for inputs, outputs in self.layers]
        return 3 * sum(products) - products[0]

    def examples(self):
        """x [N, features] float32, y [N] int64"""
        make = {"spiral": spiral, "random": random_examples}[self.data]
        return make(self.widths[0], self.widths[-1])

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
WORKLOADS = {workload.name: workload for workload in (
    Workload("spiral", **SPIRAL),
    Workload("spiral_job", **SPIRAL, job=True),
    Workload("mlp", widths=(784, 512, 512, 10), batch=128, steps=200, learning_rate=0.1,
             weight_decay=0.0, data="random"),
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


def epochs(workload, count):
    """Endless index arrays [batches, batch], each a new shuffle, without an incomplete batch."""
    import numpy as np
    random, batches = np.random.default_rng(1), count // workload.batch
    while True:
        yield random.permutation(count)[:batches * workload.batch].reshape(batches, workload.batch)
