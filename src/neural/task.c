// The tasks. Each draws prompts whose answers it knows; a hard share oversamples what a uniform draw hardly ever shows.
#include "neural/task.h"

#include <string.h>

// Addition: 0, a reversed (n), zeros, b reversed (n), 0 | a + b reversed (n + 1). With gaps of g zeros between a and b the prompt is
// 2n + g + 2 long; n follows from the length: answer = n + 1.
static size_t addend_digits(const struct neural_shape *shape)
{
    return shape->length - shape->prompt - 1;
}

static const char *refuse_addition(const struct neural_shape *shape)
{
    size_t answer = shape->length - shape->prompt;
    if (shape->vocabulary != 10 || answer < 2 || shape->prompt < 2 * (answer - 1) + 2) {
        return "addition needs the symbols 0 to 9, an answer one longer than an operand, and a "
               "prompt "
               "with room for two operands between zeros";
    }
    return NULL;
}

// No column of an easy pair carries.
static void draw_easy_columns(struct random *random, size_t n, uint8_t *a, uint8_t *b)
{
    for (size_t column = 0; column < n; column++) {
        uint64_t bits = random_next(random);
        uint8_t one = (uint8_t)((bits & 0xffffff) * 10 >> 24);
        uint8_t other = (uint8_t)((bits >> 24 & 0xffffff) * (10U - one) >> 24);
        a[column] = bits >> 63 ? one : other;
        b[column] = bits >> 63 ? other : one;
    }
}

// A hard pair has long chains of carries: most columns sum to 9 and pass on what comes in.
static void draw_columns(struct random *random, struct task_mix mix, uint8_t *a, uint8_t *b)
{
    if (mix.easy > 0 && random_unit(random) < mix.easy) {
        draw_easy_columns(random, mix.digits, a, b);
        return;
    }
    bool hard = random_unit(random) < mix.hard;
    size_t chains = hard ? 1 + random_below(random, 9) : 0; // tenths of the columns that pass on
    for (size_t column = 0; column < mix.digits; column++) {
        uint64_t bits = random_next(random);
        a[column] = (uint8_t)((bits & 0xffffff) * 10 >> 24);
        b[column] = (uint8_t)((bits >> 24 & 0xffffff) * 10 >> 24);
        unsigned passes =
            (bits >> 48) * 10 < chains << 16; // without a branch, which would be a coin's toss
        b[column] = (uint8_t)(b[column] + passes * (9U - a[column] - b[column]));
    }
}

static void draw_addition(struct random *random, const struct neural_shape *shape,
                          struct task_mix mix, uint8_t *tokens)
{
    size_t n = addend_digits(shape);
    uint8_t *a = tokens + 1, *b = tokens + shape->prompt - 1 - n, *sum = tokens + shape->prompt;
    memset(tokens, 0, shape->length);
    draw_columns(random, mix, a, b);
    unsigned carry = 0;
    for (size_t column = 0; column < n; column++) {
        unsigned total = a[column] + b[column] + carry;
        carry = total >= 10;
        sum[column] = (uint8_t)(total - 10 * carry);
    }
    sum[n] = (uint8_t)carry;
}

// The tasks on a row of symbols: n of them, a sign (the last symbol) | an answer of n.
static size_t row_length(const struct neural_shape *shape)
{
    return shape->length - shape->prompt;
}

static const char *refuse_row(const struct neural_shape *shape)
{
    if (shape->vocabulary < 3 || shape->prompt != row_length(shape) + 1) {
        return "this task needs at least two symbols and a last one that ends the prompt, a prompt "
               "of n + 1 "
               "and a length of 2n + 1";
    }
    return NULL;
}

// What is beyond the operand's length is the first symbol; there is no hard kind.
static void draw_running_sum(struct random *random, const struct neural_shape *shape,
                             struct task_mix mix, uint8_t *tokens)
{
    size_t n_symbols = shape->vocabulary - 1, sum = 0;
    memset(tokens, 0, shape->length);
    for (size_t i = 0; i < mix.digits; i++) {
        tokens[i] = (uint8_t)random_below(random, n_symbols);
    }
    tokens[shape->prompt - 1] = (uint8_t)n_symbols;
    for (size_t i = 0; i < row_length(shape); i++) {
        sum = (sum + tokens[i]) % n_symbols;
        tokens[shape->prompt + i] = (uint8_t)sum;
    }
}

static const struct neural_task tasks[] = {
    {"addition", "two numbers, least significant digit first, and their sum", refuse_addition,
     addend_digits, draw_addition},
    {"running-sum",
     "n symbols, the last symbol, and their sum so far, modulo how many symbols there are; of 0 "
     "and 1 the parity",
     refuse_row, row_length, draw_running_sum},
};

const struct neural_task *task_at(size_t i)
{
    return i < sizeof tasks / sizeof *tasks ? &tasks[i] : NULL;
}

const struct neural_task *task_find(const char *name)
{
    for (size_t i = 0; i < sizeof tasks / sizeof *tasks; i++) {
        if (strcmp(tasks[i].name, name) == 0) {
            return &tasks[i];
        }
    }
    return NULL;
}
