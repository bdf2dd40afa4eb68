// What a small log's lines share, count and stand near to.
#include "features/log_features.h"

#include "base/memory.h"
#include "text/document_fixture.h"

struct taken {
    size_t n_lines, n_words;
    uint32_t next;
};

static bool take(void *context, uint32_t distinct, const uint32_t *hashes, size_t n_hashes)
{
    struct taken *taken = context;
    assert_int_equal(distinct, taken->next++); // each once, in the order of the log
    assert_non_null(hashes);
    taken->n_lines++;
    taken->n_words += n_hashes;
    return true;
}

static bool refuse(void *context, uint32_t distinct, const uint32_t *hashes, size_t n_hashes)
{
    (void)context;
    (void)distinct;
    (void)hashes;
    (void)n_hashes;
    return false;
}

static const char log_text[] = "compiling 1 of 3\n"
                               "compiling 2 of 3\n"
                               "compiling 3 of 3\n"
                               "\n"
                               "main.c:3: error: no x\n"
                               "main.c:9: error: no x\n"
                               "0 errors elsewhere\n"
                               "all 5 tests passed\n";

struct fixture {
    struct document document;
    struct arena arena;
    struct log_features features;
    struct taken taken;
};

static void init(struct fixture *fixture, const struct line_annotator *annotator)
{
    *fixture = (struct fixture){0};
    read_bytes(&fixture->document, log_text, sizeof log_text - 1);
    assert_int_equal(log_features_init(&fixture->features, &fixture->document,
                                       keyword_table_new(&fixture->arena), annotator, take,
                                       &fixture->taken, NULL),
                     BANTAM_OK);
}

static void release(struct fixture *fixture)
{
    log_features_release(&fixture->features);
    document_release(&fixture->document);
    arena_release(&fixture->arena);
}

static const struct line_annotator nothing_known = {0};

static void lines_that_mask_alike_are_one(void **state)
{
    (void)state;
    struct fixture fixture;
    init(&fixture, &nothing_known);
    const struct log_features *features = &fixture.features;
    const uint32_t *of = features->distinct_of_line;
    assert_int_equal(features->n_distinct, 5);
    assert_int_equal(fixture.taken.n_lines, 5);
    assert_int_equal(of[0], of[1]);
    assert_int_equal(of[1], of[2]);
    assert_int_equal(of[4], of[5]);
    assert_int_not_equal(of[0], of[4]);
    assert_int_equal(features->distinct[of[0]].count, 3);
    assert_int_equal(features->distinct[of[0]].first_line, 0);
    assert_int_equal(features->distinct[of[0]].last_line, 2);
    assert_int_equal(features->prefix_counts[features->distinct[of[0]].prefix], 3);
    release(&fixture);
}

static void running_counts_give_any_window(void **state)
{
    (void)state;
    struct fixture fixture;
    init(&fixture, &nothing_known);
    const struct line_counts *counts = fixture.features.counts;
    assert_int_equal(counts[0].errors, 0);
    assert_int_equal(counts[8].errors, 2); // "0 errors" is none
    assert_int_equal(counts[5].errors - counts[4].errors, 1);
    assert_int_equal(counts[8].passes, 1);
    assert_int_equal(counts[8].novel, fixture.features.n_distinct);
    assert_int_equal(fixture.features.error_lines[0], 4);
    assert_int_equal(fixture.features.error_lines[1], 5);
    release(&fixture);
}

static void values_stay_below_their_limit_and_tell_the_place(void **state)
{
    (void)state;
    struct fixture fixture;
    init(&fixture, &nothing_known);
    uint8_t first[CONTEXT_FEATURES], values[CONTEXT_FEATURES], own[OWN_FEATURES];
    log_features_context(&fixture.features, 0, first);
    for (size_t line = 0; line < fixture.document.n_lines; line++) {
        log_features_context(&fixture.features, line, values);
        for (size_t f = 0; f < CONTEXT_FEATURES; f++) {
            assert_true(values[f] < LINE_VALUES);
        }
        log_features_own(&fixture.features.distinct[fixture.features.distinct_of_line[line]], own);
        for (size_t f = 0; f < OWN_FEATURES; f++) {
            assert_true(own[f] < LINE_VALUES);
        }
    }
    assert_true(first[CONTEXT_FROM_END] > values[CONTEXT_FROM_END]);
    assert_true(first[CONTEXT_POSITION] < values[CONTEXT_POSITION]);
    assert_int_equal(first[CONTEXT_OCCURRENCE], 1); // the first of its kind, not the last
    log_features_context(&fixture.features, 1, values);
    assert_int_equal(values[CONTEXT_OCCURRENCE], 0);
    log_features_context(&fixture.features, 2, values);
    assert_int_equal(values[CONTEXT_OCCURRENCE], 2);
    log_features_context(&fixture.features, 7, values);
    assert_int_equal(values[CONTEXT_OCCURRENCE], 3);
    log_features_own(&fixture.features.distinct[fixture.features.distinct_of_line[4]], own);
    assert_int_equal(own[OWN_KEYWORD + KEYWORD_ERROR], 1);
    assert_true(own[OWN_STRENGTH] > 0);
    release(&fixture);
}

static size_t annotate(const void *context, const char *text, size_t size,
                       uint32_t hashes[ANNOTATIONS_MAXIMUM], uint8_t *weight)
{
    (void)context;
    bool known = memmem(text, size, "error", 5) != NULL;
    hashes[0] = 42;
    *weight = known ? 7 : 0;
    return known;
}

static void what_an_annotator_knows_is_a_word_more(void **state)
{
    (void)state;
    struct fixture plain, annotated;
    const struct line_annotator annotator = {annotate, NULL};
    init(&plain, &nothing_known);
    init(&annotated, &annotator);
    assert_int_equal(annotated.taken.n_words, plain.taken.n_words + 2); // two kinds of lines say it
    uint32_t distinct = annotated.features.distinct_of_line[4];
    assert_int_equal(annotated.features.distinct[distinct].known, 7);
    assert_int_equal(annotated.features.distinct[0].known, 0);
    release(&plain);
    release(&annotated);
}

static void lack_of_memory_leaves_nothing(void **state)
{
    (void)state;
    struct document document;
    struct arena arena = ARENA_EMPTY;
    read_bytes(&document, log_text, sizeof log_text - 1);
    const struct keyword_table *keywords = keyword_table_new(&arena);
    struct log_features features;
    assert_int_equal(
        log_features_init(&features, &document, keywords, &nothing_known, refuse, NULL, NULL),
        BANTAM_ERROR_MEMORY);
    bantam_status status = memory_can_fail() ? BANTAM_ERROR_MEMORY : BANTAM_OK;
    for (uint64_t after = 0; status; after++) {
        struct taken taken = {0};
        memory_fail_after(after);
        status =
            log_features_init(&features, &document, keywords, &nothing_known, take, &taken, NULL);
        assert_int_equal(status, memory_fail_pending() ? BANTAM_OK : BANTAM_ERROR_MEMORY);
    }
    memory_fail_after(UINT64_MAX);
    log_features_release(&features); // empty, or of the attempt that had its memory
    document_release(&document);
    arena_release(&arena);
}

static void an_empty_log_has_no_features(void **state)
{
    (void)state;
    struct document document;
    struct arena arena = ARENA_EMPTY;
    struct taken taken = {0};
    struct log_features features;
    read_bytes(&document, "", 0);
    assert_int_equal(log_features_init(&features, &document, keyword_table_new(&arena),
                                       &nothing_known, take, &taken, NULL),
                     BANTAM_OK);
    assert_int_equal(features.n_distinct, 0);
    log_features_release(&features);
    document_release(&document);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_that_mask_alike_are_one),
        cmocka_unit_test(running_counts_give_any_window),
        cmocka_unit_test(values_stay_below_their_limit_and_tell_the_place),
        cmocka_unit_test(what_an_annotator_knows_is_a_word_more),
        cmocka_unit_test(lack_of_memory_leaves_nothing),
        cmocka_unit_test(an_empty_log_has_no_features),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
