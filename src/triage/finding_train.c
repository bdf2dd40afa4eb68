// Rows for the choice learner, and its choice.
#include "triage/finding_train.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "train/choice_learner.h"

static bool has_text(const struct training_log *log, uint64_t at)
{
    const struct log_features *features = &log->features;
    return features->distinct[features->distinct_of_line[at]].n_tokens > 0;
}

// F1 of the finding's lines beside those of a span; lines without text count for neither.
static float span_f1(const struct training_log *log, const struct found *found, bantam_span span)
{
    size_t marked = 0, taken = 0, both = 0;
    for (uint64_t number = span.first; number <= span.last; number++) {
        uint64_t at = number - log->document.first_line_number; // wraps for lines left out
        if (at < log->document.n_lines && has_text(log, at)) {
            marked++;
            both += at >= found->first && at <= found->last;
        }
    }
    for (uint64_t at = found->first; at <= found->last; at++) {
        taken += has_text(log, at);
    }
    return both > 0 ? 2 * (float)both / (float)(marked + taken) : 0;
}

static bool is_right(const struct training_log *log, const struct found *found)
{
    // A finding that a marked line is the best of, but hardly more, teaches the order to prefer what tells little.
    const float least_f1 = 0.4F;
    float most = 0;
    for (size_t i = 0; i < log->source->n_spans; i++) {
        most = fmaxf(most, span_f1(log, found, log->source->spans[i]));
    }
    for (size_t i = 0; i < log->source->n_alternatives; i++) {
        most = fmaxf(most, span_f1(log, found, log->source->alternatives[i]));
    }
    return most >= least_f1;
}

void unseen_log_take(struct unseen_log *unseen, const struct finder_result *result,
                     const struct training_log *log, const struct line_tables *tables)
{
    unseen->n_findings = finding_rows(unseen->rows, result, tables);
    for (size_t k = 0; k < unseen->n_findings; k++) {
        unseen->findings[k] = result->findings[k];
        unseen->right[k] = is_right(log, &result->findings[k]);
    }
    unseen->n_list = result->n_list < UNSEEN_LINES ? result->n_list : UNSEEN_LINES;
    memcpy(unseen->list, result->list, unseen->n_list * sizeof *unseen->list);
}

bantam_status finding_weights_fit(float *weights, const struct unseen_log *logs, size_t n_logs,
                                  int half, double l2, bantam_error *error)
{
    struct choice_example *examples = memory_allocate_array(n_logs + 1, sizeof *examples);
    if (!examples) {
        return error_memory(error);
    }
    size_t n = 0;
    for (size_t i = 0; i < n_logs; i++) {
        if (half == 2 || logs[i].half == half) {
            examples[n++] = (struct choice_example){.rows = logs[i].rows[0],
                                                    .right = logs[i].right,
                                                    .n_alternatives = logs[i].n_findings,
                                                    .weight = logs[i].weight};
        }
    }
    bantam_status status = choice_learner_fit(weights, FINDING_FEATURES, examples, n, l2, error);
    memory_free(examples);
    return status;
}

void unseen_finding_choose(struct unseen_finding *chosen, const struct unseen_log *unseen,
                           const float *weights)
{
    float scores[FINDINGS_ORDERED], most = -INFINITY, sum = 0, share = 0;
    for (size_t k = 0; k < unseen->n_findings; k++) {
        scores[k] = 0;
        for (size_t i = 0; i < FINDING_FEATURES; i++) {
            scores[k] += weights[i] * unseen->rows[k][i];
        }
        if (scores[k] > most) {
            most = scores[k];
            chosen->found = unseen->findings[k];
            chosen->any = true;
        }
        share += unseen->findings[k].share;
    }
    for (size_t k = 0; k < unseen->n_findings; k++) {
        sum += expf(scores[k] - most);
    }
    chosen->score = chosen->any ? share / sum : 0; // as finding_order_apply shares it out
    memcpy(chosen->list, unseen->list, sizeof chosen->list);
    chosen->n_list = unseen->n_list;
}
