#!/usr/bin/env python3
"""tools/lint.py on a small tree with one breach of each rule: each is found, and the clean tree passes."""
import os
import shutil
import subprocess
import sys
import tempfile

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
if not shutil.which("git"):
    print("git is not there")
    sys.exit(77)

CLEAN = {
    "include/bantam/a.h": "// A header.\nint bantam_a(void);\n",
    "src/base/a.c": '// A file.\n#include "bantam/a.h"\n\nint bantam_a(void)\n{\n    return 1;\n}\n',
    "src/text/b.c": '// May look down.\n#include "base/a.h"\n// printf("in a comment")\nconst char *b = "exit(1)";\n',
    "cli/main.c": "// The command.\n#include <bantam/a.h>\n",
}
BREACHES = {
    "src/base/up.c": ('// Looks up.\n#include "text/b.h"\n', "text is above it"),
    "src/model/side.c": ('// Looks aside.\n#include "evaluate/b.h"\n', "evaluate is above it"),
    "cli/deep.c": ('// Looks inside.\n#include "text/b.h"\n', "includes only <bantam/"),
    "src/base/loud.c": ('// Prints.\nvoid f(void);\nvoid f(void)\n{\n    printf("x");\n}\n', "printf() prints"),
    "src/base/leaves.c": ("// Leaves.\nvoid f(void);\nvoid f(void)\n{\n    exit(1);\n}\n", "exit() ends"),
    "src/base/allocates.c": ("// Allocates.\nvoid *f(void);\nvoid *f(void)\n{\n    return malloc(1);\n}\n", "malloc()"),
    "src/base/long.c": ("// Long.\n" + "int a;\n" * 1001, "more than 1000"),
    "src/base/function.c": ("// Long function.\nint f(void)\n{\n" + "    f();\n" * 101 + "}\n", "a function of 101"),
    "src/base/silent.c": ("int a;\n", "does not open with a comment"),
    "include/bantam/alone.h": ("// Needs size_t.\nsize_t bantam_alone(void);\n", "does not compile alone"),
    "docs/path.md": ("See /wo" + "rk/wt/notes.\n", "a path of one machine"),
}


def write(folder, name, text):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)
    return path


def lint(folder):
    done = subprocess.run([sys.executable, "tools/lint.py"], cwd=folder, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


with tempfile.TemporaryDirectory() as folder:
    subprocess.run(["git", "init", "-q", folder], check=True)
    for name in ("tools/lint.py", ".clang-format"):
        os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
        shutil.copy(os.path.join(TOP, name), os.path.join(folder, name))
    for name, text in CLEAN.items():
        write(folder, name, text)
    status, output = lint(folder)
    assert status == 0 and ", 0 failed" in output, output
    for name, (text, says) in BREACHES.items():
        path = write(folder, name, text)
        status, output = lint(folder)
        assert status == 1 and says in output, (name, output)
        os.remove(path)
