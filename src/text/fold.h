// A text folded as scikit-learn's vectorizers preprocess one: lower case, accents, blanks; and where its runs are.
//
// Bytes in, valid UTF-8 out, with the edges of the runs that an analyzer looks at: words (letters, digits, '_') or everything
// between blanks. One pass; ASCII sixteen bytes at a time. Knows nothing of n-grams.
#ifndef BANTAM_TEXT_FOLD_H
#define BANTAM_TEXT_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bantam/status.h"

enum accents {
    ACCENTS_KEEP,
    ACCENTS_ASCII,   // NFKD, then only what is ASCII stays
    ACCENTS_UNICODE, // NFKD, then combining marks go
};

enum fold_runs {
    RUNS_OF_WORD,    // letters, digits and '_'; blanks stay as they are
    RUNS_OF_VISIBLE, // all but blanks; each blank becomes ' ', and one more comes first
    RUNS_NONE,       // no edges; two or more blanks in a row become one ' '
};

struct folding {
    bool lowercase; // as Python's str.lower()
    enum accents accents;
    enum fold_runs runs;
};

enum {
    FOLD_PADDING =
        32 // bytes before and behind the text that may be read; the nearest on either side is ' '
};

// Reused from text to text; all zero at first.
struct folded_text {
    char *bytes; // (size), and FOLD_PADDING behind
    size_t size;
    uint32_t *edges; // (n_edges) start of a run, end of it, start of the next …
    size_t n_edges;
    uint32_t
        *origins; // (size + 2) where a byte comes from, then twice the raw text's size; on request
    uint64_t *inside; // one bit a byte: of a run
    size_t capacity, edges_capacity, origins_capacity;
};

// Folds `size` bytes, at most 2^28. Errors: BANTAM_ERROR_MEMORY; the text can be folded into again.
BANTAM_MUST_CHECK bantam_status fold_text(struct folded_text *folded, const struct folding *folding,
                                          const char *raw, size_t size, bool with_origins,
                                          bantam_error *error);

void folded_text_release(struct folded_text *folded);

#endif
