#!/usr/bin/env python3
"""Refuses phrases that make comments, messages and documentation hard to read.

Usage: check_prose.py PATH...

A path is a file or a folder. The program reads comments and string literals of Swift, C, Python,
shell and YAML, and Markdown without its code. It skips files of other kinds. It prints
`file:line: phrase: what to write instead` for every phrase that RULES lists, and exits with 1 if it
found any.
"""

import bisect
import pathlib
import re
import sys

COMPARATIVES = "longer|more|less|fewer|larger|smaller|greater|lower|higher|better|worse|later|earlier"
PARTICIPLES = (
    r"\w+ed|been|begun|become|brought|built|chosen|come|cut|done|drawn|fallen|found|given|gone|got|"
    r"grown|had|held|hit|kept|known|left|let|lost|made|meant|met|put|read|run|said|seen|sent|set|"
    r"shown|split|stood|taken|told|understood|won|written"
)
SENTENCE = r"(?:\A|(?<=[.!?;:] )|(?<=\n))"

# What a rule finds, and what to write instead.
RULES = [
    (
        rf"(?<!there )\b(?:is|are|was|were|be|been|being) no (?!(?:{COMPARATIVES})\b)[\w`'-]+",
        "negate the verb: 'is not a …'",
    ),
    (
        rf"\b(?:has|have|had) not\b(?! (?:(?:yet|all|\w+ly) )?(?:{PARTICIPLES})\b)",
        "'has no …' or 'does not have …'",
    ),
    (r"\bnil where\b", "'Nil when …'"),
    (r"\bnil: no(?:body|ne|thing)?\b", "'Nil when …'"),
    (r"\bof which\b", "two sentences"),
    (r"\band nothing else\b", "'only …'"),
    (r"\b(?:is|are|was|were|be|been|being) told\b", "who says what: 'the message names …'"),
    (r"\bthought of\b", "the term of the field"),
    (r"\b(?:is|are) there twice\b", "'duplicate …'"),
    (rf"{SENTENCE}(?:Whoever|Whatever|So too|Of those)\b", "a noun as the subject"),
    (
        rf"{SENTENCE}(?:What|Who|Whose|Nobody)\b(?![^.]*\?)(?: [\w`']+)?",
        "a noun as the subject",
    ),
]
RULES = [
    (re.compile(pattern, 0 if pattern.startswith((SENTENCE, r"\A")) else re.IGNORECASE), advice)
    for pattern, advice in RULES
]

C_TOKENS = re.compile(
    r'(?P<comment>//[^\n]*|/\*.*?\*/)'
    r'|(?P<string>(?P<hashes>#*)(?:"""(?P<long>.*?)"""|"(?P<short>(?:\\.|[^"\\\n])*)")(?P=hashes))',
    re.DOTALL,
)
PYTHON_TOKENS = re.compile(
    r'(?P<comment>#[^\n]*)|(?P<string>"""(?P<long>.*?)"""|"(?P<short>(?:\\.|[^"\\\n])*)")',
    re.DOTALL,
)
HASH_TOKENS = re.compile(r"(?m)(?:^|(?<=\s))(?P<comment>#[^\n]*)")
TOKENS = {
    ".swift": C_TOKENS,
    ".h": C_TOKENS,
    ".c": C_TOKENS,
    ".py": PYTHON_TOKENS,
    ".sh": HASH_TOKENS,
    ".yaml": HASH_TOKENS,
}
COMMENT_MARK = re.compile(r"(?m)^[ \t]*(?://+|/\*+|#+!?|\*/?)[ \t]?|\*/$")
FENCE = re.compile(r"(?ms)^[ \t]*```.*?^[ \t]*```[ \t]*$")
CODE = re.compile(r"`[^`\n]*`")
INTERPOLATION = re.compile(r"\\\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)")


def blank(match):
    """Hides code behind as many letters, so that places stay what they are."""
    return re.sub(r"\S", "x", match.group(0))


def blocks(path, text):
    """Yields the first character's place and the text of every piece of prose."""
    if path.suffix == ".md":
        text = CODE.sub(blank, FENCE.sub(blank, text))
        for match in re.finditer(r"(?:[^\n]+(?:\n|\Z))+", text):
            yield match.start(), match.group(0)
        return
    tokens = [match for match in TOKENS[path.suffix].finditer(text)]
    place = 0
    while place < len(tokens):
        first = last = tokens[place]
        is_comment = first.group("comment") is not None
        separator = r"\n[ \t]*" if is_comment else r"\s*\+\s*"
        parts = [content(first)]
        place += 1
        # Comments of successive lines are one text, and so are concatenated literals.
        while (
            place < len(tokens)
            and (tokens[place].group("comment") is not None) == is_comment
            and re.fullmatch(separator, text[last.end() : tokens[place].start()])
        ):
            last = tokens[place]
            parts.append(content(last))
            place += 1
        # Everything between the parts becomes spaces, which keeps the places of the parts.
        block, end = "", first.start()
        for start, part in parts:
            block += re.sub(r"[^\n]", " ", text[end:start]) + part
            end = start + len(part)
        yield first.start(), block


def content(token):
    """Returns the place and the text of a comment, or of a string without its quotes."""
    for name in ("comment", "long", "short"):
        if token.groupdict().get(name) is not None:
            return token.start(name), token.group(name)


def normalized(text):
    """Returns the text with single spaces, and the place of each of its characters in the original."""
    marks = COMMENT_MARK.sub(lambda match: " " * len(match.group(0)), text)
    prose = INTERPOLATION.sub(blank, CODE.sub(blank, marks))
    characters, places = [], []
    for place, character in enumerate(prose):
        character = " " if character.isspace() else character
        if character == " " and (not characters or characters[-1] == " "):
            continue
        characters.append(character)
        places.append(place)
    return "".join(characters), places


def check(path):
    """Returns (line, phrase, advice) for every phrase of a file that RULES refuses."""
    text = path.read_text(encoding="utf-8")
    line_starts = [0] + [match.end() for match in re.finditer("\n", text)]
    findings = []
    for start, block in blocks(path, text):
        prose, places = normalized(block)
        for pattern, advice in RULES:
            for match in pattern.finditer(prose):
                line = bisect.bisect_right(line_starts, start + places[match.start()])
                findings.append((line, match.group(0), advice))
    return sorted(set(findings))


def files(arguments):
    for argument in arguments:
        path = pathlib.Path(argument)
        if not path.exists():
            sys.exit(f"check_prose.py: {path}: no such file or folder")
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (file for file in found if file.suffix in TOKENS or file.suffix == ".md")


def main():
    if len(sys.argv) == 1:
        sys.exit(__doc__.strip())
    count = 0
    for path in files(sys.argv[1:]):
        for line, phrase, advice in check(path):
            print(f"{path}:{line}: '{phrase}': write {advice}")
            count += 1
    if count > 0:
        sys.exit(1)


if __name__ == "__main__":
    main()
