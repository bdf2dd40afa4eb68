// Two walks from the anchor give each line's chance; the likelier next line is taken while that raises the expected F1.
#include "triage/chunk.h"

#include <math.h>

// Log-odds of belonging to a chunk that a line loses which a green log has too, and that any other gains: chosen on the development
// cases of CiDiff among round numbers, of which the neighbours do within .03 of F1 as well (bench/results/triage.md).
static const struct {
    float known, new;
} baseline_weight = {2, 1};

static float baseline_odds(const struct line_scores *of_log, size_t line)
{
    if (!of_log->known) {
        return 0;
    }
    bool known = of_log->known[of_log->features->distinct_of_line[line]];
    return known ? -baseline_weight.known : baseline_weight.new;
}

// Rows of the lines that a walk comes to next; fewer than TREE_ROWS where it ends.
static size_t next_rows(const struct line_scores *of_log, struct chunk_walk *walk, int64_t *at,
                        uint8_t rows[TREE_ROWS][CHUNK_FEATURES], uint32_t lines[TREE_ROWS])
{
    const struct log_features *features = of_log->features;
    size_t n = 0;
    for (; n < TREE_ROWS && *at >= 0 && (size_t)*at < features->document->n_lines &&
           walk->n_lines < CHUNK_REACH && !chunk_border(features, (size_t)*at);
         *at += walk->step) {
        chunk_row(of_log, walk, (size_t)*at, rows[n]);
        if (features->distinct[features->distinct_of_line[*at]].n_tokens > 0) {
            lines[n++] = (uint32_t)*at;
        }
    }
    return n;
}

// Walks from the anchor until a border, or until the chunk hardly reaches so far.
static void walk_side(struct chunk_side *side, const struct tree_model *chunk,
                      const struct line_scores *of_log, uint32_t anchor, int step)
{
    const float give_up = 0.01F;
    struct chunk_walk walk = chunk_walk_start(of_log, anchor, step);
    uint8_t rows[TREE_ROWS][CHUNK_FEATURES];
    uint32_t lines[TREE_ROWS];
    float odds[TREE_ROWS], chance = 1;
    int64_t at = (int64_t)anchor + step;
    side->n = 0;
    side->expected = 0;
    for (size_t n = TREE_ROWS; n == TREE_ROWS && chance > give_up;) {
        n = next_rows(of_log, &walk, &at, rows, lines);
        tree_model_score_rows(chunk, rows[0], n, odds);
        for (size_t i = 0; i < n && chance > give_up; i++) {
            chance = fminf(chance, 1 / (1 + expf(-(odds[i] + baseline_odds(of_log, lines[i])))));
            side->lines[side->n] = lines[i];
            side->chances[side->n++] = chance;
            side->expected += chance;
        }
    }
}

// F1 = 2 hits / (lines taken + lines to find), with expected values for all three, rises by a line whose chance is above F1 / 2
// (Lipton, Elkan, Naryanaswamy 2014). `patience` below 1 takes some more: a line too few costs a reader more than one too many.
struct chunk_size chunk_size(const struct chunk_side *before, const struct chunk_side *after)
{
    const float patience = 0.8F;
    float hits = 1, taken = 1, to_find = 1 + before->expected + after->expected;
    struct chunk_size size = {0, 0};
    for (;;) {
        float up = size.before < before->n ? before->chances[size.before] : 0;
        float down = size.after < after->n ? after->chances[size.after] : 0;
        float chance = fmaxf(up, down);
        if (chance <= patience * hits / (taken + to_find)) {
            return size;
        }
        *(down >= up ? &size.after : &size.before) += 1;
        hits += chance;
        taken++;
    }
}

struct found chunk_around(const struct tree_model *chunk, const struct line_scores *of_log,
                          uint32_t anchor)
{
    struct chunk_side before, after;
    walk_side(&before, chunk, of_log, anchor, -1);
    walk_side(&after, chunk, of_log, anchor, 1);
    struct chunk_size size = chunk_size(&before, &after);
    return (struct found){.first = size.before > 0 ? before.lines[size.before - 1] : anchor,
                          .last = size.after > 0 ? after.lines[size.after - 1] : anchor,
                          .anchor = anchor};
}
