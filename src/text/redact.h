// Text with its secrets replaced by "***".
#ifndef BANTAM_TEXT_REDACT_H
#define BANTAM_TEXT_REDACT_H

#include <stdbool.h>
#include <stddef.h>

#include "bantam/text.h"
#include "text/span.h"

// Writes one line to `out`, which has room for line.size bytes, and returns the bytes written: a mask is never longer than
// what it hides. *n_hidden grows by the number of secrets.
size_t redact_line(char *out, struct span line, bool emails, size_t *n_hidden);

// Whether the line could stand inside a private key: one long word of base64.
bool redact_may_be_key(struct span line);

#endif
