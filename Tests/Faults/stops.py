"""Checks of faults.py: signals, and a closed or full standard output."""
import os
import random
import shutil
import signal
import subprocess
import time

from bench import expect, expect_same, last_checkpoint, LONG_TESTS, MODEL, started


def stopped_by_signals(bench):
    """Expects that SIGINT and SIGTERM save and exit with 130 and 143, and that SIGHUP saves and continues."""
    long = bench.write_model("long.yaml", 100_000_000)
    for number, code in [(signal.SIGINT, 130), (signal.SIGTERM, 143)]:
        output = bench.path(f"signal{code}")
        process = started(bench, output, long)
        process.send_signal(number)
        start = time.monotonic()
        _, errors = process.communicate(timeout=30)
        expect(process.returncode == code, f"ends with {process.returncode}: {errors}")
        expect(time.monotonic() - start < 5, "takes more than 5 s")
        expect("continue with --resume" in errors, f"says {errors!r}")
        expect(last_checkpoint(output) is not None, "no checkpoint is written")
    output = bench.path("hangup")
    plain = bench.path("plain.yaml")
    with open(plain, "w") as file:
        text = MODEL.replace("ITERATIONS", "100000000")
        file.write(text.replace("snapshot: 20, snapshot_on: best, ", ""))
    process = started(bench, output, plain)
    expect(last_checkpoint(output) is None, "an unrequested checkpoint exists")
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
    """Sends signals during large matrix products, whose kernels use the stack pointer for other addresses."""
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
        expect("continue with --resume" in errors, f"says {errors!r}")
        expect(last_checkpoint(output) is not None, "no checkpoint is written")
        shutil.rmtree(output)
    # Both signals arrive within one update of about a second.
    slow = bench.write_wide("slow.yaml", 2000, 4000)
    output = bench.path("second")
    process = started(bench, output, slow)
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=60)
    expect(process.returncode == 143, f"a second signal ends with {process.returncode}: {errors}")
    expect(not errors, f"a second signal does not end at once: {errors}")
    again = bench.run(output, "--resume", "--set", "solver.max_iter=1", model=slow)
    expect(again.returncode == 0, f"does not resume: {again.stderr}")
    return f"{count} times, and a second signal"


def stopped_in_tests(bench):
    """Sends signals during long tests and final scores, which must stop early."""
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
    expect(stops > count / 2, f"only {stops} of {count} runs were stopped")
    return f"{stops} stops in {duration:.1f} s of tests"


def nobody_reads(bench):
    """Expects that a training continues despite a closed pipe or a full standard output."""
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
