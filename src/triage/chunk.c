// Two walks from the anchor give each line's chance; the likelier next line is taken while that raises the expected F1. They go on only
// until what lies ahead cannot change that.
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

// One side while it is walked.
struct side_walk {
    struct chunk_side side;
    struct chunk_walk walk;
    int64_t at;   // the next line
    float chance; // of the last line
};

// Rows of the lines that a walk comes to next; fewer than TREE_ROWS where it ends.
static size_t next_rows(const struct line_scores *of_log, struct side_walk *walked,
                        uint8_t rows[TREE_ROWS][CHUNK_FEATURES], uint32_t lines[TREE_ROWS])
{
    const struct log_features *features = of_log->features;
    struct chunk_walk *walk = &walked->walk;
    size_t n = 0;
    for (; n < TREE_ROWS && walked->at >= 0 && (size_t)walked->at < features->document->n_lines &&
           walk->n_lines < CHUNK_REACH && !chunk_border(features, (size_t)walked->at);
         walked->at += walk->step) {
        chunk_row(of_log, walk, (size_t)walked->at, rows[n]);
        if (features->distinct[features->distinct_of_line[walked->at]].n_tokens > 0) {
            lines[n++] = (uint32_t)walked->at;
        }
    }
    return n;
}

// Walks on over the next TREE_ROWS lines, at most to a border, or until the chunk hardly reaches so far.
static void walk_on(struct side_walk *walked, const struct tree_model *chunk,
                    const struct line_scores *of_log)
{
    const float give_up = 0.01F, slack = 1.001F; // slack: sums are rounded
    struct chunk_side *side = &walked->side;
    uint8_t rows[TREE_ROWS][CHUNK_FEATURES];
    uint32_t lines[TREE_ROWS];
    float odds[TREE_ROWS], chance = walked->chance;
    size_t n = next_rows(of_log, walked, rows, lines);
    tree_model_score_rows(chunk, rows[0], n, odds);
    for (size_t i = 0; i < n && chance > give_up; i++) {
        chance = fminf(chance, 1 / (1 + expf(-(odds[i] + baseline_odds(of_log, lines[i])))));
        side->lines[side->n] = lines[i];
        side->chances[side->n++] = chance;
        side->expected += chance;
    }
    walked->chance = chance;
    bool ended = n < TREE_ROWS || chance <= give_up;
    side->beyond = ended ? 0 : slack * chance * (float)(CHUNK_REACH - walked->walk.n_lines);
}

// F1 = 2 hits / (lines taken + lines to find), with expected values for all three, rises by a line whose chance is above F1 / 2
// (Lipton, Elkan, Naryanaswamy 2014). `patience` below 1 takes some more: a line too few costs a reader more than one too many.
static struct chunk_size size_for(const struct chunk_side *before, const struct chunk_side *after,
                                  float to_find)
{
    const float patience = 0.8F;
    float hits = 1, taken = 1;
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

// The lines that lie ahead leave open which size it is only where it differs between none of them and all of them to be found, or
// where one of them may be taken.
bool chunk_size(struct chunk_size *size, const struct chunk_side *before,
                const struct chunk_side *after)
{
    float least = 1 + before->expected + after->expected;
    *size = size_for(before, after, least);
    if (before->beyond + after->beyond <= 0) {
        return true;
    }
    struct chunk_size largest = size_for(before, after, least + before->beyond + after->beyond);
    return size->before == largest.before && size->after == largest.after &&
           (size->before < before->n || before->beyond <= 0) &&
           (size->after < after->n || after->beyond <= 0);
}

static struct side_walk start(const struct line_scores *of_log, uint32_t anchor, int step)
{
    return (struct side_walk){
        .walk = chunk_walk_start(of_log, anchor, step), .at = (int64_t)anchor + step, .chance = 1};
}

struct found chunk_around(const struct tree_model *chunk, const struct line_scores *of_log,
                          uint32_t anchor)
{
    struct side_walk before = start(of_log, anchor, -1), after = start(of_log, anchor, 1);
    struct chunk_size size;
    walk_on(&before, chunk, of_log);
    walk_on(&after, chunk, of_log);
    while (!chunk_size(&size, &before.side, &after.side)) {
        walk_on(before.side.beyond > after.side.beyond ? &before : &after, chunk, of_log);
    }
    return (struct found){.first = size.before > 0 ? before.side.lines[size.before - 1] : anchor,
                          .last = size.after > 0 ? after.side.lines[size.after - 1] : anchor,
                          .anchor = anchor};
}
