#!/usr/bin/env python3
"""Checks the rules of the house that a compiler does not know; prints each breach as FILE:LINE: what, and counts checks."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

# A folder includes its own files and those of lower ranks (docs/dev/map.md).
RANKS = {"base": 0, "text": 1, "features": 2, "model": 3, "evaluate": 4, "train": 5}
RANKS |= {"triage": 6, "classify": 6, "neural": 6, "report": 7}
FILE_LINES = 1000
FUNCTION_LINES = 100
FORBIDDEN = {
    "prints or reads files": "printf fprintf vprintf vfprintf dprintf puts putchar putc fputs fputc fwrite fread fopen "
    "fdopen freopen popen perror fflush getchar scanf fscanf open",
    "ends the program": "exit _exit _Exit quick_exit abort",
    "reads the environment": "getenv secure_getenv setenv putenv setlocale",
    "looks at the clock": "time clock gettimeofday clock_gettime timespec_get nanosleep sleep usleep",
    "draws unseeded randomness": "rand srand random srandom drand48 getrandom",
    "allocates beside base/memory.h": "malloc calloc realloc free strdup strndup asprintf vasprintf getline",
}
CALLS = {name: why for why, names in FORBIDDEN.items() for name in names.split()}
CALL = re.compile(r"(?<![\w.>])(%s)\s*\(" % "|".join(CALLS))
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)
MACHINE_PATH = re.compile(r"(?<![\w.-])/wor[k]/")  # where a checkout lies that logs and notes are made in


def tracked(*patterns):
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z", "--", *patterns], capture_output=True, check=True
    ).stdout
    return sorted(name for name in listed.decode().split("\0") if name and os.path.isfile(name))


def our_c_files():
    """Not the small projects below examples/logs/make/, which stand as other people's programs do."""
    return [path for path in tracked("*.c", "*.h") if not path.startswith("examples/logs/")]


def read(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def line_of(text, at):
    return text.count("\n", 0, at) + 1


def code_only(text):
    """Comments and the insides of literals as blanks, so that positions stay."""
    pattern = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
    return pattern.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)


def include_order():
    for path in tracked("src/*.c", "src/*.h"):
        folder = path.split("/")[1]
        text = read(path)
        for found in INCLUDE.finditer(text):
            kind, name = found.groups()
            top = name.split("/")[0]
            where = f"{path}:{line_of(text, found.start())}"
            if top not in RANKS:
                if kind == '"' and top != "bantam":
                    yield f'{where}: "{name}" is none of our folders; write "folder/file.h"'
            elif top != folder and RANKS[top] >= RANKS[folder]:
                yield f"{where}: src/{folder} may not include {name}: {top} is above it"
    for path in tracked("include/*.h"):
        text = read(path)
        for found in INCLUDE.finditer(text):
            if found.group(1) == '"' and "/" in found.group(2):
                yield f"{path}:{line_of(text, found.start())}: a public header includes public headers beside it only"


def command_line_is_public():
    for path in tracked("cli/*.c", "cli/*.h"):
        text = read(path)
        for found in INCLUDE.finditer(text):
            kind, name = found.groups()
            inside = os.path.exists(os.path.join("cli", name)) if kind == '"' else name.split("/")[0] not in RANKS
            if not inside:
                yield f"{path}:{line_of(text, found.start())}: cli/ includes only <bantam/...>, not {name}"


def silent_library():
    for path in tracked("src/*.c", "src/*.h"):
        if path.endswith("_test.c") or path == "src/base/memory.c":
            continue
        text = code_only(read(path))
        for found in CALL.finditer(text):
            yield f"{path}:{line_of(text, found.start())}: {found.group(1)}() {CALLS[found.group(1)]}"


def sizes():
    for path in our_c_files():
        lines = read(path).split("\n")
        if len(lines) - 1 > FILE_LINES:
            yield f"{path}:1: {len(lines) - 1} lines, more than {FILE_LINES}"
        start = None
        for number, line in enumerate(lines, 1):
            if line == "{":
                start = number
            elif line == "}" and start:
                if number - start - 1 > FUNCTION_LINES:
                    yield f"{path}:{start}: a function of {number - start - 1} lines, more than {FUNCTION_LINES}"
                start = None


def opens_with_its_role():
    for path in tracked("src/*.c", "src/*.h", "cli/*.c", "cli/*.h", "include/*.h"):
        if not path.endswith("_test.c") and not read(path).startswith(("//", "/*")):
            yield f"{path}:1: the file does not open with a comment that says its role"


def headers_alone():
    flags = ["-std=c17", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only", "-Iinclude"]
    for path in tracked("include/*.h"):
        for compiler, language in (("gcc", "c"), ("clang", "c"), ("clang", "c++")):
            if not shutil.which(compiler):
                continue
            with tempfile.NamedTemporaryFile("w", suffix=".c") as source:
                source.write(f"#include <{path[len('include/'):]}>\n")
                source.flush()
                own = flags if language == "c" else [flag for flag in flags if flag != "-std=c17"]
                done = subprocess.run([compiler, "-x", language, *own, source.name], capture_output=True, text=True)
            if done.returncode:
                yield f"{path}:1: does not compile alone as {language} with {compiler}:\n{done.stderr.strip()}"


def formatting():
    program = shutil.which("clang-format-14") or shutil.which("clang-format")
    version = program and subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    if not version or "version 14." not in version:
        yield None  # other versions lay out differently
        return
    done = subprocess.run([program, "--dry-run", "-Werror", *our_c_files()], capture_output=True, text=True)
    for line in done.stderr.split("\n"):
        if "error:" in line:
            yield line.replace("error: code should be clang-formatted [-Wclang-format-violations]", "run make format")


def no_machine_paths():
    for path in tracked():
        # The logs are other machines' words, and the tables quote what tools print.
        quotes = path.startswith("examples/logs/") and path.endswith(".log") or path.startswith("models/")
        if quotes or path == "tools/lint.py":
            continue
        text = read(path)
        for found in MACHINE_PATH.finditer(text):
            yield f"{path}:{line_of(text, found.start())}: a path of one machine: {found.group()}"


CHECKS = [
    include_order,
    command_line_is_public,
    silent_library,
    sizes,
    opens_with_its_role,
    headers_alone,
    formatting,
    no_machine_paths,
]


def main():
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for check in CHECKS:
        breaches = list(check())
        name = check.__name__.replace("_", " ")
        result = "skipped" if None in breaches else "failed" if breaches else "passed"
        counts[result] += 1
        print(f"{name}: {result}")
        for breach in breaches:
            if breach:
                print("  " + breach)
    print(", ".join(f"{number} {result}" for result, number in counts.items()))
    sys.exit(1 if counts["failed"] else 0)


main()
