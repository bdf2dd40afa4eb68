// How far a long task is, on one line of standard error that stays up to date.
#ifndef BANTAM_CLI_PROGRESS_H
#define BANTAM_CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

// A bantam_progress; `context` is a string that stands before what it tells.
bool progress_show(void *context, const char *what, size_t done, size_t total);

// Takes the line away; `quiet`: none was shown.
void progress_end(bool quiet);

#endif
