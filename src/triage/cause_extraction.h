// What the parts of the extraction of a cause's features share: the features so far, and how one is added.
//
// The lines of the finding and around it (cause_lines.c) and where they stand, command, step, report and end of the job
// (cause_context.c), add to the same features; cause_features.c calls both and sums up. For these three alone.
#ifndef BANTAM_TRIAGE_CAUSE_EXTRACTION_H
#define BANTAM_TRIAGE_CAUSE_EXTRACTION_H

#include "text/mask.h"
#include "triage/anchor_report.h"
#include "triage/cause_features.h"

// Keeps features of different families apart that are numbered or spelt alike.
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
    float test_ended;      // how close the anchor is to an answer that ended its test, in [0, 1],
    enum cause test_end;   // and what it speaks for
    bool missing;          // a line that tells what is missing was met,
    uint32_t missing_line; // which
};

// Adds the feature, or raises its value where it is known.
void extraction_add(struct cause_features *features, uint32_t hash, float value,
                    struct cause_feature source);

// Adds 1-grams and 2-grams of a masked text, and the pieces of its compound words. `command`: of a command or a section's name.
void extraction_add_words(struct cause_features *features, const struct masked_line *masked,
                          const char *text, float value, bool command, uint32_t line);

// Words, forms, concepts and messages of the finding's lines, messages of the lines around it, the next best and the last ones.
void cause_lines_visit(struct extraction *extraction);

// What the finding stands in: commands and what they are for, what they name, exit code, report, answers, the end of the job.
void cause_context_add(struct extraction *extraction);

#endif
