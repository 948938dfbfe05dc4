#!/usr/bin/env python3
"""Disturbs runs of dlrun on purpose, and checks that they recover.

    python3 Tests/Faults/faults.py [--program PATH] [--quick] [NAME ...]

Every check trains a small model repeatedly, disturbs it and resumes it with `--resume`. It compares the resulting
files, bit by bit, with those of an undisturbed run. `--quick` tries fewer moments of each kind. The program prints a
line per check. It exits with 1 if a check failed or could not run.
"""
import argparse
import sys
import tempfile
import time

from bench import Bench, Failure
from folders import refused_outputs, started_together
from kills import (
    failing_calls, full_disk, killed_at_each_call, killed_at_random_moments, numbered_folders)
from limits import fewer_threads, little_memory
from stops import nobody_reads, stopped_by_signals, stopped_in_products, stopped_in_tests
from traces import no_growth, no_program_and_no_network, writes_below_the_run, written_durably

CHECKS = [
    killed_at_random_moments, killed_at_each_call, failing_calls, numbered_folders, full_disk,
    stopped_by_signals, stopped_in_products, stopped_in_tests, nobody_reads, started_together,
    refused_outputs, no_program_and_no_network, writes_below_the_run, written_durably, no_growth,
    fewer_threads, little_memory,
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
