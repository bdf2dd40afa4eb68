// Names that the lines of a finding hold, whatever tool wrote them: hosts, packages, variables, addresses, files, tests.
//
// In: a finding of a log, hostile. Out: short texts for the slots of a fix. Patterns are about how programs word errors in general;
// what one tool says in its own way stands in its table (models/ci-tools).
#ifndef BANTAM_TRIAGE_NAMES_H
#define BANTAM_TRIAGE_NAMES_H

#include "triage/pattern_search.h"
#include "triage/tools.h"

enum name_kind {
    NAME_NONE,
    NAME_HOST,     // "registry.example.org"
    NAME_PACKAGE,  // "left-pad": a library, module, header or package that is asked for
    NAME_DOWNLOAD, // the same, as the address of a registry has it
    NAME_PROGRAM,  // "jq": a program that is not there
    NAME_UNSET,    // "API_TOKEN", of which the lines say that it is not set
    NAME_VARIABLE, // "API_TOKEN"
    NAME_TAKEN,    // "127.0.0.1:8080", that something else listens on
    NAME_ADDRESS,  // "127.0.0.1:8080", ":8080" or "8080"
    NAME_FILE,     // "dist/app.tar.gz"
    NAME_CONFIG,   // "pyproject.toml": what defines a build or a job
    NAME_ARCHIVE,  // "dist/app.tar.gz", and no other file
    NAME_DENIED,   // "/usr/local/lib": what may not be written or read
    NAME_OPTION,   // "--latest-tag": what a command does not know; also a task, target or preset
    NAME_TEST,     // "sums late widgets"
    NAME_LOCK,     // "pnpm-lock.yaml": the file of the versions that were chosen
    NAME_RUNTIME,  // "node": what the project is run by, in another version than it wants
    NAME_KINDS,
};

// Looks for a name when it is asked for, once: hardly a fix asks for more than one or two kinds, and looking takes long.
struct name_finder {
    const struct document *document; // borrowed, as the arena is
    struct finding_lines lines;
    struct arena *arena;
    struct byte_pairs *pairs[PATTERN_REACHES]; // of those lines, for pattern_search.h
    const char *names[NAME_KINDS];
    bool asked[NAME_KINDS];
    bool out_of_memory; // what could not be kept is NULL
};

// The name, or NULL where the lines do not name it; valid UTF-8 from the arena.
const char *name_finder_get(struct name_finder *finder, enum name_kind kind);

// Whether it is a file of code or a place in one: where an error was seen, hardly what it is about.
bool name_is_source(const char *text, size_t size);

// Whether the text may be the name of a package: one word, no place in a file, no option, no link.
bool name_is_package(const char *text, size_t size);

// Whether it is a link to a manual, or its host: messages point there for reading.
bool name_is_for_reading(const char *text, size_t size);

// The server of the first link in a text: "example.org" of "clone https://me@example.org:443/pad"; empty where there is none.
struct span name_server_of(struct span text);

// Whether it is the script that a CI system wrote from the lines of a step, which no project has.
bool name_is_step_script(const char *text, size_t size);

#endif
