"""Lists the code in Sources that could trap, with the reason why it does not. Exits with 1 if a reason is missing.

    list_traps.py [--quiet]

The sentence of a precondition is its reason. All other reasons are in traps.txt, in lines of the form
`file<TAB>text of the line<TAB>reason`, or `file<TAB>*<TAB>reason` for all conversions of a file. The program also
refuses a line of traps.txt that matches no code.
"""

import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parents[2]
LIST = pathlib.Path(__file__).with_name("traps.txt")

# Conversions that define the result for a value out of range, or to which every value fits.
CHECKED = r"exactly:|clamping:|bitPattern:|truncatingIfNeeded:|ascii:|littleEndian:|bigEndian:|_SC_"
INTEGERS = r"U?Int(?:8|16|32|64)?|C(?:Unsigned)?(?:Char|Short|Int|Long|LongLong)|(?:mode|off|size|pid)_t"
# The pattern of each kind of trap.
KINDS = {
    "force unwrap": re.compile(r"[\w)\]}]!(?![=\w])"),
    "try!": re.compile(r"\btry!"),
    "as!": re.compile(r"\bas!"),
    "fatalError": re.compile(r"\b(fatalError|abort|assertionFailure|assert)\("),
    "precondition": re.compile(r"\b(precondition|preconditionFailure)\("),
    "unowned": re.compile(r"\bunowned\b"),
    "unsafeBitCast": re.compile(r"\bunsafe(BitCast|Downcast|lyUnwrapped)\b|\.unsafelyUnwrapped\b"),
    "conversion": re.compile(
        rf"(?<![\w.])(?:{INTEGERS})(?:\((?!{CHECKED})(?!\))|\.init\b(?!\((?:{CHECKED})))"),
}
SENTENCE = re.compile(r"\"[^\"]* [^\"]*\"")


def code_of(line):
    """Returns the line without its comment. String literals without interpolation become empty."""
    line = re.sub(r"\"(?:\\[^(]|[^\"\\])*\"", '""', line)
    return re.sub(r"(^|\s)//.*", "", line)


def reasons():
    entries = {}
    for number, line in enumerate(LIST.read_text().splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        parts = line.split("\t")
        if len(parts) != 3 or len(parts[2].split()) < 2:
            sys.exit(f"{LIST.name}:{number}: expected a file, a line and a reason, separated by tabs")
        entries[parts[0], parts[1]] = parts[2]
    return entries


def traps():
    """Yields each trap: its file, line number, kind, line, and the lines from there on."""
    for path in sorted((root / "Sources").rglob("*.swift")):
        lines = path.read_text().splitlines()
        name = str(path.relative_to(root))
        inside = False  # of a string over several lines
        for number, line in enumerate(lines, 1):
            was = inside
            if line.count('"""') % 2:
                inside = not inside
            if was or line.lstrip().startswith("//"):
                continue
            code = code_of(line)
            for kind, pattern in KINDS.items():
                if pattern.search(code):
                    yield name, number, kind, line.strip(), lines[number - 1:number + 5]


def main():
    known, used, missing, counts = reasons(), set(), [], {}
    for name, number, kind, line, following in traps():
        reason = None
        if kind == "precondition":
            found = SENTENCE.search(" ".join(following))
            reason = found and found.group()
        for key in [(name, line), (name, "*")]:
            if reason is None and key in known and (key[1] != "*" or kind == "conversion"):
                reason = known[key]
                used.add(key)
        counts[kind] = counts.get(kind, 0) + 1
        if reason is None:
            missing.append(f"{name}:{number}: {kind} without a reason: {line}")
        elif "--quiet" not in sys.argv:
            print(f"{name}:{number}: {kind}: {line}\n    {reason}")
    missing += [f"{LIST.name}: no code matches: {name}\t{line}" for name, line in known if (name, line) not in used]
    print("\n".join(missing), file=sys.stderr, end="\n" if missing else "")
    print(", ".join(f"{count} {kind}" for kind, count in sorted(counts.items())))
    sys.exit(1 if missing else 0)


main()
