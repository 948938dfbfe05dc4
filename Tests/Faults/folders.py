"""Checks of faults.py: ownership of a run's folder."""
import os
import shutil
import subprocess

from bench import expect, last_checkpoint, started


def started_together(bench):
    """Of two runs started together in one folder, exactly one wins, and the other names its process."""
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
    expect(named > count / 2, f"only {named} of {count} name the process that has the folder")
    return f"{count} pairs, {named} of them at the same time"


def refused_outputs(bench):
    """Refuses an unwritable folder, a link, a file, or a folder with foreign files before training."""
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
    expect(os.listdir(foreign) == ["thesis.txt"], "a folder with foreign files was changed")
    return f"{len(cases)} outputs"
