// Features of whole findings, weighed; then a permutation and a shift of scores.
#include "triage/finding_order.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model/softmax_model.h"
#include "text/section.h"
#include "triage/look_around.h"

enum {
    LINES_LOOKED_AT = 300, // of a finding
    SIGNS_OF_LINE = 16,
    MESSAGES_OF_LINE = 16,
};

static const float least_share = 1e-4F;
// Chosen on logs of LogChunks without markers, of which the neighbours do as well: what an anchor loses that tells only that something
// before it failed, where no weights say it; and the part of another finding's weight that one has at least which stands for both.
static const float consequence_penalty = 2, least_share_alike = 0.1F;

bantam_status finding_order_load(struct finding_order *order, const bantam_model *file,
                                 const struct line_tables *tables, bantam_error *error)
{
    *order = (struct finding_order){.tables = tables};
    const bantam_tensor *tensor = bantam_model_tensor(file, "findings");
    if (!tensor || tensor->dtype != BANTAM_F32 || tensor->n_dimensions != 1 ||
        tensor->shape[0] != FINDING_FEATURES) {
        return error_set(error, BANTAM_ERROR_MODEL,
                         "the ci-lines model lacks the tensor findings F32 (%d)", FINDING_FEATURES);
    }
    memcpy(order->weights, tensor->data, sizeof order->weights);
    for (size_t i = 0; i < FINDING_FEATURES; i++) {
        if (!isfinite(order->weights[i])) {
            return error_set(error, BANTAM_ERROR_MODEL,
                             "weight %zu of the findings in the ci-lines model is no number", i);
        }
    }
    return BANTAM_OK;
}

bool finding_order_suits(const struct log_features *features)
{
    return features->last_failed_section >= 0;
}

static void set_bits(float *row, uint32_t bits, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        row[i] = (float)(bits >> i & 1);
    }
}

static void describe_section(float *row, const struct log_features *features, int32_t section)
{
    size_t order = 0, name = 0, exit = 0;
    if (section >= 0) {
        order = 1U + features->sections[section].order;
        name = 1U + features->sections[section].name;
        exit = 1U + features->sections[section].exit;
    }
    row[FINDING_SECTION_ORDER + (order < FINDING_SECTION_ORDERS ? order : 0)] = 1;
    row[FINDING_SECTION_NAME + (name < FINDING_SECTION_NAMES ? name : 0)] = 1;
    row[FINDING_SECTION_EXIT + (exit < FINDING_SECTION_EXITS ? exit : 0)] = 1;
}

static void describe_tools(float *row, const struct document *document, const struct found *finding,
                           const struct tool_table *tools)
{
    uint32_t inside = 0, anchor = 0;
    for (uint32_t at = finding->first; at <= finding->last && at < finding->first + LINES_LOOKED_AT;
         at++) {
        uint32_t signs[SIGNS_OF_LINE];
        size_t n = phrase_set_match(tools->signs, document->lines[at].text,
                                    document->lines[at].size, signs, SIGNS_OF_LINE);
        for (size_t i = 0; i < n; i++) {
            uint32_t kind = 1U << tools->tools[tools->tool_of_sign[signs[i]]].kind;
            inside |= kind;
            anchor |= at == finding->anchor ? kind : 0;
        }
    }
    set_bits(row + FINDING_KIND, inside, TOOL_KINDS);
    set_bits(row + FINDING_ANCHOR_KIND, anchor, TOOL_KINDS);
}

static void describe_messages(float *row, const struct document *document,
                              const struct found *finding, const struct messages *messages)
{
    for (uint32_t at = finding->first; at <= finding->last && at < finding->first + LINES_LOOKED_AT;
         at++) {
        uint32_t numbers[MESSAGES_OF_LINE];
        size_t n = messages_match(messages, document->lines[at].text, document->lines[at].size,
                                  numbers, MESSAGES_OF_LINE);
        for (size_t i = 0; i < n; i++) {
            const struct message *message = messages_get(messages, numbers[i]);
            if (message->follows) {
                row[FINDING_FOLLOWS] = 1;
                row[FINDING_ANCHOR_FOLLOWS] =
                    at == finding->anchor ? 1 : row[FINDING_ANCHOR_FOLLOWS];
            }
            for (size_t k = 0; k < message->n_means && !message->broad; k++) {
                row[FINDING_KNOWN] = fmaxf(row[FINDING_KNOWN], message_weight(message, k));
            }
        }
    }
}

static void describe_anchor(float *row, const struct finder_result *result, uint32_t anchor)
{
    const struct log_features *features = &result->features;
    const struct distinct_line *line = &features->distinct[features->distinct_of_line[anchor]];
    row[FINDING_LINEAR] = result->linear[anchor];
    row[FINDING_COUNT] = logf(1 + (float)line->count);
    set_bits(row + FINDING_KEYWORD, line->kind.keywords, KEYWORD_CLASSES);
    set_bits(row + FINDING_SHAPE, line->kind.shape, FINDING_SHAPES);
    const struct line *text = &features->document->lines[anchor];
    set_bits(row + FINDING_FORM, report_forms(line_span(text), line->kind), REPORT_FORMS);
    set_bits(row + FINDING_FLAG, features->document->lines[anchor].flags, FINDING_FLAGS);
    describe_section(row, features, features->document->lines[anchor].section);
}

size_t finding_rows(float rows[FINDINGS_ORDERED][FINDING_FEATURES],
                    const struct finder_result *result, const struct line_tables *tables)
{
    size_t n = result->n_findings < FINDINGS_ORDERED ? result->n_findings : FINDINGS_ORDERED;
    memset(rows, 0, FINDINGS_ORDERED * sizeof *rows);
    for (size_t k = 0; k < n; k++) {
        const struct found *finding = &result->findings[k];
        float *row = rows[k];
        row[FINDING_SHARE] = logf(finding->share + least_share);
        row[FINDING_RELATIVE] = logf(finding->share / result->findings[0].share + least_share);
        row[FINDING_LENGTH] = logf((float)(finding->last - finding->first) + 1);
        for (size_t other = 0; other < n; other++) {
            uint32_t of_other = result->findings[other].anchor;
            row[FINDING_LATER_BETTER] += other < k && of_other > finding->anchor;
            row[FINDING_EARLIER] += of_other < finding->anchor;
        }
        describe_anchor(row, result, finding->anchor);
        describe_tools(row, result->features.document, finding, tables->tools);
        describe_messages(row, result->features.document, finding, tables->messages);
    }
    return n;
}

// Adds to the scores of lines within the finding.
static void shift_scores(struct listed_line *lines, size_t n, const struct found *finding,
                         float shift)
{
    for (size_t i = 0; i < n; i++) {
        if (lines[i].line >= finding->first && lines[i].line <= finding->last) {
            lines[i].score += shift;
        }
    }
}

// The anchors stand in the list in the order of the findings: they keep their places in it and change them among each other.
static void order_list(struct finder_result *result, const uint32_t *anchors, size_t n)
{
    size_t places[FINDINGS_ORDERED], n_places = 0;
    struct listed_line lines[FINDINGS_ORDERED];
    for (size_t i = 0; i < result->n_list && n_places < n; i++) {
        if (result->list[i].line == anchors[n_places]) {
            lines[n_places] = result->list[i];
            places[n_places++] = i;
        }
    }
    for (size_t k = 0; k < n_places; k++) {
        for (size_t i = 0; i < n_places; i++) {
            if (lines[i].line == result->findings[k].anchor) {
                result->list[places[k]] = lines[i];
            }
        }
    }
}

// Sorts by probability; the first of equal ones stays first.
static void sort_findings(struct found *findings, float *probabilities, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct found finding = findings[i];
        float probability = probabilities[i];
        size_t at = i;
        for (; at > 0 && probabilities[at - 1] < probability; at--) {
            findings[at] = findings[at - 1];
            probabilities[at] = probabilities[at - 1];
        }
        findings[at] = finding;
        probabilities[at] = probability;
    }
}

// Whether the anchors look the same: their keywords, shapes and forms.
static bool are_alike(const float *row, const float *other)
{
    return memcmp(row + FINDING_KEYWORD, other + FINDING_KEYWORD,
                  (FINDING_FLAG - FINDING_KEYWORD) * sizeof *row) == 0;
}

// The first finding in the log that looks like the one at `top` and has a good part of its weight.
static size_t first_alike(float rows[][FINDING_FEATURES], size_t n, size_t top)
{
    size_t first = top;
    for (size_t k = 0; k < n; k++) {
        bool weighs = rows[k][FINDING_SHARE] >= rows[top][FINDING_SHARE] + logf(least_share_alike);
        if (weighs && rows[k][FINDING_EARLIER] < rows[first][FINDING_EARLIER] &&
            are_alike(rows[k], rows[top])) {
            first = k;
        }
    }
    return first;
}

static void exchange(float *values, size_t a, size_t b)
{
    float value = values[a];
    values[a] = values[b];
    values[b] = value;
}

static float score_of(const float *row, const float *weights)
{
    if (!weights) {
        return row[FINDING_SHARE] - consequence_penalty * row[FINDING_ANCHOR_FOLLOWS];
    }
    float score = 0;
    for (size_t i = 0; i < FINDING_FEATURES; i++) {
        score += weights[i] * row[i];
    }
    return score;
}

void finding_probabilities(float *probabilities, float rows[][FINDING_FEATURES], size_t n,
                           const float *weights)
{
    for (size_t k = 0; k < n; k++) {
        probabilities[k] = score_of(rows[k], weights);
    }
    size_t top = softmax_likeliest(probabilities, n);
    softmax_normalise(probabilities, n, 1, 1);
    exchange(probabilities, top, first_alike(rows, n, top));
}

// Whether a finding's anchor is a command's echo or its exit status.
static bool only_ran(const struct finder_result *result, size_t k)
{
    return result->features.document->lines[result->findings[k].anchor].flags &
           (LINE_COMMAND | LINE_EXIT);
}

// A command's echo or exit status is not told before what has the best lines: it explains nothing where anything else does.
static void keep_from_first(float *probabilities, const struct finder_result *result, size_t n)
{
    size_t top = softmax_likeliest(probabilities, n);
    if (only_ran(result, top) && !only_ran(result, 0)) {
        exchange(probabilities, top, 0);
    }
}

static int32_t status_of(const struct finder_result *result, size_t k)
{
    return document_status(result->features.document, result->findings[k].anchor);
}

// Whether what the section's command printed speaks of an error, or the section is told to have failed.
static bool tells_error(const struct log_features *features, int32_t at)
{
    const uint32_t errors = 1U << KEYWORD_ERROR | 1U << KEYWORD_FAIL | 1U << KEYWORD_EXCEPTION |
                            1U << KEYWORD_ASSERT | 1U << KEYWORD_CANNOT | 1U << KEYWORD_MISSING |
                            1U << KEYWORD_FATAL | 1U << KEYWORD_TIMEOUT | 1U << KEYWORD_DENIED;
    const struct document *document = features->document;
    const struct section *section = &document->sections[at];
    bool tells = section->exit_code != EXIT_UNKNOWN && section->exit_code != 0;
    for (uint32_t line = section->first_line; !tells && line <= section->last_line; line++) {
        tells = !(document->lines[line].flags & LINE_COMMAND) &&
                (features->distinct[features->distinct_of_line[line]].kind.keywords & errors);
    }
    return tells;
}

// Whether the command that printed a finding's anchor was run again, and the last time nothing went wrong: a retry that succeeded, as what
// failed ran after it. Commands of a shell alone: ten labelled logs call what npm's scripts said the first time the reason all the same.
static bool is_of_retried(const struct finder_result *result, size_t k)
{
    const struct log_features *features = &result->features;
    const struct document *document = features->document;
    int32_t own = document->lines[result->findings[k].anchor].section, last = own;
    if (own < 0 || document->sections[own].command_size == 0 ||
        document->sections[own].name_size > 0) {
        return false;
    }
    struct span command = section_command(&document->sections[own]);
    for (size_t i = (size_t)own + 1; i < document->n_sections; i++) {
        if (document->sections[i].parent == document->sections[own].parent &&
            span_equal(section_command(&document->sections[i]), command)) {
            last = (int32_t)i;
        }
    }
    return last > own && features->last_failed_section > last && !tells_error(features, last);
}

static bool has_passed(const struct finder_result *result, size_t k)
{
    return status_of(result, k) == 0 || is_of_retried(result, k);
}

// Gives the first place to the likeliest of those that tell more, if there are any.
static void give_way(float *probabilities, size_t top, const bool *tells, size_t n)
{
    size_t best = n;
    for (size_t k = 0; k < n; k++) {
        if (tells[k] && (best == n || probabilities[k] > probabilities[best])) {
            best = k;
        }
    }
    if (best < n) {
        exchange(probabilities, top, best);
    }
}

// What a command said that passed is not told before what another said where one failed: of 418 logs that tell both, 3 were about the
// former. Neither is its place given to the echo of a command.
static void keep_passed_from_first(float *probabilities, const struct finder_result *result,
                                   size_t n)
{
    bool tells[FINDINGS_ORDERED];
    size_t top = softmax_likeliest(probabilities, n);
    if (!finding_order_suits(&result->features) || !has_passed(result, top)) {
        return;
    }
    for (size_t k = 0; k < n; k++) {
        tells[k] = !only_ran(result, k) && !has_passed(result, k);
    }
    give_way(probabilities, top, tells, n);
}

// What a command said that only looks around is not told before what else went wrong above it, where that is known to have failed or
// the job went on.
static void keep_looks_from_first(float *probabilities, float rows[][FINDING_FEATURES],
                                  const struct finder_result *result, size_t n)
{
    bool tells[FINDINGS_ORDERED];
    const struct document *document = result->features.document;
    size_t top = softmax_likeliest(probabilities, n);
    uint32_t looks = result->findings[top].anchor;
    if (!line_looks_around(document, looks)) {
        return;
    }
    bool more = document_went_on(document, looks);
    for (size_t k = 0; k < n; k++) {
        uint32_t anchor = result->findings[k].anchor;
        tells[k] = anchor < looks && rows[k][FINDING_KNOWN] > 0 && !only_ran(result, k) &&
                   (more || status_of(result, k) > 0) && !has_passed(result, k) &&
                   !line_looks_around(document, anchor);
    }
    give_way(probabilities, top, tells, n);
}

void finding_order_apply(const struct finding_order *order, struct finder_result *result)
{
    float rows[FINDINGS_ORDERED][FINDING_FEATURES], probabilities[FINDINGS_ORDERED];
    float weight = 0;
    uint32_t anchors[FINDINGS_ORDERED];
    size_t n = finding_rows(rows, result, order->tables);
    if (n == 0) {
        return;
    }
    finding_probabilities(probabilities, rows, n,
                          finding_order_suits(&result->features) ? order->weights : NULL);
    keep_from_first(probabilities, result, n);
    keep_passed_from_first(probabilities, result, n);
    keep_looks_from_first(probabilities, rows, result, n);
    if (result->out_of_time) { // nothing had failed before
        exchange(probabilities, softmax_likeliest(probabilities, n), 0);
    }
    for (size_t k = 0; k < n; k++) {
        weight += result->findings[k].share;
        anchors[k] = result->findings[k].anchor;
    }
    for (size_t k = 0; k < n; k++) {
        const struct found *finding = &result->findings[k];
        float shift = logf(fmaxf(probabilities[k], least_share) * weight / finding->share);
        shift_scores(result->candidates, result->n_candidates, finding, shift);
        shift_scores(result->list, result->n_list, finding, shift);
        result->findings[k].score += shift;
    }
    listed_lines_sort(result->candidates, result->n_candidates);
    sort_findings(result->findings, probabilities, n);
    order_list(result, anchors, n);
}
