// One pass over the bytes, a class table and no allocation. FNV-1a for the tokens: short inputs, and one multiplication
// a byte keeps it in registers.
#include "text/mask.h"

#include <stdbool.h>
#include <string.h>

// Bits, so that one test asks for several.
enum byte_class {
    C_OTHER = 0, // punctuation and control bytes
    C_BLANK = 1 << 0,
    C_LOWER = 1 << 1,
    C_UPPER = 1 << 2,
    C_DIGIT = 1 << 3,
    C_HIGH = 1 << 4,  // a byte of a character outside ASCII
    C_JOIN = 1 << 5,  // '_'
    C_PATH = 1 << 6,  // '.' '-' '+' '@' '~': part of names and paths, never of words
    C_SLASH = 1 << 7, // '/' '\\'
    C_QUOTE = 1 << 8, // ' " `
};

#define L C_LOWER
#define U C_UPPER
#define D C_DIGIT
#define H C_HIGH
static const uint16_t byte_classes[256] = {
    0,       0,       0,       0, 0, 0, 0, 0,       0, C_BLANK, 0, 0,      0,       C_BLANK,
    0,       0, // 0x00
    0,       0,       0,       0, 0, 0, 0, 0,       0, 0,       0, 0,      0,       0,
    0,       0, // 0x10
    C_BLANK, 0,       C_QUOTE, 0, 0, 0, 0, C_QUOTE, 0, 0,       0, C_PATH, 0,       C_PATH,
    C_PATH,  C_SLASH, // 0x20
    D,       D,       D,       D, D, D, D, D,       D, D,       0, 0,      0,       0,
    0,       0, // 0x30
    C_PATH,  U,       U,       U, U, U, U, U,       U, U,       U, U,      U,       U,
    U,       U, // 0x40
    U,       U,       U,       U, U, U, U, U,       U, U,       U, 0,      C_SLASH, 0,
    0,       C_JOIN, // 0x50
    C_QUOTE, L,       L,       L, L, L, L, L,       L, L,       L, L,      L,       L,
    L,       L, // 0x60
    L,       L,       L,       L, L, L, L, L,       L, L,       L, 0,      0,       0,
    C_PATH,  0, // 0x70
    H,       H,       H,       H, H, H, H, H,       H, H,       H, H,      H,       H,
    H,       H, // 0x80
    H,       H,       H,       H, H, H, H, H,       H, H,       H, H,      H,       H,
    H,       H,       H,       H, H, H, H, H,       H, H,       H, H,      H,       H,
    H,       H,       H,       H, H, H, H, H,       H, H,       H, H,      H,       H,
    H,       H,       H,       H, H, H, H, H,       H, H,       H, H,      H,       H,
    H,       H,       H,       H, H, H, H, H,       H, H,       H, H,      H,       H,
    H,       H,       H,       H, H, H, H, H,       H, H,       H, H,      H,       H,
    H,       H,       H,       H, H, H, H, H,       H, H,       H, H,      H,       H,
    H,       H,       H,       H, H, H, H, H,       H, H,       H, H,      H,       H,
};
#undef L
#undef U
#undef D
#undef H

enum {
    WORD_CLASSES = C_LOWER | C_UPPER | C_DIGIT | C_JOIN,
    NAME_CLASSES = WORD_CLASSES | C_PATH | C_SLASH,
};
#define LETTER_CLASSES (unsigned)(C_LOWER | C_UPPER)

#define FNV_BASIS 2166136261U
#define FNV_PRIME 16777619U

// Salts that keep the kinds of masked tokens apart from words and from each other.
enum {
    SALT_NUMBER = 0x11,
    SALT_HEX,
    SALT_PATH,
    SALT_FILE,
    SALT_URL,
    SALT_QUOTED,
    SALT_MARK
};

static unsigned class_at(const char *text, size_t at)
{
    return byte_classes[(uint8_t)text[at]];
}

static uint32_t hash_byte(uint32_t hash, uint8_t byte)
{
    return (hash ^ byte) * FNV_PRIME;
}

static uint8_t lower(uint8_t byte)
{
    return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte | 0x20) : byte;
}

static void push(struct masked_line *masked, enum token_kind kind, unsigned shape, uint32_t hash,
                 uint32_t lowered_hash, size_t from, size_t to)
{
    if (masked->n_tokens == MASK_TOKENS_MAXIMUM) {
        return;
    }
    if (masked->n_tokens) {
        const struct token *before = &masked->tokens[masked->n_tokens - 1];
        shape |= before->offset + before->size == from ? TOKEN_GLUED : 0;
    }
    masked->tokens[masked->n_tokens++] = (struct token){
        .hash = hash,
        .lowered_hash = lowered_hash,
        .offset = (uint16_t)from,
        .size = (uint16_t)(to - from),
        .kind = (uint8_t)kind,
        .shape = (uint8_t)shape,
    };
    masked->hash = (masked->hash ^ hash) * 0x9E3779B97F4A7C15U;
    masked->hash ^= masked->hash >> 32;
}

static void push_masked(struct masked_line *masked, enum token_kind kind, uint8_t salt, size_t from,
                        size_t to)
{
    uint32_t hash = hash_byte(hash_byte(FNV_BASIS, 0), salt);
    push(masked, kind, 0, hash, hash, from, to);
}

// A word's hash in lower case; a run of digits counts as one '0'.
static uint32_t hash_lowered(const char *text, size_t at, size_t end)
{
    uint32_t hash = FNV_BASIS;
    bool in_number = false;
    for (; at < end; at++) {
        bool digit = class_at(text, at) == C_DIGIT;
        if (!digit || !in_number) {
            hash = hash_byte(hash, digit ? '0' : lower((uint8_t)text[at]));
        }
        in_number = digit;
    }
    return hash;
}

// A word of letters alone, from `at` to `end`; `seen` are their classes.
static void push_letters(struct masked_line *masked, const char *text, size_t at, size_t end,
                         unsigned seen)
{
    uint32_t hash = FNV_BASIS, lowered = FNV_BASIS;
    if (!(seen & C_UPPER)) {
        for (size_t i = at; i < end; i++) {
            hash = hash_byte(hash, (uint8_t)text[i]);
        }
        push(masked, TOKEN_WORD, 0, hash, hash, at, end);
        return;
    }
    unsigned compound = 0;
    uint8_t before = 'A';
    for (size_t i = at; i < end; i++) {
        uint8_t byte = (uint8_t)text[i];
        compound |= (unsigned)((byte < 'a') & (before >= 'a'));
        before = byte;
        hash = hash_byte(hash, byte);
        lowered = hash_byte(lowered, byte | 0x20);
    }
    unsigned shape = TOKEN_UPPER | (compound ? TOKEN_COMPOUND : 0U) |
                     (!(seen & C_LOWER) && end - at > 1 ? TOKEN_CAPITALS : 0U);
    push(masked, TOKEN_WORD, shape, hash, lowered, at, end);
}

// A word from `at` to `end`. A run of digits counts as one '0'.
static void push_word(struct masked_line *masked, const char *text, size_t at, size_t end)
{
    uint32_t hash = FNV_BASIS;
    unsigned seen = 0, compound = 0;
    uint8_t before = 0;
    size_t from = at;
    for (; at < end; at++) {
        uint8_t byte = (uint8_t)text[at];
        unsigned class = byte_classes[byte];
        seen |= class;
        if (class == C_DIGIT) {
            if (before == '0') {
                continue;
            }
            byte = '0';
        }
        compound |=
            (class == C_UPPER && before >= 'a' && before <= 'z') || (class == C_JOIN && at > from);
        before = byte;
        hash = hash_byte(hash, byte);
    }
    unsigned shape = 0;
    if (seen & C_UPPER) {
        shape |= TOKEN_UPPER;
        shape |= !(seen & C_LOWER) && at - from > 1 ? TOKEN_CAPITALS : 0;
    }
    shape |= compound ? TOKEN_COMPOUND : 0;
    uint32_t lowered = seen & C_UPPER ? hash_lowered(text, from, end) : hash;
    push(masked, TOKEN_WORD, shape, hash, lowered, from, at);
}

static bool is_hex(const char *text, size_t from, size_t to)
{
    bool digit = false, letter = false;
    if (to - from > 2 && text[from] == '0' && (text[from + 1] | 0x20) == 'x') {
        return true;
    }
    if (to - from < 7) {
        return false;
    }
    for (; from < to; from++) {
        uint8_t byte = lower((uint8_t)text[from]);
        bool is_digit = byte >= '0' && byte <= '9';
        if (!is_digit && (byte < 'a' || byte > 'f')) {
            return false;
        }
        digit |= is_digit;
        letter |= !is_digit;
    }
    return digit && letter;
}

// Words and numbers of a name-like run without '/'; '.', '-' and their like between them only separate.
static void push_words(struct masked_line *masked, const char *text, size_t at, size_t end)
{
    while (at < end) {
        unsigned class = class_at(text, at);
        if (!(class & WORD_CLASSES)) {
            at++;
            continue;
        }
        size_t to = at;
        unsigned seen = 0;
        while (to < end && (class_at(text, to) & WORD_CLASSES)) {
            seen |= class_at(text, to++);
        }
        if (!(seen & ~LETTER_CLASSES)) { // no digit: not hexadecimal
            push_letters(masked, text, at, to, seen);
            at = to;
        } else if (is_hex(text, at, to)) {
            push_masked(masked, TOKEN_HEX, SALT_HEX, at, to);
            at = to;
        } else if (class == C_DIGIT) {
            size_t from = at;
            while (at < end &&
                   (class_at(text, at) == C_DIGIT ||
                    (text[at] == '.' && at + 1 < end && class_at(text, at + 1) == C_DIGIT))) {
                at++;
            }
            push_masked(masked, TOKEN_NUMBER, SALT_NUMBER, from, at);
        } else {
            push_word(masked, text, at, to);
            at = to;
        }
    }
}

// The length of the extension of the name text[from, to): 1 to 5 letters and digits after the last '.', the first a
// letter; 0 where there is none.
static size_t extension_size(const char *text, size_t from, size_t to)
{
    size_t size = 0;
    while (to > from + 1 && size < 6 && (class_at(text, to - 1) & (LETTER_CLASSES | C_DIGIT))) {
        to--;
        size++;
    }
    bool found = size > 0 && size < 6 && to > from + 1 && text[to - 1] == '.' &&
                 (class_at(text, to) & C_LOWER) &&
                 (class_at(text, to - 2) & (WORD_CLASSES | C_PATH));
    return found ? size : 0;
}

static void push_path(struct masked_line *masked, enum token_kind kind, const char *text,
                      size_t from, size_t to, size_t extension)
{
    uint32_t hash = hash_byte(hash_byte(FNV_BASIS, 0), kind == TOKEN_PATH ? SALT_PATH : SALT_FILE);
    for (size_t at = to - extension; at < to; at++) {
        hash = hash_byte(hash, (uint8_t)text[at]);
    }
    push(masked, kind, 0, hash, hash, from, to);
}

// A run of name bytes from `from`: a link, a path, a file name or words. Returns where to go on.
static size_t push_name(struct masked_line *masked, const char *text, size_t from, size_t size)
{
    unsigned seen = 0;
    size_t end = from;
    while (end < size && (class_at(text, end) & NAME_CLASSES)) {
        seen |= class_at(text, end++);
    }
    if (size - end > 3 && text[end] == ':' && text[end + 1] == '/' && text[end + 2] == '/' &&
        (seen & LETTER_CLASSES)) {
        size_t to = end + 3;
        while (to < size && text[to] != ' ' && text[to] != '\t' && text[to] != '"' &&
               text[to] != '\'' && text[to] != ')' && text[to] != '>' && text[to] != '`') {
            to++;
        }
        push_masked(masked, TOKEN_URL, SALT_URL, from, to);
        return to;
    }
    if (!(seen & ~LETTER_CLASSES)) {
        push_letters(masked, text, from, end, seen);
        return end;
    }
    size_t to = end;
    while (to > from + 1 && (text[to - 1] == '.' || text[to - 1] == '-')) {
        to--; // the end of a sentence
    }
    size_t extension = extension_size(text, from, to);
    if ((seen & C_SLASH) && (seen & LETTER_CLASSES) && to - from > 2) {
        push_path(masked, TOKEN_PATH, text, from, to, extension);
    } else if (extension && (seen & LETTER_CLASSES)) {
        push_path(masked, TOKEN_FILE, text, from, to, extension);
    } else {
        push_words(masked, text, from, to);
    }
    return end;
}

// The end of a quoted string that opens at `at`, or 0: it closes on the same line, and not in front of a letter.
static size_t quoted_end(const char *text, size_t at, size_t size)
{
    if (at && (class_at(text, at - 1) & WORD_CLASSES)) {
        return 0; // an apostrophe
    }
    size_t most = size - at > 120 ? at + 120 : size;
    for (size_t to = at + 1; to < most; to++) {
        bool closes = text[to] == text[at] || (text[at] == '`' && text[to] == '\'');
        if (closes && (to + 1 == size || !(class_at(text, to + 1) & WORD_CLASSES))) {
            return to > at + 1 ? to + 1 : 0;
        }
    }
    return 0;
}

// Marks (and runs of the same mark) and characters outside ASCII. Returns where to go on.
static size_t push_mark(struct masked_line *masked, const char *text, size_t at, size_t size)
{
    size_t from = at++;
    uint32_t hash = hash_byte(hash_byte(FNV_BASIS, SALT_MARK), (uint8_t)text[from]);
    if (class_at(text, from) == C_HIGH) {
        for (; at < size && class_at(text, at) == C_HIGH; at++) {
            hash = hash_byte(hash, (uint8_t)text[at]);
        }
        push(masked, TOKEN_WORD, 0, hash, hash, from, at);
        return at;
    }
    while (at < size && text[at] == text[from]) {
        at++;
    }
    hash = hash_byte(hash, at - from > 2 ? 3 : 1); // "===" is a rule, "=" is not
    push(masked, TOKEN_PUNCTUATION, 0, hash, hash, from, at);
    return at;
}

void mask_line(struct masked_line *masked, const char *text, size_t size)
{
    masked->n_tokens = 0;
    masked->hash = 0;
    masked->indent = 0;
    size = size > MASK_BYTES_MAXIMUM ? MASK_BYTES_MAXIMUM : size;
    size_t at = 0;
    for (; at < size && class_at(text, at) == C_BLANK; at++) {
        masked->indent = (uint16_t)(masked->indent + (text[at] == '\t' ? 4 : 1));
    }
    while (at < size && masked->n_tokens < MASK_TOKENS_MAXIMUM) {
        unsigned class = class_at(text, at);
        if (class == C_BLANK) {
            at++;
        } else if (class == C_QUOTE) {
            size_t end = quoted_end(text, at, size);
            if (end) {
                push_masked(masked, TOKEN_QUOTED, SALT_QUOTED, at, end);
                at = end;
            } else {
                at = push_mark(masked, text, at, size);
            }
        } else if ((class & (WORD_CLASSES | C_SLASH)) ||
                   (class == C_PATH && at + 1 < size &&
                    (text[at] == '.' || text[at] == '@' || text[at] == '~') &&
                    (class_at(text, at + 1) & (WORD_CLASSES | C_SLASH)))) {
            at = push_name(masked, text, at, size);
        } else {
            at = push_mark(masked, text, at, size);
        }
    }
}

uint32_t mask_word_hash(const char *word)
{
    struct masked_line masked;
    mask_line(&masked, word, strlen(word));
    return masked.n_tokens ? masked.tokens[0].lowered_hash : 0;
}

size_t mask_word_pieces(uint32_t *hashes, size_t capacity, const char *word, size_t size)
{
    size_t n_pieces = 0;
    for (size_t at = 0; at < size && n_pieces < capacity;) {
        unsigned class = class_at(word, at);
        if (!(class & LETTER_CLASSES)) {
            at++;
            continue;
        }
        uint32_t hash = FNV_BASIS;
        size_t from = at;
        do { // a capital opens a piece, unless it stands in a run of capitals
            hash = hash_byte(hash, lower((uint8_t)word[at++]));
        } while (at < size &&
                 (class_at(word, at) == C_LOWER ||
                  (class_at(word, at) == C_UPPER && class_at(word, at - 1) == C_UPPER &&
                   (at + 1 == size || class_at(word, at + 1) != C_LOWER))));
        if (at - from > 1) {
            hashes[n_pieces++] = hash;
        }
    }
    return n_pieces;
}
