// Explanations add up to the score, what a text lacks included; the n-grams that tell most are a topic's own.
#include "classify/classifier.h"
#include "classify/classifier_fixture.h"

static void contributions_add_up_to_the_score(void **state)
{
    (void)state;
    bantam_classifier_options options = bantam_classifier_options_default();
    options.keep_texts = true;
    assert_int_equal(bantam_classifier_option_set(&options, "analyzer", "word+char_wb", NULL),
                     BANTAM_OK);
    assert_int_equal(bantam_classifier_option_set(&options, "ngrams", "1-2+2-3", NULL), BANTAM_OK);
    bantam_classifier *classifier = train(topics(ROWS), &options, NULL);
    bantam_explainer *explainer = NULL;
    assert_int_equal(bantam_explainer_new(&explainer, classifier, NULL), BANTAM_OK);
    static const char text[] = "My TEAM, my ball: rain";
    for (uint32_t label = 0; label < TOPICS; label++) {
        for (int against = 0; against < 2; against++) {
            bantam_explain_options explain = bantam_explain_options_default();
            explain.label_given = true;
            explain.label = label;
            explain.against_given = against;
            explain.against = (label + 1) % TOPICS;
            bantam_explanation *explanation = NULL;
            assert_int_equal(
                bantam_explain(&explanation, explainer, text, sizeof text - 1, &explain, NULL),
                BANTAM_OK);
            double sum = explanation->base + explanation->absent;
            for (size_t i = 0; i < explanation->n_contributions; i++) {
                const bantam_contribution *contribution = &explanation->contributions[i];
                sum += contribution->value;
                assert_true(contribution->n_places > 0);
                for (size_t j = 0; j < contribution->n_places; j++) {
                    assert_true(contribution->places[j].start < contribution->places[j].end);
                    assert_true(contribution->places[j].end <= sizeof text - 1);
                }
            }
            assert_float_equal((float)sum, (float)explanation->score, 1e-5);
            assert_int_equal(explanation->n_neighbours, 3);
            assert_true(explanation->neighbours[0].similarity >=
                        explanation->neighbours[1].similarity);
            bantam_explanation_free(&explanation);
        }
    }
    bantam_explainer_free(&explainer);
    bantam_classifier_free(&classifier);
}

// Σ over the features that `explanation` does not name of −w · E[x], for the label of an output of its own.
static double absent_share(const bantam_classifier *classifier,
                           const bantam_explanation *explanation)
{
    double sum = 0;
    for (size_t i = 0; i < bantam_classifier_n_features(classifier); i++) {
        char name[64];
        size_t size =
            vectorizer_feature_name(text_model_vectorizer(classifier->text), i, name, sizeof name);
        bool present = false;
        for (size_t j = 0; j < explanation->n_contributions; j++) {
            present = present || (explanation->contributions[j].ngram_size == size &&
                                  memcmp(explanation->contributions[j].ngram, name, size) == 0);
        }
        float weights[TOPICS];
        text_model_weights(classifier->text, i, weights);
        sum -= present ? 0 : (double)weights[explanation->label] * (double)classifier->means[i];
    }
    return sum;
}

static void absent_ngrams_share_what_they_would_add(void **state)
{
    (void)state;
    bantam_classifier *classifier = train(topics(ROWS), NULL, NULL);
    bantam_explainer *explainer = NULL;
    assert_int_equal(bantam_explainer_new(&explainer, classifier, NULL), BANTAM_OK);
    static const char *const texts[] = {"", "my team", "unknown", "the ball was in the snow"};
    for (size_t i = 0; i < 4; i++) {
        bantam_explanation *explanation = NULL;
        assert_int_equal(
            bantam_explain(&explanation, explainer, texts[i], strlen(texts[i]), NULL, NULL),
            BANTAM_OK);
        assert_float_equal((float)explanation->absent, (float)absent_share(classifier, explanation),
                           1e-5);
        bantam_explanation_free(&explanation);
    }
    bantam_explainer_free(&explainer);
    bantam_classifier_free(&classifier);
}

static void the_most_telling_ngrams_are_a_topics_own(void **state)
{
    (void)state;
    bantam_classifier *classifier = train(topics(ROWS), NULL, NULL);
    bantam_telling_ngrams *telling = NULL;
    assert_int_equal(bantam_classifier_telling(&telling, classifier, 1, 3, NULL), BANTAM_OK);
    assert_int_equal(telling->n, 3);
    for (size_t i = 0; i < 3; i++) { // sport
        assert_non_null(strstr("goal team match ball", telling->ngrams[i].ngram));
        assert_true(i == 0 || telling->ngrams[i].weight <= telling->ngrams[i - 1].weight);
    }
    bantam_telling_ngrams_free(&telling);
    assert_int_equal(bantam_classifier_telling(&telling, classifier, TOPICS, 3, NULL),
                     BANTAM_ERROR_ARGUMENT);
    bantam_classifier_free(&classifier);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contributions_add_up_to_the_score),
        cmocka_unit_test(absent_ngrams_share_what_they_would_add),
        cmocka_unit_test(the_most_telling_ngrams_are_a_topics_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
