// A failed test as the option of its runner takes it.
//
// In: the name that a report gives it. Out: another spelling of it; knows nothing of shells, whose marks fix_fill.c looks at.
#ifndef BANTAM_TRIAGE_RUNNER_NAME_H
#define BANTAM_TRIAGE_RUNNER_NAME_H

#include <stdbool.h>
#include <stddef.h>

enum {
    RUNNER_NAME_MAXIMUM = 200, // bytes, with the end
};

// Writes to `name` what belongs where `command` has the name, or the name as it is. False: no spelling is known that runs this test.
bool runner_name(char name[RUNNER_NAME_MAXIMUM], const char *command, const char *told);

#endif
