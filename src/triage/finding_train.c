// Rows for the choice learner, and its choice.
#include "triage/finding_train.h"

#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "model/softmax_model.h"
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
    unseen->suits = finding_order_suits(&result->features);
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
        if (logs[i].suits && (half == 2 || logs[i].half == half)) {
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

void unseen_finding_choose(struct unseen_finding *chosen, struct unseen_log *unseen,
                           const float *weights)
{
    float probabilities[FINDINGS_ORDERED], share = 0;
    if (unseen->n_findings > 0) {
        finding_probabilities(probabilities, unseen->rows, unseen->n_findings,
                              unseen->suits ? weights : NULL);
        size_t top = softmax_likeliest(probabilities, unseen->n_findings);
        for (size_t k = 0; k < unseen->n_findings; k++) {
            share += unseen->findings[k].share;
        }
        chosen->any = true;
        chosen->found = unseen->findings[top];
        chosen->score = share * probabilities[top]; // as finding_order_apply shares it out
    }
    memcpy(chosen->list, unseen->list, sizeof chosen->list);
    chosen->n_list = unseen->n_list;
}
