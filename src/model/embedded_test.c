// Embedded files: the table is sorted, each file is found by its name, and models among them open.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "bantam/model.h"
#include "model/embedded.h"

static void each_file_is_found(void **state)
{
    (void)state;
    for (size_t at = 0; at < n_embedded_files; at++) {
        const struct embedded_file *file = &embedded_files[at];
        assert_ptr_equal(embedded_find(file->name), file);
        assert_true(file->size > 0);
        assert_true(at == 0 || strcmp(embedded_files[at - 1].name, file->name) < 0);
    }
    assert_null(embedded_files[n_embedded_files].name);
}

static void other_names_are_not_found(void **state)
{
    (void)state;
    assert_null(embedded_find(""));
    assert_null(embedded_find("ci-lines"));
    assert_null(embedded_find("zzz/model.safetensors"));
}

static void embedded_models_open(void **state)
{
    (void)state;
    for (size_t at = 0; at < n_embedded_files; at++) {
        const struct embedded_file *file = &embedded_files[at];
        if (!strstr(file->name, ".safetensors")) {
            continue;
        }
        bantam_model *model;
        bantam_error error = {0};
        if (bantam_model_load(&model, file->bytes, file->size, &error)) {
            fail_msg("%s: %s", file->name, error.message);
        }
        assert_non_null(bantam_model_metadata(model, "kind"));
        bantam_model_free(&model);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_file_is_found),
        cmocka_unit_test(other_names_are_not_found),
        cmocka_unit_test(embedded_models_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
