#!/usr/bin/env python3
"""Writes the generated tables of the page on the model language again.

Usage: update_tables.py [DLRUN]

The tables stand between the markers `<!-- dlrun help-… --markdown -->` and `<!-- end -->`. A command
prints all its tables, separated by empty lines, and several pairs of markers may share them: each
pair takes as many tables as it held before. DLRUN is the program, .build/debug/dlrun by default.
"""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "Sources/dlrun/dlrun.docc/ModelLanguage.md"
MARKER = re.compile(r"<!-- dlrun (help-\w+) --markdown -->\n\n(.*?)\n\n<!-- end -->", re.DOTALL)


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / ".build/debug/dlrun")
    tables = {}

    def updated(match):
        command, old = match.groups()
        if command not in tables:
            output = subprocess.check_output([program, command, "--markdown"], text=True)
            tables[command] = output.strip("\n").split("\n\n")
        count = old.count("\n\n") + 1
        taken, tables[command] = tables[command][:count], tables[command][count:]
        return "\n\n".join([f"<!-- dlrun {command} --markdown -->", *taken, "<!-- end -->"])

    page = MARKER.sub(updated, PAGE.read_text())
    left = [command for command, rest in tables.items() if rest]
    if left:
        sys.exit(f"{PAGE}: no markers for tables of {', '.join(left)}")
    PAGE.write_text(page)


if __name__ == "__main__":
    main()
