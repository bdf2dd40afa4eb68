// Reads only what it is sure of: plain bytes, and groups that stand in every match. What else may stand there ends the run of bytes
// or, where it changes the meaning of others, the search. Of alternatives each must have a word.
#include "triage/pattern_needs.h"

#include <ctype.h>
#include <string.h>

#include "text/span.h"
#include "text/utf8.h"

static bool is_optional(const char *at)
{
    return *at == '?' || *at == '*' || *at == '{';
}

// Behind a quantifier such as {2,3}; a brace that opens none is a byte as any other.
static const char *behind_brace(const char *at)
{
    const char *end = at + 1 + strspn(at + 1, "0123456789,");
    return *end == '}' ? end + 1 : at + 1;
}

// Behind a class such as [^\]x], NULL where it has no end.
static const char *behind_class(const char *at)
{
    at += at[1] == '^' ? 2 : 1;
    at += *at == ']';
    for (; *at && *at != ']'; at++) {
        at += *at == '\\' && at[1];
    }
    return *at ? at + 1 : NULL;
}

// Behind a group, NULL where it has no end; *alternatives: it has some itself.
static const char *behind_group(const char *at, bool *alternatives)
{
    size_t depth = 0;
    *alternatives = false;
    while (at && *at) {
        depth += *at == '(';
        depth -= *at == ')';
        *alternatives |= *at == '|' && depth == 1;
        if (depth == 0) {
            return at + 1;
        }
        at = *at == '[' ? behind_class(at) : at + 1 + (*at == '\\' && at[1]);
    }
    return NULL;
}

// Whether the pattern has nothing that gives plain bytes another meaning.
static bool is_simple(const char *pattern)
{
    for (const char *at = pattern; *at; at++) {
        if (*at == '(' && at[1] == '?' && !(at[2] && strchr(":<=!>", at[2]))) {
            return false; // options
        }
        if (*at == '(' && at[1] == '*') {
            return false; // verbs
        }
        if (*at == '[' && at[1] == '[' && at[2] == ':') {
            return false;
        }
        if (*at == '\\') {
            at++;
            if (!*at || (isalnum((unsigned char)*at) && !strchr("dDsSwWbBn", *at))) {
                return false;
            }
        }
    }
    return true;
}

// A run of bytes that follow each other in every match.
struct run {
    char bytes[PATTERN_WORD_MAXIMUM];
    size_t size;
};

// A sequence on its way: the bytes just before, and the best words so far. Needs are large: only what counts of them is cleared.
struct sequence {
    struct run run;
    size_t n_ended; // runs that ended, or lost their start
    struct pattern_needs best;
};

// How well the words tell lines apart: by the shortest of them, and the fewer the better.
static size_t worth(const struct pattern_needs *needs)
{
    enum {
        TELLING = 4 // bytes; more hardly matter
    };
    size_t shortest = PATTERN_WORD_MAXIMUM;
    for (size_t i = 0; i < needs->n; i++) {
        shortest = needs->sizes[i] < shortest ? needs->sizes[i] : shortest;
    }
    size_t telling = shortest < TELLING ? shortest : TELLING;
    return needs->n == 0 ? 0 : 1000 * telling + shortest - 50 * (needs->n - 1);
}

static bool add_word(struct pattern_needs *needs, const char *word, size_t size)
{
    if (needs->n == PATTERN_WORDS || size == 0) {
        return false;
    }
    memcpy(needs->words[needs->n], word, size);
    needs->words[needs->n][size] = '\0'; // a word has at most PATTERN_WORD_MAXIMUM - 1 bytes
    needs->sizes[needs->n++] = (uint8_t)size;
    return true;
}

static void offer(struct sequence *sequence, const struct pattern_needs *needs)
{
    if (worth(needs) > worth(&sequence->best)) {
        sequence->best = *needs;
    }
}

static void offer_run(struct sequence *sequence)
{
    if (sequence->run.size > 0) {
        struct pattern_needs alone;
        alone.n = 0;
        add_word(&alone, sequence->run.bytes, sequence->run.size);
        offer(sequence, &alone);
    }
}

static void end_run(struct sequence *sequence)
{
    offer_run(sequence);
    sequence->run.size = 0;
    sequence->n_ended++;
}

static const char *read_sequence(const char *at, struct sequence *sequence, int depth);

// Reads up to the end of the group; what stands before it stands before each alternative. NULL where it is unclear.
static const char *read_alternatives(const char *at, struct pattern_needs *needs,
                                     const struct run *before, int depth)
{
    bool each = true;
    needs->n = 0;
    for (;; at++) {
        struct sequence sequence;
        sequence.run = *before;
        sequence.n_ended = sequence.best.n = 0;
        at = read_sequence(at, &sequence, depth);
        if (!at) {
            return NULL;
        }
        end_run(&sequence);
        each = each && sequence.best.n > 0;
        for (size_t i = 0; i < sequence.best.n; i++) {
            each = each && add_word(needs, sequence.best.words[i], sequence.best.sizes[i]);
        }
        if (*at != '|') {
            break;
        }
    }
    needs->n = each ? needs->n : 0;
    return at;
}

// What the group that begins at `at` holds; NULL for one that looks around or is atomic.
static const char *group_content(const char *at)
{
    if (at[1] != '?') {
        return at + 1;
    }
    if (at[2] == ':') {
        return at + 3;
    }
    const char *end = at[2] == '<' && isalpha((unsigned char)at[3]) ? strchr(at, '>') : NULL;
    return end ? end + 1 : NULL;
}

// Returns where to go on, NULL where that is unclear.
static const char *read_group(const char *at, struct sequence *sequence, int depth)
{
    bool alternatives;
    const char *behind = behind_group(at, &alternatives), *content = group_content(at);
    if (!behind || !content || is_optional(behind)) {
        end_run(sequence);
        return behind;
    }
    size_t n_before = sequence->run.size, n_ended = sequence->n_ended;
    if (!alternatives) { // its content stands here in every match
        at = read_sequence(content, sequence, depth);
    } else {
        struct pattern_needs needs;
        at = read_alternatives(content, &needs, &sequence->run, depth);
        end_run(sequence);
        offer(sequence, &needs);
    }
    // Of "(…)+" the last time goes on behind it, and what stood before the first may not stand before that.
    if (at && *behind == '+') {
        offer_run(sequence);
        struct run *run = &sequence->run;
        size_t n_left_out = sequence->n_ended == n_ended ? n_before : 0;
        run->size -= n_left_out;
        memmove(run->bytes, run->bytes + n_left_out, run->size);
        sequence->n_ended++;
        return at == behind - 1 ? behind + 1 : NULL;
    }
    return at == behind - 1 ? behind : NULL;
}

// What follows a character may make it optional, all of its bytes: patterns that have such are of characters (pattern_options).
static const char *read_character(const char *at, struct sequence *sequence)
{
    struct run *run = &sequence->run;
    bool escaped = *at == '\\';
    bool plain = escaped ? !isalnum((unsigned char)at[1]) : !strchr("^$.+?*", *at);
    size_t length = utf8_length(at + escaped, strlen(at + escaped)), size = length ? length : 1;
    const char *behind = at + escaped + size;
    if (plain && !is_optional(behind) && run->size + size < PATTERN_WORD_MAXIMUM) {
        memcpy(run->bytes + run->size, at + escaped, size);
        run->size += size;
    } else {
        end_run(sequence);
    }
    return behind;
}

// Reads up to what ends it: an alternative, the end of the group or of the pattern.
static const char *read_sequence(const char *at, struct sequence *sequence, int depth)
{
    enum {
        DEPTH_MAXIMUM = 12
    };
    if (depth > DEPTH_MAXIMUM) {
        return NULL;
    }
    while (at && *at && *at != '|' && *at != ')') {
        switch (*at) {
        case '(':
            at = read_group(at, sequence, depth + 1);
            break;
        case '[':
            end_run(sequence);
            at = behind_class(at);
            break;
        case '{':
            end_run(sequence);
            at = behind_brace(at);
            break;
        default:
            at = read_character(at, sequence);
        }
    }
    return at;
}

static void note_starts(struct pattern_needs *needs)
{
    memset(needs->starts, 0, sizeof needs->starts);
    for (size_t i = 0; i < needs->n; i++) {
        unsigned char start = (unsigned char)needs->words[i][0];
        needs->starts[start >> 6] |= UINT64_C(1) << (start & 63);
    }
}

void pattern_needs_read(struct pattern_needs *needs, const char *pattern)
{
    needs->n = 0;
    const struct run nothing = {.size = 0};
    const char *end = is_simple(pattern) ? read_alternatives(pattern, needs, &nothing, 0) : NULL;
    needs->n = end && !*end ? needs->n : 0;
    note_starts(needs);
}

void pattern_needs_pack(const struct pattern_needs *needs, char packed[PATTERN_NEEDS_PACKED])
{
    for (size_t i = 0; i < needs->n; i++) {
        *packed++ = (char)needs->sizes[i];
        memcpy(packed, needs->words[i], needs->sizes[i]);
        packed += needs->sizes[i];
    }
    *packed = '\0';
}

void pattern_needs_unpack(struct pattern_needs *needs, const char *packed)
{
    needs->n = 0;
    for (; *packed; packed += 1 + *packed) {
        add_word(needs, packed + 1, (size_t)*packed);
    }
    note_starts(needs);
}

static bool word_stands_at(const struct pattern_needs *needs, const char *text, size_t size)
{
    for (size_t i = 0; i < needs->n; i++) {
        if (needs->words[i][0] == *text && needs->sizes[i] <= size &&
            memcmp(needs->words[i], text, needs->sizes[i]) == 0) {
            return true;
        }
    }
    return false;
}

bool pattern_needs_met(const struct pattern_needs *needs, const char *text, size_t size)
{
    if (needs->n < 2) {
        return needs->n == 0 ||
               span_contains(span_of(text, size), span_of(needs->words[0], needs->sizes[0]));
    }
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (needs->starts[byte >> 6] >> (byte & 63) & 1 &&
            word_stands_at(needs, text + i, size - i)) {
            return true;
        }
    }
    return false;
}
