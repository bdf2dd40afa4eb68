// Defaults, values, and each way in which they can be wrong.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "train/parameters.h"

struct settings {
    double rate, epochs;
};

static const struct parameter table[] = {
    {"rate", offsetof(struct settings, rate), 0.25, 0, 1, "step"},
    {"epochs", offsetof(struct settings, epochs), 4, 1, 100, "passes"},
};

static bantam_status read(struct settings *settings, const char *json, bantam_error *error)
{
    return parameters_read(settings, table, 2, json, error);
}

static void defaults_fill_what_is_not_given(void **state)
{
    (void)state;
    struct settings settings = {-1, -1};
    assert_int_equal(read(&settings, NULL, NULL), BANTAM_OK);
    assert_true(settings.rate == 0.25 && settings.epochs == 4);
    assert_int_equal(read(&settings, "{\"epochs\": 7}", NULL), BANTAM_OK);
    assert_true(settings.rate == 0.25 && settings.epochs == 7);
    assert_int_equal(read(&settings, "{\"rate\": 0, \"epochs\": 100}", NULL), BANTAM_OK);
    assert_true(settings.rate == 0 && settings.epochs == 100);
}

static void slips_are_refused_by_name(void **state)
{
    (void)state;
    static const struct {
        const char *json, *told;
    } cases[] = {
        {"{\"rte\": 1}", "rte"},
        {"{\"rate\": 1.5}", "rate"},
        {"{\"rate\": -0.1}", "rate"},
        {"{\"rate\": \"fast\"}", "rate"},
        {"{\"rate\": null}", "rate"},
        {"{\"epochs\": 0}", "epochs"},
        {"[1]", "no JSON object"},
        {"{\"rate\": 0.1,", "no JSON object"},
        {"{\"rate\": 0.1, \"rate\": 0.2}", "no JSON object"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct settings settings;
        bantam_error error;
        assert_int_equal(read(&settings, cases[i].json, &error), BANTAM_ERROR_ARGUMENT);
        assert_non_null(strstr(error.message, cases[i].told));
    }
}

static void what_is_written_reads_back(void **state)
{
    (void)state;
    struct settings settings = {0.1, 33}, again;
    bantam_buffer text;
    bantam_buffer_init(&text, 1000);
    parameters_write(&text, &settings, table, 2);
    bantam_buffer_append(&text, "", 1);
    assert_false(text.failed);
    assert_string_equal(text.data, "{\"rate\":0.1,\"epochs\":33}");
    assert_int_equal(read(&again, text.data, NULL), BANTAM_OK);
    assert_true(again.rate == settings.rate && again.epochs == settings.epochs);
    bantam_buffer_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_fill_what_is_not_given),
        cmocka_unit_test(slips_are_refused_by_name),
        cmocka_unit_test(what_is_written_reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
