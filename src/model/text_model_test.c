// The fused scorer against the row times the weights, model files there and back, smaller models, contributions.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <math.h>

#include "base/memory.h"
#include "base/random.h"
#include "model/model_rows.h"
#include "model/text_model.h"

enum {
    OUTPUTS_MOST = 260 // whose rows are summed up by ten, by five and by single blocks
};

static const char *const texts[] = {
    "Build succeeded",
    "Error: missing dependency, missing header",
    "the deployment failed and the DEPLOYMENT failed again",
    "Straße naïve ÉCOLE Σίσυφος 日本語 тест проверка",
    "",
    "a  b\tc  tests passed; 12 tests, 12 passed",
    "e\xCC\x81t\xC3\xA9 \xFF damaged",
};

enum {
    N_TEXTS = sizeof texts / sizeof *texts
};

static void pieces_of(struct text_piece pieces[N_TEXTS])
{
    for (size_t i = 0; i < N_TEXTS; i++) {
        pieces[i] = (struct text_piece){texts[i], strlen(texts[i])};
    }
}

static struct vectorizer_part_options part_of(enum analyzer analyzer, unsigned n_min,
                                              unsigned n_max)
{
    struct vectorizer_part_options part = vectorizer_part_options_default();
    part.analyzer = analyzer;
    part.n_min = n_min;
    part.n_max = n_max;
    return part;
}

// Kinds of vectorizers that take different ways through the scorer.
static size_t options_of(struct vectorizer_options options[8])
{
    size_t n = 0;
    options[n] = (struct vectorizer_options){1, {part_of(ANALYZER_WORD, 1, 2)}};
    options[++n] = (struct vectorizer_options){1, {part_of(ANALYZER_CHAR_WB, 2, 5)}};
    options[++n] = (struct vectorizer_options){1, {part_of(ANALYZER_CHAR, 1, 3)}};
    options[n].parts[0].sublinear_tf = true;
    options[++n] = (struct vectorizer_options){
        2, {part_of(ANALYZER_WORD, 1, 2), part_of(ANALYZER_CHAR_WB, 1, 3)}};
    options[n].parts[1].binary = true;
    options[n].parts[1].norm = NORM_L1;
    options[++n] = (struct vectorizer_options){1, {part_of(ANALYZER_CHAR_WB, 2, 4)}};
    options[n].parts[0].hash_bits = 8;
    options[n].parts[0].alternate_sign = true;
    options[++n] = (struct vectorizer_options){1, {part_of(ANALYZER_WORD, 1, 2)}};
    options[n].parts[0].hash_bits = 9;
    options[n].parts[0].use_idf = false;
    options[n].parts[0].norm = NORM_NONE;
    return n + 1;
}

static float *draw_weights(size_t n, bool sparse)
{
    float *weights = memory_allocate_array(n, sizeof *weights);
    assert_non_null(weights);
    struct random random = {7};
    for (size_t i = 0; i < n; i++) {
        double drawn = random_unit(&random);
        weights[i] = !sparse || drawn < 0.2 ? (float)(random_unit(&random) * 4 - 2) : 0;
    }
    return weights;
}

// A model of the texts and one more (NULL: none).
static struct text_model *make_model_with(const char *more,
                                          const struct vectorizer_options *options,
                                          size_t n_outputs, bool sparse, enum weight_format format)
{
    struct text_piece pieces[N_TEXTS + 1];
    pieces_of(pieces);
    size_t n_pieces = N_TEXTS;
    if (more) {
        pieces[n_pieces++] = (struct text_piece){more, strlen(more)};
    }
    struct vectorizer *vectorizer = NULL;
    assert_int_equal(vectorizer_fit(&vectorizer, NULL, pieces, n_pieces, options, 1, NULL),
                     BANTAM_OK);
    float *weights = draw_weights(vectorizer_n_features(vectorizer) * n_outputs, sparse);
    float *intercepts = draw_weights(n_outputs, false);
    struct text_model *model = NULL;
    assert_int_equal(
        text_model_new_take(&model, &vectorizer, weights, intercepts, n_outputs, format, NULL),
        BANTAM_OK);
    assert_null(vectorizer);
    memory_free(weights);
    memory_free(intercepts);
    return model;
}

static struct text_model *make_model(const struct vectorizer_options *options, size_t n_outputs,
                                     bool sparse, enum weight_format format)
{
    return make_model_with(NULL, options, n_outputs, sparse, format);
}

static void expect_scores(const struct text_model *model, const struct sparse_row *row,
                          const float *scores)
{
    size_t n_outputs = text_model_n_outputs(model);
    double expected[OUTPUTS_MOST];
    float weights[OUTPUTS_MOST];
    for (size_t o = 0; o < n_outputs; o++) {
        expected[o] = (double)text_model_intercepts(model)[o];
    }
    for (size_t i = 0; i < row->n; i++) {
        text_model_weights(model, row->columns[i], weights);
        for (size_t o = 0; o < n_outputs; o++) {
            expected[o] += (double)row->values[i] * (double)weights[o];
        }
    }
    for (size_t o = 0; o < n_outputs; o++) {
        assert_true(fabs(expected[o] - (double)scores[o]) < 2e-5 * (1 + fabs(expected[o])));
    }
}

// Each text twice, so that the second time words are remembered: the same bits.
static void check_scores(const struct text_model *model)
{
    struct text_scorer *scorer = NULL;
    struct vectorizer_workspace *workspace = NULL;
    assert_int_equal(text_scorer_new(&scorer, model, NULL), BANTAM_OK);
    assert_int_equal(vectorizer_workspace_new(&workspace, text_model_vectorizer(model), NULL),
                     BANTAM_OK);
    for (size_t i = 0; i < N_TEXTS; i++) {
        size_t size = strlen(texts[i]), n_outputs = text_model_n_outputs(model);
        float first[OUTPUTS_MOST], second[OUTPUTS_MOST];
        struct sparse_row row;
        assert_int_equal(text_scorer_score(scorer, texts[i], size, first, NULL), BANTAM_OK);
        assert_int_equal(text_scorer_score(scorer, texts[i], size, second, NULL), BANTAM_OK);
        assert_memory_equal(first, second, n_outputs * sizeof *first);
        assert_int_equal(vectorizer_row(&row, workspace, texts[i], size, NULL), BANTAM_OK);
        expect_scores(model, &row, first);
    }
    text_scorer_free(&scorer);
    vectorizer_workspace_free(&workspace);
}

static void scores_are_row_times_weights(void **state)
{
    (void)state;
    static const size_t outputs[] = {1, 3, 6, 17, 40, OUTPUTS_MOST};
    struct vectorizer_options options[8];
    size_t n = options_of(options);
    for (size_t i = 0; i < n; i++) {
        for (size_t o = 0; o < sizeof outputs / sizeof *outputs; o++) {
            for (int format = WEIGHTS_F32; format <= WEIGHTS_INT4; format++) {
                for (int sparse = 0; sparse < 2; sparse++) {
                    struct text_model *model =
                        make_model(&options[i], outputs[o], sparse, (enum weight_format)format);
                    check_scores(model);
                    text_model_free(&model);
                }
            }
        }
    }
}

// Two texts begun at a time have the bits of one after the other.
static void check_begun(const struct text_model *model)
{
    struct text_scorer *scorer = NULL, *other = NULL;
    size_t size_of_scores = text_model_n_outputs(model) * sizeof(float);
    assert_int_equal(text_scorer_new(&scorer, model, NULL), BANTAM_OK);
    assert_int_equal(text_scorer_new(&other, model, NULL), BANTAM_OK);
    for (size_t i = 0; i <= N_TEXTS; i++) {
        if (i < N_TEXTS) {
            assert_int_equal(text_scorer_begin(scorer, texts[i], strlen(texts[i]), NULL),
                             BANTAM_OK);
        }
        if (i > 0) {
            float expected[OUTPUTS_MOST];
            const char *before = texts[i - 1];
            assert_int_equal(text_scorer_score(other, before, strlen(before), expected, NULL),
                             BANTAM_OK);
            assert_memory_equal(text_scorer_end(scorer), expected, size_of_scores);
        }
    }
    text_scorer_free(&scorer);
    text_scorer_free(&other);
}

static void texts_begun_together_score_the_same(void **state)
{
    (void)state;
    struct vectorizer_options options[8];
    size_t n = options_of(options);
    for (size_t i = 0; i < n; i++) {
        struct text_model *model = make_model(&options[i], 17, false, WEIGHTS_F32);
        check_begun(model);
        text_model_free(&model);
    }
}

// Whether this processor has coarse weights.
static bool has_coarse(void)
{
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx2");
#else
    return false;
#endif
}

// What a scorer that seeks says of a text against its exact scores; counts what it finds and what it leaves to them.
static void expect_sought(const struct text_model *model, size_t sought, const float *scores,
                          const float *exact, float ahead, size_t counts[2])
{
    size_t n_outputs = text_model_n_outputs(model);
    counts[sought == SIZE_MAX]++;
    if (sought == SIZE_MAX) {
        assert_memory_equal(scores, exact, n_outputs * sizeof *scores);
        return;
    }
    assert_true(sought < n_outputs);
    for (size_t o = 0; o < n_outputs; o++) {
        assert_true(o == sought || exact[o] + ahead < exact[sought]);
    }
}

// Twice with the same scorer, so that words are remembered; then all scores are asked for again.
static void check_sought(struct text_model *model, float ahead, size_t counts[2])
{
    struct text_scorer *scorer = NULL, *other = NULL;
    assert_int_equal(text_scorer_new(&scorer, model, NULL), BANTAM_OK);
    assert_int_equal(text_scorer_new(&other, model, NULL), BANTAM_OK);
    for (int round = 0; round < 3; round++) {
        text_scorer_seek(scorer, round < 2 ? ahead : -1);
        for (size_t i = 0; i < N_TEXTS; i++) {
            float exact[OUTPUTS_MOST];
            size_t size = strlen(texts[i]);
            assert_int_equal(text_scorer_score(other, texts[i], size, exact, NULL), BANTAM_OK);
            assert_int_equal(text_scorer_begin(scorer, texts[i], size, NULL), BANTAM_OK);
            const float *scores = NULL;
            size_t sought = round < 2 ? text_scorer_end_sought(scorer, &scores) : SIZE_MAX;
            scores = round < 2 ? scores : text_scorer_end(scorer);
            expect_sought(model, sought, scores, exact, ahead, counts);
        }
    }
    text_scorer_free(&scorer);
    text_scorer_free(&other);
}

static void the_largest_score_is_found_or_all_are_exact(void **state)
{
    (void)state;
    static const size_t outputs[] = {17, 75, 150, OUTPUTS_MOST};
    struct vectorizer_options options[8];
    size_t n = options_of(options), counts[2] = {0};
    for (size_t i = 0; i < n; i++) {
        for (size_t o = 0; o < sizeof outputs / sizeof *outputs; o++) {
            struct text_model *model = make_model(&options[i], outputs[o], false, WEIGHTS_F32);
            check_sought(model, 0, counts); // without coarse weights
            assert_int_equal(counts[0], 0);
            text_model_coarsen(model, 1); // too few
            check_sought(model, 0, counts);
            assert_int_equal(counts[0], 0);
            text_model_coarsen(model, 100000);
            text_model_coarsen(model, 1); // there already
            size_t found[2] = {0};
            check_sought(model, 1e-5F, found);
            check_sought(model, 0.1F, found);
            assert_true(found[1] > 0);
            assert_true(outputs[o] == 17 ? found[0] == 0 : found[0] > 0 || !has_coarse());
            text_model_free(&model);
        }
    }
}

// Words enough that the table of n-grams is larger than what is looked up at once.
static void a_large_vocabulary_scores_as_a_small_one(void **state)
{
    (void)state;
    enum {
        WORDS = 70000,
        LETTERS = 6, // and a blank
    };
    char *words = memory_allocate(WORDS * (LETTERS + 1) + 1);
    assert_non_null(words);
    for (size_t i = 0; i < WORDS; i++) {
        size_t number = i;
        for (size_t letter = 0; letter < LETTERS; letter++, number /= 26) {
            words[i * (LETTERS + 1) + letter] = (char)('a' + number % 26);
        }
        words[i * (LETTERS + 1) + LETTERS] = ' ';
    }
    words[WORDS * (LETTERS + 1)] = '\0';
    struct vectorizer_options options[] = {
        {1, {part_of(ANALYZER_WORD, 1, 1)}},
        {2, {part_of(ANALYZER_CHAR_WB, 2, 3), part_of(ANALYZER_WORD, 1, 2)}},
    };
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        struct text_model *model = make_model_with(words, &options[i], 3, false, WEIGHTS_F32);
        assert_true(vectorizer_n_features(text_model_vectorizer(model)) > WORDS);
        check_scores(model);
        check_begun(model);
        text_model_free(&model);
    }
    memory_free(words);
}

static void write_file(bantam_buffer *out, const struct text_model *model)
{
    struct text_model_file file;
    assert_int_equal(text_model_write(&file, model, NULL), BANTAM_OK);
    bantam_buffer_init(out, SIZE_MAX / 2);
    assert_int_equal(model_write_rows(out, file.tensors, file.row_strides, file.n_tensors,
                                      file.metadata, file.n_metadata, NULL),
                     BANTAM_OK);
    text_model_file_release(&file);
}

static struct text_model *read_file(const bantam_buffer *bytes)
{
    bantam_model *file = NULL;
    struct text_model *model = NULL;
    assert_int_equal(bantam_model_load(&file, bytes->data, bytes->size, NULL), BANTAM_OK);
    bantam_error error;
    bantam_status status = text_model_load(&model, file, &error);
    if (status) {
        fail_msg("%s", error.message);
    }
    bantam_model_free(&file);
    return model;
}

static void expect_same_scores(const struct text_model *left, const struct text_model *right)
{
    struct text_scorer *scorers[2] = {NULL};
    assert_int_equal(text_scorer_new(&scorers[0], left, NULL), BANTAM_OK);
    assert_int_equal(text_scorer_new(&scorers[1], right, NULL), BANTAM_OK);
    for (size_t i = 0; i < N_TEXTS; i++) {
        float scores[2][OUTPUTS_MOST];
        for (size_t j = 0; j < 2; j++) {
            assert_int_equal(
                text_scorer_score(scorers[j], texts[i], strlen(texts[i]), scores[j], NULL),
                BANTAM_OK);
        }
        for (size_t o = 0; o < text_model_n_outputs(left); o++) {
            assert_true(fabsf(scores[0][o] - scores[1][o]) < 1e-5F);
        }
    }
    text_scorer_free(&scorers[0]);
    text_scorer_free(&scorers[1]);
}

static void a_file_gives_the_same_model(void **state)
{
    (void)state;
    struct vectorizer_options options[8];
    size_t n = options_of(options);
    static const char *const stop_words[] = {"the", "naïve"};
    options[0].parts[0].stop_words = stop_words;
    options[0].parts[0].n_stop_words = 2;
    for (size_t i = 0; i < n; i++) {
        for (int format = WEIGHTS_F32; format <= WEIGHTS_INT4; format++) {
            for (int sparse = 0; sparse < 2; sparse++) {
                struct text_model *model =
                    make_model(&options[i], 5, sparse, (enum weight_format)format);
                bantam_buffer bytes, again;
                write_file(&bytes, model);
                struct text_model *read = read_file(&bytes);
                expect_same_scores(model, read);
                write_file(&again, read);
                assert_int_equal(bytes.size, again.size);
                assert_memory_equal(bytes.data, again.data, bytes.size);
                bantam_buffer_release(&bytes);
                bantam_buffer_release(&again);
                text_model_free(&model);
                text_model_free(&read);
            }
        }
    }
}

// Every byte of a file is changed once: an error or a model that scores, never a crash.
static void a_damaged_file_is_refused_or_scores(void **state)
{
    (void)state;
    struct vectorizer_options options = {1, {part_of(ANALYZER_WORD, 1, 2)}};
    for (int sparse = 0; sparse < 2; sparse++) {
        struct text_model *model = make_model(&options, 3, sparse, WEIGHTS_INT4);
        bantam_buffer bytes;
        write_file(&bytes, model);
        for (size_t i = 0; i < bytes.size; i++) {
            bytes.data[i] ^= 0x15;
            bantam_model *file = NULL;
            struct text_model *read = NULL;
            if (bantam_model_load(&file, bytes.data, bytes.size, NULL) == BANTAM_OK &&
                text_model_load(&read, file, NULL) == BANTAM_OK) {
                struct text_scorer *scorer = NULL;
                float *scores = memory_allocate_array(text_model_n_outputs(read), sizeof *scores);
                assert_int_equal(text_scorer_new(&scorer, read, NULL), BANTAM_OK);
                assert_int_equal(
                    text_scorer_score(scorer, texts[2], strlen(texts[2]), scores, NULL), BANTAM_OK);
                memory_free(scores);
                text_scorer_free(&scorer);
            }
            text_model_free(&read);
            bantam_model_free(&file);
            bytes.data[i] ^= 0x15;
        }
        bantam_buffer_release(&bytes);
        text_model_free(&model);
    }
}

// Dropping features is as if the vocabulary had never had them; a model without names scores as one with them.
static void a_selection_scores_as_its_features(void **state)
{
    (void)state;
    struct vectorizer_options options = {
        2, {part_of(ANALYZER_WORD, 1, 2), part_of(ANALYZER_CHAR_WB, 2, 5)}};
    struct text_model *model = make_model(&options, 7, false, WEIGHTS_F32);
    size_t n = vectorizer_n_features(text_model_vectorizer(model));
    bool *keep = memory_allocate_array(n, sizeof *keep);
    assert_non_null(keep);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        keep[i] = i % 3 != 0;
        kept += keep[i];
    }
    struct text_model *named = NULL, *nameless = NULL, *none = NULL;
    assert_int_equal(text_model_select(&named, model, keep, true, NULL, WEIGHTS_F32, NULL),
                     BANTAM_OK);
    assert_int_equal(text_model_select(&nameless, named, keep, false, NULL, WEIGHTS_F32, NULL),
                     BANTAM_OK);
    text_model_free(&nameless);
    bool *all = memory_allocate_array(kept, sizeof *all);
    assert_non_null(all);
    memset(all, true, kept);
    assert_int_equal(text_model_select(&nameless, named, all, false, NULL, WEIGHTS_F32, NULL),
                     BANTAM_OK);
    assert_int_equal(vectorizer_n_features(text_model_vectorizer(named)), kept);
    assert_true(vectorizer_has_names(text_model_vectorizer(named)));
    assert_false(vectorizer_has_names(text_model_vectorizer(nameless)));
    check_scores(named);
    expect_same_scores(named, nameless);
    bantam_buffer bytes, named_bytes;
    write_file(&bytes, nameless);
    write_file(&named_bytes, named);
    assert_true(bytes.size < named_bytes.size);
    struct text_model *read = read_file(&bytes);
    expect_same_scores(named, read);
    assert_int_equal(text_model_select(&none, read, all, true, NULL, WEIGHTS_F32, NULL),
                     BANTAM_ERROR_ARGUMENT);
    memset(all, false, kept);
    assert_int_equal(text_model_select(&none, read, all, false, NULL, WEIGHTS_F32, NULL),
                     BANTAM_ERROR_ARGUMENT);
    bantam_buffer_release(&bytes);
    bantam_buffer_release(&named_bytes);
    memory_free(keep);
    memory_free(all);
    text_model_free(&model);
    text_model_free(&named);
    text_model_free(&nameless);
    text_model_free(&read);
}

static void contributions_add_up_to_the_scores(void **state)
{
    (void)state;
    struct vectorizer_options options[8];
    size_t n = options_of(options);
    for (size_t i = 0; i < n; i++) {
        struct text_model *model = make_model(&options[i], 3, false, WEIGHTS_F32);
        struct text_scorer *scorer = NULL;
        assert_int_equal(text_scorer_new(&scorer, model, NULL), BANTAM_OK);
        for (size_t t = 0; t < N_TEXTS; t++) {
            struct text_contributions found;
            size_t size = strlen(texts[t]);
            float scores[3], weights[3];
            assert_int_equal(text_scorer_explain(&found, scorer, texts[t], size, NULL), BANTAM_OK);
            assert_int_equal(text_scorer_score(scorer, texts[t], size, scores, NULL), BANTAM_OK);
            double sums[3] = {0};
            for (size_t c = 0; c < found.n; c++) {
                text_model_weights(model, found.entries[c].feature, weights);
                assert_true(found.entries[c].start <= found.entries[c].end &&
                            found.entries[c].end <= size);
                for (size_t o = 0; o < 3; o++) {
                    sums[o] += (double)found.entries[c].value * (double)weights[o];
                }
            }
            for (size_t o = 0; o < 3; o++) {
                double sum = sums[o] + (double)text_model_intercepts(model)[o];
                assert_true(fabs(sum - (double)scores[o]) < 2e-5);
            }
            text_contributions_release(&found);
        }
        text_scorer_free(&scorer);
        text_model_free(&model);
    }
}

static void places_are_those_of_the_raw_text(void **state)
{
    (void)state;
    struct vectorizer_options options = {1, {part_of(ANALYZER_WORD, 1, 2)}};
    options.parts[0].accents = ACCENTS_UNICODE;
    struct text_model *model = make_model(&options, 1, false, WEIGHTS_F32);
    struct text_scorer *scorer = NULL;
    assert_int_equal(text_scorer_new(&scorer, model, NULL), BANTAM_OK);
    const char *text =
        "\xC2\xA0 NA\xC3\x8FVE,  \xC3\x89\x63ole!"; // "naïve école" is a bigram of the texts
    struct text_contributions found;
    assert_int_equal(text_scorer_explain(&found, scorer, text, strlen(text), NULL), BANTAM_OK);
    static const struct {
        const char *name;
        size_t start, end;
    } expected[] = {{"naive", 3, 9}, {"naive ecole", 3, 18}, {"ecole", 12, 18}};
    assert_int_equal(found.n, 3);
    for (size_t i = 0; i < 3; i++) {
        char name[32] = "";
        size_t size = vectorizer_feature_name(text_model_vectorizer(model),
                                              found.entries[i].feature, name, sizeof name);
        assert_int_equal(size, strlen(expected[i].name));
        assert_memory_equal(name, expected[i].name, size);
        assert_int_equal(found.entries[i].start, expected[i].start);
        assert_int_equal(found.entries[i].end, expected[i].end);
    }
    text_contributions_release(&found);
    text_scorer_free(&scorer);
    text_model_free(&model);
}

// A ligature is two letters once accents are off; an n-gram with one of them stands where the whole of it does.
static void places_hold_whole_characters(void **state)
{
    (void)state;
    struct vectorizer_options options = {1, {part_of(ANALYZER_CHAR_WB, 1, 2)}};
    options.parts[0].accents = ACCENTS_UNICODE;
    struct text_model *model = make_model(&options, 1, false, WEIGHTS_F32);
    struct text_scorer *scorer = NULL;
    assert_int_equal(text_scorer_new(&scorer, model, NULL), BANTAM_OK);
    static const struct {
        const char *text;
        size_t n, end;
    } cases[] = {
        {"\xEF\xAC\x81", 3, 3}, {"\xC7\xB3o", 4, 3}, {"no", 5, 2}}; // a ligature, "dz" as one, none
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct text_contributions found;
        const char *text = cases[k].text;
        assert_int_equal(text_scorer_explain(&found, scorer, text, strlen(text), NULL), BANTAM_OK);
        assert_true(found.n >= cases[k].n);
        for (size_t i = 0; i < found.n; i++) {
            size_t start = found.entries[i].start, end = found.entries[i].end;
            char name[32] = "";
            vectorizer_feature_name(text_model_vectorizer(model), found.entries[i].feature, name,
                                    sizeof name);
            bool blank = strcmp(name, " ") == 0;
            assert_true(blank || start < end);
            assert_true(end == strlen(text) || ((unsigned char)text[end] & 0xC0) != 0x80);
            assert_true(((unsigned char)text[start] & 0xC0) != 0x80);
            assert_true(end <= cases[k].end);
        }
        text_contributions_release(&found);
    }
    text_scorer_free(&scorer);
    text_model_free(&model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scores_are_row_times_weights),
        cmocka_unit_test(texts_begun_together_score_the_same),
        cmocka_unit_test(the_largest_score_is_found_or_all_are_exact),
        cmocka_unit_test(a_large_vocabulary_scores_as_a_small_one),
        cmocka_unit_test(a_file_gives_the_same_model),
        cmocka_unit_test(a_damaged_file_is_refused_or_scores),
        cmocka_unit_test(a_selection_scores_as_its_features),
        cmocka_unit_test(contributions_add_up_to_the_scores),
        cmocka_unit_test(places_are_those_of_the_raw_text),
        cmocka_unit_test(places_hold_whole_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
