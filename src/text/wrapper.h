// One CI system's way of wrapping a log, and the table of them all.
//
// A wrapper is a const struct in a file of its own, wrapper_<name>.c, with one line in WRAPPERS below and one value in
// enum log_format. docs/dev/add-a-ci-wrapper.md shows how to add one.
#ifndef BANTAM_TEXT_WRAPPER_H
#define BANTAM_TEXT_WRAPPER_H

#include "text/reader.h"

// Points that one line of a log can give a wrapper.
enum {
    EVIDENCE_NONE = 0,
    EVIDENCE_HINT = 1,   // fits, but so do other logs: a timestamp; hints count 20 at most in all
    EVIDENCE_LIKELY = 5, // hardly ever seen elsewhere
    EVIDENCE_SURE = 20,  // nothing else writes this
    EVIDENCE_ENOUGH = 10 // points that a wrapper needs
};

struct wrapper {
    enum log_format format;
    const char *name;
    // Not a CI system but a tool that can run inside one: read after the outer wrapper has had the line.
    bool is_tool;

    // How strongly a line speaks for this wrapper. `line` is at most 512 raw bytes after a BOM and leading escape
    // codes; '\r' and other codes are still in it. `stamp` is timestamp_length(line).
    unsigned (*evidence)(struct span line, size_t stamp);

    // Takes a marker out of a segment of a raw line (what stands between two '\r') and acts on it; returns the bytes
    // of the segment that come before the marker, `segment.size` when there is none. May be NULL.
    size_t (*segment)(struct log_reader *reader, struct span segment);

    // What a raw line that has no '\r' starts with when `segment` should see it all the same. NULL: none.
    const char *marker;

    // Reads the visible text: drops prefixes from it, sets flags, moves sections.
    void (*read)(struct log_reader *reader, struct line *line);
};

// The table. Order breaks ties between equal evidence.
#define WRAPPERS(X)                                                                                \
    X(travis)                                                                                      \
    X(github)                                                                                      \
    X(azure)                                                                                       \
    X(gitlab)                                                                                      \
    X(jenkins)                                                                                     \
    X(buildkite)                                                                                   \
    X(circleci)                                                                                    \
    X(buildkit)                                                                                    \
    X(bazel)                                                                                       \
    X(interleaved)                                                                                 \
    X(plain)

#define WRAPPER_DECLARE(name) extern const struct wrapper wrapper_##name;
WRAPPERS(WRAPPER_DECLARE)
#undef WRAPPER_DECLARE

// Picks reader->outer and reader->inner from points that wrapper_weigh gathered, and the document's format.
struct evidence {
    uint64_t points[LOG_FORMATS];
    uint64_t hints[LOG_FORMATS];
};
void wrapper_weigh(struct evidence *evidence, struct span raw_line);
void wrapper_choose(struct log_reader *reader, const struct evidence *evidence);

#endif
