#!/usr/bin/env python3
"""Writes src/text/unicode_tables.inc from the Unicode Character Database.

usage: tools/unicode_tables.py UCD_FOLDER > src/text/unicode_tables.inc

UCD_FOLDER holds UnicodeData.txt, DerivedCoreProperties.txt and ReadMe.txt (Debian and Ubuntu: package unicode-data). The tables
are kept in the repository, so that a text has the same features wherever Bantam is built.
"""
import os
import re
import struct
import sys

WORD, SPACE, COMBINING, CASED, CASE_IGNORABLE, LOWERS, UNACCENTS = (1 << bit for bit in range(7))
CODE_POINTS = 0x110000
BLOCK = 16  # code points whose properties stand together: of the sizes tried, the tables are smallest with these
GROUP = 32  # blocks whose numbers stand together
HANGUL = range(0xAC00, 0xD7A4)


def read_characters(folder):
    """code point -> fields of UnicodeData.txt, ranges expanded."""
    characters, first = {}, None
    with open(os.path.join(folder, "UnicodeData.txt"), encoding="utf-8") as file:
        for line in file:
            fields = line.rstrip("\n").split(";")
            point = int(fields[0], 16)
            if fields[1].endswith(", First>"):
                first = point
            elif fields[1].endswith(", Last>"):
                characters.update((other, fields) for other in range(first, point + 1))
            else:
                characters[point] = fields
    return characters


def read_property(folder, wanted):
    points = set()
    with open(os.path.join(folder, "DerivedCoreProperties.txt"), encoding="utf-8") as file:
        for line in file:
            found = re.match(r"([0-9A-F]+)(?:\.\.([0-9A-F]+))?\s*;\s*(\w+)", line)
            if found and found.group(3) == wanted:
                points.update(range(int(found.group(1), 16), int(found.group(2) or found.group(1), 16) + 1))
    return points


def decomposed(characters, point):
    """NFKD without the canonical order, which only moves marks that are dropped."""
    if point in HANGUL:
        syllable = point - HANGUL.start
        tail = syllable % 28
        return [0x1100 + syllable // 588, 0x1161 + syllable % 588 // 28] + ([0x11A7 + tail] if tail else [])
    mapping = characters[point][5] if point in characters else ""
    if not mapping:
        return [point]
    parts = [int(part, 16) for part in mapping.split() if not part.startswith("<")]
    return [last for part in parts for last in decomposed(characters, part)]


def numbers(values, per_line):
    lines = [", ".join(map(str, values[at : at + per_line])) for at in range(0, len(values), per_line)]
    return "    " + ",\n    ".join(lines) + ",\n"


def utf16(points):
    return [unit for (unit,) in struct.iter_unpack("<H", "".join(map(chr, points)).encode("utf-16-le"))]


def table(kind, name, values, note):
    per_line = 24 if kind == "uint8_t" else 16 if kind == "uint16_t" else 10
    return f"// {note}\nstatic const {kind} {name}[{len(values)}] = {{\n{numbers(values, per_line)}}};\n"


def is_word(fields):
    """str.isalnum() or '_': a letter, or anything with a numeric value."""
    return fields[2] in ("Lu", "Ll", "Lt", "Lm", "Lo") or fields[8] != ""


def is_space(fields):
    """str.isspace()."""
    return fields[2] == "Zs" or fields[4] in ("WS", "B", "S")


def lower_runs(lowers):
    """Runs (first, last, step, difference) of code points whose lower case stands at one distance."""
    runs = []
    for point, difference in sorted(lowers.items()):
        if runs:
            first, last, step, other = runs[-1]
            if difference == other and point - last in (1, 2) and step in (0, point - last):
                runs[-1] = (first, point, point - last, difference)
                continue
        runs.append((point, point, 0, difference))
    return [(first, last, step or 1, difference) for first, last, step, difference in runs]


def shared(values, size):
    """The different pieces of `size` values, in the order of their first place, and the number of the one at each place."""
    pieces = [tuple(values[at : at + size]) for at in range(0, len(values), size)]
    numbers = {piece: number for number, piece in enumerate(dict.fromkeys(pieces))}
    return [list(piece) for piece in numbers], [numbers[piece] for piece in pieces]


def main():
    folder = sys.argv[1]
    with open(os.path.join(folder, "ReadMe.txt"), encoding="utf-8") as file:
        version = re.search(r"Version (\d+\.\d+)", file.read()).group(1)
    characters = read_characters(folder)
    cased, ignorable = read_property(folder, "Cased"), read_property(folder, "Case_Ignorable")
    combining = {point for point, fields in characters.items() if int(fields[3])}
    lowers = {point: int(fields[13], 16) - point for point, fields in characters.items() if fields[13]}
    unaccented = {}
    for point in characters:
        if point not in HANGUL:
            kept = [part for part in decomposed(characters, point) if part not in combining]
            if kept != [point] and point not in combining:
                unaccented[point] = kept
    properties = [0] * CODE_POINTS
    for point, fields in characters.items():
        properties[point] = (
            WORD * (is_word(fields) or point == 0x5F)
            + SPACE * is_space(fields)
            + COMBINING * (point in combining)
            + LOWERS * (point in lowers)
            + UNACCENTS * (point in unaccented or point in HANGUL)
        )
    for point in cased:
        properties[point] |= CASED
    for point in ignorable:
        properties[point] |= CASE_IGNORABLE
    blocks, numbers = shared(properties, BLOCK)
    groups, index = shared(numbers, GROUP)
    runs = lower_runs(lowers)
    keys = sorted(unaccented)
    planes = [sum(point >> 16 < plane for point in keys) for plane in range((keys[-1] >> 16) + 2)]
    pool, starts = [], [0]
    for point in keys:
        pool += utf16(unaccented[point])
        starts.append(len(pool))
    print(f"// Made by tools/unicode_tables.py from the Unicode Character Database {version}: included by unicode.c alone.")
    print("// clang-format off")
    print(table("uint8_t", "property_groups", index, f"(code point / {BLOCK * GROUP}) → group of blocks"))
    print(table("uint16_t", "property_blocks", sum(groups, []), f"({len(groups)}, {GROUP}) → block of properties"))
    print(table("uint8_t", "properties", sum(blocks, []), f"({len(blocks)}, {BLOCK}) enum unicode_property, as bits"))
    print(table("int32_t", "lower_runs", [part for run in runs for part in run], f"({len(runs)}, 4) first, last, step, distance to the lower case"))
    print(table("uint16_t", "unaccented_planes", planes, "code point / 65536 → first of its unaccented_keys"))
    print(table("uint16_t", "unaccented_keys", [point & 0xFFFF for point in keys], "code points, within their plane, that NFKD without marks changes; marks and Hangul apart"))
    print(table("uint16_t", "unaccented_starts", starts, "of each: where what stays of it begins in the pool, and ends where the next begins"))
    print(table("uint16_t", "unaccented_pool", pool, "UTF-16"), end="")


main()
