// Copies of lines, and which lines of a long finding are worth showing.
#include "triage/diagnosis.h"

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

// Whether the line is among the `most` that a finding of [first, last] shows: a quarter from its head, a quarter from
// its tail, the rest around the anchor.
static bool is_shown(const struct found *found, size_t at, size_t most)
{
    size_t n_lines = (size_t)found->last - found->first + 1;
    if (n_lines <= most) {
        return true;
    }
    size_t edge = most / 4, middle = most - 2 * edge;
    size_t from = found->anchor > middle / 2 ? found->anchor - middle / 2 : 0;
    from = from > found->first ? from : found->first;
    if (from + middle > (size_t)found->last + 1) {
        from = (size_t)found->last + 1 - middle;
    }
    return at < found->first + edge || at + edge > found->last ||
           (at >= from && at < from + middle);
}

bool diagnosis_excerpt(bantam_finding *finding, struct arena *arena,
                       const struct document *document, const struct found *found,
                       const bantam_triage_options *options)
{
    size_t from = found->first > options->context ? found->first - options->context : 0;
    size_t to = (size_t)found->last + 1 + options->context;
    to = to < document->n_lines ? to : document->n_lines;
    size_t capacity = options->excerpt_lines + 2 * options->context;
    capacity = capacity < to - from ? capacity : to - from;
    bantam_log_line *lines = arena_allocate_array(arena, capacity, sizeof *lines);
    if (!lines) {
        return false;
    }
    size_t n = 0;
    for (size_t at = from; at < to && n < capacity; at++) {
        bool inside = at >= found->first && at <= found->last;
        if (inside && !is_shown(found, at, options->excerpt_lines)) {
            continue;
        }
        if (!diagnosis_line(&lines[n++], arena, document, at, at == found->anchor ? 1 : 0)) {
            return false;
        }
    }
    finding->excerpt = lines;
    finding->n_excerpt = n;
    return true;
}
