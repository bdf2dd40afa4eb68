// Compiles the tables that people write into the bundle that the library carries; runs while the library is built.
//
// usage: compile-tables OUT MESSAGES.json FIXES.json TOOLS.json...
//
// It reads with the library's own readers, so that there is one check of every entry; a table with a fault stops the build, and the
// message names file, line and entry.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "triage/fix.h"
#include "triage/messages.h"
#include "triage/tool_table.h"

enum {
    FILE_MAXIMUM = 16 << 20,   // bytes
    BUNDLE_MAXIMUM = 64 << 20, // bytes
    WORDS_MAXIMUM = 500,
};

// One file, read whole.
struct text {
    const char *name; // "ci-tools/python.json", in the path
    char *bytes;
    size_t size;
};

static int fail(const char *path, const char *message)
{
    fprintf(stderr, "compile-tables: %s: %s\n", path, message);
    return EXIT_FAILURE;
}

// What stands behind the last slash but one: messages and their order do not depend on where the sources lie.
static const char *short_name(const char *path)
{
    const char *name = path + strlen(path);
    for (int slashes = 0; name > path; name--) {
        slashes += name[-1] == '/';
        if (slashes == 2) {
            break;
        }
    }
    return name;
}

static bool read_text(struct text *text, const char *path)
{
    *text = (struct text){.name = short_name(path), .bytes = malloc(FILE_MAXIMUM)};
    FILE *file = text->bytes ? fopen(path, "rb") : NULL;
    if (!file) {
        return false;
    }
    text->size = fread(text->bytes, 1, FILE_MAXIMUM, file);
    bool whole = !ferror(file) && feof(file);
    fclose(file);
    return whole;
}

static int compare_names(const void *left, const void *right)
{
    return strcmp(((const struct text *)left)->name, ((const struct text *)right)->name);
}

struct tables {
    struct messages messages;
    struct fixes fixes;
    struct tool_table tools;
};

static bantam_status load(struct tables *tables, const struct text *texts, size_t n_texts,
                          bantam_error *error)
{
    bantam_status status = messages_load(&tables->messages, texts[0].bytes, texts[0].size, error);
    if (!status) {
        status = fixes_load(&tables->fixes, texts[1].bytes, texts[1].size, error);
    }
    if (!status) {
        status = tool_table_init(&tables->tools, error);
    }
    for (size_t i = 2; !status && i < n_texts; i++) {
        status =
            tool_table_add(&tables->tools, texts[i].name, texts[i].bytes, texts[i].size, error);
    }
    status = status ? status : tool_table_build(&tables->tools, error);
    status = status ? status : phrase_set_share_literals(tables->tools.signs, error);
    return status ? status : phrase_set_share_literals(tables->messages.phrases, error);
}

static bool write_bytes(const char *path, const bantam_buffer *bytes)
{
    FILE *file = bytes->failed ? NULL : fopen(path, "wb");
    if (!file) {
        return false;
    }
    bool written = fwrite(bytes->data, 1, bytes->size, file) == bytes->size;
    return fclose(file) == 0 && written;
}

static bool freeze(const struct tables *tables, const char *path)
{
    struct bundle_writer writer = {0};
    struct arena arena = ARENA_EMPTY;
    bantam_buffer tool_texts, fix_texts, bundle;
    bantam_buffer_init(&tool_texts, FILE_MAXIMUM);
    bantam_buffer_init(&fix_texts, FILE_MAXIMUM);
    bantam_buffer_init(&bundle, BUNDLE_MAXIMUM);
    messages_freeze(&tables->messages, &writer);
    bool written = fixes_freeze(&tables->fixes, &writer, &fix_texts, &arena) &&
                   tool_table_freeze(&tables->tools, &writer, &tool_texts, &arena);
    if (written) {
        bundle_write(&writer, &bundle);
        written = write_bytes(path, &bundle);
    }
    bantam_buffer_release(&tool_texts);
    bantam_buffer_release(&fix_texts);
    bantam_buffer_release(&bundle);
    arena_release(&arena);
    return written;
}

static int compile(const char *out, char **paths, size_t n_paths, struct text *texts)
{
    struct tables tables = {0};
    bantam_error error;
    for (size_t i = 0; i < n_paths; i++) {
        if (!read_text(&texts[i], paths[i])) {
            return fail(paths[i], "can't be read");
        }
    }
    qsort(texts + 2, n_paths - 2, sizeof *texts, compare_names);
    int code = EXIT_SUCCESS;
    if (load(&tables, texts, n_paths, &error)) {
        code = fail("models", error.message);
    } else if (!freeze(&tables, out)) {
        code = fail(out, "can't be written");
    }
    messages_release(&tables.messages);
    fixes_release(&tables.fixes);
    tool_table_release(&tables.tools);
    return code;
}

int main(int n_words, char **words)
{
    if (n_words < 5 || n_words > WORDS_MAXIMUM) {
        fprintf(stderr, "usage: compile-tables OUT MESSAGES.json FIXES.json TOOLS.json...\n");
        return EXIT_FAILURE;
    }
    size_t n_paths = (size_t)n_words - 2;
    struct text *texts = calloc(n_paths, sizeof *texts);
    int code = texts ? compile(words[1], words + 2, n_paths, texts) : fail(words[1], "no memory");
    for (size_t i = 0; texts && i < n_paths; i++) {
        free(texts[i].bytes);
    }
    free(texts);
    return code;
}
