// Writes what the patterns of names need (src/triage/pattern_needs.h) as C; runs while the library is built.
//
// usage: write-name-needs OUT.c
//
// To read it from the patterns takes longer than to look for most of them, and every log asks for some.
#include <stdio.h>
#include <stdlib.h>

#include "triage/name_needs.h"
#include "triage/pattern_needs.h"

// Three octal digits a byte, so that none after it joins in.
static void write_packed(FILE *out, const char *packed)
{
    fputs("    \"", out);
    for (; *packed; packed++) {
        fprintf(out, "\\%03o", (unsigned char)*packed);
    }
    fputs("\",\n", out);
}

static void write_kind(FILE *out, enum name_kind kind)
{
    const struct name_patterns *patterns = name_patterns_of(kind);
    fprintf(out, "static const char *const needs_%d[] = {\n", kind);
    for (size_t i = 0; i < patterns->n; i++) {
        struct pattern_needs needs;
        char packed[PATTERN_NEEDS_PACKED];
        pattern_needs_read(&needs, patterns->items[i]);
        pattern_needs_pack(&needs, packed);
        write_packed(out, packed);
    }
    fputs("};\n", out);
}

int main(int n_words, char **words)
{
    FILE *out = n_words == 2 ? fopen(words[1], "w") : NULL;
    if (!out) {
        fprintf(stderr, "usage: write-name-needs OUT.c, which must be writable\n");
        return EXIT_FAILURE;
    }
    fputs("// Written by tools/write_name_needs.c.\n#include \"triage/name_needs.h\"\n", out);
    for (int kind = NAME_NONE + 1; kind < NAME_KINDS; kind++) {
        write_kind(out, (enum name_kind)kind);
    }
    fputs("const char *const *name_needs_of(enum name_kind kind)\n{\n"
          "    static const char *const *const needs[NAME_KINDS] = {",
          out);
    for (int kind = NAME_NONE + 1; kind < NAME_KINDS; kind++) {
        fprintf(out, "[%d] = needs_%d, ", kind, kind);
    }
    fputs("};\n    return needs[kind];\n}\n", out);
    bool failed = ferror(out) != 0;
    return fclose(out) == 0 && !failed ? EXIT_SUCCESS : EXIT_FAILURE;
}
