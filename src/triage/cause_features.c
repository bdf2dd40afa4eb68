// What lines and their context add (cause_extraction.h), and what is known only when all have been visited: the tool's habits, sums of
// messages, what is missing for another reason.
#include "triage/cause_extraction.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "triage/stack_trace.h"

static const float zone_weights[TIED_SHARE] = {1, 0.8F, 0.4F, 0.4F, 0.25F};

// Measured on folds.
static const float said_in_test_scale = 2, missing_scale = 2;

// Of a configuration file in a row of a report: linters read such files, too.
static const float reported_share = 0.3F;

void extraction_add(struct cause_features *features, uint32_t hash, float value,
                    struct cause_feature source)
{
    uint32_t mask = 2 * CAUSE_FEATURES_MAXIMUM - 1, at = hash & mask;
    while (features->slots[at]) {
        struct hashed_word *known = &features->words[features->slots[at] - 1];
        if (known->hash == hash) {
            if (value > known->value) {
                known->value = value;
                features->sources[features->slots[at] - 1] = source;
            }
            return;
        }
        at = (at + 1) & mask;
    }
    if (features->n_words < CAUSE_FEATURES_MAXIMUM) {
        features->words[features->n_words] = (struct hashed_word){hash, value};
        features->sources[features->n_words] = source;
        features->slots[at] = (uint32_t)++features->n_words;
    }
}

static uint32_t hash_name(const char *name)
{
    uint32_t hash = 2166136261U; // FNV-1a
    for (; *name; name++) {
        hash = (hash ^ (unsigned char)*name) * 16777619U;
    }
    return hash;
}

static void add_tools(struct extraction *extraction)
{
    struct cause_features *features = extraction->features;
    const struct cause_input *input = extraction->input;
    float *typical = features->tied[TIED_TOOL];
    for (size_t i = 0; i < input->n_tools && i < UINT8_MAX; i++) {
        const struct cause_tool *tool = &input->tools[i];
        struct cause_feature source = {input->anchor, 0, 0, FAMILY_TOOL, (uint8_t)i};
        if (tool->name) {
            extraction_add(features, hash_salted(hash_name(tool->name), SALT_TOOL),
                           tool->probability, source);
        }
        if (tool->kind) {
            source.family = FAMILY_KIND;
            extraction_add(features, hash_salted(hash_name(tool->kind), SALT_KIND),
                           tool->probability * (1 - extraction->test_ended), source);
        }
        for (size_t c = 0; c < CAUSES; c++) {
            typical[c] += tool->probability * tool->typical[c];
        }
    }
    // A test that crashed or ran out of time is no failed expectation, whoever ran it.
    if (extraction->test_ended > 0) {
        float moved = extraction->test_ended * typical[CAUSE_TEST];
        typical[CAUSE_TEST] -= moved;
        typical[extraction->test_end] += moved;
    }
    // A runner's report of a test says too little of why it failed: a limit of time, a module that is missing.
    const struct anchor_report *report = &extraction->report;
    bool in_report = report->forms && !report->in_test;
    for (size_t c = 0; c < CAUSES; c++) {
        features->tied[TIED_REPORT][c] = in_report ? typical[c] : 0;
        features->tied[TIED_TOOL_LOG][c] = logf((typical[c] + 0.02F) / 0.02F) / 4;
    }
}

// Sums the hits by zone and cause: 1 − exp(−Σ weight · closeness / 3), and the share of each cause in all of them.
static void sum_hits(struct extraction *extraction)
{
    struct cause_features *features = extraction->features;
    float total = 1, sums[CAUSES] = {0};
    for (size_t i = 0; i < features->n_hits; i++) {
        const struct message_hit *hit = &features->hits[i];
        const struct message *message = messages_get(extraction->extractor->messages, hit->message);
        for (size_t k = 0; k < message->n_means; k++) {
            float weight = message_weight(message, k) * hit->closeness;
            features->tied[hit->zone][message->means[k].cause] += weight;
            sums[message->means[k].cause] += weight * zone_weights[hit->zone];
            total += weight * zone_weights[hit->zone];
        }
    }
    for (size_t c = 0; c < CAUSES; c++) {
        for (size_t zone = 0; zone < TIED_SHARE; zone++) {
            features->tied[zone][c] = 1 - expf(-features->tied[zone][c] / 3);
        }
        features->tied[TIED_SHARE][c] = sums[c] / total;
    }
}

// Something is missing because something else went wrong before, where messages tell so: then it speaks for that. A command that names
// it takes from it as well. A package that a configuration asks for in vain, and a server that does not answer, are no fault of the file.
static void settle_missing(struct extraction *extraction)
{
    struct cause_features *features = extraction->features;
    static const enum cause reasons[] = {CAUSE_NETWORK, CAUSE_AUTH, CAUSE_RATE_LIMIT,
                                         CAUSE_RESOURCE};
    float *missing = features->tied[TIED_MISSING], sum = 0, told = 0;
    enum cause reason = CAUSE_NETWORK;
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        for (size_t zone = 0; zone <= TIED_NEAR; zone++) {
            if (features->tied[zone][reasons[i]] > told) {
                told = features->tied[zone][reasons[i]];
                reason = reasons[i];
            }
        }
    }
    told = fminf(1, 2 * told);
    for (size_t c = 0; c < CAUSES; c++) {
        sum += missing[c];
        missing[c] *= (1 - told) * (1 - features->tied[TIED_TYPED][CAUSE_CI_CONFIG]);
    }
    missing[reason] += sum * told;
    bool reported = extraction->report.forms || extraction->report.in_test;
    features->tied[TIED_CONFIGURED][CAUSE_BUILD_CONFIG] *=
        (1 - told) * (1 - fminf(1, missing[CAUSE_DEPENDENCY])) * (reported ? reported_share : 1);
    for (uint8_t c = 0; c < CAUSES; c++) {
        if (missing[c] > 0) {
            struct cause_feature source = {extraction->missing_line, 0, 0, FAMILY_MISSING, c};
            extraction_add(features, hash_salted(c, SALT_MISSING), missing_scale * missing[c],
                           source);
        }
    }
}

// What the messages speak for, once more as words, which have a weight for each cause: "429" beside "failed to fetch" speaks
// for a rate limit and against the network. In a test's report they speak less.
static void add_said(struct cause_features *features, uint32_t anchor, bool in_test)
{
    static const struct {
        uint8_t zone; // enum cause_tied
        float scale;  // measured on folds
    } zones[] = {{TIED_ANCHOR, 2}, {TIED_FINDING, 2}, {TIED_NEAR, 2}, {TIED_SHARE, 3}};
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        for (uint8_t c = 0; c < CAUSES; c++) {
            float value = features->tied[zones[i].zone][c] * zones[i].scale;
            struct cause_feature source = {anchor, zones[i].zone, 0, FAMILY_SAID, c};
            if (value > 0) {
                extraction_add(features, hash_salted(c, SALT_SAID + zones[i].zone), value, source);
            }
            if (value > 0 && in_test && zones[i].zone != TIED_NEAR) {
                extraction_add(features, hash_salted(c, SALT_SAID_IN_TEST + zones[i].zone),
                               value * said_in_test_scale, source);
            }
        }
    }
}

// A frame of a trace says little: the exception's line is looked from.
static void move_to_exception(struct cause_input *input)
{
    input->anchor = stack_trace_exception(input->document, input->anchor);
    input->first = input->anchor < input->first ? input->anchor : input->first;
    input->last = input->anchor > input->last ? input->anchor : input->last;
}

bantam_status cause_features_init(struct cause_features *features,
                                  const struct cause_extractor *extractor,
                                  const struct cause_input *input, const bool *ignored,
                                  struct arena *arena, bantam_error *error)
{
    memset(features, 0, sizeof *features);
    features->words = arena_allocate(arena, CAUSE_FEATURES_MAXIMUM * sizeof *features->words);
    features->sources = arena_allocate(arena, CAUSE_FEATURES_MAXIMUM * sizeof *features->sources);
    features->slots =
        arena_allocate_array(arena, 2 * CAUSE_FEATURES_MAXIMUM, sizeof *features->slots);
    if (!features->words || !features->sources || !features->slots) {
        return error_memory(error);
    }
    struct cause_input spoken = *input;
    struct extraction extraction = {
        .features = features, .extractor = extractor, .input = &spoken, .ignored = ignored};
    features->exit_code = EXIT_UNKNOWN;
    if (input->anchor < input->document->n_lines && input->first <= input->anchor &&
        input->anchor <= input->last && input->last < input->document->n_lines) {
        move_to_exception(&spoken);
        cause_lines_visit(&extraction);
        cause_context_add(&extraction);
    }
    add_tools(&extraction);
    sum_hits(&extraction);
    settle_missing(&extraction);
    add_said(features, spoken.anchor, extraction.report.in_test);
    return BANTAM_OK;
}
