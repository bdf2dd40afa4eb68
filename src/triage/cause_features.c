// Lines are visited from the anchor outwards, so that a message counts where it stands closest.
#include "triage/cause_features.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "text/mask.h"
#include "triage/anchor_report.h"
#include "triage/cause_aim.h"
#include "triage/cause_end.h"
#include "triage/cause_missing.h"
#include "triage/cause_purpose.h"
#include "triage/cause_root.h"
#include "triage/cause_speaker.h"
#include "triage/cause_typed.h"

enum {
    REACH_BEFORE = 40, // lines of a long finding that are looked at before its anchor
    REACH_AFTER = 40,  // and after it
    HEAD_LINES = 6,    // and at its start
    NEAR_BEFORE =
        12, // lines before the anchor that are near, where the finding does not begin earlier
    NEAR_AFTER = 8,     // lines after the finding that are near
    OTHER_LINES = 8,    // next best lines
    TAIL_LINES = 40,    // last lines of the log
    LINE_HITS = 32,     // messages on one line
    COMMAND_DEPTH = 3,  // sections outwards
    TYPED_REACH = 3,    // lines from the anchor that may complain of the command
    LINE_CONCEPTS = 14, // concepts of one line
    MISSING_REACH = 2,  // lines from the anchor that may tell what is missing
    PAIR_REACH = 8,     // lines from the anchor whose concepts are paired
};

static const float zone_weights[TIED_SHARE] = {1, 0.8F, 0.4F, 0.4F, 0.25F};

// Of the forms of reports, of purposes and of what is missing; measured on folds.
static const float form_scale = 2, anchor_form_scale = 3, in_test_scale = 3;
static const float tests_counted_scale = 1, said_in_test_scale = 2;
static const float purpose_scale = 1.5F, missing_scale = 2, answer_scale = 2;

enum word_salt {
    SALT_WORD = 1,
    SALT_PAIR,
    SALT_COMMAND_WORD,
    SALT_COMMAND_PAIR,
    SALT_TOOL,
    SALT_KIND,
    SALT_EXIT,
    SALT_KEYWORD_ANCHOR,
    SALT_KEYWORD_ANY,
    SALT_SHAPE_ANCHOR,
    SALT_SHAPE_ANY,
    SALT_WORD_PIECE,
    SALT_CONCEPT_ANY,
    SALT_CONCEPT_ANCHOR,
    SALT_CONCEPT_PAIR,
    SALT_FORM_ANCHOR,
    SALT_FORM_ANY,
    SALT_TEST_REPORT,
    SALT_SAID,                                  // and one more for each zone
    SALT_SAID_IN_TEST = SALT_SAID + CAUSE_TIED, // likewise
    SALT_PURPOSE = SALT_SAID_IN_TEST + CAUSE_TIED,
    SALT_MISSING,
    SALT_END,
    SALT_ROOT,
    SALT_ROOT_IN_TEST,
    SALT_ROOT_OF_AIM, // and one more for each purpose
};

struct extraction {
    struct cause_features *features;
    const struct cause_extractor *extractor;
    const struct cause_input *input;
    const bool *ignored; // (n_messages) messages that are not looked for, or NULL
    struct anchor_report report;
    bool missing;          // a line that tells what is missing was met,
    uint32_t missing_line; // which
};

static uint32_t hash_name(const char *name)
{
    uint32_t hash = 2166136261U; // FNV-1a
    for (; *name; name++) {
        hash = (hash ^ (unsigned char)*name) * 16777619U;
    }
    return hash;
}

// Adds the feature, or raises its value where it is known.
static void add_feature(struct cause_features *features, uint32_t hash, float value,
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

static bool is_word(const struct token *token)
{
    return token->kind != TOKEN_PUNCTUATION;
}

// 1-grams and 2-grams of a masked text, and the pieces of its compound words.
static void add_words(struct cause_features *features, const struct masked_line *masked,
                      const char *text, float value, bool command, uint32_t line)
{
    uint32_t word_salt = command ? SALT_COMMAND_WORD : SALT_WORD;
    uint32_t pair_salt = command ? SALT_COMMAND_PAIR : SALT_PAIR;
    const struct token *before = NULL;
    for (size_t i = 0; i < masked->n_tokens; i++) {
        const struct token *token = &masked->tokens[i];
        if (!is_word(token)) {
            continue;
        }
        struct cause_feature source = {line, token->offset, token->size,
                                       command ? FAMILY_COMMAND : FAMILY_WORD, 0};
        add_feature(features, hash_salted(token->lowered_hash, word_salt), value, source);
        if (token->shape & TOKEN_COMPOUND) {
            uint32_t pieces[4];
            size_t n = mask_word_pieces(pieces, 4, text + token->offset, token->size);
            for (size_t k = 0; k < n; k++) {
                add_feature(features,
                            hash_salted(pieces[k], command ? SALT_COMMAND_WORD : SALT_WORD_PIECE),
                            value, source);
            }
        }
        if (before) {
            source.offset = before->offset;
            source.size = (uint16_t)(token->offset + token->size - before->offset);
            source.family = command ? FAMILY_COMMAND : FAMILY_PAIR;
            uint32_t joined =
                before->lowered_hash * 0x2C1B3C6DU ^ (token->lowered_hash + 0x297A2D39U);
            add_feature(features, hash_salted(joined, pair_salt), value, source);
        }
        before = token;
    }
}

static void add_forms(struct extraction *extraction, uint32_t forms, uint32_t at, bool anchor)
{
    for (uint8_t i = 0; i < REPORT_FORMS; i++) {
        if (forms >> i & 1) {
            struct cause_feature source = {at, 0, 0, FAMILY_FORM, i};
            add_feature(extraction->features, hash_salted(i, SALT_FORM_ANY), form_scale, source);
            if (anchor) {
                add_feature(extraction->features, hash_salted(i, SALT_FORM_ANCHOR),
                            anchor_form_scale, source);
            }
        }
    }
}

static void add_kind(struct extraction *extraction, const struct masked_line *masked,
                     const struct line *line, uint32_t at, bool anchor)
{
    struct line_kind kind = line_kind(extraction->extractor->keywords, masked, line->text);
    for (uint8_t i = 0; i < KEYWORD_CLASSES; i++) {
        if (kind.keywords >> i & 1) {
            struct cause_feature source = {at, 0, 0, FAMILY_KEYWORD, i};
            add_feature(extraction->features, hash_salted(i, SALT_KEYWORD_ANY), 0.5F, source);
            if (anchor) {
                add_feature(extraction->features, hash_salted(i, SALT_KEYWORD_ANCHOR), 0.5F,
                            source);
            }
        }
    }
    for (uint8_t i = 0; i < 16; i++) {
        if (kind.shape >> i & 1) {
            struct cause_feature source = {at, 0, 0, FAMILY_SHAPE, i};
            add_feature(extraction->features, hash_salted(i, SALT_SHAPE_ANY), 0.5F, source);
            if (anchor) {
                add_feature(extraction->features, hash_salted(i, SALT_SHAPE_ANCHOR), 0.5F, source);
            }
        }
    }
    add_forms(extraction, report_forms(span_of(line->text, line->size), kind), at, anchor);
}

// The concepts of a line and, close to the anchor, each two of them: "certificate" and "not trusted", whatever the words.
static void add_concepts(struct extraction *extraction, const struct masked_line *masked,
                         const char *text, uint32_t at, uint32_t distance, float closeness)
{
    struct concept_hit hits[LINE_CONCEPTS];
    size_t n = concepts_find(hits, LINE_CONCEPTS, extraction->extractor->concepts, masked, text);
    for (size_t i = 0; i < n; i++) {
        struct cause_feature source = {at, hits[i].offset, hits[i].size, FAMILY_CONCEPT, 0};
        uint32_t concept = hits[i].concept;
        add_feature(extraction->features, hash_salted(concept, SALT_CONCEPT_ANY), closeness,
                    source);
        if (distance == 0) {
            source.detail = 1;
            add_feature(extraction->features, hash_salted(concept, SALT_CONCEPT_ANCHOR), 1, source);
        }
        for (size_t k = 0; k < i && distance <= PAIR_REACH; k++) {
            uint32_t least = hits[k].concept < concept ? hits[k].concept : concept;
            uint32_t pair = least * CONCEPTS + (hits[k].concept + concept - least);
            source = (struct cause_feature){at, hits[k].offset, 0, FAMILY_CONCEPT_PAIR, 0};
            source.size = (uint16_t)(hits[i].offset + hits[i].size - hits[k].offset);
            add_feature(extraction->features, hash_salted(pair, SALT_CONCEPT_PAIR), closeness,
                        source);
        }
    }
}

static void add_hits(struct extraction *extraction, uint32_t at, enum cause_tied zone,
                     float closeness)
{
    struct cause_features *features = extraction->features;
    const struct line *line = &extraction->input->document->lines[at];
    uint32_t numbers[LINE_HITS];
    size_t n =
        messages_match(extraction->extractor->messages, line->text, line->size, numbers, LINE_HITS);
    for (size_t i = 0; i < n; i++) {
        bool known = extraction->ignored && extraction->ignored[numbers[i]];
        for (size_t k = 0; k < features->n_hits && !known; k++) {
            known = features->hits[k].message == numbers[i];
        }
        if (!known && features->n_hits < CAUSE_HITS_MAXIMUM) {
            features->hits[features->n_hits++] =
                (struct message_hit){at, numbers[i], (uint8_t)zone, closeness};
        }
    }
}

// The line closest to the anchor that says what is missing.
static void add_missing(struct extraction *extraction, const struct line *line, uint32_t at,
                        uint32_t distance)
{
    enum cause cause =
        distance <= MISSING_REACH ? cause_missing(span_of(line->text, line->size)) : CAUSE_UNKNOWN;
    if (cause < CAUSES && !extraction->missing) {
        extraction->missing = true;
        extraction->missing_line = at;
        extraction->features->tied[TIED_MISSING][cause] = 1 / (1 + (float)distance);
    }
}

static bool is_text(const struct cause_input *input, uint32_t at)
{
    const struct line *line = &input->document->lines[at];
    return line->size > 0 && !(line->flags & LINE_MARKER);
}

// "Timeout: 0": it speaks of what did not happen.
static bool counts_nothing(const struct masked_line *masked, const char *text)
{
    size_t n = masked->n_tokens;
    return n > 2 && n < 8 && text[masked->tokens[n - 2].offset] == ':' &&
           masked->tokens[n - 1].size == 1 && text[masked->tokens[n - 1].offset] == '0';
}

static void visit_finding_line(struct extraction *extraction, uint32_t at)
{
    const struct cause_input *input = extraction->input;
    const struct line *line = &input->document->lines[at];
    uint32_t distance = at > input->anchor ? at - input->anchor : input->anchor - at;
    float closeness = fmaxf(0.2F, expf(-(float)distance / 12));
    if (!is_text(input, at)) {
        return;
    }
    struct masked_line masked;
    mask_line(&masked, line->text, line->size);
    if (counts_nothing(&masked, line->text)) {
        return;
    }
    add_words(extraction->features, &masked, line->text, closeness, false, at);
    add_kind(extraction, &masked, line, at, distance == 0);
    add_concepts(extraction, &masked, line->text, at, distance, closeness);
    add_missing(extraction, line, at, distance);
    add_hits(extraction, at, distance == 0 ? TIED_ANCHOR : TIED_FINDING, closeness);
}

// The finding's lines: from the anchor outwards, and its head.
static void visit_finding(struct extraction *extraction)
{
    const struct cause_input *input = extraction->input;
    uint32_t from =
        input->anchor - input->first > REACH_BEFORE ? input->anchor - REACH_BEFORE : input->first;
    uint32_t to =
        input->last - input->anchor > REACH_AFTER ? input->anchor + REACH_AFTER : input->last;
    visit_finding_line(extraction, input->anchor);
    for (uint32_t distance = 1; distance <= REACH_BEFORE || distance <= REACH_AFTER; distance++) {
        if (input->anchor - from >= distance) {
            visit_finding_line(extraction, input->anchor - distance);
        }
        if (to - input->anchor >= distance) {
            visit_finding_line(extraction, input->anchor + distance);
        }
    }
    for (uint32_t at = input->first; at < from && at < input->first + HEAD_LINES; at++) {
        visit_finding_line(extraction, at);
    }
}

static void visit_surroundings(struct extraction *extraction)
{
    const struct cause_input *input = extraction->input;
    uint32_t n_lines = (uint32_t)input->document->n_lines;
    for (uint32_t distance = 1; distance <= NEAR_BEFORE; distance++) {
        if (input->anchor >= distance && input->anchor - distance < input->first &&
            is_text(input, input->anchor - distance)) {
            add_hits(extraction, input->anchor - distance, TIED_NEAR, expf(-(float)distance / 8));
        }
    }
    for (uint32_t distance = 1; distance <= NEAR_AFTER && input->last + distance < n_lines;
         distance++) {
        if (is_text(input, input->last + distance)) {
            add_hits(extraction, input->last + distance, TIED_NEAR, expf(-(float)distance / 8));
        }
    }
    for (size_t i = 0; i < input->n_other_lines && i < OTHER_LINES; i++) {
        if (input->other_lines[i] < n_lines && is_text(input, input->other_lines[i])) {
            add_hits(extraction, input->other_lines[i], TIED_OTHER, 1 / (1 + (float)i / 4));
        }
    }
    uint32_t seen = 0;
    for (uint32_t at = n_lines; at-- > 0 && seen < TAIL_LINES;) {
        if (is_text(input, at)) {
            seen++;
            add_hits(extraction, at, TIED_TAIL, 1);
        }
    }
}

// What stands in a failed test's report is the test's, whatever it speaks of.
static void add_report(struct extraction *extraction)
{
    const struct cause_input *input = extraction->input;
    struct anchor_report *report = &extraction->report;
    *report = anchor_report_read(input->document, input->anchor, extraction->extractor->keywords);
    if (report->in_test) {
        struct cause_feature source = {report->test_line, 0, 0, FAMILY_FORM, REPORT_FORMS};
        add_feature(extraction->features, hash_salted(0, SALT_TEST_REPORT), in_test_scale, source);
    }
    extraction->features->tied[TIED_LINKS][CAUSE_CHECK] = report->in_links;
    if (report->tests_counted) {
        struct cause_feature source = {report->count_line, 0, 0, FAMILY_FORM, FORM_TEST_COUNT};
        add_feature(extraction->features, hash_salted(1, SALT_TEST_REPORT), tests_counted_scale,
                    source);
    }
}

static void add_commands(struct extraction *extraction)
{
    const struct document *document = extraction->input->document;
    int32_t at = document->lines[extraction->input->anchor].section;
    float value = 0.7F;
    for (int depth = 0; at >= 0 && depth < COMMAND_DEPTH; depth++, value /= 2) {
        const struct section *section = &document->sections[at];
        struct masked_line masked;
        mask_line(&masked, section->command, section->command_size);
        add_words(extraction->features, &masked, section->command, value, true,
                  section->first_line);
        mask_line(&masked, section->name, section->name_size);
        add_words(extraction->features, &masked, section->name, value / 2, true,
                  section->first_line);
        at = section->parent;
    }
}

// What the innermost command that is known is for, and what the sections up to it are called.
static void add_purposes(struct extraction *extraction)
{
    const struct document *document = extraction->input->document;
    uint32_t purposes = 0;
    struct cause_feature source = {extraction->input->anchor, 0, 0, FAMILY_PURPOSE, 0};
    int32_t at = document->lines[extraction->input->anchor].section;
    for (int depth = 0; at >= 0 && depth < COMMAND_DEPTH; depth++) {
        const struct section *section = &document->sections[at];
        purposes |= cause_purposes(span_of(section->command, section->command_size)) |
                    cause_purposes(span_of(section->name, section->name_size));
        source.line = section->first_line;
        at = section->command_size > 0 ? -1 : section->parent;
    }
    for (uint8_t i = 0; i < PURPOSES; i++) {
        if (purposes >> i & 1) {
            source.detail = i;
            add_feature(extraction->features, hash_salted(i, SALT_PURPOSE), purpose_scale, source);
        }
    }
}

static const struct {
    uint8_t tied;  // enum cause_tied
    uint8_t cause; // that it speaks for
} aim_features[AIMS] = {
    [AIM_DEPLOYS] = {TIED_DEPLOYS, CAUSE_DEPLOY},
    [AIM_STORES] = {TIED_STORES, CAUSE_ARTIFACT},
    [AIM_CONTAINERS] = {TIED_CONTAINERS, CAUSE_CONTAINER},
    [AIM_REVISIONS] = {TIED_REVISIONS, CAUSE_GIT},
};

// What the command is for, and the step, as its name tells.
static void add_aims(struct extraction *extraction, struct span command)
{
    const struct document *document = extraction->input->document;
    int32_t section = document->lines[extraction->input->anchor].section;
    for (size_t i = 0; i < AIMS; i++) {
        float share = cause_aim(command, (enum aim)i);
        if (section >= 0 && share < 1) {
            const struct section *step = &document->sections[section];
            share =
                fmaxf(share, cause_aim_of_step(span_of(step->name, step->name_size), (enum aim)i));
        }
        extraction->features->tied[aim_features[i].tied][aim_features[i].cause] = share;
    }
}

// The command is the innermost that is known; the lines are those close to the anchor.
static void add_definition(struct extraction *extraction)
{
    const struct cause_input *input = extraction->input;
    const struct document *document = input->document;
    int32_t at = document->lines[input->anchor].section;
    while (at >= 0 && document->sections[at].command_size == 0) {
        at = document->sections[at].parent;
    }
    struct span command =
        at < 0 ? span_of("", 0)
               : span_of(document->sections[at].command, document->sections[at].command_size);
    uint32_t from =
        input->anchor - input->first > TYPED_REACH ? input->anchor - TYPED_REACH : input->first;
    uint32_t to =
        input->last - input->anchor > TYPED_REACH ? input->anchor + TYPED_REACH : input->last;
    add_aims(extraction, command);
    float *word = &extraction->features->tied[TIED_TYPED][CAUSE_CI_CONFIG];
    float *path = &extraction->features->tied[TIED_TYPED_PATH][CAUSE_CI_CONFIG];
    float *option = &extraction->features->tied[TIED_TYPED_OPTION][CAUSE_CI_CONFIG];
    for (uint32_t i = from; i <= to; i++) {
        const struct line *line = &document->lines[i];
        struct typed typed = cause_typed(span_of(line->text, line->size), command);
        float share = i == input->anchor ? 1 : 0.6F;
        *word = fmaxf(*word, share * typed.word);
        *path = typed.word == 1 ? fmaxf(*path, share) : *path;
        *option = fmaxf(*option, share * typed.option);
    }
}

static void add_answer(struct cause_features *features, uint32_t salt, float value, uint32_t line,
                       enum cause_tied tied, uint8_t cause)
{
    struct cause_feature source = {line, (uint16_t)tied, 0, FAMILY_ANSWER, cause};
    add_feature(features, hash_salted(cause, salt), value, source);
}

// What lines near the anchor pass on of the system's or a server's answer, alone and with what the command is for.
static void add_roots(struct extraction *extraction)
{
    struct cause_features *features = extraction->features;
    const struct anchor_report *report = &extraction->report;
    const uint32_t of_tests = 1U << FORM_TEST_NAMED | 1U << FORM_TEST_ROW | 1U << FORM_TEST_COUNT;
    enum root_place place = report->forms & ~of_tests                        ? ROOT_OF_RULE
                            : report->forms || report->in_test               ? ROOT_OF_TEST
                            : features->tied[TIED_DEPLOYS][CAUSE_DEPLOY] > 0 ? ROOT_OF_DEPLOYMENT
                                                                             : ROOT_OF_TOOL;
    struct cause_roots roots;
    cause_roots_find(&roots, extraction->input->document, extraction->input->anchor, place);
    for (uint8_t c = 0; c < CAUSES; c++) {
        float closeness = roots.closeness[c], value = answer_scale * closeness;
        features->tied[TIED_ROOT][c] = closeness;
        if (closeness > 0) {
            add_answer(features, place < ROOT_OF_TEST ? SALT_ROOT : SALT_ROOT_IN_TEST, value,
                       roots.lines[c], TIED_ROOT, c);
        }
        for (size_t i = 0; i < AIMS && closeness > 0; i++) {
            float share = features->tied[aim_features[i].tied][aim_features[i].cause];
            if (share > 0) {
                add_answer(features, SALT_ROOT_OF_AIM + (uint32_t)i, value * share, roots.lines[c],
                           TIED_ROOT, c);
            }
        }
    }
}

static void add_end(struct extraction *extraction)
{
    uint32_t line = 0;
    enum cause end = cause_end(extraction->input->document, &line);
    if (end != CAUSE_UNKNOWN) {
        extraction->features->tied[TIED_END][end] = 1;
        add_answer(extraction->features, SALT_END, answer_scale, line, TIED_END, (uint8_t)end);
    }
}

static void add_exit(struct extraction *extraction)
{
    struct cause_features *features = extraction->features;
    const struct document *document = extraction->input->document;
    int32_t code = EXIT_UNKNOWN;
    uint32_t line = extraction->input->anchor;
    for (int32_t at = document->lines[line].section; at >= 0 && code == EXIT_UNKNOWN;
         at = document->sections[at].parent) {
        code = document->sections[at].exit_code;
        line = document->sections[at].last_line;
    }
    if (code == EXIT_UNKNOWN || code == 0) {
        code = document->job_exit_code;
        line = document->n_lines ? (uint32_t)document->n_lines - 1 : 0;
    }
    features->exit_code = code;
    if (code == EXIT_UNKNOWN || code == 0) {
        return;
    }
    struct cause_feature source = {line, 0, 0, FAMILY_EXIT, 0};
    add_feature(features, hash_salted((uint32_t)code, SALT_EXIT), 0.5F, source);
    features->exit = messages_of_exit(extraction->extractor->messages, code);
    for (size_t i = 0; features->exit && i < features->exit->n_means; i++) {
        features->tied[TIED_EXIT][features->exit->means[i].cause] =
            message_weight(features->exit, i) / MESSAGE_WEIGHT;
    }
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
            add_feature(features, hash_salted(hash_name(tool->name), SALT_TOOL), tool->probability,
                        source);
        }
        if (tool->kind) {
            source.family = FAMILY_KIND;
            add_feature(features, hash_salted(hash_name(tool->kind), SALT_KIND), tool->probability,
                        source);
        }
        for (size_t c = 0; c < CAUSES; c++) {
            typical[c] += tool->probability * tool->typical[c];
        }
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
// it takes from it as well.
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
    for (uint8_t c = 0; c < CAUSES; c++) {
        if (missing[c] > 0) {
            struct cause_feature source = {extraction->missing_line, 0, 0, FAMILY_MISSING, c};
            add_feature(features, hash_salted(c, SALT_MISSING), missing_scale * missing[c], source);
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
                add_feature(features, hash_salted(c, SALT_SAID + zones[i].zone), value, source);
            }
            if (value > 0 && in_test && zones[i].zone != TIED_NEAR) {
                add_feature(features, hash_salted(c, SALT_SAID_IN_TEST + zones[i].zone),
                            value * said_in_test_scale, source);
            }
        }
    }
}

// Words, concepts, those of the anchor and pairs of them are groups of their own; others have none.
static int group_of(const struct cause_feature *source)
{
    switch (source->family) {
    case FAMILY_WORD:
    case FAMILY_PAIR:
        return 0;
    case FAMILY_CONCEPT:
        return 1 + source->detail;
    case FAMILY_CONCEPT_PAIR:
        return 3;
    default:
        return -1;
    }
}

// Brings the words and concepts of findings of any length to the same size.
static void scale_words(struct cause_features *features)
{
    static const float sizes[] = {3, 2, 2, 3}; // measured on folds
    float squares[4] = {0};
    for (size_t i = 0; i < features->n_words; i++) {
        int group = group_of(&features->sources[i]);
        if (group >= 0) {
            squares[group] += features->words[i].value * features->words[i].value;
        }
    }
    for (size_t i = 0; i < features->n_words; i++) {
        int group = group_of(&features->sources[i]);
        if (group >= 0) {
            features->words[i].value *= sizes[group] / fmaxf(1, sqrtf(squares[group]));
        }
    }
}

// A frame of a trace says little: the exception's line is looked from.
static void move_to_speaker(struct cause_input *input)
{
    input->anchor = cause_speaker(input->document, input->anchor);
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
        move_to_speaker(&spoken);
        visit_finding(&extraction);
        visit_surroundings(&extraction);
        scale_words(features);
        add_commands(&extraction);
        add_purposes(&extraction);
        add_definition(&extraction);
        add_exit(&extraction);
        add_report(&extraction);
        add_roots(&extraction);
        add_end(&extraction);
    }
    add_tools(&extraction);
    sum_hits(&extraction);
    settle_missing(&extraction);
    add_said(features, spoken.anchor, extraction.report.in_test);
    return BANTAM_OK;
}
