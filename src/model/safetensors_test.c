// Model files: round trip, determinism, and every kind of damage told apart.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "bantam/model.h"
#include "base/memory.h"

static const float weights[6] = {0.5F, -1.25F, 3e-8F, 0.0F, 1e30F, -0.0F};
static const int8_t small[3] = {-128, 0, 127};
static const double precise[1] = {0.1};
static const uint16_t counts[2] = {0, 65535};

static const bantam_tensor tensors[] = {
    {"small", BANTAM_I8, 1, {3}, small, sizeof small},
    {"weights", BANTAM_F32, 2, {2, 3}, weights, sizeof weights},
    {"empty", BANTAM_U32, 2, {0, 7}, NULL, 0},
    {"counts", BANTAM_U16, 1, {2}, counts, sizeof counts},
    {"precise", BANTAM_F64, 0, {0}, precise, sizeof precise},
};
static const bantam_metadata metadata[] = {
    {"name", "t\xc3\xa4st \"quoted\"\n"}, {"kind", "ci-lines"}, {"empty", ""}};

enum {
    TENSORS = sizeof tensors / sizeof *tensors,
    METADATA = sizeof metadata / sizeof *metadata
};

static void write_sample(bantam_buffer *out)
{
    bantam_buffer_init(out, 1 << 20);
    assert_int_equal(bantam_model_write(out, tensors, TENSORS, metadata, METADATA, NULL),
                     BANTAM_OK);
}

static void round_trip_keeps_everything(void **state)
{
    (void)state;
    bantam_buffer file;
    write_sample(&file);
    bantam_model *model;
    bantam_error error;
    assert_int_equal(bantam_model_load(&model, file.data, file.size, &error), BANTAM_OK);
    memset(file.data, 0xee, file.size); // the model owns what it needs
    bantam_buffer_release(&file);
    for (size_t at = 0; at < TENSORS; at++) {
        const bantam_tensor *tensor = bantam_model_tensor(model, tensors[at].name);
        assert_non_null(tensor);
        assert_string_equal(tensor->name, tensors[at].name);
        assert_int_equal(tensor->dtype, tensors[at].dtype);
        assert_int_equal(tensor->n_dimensions, tensors[at].n_dimensions);
        assert_memory_equal(tensor->shape, tensors[at].shape, sizeof tensor->shape);
        assert_int_equal(tensor->size, tensors[at].size);
        assert_non_null(tensor->data);
        assert_int_equal((uintptr_t)tensor->data % 8, 0);
        if (tensor->size) {
            assert_memory_equal(tensor->data, tensors[at].data, tensor->size);
        }
    }
    assert_null(bantam_model_tensor(model, "absent"));
    for (size_t at = 0; at < METADATA; at++) {
        assert_string_equal(bantam_model_metadata(model, metadata[at].key), metadata[at].value);
    }
    assert_string_equal(bantam_model_metadata(model, "format"), BANTAM_MODEL_FORMAT);
    assert_null(bantam_model_metadata(model, "absent"));
    assert_int_equal(strlen(bantam_model_digest(model)), 16);
    bantam_model_free(&model);
    assert_null(model);
    bantam_model_free(&model);
}

static void same_content_gives_same_bytes(void **state)
{
    (void)state;
    bantam_buffer file, again;
    write_sample(&file);
    bantam_metadata reversed[METADATA];
    for (size_t at = 0; at < METADATA; at++) {
        reversed[at] = metadata[METADATA - 1 - at];
    }
    bantam_buffer_init(&again, 1 << 20);
    assert_int_equal(bantam_model_write(&again, tensors, TENSORS, reversed, METADATA, NULL),
                     BANTAM_OK);
    assert_int_equal(file.size, again.size);
    assert_memory_equal(file.data, again.data, file.size);
    bantam_buffer_release(&file);
    bantam_buffer_release(&again);
}

static void a_model_without_tensors_is_a_model(void **state)
{
    (void)state;
    bantam_buffer file;
    bantam_buffer_init(&file, 1 << 10);
    assert_int_equal(bantam_model_write(&file, NULL, 0, NULL, 0, NULL), BANTAM_OK);
    bantam_model *model;
    assert_int_equal(bantam_model_load(&model, file.data, file.size, NULL), BANTAM_OK);
    // XXH3-64 with seed 0, as `xxhsum -H3` prints it for these bytes.
    assert_string_equal(bantam_model_digest(model), "1843a739f3d5198f");
    bantam_model_free(&model);
    bantam_buffer_release(&file);
}

static void every_cut_is_an_error(void **state)
{
    (void)state;
    bantam_buffer file;
    write_sample(&file);
    for (size_t size = 0; size < file.size; size++) {
        // An allocation of its own, so that a sanitizer sees any read beyond the cut.
        void *cut = memory_allocate(size);
        assert_non_null(cut);
        memcpy(cut, file.data, size);
        bantam_model *model = (bantam_model *)&file;
        bantam_error error = {0};
        assert_int_equal(bantam_model_load(&model, cut, size, &error), BANTAM_ERROR_MODEL);
        assert_int_equal(error.code, BANTAM_ERROR_MODEL);
        assert_true(strlen(error.message) > 10);
        assert_null(model);
        memory_free(cut);
    }
    bantam_buffer_release(&file);
}

// Any one byte may be anything: the answer is a model or an error, never a wild read (sanitizers watch).
static void every_flipped_byte_is_survived(void **state)
{
    (void)state;
    bantam_buffer file;
    write_sample(&file);
    for (size_t at = 0; at < file.size; at++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            file.data[at] = (char)(file.data[at] ^ (1 << bit));
            bantam_model *model;
            bantam_status status = bantam_model_load(&model, file.data, file.size, NULL);
            assert_true((status == BANTAM_OK) == (model != NULL));
            bantam_model_free(&model);
            file.data[at] = (char)(file.data[at] ^ (1 << bit));
        }
    }
    bantam_buffer_release(&file);
}

static bantam_status load_text(const char *header, size_t data_size, bantam_error *error)
{
    char file[1024] = {0};
    uint64_t header_size = strlen(header);
    assert_true(8 + header_size + data_size <= sizeof file);
    memcpy(file, &header_size, 8);
    memcpy(file + 8, header, header_size);
    bantam_model *model;
    bantam_status status = bantam_model_load(&model, file, 8 + header_size + data_size, error);
    assert_true((status == BANTAM_OK) == (model != NULL));
    bantam_model_free(&model);
    return status;
}

#define FORMAT "{\"__metadata__\":{\"format\":\"1\"}"

static const struct damage {
    const char *header;
    size_t data_size;
    bantam_status status;
    const char *says;
} damages[] = {
    {FORMAT "}", 0, BANTAM_OK, ""},
    {FORMAT "}   ", 0, BANTAM_OK, ""},
    {FORMAT ",\"a\":{\"dtype\":\"I8\",\"shape\":[],\"data_offsets\":[0,1]}}", 1, BANTAM_OK, ""},
    // Misaligned in the file: copied to where it is aligned.
    {FORMAT ",\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[1,5]},"
            "\"a\":{\"dtype\":\"I8\",\"shape\":[1],\"data_offsets\":[0,1]}}",
     5, BANTAM_OK, ""},
    {"{}", 0, BANTAM_ERROR_VERSION, "not given"},
    {"{\"__metadata__\":{\"format\":\"pt\"}}", 0, BANTAM_ERROR_VERSION, "is pt"},
    {"{\"__metadata__\":{\"format\":1}}", 0, BANTAM_ERROR_MODEL, "not a string"},
    {"{\"__metadata__\":[]}", 0, BANTAM_ERROR_MODEL, "not an object"},
    {"[]", 0, BANTAM_ERROR_MODEL, "not an object"},
    {"", 0, BANTAM_ERROR_MODEL, "JSON"},
    {FORMAT "}}", 0, BANTAM_ERROR_MODEL, "JSON"},
    {FORMAT ",\"__metadata__\":{}}", 0, BANTAM_ERROR_MODEL, "duplicate"},
    {FORMAT "}", 1, BANTAM_ERROR_MODEL, "belong to none"},
    {FORMAT ",\"a\":1}", 0, BANTAM_ERROR_MODEL, "dtype"},
    {FORMAT ",\"a\":{\"dtype\":\"BF16\",\"shape\":[1],\"data_offsets\":[0,2]}}", 2,
     BANTAM_ERROR_MODEL, "dtype"},
    {FORMAT ",\"a\":{\"dtype\":\"I8\",\"data_offsets\":[0,1]}}", 1, BANTAM_ERROR_MODEL, "shape"},
    {FORMAT ",\"a\":{\"dtype\":\"I8\",\"shape\":[1,1,1,1,1],\"data_offsets\":[0,1]}}", 1,
     BANTAM_ERROR_MODEL, "shape"},
    {FORMAT ",\"a\":{\"dtype\":\"I8\",\"shape\":[-1],\"data_offsets\":[0,1]}}", 1,
     BANTAM_ERROR_MODEL, "dimension"},
    {FORMAT ",\"a\":{\"dtype\":\"I8\",\"shape\":[1.0],\"data_offsets\":[0,1]}}", 1,
     BANTAM_ERROR_MODEL, "dimension"},
    {FORMAT ",\"a\":{\"dtype\":\"I8\",\"shape\":[1]}}", 1, BANTAM_ERROR_MODEL, "data_offsets"},
    {FORMAT ",\"a\":{\"dtype\":\"I8\",\"shape\":[1],\"data_offsets\":[0]}}", 1, BANTAM_ERROR_MODEL,
     "data_offsets"},
    {FORMAT ",\"a\":{\"dtype\":\"I8\",\"shape\":[1],\"data_offsets\":[1,0]}}", 1,
     BANTAM_ERROR_MODEL, "data_offsets"},
    {FORMAT ",\"a\":{\"dtype\":\"I8\",\"shape\":[1],\"data_offsets\":[-1,0]}}", 1,
     BANTAM_ERROR_MODEL, "data_offsets"},
    {FORMAT ",\"a\":{\"dtype\":\"I8\",\"shape\":[2],\"data_offsets\":[0,2]}}", 1,
     BANTAM_ERROR_MODEL, "beyond the end"},
    {FORMAT ",\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,1]}}", 1,
     BANTAM_ERROR_MODEL, "does not fit"},
    // 2^62 × 4 bytes wraps around to 0.
    {FORMAT ",\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904],\"data_offsets\":[0,0]}}", 0,
     BANTAM_ERROR_MODEL, "does not fit"},
    {FORMAT ",\"a\":{\"dtype\":\"I8\",\"shape\":[99999999999999999999],\"data_offsets\":[0,1]}}", 1,
     BANTAM_ERROR_MODEL, "JSON"},
    {FORMAT ",\"a\":{\"dtype\":\"I8\",\"shape\":[2],\"data_offsets\":[0,2]},"
            "\"b\":{\"dtype\":\"I8\",\"shape\":[2],\"data_offsets\":[1,3]}}",
     3, BANTAM_ERROR_MODEL, "overlaps"},
    {FORMAT ",\"a\":{\"dtype\":\"I8\",\"shape\":[1],\"data_offsets\":[0,1]},"
            "\"b\":{\"dtype\":\"I8\",\"shape\":[1],\"data_offsets\":[2,3]}}",
     3, BANTAM_ERROR_MODEL, "hole"},
};

static void damages_are_told_apart(void **state)
{
    (void)state;
    for (size_t at = 0; at < sizeof damages / sizeof *damages; at++) {
        bantam_error error = {0};
        const struct damage *damage = &damages[at];
        bantam_status status = load_text(damage->header, damage->data_size, &error);
        if (status != damage->status || (status && !strstr(error.message, damage->says))) {
            fail_msg("%s: status %d, \"%s\"", damage->header, (int)status, error.message);
        }
    }
}

static void a_damaged_tensor_is_located(void **state)
{
    (void)state;
    static const char header[] =
        FORMAT ",\"weights\":{\"dtype\":\"F8\",\"shape\":[1],\"data_offsets\":[0,1]}}";
    bantam_error error = {0};
    assert_int_equal(load_text(header, 1, &error), BANTAM_ERROR_MODEL);
    assert_int_equal(error.position, 8 + (strstr(header, "weights") - header));
    assert_non_null(strstr(error.message, "\"weights\""));
}

static void a_huge_claim_allocates_nothing(void **state)
{
    (void)state;
    unsigned char file[16];
    memset(file, 0xff, sizeof file);
    bantam_model *model;
    bantam_error error;
    assert_int_equal(bantam_model_load(&model, file, sizeof file, &error), BANTAM_ERROR_MODEL);
    assert_non_null(strstr(error.message, "18446744073709551615"));
    assert_int_equal(bantam_model_load(&model, NULL, 0, &error), BANTAM_ERROR_MODEL);
}

static void wrong_arguments_write_nothing(void **state)
{
    (void)state;
    static const bantam_tensor wrong[] = {
        {NULL, BANTAM_I8, 1, {3}, small, 3},       {"__metadata__", BANTAM_I8, 1, {3}, small, 3},
        {"small", BANTAM_I8, 1, {3}, small, 3}, // there twice
        {"a", (bantam_dtype)99, 1, {3}, small, 3}, {"a", BANTAM_I8, 1, {3}, small, 2},
        {"a", BANTAM_I8, 5, {3}, small, 3},        {"a", BANTAM_I8, -1, {3}, small, 1},
        {"a", BANTAM_I8, 1, {3}, NULL, 3},         {"a\xff", BANTAM_I8, 1, {3}, small, 3},
    };
    bantam_buffer out;
    bantam_buffer_init(&out, 1 << 16);
    bantam_buffer_append_string(&out, "before");
    for (size_t at = 0; at < sizeof wrong / sizeof *wrong; at++) {
        bantam_tensor both[] = {tensors[0], wrong[at]};
        assert_int_equal(bantam_model_write(&out, both, 2, NULL, 0, NULL), BANTAM_ERROR_ARGUMENT);
    }
    static const bantam_metadata wrong_metadata[][2] = {
        {{"format", "2"}, {"a", "b"}}, {{"a", "1"}, {"a", "2"}},   {{"a", NULL}, {"b", ""}},
        {{NULL, "1"}, {"b", ""}},      {{"a", "\xc3"}, {"b", ""}},
    };
    for (size_t at = 0; at < sizeof wrong_metadata / sizeof *wrong_metadata; at++) {
        assert_int_equal(bantam_model_write(&out, NULL, 0, wrong_metadata[at], 2, NULL),
                         BANTAM_ERROR_ARGUMENT);
    }
    assert_int_equal(out.size, strlen("before"));
    assert_false(out.failed);
    bantam_buffer_release(&out);
    bantam_buffer_init(&out, 100);
    assert_int_equal(bantam_model_write(&out, tensors, TENSORS, NULL, 0, NULL),
                     BANTAM_ERROR_MEMORY);
    assert_int_equal(out.size, 0);
    bantam_buffer_release(&out);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trip_keeps_everything),
        cmocka_unit_test(same_content_gives_same_bytes),
        cmocka_unit_test(a_model_without_tensors_is_a_model),
        cmocka_unit_test(every_cut_is_an_error),
        cmocka_unit_test(every_flipped_byte_is_survived),
        cmocka_unit_test(damages_are_told_apart),
        cmocka_unit_test(a_damaged_tensor_is_located),
        cmocka_unit_test(a_huge_claim_allocates_nothing),
        cmocka_unit_test(wrong_arguments_write_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
