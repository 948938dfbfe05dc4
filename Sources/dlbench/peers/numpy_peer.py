"""The NumPy library of the article: python numpy_peer.py --workload spiral --library DIR

DIR (or the variable NUMPY_LIBRARY) is a checkout of the repository parmeet/dll_numpy.
float64: as its own initialisation makes the weights. float32: the same code on float32 weights.
spiral_job is its own program: its data, its initialisation, `Model.fit` for 200 epochs.
"""

import os

import measure


def library_option(parser):
    parser.add_argument("--library", default=os.environ.get("NUMPY_LIBRARY"),
                        help="folder with dl_numpy.py and utilities.py")


options = measure.arguments(modes=("float64", "float32"), extra=library_option)

import contextlib
import sys
import time
import types

if not options.library or not os.path.isfile(os.path.join(options.library, "dl_numpy.py")):
    sys.exit("numpy_peer: --library or NUMPY_LIBRARY must name a checkout of parmeet/dll_numpy")
sys.path.insert(0, options.library)
for name in ("matplotlib", "matplotlib.pyplot"):  # only the library's plots need it
    sys.modules[name] = types.ModuleType(name)

import dl_numpy
import numpy as np
import utilities

import workloads


def network(workload):
    """The library's model and optimizer. Its momentum has no effect: the velocity is never kept."""
    model = utilities.Model()
    for index, (inputs, outputs) in enumerate(workload.layers):
        if index:
            model.add(dl_numpy.ReLU())
        model.add(dl_numpy.Linear(inputs, outputs))
    optimizer = dl_numpy.SGD(model.parameters, lr=workload.learning_rate,
                             weight_decay=workload.weight_decay, momentum=0.9)
    return model, optimizer


def batches(workload):
    x, y = workload.examples()
    for epoch in workloads.epochs(workload, len(x)):
        for indices in epoch:
            yield x[indices], y[indices]


def run_steps(workload):
    """The loop of `Model.fit`, step by step."""
    model, optimizer = network(workload)
    loss_function, stream = dl_numpy.SoftmaxWithLoss(), batches(workload)
    values = [value for pair in workload.parameters() for value in pair]
    for parameter, value in zip(model.parameters, values, strict=True):
        parameter.data = value.astype(options.mode)

    def step():
        value, target = next(stream)
        optimizer.zeroGrad()
        for function in model.computation_graph:
            value = function.forward(value)
        loss = loss_function.forward(value, target)
        gradient = loss_function.backward()
        for function in model.computation_graph[::-1]:
            gradient = function.backward(gradient)
        optimizer.step()
        return loss

    measure.run("numpy", options, step, float)


def run_job(workload):
    """The library's program without its plot and its output."""
    if options.mode != "float64":
        sys.exit("numpy_peer: spiral_job is the library's own program, which is float64")
    np.random.seed(0)
    model, optimizer = network(workload)
    first_step, step = [], optimizer.step

    def timed_step():
        step()
        optimizer.step = step
        first_step.extend((time.perf_counter(), measure.seconds_since_process_start()))

    optimizer.step = timed_step
    x, y = utilities.genSpiralData(100, 3)
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        history = model.fit(x, y, workload.batch, -(-options.steps * workload.batch // len(x)),
                            optimizer, dl_numpy.SoftmaxWithLoss())
    began, startup = first_step
    rate = (len(history) - 1) / (time.perf_counter() - began)
    measure.report("numpy", options, rate, startup, len(history), history[-1])


if options.workload.job:
    run_job(options.workload)
else:
    run_steps(options.workload)
