// Runs a command as if it stood alone, and keeps what it prints.
//
// On a terminal the command gets a terminal of its own, with this one's size, keys and signals passed on; else two pipes, so that
// standard output and standard error stay apart. Its bytes are never changed. Must not know what the command's output says.
#ifndef BANTAM_CLI_CHILD_H
#define BANTAM_CLI_CHILD_H

#include <stdbool.h>

#include "mapping.h"

struct child_options {
    char *const *arguments; // the command and its arguments, NULL-terminated
    bool pass_on;           // its output to ours, at once
    bool progress; // tell on standard error how much it has printed, where that is not passed on
    int log;       // a descriptor that gets its output too, or -1
};

struct child_result {
    int exit_code;   // 0 to 255; 128 + signal where a signal ended it, as shells tell it
    int signal;      // that ended it, or 0
    double seconds;  // from start to end
    bool log_failed; // not all could be written to the log: the disk is full, say
    bool kept_all;   // the output below is whole
};

// Starts the command and waits for its end. `output` receives what it printed, both streams in the order in which they came. False
// where it could not be started: see `problem`, and `result->exit_code` is 127 (no such command) or 126, as in shells.
bool child_run(struct child_result *result, struct mapping *output,
               const struct child_options *options, struct problem *problem);

#endif
