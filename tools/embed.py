#!/usr/bin/env python3
"""Writes the C table of embedded files (src/model/embedded.h), a file's text as a string, or the pieces of an HTML page.

usage: embed.py OUT.c ROOT [FILE|NAME=FILE...]     without NAME a file's name in the table is its path below ROOT
       embed.py OUT.c --source NAME FILE...        the files as one, each without its first comment
       embed.py OUT.c --page PAGE.html PAGE.css PAGE.js

The bytes become string literals, which compilers read many times faster than lists of numbers. JSON that does not parse,
or a file that is listed twice, stops the build.
"""
import base64
import hashlib
import json
import os
import re
import sys

CHARACTERS = []  # byte -> how it stands in a literal; always three octal digits, so that no digit after it joins in
for byte in range(256):
    plain = 32 <= byte < 127 and chr(byte) not in '"\\?'
    CHARACTERS.append(chr(byte) if plain else "\\%03o" % byte)


def literal(data):
    rows = [data[at : at + 80] for at in range(0, len(data), 80)]
    return "\n".join('"' + "".join(CHARACTERS[byte] for byte in row) + '"' for row in rows) or '""'


def read_files(root, paths):
    files = {}
    for path in paths:
        name, named, given = path.partition("=")
        if named:
            path = given
        else:
            name = os.path.relpath(path, root).replace(os.sep, "/")
        with open(path, "rb") as file:
            data = file.read()
        if name in files:
            sys.exit(f"embed.py: {name} is listed twice")
        if name.endswith(".json"):
            try:
                json.loads(data)
            except ValueError as fault:
                sys.exit(f"embed.py: {name}: {fault}")
        files[name] = data
    return files


def embed_source(out, name, *paths):
    pieces = []
    for path in paths:
        with open(path, "rb") as file:
            data = file.read()
        while data.startswith((b"//", b"\n")):
            data = data.split(b"\n", 1)[1]
        pieces.append(data)
    data = b"\n".join(pieces)
    with open(out, "w", encoding="ascii") as file:
        file.write(
            f"// Made by tools/embed.py from {', '.join(map(os.path.basename, paths))}; not for editing.\n"
            "#include <stddef.h>\n"
            '#pragma GCC diagnostic ignored "-Woverlength-strings"\n'
            f"extern const char {name}[];\nextern const size_t {name}_size;\n"
            f"const char {name}[] =\n{literal(data)};\nconst size_t {name}_size = {len(data)};\n"
        )


def lean(path):
    """A style's or a script's text without indentation, blank lines and lines that are a comment."""
    with open(path, encoding="utf-8") as file:
        lines = [line.strip() for line in file]
    return "\n".join(line for line in lines if line and not re.match(r"//|/\*.*\*/$", line))


def embed_page(out, page, style, script):
    """The page around its answers (src/report/html.h): style and script within it, and a policy that lets no others run."""
    with open(page, encoding="utf-8") as file:
        text = file.read()
    for name, path in (("style", style), ("script", script)):
        content = lean(path)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        text = text.replace(f"<!--{name}-->", digest).replace(f"<!--{os.path.basename(path)}-->", content)
    pieces = text.split("<!--answers-->\n") if "<!--answers-->\n" in text else []
    head, found, body = (pieces[0] if len(pieces) == 2 else "").partition("<!--answers-->")
    if not found:
        sys.exit(f"embed.py: {page} has no place for a title and one for the answers")
    with open(out, "w", encoding="ascii") as file:
        file.write(
            f"// Made by tools/embed.py from {os.path.basename(page)}; not for editing.\n"
            '#include "report/html.h"\n'
            '#pragma GCC diagnostic ignored "-Woverlength-strings"\n'
        )
        for name, piece in (("head", head), ("body", body), ("tail", pieces[1])):
            file.write(f"const char page_{name}[] =\n{literal(piece.encode())};\n")


def main():
    if sys.argv[2] in ("--source", "--page"):
        embed = embed_source if sys.argv[2] == "--source" else embed_page
        embed(sys.argv[1], *sys.argv[3:])
        return
    out, root, *paths = sys.argv[1:]
    files = read_files(root, paths)
    text = [
        "// Made by tools/embed.py from models/; not for editing.",
        '#include "model/embedded.h"',
        '#pragma GCC diagnostic ignored "-Woverlength-strings"',
    ]
    rows = []
    for at, name in enumerate(sorted(files, key=str.encode)):
        text.append(f"_Alignas(16) static const char file_{at}[] =\n{literal(files[name])};")
        rows.append(f'    {{"{name}", file_{at}, {len(files[name])}}},')
    text += ["const struct embedded_file embedded_files[] = {", *rows, "    {0, 0, 0}, // C has no empty arrays", "};"]
    text.append(f"const size_t n_embedded_files = {len(files)};\n")
    with open(out, "w", encoding="ascii") as file:
        file.write("\n".join(text))


main()
