// Finds what must not be shown: tokens and keys of known providers, passwords in URLs and assignments, private keys.
//
// In: one line's text. Out: where a secret stands and what it is. Knows formats, not providers: nothing is ever asked of a
// server. Must not remember what it found.
#ifndef BANTAM_TEXT_SECRET_H
#define BANTAM_TEXT_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "text/span.h"

struct secret {
    size_t first, end; // bytes [first, end) of the text, three at least
    const char *kind;  // as a person reads it: "github token"
};

// The first secret that begins at `from` or later; false where there is none. With `emails`, an e-mail address is one too.
bool secret_find(struct secret *secret, struct span text, size_t from, bool emails);

// Whether the text opens, or closes, a block of lines that is a private key in PEM or PuTTY form. What follows on the
// opening line is found by secret_find; the lines between the two are secret as a whole.
bool secret_block_opens(struct span text);
bool secret_block_closes(struct span text);

#endif
