// The table of tools: what hundreds of programs that run in CI jobs are called, are started by and print.
//
// In: JSON texts (models/ci-tools/*.json; docs/dev/add-a-tool.md). Out: tools, one phrase set over all their signs, and an index of
// the commands that start them. Must not rank or look at logs.
#ifndef BANTAM_TRIAGE_TOOL_TABLE_H
#define BANTAM_TRIAGE_TOOL_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "bantam/status.h"
#include "base/arena.h"
#include "base/bundle.h"
#include "features/phrases.h"

// What a tool is. Append only: the ranking weights are stored in this order.
enum tool_kind {
    TOOL_TEST_RUNNER,
    TOOL_LINTER,
    TOOL_FORMATTER,
    TOOL_TYPE_CHECKER,
    TOOL_COMPILER,
    TOOL_LINKER,
    TOOL_BUILDER,
    TOOL_PACKAGE_MANAGER,
    TOOL_LINK_CHECKER,
    TOOL_RUNTIME,
    TOOL_INTERPRETER_SHELL,
    TOOL_DOC_BUILDER,
    TOOL_CI_SYSTEM,
    TOOL_VCS,
    TOOL_CONTAINER,
    TOOL_DEPLOYER,
    TOOL_DOWNLOADER,
    TOOL_SANITIZER,
    TOOL_SCANNER,
    TOOL_SERVICE,
    TOOL_SYSTEM,
    TOOL_SCRIPT, // not in the table: a program of the project's own, known by its file name alone
    TOOL_KINDS,
};

// "test_runner", …, "script".
const char *tool_kind_name(enum tool_kind kind);

struct tool_cause {
    const char *cause; // "test", …
    float weight;      // rough; a tool's weights sum to 1
};

struct tool {
    const char *name; // canonical, short, lower case
    const char *
        shown; // what a person calls it: the program it is a part of, "go" for "go test", or its name
    enum tool_kind kind;
    const char **names; // (n_names) other names
    size_t n_names;
    const char **subjects; // (n_subjects) PCRE2 with a group `subject`, best first
    size_t n_subjects;
    const char **examples; // (n_examples) lines that it prints; none where the table is of a bundle
    size_t n_examples;
    const struct tool_cause *causes; // (n_causes)
    size_t n_causes;
    uint32_t first_sign, n_signs; // phrases of the set
};

// A way to start a tool: "python -m pytest".
struct tool_command {
    const char *text; // words with one blank between them
    uint32_t n_words;
    uint32_t tool;
};

struct tool_table {
    struct arena arena;
    struct tool *tools; // (n_tools)
    size_t n_tools, tool_capacity;
    struct tool_command *commands; // (n_commands) by text
    size_t n_commands, command_capacity;
    struct phrase_set *signs;
    uint32_t *tool_of_sign; // (n_signs)
    size_t n_signs, sign_capacity;
};

// An empty table. Errors: BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status tool_table_init(struct tool_table *table, bantam_error *error);

// Adds the tools of one JSON text; `name` names it in messages. Errors: BANTAM_ERROR_INPUT, naming the entry at fault and what is
// wrong with it; BANTAM_ERROR_MEMORY. After an error the table is only good for tool_table_release.
BANTAM_MUST_CHECK bantam_status tool_table_add(struct tool_table *table, const char *name,
                                               const char *json, size_t size, bantam_error *error);

// Makes the table ready; add nothing afterwards. Errors: BANTAM_ERROR_INPUT for a name that two entries have, BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status tool_table_build(struct tool_table *table, bantam_error *error);

void tool_table_release(struct tool_table *table);

// Adds the table to the bundle. What it adds lies in the arena and in `texts`, an empty buffer; both must stay until the bundle is
// written. False when memory is out.
BANTAM_MUST_CHECK bool tool_table_freeze(const struct tool_table *table,
                                         struct bundle_writer *writer, bantam_buffer *texts,
                                         struct arena *arena);

// The table of a bundle, ready, whose bytes must outlive it; add nothing to it. Errors: BANTAM_ERROR_MODEL, BANTAM_ERROR_MEMORY; *table
// is then empty.
BANTAM_MUST_CHECK bantam_status tool_table_thaw(struct tool_table *table, struct bundle *bundle,
                                                bantam_error *error);

// The tool of that canonical name, or NULL.
const struct tool *tool_table_find(const struct tool_table *table, const char *name);

#endif
