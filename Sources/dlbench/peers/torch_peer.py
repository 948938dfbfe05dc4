"""PyTorch: python torch_peer.py --workload mlp --threads 1 --mode eager|fused|channels_last|compile

eager: plain modules and optimizer. fused: the optimizer's fused form. channels_last: fused, images
and weights with their channels last. compile: that, and forward and loss (with their backward)
through torch.compile.
"""

import measure

options = measure.arguments(modes=("eager", "fused", "channels_last", "compile"))

import torch
from torch import nn
import torch.nn.functional as F

import torch_networks
import workloads


def network(workload):
    """Linear layers with ReLU between, from the workload's initial values; or a named network."""
    if workload.network:
        return torch_networks.NETWORKS[workload.network]()
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
        chosen = laid_out(x[order])
        yield from zip(chosen.split(workload.batch), y[order].split(workload.batch))


def laid_out(images):
    """In channels-last order, if the mode asks for it and the data have channels."""
    if options.mode in ("channels_last", "compile") and images.dim() == 4:
        return images.contiguous(memory_format=torch.channels_last)
    return images


def optimizer_of(workload, parameters):
    fused = options.mode != "eager"
    if workload.solver == "Adam":
        return torch.optim.Adam(parameters, lr=workload.learning_rate, fused=fused)
    if workload.solver == "AdamW":
        return torch.optim.AdamW(parameters, lr=workload.learning_rate,
                                 weight_decay=workload.weight_decay, fused=fused)
    return torch.optim.SGD(parameters, lr=workload.learning_rate, momentum=workload.momentum,
                           weight_decay=workload.weight_decay, fused=fused)


def infer(workload, model, stream):
    model.eval()
    compiled = torch.compile(model) if options.mode == "compile" else model

    def step():
        with torch.inference_mode():
            return compiled(next(stream)[0])

    measure.run("torch", options, step, lambda output: float(output.mean()))


def main():
    torch.set_num_threads(options.threads)
    workload = options.workload
    model, stream = network(workload), batches(workload)
    if workload.image and options.mode in ("channels_last", "compile"):
        model = model.to(memory_format=torch.channels_last)
    if workload.inference:
        return infer(workload, model, stream)
    optimizer = optimizer_of(workload, model.parameters())

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
