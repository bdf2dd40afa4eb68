// Dinkelbach's iterations around a walk over columns and carries.
#include "neural/proof_bound.h"

#include <string.h>

#include "base/error.h"
#include "base/memory.h"

enum {
    ITERATIONS = 8,
    NO_CHOICE = 0xFF,
};

void proof_query_release(struct proof_query *query)
{
    memory_free(query->weights);
    memory_free(query->denominator);
    *query = (struct proof_query){0};
}

static const struct interval *weight(const struct proof_query *query, size_t head, size_t position)
{
    return query->weights + (head * shape_inputs(query->model->shape) + position) * PROOF_TOKENS;
}

bantam_status proof_query_init(struct proof_query *query, const struct proof_model *model,
                               size_t step, size_t token, bantam_error *error)
{
    const struct neural_shape *shape = model->shape;
    *query = (struct proof_query){
        .model = model, .step = step, .token = token, .position = shape->prompt - 1 + step};
    query->weights = memory_allocate_array(shape->n_heads * shape_inputs(shape) * PROOF_TOKENS,
                                           sizeof *query->weights);
    query->denominator = memory_allocate_array(shape->n_heads, sizeof *query->denominator);
    if (!query->weights || !query->denominator) {
        proof_query_release(query);
        return error_memory(error);
    }
    proof_weights(query->weights, model, query->position, token);
    for (size_t head = 0; head < shape->n_heads; head++) {
        for (size_t position = 0; position <= query->position; position++) {
            const struct interval *of = weight(query, head, position);
            double least = of[0].low;
            for (size_t digit = 1; digit < PROOF_TOKENS; digit++) {
                least = fmin(least, of[digit].low);
            }
            query->denominator[head] += least * (1 - INTERVAL_SLACK);
        }
    }
    return BANTAM_OK;
}

// Upper bounds of e·(sign·v − θ) for each position and token, and the slack of summing them.
struct terms {
    double of[NEURAL_LENGTH][PROOF_TOKENS];
    double slack;
};

static void set_terms(struct terms *terms, const struct proof_query *query, size_t head, size_t row,
                      double sign, double theta)
{
    double magnitude = 0;
    for (size_t position = 0; position <= query->position; position++) {
        const struct interval *weights = weight(query, head, position);
        double most = 0;
        for (size_t digit = 0; digit < PROOF_TOKENS; digit++) {
            struct interval value = proof_value(query->model, head, position, digit)[row];
            double high = (sign > 0 ? value.high : -value.low) - theta;
            high += INTERVAL_SLACK * (interval_magnitude(value) + fabs(theta));
            double term = high * (high > 0 ? weights[digit].high : weights[digit].low);
            terms->of[position][digit] = term;
            most = fmax(most, fabs(term));
        }
        magnitude += most;
    }
    terms->slack = magnitude * INTERVAL_SLACK + INTERVAL_TINY;
}

// The best way through the columns so far that ends in each carry.
struct walk {
    double best[BANTAM_ADDER_DIGITS + 1][2];
    uint8_t a[BANTAM_ADDER_DIGITS][2], b[BANTAM_ADDER_DIGITS][2], from[BANTAM_ADDER_DIGITS][2];
};

// One column below the answered one: its answer digit has been read, and the last one is the query's own token.
static void walk_column(struct walk *walk, const struct proof_query *query,
                        const struct proof_cell *cell, const struct terms *terms, size_t column)
{
    const bantam_adder *adder = query->model->adder;
    const double *of_a = terms->of[adder->first_a + column];
    const double *of_b = terms->of[adder->first_b + column];
    const double *of_answer = terms->of[query->model->shape->prompt + column];
    bool last = column + 1 == query->step;
    walk->best[column + 1][0] = walk->best[column + 1][1] = -INFINITY;
    for (unsigned a = 0; a < 10; a++) {
        for (unsigned b = 0; b < 10; b++) {
            if (!(cell->columns[column].a >> a & cell->columns[column].b >> b & 1)) {
                continue;
            }
            for (unsigned carry = 0; carry < 2; carry++) {
                unsigned sum = a + b + carry, answer = sum % 10, out = sum / 10;
                double total = walk->best[column][carry] + of_a[a] + of_b[b] + of_answer[answer];
                if (total > walk->best[column + 1][out] && (!last || answer == query->token)) {
                    walk->best[column + 1][out] = total;
                    walk->a[column][out] = (uint8_t)a;
                    walk->b[column][out] = (uint8_t)b;
                    walk->from[column][out] = (uint8_t)carry;
                }
            }
        }
    }
}

static double best_digit(const double *terms, uint16_t digits, uint8_t *choice)
{
    double best = -INFINITY;
    for (unsigned digit = 0; digit < 10; digit++) {
        if (digits >> digit & 1 && terms[digit] > best) {
            best = terms[digit];
            *choice = (uint8_t)digit;
        }
    }
    return best;
}

// Positions of the prompt that hold no digit of a or b.
static bool is_separator(const bantam_adder *adder, size_t position)
{
    return !(position >= adder->first_a && position < adder->first_a + adder->n_digits) &&
           !(position >= adder->first_b && position < adder->first_b + adder->n_digits);
}

// The greatest sum of terms over the cell and a pair that has it; −∞ for an empty cell.
static double greatest(const struct terms *terms, const struct proof_query *query,
                       const struct proof_cell *cell, struct proof_pair *pair)
{
    const bantam_adder *adder = query->model->adder;
    struct walk walk;
    walk.best[0][0] = 0;
    walk.best[0][1] = -INFINITY;
    for (size_t column = 0; column < query->step; column++) {
        walk_column(&walk, query, cell, terms, column);
    }
    double total = walk.best[query->step][cell->carry];
    unsigned carry = cell->carry;
    for (size_t column = query->step; total > -INFINITY && column > 0; column--) {
        pair->a[column - 1] = walk.a[column - 1][carry];
        pair->b[column - 1] = walk.b[column - 1][carry];
        carry = walk.from[column - 1][carry];
    }
    for (size_t column = query->step; column < adder->n_digits; column++) {
        total += best_digit(terms->of[adder->first_a + column], cell->columns[column].a,
                            &pair->a[column]);
        total += best_digit(terms->of[adder->first_b + column], cell->columns[column].b,
                            &pair->b[column]);
    }
    for (size_t position = 0; position < query->model->shape->prompt; position++) {
        total += is_separator(adder, position) ? terms->of[position][0] : 0;
    }
    return total + terms->slack;
}

// The token at each position read so far.
static void spell(uint8_t *tokens, const struct proof_query *query, const struct proof_pair *pair)
{
    const bantam_adder *adder = query->model->adder;
    size_t prompt = query->model->shape->prompt;
    memset(tokens, 0, query->position + 1);
    unsigned carry = 0;
    for (size_t column = 0; column < adder->n_digits; column++) {
        unsigned sum = (unsigned)pair->a[column] + pair->b[column] + carry;
        tokens[adder->first_a + column] = pair->a[column];
        tokens[adder->first_b + column] = pair->b[column];
        if (column < query->step) {
            tokens[prompt + column] = (uint8_t)(sum % 10);
        }
        carry = sum / 10;
    }
}

static double middle(struct interval x)
{
    return 0.5 * (x.low + x.high);
}

static double mix(const struct proof_query *query, const uint8_t *tokens, size_t head, size_t row)
{
    double numerator = 0, denominator = 0;
    for (size_t position = 0; position <= query->position; position++) {
        double e = middle(weight(query, head, position)[tokens[position]]);
        numerator += e * middle(proof_value(query->model, head, position, tokens[position])[row]);
        denominator += e;
    }
    return numerator / denominator;
}

// An upper bound on sign·N / D over the cell; −∞ where it is empty.
static double bound_above(const struct proof_query *query, const struct proof_cell *cell,
                          size_t head, size_t row, double sign, struct proof_pair *pair)
{
    struct terms terms;
    double theta = 0, excess = 0;
    for (size_t i = 0; i < ITERATIONS; i++) {
        set_terms(&terms, query, head, row, sign, theta);
        excess = greatest(&terms, query, cell, pair);
        if (excess == -INFINITY) {
            return excess;
        }
        uint8_t tokens[NEURAL_LENGTH];
        spell(tokens, query, pair);
        double next = sign * mix(query, tokens, head, row);
        if (i + 1 == ITERATIONS || !(fabs(next - theta) > 1e-9 * fabs(theta))) {
            break;
        }
        theta = next;
    }
    // w·N / D − θ = (w·N − θ·D) / D ≤ excess / D.
    double above = theta + fmax(excess, 0) / query->denominator[head];
    return above + INTERVAL_SLACK * fabs(above) + INTERVAL_TINY;
}

bool proof_bound(struct interval *added, const struct proof_query *query,
                 const struct proof_cell *cell, size_t head, size_t row, struct proof_pair *lowest,
                 struct proof_pair *highest)
{
    added->high = bound_above(query, cell, head, row, 1, highest);
    if (added->high == -INFINITY) {
        return false;
    }
    added->low = -bound_above(query, cell, head, row, -1, lowest);
    return true;
}

void proof_attend(struct interval *x, const struct proof_query *query,
                  const struct proof_pair *pair)
{
    const struct neural_shape *shape = query->model->shape;
    uint8_t tokens[NEURAL_LENGTH];
    spell(tokens, query, pair);
    const struct interval *base = proof_stream(query->model, query->position, query->token);
    for (size_t row = 0; row < shape->width; row++) {
        x[row] = base[row];
        for (size_t head = 0; head < shape->n_heads; head++) {
            x[row] = interval_add(x[row], interval_exactly(mix(query, tokens, head, row)));
        }
    }
}

double proof_spread(const struct proof_query *query, const struct proof_cell *cell, size_t row,
                    size_t column, bool of_b)
{
    const bantam_adder *adder = query->model->adder;
    size_t position = (of_b ? adder->first_b : adder->first_a) + column;
    uint16_t digits = of_b ? cell->columns[column].b : cell->columns[column].a;
    double spread = 0;
    for (size_t head = 0; head < query->model->shape->n_heads; head++) {
        double least = INFINITY, most = -INFINITY, heaviest = 0;
        for (unsigned digit = 0; digit < 10; digit++) {
            if (digits >> digit & 1) {
                double value = middle(proof_value(query->model, head, position, digit)[row]);
                heaviest = fmax(heaviest, weight(query, head, position)[digit].high);
                least = fmin(least, value);
                most = fmax(most, value);
            }
        }
        spread += heaviest * (most - least) / fmax(query->denominator[head], INTERVAL_TINY);
    }
    return spread;
}
