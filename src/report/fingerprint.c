// Knows a failure again: what of a finding stays the same from run to run, as a sum of hashes of its names.
//
// A sum, because the order of names is the machine's: of tests that run at once, of members that a map holds.
#include "bantam/history.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <xxhash.h>

#include "bantam/text.h"
#include "base/error.h"
#include "report/finding.h"

enum {
    NAME_MAXIMUM = 256, // bytes of a name that count
    TEXT_MAXIMUM = 1 << 16,
    HEADLINE_MAXIMUM = 200,
    HEX_LEAST = 7, // letters and digits that make a hexadecimal number
};

enum part {
    PART_CAUSE = 1,
    PART_TOOL,
    PART_SUBJECT,
    PART_LINE,
    PART_FILE,
};

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static char lower(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte | 0x20) : byte;
}

static bool separates(char byte)
{
    return (unsigned char)byte <= ' ' || strchr("\"'`()[]{}<>,;=|*", byte) != NULL;
}

// A run of digits and the letters a to f that holds a digit; a lone run of letters is a word.
static size_t number_size(const char *text, size_t size)
{
    size_t n = 0, first_digit = size;
    while (n < size && (is_digit(text[n]) || (text[n] >= 'a' && text[n] <= 'f'))) {
        first_digit = is_digit(text[n]) && first_digit == size ? n : first_digit;
        n++;
    }
    size_t decimal = 0;
    while (decimal < n && is_digit(text[decimal])) {
        decimal++;
    }
    return first_digit < n && n >= HEX_LEAST ? n : decimal;
}

// Writes the name as it counts: small letters, each number as one '0', a temporary name as "tmp". Returns its size.
static size_t fold_name(char *folded, const char *name, size_t size)
{
    char small[NAME_MAXIMUM];
    size_t n = 0;
    size = size < NAME_MAXIMUM ? size : NAME_MAXIMUM;
    for (size_t i = 0; i < size; i++) {
        small[i] = lower(name[i]);
    }
    if (size > 3 && memcmp(small, "tmp", 3) == 0) {
        memcpy(folded, "tmp", 3);
        return 3;
    }
    for (size_t at = 0; at < size;) {
        size_t number = number_size(small + at, size - at);
        if (number == 0 && at + 2 < size && memcmp(small + at, "0x", 2) == 0) {
            number = 2;
        }
        folded[n++] = number ? '0' : small[at];
        at += number ? number : 1;
    }
    return n;
}

// The last name of a path or link, without what ends a sentence.
static void base_name(const char **name, size_t *size)
{
    while (*size > 1 && strchr(".:!?/\\", (*name)[*size - 1])) {
        (*size)--;
    }
    for (size_t at = *size; at > 0; at--) {
        if ((*name)[at - 1] == '/' || (*name)[at - 1] == '\\') {
            *name += at;
            *size -= at;
            return;
        }
    }
}

static uint64_t sum_names(const char *text, size_t size, enum part part)
{
    uint64_t sum = 0;
    for (size_t at = 0; at < size;) {
        size_t end = at;
        while (end < size && !separates(text[end])) {
            end++;
        }
        if (end > at) {
            char folded[NAME_MAXIMUM];
            const char *name = text + at;
            size_t length = end - at;
            base_name(&name, &length);
            length = fold_name(folded, name, length);
            sum += XXH3_64bits_withSeed(folded, length, part);
        }
        at = end + (end == at);
    }
    return sum;
}

static bool sum_redacted(uint64_t *sum, const char *text, enum part part)
{
    bantam_buffer hidden;
    bantam_buffer_init(&hidden, TEXT_MAXIMUM);
    if (text && *text) {
        bantam_text_redact(&hidden, text, strlen(text), BANTAM_REDACT_SECRETS);
        *sum += sum_names(hidden.data, hidden.size, part);
    }
    bool summed = !hidden.failed;
    bantam_buffer_release(&hidden);
    return summed;
}

bantam_status bantam_fingerprint(char fingerprint[BANTAM_FINGERPRINT_SIZE],
                                 const bantam_finding *finding, bantam_error *error)
{
    const char *file = finding->n_locations > 0 ? finding->locations[0].file : NULL;
    uint64_t sum = 0;
    fingerprint[0] = '\0';
    if (!sum_redacted(&sum, finding->cause, PART_CAUSE) ||
        !sum_redacted(&sum, finding->tool, PART_TOOL) ||
        !sum_redacted(&sum, finding->subject, PART_SUBJECT) ||
        !sum_redacted(&sum, finding_anchor_text(finding), PART_LINE) ||
        !sum_redacted(&sum, file, PART_FILE)) {
        return error_memory(error);
    }
    snprintf(fingerprint, BANTAM_FINGERPRINT_SIZE, "%016" PRIx64,
             (uint64_t)XXH3_64bits(&sum, sizeof sum));
    return BANTAM_OK;
}

// Appends at most HEADLINE_MAXIMUM bytes, whole characters, with its secrets hidden and nothing that acts on a terminal.
static void append_kept(bantam_buffer *out, const char *text, size_t size)
{
    bantam_buffer hidden, visible;
    bantam_buffer_init(&hidden, TEXT_MAXIMUM);
    bantam_buffer_init(&visible, 3 * (size_t)TEXT_MAXIMUM);
    size = size < TEXT_MAXIMUM ? size : TEXT_MAXIMUM;
    bantam_text_redact(&hidden, text, size, BANTAM_REDACT_SECRETS);
    size_t from = 0;
    while (from < hidden.size && (hidden.data[from] == ' ' || hidden.data[from] == '\t')) {
        from++;
    }
    if (hidden.size > from) {
        bantam_text_visible(&visible, hidden.data + from, hidden.size - from);
    }
    size_t kept = visible.size < HEADLINE_MAXIMUM ? visible.size : HEADLINE_MAXIMUM;
    while (kept < visible.size && kept > 0 && ((unsigned char)visible.data[kept] & 0xC0) == 0x80) {
        kept--;
    }
    bantam_buffer_append(out, visible.data, kept);
    out->failed |= hidden.failed || visible.failed;
    bantam_buffer_release(&hidden);
    bantam_buffer_release(&visible);
}

void bantam_headline(bantam_buffer *out, const bantam_finding *finding)
{
    const char *text = finding_anchor_text(finding);
    append_kept(out, text, strlen(text));
}

void bantam_title(bantam_buffer *out, const bantam_finding *finding)
{
    bantam_buffer title;
    bantam_buffer_init(&title, TEXT_MAXIMUM);
    finding_append_title(&title, finding);
    if (title.size > 0) {
        append_kept(out, title.data, title.size);
    }
    out->failed |= title.failed;
    bantam_buffer_release(&title);
}
