// Values of each kind, escapes, and JSON that is damaged at every byte.
#include "base/json_reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"

static const char sample[] =
    "{\n \"a\": [1, -2.5e1, 0.125],\n \"b\\\"\\u00e9\\n\": {\"c\": \"x\\\\y\"},\n "
    "\"empty\": [], \"none\": {}}\n";

// Reads the sample; returns whether it was whole, and what it held.
static bool read_sample(const char *json, size_t size, double *sum, char text[16],
                        struct arena *arena, uint64_t *line)
{
    struct json_reader reader = json_reader_start(json, size);
    *sum = 0;
    if (json_reader_enter(&reader, '{')) {
        while (json_reader_next(&reader, '}')) {
            const char *key = json_reader_key(&reader, arena);
            if (key && strcmp(key, "a") == 0 && json_reader_enter(&reader, '[')) {
                double number;
                while (json_reader_next(&reader, ']') && json_reader_number(&reader, &number)) {
                    *sum += number;
                }
            } else if (key && strcmp(key, "b\"\xC3\xA9\n") == 0 &&
                       json_reader_enter(&reader, '{')) {
                while (json_reader_next(&reader, '}')) {
                    json_reader_key(&reader, arena);
                    const char *value = json_reader_string(&reader, arena);
                    strncpy(text, value ? value : "", 15);
                }
            } else if (key && strcmp(key, "empty") == 0 && json_reader_enter(&reader, '[')) {
                if (json_reader_next(&reader, ']')) {
                    json_reader_fail(&reader, "not empty");
                }
            } else if (key && strcmp(key, "none") == 0 && json_reader_enter(&reader, '{')) {
                if (json_reader_next(&reader, '}')) {
                    json_reader_fail(&reader, "not empty");
                }
            } else {
                json_reader_fail(&reader, "unknown key");
            }
        }
    }
    bool whole = json_reader_end(&reader);
    *line = reader.line;
    return whole;
}

static void what_was_written_is_read(void **state)
{
    (void)state;
    struct arena arena = ARENA_EMPTY;
    char text[16] = "";
    double sum;
    uint64_t line;
    assert_true(read_sample(sample, strlen(sample), &sum, text, &arena, &line));
    assert_true(sum == 1 - 25 + 0.125);
    assert_string_equal(text, "x\\y");
    assert_int_equal(line, 5);
    arena_release(&arena);
}

static void damage_is_refused(void **state)
{
    (void)state;
    struct arena arena = ARENA_EMPTY;
    char text[16];
    double sum;
    uint64_t line;
    for (size_t size = 0; size + 2 < sizeof sample; size++) {
        assert_false(read_sample(sample, size, &sum, text, &arena, &line));
    }
    for (size_t at = 0; at + 1 < sizeof sample; at++) {
        char damaged[sizeof sample];
        memcpy(damaged, sample, sizeof sample);
        damaged[at] = '\0';
        (void)read_sample(damaged, strlen(sample), &sum, text, &arena, &line);
    }
    static const char *const wrong[] = {
        "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\\u0000\"", "\"a\nb\"", "\"\\", "7"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct json_reader reader = json_reader_start(wrong[i], strlen(wrong[i]));
        assert_null(json_reader_string(&reader, &arena));
        assert_non_null(reader.fault);
    }
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read),
        cmocka_unit_test(damage_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
