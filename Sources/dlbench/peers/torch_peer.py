"""PyTorch: python torch_peer.py --workload mlp --threads 1 --mode eager|fused|compile

eager: plain modules and optimizer. fused: the optimizer's fused form. compile: fused, and forward
and loss (with their backward) through torch.compile.
"""

import measure

options = measure.arguments(modes=("eager", "fused", "compile"))

import torch
from torch import nn
import torch.nn.functional as F

import workloads


def network(workload):
    """Linear layers with ReLU between, from the workload's initial values."""
    modules = []
    for weight, bias in workload.parameters():
        linear = nn.Linear(*weight.shape)
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(weight.T))
            linear.bias.copy_(torch.from_numpy(bias))
        modules += [linear, nn.ReLU()]
    return nn.Sequential(*modules[:-1])


def batches(workload):
    """An epoch is gathered at once; a batch is a view of it."""
    x, y = map(torch.from_numpy, workload.examples())
    for indices in workloads.epochs(workload, len(x)):
        order = torch.from_numpy(indices.ravel())
        yield from zip(x[order].split(workload.batch), y[order].split(workload.batch))


def main():
    torch.set_num_threads(options.threads)
    workload = options.workload
    model, stream = network(workload), batches(workload)
    optimizer = torch.optim.SGD(model.parameters(), lr=workload.learning_rate,
                                weight_decay=workload.weight_decay, fused=options.mode != "eager")

    def loss_of(x, y):
        return F.cross_entropy(model(x), y)

    compiled = torch.compile(loss_of) if options.mode == "compile" else loss_of

    def step():
        x, y = next(stream)
        optimizer.zero_grad(set_to_none=True)
        loss = compiled(x, y)
        loss.backward()
        optimizer.step()
        return loss.detach()

    measure.run("torch", options, step, float)


main()
