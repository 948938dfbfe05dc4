#!/usr/bin/env python3
"""What may happen to a run of dlrun from outside, done to it on purpose.

    python3 Tests/Faults/faults.py [--program PATH] [--quick] [NAME ...]

Every check trains a small model again and again, disturbs it, lets it go on with `--resume`, and compares the bits of what
it leaves with those of a run that nothing disturbed. `--quick` takes fewer moments of each kind. Prints a line for each
check; ends with 1 if one failed, or could not be made.
"""
import argparse
import contextlib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
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

# Products over 3,072 elements.
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

# Few updates, and then seconds of tests and scores.
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

# What must be the same to the bit.
RESULTS = ["history.csv", "weights.safetensors", "best.safetensors", "model.yaml"]
INTERVAL = 20


class Failure(Exception):
    """A check that does not hold, and why."""


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
        """Trains to the end, or to the fault (number of the call, action)."""
        environment = dict(os.environ)
        if fault:
            environment.update(
                LD_PRELOAD=self.library, FAULT_CALL=str(fault[0]), FAULT_ACTION=fault[1])
        environment.update(options.pop("environment", {}))
        return subprocess.run(
            self.command(output, *arguments, model=model), capture_output=True, text=True,
            env=environment, timeout=300, **options)

    def calls(self, beginning):
        """The names of all calls of a run that change files, in their order."""
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
        expect(not left, f"{what}: {left} stayed")

    def expect_resumes(self, output, what):
        """Goes on to the end without help, from at most INTERVAL updates before, with the same bits."""
        last = last_checkpoint(output)
        done = self.run(output, "--resume")
        expect(done.returncode == 0, f"{what}: --resume ends with {done.returncode}: {done.stderr}")
        expect(
            last is None or f"goes on after iteration {last}," in done.stderr,
            f"{what}: --resume does not go on from checkpoint {last}: {done.stderr}")
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
    """The bytes of every file below a folder, by its path."""
    paths = [os.path.join(parent, n) for parent, _, names in os.walk(folder) for n in names]
    return {path: read(path) for path in paths}


def checkpoints(output):
    with contextlib.suppress(FileNotFoundError):
        names = os.listdir(os.path.join(output, "checkpoints"))
        return sorted(int(n.split(".")[0]) for n in names if re.fullmatch(r"\d+\.safetensors", n))
    return []


def last_checkpoint(output):
    return (checkpoints(output) or [None])[-1]


# How a run may begin: each lays what is there before, and gives the arguments.

def first(bench, output):
    """In a folder that is not there."""
    shutil.rmtree(output, ignore_errors=True)
    return []


def resumed(bench, output):
    """From a run that was killed while it wrote a checkpoint, after the history that this counts."""
    killed = bench.path("to_resume")
    if not os.path.exists(killed):
        calls = bench.calls(first)
        half = next(
            number for number in range(len(calls) // 2, len(calls)) if calls[number] == "rename")
        bench.run(killed, fault=(half + 1, "kill"))
        expect(last_checkpoint(killed), "nothing to resume was left")
    shutil.rmtree(output, ignore_errors=True)
    shutil.copytree(killed, output)
    return ["--resume"]


def overwriting(bench, output):
    """In the place of a whole run."""
    shutil.rmtree(output, ignore_errors=True)
    shutil.copytree(bench.undisturbed, output)
    return ["--overwrite"]


BEGINNINGS = [first, resumed, overwriting]


def killed_at_random_moments(bench):
    """SIGKILL at any moment, of a first run and of those that go on; at most INTERVAL updates are repeated."""
    numbers = random.Random(1)
    start = time.monotonic()
    bench.run(bench.path("timed"))
    duration = time.monotonic() - start
    count = 20 if bench.quick else 200
    reached = []
    for index in range(count):
        output = bench.path("killed")
        shutil.rmtree(output, ignore_errors=True)
        for again in range(1 + index % 3):
            before = last_checkpoint(output) or 0
            process = subprocess.Popen(
                bench.command(output, *["--resume"] * min(again, 1)), stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL)
            time.sleep(numbers.uniform(0, duration))
            process.kill()
            process.wait()
            expect((last_checkpoint(output) or 0) >= before, f"kill {index} loses a checkpoint")
            reached.append(last_checkpoint(output))
        bench.expect_resumes(output, f"kill {index}")
    expect(len({r for r in reached if r}) > 2, f"all kills came at one place: {reached}")
    return f"{len(reached)} kills, {sum(r is not None for r in reached)} after a checkpoint"


def killed_at_each_call(bench):
    """SIGKILL before each write, fsync, ftruncate, rename, unlink, mkdir and rmdir."""
    results = []
    for beginning in BEGINNINGS:
        calls = bench.calls(beginning)
        for number in chosen(bench, calls, beginning):
            output = bench.path("killed")
            arguments = beginning(bench, output)
            what = f"{beginning.__name__}, killed before call {number + 1}, {calls[number]}"
            done = bench.run(output, *arguments, fault=(number + 1, "kill"))
            expect(done.returncode == -signal.SIGKILL, f"{what}: ends with {done.returncode}")
            if os.path.isdir(output):
                bench.expect_resumes(output, what)
        results.append(f"{beginning.__name__} {len(calls)} ({summary(calls)})")
    return "calls: " + "; ".join(results)


def failing_calls(bench):
    """Each call fails: a message, exit 4, the checkpoint before still loads, nothing temporary stays."""
    results = []
    for beginning in BEGINNINGS:
        calls = bench.calls(beginning)
        for number in chosen(bench, calls, beginning):
            for action in ["ENOSPC", "EIO", "short"]:
                if action == "short" and calls[number] != "write":
                    continue
                output = bench.path("failing")
                arguments = beginning(bench, output)
                what = f"{beginning.__name__}, {action} in call {number + 1}, {calls[number]}"
                done = bench.run(output, *arguments, fault=(number + 1, action))
                if done.returncode == 0 and is_needless(beginning, calls[number]):
                    bench.expect_same(output, what)
                    continue
                expect(done.returncode == 4, f"{what}: ends with {done.returncode}: {done.stderr}")
                lines = [
                    line for line in done.stderr.splitlines() if not line.startswith("goes on after")]
                expect(
                    len(lines) == 1 and lines[0].startswith("error: cannot "),
                    f"{what}: says {done.stderr!r}")
                if beginning is first:
                    bench.expect_no_temporaries(output, what)
                if os.path.isdir(output):
                    bench.expect_resumes(output, what)
        results.append(f"{beginning.__name__} {len(calls)}")
    return "calls: " + ", ".join(results)


def is_needless(beginning, call):
    """Whether a training may go on without it: a folder that is there, and what a killed process left."""
    return call == "mkdir" or beginning is resumed and call == "unlink"


def numbered_folders(bench):
    """Each call that makes runs/faults/001 and the link to it is killed, or fails: the next run is none the worse."""
    place = bench.path("numbered")
    log = bench.path("numbered_calls")

    def run(*arguments, **faults):
        return subprocess.run(
            [bench.program, "train", bench.model, "--threads", "1", *arguments],
            capture_output=True, text=True, timeout=300, cwd=place,
            env=dict(os.environ, LD_PRELOAD=bench.library, **faults))

    def begin(holds_run):
        shutil.rmtree(place, ignore_errors=True)
        os.makedirs(place)
        if holds_run:
            shutil.copytree(bench.undisturbed, os.path.join(place, "runs", "faults", "001"))
            os.symlink("001", os.path.join(place, "runs", "faults", "latest"))

    total = 0
    for holds_run in [False, True]:
        begin(holds_run)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(log)
        run(FAULT_LOG=log)
        with open(log) as file:
            calls = file.read().split()
        # The link and its place, and the model file and its.
        count = [number for number, name in enumerate(calls) if name == "rename"][1] + 1
        expect("symlink" in calls[:count], f"no link is made: {calls[:count]}")
        total += count
        for number in range(count):
            for action in ["kill", "ENOSPC"]:
                begin(holds_run)
                what = f"{action} in call {number + 1}, {calls[number]}"
                done = run(FAULT_CALL=str(number + 1), FAULT_ACTION=action)
                # Of a folder that is there already nothing is missing.
                expected = [-signal.SIGKILL] if action == "kill" else [4, 0] if holds_run else [4]
                expect(done.returncode in expected, f"{what}: ends with {done.returncode}: {done.stderr}")
                if action != "kill":
                    bench.expect_no_temporaries(place, what)
                done = run("--resume")
                expect(done.returncode == 0, f"{what}: then ends with {done.returncode}: {done.stderr}")
                bench.expect_same(newest(os.path.join(place, "runs", "faults")), what)
                done = run("--set", "solver.max_iter=1")
                expect(done.returncode == 0, f"{what}: at last ends with {done.returncode}: {done.stderr}")
                last = newest(os.path.join(place, "runs", "faults"))
                link = os.path.join(place, "runs", "faults", "latest")
                expect(os.path.realpath(link) == last, f"{what}: latest is not {last}")
    return f"{total} calls"


def newest(folder):
    """The last numbered folder that has anything."""
    names = sorted(name for name in os.listdir(folder) if name.isdigit())
    return next(
        path for path in (os.path.join(folder, name) for name in reversed(names)) if os.listdir(path))


def chosen(bench, calls, beginning):
    """Every call, or in a quick check every one of the first and the last, and some between."""
    numbers = list(range(len(calls)))
    if not bench.quick:
        return numbers
    if beginning is not first:
        return sorted(set(numbers[:10] + numbers[10::16]))
    return sorted(set(numbers[:16] + numbers[16::7] + numbers[-12:]))


def summary(calls):
    return ", ".join(f"{calls.count(name)} {name}" for name in sorted(set(calls)))


def full_disk(bench):
    """A file system with room for a part of the run only."""
    place = bench.path("disk")
    os.makedirs(place, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", place]
    if subprocess.run(mount, capture_output=True).returncode != 0:
        raise Failure("a small file system cannot be mounted here: run it as root")
    try:
        output = os.path.join(place, "run")
        done = bench.run(output)
        expect(done.returncode == 4, f"ends with {done.returncode}: {done.stderr}")
        expect(
            "room for" in done.stderr or "No space left" in done.stderr, f"says {done.stderr!r}")
        bench.expect_no_temporaries(output, "full disk")
        # Two checkpoints of 3 MiB each.
        wide = bench.write_wide("wide.yaml", 64, 256)
        done = bench.run(os.path.join(place, "wide"), "--set", "solver.snapshot=5", model=wide)
        expect(done.returncode == 4, f"ends with {done.returncode}: {done.stderr}")
        expect("and two checkpoints take" in done.stderr, f"says {done.stderr!r}")
        # What was to be overwritten is there still.
        before = content(output)
        expect(before, "the run that failed left nothing")
        done = bench.run(output, "--overwrite", "--set", "solver.snapshot=5", model=wide)
        expect(done.returncode == 4, f"--overwrite ends with {done.returncode}: {done.stderr}")
        expect(content(output) == before, "--overwrite removes a run though there is no room")
    finally:
        subprocess.run(["umount", place], check=True)
    return "refused or ended with 4"


def stopped_by_signals(bench):
    """SIGINT and SIGTERM save and end with 130 and 143; a second one ends at once; SIGHUP saves and goes on."""
    long = bench.write_model("long.yaml", 100_000_000)
    for number, code in [(signal.SIGINT, 130), (signal.SIGTERM, 143)]:
        output = bench.path(f"signal{code}")
        process = started(bench, output, long)
        process.send_signal(number)
        start = time.monotonic()
        _, errors = process.communicate(timeout=30)
        expect(process.returncode == code, f"ends with {process.returncode}: {errors}")
        expect(time.monotonic() - start < 5, "takes more than 5 s")
        expect("--resume goes on" in errors, f"says {errors!r}")
        expect(last_checkpoint(output) is not None, "no checkpoint is written")
    output = bench.path("hangup")
    plain = bench.path("plain.yaml")
    with open(plain, "w") as file:
        text = MODEL.replace("ITERATIONS", "100000000")
        file.write(text.replace("snapshot: 20, snapshot_on: best, ", ""))
    process = started(bench, output, plain)
    expect(last_checkpoint(output) is None, "a checkpoint that nobody asked for")
    process.send_signal(signal.SIGHUP)
    deadline = time.monotonic() + 10
    while last_checkpoint(output) is None and time.monotonic() < deadline:
        time.sleep(0.01)
    expect(last_checkpoint(output) is not None, "SIGHUP writes no checkpoint")
    expect(process.poll() is None, "SIGHUP ends the training")
    process.kill()
    process.communicate()
    return "130, 143, and a checkpoint on SIGHUP"


def stopped_in_products(bench):
    """Signals come in the middle of large products, whose kernels use the stack pointer for something else."""
    wide = bench.write_wide("wide.yaml", 64, 1000)
    count = 6 if bench.quick else 24
    moments = random.Random(5)
    for number in range(count):
        output = bench.path(f"products{number}")
        process = started(bench, output, wide)
        for kind in [signal.SIGHUP] * 3 + [signal.SIGTERM]:
            time.sleep(moments.uniform(0, 0.05))
            process.send_signal(kind)
        _, errors = process.communicate(timeout=60)
        expect(process.returncode == 143, f"ends with {process.returncode}: {errors}")
        expect("--resume goes on" in errors, f"says {errors!r}")
        expect(last_checkpoint(output) is not None, "no checkpoint is written")
        shutil.rmtree(output)
    # One update takes a second or so, in which both signals come.
    slow = bench.write_wide("slow.yaml", 2000, 4000)
    output = bench.path("second")
    process = started(bench, output, slow)
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=60)
    expect(process.returncode == 143, f"a second signal ends with {process.returncode}: {errors}")
    expect(not errors, f"a second signal does not end at once: {errors}")
    again = bench.run(output, "--resume", "--set", "solver.max_iter=1", model=slow)
    expect(again.returncode == 0, f"does not go on: {again.stderr}")
    return f"{count} times, and a second signal"


def stopped_in_tests(bench):
    """Signals that come in long tests, or in the scores of the end, do not wait for these."""
    model = bench.path("long_tests.yaml")
    with open(model, "w") as file:
        file.write(LONG_TESTS)
    whole = bench.path("whole")
    process = started(bench, whole, model, wait=0)
    start = time.monotonic()
    process.communicate(timeout=300)
    duration = time.monotonic() - start
    expect(process.returncode == 0, f"an undisturbed run ends with {process.returncode}")
    count = 3 if bench.quick else 12
    stops = 0
    for index in range(count):
        output = bench.path("tested")
        shutil.rmtree(output, ignore_errors=True)
        process = started(bench, output, model, wait=duration * (index + 0.5) / (count + 0.5))
        process.send_signal(signal.SIGTERM)
        start = time.monotonic()
        _, errors = process.communicate(timeout=60)
        what = f"stop {index}"
        expect(time.monotonic() - start < duration / 5 + 0.5, f"{what}: takes too long")
        if process.returncode == 0:
            continue
        stops += 1
        expect(process.returncode == 143, f"{what}: ends with {process.returncode}: {errors}")
        done = bench.run(output, "--resume", model=model)
        expect(done.returncode == 0, f"{what}: --resume ends with {done.returncode}: {done.stderr}")
        expect_same(whole, output, what)
    expect(stops > count / 2, f"only {stops} of {count} were stopped")
    return f"{stops} stops in {duration:.1f} s of tests"


def started(bench, output, model, *arguments, wait=0.5):
    """A training that is under way."""
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


def nobody_reads(bench):
    """A closed pipe or a full standard output stops no training."""
    for redirect in ["| head -c 0", "> /dev/full 2>&1"]:
        output = bench.path("unread")
        shutil.rmtree(output, ignore_errors=True)
        command = " ".join(f"'{part}'" for part in bench.command(output))
        subprocess.run(["bash", "-c", f"{command} {redirect}"], timeout=300)
        deadline = time.monotonic() + 30
        while not os.path.exists(os.path.join(output, "report.html")) and time.monotonic() < deadline:
            time.sleep(0.01)
        bench.expect_same(output, redirect)
    return "closed and full"


def started_together(bench):
    """Of two that are started together in one folder exactly one wins, and the other names it."""
    count = 10 if bench.quick else 50
    long = bench.write_model("longer.yaml", 3000)
    named = 0
    for index in range(count):
        output = bench.path(f"pair{index}")
        pair = [
            subprocess.Popen(
                bench.command(output, model=long), stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE, text=True)
            for _ in range(2)
        ]
        ends = [(process.communicate(timeout=300)[1], process) for process in pair]
        codes = sorted(process.returncode for _, process in ends)
        expect(codes == [0, 1], f"pair {index} ends with {codes}: {[e for e, _ in ends]}")
        loser = next(error for error, process in ends if process.returncode == 1)
        winner = next(process.pid for _, process in ends if process.returncode == 0)
        named += f"is in use by process {winner}" in loser
        expect(
            f"is in use by process {winner}" in loser or "holds a run already" in loser,
            f"pair {index}: says {loser!r}")
        shutil.rmtree(output)
    output = bench.path("dead")
    process = started(bench, output, bench.write_model("long.yaml", 100_000_000))
    process.kill()
    process.communicate()
    length = bench.write_model("short.yaml", (last_checkpoint(output) or 0) + 40)
    bench.run(output, "--resume", model=length)
    expect(os.path.exists(os.path.join(output, "report.html")), "a dead owner's lock blocks")
    expect(named > count / 2, f"only {named} of {count} are told who has the folder")
    return f"{count} pairs, {named} of them at one time"


def refused_outputs(bench):
    """A folder that cannot be written, is a link, a file, or somebody else's is refused before training."""
    foreign = bench.path("foreign")
    os.makedirs(foreign)
    with open(os.path.join(foreign, "thesis.txt"), "w") as file:
        file.write("text")
    link = bench.path("link")
    os.symlink(foreign, link)
    plain = bench.path("file")
    with open(plain, "w") as file:
        file.write("text")
    cases = [(foreign, 1), (link, 1), (plain, 1), ("/proc/dlrun", 4), (bench.undisturbed, 1)]
    for output, code in cases:
        done = bench.run(output)
        expect(done.returncode == code, f"{output}: ends with {done.returncode}: {done.stderr}")
        expect(done.stderr.startswith("error: "), f"{output}: says {done.stderr!r}")
    expect(os.listdir(foreign) == ["thesis.txt"], "a folder of somebody else was changed")
    return f"{len(cases)} outputs"


def no_program_and_no_network(bench):
    """A trace of all system calls of check and train: no execve after its own, no socket."""
    if not shutil.which("strace"):
        raise Failure("strace is not installed")
    for command in [[bench.program, "check", bench.model],
                    bench.command(bench.path("traced"))]:
        trace = bench.path("trace")
        subprocess.run(
            ["strace", "-f", "-o", trace, "-e", "trace=execve,execveat,socket,connect,fork,vfork",
             *command], capture_output=True, check=True)
        with open(trace) as file:
            lines = [line for line in file if re.search(r"\b(exec|socket|connect|v?fork)", line)]
        expect(len(lines) == 1 and "execve(" in lines[0], f"{command[1]} calls {lines}")
    return "check and train"


def writes_below_the_run(bench):
    """A trace of all calls that change files: a run changes its folder, whatever its layers are called."""
    if not shutil.which("strace"):
        raise Failure("strace is not installed")
    place = os.path.realpath(bench.path("below"))
    os.makedirs(place)
    hostile = os.path.join(place, "hostile.yaml")
    with open(bench.model) as model, open(hostile, "w") as file:
        file.write(
            model.read().replace("ip1", "../../ip1").replace("ip2", "/tmp/ip2").replace("loss,", "'loss/..',"))
    runs = os.path.join(place, "runs", "faults")
    run = os.path.join(runs, "001")
    checks = [([], run, [os.path.dirname(runs), runs]), (["--output", "out"], os.path.join(place, "out"), [])]
    count = 0
    for arguments, output, parents in checks:
        trace = bench.path("trace")
        done = subprocess.run(
            ["strace", "-f", "-o", trace, "-e", "trace=%file", bench.program, "train", hostile, *arguments],
            capture_output=True, text=True, cwd=place)
        expect(done.returncode == 0, f"ends with {done.returncode}: {done.stderr}")
        with open(trace) as file:
            for call, paths in changes(file.read()):
                for path in paths:
                    path = os.path.normpath(os.path.join(place, path))
                    is_below = path == output or path.startswith(output + "/")
                    is_parent = call == "mkdir" and path in parents
                    is_link = re.fullmatch(re.escape(runs) + r"/latest(\.\d+-\d+\.tmp)?", path)
                    expect(is_below or is_parent or is_link, f"{call} changes {path}")
                    count += 1
    expect(count > 100, f"only {count} changes were seen")
    return f"{count} changes"


def changes(trace):
    """The calls of a trace that change files, and the paths that they change."""
    for name, rest in re.findall(r"^\d+ +(\w+)\((.*)$", trace, re.MULTILINE):
        paths = re.findall(r'"((?:[^"\\]|\\.)*)"', rest)
        if name.startswith("open"):
            if re.search(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC", rest):
                yield name, paths
        elif name.startswith("symlink"):
            yield name, paths[1:]
        elif re.match(r"creat|mkdir|mknod|rename|unlink|rmdir|link|truncate|chmod|fchmodat|l?chown|fchownat|utim", name):
            yield name, paths


def written_durably(bench):
    """A trace: a checkpoint is synchronized between its last write and its name, and its folder after that."""
    if not shutil.which("strace"):
        raise Failure("strace is not installed")
    trace = bench.path("trace")
    subprocess.run(
        ["strace", "-f", "-o", trace, "-e", "trace=openat,write,fsync,rename,renameat,mkdir",
         *bench.command(bench.path("durable"))], capture_output=True, check=True)
    names = {}
    events = []
    with open(trace) as file:
        for line in file:
            if found := re.match(r'\d+ +openat\([^,]*, "([^"]*)".*\) = (\d+)', line):
                names[found[2]] = found[1]
            elif found := re.match(r"\d+ +(write|fsync)\((\d+)", line):
                events.append((found[1], names.get(found[2], "")))
            elif found := re.match(r'\d+ +rename\w*\((?:AT_FDCWD, )?"([^"]*)", (?:AT_FDCWD, )?"([^"]*)"', line):
                events.append(("rename", found[1], found[2]))
            elif found := re.match(r'\d+ +mkdir\("([^"]*)"', line):
                events.append(("mkdir", found[1]))
    count = 0
    for place, event in enumerate(events):
        if event[0] == "mkdir" and event[1].endswith("/checkpoints"):
            run = os.path.dirname(event[1])
            expect(events[place + 1:place + 3] == [("fsync", run), ("fsync", os.path.dirname(run))],
                   f"after {event}: {events[place + 1:place + 3]}")
        if event[0] != "rename" or "/checkpoints/" not in event[2]:
            continue
        count += 1
        expect(events[place - 1] == ("fsync", event[1]), f"before {event}: {events[place - 1]}")
        expect(events[place - 2] == ("write", event[1]), f"before {event}: {events[place - 2]}")
        folder = ("fsync", os.path.dirname(event[2]))
        expect(events[place + 1] == folder, f"after {event}: {events[place + 1]}")
    expect(count > 10, f"only {count} checkpoints were seen")
    return f"{count} checkpoints"


def no_growth(bench):
    """Neither memory nor open files grow over 10,000 updates with a checkpoint every 500."""
    model = bench.path("growth.yaml")
    with open(model, "w") as file:
        text = MODEL.replace("ITERATIONS", "100000000").replace("snapshot: 20", "snapshot: 500")
        file.write(text.replace("ema: 0.9", "ema: 0.9, display: 1000000"))
    output = bench.path("growth")
    process = started(bench, output, model)

    def after(iterations):
        deadline = time.monotonic() + 120
        while (last_checkpoint(output) or 0) < iterations and time.monotonic() < deadline:
            time.sleep(0.01)
        expect((last_checkpoint(output) or 0) >= iterations, "the training does not go on")
        with open(f"/proc/{process.pid}/status") as file:
            resident = next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))
        return resident, len(os.listdir(f"/proc/{process.pid}/fd")), last_checkpoint(output)

    try:
        before = after(5_000)
        end = after(before[2] + 10_000)
    finally:
        process.kill()
        process.communicate()
    expect(end[0] - before[0] < 2_048, f"memory grows from {before[0]} to {end[0]} KiB")
    expect(end[1] <= before[1] + 1, f"open files grow from {before[1]} to {end[1]}")
    return f"{end[0] - before[0]} KiB, {end[1] - before[1]} files more"


CHECKS = [
    killed_at_random_moments, killed_at_each_call, failing_calls, numbered_folders, full_disk, stopped_by_signals,
    stopped_in_products, stopped_in_tests, nobody_reads, started_together, refused_outputs,
    no_program_and_no_network, writes_below_the_run, written_durably,
    no_growth,
]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", default=".build/release/dlrun")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("names", nargs="*", metavar="NAME", help="the checks; default: all")
    arguments = parser.parse_args()
    known = {check.__name__: check for check in CHECKS}
    for name in arguments.names:
        if name not in known:
            parser.error(f"unknown check '{name}' (known: {', '.join(known)})")
    failures = 0
    with tempfile.TemporaryDirectory(prefix="dlrun-faults-") as folder:
        bench = Bench(arguments.program, folder, arguments.quick)
        for name, check in known.items():
            if arguments.names and name not in arguments.names:
                continue
            start = time.monotonic()
            try:
                result = check(bench)
                print(f"ok    {name}: {result} ({time.monotonic() - start:.1f} s)", flush=True)
            except Failure as failure:
                failures += 1
                print(f"FAIL  {name}: {failure}", flush=True)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
