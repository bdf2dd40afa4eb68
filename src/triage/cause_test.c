// The shipped classifier on short logs of one cause each, causes without training logs among them; the learner's gradient.
#include "triage/cause.h"
#include "triage/shipped_tables.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/random.h"
#include "features/report_form.h"
#include "model/embedded.h"
#include "train/softmax_learner.h"

// What a classifier borrows; lives from load_shipped to release_shipped.
static struct messages test_messages;
static struct arena test_arena;

static void load_shipped(struct cause_classifier *classifier)
{
    const struct embedded_file *model = embedded_find("ci-cause/model.safetensors");
    assert_non_null(model);
    bantam_model *file;
    bantam_error error;
    assert_int_equal(bantam_model_load(&file, model->bytes, model->size, &error), BANTAM_OK);
    bantam_status status = shipped_messages(&test_messages, &error);
    if (!status) {
        struct cause_extractor extractor = {&test_messages, keyword_table_new(&test_arena),
                                            concept_table_new(&test_arena)};
        status = cause_load(classifier, file, &extractor, &error);
    }
    if (status) {
        fail_msg("%s", error.message);
    }
    bantam_model_free(&file);
}

static void release_shipped(struct cause_classifier *classifier)
{
    cause_release(classifier);
    messages_release(&test_messages);
    arena_release(&test_arena);
}

// The answer for a log whose last line is the finding.
static struct cause_answer answer_of(const struct cause_classifier *classifier, const char *log,
                                     double threshold, struct arena *arena)
{
    struct document document;
    struct cause_answer answer;
    assert_int_equal(document_init(&document, log, strlen(log), NULL), BANTAM_OK);
    uint32_t last = (uint32_t)document.n_lines - 1;
    struct cause_input input = {
        .document = &document, .first = last, .last = last, .anchor = last, .score = 1};
    assert_int_equal(cause_run(&answer, classifier, &input, threshold, arena, NULL), BANTAM_OK);
    document_release(&document);
    return answer;
}

static void causes_without_training_logs_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *cause, *transient, *log;
    } cases[] = {
        {"resource", "maybe", "cp: error writing 'out.img': No space left on device\n"},
        {"rate_limit", "yes",
         "error pulling: toomanyrequests: You have reached your pull rate limit.\n"},
        {"security", "no", "found 3 vulnerabilities (1 moderate, 2 high)\n"},
        {"artifact", "maybe",
         "Error: Unable to download artifact(s): Artifact not found for name: dist\n"},
        {"runner", "yes", "The runner has received a shutdown signal.\n"},
        {"git", "no", "CONFLICT (content): Merge conflict in src/a.c\n"},
        {"auth", "no", "remote: Invalid username or password.\n"},
        {"network", "maybe", "curl: (6) Could not resolve host: example.org\n"},
        {"container", "no",
         "manifest for acme/app:9 not found: manifest unknown: manifest unknown\n"},
        {"deploy", "maybe", "psql: could not connect to server: Connection refused\n"},
        {"build_config", "no", "make: *** No rule to make target 'al'.  Stop.\n"},
        {"ci_config", "no", "build.sh: line 12: syntax error near unexpected token `fi'\n"},
        {"environment", "no", "/bin/sh: 1: yarn: not found\n"},
        {"dependency", "no", "ERROR: No matching distribution found for flsk==1.0\n"},
    };
    struct cause_classifier classifier;
    load_shipped(&classifier);
    struct arena arena = ARENA_EMPTY;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct cause_answer answer = answer_of(&classifier, cases[i].log, 0, &arena);
        if (strcmp(cause_name(answer.cause), cases[i].cause) != 0 ||
            strcmp(transient_name(answer.transient), cases[i].transient) != 0) {
            fail_msg("%s is called %s (%s)", cases[i].log, cause_name(answer.cause),
                     transient_name(answer.transient));
        }
        assert_true(answer.n_evidence > 0);
        assert_true(answer.evidence[0].weight > 0);
        assert_non_null(answer.evidence[0].feature);
        float sum = 0;
        for (size_t c = 0; c < CAUSES; c++) {
            sum += answer.probabilities[c];
        }
        assert_true(fabsf(sum - 1) < 1e-3F);
    }
    arena_release(&arena);
    release_shipped(&classifier);
}

// Calls `take` with each word of a finding that is the log's last line.
static void for_each_word(const struct cause_classifier *classifier, const char *log,
                          void (*take)(void *context, const struct cause_feature *source,
                                       float value),
                          void *context)
{
    struct document document;
    struct arena arena = ARENA_EMPTY;
    struct cause_features *features = arena_allocate(&arena, sizeof *features);
    assert_non_null(features);
    assert_int_equal(document_init(&document, log, strlen(log), NULL), BANTAM_OK);
    uint32_t last = (uint32_t)document.n_lines - 1;
    struct cause_input input = {
        .document = &document, .first = last, .last = last, .anchor = last, .score = 1};
    assert_int_equal(
        cause_features_init(features, &classifier->extractor, &input, NULL, &arena, NULL),
        BANTAM_OK);
    for (size_t i = 0; i < features->n_words; i++) {
        take(context, &features->sources[i], features->words[i].value);
    }
    document_release(&document);
    arena_release(&arena);
}

struct zones {
    enum cause cause;
    unsigned said; // a bit each
};

static void take_said(void *context, const struct cause_feature *source, float value)
{
    struct zones *zones = context;
    if (source->family == FAMILY_SAID && source->detail == zones->cause) {
        assert_true(value > 0);
        zones->said |= 1U << source->offset;
    }
}

// The zones in which messages of the log's last line speak for the cause, a bit each.
static unsigned zones_said(const struct cause_classifier *classifier, const char *log,
                           enum cause cause)
{
    struct zones zones = {cause, 0};
    for_each_word(classifier, log, take_said, &zones);
    return zones.said;
}

struct concepts {
    size_t n_any, n_anchor, n_pairs;
    uint16_t pair_offset, pair_size; // of the last pair
};

static void take_concept(void *context, const struct cause_feature *source, float value)
{
    struct concepts *concepts = context;
    assert_true(value > 0);
    if (source->family == FAMILY_CONCEPT) {
        concepts->n_any += source->detail == 0;
        concepts->n_anchor += source->detail == 1;
    } else if (source->family == FAMILY_CONCEPT_PAIR) {
        concepts->n_pairs++;
        concepts->pair_offset = source->offset;
        concepts->pair_size = source->size;
    }
}

static void concepts_count_alone_and_in_twos(void **state)
{
    (void)state;
    struct cause_classifier classifier;
    load_shipped(&classifier);
    struct concepts concepts = {0};
    for_each_word(&classifier, "zz: the certificate has no password\n", take_concept, &concepts);
    assert_int_equal(concepts.n_any, 3); // trust, absence, account
    assert_int_equal(concepts.n_anchor, 3);
    assert_int_equal(concepts.n_pairs, 3);
    assert_int_equal(concepts.pair_offset, strlen("zz: the certificate has "));
    assert_int_equal(concepts.pair_size, strlen("no password"));
    release_shipped(&classifier);
}

static void what_messages_say_is_a_word_for_each_cause_and_zone(void **state)
{
    (void)state;
    struct cause_classifier classifier;
    load_shipped(&classifier);
    const char *log = "x: error writing 'out.img': No space left on device\n";
    unsigned here = 1U << TIED_ANCHOR | 1U << TIED_SHARE;
    assert_int_equal(zones_said(&classifier, log, CAUSE_RESOURCE), here);
    assert_int_equal(zones_said(&classifier, log, CAUSE_LINT), 0);
    assert_int_equal(zones_said(&classifier, "a quiet line\n", CAUSE_RESOURCE), 0);
    release_shipped(&classifier);
}

struct forms {
    uint32_t seen; // 1 << enum report_form, and 1 << REPORT_FORMS for a test's report
    size_t n_said; // features of what messages say of a network
};

static void take_form(void *context, const struct cause_feature *source, float value)
{
    struct forms *forms = context;
    assert_true(value > 0);
    forms->seen |= source->family == FAMILY_FORM ? 1U << source->detail : 0;
    forms->n_said += source->family == FAMILY_SAID && source->detail == CAUSE_NETWORK;
}

static void what_a_tests_report_speaks_of_is_told_apart(void **state)
{
    (void)state;
    struct cause_classifier classifier;
    load_shipped(&classifier);
    struct forms plain = {0}, row = {0};
    for_each_word(&classifier, "Could not resolve host: example.org\n", take_form, &plain);
    for_each_word(&classifier, "E   Could not resolve host: example.org\n", take_form, &row);
    assert_int_equal(plain.seen, 0);
    assert_int_equal(row.seen, 1U << FORM_TEST_ROW | 1U << REPORT_FORMS);
    assert_true(plain.n_said > 0);
    assert_int_equal(row.n_said, 2 * plain.n_said);
    release_shipped(&classifier);
}

static void take_missing(void *context, const struct cause_feature *source, float value)
{
    assert_true(value > 0);
    *(uint32_t *)context |= source->family == FAMILY_MISSING ? 1U << source->detail : 0;
}

static void what_is_missing_follows_from_a_host_that_is_not_reached(void **state)
{
    (void)state;
    struct cause_classifier classifier;
    load_shipped(&classifier);
    uint32_t alone = 0, after = 0, nothing = 0;
    for_each_word(&classifier, "zz: no matching package named zy\n", take_missing, &alone);
    for_each_word(&classifier,
                  "Could not resolve host: example.org\nzz: no matching package named zy\n",
                  take_missing, &after);
    for_each_word(&classifier, "zz: fetched 3 packages\n", take_missing, &nothing);
    assert_int_equal(alone, 1U << CAUSE_DEPENDENCY);
    assert_int_equal(after, 1U << CAUSE_NETWORK);
    assert_int_equal(nothing, 0);
    release_shipped(&classifier);
}

// How much a tool of checks speaks for `check` by the log's last line.
static float reported(const struct cause_classifier *classifier, const char *log)
{
    struct arena arena = ARENA_EMPTY;
    struct cause_features *features = arena_allocate(&arena, sizeof *features);
    struct document document;
    assert_non_null(features);
    assert_int_equal(document_init(&document, log, strlen(log), NULL), BANTAM_OK);
    uint32_t last = (uint32_t)document.n_lines - 1;
    struct cause_tool tool = {.name = "zz", .kind = "link_checker", .probability = 0.75F};
    tool.typical[CAUSE_CHECK] = 1;
    struct cause_input input = {.document = &document,
                                .first = last,
                                .last = last,
                                .anchor = last,
                                .tools = &tool,
                                .n_tools = 1};
    assert_int_equal(
        cause_features_init(features, &classifier->extractor, &input, NULL, &arena, NULL),
        BANTAM_OK);
    float value = features->tied[TIED_REPORT][CAUSE_CHECK];
    document_release(&document);
    arena_release(&arena);
    return value;
}

static void a_row_of_a_report_is_what_its_tool_is_for(void **state)
{
    (void)state;
    struct cause_classifier classifier;
    load_shipped(&classifier);
    assert_true(reported(&classifier, "  11. https://example.org could not be reached\n") == 0.75F);
    assert_true(reported(&classifier, "https://example.org could not be reached\n") == 0);
    assert_true(reported(&classifier, "E   https://example.org could not be reached\n") == 0);
    release_shipped(&classifier);
}

static void what_says_nothing_is_unknown_and_slots_are_filled(void **state)
{
    (void)state;
    struct cause_classifier classifier;
    load_shipped(&classifier);
    struct arena arena = ARENA_EMPTY;
    struct cause_answer answer = answer_of(&classifier, "zzz qqq\n", -1, &arena);
    assert_int_equal(answer.cause, CAUSE_UNKNOWN);
    answer = answer_of(&classifier, "zzz qqq\n", 1.1, &arena);
    assert_int_equal(answer.cause, CAUSE_UNKNOWN);
    answer = answer_of(&classifier, "fatal error: 'Example/App.h' file not found\n", -1, &arena);
    assert_string_equal(answer.slots[SLOT_PACKAGE], "Example/App.h");
    arena_release(&arena);
    release_shipped(&classifier);
}

static void a_wrong_version_is_refused(void **state)
{
    (void)state;
    bantam_buffer bytes;
    bantam_buffer_init(&bytes, 1 << 16);
    bantam_metadata metadata[] = {{"kind", "ci-cause"}, {"features", "0"}};
    bantam_error error;
    assert_int_equal(bantam_model_write(&bytes, NULL, 0, metadata, 2, &error), BANTAM_OK);
    bantam_model *file;
    assert_int_equal(bantam_model_load(&file, bytes.data, bytes.size, &error), BANTAM_OK);
    struct cause_classifier classifier;
    struct cause_extractor none = {0};
    assert_int_equal(cause_load(&classifier, file, &none, &error), BANTAM_ERROR_VERSION);
    bantam_model_free(&file);
    bantam_buffer_release(&bytes);
}

enum {
    TOY_CLASSES = 3,
    TOY_TIED = 2,
    TOY_BITS = 2,
    TOY_WEIGHTS = TOY_TIED + TOY_CLASSES + (1 << TOY_BITS) * TOY_CLASSES,
};

static void the_gradient_is_that_of_the_loss(void **state)
{
    (void)state;
    static const float tied[2][TOY_TIED * TOY_CLASSES] = {{1, 0, 0.5F, 0, 1, 0},
                                                          {0, 2, 0, 0.3F, 0, 1}};
    static const struct hashed_word words[2][2] = {{{0x10000000, 1}, {0xF0000000, 0.5F}},
                                                   {{0x50000000, 2}, {0x11000000, 1}}};
    static const float targets[2][TOY_CLASSES] = {{1, 0, 0}, {0, 0.7F, 0.3F}};
    static const float prior[TOY_TIED] = {1, 2};
    struct softmax_example examples[2] = {{{tied[0], words[0], 2, 1}, targets[0], 1},
                                          {{tied[1], words[1], 2, 1}, targets[1], 0.5F}};
    struct softmax_learner_options options = {.n_classes = TOY_CLASSES,
                                              .n_tied = TOY_TIED,
                                              .bits = TOY_BITS,
                                              .l2_words = 0.1,
                                              .l2_bias = 0.2,
                                              .l2_tied = 0.3,
                                              .tied_prior = prior,
                                              .n_iterations = 50};
    double theta[TOY_WEIGHTS], gradient[TOY_WEIGHTS], scratch[TOY_WEIGHTS];
    struct random random = {7};
    for (size_t i = 0; i < TOY_WEIGHTS; i++) {
        theta[i] = random_unit(&random) - 0.5;
    }
    softmax_loss(examples, 2, &options, theta, gradient);
    for (size_t i = 0; i < TOY_WEIGHTS; i++) {
        double kept = theta[i], step = 1e-5;
        theta[i] = kept + step;
        double above = softmax_loss(examples, 2, &options, theta, scratch);
        theta[i] = kept - step;
        double below = softmax_loss(examples, 2, &options, theta, scratch);
        theta[i] = kept;
        assert_true(fabs((above - below) / (2 * step) - gradient[i]) < 1e-6);
    }
    struct softmax_model model;
    assert_int_equal(softmax_learner_fit(&model, examples, 2, &options, NULL), BANTAM_OK);
    float probabilities[TOY_CLASSES];
    softmax_model_predict(&model, &examples[0].input, probabilities);
    assert_true(probabilities[0] > 0.5F);
    softmax_model_release(&model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(causes_without_training_logs_are_named),
        cmocka_unit_test(what_messages_say_is_a_word_for_each_cause_and_zone),
        cmocka_unit_test(concepts_count_alone_and_in_twos),
        cmocka_unit_test(what_a_tests_report_speaks_of_is_told_apart),
        cmocka_unit_test(what_is_missing_follows_from_a_host_that_is_not_reached),
        cmocka_unit_test(a_row_of_a_report_is_what_its_tool_is_for),
        cmocka_unit_test(what_says_nothing_is_unknown_and_slots_are_filled),
        cmocka_unit_test(a_wrong_version_is_refused),
        cmocka_unit_test(the_gradient_is_that_of_the_loss),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
