// Did the job fail at all? Decided before any finding is told, from the line scores and from how the log ends.
//
// In: one log's features and linear scores. Out: failed, or no failure found. Looks at no findings, so that training
// and serving see the same numbers. The weights lie in the ci-lines model.
#ifndef BANTAM_TRIAGE_GATE_H
#define BANTAM_TRIAGE_GATE_H

#include "bantam/model.h"
#include "features/log_features.h"

enum gate_feature {
    GATE_ONE,   // always 1
    GATE_QUIET, // the CI system, whose own log it is, calls its errors by name and has called none
    GATE_BEST,  // the highest linear score
    GATE_BEST_SAYS,  // classes of error words of the best lines, the mean
    GATE_BEST_KNOWN, // the most that the messages' table knows of one of the best lines
    GATE_END_SAYS,   // log2 of the lines with error words in the log's end
    GATE_END_KNOWN,  // the most that the messages' table knows of a line of the log's end
    GATE_END_PASSES, // log2 of the lines that say pass and nothing of an error in the log's end
    GATE_ENDS_GOOD, // verdicts in the log's end that it passed: counts ("0 failed"), words ("BUILD SUCCESS"); 0 to 2
    GATE_ENDS_BAD,   // likewise that it failed: "3 failed", "BUILD FAILURE"
    GATE_LAST_GOOD,  // the last verdict of the log's end is that it passed
    GATE_LAST_BAD,   // likewise that it failed, or its last line is a message of a failure
    GATE_END_PLACES, // share of the log's end that tells places, but of no warning: "src/a.c:12:3: …", what a linter prints
    GATE_ERROR_LINES, // log2 of the lines with error words
    GATE_WENT_ON, // commands were started behind the best line, by what ends with the first that fails
    GATE_FEATURES,
};

// `linear` is (n_lines).
void gate_features(float values[GATE_FEATURES], const struct log_features *features,
                   const float *linear);

// Weights from before any log is seen, which training is drawn to.
void gate_prior(float weights[GATE_FEATURES]);

// Reads the tensor "gate" F32 (GATE_FEATURES), or takes the prior where the model has none. Errors: BANTAM_ERROR_MODEL.
BANTAM_MUST_CHECK bantam_status gate_load(float weights[GATE_FEATURES], const bantam_model *file,
                                          bantam_error *error);

// Whether the log tells a failure: by the exit status where it tells one, by the features' log-odds where not.
bool gate_failed(const struct log_features *features, const float *linear,
                 const float weights[GATE_FEATURES]);

#endif
