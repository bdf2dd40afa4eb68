// The features of every line of a log, computed once and shared by training and serving.
//
// Lines that mask alike are one `struct distinct_line`: their words are extracted once and handed to a sink, which sums
// weights (serving) or keeps them (training). What depends on the line's place in the log is computed per line by
// log_features_context. Knows nothing of weights.
#ifndef BANTAM_FEATURES_LOG_FEATURES_H
#define BANTAM_FEATURES_LOG_FEATURES_H

#include <stdbool.h>

#include "base/arena.h"
#include "features/line_kind.h"
#include "features/line_words.h"
#include "text/document.h"

// What a model of lines is made for: its words and, up with every change that moves one, the context's values.
#define LINE_CONTEXT_VERSION "1"
#define LINE_MODEL_FEATURES LINE_FEATURES_VERSION "." LINE_CONTEXT_VERSION

struct distinct_line {
    uint64_t hash;                  // of the masked tokens and the wrapper's flags
    uint32_t count;                 // lines of the log that mask to it
    uint32_t first_line, last_line; // 0-based
    uint32_t prefix;                // index of the line's first two tokens among the log's prefixes
    struct line_kind kind;
    uint8_t n_tokens;
    uint8_t indent;      // columns, at most 255
    uint8_t known;       // weight of what the annotator knows of it
    uint8_t size;        // log2 bucket of the bytes of text
    uint8_t first, last; // edge_class of the first and the last byte
    uint8_t strength;    // classes of error words: 0 to 3; none where the line counts zero errors
    uint8_t beside;      // what it is to the lines beside it: classes of keywords, << 4 shapes
};

// How many lines before line i are of a kind: differences give counts in any window.
struct line_counts {
    uint32_t errors;       // say error, fail, exception, fatal, cannot or denied, and count no zero
    uint32_t red;          // LINE_RED or LINE_ERROR
    uint32_t passes;       // say pass and nothing of an error
    uint32_t progress;     // say progress and nothing of an error
    uint32_t novel;        // the first of their kind in the log
    uint32_t frames;       // stack frames
    uint32_t exits;        // tell an exit status
    uint32_t failed_exits; // tell one other than zero
};

// What every line of a section shares.
struct section_features {
    uint8_t exit, order, name, depth; // values of the context features of these names
};

struct log_features {
    struct arena arena;
    const struct document *document;
    uint32_t *distinct_of_line;     // (n_lines)
    struct distinct_line *distinct; // (n_distinct)
    size_t n_distinct;
    uint32_t *prefix_counts; // (n_prefixes) lines of the log with these first two tokens
    size_t n_prefixes;
    struct line_counts *counts; // (n_lines + 1)
    uint32_t *error_lines;      // (counts[n_lines].errors)
    uint32_t *exits;            // (n_exits) lines that tell an exit status
    uint32_t *failed_exits;     // (n_failed_exits) those with a status other than zero
    size_t n_exits, n_failed_exits;
    struct section_features *sections; // (n_sections)
    int32_t
        last_failed_section; // the last section with an exit status other than zero, -1 for none
    int32_t first_failed_section; // likewise the first
};

// Fills in `strength` and `beside` from the line's kind.
void log_features_kind(struct distinct_line *distinct);

// Computes what lines of one section share; features->sections is allocated already.
void log_features_sections(struct log_features *features);

// Takes the words of a new distinct line; false: out of memory.
typedef bool (*line_words_sink)(void *context, uint32_t distinct, const uint32_t *hashes,
                                size_t n_hashes);

enum {
    ANNOTATIONS_MAXIMUM = 24, // extra words of a line
};

// What is known of a line from outside the logs: tables of messages and tools. Writes words (any 32-bit hashes) that are
// features of the line like its own words, and returns how many; *weight (0 to LINE_VALUES - 1) is how much it says.
typedef size_t (*line_annotate)(const void *context, const char *text, size_t size,
                                uint32_t hashes[ANNOTATIONS_MAXIMUM], uint8_t *weight);

struct line_annotator {
    line_annotate annotate; // NULL: nothing is known
    const void *context;
};

// Errors: BANTAM_ERROR_MEMORY; *features is then empty. The document must outlive the features.
BANTAM_MUST_CHECK bantam_status log_features_init(struct log_features *features,
                                                  const struct document *document,
                                                  const struct keyword_table *keywords,
                                                  const struct line_annotator *annotator,
                                                  line_words_sink sink, void *context,
                                                  bantam_error *error);

void log_features_release(struct log_features *features);

// Features of the masked line itself, the same for every line of its kind: a value below LINE_VALUES each.
enum own_feature {
    OWN_TOKENS,
    OWN_SIZE,
    OWN_INDENT,
    OWN_FIRST,
    OWN_LAST,
    OWN_KNOWN,
    OWN_STRENGTH,                              // how many classes of error words
    OWN_KEYWORD,                               // KEYWORD_CLASSES features of value 0 or 1
    OWN_SHAPE = OWN_KEYWORD + KEYWORD_CLASSES, // 16 features of value 0 or 1
    OWN_FEATURES = OWN_SHAPE + 16,
};

// Features of the line's place in the log: a value below LINE_VALUES each.
enum context_feature {
    CONTEXT_FROM_END,
    CONTEXT_POSITION,
    CONTEXT_SECTION_FROM_START,
    CONTEXT_SECTION_FROM_END,
    CONTEXT_SECTION_SIZE,
    CONTEXT_SECTION_EXIT,
    CONTEXT_SECTION_ORDER,
    CONTEXT_SECTION_DEPTH,
    CONTEXT_SECTION_NAME,
    CONTEXT_NEXT_FAILED_EXIT,
    CONTEXT_NEXT_EXIT,
    CONTEXT_PREVIOUS_FAILED_EXIT,
    CONTEXT_COLOR,
    CONTEXT_MARK,
    CONTEXT_EXIT,
    CONTEXT_INDENT_BEFORE,
    CONTEXT_INDENT_AFTER,
    CONTEXT_BLANKS_BEFORE,
    CONTEXT_BLANKS_AFTER,
    CONTEXT_RED_NEAR,
    CONTEXT_RED_AROUND,
    CONTEXT_RED_NEIGHBOURS,
    CONTEXT_ERRORS_NEAR,
    CONTEXT_ERRORS_AROUND,
    CONTEXT_ERRORS_BEFORE_IN_SECTION,
    CONTEXT_ERRORS_AFTER_IN_SECTION,
    CONTEXT_PREVIOUS_ERROR,
    CONTEXT_NEXT_ERROR,
    CONTEXT_COUNT,
    CONTEXT_OCCURRENCE,
    CONTEXT_PREFIX_COUNT,
    CONTEXT_PREFIX_NEIGHBOURS,
    CONTEXT_KEYWORDS_BEFORE,
    CONTEXT_KEYWORDS_AFTER,
    CONTEXT_SHAPE_BEFORE,
    CONTEXT_SHAPE_AFTER,
    CONTEXT_PASSES_AROUND,
    CONTEXT_PROGRESS_AROUND,
    CONTEXT_NOVEL_NEAR,
    CONTEXT_NOVEL_AROUND,
    CONTEXT_FRAMES_AFTER,
    CONTEXT_FRAMES_BEFORE,
    CONTEXT_STRONG_NEXT_FAILED_EXIT, // the next four: OWN_STRENGTH crossed with another feature
    CONTEXT_STRONG_COLOR,
    CONTEXT_STRONG_FROM_END,
    CONTEXT_STRONG_COUNT,
    CONTEXT_FEATURES,
};

enum {
    LINE_VALUES = 16
};

// The bucket of a count: 0, 1, 2–3, 4–7, …, the last one open.
static inline uint8_t log2_bucket(uint64_t count)
{
    unsigned bits =
        63U ^ (unsigned)__builtin_clzll(2 * count + 1); // also of 0; no count has 64 bits
    return (uint8_t)(bits < LINE_VALUES ? bits : LINE_VALUES - 1);
}

void log_features_own(const struct distinct_line *distinct, uint8_t values[OWN_FEATURES]);
void log_features_context(const struct log_features *features, size_t line,
                          uint8_t values[CONTEXT_FEATURES]);

#endif
