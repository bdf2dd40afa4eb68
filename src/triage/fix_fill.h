// Fills the slots of a fix's sentence or command.
//
// In: a template of the table and what the finding has. Out: the text, and which slots have a value in it.
#ifndef BANTAM_TRIAGE_FIX_FILL_H
#define BANTAM_TRIAGE_FIX_FILL_H

#include <stdbool.h>
#include <stddef.h>

#include "triage/fix.h"

enum {
    FIX_FILLED_MAXIMUM = 2000
};

struct fix_filling {
    char text[FIX_FILLED_MAXIMUM]; // terminated
    size_t size;
    unsigned filled,
        empty; // bit sets of enum fix_slot; `empty`: of pieces in brackets that were left out
};

// `template` is the fix's text or its command. False where a slot outside of brackets has no value that may stand there.
bool fix_fill(struct fix_filling *filling, const struct fix *fix, const char *template,
              const struct fix_input *input);

#endif
