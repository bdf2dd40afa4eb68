// Rows for the choice learner, and its choice.
#include "triage/finding_train.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "train/choice_learner.h"
#include "train/line_learner.h"

void unseen_log_take(struct unseen_log *unseen, const struct finder_result *result,
                     const uint8_t *labels, const struct line_tables *tables)
{
    unseen->n_findings = finding_rows(unseen->rows, result, tables);
    for (size_t k = 0; k < unseen->n_findings; k++) {
        unseen->findings[k] = result->findings[k];
        unseen->right[k] = labels[result->findings[k].anchor] != LINE_WRONG;
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
