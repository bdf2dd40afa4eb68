// What a finding says of its cause, as features: evidence of messages, exit codes and tools that is tied across the causes,
// and hashed words, concepts and forms of the finding, words of its command and its tool.
//
// One extractor for training and serving. Every feature keeps the line it comes from, so that the answer can cite it.
#ifndef BANTAM_TRIAGE_CAUSE_FEATURES_H
#define BANTAM_TRIAGE_CAUSE_FEATURES_H

#include "features/concepts.h"
#include "features/line_kind.h"
#include "model/softmax_model.h"
#include "text/document.h"
#include "triage/finder_result.h"
#include "triage/messages.h"

// Raise with every change that moves a feature.
#define CAUSE_FEATURES_VERSION "8"

// A tool that may have written the finding, as the recogniser ranks it.
struct cause_tool {
    const char *name;      // canonical
    const char *kind;      // "test_runner", …
    float probability;     // in [0, 1]
    float typical[CAUSES]; // how its failures usually come about; sums to 1, or all 0 where unknown
};

struct cause_input {
    const struct document *document;
    uint32_t first, last, anchor; // the finding, 0-based line indices
    const struct listed_line
        *list; // (n_list) lines of the log to read first, best first; the anchor may be one of them
    size_t n_list;
    const struct cause_tool *tools; // (n_tools) likeliest first
    size_t n_tools;
    float
        score; // of the finding: how sure it is that these lines tell why the job failed, in [0, 1]
};

// Tied features: a number for each cause. Where a message stands decides which of them it feeds.
enum cause_tied {
    TIED_ANCHOR,   // messages on the anchor line
    TIED_FINDING,  // on the finding's other lines
    TIED_NEAR,     // just before and after it
    TIED_OTHER,    // on the next best lines of the log
    TIED_TAIL,     // among the log's last lines
    TIED_SHARE,    // of all messages, the share that speaks for the cause
    TIED_EXIT,     // the exit code of the section or the job
    TIED_TOOL,     // what the tool's failures usually are
    TIED_TOOL_LOG, // the same as log-odds
    TIED_REPORT,   // TIED_TOOL where the anchor is a row of a report, and of no test's
    TIED_TYPED,    // the finding complains of what the section's own command names (cause_typed.h)
    TIED_TYPED_OPTION, // the same of an option, or of a file that defines the job
    TIED_DEPLOYS,      // the section's command deploys (cause_aim.h),
    TIED_STORES,       // stores or fetches artifacts,
    TIED_CONTAINERS,   // builds, moves or starts images,
    TIED_REVISIONS,    // fetches, moves or merges revisions
    TIED_ROOT,         // what the system or a server answered (cause_root.h)
    TIED_END,          // how the platform says that the job ended (cause_end.h)
    TIED_LINKS,        // the anchor stands in a list of links that were looked at
    TIED_TYPED_PATH,   // TIED_TYPED where it is a path
    TIED_MISSING,      // what the anchor says is missing (cause_missing.h)
    TIED_CONFIGURED, // a line close to the anchor points into a configuration file (cause_configured.h)
    CAUSE_TIED,
};

enum cause_family {
    FAMILY_WORD,         // a word of the finding
    FAMILY_PAIR,         // two words of it
    FAMILY_CONCEPT,      // what a line of it is about
    FAMILY_CONCEPT_PAIR, // two concepts of one line
    FAMILY_COMMAND,      // words of the command or the name of its section
    FAMILY_TOOL,
    FAMILY_KIND,
    FAMILY_EXIT,
    FAMILY_KEYWORD, // a class of keywords on the anchor, or on any line
    FAMILY_SHAPE,
    FAMILY_FORM,    // in which a tool reports: of the anchor, or of any line
    FAMILY_PURPOSE, // what the section's command is for
    FAMILY_MISSING, // what a line close to the anchor says is missing
    FAMILY_ANSWER,  // what the system, a server or the platform answered
    FAMILY_SAID, // what the messages of a zone speak for: one cause's evidence may count against another
};

enum {
    CAUSE_FEATURES_MAXIMUM = 8192,
    CAUSE_HITS_MAXIMUM = 512,
};

struct cause_feature {
    uint32_t line;         // 0-based
    uint16_t offset, size; // of the words in the line's text
    uint8_t family;        // enum cause_family
    // FAMILY_CONCEPT: 1 on the anchor; FAMILY_KEYWORD, FAMILY_SHAPE: which; FAMILY_FORM: enum report_form, or REPORT_FORMS where the
    // anchor belongs to a failed test's report; FAMILY_TOOL, FAMILY_KIND: index of the tool; FAMILY_PURPOSE: enum purpose;
    // FAMILY_MISSING: enum cause; FAMILY_SAID: enum cause, with its zone, an enum cause_tied, in `offset`; FAMILY_ANSWER: likewise,
    // TIED_ROOT or TIED_END.
    uint8_t detail;
};

struct message_hit {
    uint32_t line, message;
    uint8_t zone; // enum cause_tied, up to TIED_TAIL
    float closeness;
};

struct cause_features {
    float tied[CAUSE_TIED][CAUSES];
    struct hashed_word *words;     // (n_words), for softmax_input
    struct cause_feature *sources; // (n_words) where each comes from
    size_t n_words;
    struct message_hit hits[CAUSE_HITS_MAXIMUM];
    size_t n_hits;
    uint32_t configured_line;   // 0-based, that TIED_CONFIGURED comes from
    uint32_t *slots;            // (2 · CAUSE_FEATURES_MAXIMUM) index of the word of a hash, + 1
    const struct message *exit; // what the exit code speaks for; NULL: nothing
    int32_t exit_code;
};

struct cause_extractor {
    const struct messages *messages;
    const struct keyword_table *keywords;
    const struct concept_table *concepts;
};

// Extracts into *features, which takes its memory from the arena. `ignored`: (n_messages) true for those that are not looked for, or
// NULL.
// Errors: BANTAM_ERROR_MEMORY.
BANTAM_MUST_CHECK bantam_status cause_features_init(struct cause_features *features,
                                                    const struct cause_extractor *extractor,
                                                    const struct cause_input *input,
                                                    const bool *ignored, struct arena *arena,
                                                    bantam_error *error);

#endif
