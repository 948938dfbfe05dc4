"""How every peer is run and timed: arguments, CPU set, thread variables, the one JSON line.

Call `arguments` before importing NumPy, PyTorch or JAX: they read the thread variables when loaded.
"""

import argparse
import json
import os
import statistics
import time

from workloads import WORKLOADS

REPEATS = 5


def arguments(modes, extra=None):
    """Parse the command line, pin the process to `--threads` CPUs and tell the libraries so.

    `extra(parser)` adds a peer's own options. The result's `workload` is the `Workload`.
    """
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--workload", required=True, choices=WORKLOADS)
    parser.add_argument("--threads", type=positive, default=1)
    parser.add_argument("--steps", type=positive,
                        help="timed steps per repeat (default: the workload's)")
    parser.add_argument("--repeats", type=positive, default=REPEATS)
    parser.add_argument("--mode", default=modes[0], choices=modes)
    if extra:
        extra(parser)
    options = parser.parse_args()
    processors = sorted(os.sched_getaffinity(0))
    if options.threads > len(processors):
        parser.error(f"--threads {options.threads}: only {len(processors)} processors to run on")
    os.sched_setaffinity(0, processors[:options.threads])
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = str(options.threads)
    options.workload = WORKLOADS[options.workload]
    options.steps = options.steps or options.workload.steps
    return options


def positive(text):
    if (value := int(text)) < 1:
        raise ValueError
    return value


def run(peer, options, advance, finish, steps_per_call=1):
    """Time `advance` and print the line.

    advance() does `steps_per_call` steps and returns a loss that may still be under way;
    finish(loss) waits for it and returns a float. A job is timed once, from its first call;
    anything else is warmed up first, and the rate is the median of the repeats.
    """
    final_loss = finish(advance())
    startup = seconds_since_process_start()
    job = options.workload.job
    calls = -(-options.steps // steps_per_call) - (1 if job else 0)
    if not job:
        for _ in range(min(max(1, calls // 4), 50)):
            loss = advance()
        finish(loss)
    rates = []
    for _ in range(1 if job else options.repeats):
        start = time.perf_counter()
        for _ in range(calls):
            loss = advance()
        if calls:
            final_loss = finish(loss)
        rates.append(calls * steps_per_call / (time.perf_counter() - start))
    steps = (calls + (1 if job else 0)) * steps_per_call
    report(peer, options, statistics.median(rates), startup, steps, final_loss)


def report(peer, options, steps_per_second, startup, steps, final_loss):
    workload = options.workload
    print(json.dumps({
        "peer": peer, "mode": options.mode, "workload": workload.name, "threads": options.threads,
        "steps_per_s": round(steps_per_second, 3),
        "examples_per_s": round(steps_per_second * workload.batch, 1),
        "gflops": round(steps_per_second * workload.batch * workload.flops_per_example / 1e9, 3),
        "peak_rss_mb": peak_memory(), "startup_s": round(startup, 3),
        "total_s": round(seconds_since_process_start(), 3), "steps": steps,
        "final_loss": round(float(final_loss), 6)}), flush=True)


def seconds_since_process_start():
    """Resolution: one clock tick, commonly 10 ms."""
    with open("/proc/self/stat") as file:
        start_ticks = float(file.read().rsplit(")", 1)[1].split()[19])
    with open("/proc/uptime") as file:
        return float(file.read().split()[0]) - start_ticks / os.sysconf("SC_CLK_TCK")


def peak_memory():
    """MiB. Not getrusage's maximum, which a process can inherit from the one that started it."""
    with open("/proc/self/status") as file:
        line = next(line for line in file if line.startswith("VmHWM:"))
    return round(int(line.split()[1]) / 1024, 1)
