// How far a chunk reaches for given chances: against a search of all sizes, and by cases that a person can check.
#include "triage/chunk.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/random.h"

static struct chunk_side make_side(size_t n, const float *chances)
{
    struct chunk_side side = {.n = n};
    for (size_t i = 0; i < n; i++) {
        side.chances[i] = chances[i];
        side.expected += chances[i];
    }
    return side;
}

static struct chunk_size size_of(const struct chunk_side *before, const struct chunk_side *after)
{
    struct chunk_size size;
    assert_true(chunk_size(&size, before, after));
    return size;
}

static void takes_what_is_likely(void **state)
{
    (void)state;
    struct chunk_side none = make_side(0, NULL);
    struct chunk_side sure = make_side(4, (float[]){1, 1, 1, 0});
    struct chunk_side unlikely = make_side(3, (float[]){0.2F, 0.1F, 0.05F});
    struct chunk_size size = size_of(&none, &sure);
    assert_int_equal(size.before, 0);
    assert_int_equal(size.after, 3);
    size = size_of(&sure, &unlikely);
    assert_int_equal(size.before, 3);
    assert_int_equal(size.after, 0);
    size = size_of(&none, &none);
    assert_int_equal(size.before + size.after, 0);
}

// A line at .35 belongs to a chunk of vague ends, not to one that is told sharply.
static void leans_on_the_other_lines(void **state)
{
    (void)state;
    float vague[20];
    for (size_t i = 0; i < 20; i++) {
        vague[i] = 0.35F;
    }
    struct chunk_side before = make_side(1, vague), after = make_side(20, vague);
    assert_int_equal(size_of(&before, &after).before, 1);
    after = make_side(3, (float[]){1, 1, 1});
    assert_int_equal(size_of(&before, &after).before, 0);
}

static float expected_f1(const struct chunk_side *before, const struct chunk_side *after,
                         size_t n_before, size_t n_after)
{
    float hits = 1;
    for (size_t i = 0; i < n_before; i++) {
        hits += before->chances[i];
    }
    for (size_t i = 0; i < n_after; i++) {
        hits += after->chances[i];
    }
    return 2 * hits / ((float)(1 + n_before + n_after) + 1 + before->expected + after->expected);
}

// No smaller chunk is expected to do much better than the one taken: patience may cost a little.
static void no_smaller_one_is_better(void **state)
{
    (void)state;
    const float steps[][3] = {{0.99F, 0.7F, 0.3F}, {0.5F, 0.4F, 0.1F}, {0.9F, 0.2F, 0.19F}};
    for (size_t i = 0; i < 3; i++) {
        for (size_t j = 0; j < 3; j++) {
            struct chunk_side before = make_side(3, steps[i]), after = make_side(3, steps[j]);
            struct chunk_size size = size_of(&before, &after);
            float taken = expected_f1(&before, &after, size.before, size.after);
            for (size_t a = 0; a <= size.before; a++) {
                for (size_t b = 0; b <= size.after; b++) {
                    assert_true(expected_f1(&before, &after, a, b) <= taken * 1.03F);
                }
            }
        }
    }
}

// A side whose chances fall by random shares to what it keeps for long.
static struct chunk_side random_side(struct random *random)
{
    float chances[CHUNK_REACH], chance = 1;
    size_t n = random_below(random, CHUNK_REACH + 1), n_falling = random_below(random, 40);
    for (size_t i = 0; i < n; i++) {
        chance *= i < n_falling ? (float)(0.5 + 0.5 * random_unit(random)) : 1;
        chances[i] = chance;
    }
    return make_side(n, chances);
}

// The side as it is known after a part of the walk.
static struct chunk_side walked_part(const struct chunk_side *side, size_t n)
{
    if (n >= side->n) {
        return *side;
    }
    struct chunk_side part = make_side(n, side->chances);
    part.beyond = 1.001F * side->chances[n - 1] * (float)(CHUNK_REACH - n);
    return part;
}

// Where a part of two walks tells the size, all of them tell the same.
static void lines_ahead_do_not_change_what_is_told(void **state)
{
    (void)state;
    struct random random = {3};
    size_t n_told = 0, n_open = 0;
    for (size_t i = 0; i < 5000; i++) {
        struct chunk_side before = random_side(&random), after = random_side(&random);
        struct chunk_side near_before = walked_part(&before, 1 + random_below(&random, 60));
        struct chunk_side near_after = walked_part(&after, 1 + random_below(&random, 60));
        struct chunk_size all = size_of(&before, &after), near;
        if (chunk_size(&near, &near_before, &near_after)) {
            assert_int_equal(near.before, all.before);
            assert_int_equal(near.after, all.after);
            n_told += near_before.n < before.n || near_after.n < after.n;
        } else {
            n_open++;
        }
    }
    assert_true(n_told > 100 && n_open > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_what_is_likely),
        cmocka_unit_test(leans_on_the_other_lines),
        cmocka_unit_test(no_smaller_one_is_better),
        cmocka_unit_test(lines_ahead_do_not_change_what_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
