"""Build constraints: which of Go's tests are meant for this machine.

A test's header may hold `//go:build EXPRESSION` or older `// +build` lines; all of them must hold. The tags that are
true here are linux, amd64, gc, every release up to the distribution's, the experiments that the distribution has on by
default, and test_run, which Go's own harness sets. cgo is false.
"""

import re

# What `go list -f '{{context.ToolTags}}'` prints for linux/amd64 in Go 1.27.
DEFAULT_EXPERIMENTS = frozenset(
    "regabiwrappers regabiargs dwarf5 jsonv2 greenteagc randomizedheapbase64 sizespecializedmalloc".split())
LAST_RELEASE = 27
TOKEN = re.compile(r"\s*(\|\||&&|!|\(|\)|[^\s()!&|]+)")


def tag_holds(tag):
    if tag in ("linux", "amd64", "gc", "test_run"):
        return True
    release = re.fullmatch(r"go1\.(\d+)", tag)
    if release:
        return 1 <= int(release[1]) <= LAST_RELEASE
    if tag.startswith("goexperiment."):
        return tag.removeprefix("goexperiment.") in DEFAULT_EXPERIMENTS
    return False


def evaluate(expression):
    """The value of a //go:build expression: || binds weakest, then &&, then !."""
    tokens = TOKEN.findall(expression)
    at = 0

    def peek():
        return tokens[at] if at < len(tokens) else None

    def advance():
        nonlocal at
        at += 1
        return tokens[at - 1]

    def either():
        value = both()
        while peek() == "||":
            advance()
            right = both()
            value = value or right
        return value

    def both():
        value = single()
        while peek() == "&&":
            advance()
            right = single()
            value = value and right
        return value

    def single():
        token = advance()
        if token == "!":
            return not single()
        if token == "(":
            value = either()
            advance()
            return value
        return tag_holds(token)

    return either()


def plus_build_holds(options):
    """The value of a // +build line: blanks are "or", commas are "and", a leading ! is "not"."""
    def term(text):
        return not tag_holds(text[1:]) if text.startswith("!") else tag_holds(text)
    return any(all(term(part) for part in option.split(",")) for option in options.split())


def is_constraint(line):
    return line.startswith("//go:build ") or re.match(r"//\s*\+build(\s|$)", line) is not None


def unmet(header):
    """The first constraint line of a header that does not hold here, or None."""
    for line in header.split("\n"):
        line = line.rstrip("\r")
        if line.startswith("package "):
            return None
        if line.startswith("//go:build "):
            holds = evaluate(line.removeprefix("//go:build "))
        elif re.match(r"//\s*\+build\s", line):
            holds = plus_build_holds(re.sub(r"^//\s*\+build\s", "", line))
        else:
            continue
        if not holds:
            return line
    return None
