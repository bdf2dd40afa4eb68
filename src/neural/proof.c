// The search over cells, depth first with a stack: halving a cell pushes its other half.
#include "neural/proof.h"

#include <string.h>

#include "base/error.h"
#include "base/memory.h"

enum {
    // Each halving leaves one cell behind; a pair is left after at most 10 halvings a column (4 + 4, and a few).
    STACK_SIZE = BANTAM_ADDER_DIGITS * 10,
    BOX_HALVINGS = 6, // how often the box of the stream is halved before the cell is
    EVERY_DIGIT = (1 << 10) - 1,
};

struct search {
    const struct proof_query *query;
    bantam_adder *adder;
    struct proof_cell stack[STACK_SIZE];
    size_t n_stack;
    uint64_t cells_left;
    struct proof_result *result;
};

static unsigned lowest_bit(uint16_t digits)
{
    unsigned bit = 0;
    while (!(digits >> bit & 1)) {
        bit++;
    }
    return bit;
}

static bool is_single(uint16_t digits)
{
    return (digits & (digits - 1)) == 0;
}

// The digit that all pairs of a cell have at its step; column j's digits are single by construction.
static size_t right_digit(const struct search *search, const struct proof_cell *cell)
{
    size_t step = search->query->step;
    if (step == search->adder->n_digits) {
        return cell->carry;
    }
    return (lowest_bit(cell->columns[step].a) + lowest_bit(cell->columns[step].b) + cell->carry) %
           10;
}

// A lower bound on the right logit's lead over a box, halved along its longest side while that helps.
static double box_margin(const struct proof_model *model, struct interval *x, size_t right,
                         int halvings)
{
    double margin = proof_margin(model, x, right);
    if (margin > 0 || halvings == 0) {
        return margin;
    }
    size_t longest = 0;
    for (size_t i = 1; i < model->shape->width; i++) {
        longest = x[i].high - x[i].low > x[longest].high - x[longest].low ? i : longest;
    }
    struct interval side = x[longest];
    double middle = 0.5 * (side.low + side.high);
    x[longest].high = middle;
    double lower = box_margin(model, x, right, halvings - 1), upper = lower;
    if (lower > 0) {
        x[longest] = (struct interval){middle, side.high};
        upper = box_margin(model, x, right, halvings - 1);
    }
    x[longest] = side;
    return fmin(lower, upper);
}

static uint64_t number(const uint8_t *digits, size_t n)
{
    uint64_t value = 0;
    for (size_t i = n; i > 0; i--) {
        value = value * 10 + digits[i - 1];
    }
    return value;
}

// Runs the model itself on a pair.
static bantam_status run_pair(struct search *search, const struct proof_pair *pair,
                              bantam_error *error)
{
    uint64_t a = number(pair->a, search->adder->n_digits);
    uint64_t b = number(pair->b, search->adder->n_digits), sum;
    bantam_status status = bantam_adder_add(search->adder, &a, &b, &sum, 1, error);
    if (!status && sum != a + b) {
        search->result->verdict = BANTAM_REFUTED;
        search->result->pair = *pair;
    }
    return status;
}

// Whether the pair looks as if it failed at this step; if so the model is run on it.
static bantam_status suspect(struct search *search, const struct proof_pair *pair, size_t digit,
                             bantam_error *error)
{
    struct interval x[NEURAL_WIDTH];
    proof_attend(x, search->query, pair);
    if (proof_margin(search->query->model, x, digit) > 0) {
        return BANTAM_OK;
    }
    return run_pair(search, pair, error);
}

// The digit whose choice moves the coordinate most, as column·2 + (1 where it is b's); SIZE_MAX where only one pair is left.
static size_t choose_digit(const struct search *search, const struct proof_cell *cell, size_t row)
{
    size_t best = SIZE_MAX;
    double most = -1;
    for (size_t i = 0; i < 2 * search->adder->n_digits; i++) {
        const struct proof_column *column = &cell->columns[i / 2];
        double spread = is_single(i % 2 ? column->b : column->a)
                            ? -1
                            : proof_spread(search->query, cell, row, i / 2, i % 2);
        if (spread > most) {
            most = spread;
            best = i;
        }
    }
    return best;
}

// The lower half of the digits by number, which trained embeddings keep in order more often than not.
static uint16_t lower_half(uint16_t digits)
{
    unsigned n = (unsigned)__builtin_popcount(digits);
    uint16_t half = 0;
    for (unsigned i = 0; i < n / 2; i++) {
        half |= (uint16_t)(1U << lowest_bit(digits & (uint16_t)~half));
    }
    return half;
}

static bantam_status halve(struct search *search, const struct proof_cell *cell, size_t row,
                           const struct proof_pair *pair, bantam_error *error)
{
    size_t choice = choose_digit(search, cell, row);
    if (choice == SIZE_MAX) { // one pair: what the engine answers is the proof
        search->result->margin = fmin(search->result->margin, 0);
        return run_pair(search, pair, error);
    }
    struct proof_cell halves[2] = {*cell, *cell};
    for (size_t i = 0; i < 2; i++) {
        struct proof_column *column = &halves[i].columns[choice / 2];
        uint16_t *digits = choice % 2 ? &column->b : &column->a;
        *digits = i ? *digits & (uint16_t)~lower_half(*digits) : lower_half(*digits);
        search->stack[search->n_stack++] = halves[i];
    }
    return BANTAM_OK;
}

// Bounds the stream over the cell; `pairs` receives two for each coordinate. False where the cell is empty.
static bool bound_stream(const struct search *search, const struct proof_cell *cell,
                         struct interval *x, struct proof_pair (*pairs)[2])
{
    const struct proof_query *query = search->query;
    const struct neural_shape *shape = query->model->shape;
    const struct interval *base = proof_stream(query->model, query->position, query->token);
    for (size_t row = 0; row < shape->width; row++) {
        x[row] = base[row];
        for (size_t head = 0; head < shape->n_heads; head++) {
            struct interval added;
            if (!proof_bound(&added, query, cell, head, row, &pairs[row][0], &pairs[row][1])) {
                return false;
            }
            x[row] = interval_add(x[row], added);
        }
    }
    return true;
}

static bantam_status settle(struct search *search, const struct proof_cell *cell,
                            bantam_error *error)
{
    const struct neural_shape *shape = search->query->model->shape;
    struct interval x[NEURAL_WIDTH];
    struct proof_pair pairs[NEURAL_WIDTH][2];
    memset(pairs, 0, sizeof pairs);
    if (!bound_stream(search, cell, x, pairs)) {
        return BANTAM_OK;
    }
    size_t digit = right_digit(search, cell), widest = 0;
    double margin = box_margin(search->query->model, x, digit, BOX_HALVINGS);
    if (margin > 0) {
        search->result->margin = fmin(search->result->margin, margin);
        return BANTAM_OK;
    }
    bantam_status status = BANTAM_OK;
    for (size_t i = 0; !status && i < 2 * shape->width; i++) {
        status = suspect(search, &pairs[i / 2][i % 2], digit, error);
        if (search->result->verdict == BANTAM_REFUTED) {
            return status;
        }
        widest = x[i / 2].high - x[i / 2].low > x[widest].high - x[widest].low ? i / 2 : widest;
    }
    return status ? status : halve(search, cell, widest, &pairs[widest][0], error);
}

static bantam_status search_cell(struct search *search, const struct proof_cell *first,
                                 bantam_error *error)
{
    search->stack[0] = *first;
    search->n_stack = 1;
    while (search->n_stack > 0 && search->result->verdict == BANTAM_PROVED) {
        if (search->cells_left == 0) {
            search->result->verdict = BANTAM_UNDECIDED;
            break;
        }
        search->cells_left--;
        search->result->n_cells++;
        struct proof_cell cell = search->stack[--search->n_stack];
        bantam_status status = settle(search, &cell, error);
        if (status) {
            return status;
        }
    }
    return BANTAM_OK;
}

bantam_status proof_of_query(struct proof_result *result, const struct proof_model *model,
                             bantam_adder *adder, size_t step, size_t token, uint64_t cells_maximum,
                             bantam_error *error)
{
    *result = (struct proof_result){.verdict = BANTAM_PROVED, .margin = INFINITY};
    struct search *search = memory_allocate_array(1, sizeof *search);
    struct proof_query query;
    if (!search) {
        return error_memory(error);
    }
    bantam_status status = proof_query_init(&query, model, step, token, error);
    if (status) {
        memory_free(search);
        return status;
    }
    *search = (struct search){
        .query = &query, .adder = adder, .cells_left = cells_maximum, .result = result};
    size_t n_columns = step < adder->n_digits ? 100 : 1; // the last answer has no column of its own
    for (size_t i = 0; !status && i < 2 * n_columns && result->verdict == BANTAM_PROVED; i++) {
        struct proof_cell cell = {.carry = i % 2};
        for (size_t column = 0; column < adder->n_digits; column++) {
            cell.columns[column] = (struct proof_column){EVERY_DIGIT, EVERY_DIGIT};
        }
        if (step < adder->n_digits) {
            cell.columns[step].a = (uint16_t)(1U << (i / 20));
            cell.columns[step].b = (uint16_t)(1U << (i / 2 % 10));
        }
        status = search_cell(search, &cell, error);
    }
    proof_query_release(&query);
    memory_free(search);
    return status;
}

bantam_proof_options bantam_proof_options_default(void)
{
    return (bantam_proof_options){.cells_maximum = 20000000};
}

static void note(bantam_proof *proof, const struct proof_result *result, bantam_adder *adder,
                 size_t step)
{
    proof->n_cells += result->n_cells;
    proof->least_margin = fmin(proof->least_margin, result->margin);
    proof->verdict = result->verdict;
    proof->step = step;
    proof->a = number(result->pair.a, adder->n_digits);
    proof->b = number(result->pair.b, adder->n_digits);
}

bantam_status bantam_adder_prove(bantam_proof *proof, bantam_adder *adder,
                                 const bantam_proof_options *options, bantam_error *error)
{
    bantam_proof_options chosen = options ? *options : bantam_proof_options_default();
    *proof = (bantam_proof){.least_margin = INFINITY};
    if (adder->precision != BANTAM_FLOAT64) {
        return error_set(error, BANTAM_ERROR_ARGUMENT,
                         "a proof speaks of float64: open the adder with that precision");
    }
    struct proof_model model;
    bantam_status status = proof_model_init(&model, adder, error);
    for (size_t step = 0; !status && step <= adder->n_digits; step++) {
        if (chosen.progress &&
            !chosen.progress(chosen.progress_context, step, adder->n_digits + 1, proof->n_cells)) {
            status = error_set(error, BANTAM_ERROR_CANCELLED, "the proof was cancelled");
        }
        size_t n_tokens = step == 0 ? 1 : PROOF_TOKENS; // the prompt ends in a 0
        for (size_t token = 0; !status && token < n_tokens; token++) {
            struct proof_result result;
            status = proof_of_query(&result, &model, adder, step, token,
                                    chosen.cells_maximum - proof->n_cells, error);
            if (!status) {
                note(proof, &result, adder, step);
            }
            if (!status && proof->verdict != BANTAM_PROVED) {
                proof_model_release(&model);
                return proof->verdict == BANTAM_REFUTED
                           ? bantam_adder_add(adder, &proof->a, &proof->b, &proof->answer, 1, error)
                           : BANTAM_OK;
            }
        }
    }
    proof_model_release(&model);
    return status;
}
