// Arenas, buffers, memory that fails on demand, random numbers and parallel loops.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bantam/buffer.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/index_table.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "base/random.h"

static void an_arena_keeps_what_it_gave(void **state)
{
    (void)state;
    struct arena arena = ARENA_EMPTY;
    char *strings[2000];
    for (size_t i = 0; i < 2000; i++) {
        strings[i] = arena_format(&arena, "%zu %0*d", i, (int)(i % 97), 7);
        assert_non_null(strings[i]);
        unsigned char *block = arena_allocate(&arena, i % 5000);
        assert_int_equal((uintptr_t)block % 16, 0);
        memset(block, 0xEE, i % 5000);
    }
    for (size_t i = 0; i < 2000; i++) {
        struct arena other = ARENA_EMPTY;
        assert_string_equal(strings[i], arena_format(&other, "%zu %0*d", i, (int)(i % 97), 7));
        arena_release(&other);
    }
    arena_release(&arena);
    assert_null(arena.newest);
}

static void arrays_are_cleared_and_do_not_overflow(void **state)
{
    (void)state;
    struct arena arena = ARENA_EMPTY;
    memset(arena_allocate(&arena, 4096), 0xEE, 4096);
    arena_release(&arena);
    const uint64_t *numbers = arena_allocate_array(&arena, 300, sizeof *numbers);
    for (size_t i = 0; i < 300; i++) {
        assert_int_equal(numbers[i], 0);
    }
    assert_null(arena_allocate_array(&arena, SIZE_MAX / 2, 3));
    assert_null(memory_allocate_array(SIZE_MAX / 2, 3));
    assert_non_null(arena_allocate(&arena, 1)); // still usable
    assert_string_equal(arena_copy(&arena, "abcdef", 3), "abc");
    assert_string_equal(arena_copy_string(&arena, ""), "");
    arena_release(&arena);
}

static void an_allocation_fails_once_when_told_to(void **state)
{
    (void)state;
    if (!memory_can_fail()) {
        skip();
    }
    memory_fail_after(1);
    void *first = memory_allocate(8), *second = memory_allocate(8), *third = memory_allocate(8);
    assert_non_null(first);
    assert_null(second);
    assert_non_null(third);
    assert_false(memory_fail_pending());
    memory_fail_after(0);
    void *grown = memory_resize_array(first, 100, 8);
    assert_null(grown); // and the old block is still ours
    memset(first, 1, 8);
    memory_free(first);
    memory_free(third);
    struct arena arena = ARENA_EMPTY;
    memory_fail_after(0);
    assert_null(arena_copy_string(&arena, "x"));
    assert_string_equal(arena_copy_string(&arena, "x"), "x");
    arena_release(&arena);
    memory_fail_after(UINT64_MAX);
}

static void a_buffer_stops_at_its_maximum(void **state)
{
    (void)state;
    bantam_buffer buffer;
    bantam_buffer_init(&buffer, 10);
    bantam_buffer_append_string(&buffer, "12345");
    bantam_buffer_append_format(&buffer, "%d", 67890);
    assert_false(buffer.failed);
    assert_int_equal(buffer.size, 10);
    assert_memory_equal(buffer.data, "1234567890", 10);
    bantam_buffer_append(&buffer, "", 0);
    assert_false(buffer.failed);
    bantam_buffer_append(&buffer, "x", 1);
    assert_true(buffer.failed);
    assert_int_equal(buffer.size, 10);
    bantam_buffer_release(&buffer);
    assert_null(buffer.data);
}

static void a_buffer_that_failed_stays_as_it_was(void **state)
{
    (void)state;
    if (!memory_can_fail()) {
        skip();
    }
    bantam_buffer buffer;
    bantam_buffer_init(&buffer, 1 << 20);
    bantam_buffer_append_string(&buffer, "kept");
    char large[5000] = {0};
    memory_fail_after(0);
    bantam_buffer_append(&buffer, large, sizeof large);
    memory_fail_after(UINT64_MAX);
    assert_true(buffer.failed);
    bantam_buffer_append_string(&buffer, "lost");
    assert_int_equal(buffer.size, 4);
    assert_memory_equal(buffer.data, "kept", 4);
    bantam_buffer_release(&buffer);
}

static void errors_are_cut_and_may_be_unwanted(void **state)
{
    (void)state;
    char words[3000];
    memset(words, 'w', sizeof words);
    words[sizeof words - 1] = '\0';
    bantam_error error;
    assert_int_equal(error_set_at(&error, BANTAM_ERROR_INPUT, 12, 3, "at %s", words),
                     BANTAM_ERROR_INPUT);
    assert_int_equal(error.code, BANTAM_ERROR_INPUT);
    assert_int_equal(error.position, 12);
    assert_int_equal(error.line, 3);
    assert_int_equal(strlen(error.message), sizeof error.message - 1);
    assert_memory_equal(error.message, "at www", 6);
    assert_int_equal(error_set(NULL, BANTAM_ERROR_MODEL, "unseen"), BANTAM_ERROR_MODEL);
    assert_int_equal(error_memory(NULL), BANTAM_ERROR_MEMORY);
}

// The first numbers of splitmix64 with the seed 1234567, as its authors' program prints them.
static void random_numbers_are_those_of_splitmix64(void **state)
{
    (void)state;
    static const uint64_t expected[] = {6457827717110365317U, 3203168211198807973U,
                                        9817491932198370423U, 4593380528125082431U,
                                        16408922859458223821U};
    struct random random = {1234567};
    for (size_t i = 0; i < 5; i++) {
        assert_true(random_next(&random) == expected[i]);
    }
}

static void random_choices_keep_to_their_range(void **state)
{
    (void)state;
    struct random random = {9};
    size_t counts[5] = {0};
    double sum = 0;
    for (size_t i = 0; i < 10000; i++) {
        counts[random_below(&random, 5)]++;
        double unit = random_unit(&random);
        assert_true(unit >= 0 && unit < 1);
        sum += unit;
    }
    for (size_t i = 0; i < 5; i++) {
        assert_in_range(counts[i], 1800, 2200);
    }
    assert_true(sum > 4800 && sum < 5200);
    uint32_t values[100];
    bool seen[100] = {false}, moved = false;
    for (uint32_t i = 0; i < 100; i++) {
        values[i] = i;
    }
    random_shuffle(&random, values, 100);
    for (uint32_t i = 0; i < 100; i++) {
        assert_false(seen[values[i]]);
        seen[values[i]] = true;
        moved |= values[i] != i;
    }
    assert_true(moved);
    random_shuffle(&random, values, 0);
}

static void square(void *context, size_t i)
{
    ((uint64_t *)context)[i] += (uint64_t)i * i;
}

static void each_piece_of_work_is_done_once(void **state)
{
    (void)state;
    for (int n_threads = 0; n_threads < 5; n_threads++) {
        uint64_t squares[257] = {0};
        parallel_for(256, n_threads, square, squares);
        for (size_t i = 0; i < 256; i++) {
            assert_true(squares[i] == (uint64_t)i * i);
        }
        assert_true(squares[256] == 0);
    }
    parallel_for(0, 4, square, NULL);
}

static void an_index_table_finds_what_it_was_given(void **state)
{
    (void)state;
    struct index_table table;
    bool is_new;
    assert_true(index_table_init(&table, 4));
    for (uint32_t i = 0; i < 1000;
         i++) { // 0 is a hash like others; every second one stands there already
        uint32_t *index = index_table_entry(&table, i / 2 * 0x9E3779B97F4A7C15U, &is_new);
        assert_true(is_new == (i % 2 == 0));
        if (is_new) {
            *index = i;
        }
        assert_int_equal(*index, i / 2 * 2);
    }
    for (uint32_t i = 0; i < 500; i++) {
        assert_int_equal(*index_table_entry(&table, i * 0x9E3779B97F4A7C15U, &is_new), 2 * i);
        assert_false(is_new);
    }
    assert_int_equal(table.used, 500);
    index_table_release(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_arena_keeps_what_it_gave),
        cmocka_unit_test(arrays_are_cleared_and_do_not_overflow),
        cmocka_unit_test(an_allocation_fails_once_when_told_to),
        cmocka_unit_test(a_buffer_stops_at_its_maximum),
        cmocka_unit_test(a_buffer_that_failed_stays_as_it_was),
        cmocka_unit_test(errors_are_cut_and_may_be_unwanted),
        cmocka_unit_test(random_numbers_are_those_of_splitmix64),
        cmocka_unit_test(random_choices_keep_to_their_range),
        cmocka_unit_test(each_piece_of_work_is_done_once),
        cmocka_unit_test(an_index_table_finds_what_it_was_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
