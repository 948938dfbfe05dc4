"""Shared by the checks of faults.py: small models, the program, and the results of an undisturbed run."""
import contextlib
import os
import re
import subprocess
import time


MODEL = """
name: faults
seed: 3
data:
  train: {source: spiral, points_per_class: 50, batch_size: 16, shuffle: true}
  test: {source: spiral, points_per_class: 20, batch_size: 30}
network:
  - {name: ip1, type: Linear, num_output: 32}
  - {name: norm, type: BatchNorm}
  - {name: relu, type: ReLU}
  - {name: drop, type: Dropout}
  - {name: ip2, type: Linear, num_output: 3}
  - {name: loss, type: SoftmaxWithLoss}
  - {name: accuracy, type: Accuracy, phase: test}
solver: {type: Adam, base_lr: 0.01, max_iter: ITERATIONS, snapshot: 20, snapshot_on: best, ema: 0.9}
"""


# A model with matrix products over 3,072 elements.
WIDE = """
name: wide
data:
  train: {source: generated_images, channels: 3, height: 32, width: 32, class_count: 2,
          images_per_class: 1000, batch_size: BATCH}
network:
  - {name: ip1, type: Linear, num_output: UNITS}
  - {name: relu, type: ReLU}
  - {name: ip2, type: Linear, num_output: 2}
  - {name: loss, type: SoftmaxWithLoss}
solver: {base_lr: 0.001, max_iter: 1000000}
"""


# A model with few updates, and then seconds of tests and scores.
LONG_TESTS = """
name: long_tests
data:
  train: {source: generated_images, channels: 3, height: 32, width: 32, class_count: 2,
          images_per_class: 800, batch_size: 16}
  test: {source: generated_images, channels: 3, height: 32, width: 32, class_count: 2,
         images_per_class: 800, batch_size: 16}
network:
  - {name: conv1, type: Convolution, num_output: 64, kernel_size: 3, pad: 1}
  - {name: relu1, type: ReLU}
  - {name: conv2, type: Convolution, num_output: 64, kernel_size: 3, pad: 1}
  - {name: relu2, type: ReLU}
  - {name: ip, type: Linear, num_output: 2}
  - {name: loss, type: SoftmaxWithLoss}
solver: {base_lr: 0.001, max_iter: 4, test_interval: 2, ema: 0.9}
"""


# The files that must be identical to the bit.
RESULTS = ["history.csv", "weights.safetensors", "best.safetensors", "model.yaml"]


INTERVAL = 20


class Failure(Exception):
    """A failed check, with the reason."""


def expect(holds, message):
    if not holds:
        raise Failure(message)


class Bench:
    """A folder with the model, the program, and the results of an undisturbed run."""

    def __init__(self, program, folder, quick):
        self.program = os.path.abspath(program)
        self.folder = folder
        self.quick = quick
        self.model = self.write_model("model.yaml", 200)
        self.library = os.path.join(folder, "failing_calls.so")
        source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "failing_calls.c")
        subprocess.run(
            ["cc", "-shared", "-fPIC", "-O1", "-o", self.library, source, "-ldl"], check=True)
        self.undisturbed = self.path("undisturbed")
        done = self.run(self.undisturbed)
        expect(done.returncode == 0, f"an undisturbed run fails: {done.stderr}")

    def path(self, name):
        return os.path.join(self.folder, name)

    def write_model(self, name, iterations):
        path = self.path(name)
        with open(path, "w") as file:
            file.write(MODEL.replace("ITERATIONS", str(iterations)))
        return path

    def write_wide(self, name, batch, units):
        path = self.path(name)
        with open(path, "w") as file:
            file.write(WIDE.replace("BATCH", str(batch)).replace("UNITS", str(units)))
        return path

    def command(self, output, *arguments, model=None):
        return [self.program, "train", model or self.model, "--output", output, "--threads", "1",
                *arguments]

    def run(self, output, *arguments, fault=None, model=None, **options):
        """Trains to the end, or up to the fault (number of the call, action)."""
        environment = dict(os.environ)
        if fault:
            environment.update(
                LD_PRELOAD=self.library, FAULT_CALL=str(fault[0]), FAULT_ACTION=fault[1])
        environment.update(options.pop("environment", {}))
        return subprocess.run(
            self.command(output, *arguments, model=model), capture_output=True, text=True,
            env=environment, timeout=300, **options)

    def calls(self, beginning):
        """Returns the names of all file-changing calls of a run, in order."""
        log, output = self.path("calls"), self.path("logged")
        arguments = beginning(self, output)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(log)
        self.run(output, *arguments, environment={"LD_PRELOAD": self.library, "FAULT_LOG": log})
        with open(log) as file:
            return file.read().split()

    def expect_same(self, output, what):
        expect_same(self.undisturbed, output, what)

    def expect_no_temporaries(self, output, what):
        left = [name for _, _, names in os.walk(output) for name in names if name.endswith(".tmp")]
        expect(not left, f"{what}: {left} remain")

    def expect_resumes(self, output, what):
        """Expects that a run resumes to the end, from at most INTERVAL updates before, with the same bits."""
        last = last_checkpoint(output)
        done = self.run(output, "--resume")
        expect(done.returncode == 0, f"{what}: --resume ends with {done.returncode}: {done.stderr}")
        expect(
            last is None or f"resumes after iteration {last}," in done.stderr,
            f"{what}: --resume does not resume from checkpoint {last}: {done.stderr}")
        self.expect_same(output, what)
        self.expect_no_temporaries(output, what)


def expect_same(undisturbed, output, what):
    for name in RESULTS:
        expect(
            read(os.path.join(output, name)) == read(os.path.join(undisturbed, name)),
            f"{what}: {name} differs from that of an undisturbed run")


def read(path):
    with contextlib.suppress(FileNotFoundError), open(path, "rb") as file:
        return file.read()
    return None


def content(folder):
    """Returns the bytes of every file below a folder, by its path."""
    paths = [os.path.join(parent, n) for parent, _, names in os.walk(folder) for n in names]
    return {path: read(path) for path in paths}


def checkpoints(output):
    with contextlib.suppress(FileNotFoundError):
        names = os.listdir(os.path.join(output, "checkpoints"))
        return sorted(int(n.split(".")[0]) for n in names if re.fullmatch(r"\d+\.safetensors", n))
    return []


def last_checkpoint(output):
    return (checkpoints(output) or [None])[-1]


def started(bench, output, model, *arguments, wait=0.5):
    """Starts a training, and returns its process once it runs."""
    process = subprocess.Popen(
        bench.command(output, *arguments, model=model), stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 30
    path = os.path.join(output, "model.yaml")
    while not os.path.exists(path) and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(wait)
    expect(process.poll() is None, "the training ended by itself")
    return process
