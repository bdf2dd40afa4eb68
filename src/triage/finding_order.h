// Which of a log's likeliest findings is told first: a look at whole findings where the finder looked at lines.
//
// In: a finder's result with its findings in the order of their best lines. Out: the same findings, the first few in the order
// of their probability; scores of lines and findings follow. What counts is where a finding stands among the sections that
// failed, which kinds of tools speak in it, and what its anchor looks like: a consequence ("recipe for target failed", a
// wrapper's traceback, what runs after the failed step) often has the loudest line. A conditional logit (McFadden 1974). In a log that
// tells of no failed section, whose order it does not learn, the weight of a finding's lines counts. Of failures that look alike
// the first one in the log is told first, as a reader meets it. What a command said that passed gives way to what another said that failed.
#ifndef BANTAM_TRIAGE_FINDING_ORDER_H
#define BANTAM_TRIAGE_FINDING_ORDER_H

#include "bantam/model.h"
#include "features/report_form.h"
#include "triage/finder_result.h"
#include "triage/line_knowledge.h"

enum {
    FINDINGS_ORDERED = 4, // the first findings, that may change places
    FINDING_SECTION_ORDERS = 9,
    FINDING_SECTION_NAMES = 8,
    FINDING_SECTION_EXITS = 7,
    FINDING_SHAPES = 16,
    FINDING_FLAGS = 14,
};

enum finding_feature {
    FINDING_SHARE,          // ln of its share of the candidates' weight
    FINDING_RELATIVE,       // ln of that beside the first finding's
    FINDING_LENGTH,         // ln of its lines
    FINDING_LINEAR,         // the linear score of its anchor
    FINDING_COUNT,          // ln(1 + lines of the log that mask like the anchor)
    FINDING_LATER_BETTER,   // findings with better lines that stand behind it
    FINDING_EARLIER,        // findings that stand before it
    FINDING_ANCHOR_FOLLOWS, // its anchor tells only that something before it failed
    FINDING_FOLLOWS,        // one of its lines does
    FINDING_KNOWN,          // the highest weight of a message in it
    FINDING_SECTION_ORDER, // one for each value of the anchor's section, the first for lines without one
    FINDING_SECTION_NAME = FINDING_SECTION_ORDER + FINDING_SECTION_ORDERS,
    FINDING_SECTION_EXIT = FINDING_SECTION_NAME + FINDING_SECTION_NAMES,
    FINDING_KIND =
        FINDING_SECTION_EXIT + FINDING_SECTION_EXITS,   // tools of that kind have a sign in it
    FINDING_ANCHOR_KIND = FINDING_KIND + TOOL_KINDS,    // on its anchor
    FINDING_KEYWORD = FINDING_ANCHOR_KIND + TOOL_KINDS, // classes of keywords on the anchor
    FINDING_SHAPE = FINDING_KEYWORD + KEYWORD_CLASSES,  // shapes of the anchor
    FINDING_FORM = FINDING_SHAPE + FINDING_SHAPES,      // forms of reports
    FINDING_FLAG = FINDING_FORM + REPORT_FORMS,         // enum line_flag of the anchor
    FINDING_FEATURES = FINDING_FLAG + FINDING_FLAGS,
};

struct finding_order {
    float weights[FINDING_FEATURES];
    const struct line_tables *tables; // borrowed
};

// Reads the tensor "findings" F32 (FINDING_FEATURES). Errors: BANTAM_ERROR_MODEL.
BANTAM_MUST_CHECK bantam_status finding_order_load(struct finding_order *order,
                                                   const bantam_model *file,
                                                   const struct line_tables *tables,
                                                   bantam_error *error);

// The rows of the first findings, at most FINDINGS_ORDERED; returns how many.
size_t finding_rows(float rows[FINDINGS_ORDERED][FINDING_FEATURES],
                    const struct finder_result *result, const struct line_tables *tables);

// Whether the log tells which section failed, which the weights lean on.
bool finding_order_suits(const struct log_features *features);

// How probable it is of each of the first findings (n, at least 1) that it is the one to tell first. `weights` (FINDING_FEATURES), or
// NULL for a log that they do not suit.
void finding_probabilities(float *probabilities, float rows[][FINDING_FEATURES], size_t n,
                           const float *weights);

// Brings the first findings into their order and changes the scores of the candidates and listed lines within them so that the
// sum of these findings' weights stays and each has its share of it.
void finding_order_apply(const struct finding_order *order, struct finder_result *result);

#endif
