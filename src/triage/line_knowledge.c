// Words are salted numbers: a cause, a cause with its weight, a kind of tool, how many messages, the highest weight, a
// consequence.
#include "triage/line_knowledge.h"

#include <math.h>

#include "base/hash.h"

enum {
    MATCHES_MAXIMUM = 16,
    SEVERAL = 3, // matches from which on the count is one word
};

enum knowledge_salt {
    KNOWS_CAUSE = 0x51,
    KNOWS_CAUSE_WEIGHT,
    KNOWS_COUNT,
    KNOWS_WEIGHT,
    KNOWS_KIND,
    KNOWS_SIGNS,
    KNOWS_FOLLOWS,
};

struct words {
    uint32_t *hashes; // (ANNOTATIONS_MAXIMUM)
    size_t n;
};

static void add_word(struct words *words, enum knowledge_salt salt, uint32_t value)
{
    if (words->n < ANNOTATIONS_MAXIMUM) {
        words->hashes[words->n++] =
            hash_finalize((uint32_t)salt * 0x9E3779B1U + value * 0x85EBCA77U);
    }
}

static uint32_t several(size_t count)
{
    return count < SEVERAL ? (uint32_t)count : SEVERAL;
}

// Adds what the messages say of the line; returns how much: 0 for nothing.
static uint8_t add_messages(struct words *words, const struct messages *messages, const char *text,
                            size_t size)
{
    uint32_t numbers[MATCHES_MAXIMUM];
    size_t n_found = messages_match(messages, text, size, numbers, MATCHES_MAXIMUM), n_matches = 0;
    float of_cause[CAUSES] = {0}, most = 0;
    bool follows = false;
    for (size_t i = 0; i < n_found; i++) {
        const struct message *message = messages_get(messages, numbers[i]);
        if (message->broad) {
            continue;
        }
        n_matches++;
        follows = follows || message->follows;
        for (size_t meaning = 0; meaning < message->n_means; meaning++) {
            float *known = &of_cause[message->means[meaning].cause];
            *known = fmaxf(*known, message_weight(message, meaning));
            most = fmaxf(most, *known);
        }
    }
    if (n_matches == 0) {
        return 0;
    }
    if (follows) {
        add_word(words, KNOWS_FOLLOWS, 1);
    }
    add_word(words, KNOWS_COUNT, several(n_matches));
    add_word(words, KNOWS_WEIGHT, (uint32_t)lrintf(most));
    for (uint32_t cause = 0; cause < CAUSES; cause++) {
        if (of_cause[cause] > 0) {
            add_word(words, KNOWS_CAUSE, cause);
            add_word(words, KNOWS_CAUSE_WEIGHT, cause * 16 + (uint32_t)lrintf(of_cause[cause]));
        }
    }
    return (uint8_t)(lrintf(2 * most) + (n_matches > 1 ? 2 * MESSAGE_WEIGHT + 1 : 0));
}

static void add_signs(struct words *words, const struct tool_table *tools, const char *text,
                      size_t size)
{
    uint32_t signs[MATCHES_MAXIMUM];
    size_t n_matches = phrase_set_match(tools->signs, text, size, signs, MATCHES_MAXIMUM);
    uint32_t kinds = 0;
    for (size_t i = 0; i < n_matches; i++) {
        kinds |= 1U << tools->tools[tools->tool_of_sign[signs[i]]].kind;
    }
    for (uint32_t kind = 0; kind < TOOL_KINDS; kind++) {
        if (kinds >> kind & 1) {
            add_word(words, KNOWS_KIND, kind);
        }
    }
    if (n_matches > 0) {
        add_word(words, KNOWS_SIGNS, several(n_matches));
    }
}

static size_t annotate(const void *context, const char *text, size_t size,
                       uint32_t hashes[ANNOTATIONS_MAXIMUM], uint8_t *weight)
{
    const struct line_tables *tables = context;
    struct words words = {.hashes = hashes};
    *weight = add_messages(&words, tables->messages, text, size);
    add_signs(&words, tables->tools, text, size);
    return words.n;
}

struct line_annotator line_knowledge(const struct line_tables *tables)
{
    return (struct line_annotator){.annotate = annotate, .context = tables};
}
