// Text of unknown origin made fit to be shown or kept: secrets hidden, and nothing in it that acts on a terminal.
//
// Secrets are tokens and keys of known providers, passwords in URLs, commands and assignments, private keys. Formats are known,
// providers are never asked.
#ifndef BANTAM_TEXT_H
#define BANTAM_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "buffer.h"
#include "status.h"

// What is hidden; each piece shows as "***".
typedef enum bantam_redaction {
    BANTAM_REDACT_SECRETS = 0, // tokens, keys and passwords
    BANTAM_REDACT_EMAILS = 1,  // and e-mail addresses
    BANTAM_REDACT_NOTHING = 2,
} bantam_redaction;

// Finds a kind of redaction by its name: "secrets", "emails", "none"; false where there is none.
BANTAM_API bool bantam_redaction_parse(bantam_redaction *redaction, const char *name);

// Appends lines of text to `out` as they are but for what is hidden, and returns how many pieces were. The lines of a private key
// are hidden where the text holds the line that opens it. Out of memory shows in out->failed.
BANTAM_API size_t bantam_text_redact(bantam_buffer *out, const char *text, size_t size,
                                     bantam_redaction what);

// Appends lines of text as valid UTF-8 without any control character but '\n': escape codes lose their force, a tab becomes a
// space, damage U+FFFD.
BANTAM_API void bantam_text_visible(bantam_buffer *out, const char *text, size_t size);

#endif
