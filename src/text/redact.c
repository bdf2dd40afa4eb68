// Replaces what secret.c finds, and whole lines inside a private key.
#include "text/redact.h"

#include <string.h>

#include "base/memory.h"
#include "text/secret.h"

static const char mask[] = "***";

bool bantam_redaction_parse(bantam_redaction *redaction, const char *name)
{
    static const struct {
        const char *name;
        bantam_redaction redaction;
    } names[] = {{"secrets", BANTAM_REDACT_SECRETS},
                 {"emails", BANTAM_REDACT_EMAILS},
                 {"none", BANTAM_REDACT_NOTHING}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i].name, name) == 0) {
            *redaction = names[i].redaction;
            return true;
        }
    }
    return false;
}

size_t redact_line(char *out, struct span line, bool emails, size_t *n_hidden)
{
    struct secret secret;
    size_t size = 0, from = 0;
    while (secret_find(&secret, line, from, emails)) {
        memcpy(out + size, line.data + from, secret.first - from);
        size += secret.first - from;
        memcpy(out + size, mask, sizeof mask - 1);
        size += sizeof mask - 1;
        from = secret.end;
        ++*n_hidden;
    }
    memcpy(out + size, line.data + from, line.size - from);
    return size + line.size - from;
}

bool redact_may_be_key(struct span line)
{
    line = span_trim(line);
    bool any = false; // else it is a rule of "=" or "+"
    for (size_t i = 0; i < line.size; i++) {
        char byte = line.data[i];
        bool alphanumeric = byte_is_digit(byte) || byte_is_letter(byte);
        if (!alphanumeric && byte != '+' && byte != '/' && byte != '=') {
            return false;
        }
        any |= alphanumeric;
    }
    return any && line.size >= 16;
}

size_t bantam_text_redact(bantam_buffer *out, const char *text, size_t size, bantam_redaction what)
{
    char *copy = what == BANTAM_REDACT_NOTHING ? NULL : memory_allocate(size);
    if (!copy) {
        out->failed |= what != BANTAM_REDACT_NOTHING;
        if (!out->failed) {
            bantam_buffer_append(out, text, size);
        }
        return 0;
    }
    size_t n_hidden = 0, n_copied = 0;
    bool in_key = false;
    for (size_t at = 0; at < size;) {
        const char *end = memchr(text + at, '\n', size - at);
        struct span line = span_of(text + at, end ? (size_t)(end - (text + at)) : size - at);
        in_key = in_key && !secret_block_closes(line);
        if (in_key && redact_may_be_key(line)) {
            memcpy(copy + n_copied, mask, sizeof mask - 1);
            n_copied += sizeof mask - 1;
            n_hidden++;
        } else {
            n_copied += redact_line(copy + n_copied, line, what == BANTAM_REDACT_EMAILS, &n_hidden);
        }
        in_key |= secret_block_opens(line);
        if (end) {
            copy[n_copied++] = '\n';
        }
        at += line.size + 1;
    }
    bantam_buffer_append(out, copy, n_copied);
    memory_free(copy);
    return n_hidden;
}
