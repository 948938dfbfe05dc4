"""A run that is killed, or whose calls fail: of faults.py."""
import contextlib
import os
import random
import shutil
import signal
import subprocess
import time

from bench import Failure, content, expect, last_checkpoint


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
