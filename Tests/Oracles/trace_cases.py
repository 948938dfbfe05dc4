"""A training step of a small image network, tensor by tensor, as `dlrun trace` writes it."""

import numpy as np
import torch

from case_files import Inputs, as_torch, expected, tensor

SHAPES = {"conv1.weight": (3, 2, 3, 3), "conv1.bias": (3,), "bn1.weight": (3,), "bn1.bias": (3,),
          "bn1.running_mean": (3,), "bn1.running_var": (3,), "ip1.weight": (4, 12),
          "ip1.bias": (4,)}


def step(inputs, parameters, dtype):
    """Every tensor of the step, and the statistics after it."""
    statistics = {name: as_torch(a, dtype) for name, a in parameters.items() if "running" in name}
    tensors = {name: as_torch(a, dtype, True) for name, a in parameters.items()
               if name not in statistics}
    tensors["data"] = as_torch(inputs["data"], dtype, True)
    f = torch.nn.functional
    tensors["conv1"] = f.conv2d(
        tensors["data"], tensors["conv1.weight"], tensors["conv1.bias"], padding=1)
    after = {name: value.clone() for name, value in statistics.items()}
    tensors["bn1"] = f.batch_norm(
        tensors["conv1"], after["bn1.running_mean"], after["bn1.running_var"],
        tensors["bn1.weight"], tensors["bn1.bias"], training=True)
    if tensors["bn1"].abs().min() < 1e-4:
        raise ValueError("an input of ReLU is too near to its kink")
    tensors["bn1.relu1"] = f.relu(tensors["bn1"])
    tensors["pool1"] = f.avg_pool2d(tensors["bn1.relu1"], 2)
    tensors["ip1"] = f.linear(
        tensors["pool1"].flatten(1), tensors["ip1.weight"], tensors["ip1.bias"])
    tensors["loss"] = f.cross_entropy(tensors["ip1"], torch.from_numpy(inputs["label"]).long())
    for value in tensors.values():
        value.retain_grad()
    tensors["loss"].backward()
    results = tensors | {f"grad.{name}": value.grad for name, value in tensors.items()
                         if name != "loss"}
    results |= statistics | {f"after.{name}": value for name, value in after.items()}
    return results | {"objective": tensors["loss"]}


def trace_document():
    random = Inputs("trace")
    inputs = {"data": random.normal(5, 2, 4, 4), "label": random.classes(4, 5)}
    parameters = {name: random.normal(*shape, scale=0.5) for name, shape in SHAPES.items()}
    parameters["bn1.running_var"] = np.abs(parameters["bn1.running_var"])
    exact, single = (step(inputs, parameters, d) for d in (torch.float64, torch.float32))
    return {"inputs": {name: tensor(a) for name, a in inputs.items()},
            "parameters": {name: tensor(a) for name, a in parameters.items()},
            "tensors": {name: expected(exact[name], single[name]) for name in sorted(exact)}}
