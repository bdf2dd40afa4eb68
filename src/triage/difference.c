// The head of the hunk is looked for above, what changed below it.
#include "triage/difference.h"

#include "text/span.h"

enum {
    HUNK_REACH = 100, // rows of a difference below the head of its hunk
};

// Whether a row stands in a hunk as it is: " a", "+a", "-a"; an empty one may have lost its blank.
static bool is_row(struct span text)
{
    return text.size == 0 || strchr(" +-", text.data[0]);
}

static bool is_unchanged(struct span text)
{
    return text.size == 0 || text.data[0] == ' ';
}

static bool heads_hunk(struct span text)
{
    return span_starts(text, SPAN("@@ "));
}

// rustfmt's, which shows one place each.
static bool heads_place(struct span text)
{
    return span_starts(text, SPAN("Diff in ")) && span_ends(text, SPAN(":"));
}

// The head of the hunk that shows `at` unchanged; `at` where there is none.
static uint32_t head_of_hunk(const struct document *document, uint32_t at)
{
    struct span text = line_span(&document->lines[at]);
    for (uint32_t above = at; span_starts(text, SPAN(" ")) && above > 0 && at - above < HUNK_REACH;
         above--) {
        struct span row = line_span(&document->lines[above - 1]);
        if (heads_hunk(row) || heads_place(row)) {
            return above - 1;
        }
        if (!is_row(row)) {
            break;
        }
    }
    return at;
}

uint32_t difference_change(const struct document *document, uint32_t at)
{
    uint32_t head = head_of_hunk(document, at);
    if (head == at || heads_place(line_span(&document->lines[head]))) {
        return head;
    }
    for (uint32_t row = head + 1; row < document->n_lines && row - head <= HUNK_REACH; row++) {
        struct span text = line_span(&document->lines[row]);
        if (!is_row(text)) {
            break;
        }
        if (!is_unchanged(text)) {
            return row;
        }
    }
    return at;
}

uint32_t difference_first_place(const struct document *document, uint32_t at)
{
    const struct line *lines = document->lines;
    uint32_t row = heads_place(line_span(&lines[at])) ? 0 : at;
    while (row < at &&
           (lines[row].section != lines[at].section || !heads_place(line_span(&lines[row])))) {
        row++;
    }
    return row;
}
