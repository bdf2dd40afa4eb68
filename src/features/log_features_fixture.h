// For unit tests: a hand-made log with its features, its words as a model or a learner takes them, and which lines are gold.
#ifndef BANTAM_FEATURES_LOG_FEATURES_FIXTURE_H
#define BANTAM_FEATURES_LOG_FEATURES_FIXTURE_H

#include "features/log_features.h"
#include "text/document_fixture.h"

enum {
    FIXTURE_WORDS = 20000,
    FIXTURE_LINES = 500,
};

struct line_fixture {
    struct document document;
    struct arena arena;
    struct log_features features;
    uint32_t words[FIXTURE_WORDS], word_starts[FIXTURE_LINES + 1];
    uint8_t labels[FIXTURE_LINES]; // 1: gold
};

static inline bool keep_words(void *context, uint32_t distinct, const uint32_t *hashes,
                              size_t n_hashes)
{
    struct line_fixture *fixture = context;
    uint32_t start = fixture->word_starts[distinct];
    assert_true(distinct < FIXTURE_LINES && start + n_hashes <= FIXTURE_WORDS);
    memcpy(fixture->words + start, hashes, n_hashes * sizeof *hashes);
    fixture->word_starts[distinct + 1] = start + (uint32_t)n_hashes;
    return true;
}

// Lines that begin with "error:" are gold. `text` must outlive the fixture.
static inline void line_fixture_init(struct line_fixture *fixture, const char *text)
{
    memset(fixture, 0, sizeof *fixture);
    static const struct line_annotator nothing_known = {0};
    read_bytes(&fixture->document, text, strlen(text));
    assert_true(fixture->document.n_lines <= FIXTURE_LINES);
    assert_int_equal(log_features_init(&fixture->features, &fixture->document,
                                       keyword_table_new(&fixture->arena), &nothing_known,
                                       keep_words, fixture, NULL),
                     BANTAM_OK);
    for (size_t i = 0; i < fixture->document.n_lines; i++) {
        const struct line *line = &fixture->document.lines[i];
        fixture->labels[i] = line->size >= 6 && memcmp(line->text, "error:", 6) == 0;
    }
}

static inline void line_fixture_release(struct line_fixture *fixture)
{
    log_features_release(&fixture->features);
    document_release(&fixture->document);
    arena_release(&fixture->arena);
}

#endif
