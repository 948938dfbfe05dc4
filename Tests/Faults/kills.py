"""Checks of faults.py: runs that are killed, or whose system calls fail."""
import contextlib
import os
import random
import shutil
import signal
import subprocess
import time

from bench import Failure, content, expect, last_checkpoint


def first(bench, output):
    """Begins in a folder that does not exist."""
    shutil.rmtree(output, ignore_errors=True)
    return []


def resumed(bench, output):
    """Begins from a run that was killed while it wrote a checkpoint, after the corresponding history."""
    killed = bench.path("to_resume")
    if not os.path.exists(killed):
        calls = bench.calls(first)
        half = next(
            number for number in range(len(calls) // 2, len(calls)) if calls[number] == "rename")
        bench.run(killed, fault=(half + 1, "kill"))
        expect(last_checkpoint(killed), "the killed run left no checkpoint")
    shutil.rmtree(output, ignore_errors=True)
    shutil.copytree(killed, output)
    return ["--resume"]


def overwriting(bench, output):
    """Begins by replacing a complete run."""
    shutil.rmtree(output, ignore_errors=True)
    shutil.copytree(bench.undisturbed, output)
    return ["--overwrite"]


BEGINNINGS = [first, resumed, overwriting]


def killed_at_random_moments(bench):
    """Sends SIGKILL at random moments to first and resumed runs. At most INTERVAL updates are repeated."""
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
    expect(len({r for r in reached if r}) > 2, f"all kills came at the same place: {reached}")
    return f"{len(reached)} kills, {sum(r is not None for r in reached)} after a checkpoint"


def killed_at_each_call(bench):
    """Sends SIGKILL before each write, fsync, ftruncate, rename, unlink, mkdir and rmdir."""
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
    """Lets each call fail. Expects a message, exit 4, a valid earlier checkpoint and no temporary files."""
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
                    line for line in done.stderr.splitlines() if not line.startswith("resumes after")]
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
    """Whether a training continues if the call fails: for an existing folder, and leftovers of a killed process."""
    return call == "mkdir" or beginning is resumed and call == "unlink"


def numbered_folders(bench):
    """Kills or fails each call that makes runs/faults/001 and its link. The next run must work normally."""
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
        # The calls up to the rename of the link and the rename of the model file.
        count = [number for number, name in enumerate(calls) if name == "rename"][1] + 1
        expect("symlink" in calls[:count], f"no link is made: {calls[:count]}")
        total += count
        for number in range(count):
            for action in ["kill", "ENOSPC"]:
                begin(holds_run)
                what = f"{action} in call {number + 1}, {calls[number]}"
                done = run(FAULT_CALL=str(number + 1), FAULT_ACTION=action)
                # An existing folder is complete without this call.
                expected = [-signal.SIGKILL] if action == "kill" else [4, 0] if holds_run else [4]
                expect(done.returncode in expected, f"{what}: ends with {done.returncode}: {done.stderr}")
                if action != "kill":
                    bench.expect_no_temporaries(place, what)
                done = run("--resume")
                expect(done.returncode == 0, f"{what}: then ends with {done.returncode}: {done.stderr}")
                bench.expect_same(newest(os.path.join(place, "runs", "faults")), what)
                done = run("--set", "solver.max_iter=1")
                expect(done.returncode == 0, f"{what}: a new run ends with {done.returncode}: {done.stderr}")
                last = newest(os.path.join(place, "runs", "faults"))
                link = os.path.join(place, "runs", "faults", "latest")
                expect(os.path.realpath(link) == last, f"{what}: latest is not {last}")
    return f"{total} calls"


def newest(folder):
    """Returns the last numbered folder that contains anything."""
    names = sorted(name for name in os.listdir(folder) if name.isdigit())
    return next(
        path for path in (os.path.join(folder, name) for name in reversed(names)) if os.listdir(path))


def chosen(bench, calls, beginning):
    """Selects every call. A quick check selects the first and the last calls, and some between."""
    numbers = list(range(len(calls)))
    if not bench.quick:
        return numbers
    if beginning is not first:
        return sorted(set(numbers[:10] + numbers[10::16]))
    return sorted(set(numbers[:16] + numbers[16::7] + numbers[-12:]))


def summary(calls):
    return ", ".join(f"{calls.count(name)} {name}" for name in sorted(set(calls)))


def full_disk(bench):
    """Trains on a file system that has room for only a part of the run."""
    place = bench.path("disk")
    os.makedirs(place, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", place]
    if subprocess.run(mount, capture_output=True).returncode != 0:
        raise Failure("cannot mount a small file system: run this check as root")
    try:
        output = os.path.join(place, "run")
        done = bench.run(output)
        expect(done.returncode == 4, f"ends with {done.returncode}: {done.stderr}")
        expect(
            "room for" in done.stderr or "No space left" in done.stderr, f"says {done.stderr!r}")
        bench.expect_no_temporaries(output, "full disk")
        # This model needs two checkpoints of 3 MiB each.
        wide = bench.write_wide("wide.yaml", 64, 256)
        done = bench.run(os.path.join(place, "wide"), "--set", "solver.snapshot=5", model=wide)
        expect(done.returncode == 4, f"ends with {done.returncode}: {done.stderr}")
        expect("and two checkpoints take" in done.stderr, f"says {done.stderr!r}")
        # The run that would have been overwritten still exists.
        before = content(output)
        expect(before, "the failed run left no files")
        done = bench.run(output, "--overwrite", "--set", "solver.snapshot=5", model=wide)
        expect(done.returncode == 4, f"--overwrite ends with {done.returncode}: {done.stderr}")
        expect(content(output) == before, "--overwrite removes a run although there is no room")
    finally:
        subprocess.run(["umount", place], check=True)
    return "refused or ended with 4"
