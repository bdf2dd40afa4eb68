// Arrays come back as they were; damage, another place or another layout is refused.
#include "base/bundle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const uint32_t numbers[] = {1, 2, 3};
static const char letters[] = "abcde";

static void write_sample(bantam_buffer *out)
{
    struct bundle_writer writer = {0};
    bundle_add(&writer, "first", "numbers", numbers, 3, sizeof *numbers);
    bundle_add(&writer, "second", "letters", letters, sizeof letters, 1);
    bundle_add(&writer, "second", "none", NULL, 0, 8);
    bantam_buffer_init(out, 1 << 20);
    bundle_write(&writer, out);
    assert_false(out->failed);
}

static void arrays_come_back(void **state)
{
    (void)state;
    bantam_buffer bytes;
    write_sample(&bytes);
    struct bundle bundle;
    size_t count;
    assert_int_equal(bundle_open(&bundle, bytes.data, bytes.size, NULL), BANTAM_OK);
    const uint32_t *got = bundle_array(&bundle, "first", "numbers", sizeof *got, &count);
    assert_int_equal(count, 3);
    assert_memory_equal(got, numbers, sizeof numbers);
    assert_int_equal((uintptr_t)got % BUNDLE_ALIGNMENT, 0);
    assert_string_equal(bundle_array(&bundle, "second", "letters", 1, &count), letters);
    assert_non_null(bundle_array(&bundle, "second", "none", 8, &count));
    assert_int_equal(count, 0);
    assert_int_equal(bundle_check(&bundle, NULL), BANTAM_OK);

    bantam_error error;
    assert_null(bundle_array(&bundle, "first", "letters", 1, &count));
    assert_null(bundle_array(&bundle, "first", "numbers", 8, &count)); // another layout
    assert_int_equal(bundle_check(&bundle, &error), BANTAM_ERROR_MODEL);
    assert_non_null(strstr(error.message, "first.letters"));
    bantam_buffer_release(&bytes);
}

static void damage_is_refused(void **state)
{
    (void)state;
    bantam_buffer bytes;
    write_sample(&bytes);
    struct bundle bundle;
    for (size_t size = 0; size < bytes.size; size++) {
        assert_int_equal(bundle_open(&bundle, bytes.data, size, NULL), BANTAM_ERROR_MODEL);
    }
    for (size_t at = 0; at < bytes.size; at++) {
        bytes.data[at] = (char)~bytes.data[at];
        if (!bundle_open(&bundle, bytes.data, bytes.size, NULL)) {
            size_t count;
            const char *got = bundle_array(&bundle, "second", "letters", 1, &count);
            assert_true(!got || (got >= bytes.data && got + count <= bytes.data + bytes.size));
        } else {
            assert_true(at < 32 + 3 * sizeof(struct bundle_entry));
        }
        bytes.data[at] = (char)~bytes.data[at];
    }
    bantam_buffer moved;
    bantam_buffer_init(&moved, 1 << 20);
    bantam_buffer_append(&moved, "x", 1);
    bantam_buffer_append(&moved, bytes.data, bytes.size);
    assert_int_equal(bundle_open(&bundle, moved.data + 1, bytes.size, NULL), BANTAM_ERROR_MODEL);
    bantam_buffer_release(&moved);
    bantam_buffer_release(&bytes);
}

static void texts_have_places(void **state)
{
    (void)state;
    bantam_buffer texts;
    bantam_buffer_init(&texts, 1 << 10);
    assert_int_equal(bundle_add_text(&texts, NULL), 0);
    uint32_t one = bundle_add_text(&texts, "one"), empty = bundle_add_text(&texts, "");
    assert_string_equal(bundle_text(texts.data, texts.size, one), "one");
    assert_string_equal(bundle_text(texts.data, texts.size, empty), "");
    size_t size = texts.size;
    assert_int_equal(bundle_add_text(&texts, "one"), one); // no text is there twice
    assert_int_equal(bundle_add_text(&texts, "ne"), one + 1);
    assert_int_equal(texts.size, size);
    uint32_t start = bundle_add_text(&texts, "on"); // ends elsewhere, so that it needs a place
    assert_string_equal(bundle_text(texts.data, texts.size, start), "on");
    assert_null(bundle_text(texts.data, texts.size, 0));
    assert_null(bundle_text(texts.data, texts.size, (uint32_t)texts.size));
    bantam_buffer_release(&texts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrays_come_back),
        cmocka_unit_test(damage_is_refused),
        cmocka_unit_test(texts_have_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
