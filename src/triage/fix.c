// Chooses among the candidates, fills what is shown, and tells why.
#include "triage/fix.h"

#include "base/error.h"
#include "model/softmax_model.h"
#include "triage/fix_features.h"
#include "triage/fix_fill.h"

#define LIKELIEST_LEAST 0.2F // probability of the likeliest cause from which on anything is advised

// What weighed most for the entry: what the finding says, its tool or kind, or else the cause alone.
static const char *tell_reason(const struct fix_ranker *ranker,
                               const struct fix_candidate *candidate, const struct fix_input *input,
                               struct arena *arena)
{
    const struct fix *fix = candidate->fix;
    const float *weights = ranker->weights, *features = candidate->features;
    float says = 0, names = 0;
    for (size_t i = FIX_SAYS; i <= FIX_SAYS_ALONE; i++) {
        says += weights[i] * features[i];
    }
    for (size_t i = FIX_NAMES_TOOL; i <= FIX_NAMES_KIND; i++) {
        names += weights[i] * features[i];
    }
    if (candidate->phrase && (says >= names || !(fix->tool || fix->kind))) {
        return arena_format(arena, "says \"%.*s\"", (int)candidate->phrase_size, candidate->phrase);
    }
    size_t tool = fix_named_tool(fix, input);
    return fix->tool   ? arena_format(arena, "tool %s", input->tools[tool].name)
           : fix->kind ? arena_format(arena, "kind %s", fix->kind)
                       : arena_format(arena, "cause %s", cause_name(fix->cause));
}

// Whether any cause is likely enough to be acted on.
static bool is_likely(const struct fix_input *input)
{
    const float *probabilities = input->probabilities;
    return probabilities[softmax_likeliest(probabilities, CAUSES)] >= LIKELIEST_LEAST;
}

bantam_status fix_find(struct fix_answer *answer, const struct fix_ranker *ranker,
                       const struct fix_input *input, struct arena *arena, bantam_error *error)
{
    *answer = (struct fix_answer){0};
    struct arena scratch = ARENA_EMPTY;
    struct fix_candidate *candidates;
    size_t n;
    bantam_status status =
        fix_candidates_find(&candidates, &n, ranker->fixes, input, &scratch, error);
    if (status || n == 0) {
        arena_release(&scratch);
        return status;
    }
    const struct fix_candidate *best =
        &candidates[fix_ranker_best(ranker, candidates, n, &answer->probability)];
    const struct fix *fix = best->fix;
    struct fix_filling filling;
    if (is_likely(input) && answer->probability >= ranker->least &&
        fix_fill(&filling, fix, fix->text, input)) {
        answer->id = fix->id;
        answer->text = arena_copy(arena, filling.text, filling.size);
        answer->reason = tell_reason(ranker, best, input, arena);
        bool runs = fix->reproduce && fix_fill(&filling, fix, fix->reproduce, input);
        answer->reproduce = runs ? arena_copy(arena, filling.text, filling.size) : NULL;
        if (!answer->text || !answer->reason || (runs && !answer->reproduce)) {
            *answer = (struct fix_answer){0};
            status = error_memory(error);
        }
    }
    arena_release(&scratch);
    return status;
}
