#!/usr/bin/env python3
"""tools/embed.py: the table gives back each file's bytes, whatever they are; zero files and bad JSON are dealt with."""
import base64
import hashlib
import os
import re
import subprocess
import sys
import tempfile

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
EMBED = os.path.join(TOP, "tools/embed.py")
SHOW = r"""
#include <stdio.h>
#include <string.h>
#include "model/embedded.h"
int main(int n, char **words)
{
    printf("%zu\n", n_embedded_files);
    for (size_t i = 0; i < n_embedded_files; i++)
        if (n == 2 && !strcmp(words[1], embedded_files[i].name))
            fwrite(embedded_files[i].bytes, 1, embedded_files[i].size, stdout);
}
"""


def embed(folder, names):
    paths = [os.path.join(folder, name) for name in names]
    out = os.path.join(folder, "out.c")
    done = subprocess.run([sys.executable, EMBED, out, folder, *paths], capture_output=True, text=True)
    return done.returncode, done.stderr


def show(folder, *words):
    program = os.path.join(folder, "show")
    sources = [os.path.join(folder, "out.c"), os.path.join(folder, "show.c")]
    flags = ["-std=c17", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-I" + os.path.join(TOP, "src")]
    subprocess.run(["cc", *flags, *sources, "-o", program], check=True)
    return subprocess.run([program, *words], capture_output=True, check=True).stdout


with tempfile.TemporaryDirectory() as folder:
    with open(os.path.join(folder, "show.c"), "w") as file:
        file.write(SHOW)
    assert embed(folder, []) == (0, "")
    assert show(folder) == b"0\n"

    contents = {
        "b/all.bin": bytes(range(256)) * 30,
        "a/digits.bin": b"\0001\x0079??=%\\\"\n",
        "a/table.json": b'{"x": ["\\u0000", 1]}\n',
        "empty.bin": b"",
    }
    for name, data in contents.items():
        os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
        with open(os.path.join(folder, name), "wb") as file:
            file.write(data)
    assert embed(folder, contents) == (0, "")
    for name, data in contents.items():
        assert show(folder, name) == b"4\n" + data, name

    done = subprocess.run([sys.executable, EMBED, os.path.join(folder, "out.c"), folder, "name=" + os.path.join(folder, "b/all.bin")])
    assert done.returncode == 0 and show(folder, "name") == b"1\n" + contents["b/all.bin"]

    assert embed(folder, ["b/all.bin", "b/all.bin"])[0] != 0
    with open(os.path.join(folder, "bad.json"), "w") as file:
        file.write("{")
    status, message = embed(folder, ["bad.json"])
    assert status != 0 and "bad.json" in message, message

    # A page's policy names the digests of what stands in it.
    pieces = {"p.html": "<a><!--style--> <!--script--><!--answers--></a>\n<i><!--p.css--></i>\n<!--answers-->\n<b><!--p.js--></b>\n",
              "p.css": "/* why */\n  a{\n}\n", "p.js": "// why\n\n  1; // one\n"}
    for name, text in pieces.items():
        with open(os.path.join(folder, name), "w") as file:
            file.write(text)
    out = os.path.join(folder, "page.c")
    subprocess.run([sys.executable, EMBED, out, "--page", *(os.path.join(folder, name) for name in pieces)], check=True)
    with open(out) as file:
        made = re.sub(r'"\n"', "", file.read()).replace("\\012", "\n")
    for content in ("a{\n}", "1; // one"):
        assert base64.b64encode(hashlib.sha256(content.encode()).digest()).decode() in made, content
    assert "<i>a{\n}</i>" in made and "<b>1; // one</b>" in made and "why" not in made, made
