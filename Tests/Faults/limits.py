"""Checks of faults.py: limits of the system on threads and memory."""
import os
import shutil
import signal
import subprocess

from bench import expect, expect_same, last_checkpoint, started

# Splits batches into slices for several threads.
SLICES = "solver.shards=8"

MEMORY_MODEL = """
name: memory
data:
  train: {source: blobs, features: 500, points_per_class: 4000, class_count: 3, batch_size: 500}
  test: {source: blobs, features: 500, points_per_class: 1000, class_count: 3, batch_size: 500}
network:
  - {name: ip1, type: Linear, num_output: 3000}
  - {name: relu1, type: ReLU}
  - {name: ip2, type: Linear, num_output: 2000}
  - {name: relu2, type: ReLU}
  - {name: ip3, type: Linear, num_output: 3}
  - {name: loss, type: SoftmaxWithLoss}
  - {name: accuracy, type: Accuracy, phase: test}
solver: {base_lr: 0.01, momentum: 0.9, max_iter: 2, snapshot: 1}
"""


def fewer_threads(bench):
    """Allows few or no additional threads. Expects the same bits, one warning, and checkpoints on signals."""
    undisturbed = bench.path("slices")
    done = bench.run(undisturbed, "--set", SLICES)
    expect(done.returncode == 0, f"an undisturbed run fails: {done.stderr}")
    for limit in [0, 1, 2, 4]:
        output = bench.path(f"threads{limit}")
        environment = {"LD_PRELOAD": bench.library, "FAULT_THREADS": str(limit)}
        done = bench.run(output, "--set", SLICES, "--threads", "8", environment=environment)
        expect(done.returncode == 0, f"{limit} threads: ends with {done.returncode}: {done.stderr}")
        # One of the threads waits for signals.
        count = max(1, limit)
        said = (f"expected 8, received {count}; dlrun continues with {count}, and the results stay the same")
        expect(done.stderr.count("warning: the system refused to create more threads") == 1
               and said in done.stderr, f"{limit} threads: says {done.stderr!r}")
        expect_same(undisturbed, output, f"{limit} threads")
    output = bench.path("polled")
    os.environ.update(LD_PRELOAD=bench.library, FAULT_THREADS="0")
    try:
        process = started(bench, output, bench.write_model("polled.yaml", 100_000_000))
    finally:
        del os.environ["LD_PRELOAD"], os.environ["FAULT_THREADS"]
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=30)
    expect(process.returncode == 143, f"SIGTERM ends with {process.returncode}: {errors}")
    expect(last_checkpoint(output) is not None, "SIGTERM writes no checkpoint")
    return "0 to 4 threads of 8, and SIGTERM without a thread that waits for it"


def little_memory(bench):
    """Runs commands under many `ulimit -v`. Expects success, or a message and exit 1 (the estimate) or 4."""
    model, output = bench.path("memory.yaml"), bench.path("memory")
    with open(model, "w") as file:
        file.write(MEMORY_MODEL)
    trained = bench.path("trained")
    done = bench.run(trained, model=model)
    expect(done.returncode == 0, f"an undisturbed run fails: {done.stderr}")
    commands = {
        "train": ["train", model, "--output", output, "--quiet"], "check": ["check", model],
        "show": ["show", model], "expand": ["expand", model], "test": ["test", trained],
    }
    count = 8 if bench.quick else 60
    ends = {}
    for name, command in commands.items():
        for step in range(count):
            limit = (40 << 10) + step * (900 << 10) // count
            shutil.rmtree(output, ignore_errors=True)
            done = subprocess.run(
                ["bash", "-c", f"ulimit -v {limit}; exec \"$@\"", "bash", bench.program, *command,
                 "--threads", "2"],
                capture_output=True, text=True, timeout=300)
            what = f"{name} with {limit} KiB ends with {done.returncode}: {done.stderr[-300:]}"
            # 127: the system could not load the program.
            if done.returncode == 127:
                continue
            expect(done.returncode in (0, 1, 4), what)
            expect(done.returncode == 0 or "error: " in done.stderr, what)
            expect(done.returncode == 0 or not os.path.exists(output), f"{what}; a folder remains")
            ends[done.returncode] = ends.get(done.returncode, 0) + 1
    return ", ".join(f"{ends[code]} ended with {code}" for code in sorted(ends))
