// The section of the finding, its command and name, the report that the anchor is a row of, and how the log ends.
#include "triage/cause_extraction.h"

#include <math.h>

#include "base/hash.h"
#include "triage/cause_aim.h"
#include "triage/cause_end.h"
#include "triage/cause_purpose.h"
#include "triage/cause_root.h"
#include "triage/cause_typed.h"
#include "triage/command_words.h"

enum {
    COMMAND_DEPTH = 3, // sections outwards
    TYPED_REACH = 3,   // lines from the anchor that may complain of the command
};

// Measured on folds.
static const float in_test_scale = 3, tests_counted_scale = 1, purpose_scale = 1.5F,
                   answer_scale = 2;

// What stands in a failed test's report is the test's, whatever it speaks of.
static void add_report(struct extraction *extraction)
{
    const struct cause_input *input = extraction->input;
    struct anchor_report *report = &extraction->report;
    *report = anchor_report_read(input->document, input->anchor, extraction->extractor->keywords);
    extraction->features->tied[TIED_LINKS][CAUSE_CHECK] = report->in_links;
}

// A test's report counts less, the closer the anchor is to what ended the test.
static void add_tests(struct extraction *extraction)
{
    const struct anchor_report *report = &extraction->report;
    float left = 1 - extraction->test_ended;
    if (report->in_test && left > 0) {
        struct cause_feature source = {report->test_line, 0, 0, FAMILY_FORM, REPORT_FORMS};
        extraction_add(extraction->features, hash_salted(0, SALT_TEST_REPORT), in_test_scale * left,
                       source);
    }
    if (report->tests_counted && left > 0) {
        struct cause_feature source = {report->count_line, 0, 0, FAMILY_FORM, FORM_TEST_COUNT};
        extraction_add(extraction->features, hash_salted(1, SALT_TEST_REPORT),
                       tests_counted_scale * left, source);
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
        extraction_add_words(extraction->features, &masked, section->command, value, true,
                             section->first_line);
        mask_line(&masked, section->name, section->name_size);
        extraction_add_words(extraction->features, &masked, section->name, value / 2, true,
                             section->first_line);
        at = section->parent;
    }
}

// What the command that the anchor says failed is for, else the innermost that is known, and what the sections up to it are called.
static void add_purposes(struct extraction *extraction, struct span failed)
{
    const struct document *document = extraction->input->document;
    struct cause_feature source = {extraction->input->anchor, 0, 0, FAMILY_PURPOSE, 0};
    uint32_t purposes = cause_purposes(failed);
    int32_t at = failed.size > 0 ? -1 : document->lines[extraction->input->anchor].section;
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
            extraction_add(extraction->features, hash_salted(i, SALT_PURPOSE), purpose_scale,
                           source);
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
    float shares[AIMS];
    cause_aims(shares, command);
    for (size_t i = 0; i < AIMS; i++) {
        float share = shares[i];
        if (section >= 0 && share < 1) {
            const struct section *step = &document->sections[section];
            share =
                fmaxf(share, cause_aim_of_step(span_of(step->name, step->name_size), (enum aim)i));
        }
        extraction->features->tied[aim_features[i].tied][aim_features[i].cause] = share;
    }
}

static struct span innermost_command(const struct cause_input *input)
{
    const struct document *document = input->document;
    int32_t at = document->lines[input->anchor].section;
    while (at >= 0 && document->sections[at].command_size == 0) {
        at = document->sections[at].parent;
    }
    return at < 0 ? span_of("", 0)
                  : span_of(document->sections[at].command, document->sections[at].command_size);
}

// The command is the one that the anchor says failed, else the innermost that is known; the lines are those close to the anchor.
static void add_definition(struct extraction *extraction, struct span failed)
{
    const struct cause_input *input = extraction->input;
    const struct document *document = input->document;
    struct span command = failed.size > 0 ? failed : innermost_command(input);
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
        struct typed typed = cause_typed(line_span(line), command);
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
    extraction_add(features, hash_salted(cause, salt), value, source);
}

// What lines near the anchor pass on of the system's or a server's answer, alone and with what the command is for.
static void add_roots(struct extraction *extraction)
{
    struct cause_features *features = extraction->features;
    const struct anchor_report *report = &extraction->report;
    const uint32_t of_tests = 1U << FORM_TEST_NAMED | 1U << FORM_TEST_ROW | 1U << FORM_TEST_COUNT;
    float stores = features->tied[TIED_STORES][CAUSE_ARTIFACT],
          deploys = features->tied[TIED_DEPLOYS][CAUSE_DEPLOY];
    enum root_place place = report->forms & ~of_tests          ? ROOT_OF_RULE
                            : report->forms || report->in_test ? ROOT_OF_TEST
                            : stores > 0 && stores >= deploys  ? ROOT_OF_STORE
                            : deploys > 0                      ? ROOT_OF_DEPLOYMENT
                                                               : ROOT_OF_TOOL;
    struct cause_roots roots;
    uint32_t anchor = extraction->input->anchor;
    cause_roots_find(&roots, extraction->input->document, anchor,
                     report->in_test ? report->test_line : anchor, place);
    for (uint8_t c = 0; c < CAUSES; c++) {
        float closeness = roots.closeness[c], value = answer_scale * closeness;
        features->tied[TIED_ROOT][c] = closeness;
        if (place == ROOT_OF_TEST && closeness > extraction->test_ended) {
            extraction->test_ended = closeness;
            extraction->test_end = (enum cause)c;
        }
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
    int32_t ended = document_ended(document, document->lines[extraction->input->anchor].section);
    int32_t code = document->job_exit_code;
    uint32_t line = document->n_lines ? (uint32_t)document->n_lines - 1 : 0;
    if (ended >= 0 && document->sections[ended].exit_code != 0) {
        code = document->sections[ended].exit_code;
        line = document->sections[ended].last_line;
    }
    features->exit_code = code;
    if (code == EXIT_UNKNOWN || code == 0) {
        return;
    }
    struct cause_feature source = {line, 0, 0, FAMILY_EXIT, 0};
    extraction_add(features, hash_salted((uint32_t)code, SALT_EXIT), 0.5F, source);
    features->exit = messages_of_exit(extraction->extractor->messages, code);
    for (size_t i = 0; features->exit && i < features->exit->n_means; i++) {
        features->tied[TIED_EXIT][features->exit->means[i].cause] =
            message_weight(features->exit, i) / MESSAGE_WEIGHT;
    }
}

void cause_context_add(struct extraction *extraction)
{
    const struct cause_input *input = extraction->input;
    const struct line *anchor = &input->document->lines[input->anchor];
    struct span failed = command_that_failed(line_span(anchor));
    add_commands(extraction);
    add_purposes(extraction, failed);
    add_definition(extraction, failed);
    add_exit(extraction);
    add_report(extraction);
    add_roots(extraction);
    add_tests(extraction);
    add_end(extraction);
}
