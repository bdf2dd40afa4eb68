// Tries one phrase of a set on one line, by backtracking with a limit on its steps.
#ifndef BANTAM_FEATURES_PHRASE_BACKTRACK_H
#define BANTAM_FEATURES_PHRASE_BACKTRACK_H

#include "features/phrase_set.h"

enum {
    PHRASE_STEPS_MAXIMUM = 4000, // of one phrase on one line
};

struct phrase_matcher {
    const struct phrase_set *set;
    const char *text;
    size_t size;
    unsigned steps;                      // left
    const struct phrase_element *wanted; // what it takes is recorded; NULL: nothing
    size_t taken_at, taken;
    size_t ended;     // where the phrase ends, once it matches
    size_t starts[2]; // where the line's own text begins; found when a phrase asks for it
    size_t n_starts;
};

// Whether the phrase is in the line; `ended` and, where it is wanted, what an element took are then set.
bool phrase_try(struct phrase_matcher *matcher, const struct phrase *phrase);

// Whether the elements match from `at` on; spends `steps`.
bool phrase_try_here(struct phrase_matcher *matcher, const struct phrase_element *element,
                     size_t n_elements, size_t at);

// Where the line's own text begins: after its indentation, and after a level in brackets behind it. Returns how many.
size_t phrase_line_starts(size_t starts[2], const char *text, size_t size);

#endif
