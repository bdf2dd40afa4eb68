// Which programs a shell command line starts, with sudo, env, timeout, bundle exec, npx, bash -c and the like looked through.
//
// In: one echoed command line, hostile. Out: up to a few simple commands as words with one blank between them, the first one
// reduced to its base name, outer programs before those they start. Knows no table of tools.
#ifndef BANTAM_TRIAGE_COMMAND_WORDS_H
#define BANTAM_TRIAGE_COMMAND_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "text/span.h"

enum {
    COMMAND_TEXT_MAXIMUM = 160, // bytes of a simple command that are kept
    COMMANDS_MAXIMUM = 24,      // simple commands of one line
};

struct simple_command {
    char text[COMMAND_TEXT_MAXIMUM]; // terminated
    bool is_path;  // was called by a path, or has a script's suffix: likely a file of the project
    bool is_inner; // started by the one before
};

// Splits at && || ; | and newlines; returns how many simple commands there are, at most `capacity`.
size_t command_words(struct simple_command *commands, size_t capacity, struct span line);

// The command that a line says failed: Python's "Command '['git', 'push']' returned non-zero exit status 1.", Node's "Command failed: git
// push" and "Command failed with exit code 1: git push". Empty where the line names none.
struct span command_that_failed(struct span line);

// The action that a step runs instead of a command, without its version: "actions/cache" of "actions/cache@v4". Empty where it runs none.
struct span command_action(struct span line);

// Does `words` begin with `prefix`, whole words compared?
bool command_starts(const char *words, struct span prefix);

// The base name's end looks like a script's: .sh .bash .py .rb .pl .php .js .ps1 .bat .cmd
bool script_suffix(struct span name);

#endif
