// Words are salted numbers: a cause, a cause with its weight, how many messages, the highest weight.
#include "triage/line_knowledge.h"

#include <math.h>

enum {
    MATCHES_MAXIMUM = 16,
    SEVERAL = 3, // messages from which on the count is one word
};

enum knowledge_salt {
    KNOWS_CAUSE = 0x51,
    KNOWS_CAUSE_WEIGHT,
    KNOWS_COUNT,
    KNOWS_WEIGHT
};

// The finaliser of MurmurHash3, as for the line's own words.
static uint32_t word_hash(enum knowledge_salt salt, uint32_t value)
{
    uint32_t hash = (uint32_t)salt * 0x9E3779B1U + value * 0x85EBCA77U;
    hash ^= hash >> 16;
    hash *= 0x85EBCA6BU;
    hash ^= hash >> 13;
    hash *= 0xC2B2AE35U;
    return hash ^ (hash >> 16);
}

static size_t annotate(const void *context, const char *text, size_t size,
                       uint32_t hashes[ANNOTATIONS_MAXIMUM], uint8_t *weight)
{
    const struct messages *messages = context;
    uint32_t numbers[MATCHES_MAXIMUM];
    size_t n_matches = messages_match(messages, text, size, numbers, MATCHES_MAXIMUM);
    float of_cause[CAUSES] = {0}, most = 0;
    for (size_t i = 0; i < n_matches; i++) {
        const struct message *message = &messages->messages[numbers[i]];
        for (size_t meaning = 0; meaning < message->n_means; meaning++) {
            float *known = &of_cause[message->means[meaning].cause];
            *known = fmaxf(*known, message->means[meaning].weight);
            most = fmaxf(most, *known);
        }
    }
    size_t n = 0;
    for (uint32_t cause = 0; cause < CAUSES && n + 4 <= ANNOTATIONS_MAXIMUM; cause++) {
        if (of_cause[cause] > 0) {
            hashes[n++] = word_hash(KNOWS_CAUSE, cause);
            hashes[n++] =
                word_hash(KNOWS_CAUSE_WEIGHT, cause * 16 + (uint32_t)lrintf(of_cause[cause]));
        }
    }
    if (n_matches > 0) {
        hashes[n++] = word_hash(KNOWS_COUNT, n_matches < SEVERAL ? (uint32_t)n_matches : SEVERAL);
        hashes[n++] = word_hash(KNOWS_WEIGHT, (uint32_t)lrintf(most));
    }
    *weight = (uint8_t)(lrintf(2 * most) + (n_matches > 1 ? 2 * MESSAGE_WEIGHT + 1 : 0));
    return n;
}

struct line_annotator line_knowledge(const struct messages *messages)
{
    return (struct line_annotator){.annotate = annotate, .context = messages};
}
