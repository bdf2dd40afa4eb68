// The pairs of AdderBoard's verifier, made as CPython makes them.
//
// random.Random(s) seeds the Mersenne Twister MT19937 (Matsumoto, Nishimura 1998) by init_by_array with the 32-bit words of s;
// randint(0, n − 1) draws getrandbits(k), k the bit length of n, until it is below n; getrandbits takes the low 32 bits from one
// output and the upper k − 32 from the top of the next.
#include "bantam/adder.h"

enum {
    STATE_SIZE = 624,
    MIDDLE = 397,
};

struct mersenne_twister {
    uint32_t state[STATE_SIZE];
    size_t at;
};

static void seed_by_number(struct mersenne_twister *twister, uint32_t seed)
{
    twister->state[0] = seed;
    for (uint32_t i = 1; i < STATE_SIZE; i++) {
        uint32_t before = twister->state[i - 1];
        twister->state[i] = 1812433253U * (before ^ before >> 30) + i;
    }
    twister->at = STATE_SIZE;
}

// init_by_array for a key of one word.
static void seed_by_key(struct mersenne_twister *twister, uint32_t key)
{
    uint32_t *state = twister->state;
    size_t i = 1;
    seed_by_number(twister, 19650218U);
    for (size_t k = 0; k < STATE_SIZE; k++) {
        state[i] = (state[i] ^ (state[i - 1] ^ state[i - 1] >> 30) * 1664525U) + key;
        if (++i == STATE_SIZE) {
            state[0] = state[STATE_SIZE - 1];
            i = 1;
        }
    }
    for (size_t k = 1; k < STATE_SIZE; k++) {
        state[i] = (state[i] ^ (state[i - 1] ^ state[i - 1] >> 30) * 1566083941U) - (uint32_t)i;
        if (++i == STATE_SIZE) {
            state[0] = state[STATE_SIZE - 1];
            i = 1;
        }
    }
    state[0] = 0x80000000U;
}

static void refill(struct mersenne_twister *twister)
{
    uint32_t *state = twister->state;
    for (size_t i = 0; i < STATE_SIZE; i++) {
        uint32_t joined = (state[i] & 0x80000000U) | (state[(i + 1) % STATE_SIZE] & 0x7FFFFFFFU);
        state[i] = state[(i + MIDDLE) % STATE_SIZE] ^ joined >> 1 ^ (joined & 1 ? 0x9908B0DFU : 0);
    }
    twister->at = 0;
}

static uint32_t next_word(struct mersenne_twister *twister)
{
    if (twister->at == STATE_SIZE) {
        refill(twister);
    }
    uint32_t word = twister->state[twister->at++];
    word ^= word >> 11;
    word ^= word << 7 & 0x9D2C5680U;
    word ^= word << 15 & 0xEFC60000U;
    return word ^ word >> 18;
}

// randint(0, 9999999999): 10^10 has 34 bits.
static uint64_t next_number(struct mersenne_twister *twister)
{
    for (;;) {
        uint64_t low = next_word(twister);
        uint64_t number = (uint64_t)(next_word(twister) >> 30) << 32 | low;
        if (number < UINT64_C(10000000000)) {
            return number;
        }
    }
}

void bantam_official_pairs(uint64_t *a, uint64_t *b)
{
    static const uint64_t edge_cases[][2] = {
        {0, 0},
        {0, 1},
        {9999999999, 0},
        {9999999999, 1},
        {9999999999, 9999999999},
        {5000000000, 5000000000},
        {1111111111, 8888888889},
        {1234567890, 9876543210},
        {9999999999, 9999999999},
        {1, 9999999999},
    };
    enum {
        N_EDGE_CASES = sizeof edge_cases / sizeof *edge_cases
    };
    for (size_t i = 0; i < N_EDGE_CASES; i++) {
        a[i] = edge_cases[i][0];
        b[i] = edge_cases[i][1];
    }
    struct mersenne_twister twister;
    seed_by_key(&twister, 2025);
    for (size_t i = N_EDGE_CASES; i < BANTAM_OFFICIAL_PAIRS; i++) {
        a[i] = next_number(&twister);
        b[i] = next_number(&twister);
    }
}
