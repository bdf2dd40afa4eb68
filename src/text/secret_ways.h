// The ways in which a secret shows itself, and the classes of bytes that they ask for. Private to the finder of secrets (secret.h).
//
// Each way looks at one place: does a secret of its kind begin there? Where in a text that is worth asking, secret.c knows.
#ifndef BANTAM_TEXT_SECRET_WAYS_H
#define BANTAM_TEXT_SECRET_WAYS_H

#include <strings.h>

#include "text/secret.h"

// Which bytes a token goes on with behind its prefix.
enum secret_bytes {
    SECRET_DIGITS,
    SECRET_HEX,       // 0-9 a-f A-F
    SECRET_UPPER,     // A-Z 0-9
    SECRET_ALNUM,     // A-Z a-z 0-9
    SECRET_WORD,      // and _
    SECRET_BASE64URL, // and _ -
    SECRET_DOTTED,    // and _ - . =
    SECRET_BASE64,    // A-Z a-z 0-9 + / =
};

// A token that is known by how it begins. It must begin a word, and go on with at least `least` bytes of its kind.
struct secret_format {
    const char *prefix; // of two bytes at least
    enum secret_bytes bytes;
    unsigned char least;
    const char *kind;
};

// Sorted by the first byte of the prefix; of two formats that fit, the one that stands first counts.
extern const struct secret_format secret_formats[];
extern const size_t n_secret_formats;

static inline bool secret_is_alnum(char byte)
{
    return byte_is_digit(byte) || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static inline bool secret_is_hex(char byte)
{
    return byte_is_digit(byte) || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}

static inline bool secret_is_of(char byte, enum secret_bytes bytes)
{
    switch (bytes) {
    case SECRET_DIGITS:
        return byte_is_digit(byte);
    case SECRET_HEX:
        return secret_is_hex(byte);
    case SECRET_UPPER:
        return byte_is_digit(byte) || (byte >= 'A' && byte <= 'Z');
    case SECRET_ALNUM:
        return secret_is_alnum(byte);
    case SECRET_WORD:
        return secret_is_alnum(byte) || byte == '_';
    case SECRET_BASE64URL:
        return secret_is_alnum(byte) || byte == '_' || byte == '-';
    case SECRET_DOTTED:
        return secret_is_alnum(byte) || byte == '_' || byte == '-' || byte == '.' || byte == '=';
    case SECRET_BASE64:
        return secret_is_alnum(byte) || byte == '+' || byte == '/' || byte == '=';
    }
    return false;
}

// The end of the run of such bytes that begins at `from`.
static inline size_t secret_run_end(struct span text, size_t from, enum secret_bytes bytes)
{
    while (from < text.size && secret_is_of(text.data[from], bytes)) {
        from++;
    }
    return from;
}

static inline bool secret_has_digit(struct span text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (byte_is_digit(text.data[i])) {
            return true;
        }
    }
    return false;
}

// Whatever the case of its letters; those of the prefix are small. Most texts are told by their first byte.
static inline bool secret_starts(struct span text, const char *prefix)
{
    size_t size = strlen(prefix);
    if (text.size < size || size == 0) {
        return size == 0;
    }
    char first = byte_is_upper(text.data[0]) ? (char)(text.data[0] | 0x20) : text.data[0];
    return first == prefix[0] && strncasecmp(text.data, prefix, size) == 0;
}

// Notes what was found; for a return statement.
static inline bool secret_found(struct secret *secret, size_t first, size_t end, const char *kind)
{
    *secret = (struct secret){first, end, kind};
    return true;
}

// Of known providers, by its format alone (secret_tokens.c).
bool secret_token(struct secret *secret, struct span text, size_t at);
bool secret_web_token(struct secret *secret, struct span text, size_t at);
bool secret_bot_token(struct secret *secret, struct span text, size_t at);
bool secret_client(struct secret *secret, struct span text, size_t at);
bool secret_webhook(struct secret *secret, struct span text, size_t at);

// By what stands before it (secret_values.c).
bool secret_in_url(struct secret *secret, struct span text, size_t at);
bool secret_assigned(struct secret *secret, struct span text, size_t at);
bool secret_in_header(struct secret *secret, struct span text, size_t at);
bool secret_in_option(struct secret *secret, struct span text, size_t at);

#endif
