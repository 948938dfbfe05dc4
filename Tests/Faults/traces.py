"""Checks of faults.py: system calls and resources of a run, from traces and counts."""
import os
import re
import shutil
import subprocess
import time

from bench import MODEL, Failure, expect, last_checkpoint, started


def traced(bench, calls, command, folder=None):
    """Returns the lines of a trace of some calls of a command."""
    if not shutil.which("strace"):
        raise Failure("strace is not installed")
    trace = bench.path("trace")
    done = subprocess.run(
        ["strace", "-f", "-o", trace, "-e", f"trace={calls}", *command], capture_output=True,
        text=True, cwd=folder)
    expect(done.returncode == 0, f"{command[1]} ends with {done.returncode}: {done.stderr}")
    with open(trace) as file:
        return file.read().splitlines()


def no_program_and_no_network(bench):
    """Traces check and train. Expects a single execve and no socket."""
    for command in [[bench.program, "check", bench.model],
                    bench.command(bench.path("traced"))]:
        trace = traced(bench, "execve,execveat,socket,connect,fork,vfork", command)
        lines = [line for line in trace if re.search(r"\b(exec|socket|connect|v?fork)", line)]
        expect(len(lines) == 1 and "execve(" in lines[0], f"{command[1]} calls {lines}")
    return "check and train"


def writes_below_the_run(bench):
    """Traces all file-changing calls. A run changes only its folder, even with hostile layer names."""
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
        trace = traced(bench, "%file", [bench.program, "train", hostile, *arguments], place)
        for call, path in changes(trace):
            path = os.path.normpath(os.path.join(place, path))
            is_below = path == output or path.startswith(output + "/")
            is_parent = call == "mkdir" and path in parents
            is_link = re.fullmatch(re.escape(runs) + r"/latest(\.\d+-\d+\.tmp)?", path)
            expect(is_below or is_parent or is_link, f"{call} changes {path}")
            count += 1
    expect(count > 100, f"only {count} changes were seen")
    return f"{count} changes"


CHANGING = r"creat|mkdir|mknod|rename|unlink|rmdir|symlink|link|truncate|chmod|fchmodat|l?chown|fchownat|utim"


def changes(trace):
    """Yields the file-changing calls of a trace, each with a path that it changes."""
    for line in trace:
        found = re.match(r"\d+ +(\w+)\((.*)", line)
        if not found:
            continue
        name, rest = found.groups()
        opens = name.startswith("open") and re.search(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC", rest)
        if opens or re.match(CHANGING, name):
            paths = re.findall(r'"((?:[^"\\]|\\.)*)"', rest)
            # The first path of a symlink call is the target.
            for path in paths[1:] if name.startswith("symlink") else paths:
                yield name, path


def written_durably(bench):
    """Traces checkpoints. Expects fsync between the last write and the rename, then fsync of the folder."""
    events = written(traced(
        bench, "openat,write,fsync,rename,renameat,mkdir", bench.command(bench.path("durable"))))
    count = 0
    for place, event in enumerate(events):
        if event[0] == "mkdir" and event[1].endswith("/checkpoints"):
            run = os.path.dirname(event[1])
            expect(
                events[place + 1:place + 3] == [("fsync", run), ("fsync", os.path.dirname(run))],
                f"after {event}: {events[place + 1:place + 3]}")
        if event[0] != "rename" or "/checkpoints/" not in event[2]:
            continue
        count += 1
        before = [("write", event[1]), ("fsync", event[1])]
        expect(events[place - 2:place] == before, f"before {event}: {events[place - 2:place]}")
        folder = ("fsync", os.path.dirname(event[2]))
        expect(events[place + 1] == folder, f"after {event}: {events[place + 1]}")
    expect(count > 10, f"only {count} checkpoints were seen")
    return f"{count} checkpoints"


def written(trace):
    """Returns the writing calls of a trace, with their paths."""
    names = {}
    events = []
    for line in trace:
        if found := re.match(r'\d+ +openat\([^,]*, "([^"]*)".*\) = (\d+)', line):
            names[found[2]] = found[1]
        elif found := re.match(r"\d+ +(write|fsync)\((\d+)", line):
            events.append((found[1], names.get(found[2], "")))
        elif found := re.match(r'\d+ +(rename)\w*\([^"]*"([^"]*)",[^"]*"([^"]*)"', line):
            events.append(found.groups())
        elif found := re.match(r'\d+ +(mkdir)\("([^"]*)"', line):
            events.append(found.groups())
    return events


def no_growth(bench):
    """Expects no growth of memory or open files over 10,000 updates with a checkpoint every 500."""
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
        expect((last_checkpoint(output) or 0) >= iterations, "the training does not continue")
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
