// What the readers of CI wrappers share while a document is read: the line at hand, the sections, a little state.
//
// A wrapper sees each line twice. First, only where the raw line holds '\r' or begins as the wrapper's markers do, its
// segments, to take markers out of them; then the line's visible text, to drop prefixes, set flags and move sections.
#ifndef BANTAM_TEXT_READER_H
#define BANTAM_TEXT_READER_H

#include "text/document.h"
#include "text/escape.h"
#include "text/section.h"
#include "text/span.h"

enum {
    BUILDKIT_STEPS = 1024
};

struct wrapper;
struct speaker;

struct log_reader {
    struct document *document;
    struct section_list sections;
    struct style style; // carried from line to line
    uint32_t index;     // of the line being read, 0-based
    int32_t section;    // set by a wrapper whose lines interleave: the line's section, else -1
    const struct wrapper *outer;
    const struct wrapper *inner[4];
    size_t n_inner;
    int unsigned inner_formats; // a bit for each enum log_format in inner[]
    char *pool;                 // room in the arena for texts
    size_t pool_size;
    bool tells_passed; // some line tells that a test passed
    bool out_of_memory;

    // State of the wrappers; each touches its own.
    struct {
        uint32_t exit_started; // 1 + line of a 'The command "' whose end is still to come
    } travis;
    struct {
        bool in_header;   // between "##[group]Run x" and its "##[endgroup]"
        struct span step; // of the gh tool's three columns
        uint32_t error;   // 1 + line of the last "##[error]"
    } github;
    struct {
        bool header_next;            // the line after "##[section]Starting: x"
        bool in_header, script_next; // the line after "Script contents:"
        struct span script;          // that line, the command of the step
        uint32_t error;              // 1 + line of the last "##[error]"
    } azure;
    struct {
        int32_t failed;      // 1 + the command before the first stage that was skipped
        int32_t before_post; // 1 + the command before what runs at the end
        bool has_branches;   // stages that run side by side
    } jenkins;
    struct {
        bool script_next; // the line after "#!/bin/bash -eo pipefail"
    } circleci;
    struct {
        int32_t *steps; // (BUILDKIT_STEPS) section + 1 of each "#N"
        int32_t last_failed;
        bool in_summary; // of a step that nothing told of before
    } buildkit;
    struct {
        bool in_test_output;
    } bazel;
    struct {
        struct speaker *speakers; // (n_speakers) what the runner runs at once
        size_t n_speakers;
        bool failed, stopping; // one of them, all that are left
    } interleaved;
};

// Sets the line's visible text to a part of that.
static inline void line_set(struct line *line, struct span text)
{
    line->text = text.data;
    line->size = (uint16_t)text.size;
}

static inline uint32_t reader_previous(const struct log_reader *reader)
{
    return reader->index > 0 ? reader->index - 1 : 0;
}

// The line tells that something exited with `code`: sets its flags and gives the code to section `index` (-1: none).
void reader_exit(struct log_reader *reader, struct line *line, int32_t index, int32_t code);

// The innermost step ends before the line at hand: it failed where its last line is an error and no number tells. `error`: 1 + line of the last.
void reader_ends_in_error(struct log_reader *reader, uint32_t error);

// The line is the job's last word.
void reader_job_end(struct log_reader *reader, struct line *line, int32_t code);

// The line echoes a command: sets its flags and opens a weak section for it; where lines interleave, the section that the line is in
// has it, if it had none.
void reader_command(struct log_reader *reader, struct line *line, struct span command);

// A shell's echo of a command: "$ make", "+ make"; not a diff's "+added" or "+ */", a table's "+----", a sum's "+ 1" or "+ Expected: 1". False
// of a shell within the shell, whose command is told all the same.
bool shell_echoes(struct span text, struct span *command);

// Reads a command that a shell traces ("set -x"): one that keeps how the last one ended, "rc=2" of "make || rc=$?", tells that of it,
// and "true" or ":" of "make || true" that it counts as nothing.
void reader_traced_command(struct log_reader *reader, struct line *line, struct span command);

// What an echoed command ran that the shell goes on from in any case ("$ make lint || true") counts as passed, all lines read.
void reader_tolerant_commands(struct log_reader *reader);

// A traced script's last words, all lines read, where nothing else told how the job ended: "+ exit 2", "$ exit 2".
void reader_traced_exit(struct log_reader *reader);

// If `text` starts with "2024-05-22T12:43:46" and perhaps a fraction, then 'Z' or "+00:00": its bytes with one
// blank after it, else 0.
size_t timestamp_length(struct span text);

// If `text` starts with "12:34:56": its bytes (8, or 12 with milliseconds), else 0.
size_t clock_length(struct span text);

#endif
