// The entries of the table of fixes that a finding may call for, each with what speaks for it, and the model that weighs that.
//
// In: the table and a finding. Out: candidates with features that are the same for every entry, so that an entry which a person
// adds counts at once. p(entry) = softmax over the candidates of w · features + the entry's own weight, 0 for one that was not learned.
#ifndef BANTAM_TRIAGE_FIX_FEATURES_H
#define BANTAM_TRIAGE_FIX_FEATURES_H

#include <stddef.h>

#include "bantam/model.h"
#include "triage/fix.h"

// Raise with every change that moves a feature.
#define FIX_FEATURES_VERSION "1"

enum fix_feature {
    FIX_CAUSE_LOG,        // ln of the probability of its cause
    FIX_CAUSE,            // that probability
    FIX_CAUSE_LIKELIEST,  // its cause is the likeliest one
    FIX_SAYS,             // a line of the finding says one of its phrases
    FIX_SAYS_ANCHOR,      // and it is the line to read first
    FIX_SAYS_SIZE,        // ln of the longest such phrase's bytes
    FIX_SAYS_MORE,        // the lines say so many more of its phrases, up to 3
    FIX_SAYS_ALONE,       // it has phrases, and names neither tool nor kind
    FIX_NAMES_TOOL,       // it names the likeliest tool
    FIX_NAMES_TOOL_LATER, // it names another of the tools
    FIX_TOOL_PROBABILITY, // of the tool it names
    FIX_NAMES_KIND,       // it names the likeliest tool's kind
    FIX_NAMES_NONE,       // neither phrases, tool nor kind
    FIX_FILLED,           // slots of its sentence that are filled
    FIX_EMPTY,            // pieces of its sentence that are left out
    FIX_TELLS_SUBJECT,
    FIX_TELLS_PLACE, // file and line
    FIX_TELLS_FILE,  // without a line
    FIX_TELLS_PACKAGE,
    FIX_TELLS_HOST,
    FIX_TELLS_TOOL,
    FIX_RUNS,  // its command can be filled
    FIX_LATER, // its place among the candidates of its cause: 0 the first, 1 the last
    FIX_FEATURES,
};

struct fix_candidate {
    const struct fix *fix;
    const char *phrase; // the longest that the finding says, or NULL
    size_t phrase_size;
    float features[FIX_FEATURES];
};

// Writes the candidates, in the order of the table, to an array in the arena. Errors: BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status fix_candidates_find(struct fix_candidate **candidates, size_t *n,
                                                    const struct fixes *fixes,
                                                    const struct fix_input *input,
                                                    struct arena *arena, bantam_error *error);

struct fix_ranker {
    const struct fixes *fixes; // borrowed
    float weights[FIX_FEATURES];
    float *own;  // (fixes->n_entries) of the entries themselves; NULL: none
    float least; // probability of a sentence below which there is no answer
};

// A ranker that nothing was learned for: the most specific entry of the likeliest cause wins, what the finding says before its
// tool before its kind before the cause alone, and it is never silent.
void fix_ranker_init(struct fix_ranker *ranker, const struct fixes *fixes);

void fix_ranker_release(struct fix_ranker *ranker);

// Names an entry in a model file by its id.
uint32_t fix_hash(const struct fix *fix);

// Takes the weights of a model of kind "ci-fixes". Errors: BANTAM_ERROR_MODEL, BANTAM_ERROR_VERSION, BANTAM_ERROR_MEMORY; the
// ranker is then as before.
BANTAM_MUST_CHECK bantam_status fix_ranker_use(struct fix_ranker *ranker, const bantam_model *file,
                                               bantam_error *error);

// The best candidate, *probability that its sentence is right; n, which is at least 1, counts them.
size_t fix_ranker_best(const struct fix_ranker *ranker, const struct fix_candidate *candidates,
                       size_t n, float *probability);

#endif
