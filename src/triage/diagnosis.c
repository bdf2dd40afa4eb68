// Copies of lines, and which lines of a long finding are worth showing.
#include "triage/diagnosis.h"

#include <math.h>
#include <stdlib.h>

#include "text/visible.h"

bool diagnosis_line(bantam_log_line *out, struct arena *arena, const struct document *document,
                    size_t at, double score)
{
    const struct line *line = &document->lines[at];
    size_t capacity = 3 * (size_t)line->size;
    capacity = capacity < LINE_TEXT_MAXIMUM ? capacity : LINE_TEXT_MAXIMUM;
    char *text = arena_allocate(arena, capacity + 1);
    if (text) {
        text[line_visible_utf8(text, capacity, line)] = '\0';
    }
    *out = (bantam_log_line){
        .line = document->first_line_number + at,
        .offset = line->offset,
        .size = line->raw_size,
        .score = score,
        .text = text ? text : "",
    };
    return text != NULL;
}

static bool is_blank(const struct line *line)
{
    for (size_t i = 0; i < line->size; i++) {
        if (line->text[i] != ' ' && line->text[i] != '\t') {
            return false;
        }
    }
    return true;
}

// How much the line tells of its finding, in [0, 1]: the anchor all, a blank line nothing, the others by their score, less
// the further they are from the anchor: of two equal ones the nearer explains it. The first line says what the others are
// about.
static double worth(const struct found *found, const struct document *document, double score,
                    size_t at)
{
    if (at == found->anchor || is_blank(&document->lines[at])) {
        return at == found->anchor;
    }
    double distance = at == found->first ? 0 : fabs((double)at - (double)found->anchor);
    score += (at == found->first ? 2 : 0) - log2(1 + distance) / 4;
    return 1 / (1 + exp(-score / 4));
}

struct ranked_line {
    size_t line;
    double worth;
};

static int by_worth(const void *a, const void *b)
{
    const struct ranked_line *first = a, *second = b;
    if (first->worth != second->worth) {
        return first->worth < second->worth ? 1 : -1;
    }
    return (first->line > second->line) - (first->line < second->line);
}

static int by_place(const void *a, const void *b)
{
    const struct ranked_line *first = a, *second = b;
    return (first->line > second->line) - (first->line < second->line);
}

// FNV-1a over the line without its indentation, runs of digits as one: equal for lines that say the same of something else.
static uint64_t gist(const struct line *line)
{
    uint64_t hash = 0xcbf29ce484222325U;
    bool digits = false, begun = false;
    for (size_t i = 0; i < line->size; i++) {
        unsigned char byte = (unsigned char)line->text[i];
        begun |= byte != ' ' && byte != '\t';
        bool digit = byte >= '0' && byte <= '9';
        if (begun && !(digit && digits)) {
            hash = (hash ^ (digit ? '0' : byte)) * 0x100000001b3U;
        }
        digits = digit;
    }
    return hash;
}

enum {
    GISTS = 64 // of the best lines; a log's repetitions stand near each other in the ranking
};

// A line that repeats a better one is worth nothing.
static void discount_repetitions(struct ranked_line *lines, size_t n,
                                 const struct document *document)
{
    uint64_t gists[GISTS];
    size_t n_gists = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t own = gist(&document->lines[lines[i].line]);
        bool known = false;
        for (size_t k = 0; k < n_gists && k < GISTS; k++) {
            known |= gists[k] == own;
        }
        if (known) {
            lines[i].worth = 0;
        } else {
            gists[n_gists++ % GISTS] = own;
        }
    }
}

// Marks the best lines; a single line between two marked ones is marked too, for it takes no more room than a gap.
static void mark_best(bool *marked, const struct ranked_line *ranked, const struct found *found,
                      size_t most)
{
    size_t n_lines = (size_t)found->last - found->first + 1, n = 0;
    for (size_t i = 0; i < n_lines && n < most; i++) {
        size_t at = ranked[i].line - found->first;
        bool below = at >= 2 && marked[at - 2] && !marked[at - 1];
        bool above = at + 2 < n_lines && marked[at + 2] && !marked[at + 1];
        bool idle = ranked[i].worth <= 0 && n_lines > most;
        if (idle || marked[at] || n + 1 + below + above > most) {
            continue;
        }
        marked[at] = true;
        marked[at - below] = true;
        marked[at + above] = true;
        n += 1U + below + above;
    }
}

// The best `most` lines of a finding in the order of the log, in place of the others; NULL when memory is out.
static struct ranked_line *best_lines(size_t *n, const struct found *found, struct arena *arena,
                                      const struct finder_result *result, size_t most)
{
    size_t n_lines = (size_t)found->last - found->first + 1;
    struct ranked_line *lines = arena_allocate_array(arena, n_lines, sizeof *lines);
    bool *marked = arena_allocate_array(arena, n_lines, sizeof *marked);
    if (!lines || !marked) {
        return NULL;
    }
    const struct document *document = result->features.document;
    for (size_t i = 0; i < n_lines; i++) {
        lines[i] = (struct ranked_line){found->first + i, (double)result->linear[found->first + i]};
    }
    for (size_t i = 0; i < result->n_candidates; i++) { // these were looked at twice
        const struct listed_line *candidate = &result->candidates[i];
        if (candidate->line >= found->first && candidate->line <= found->last) {
            lines[candidate->line - found->first].worth = (double)candidate->score;
        }
    }
    for (size_t i = 0; i < n_lines; i++) {
        lines[i].worth = worth(found, document, lines[i].worth, lines[i].line);
    }
    qsort(lines, n_lines, sizeof *lines, by_worth);
    discount_repetitions(lines, n_lines, document);
    qsort(lines, n_lines, sizeof *lines, by_worth);
    mark_best(marked, lines, found, most);
    qsort(lines, n_lines, sizeof *lines, by_place);
    *n = 0;
    for (size_t i = 0; i < n_lines; i++) {
        if (marked[i]) {
            lines[(*n)++] = lines[i];
        }
    }
    return lines;
}

bool diagnosis_excerpt(bantam_finding *finding, struct arena *arena,
                       const struct finder_result *result, const struct found *found,
                       const bantam_triage_options *options)
{
    const struct document *document = result->features.document;
    size_t n_best = 0, n = 0, context = options->context;
    struct ranked_line *best = best_lines(&n_best, found, arena, result, options->excerpt_lines);
    size_t from = found->first > context ? found->first - context : 0;
    size_t to = (size_t)found->last + 1 + context;
    to = to < document->n_lines ? to : document->n_lines;
    bantam_log_line *lines =
        best ? arena_allocate_array(arena, n_best + 2 * context, sizeof *lines) : NULL;
    bool copied = lines != NULL;
    for (size_t at = from; copied && at < found->first; at++) {
        copied = diagnosis_line(&lines[n++], arena, document, at, 0);
    }
    for (size_t i = 0; copied && i < n_best; i++) {
        copied = diagnosis_line(&lines[n++], arena, document, best[i].line, best[i].worth);
    }
    for (size_t at = (size_t)found->last + 1; copied && at < to; at++) {
        copied = diagnosis_line(&lines[n++], arena, document, at, 0);
    }
    finding->excerpt = lines;
    finding->n_excerpt = copied ? n : 0;
    return copied;
}
