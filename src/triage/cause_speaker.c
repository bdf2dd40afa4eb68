// Frames are passed in the direction that the first of them asks for; what is no frame ends the walk.
#include "triage/cause_speaker.h"

#include "text/span.h"

enum {
    TRACE_REACH = 80, // lines of a trace that are passed
    LINE_READ = 400,  // bytes of a line that are read
};

static struct span text_of(const struct document *document, uint32_t at)
{
    const struct line *line = &document->lines[at];
    return span_of(line->text, line->size < LINE_READ ? line->size : LINE_READ);
}

static size_t margin_of(struct span text)
{
    size_t margin = 0;
    while (margin < text.size && byte_is_blank(text.data[margin])) {
        margin++;
    }
    return margin;
}

// "File "a.py", line 3, in main": the exception stands below.
static bool is_python_frame(struct span text)
{
    return span_starts(span_trim(text), SPAN("File \"")) && span_contains(text, SPAN("\", line "));
}

// "#0 main () at a.c:3"
static bool is_numbered_frame(struct span bare)
{
    size_t digits = bare.size > 0 && *bare.data == '#' ? span_digits(span_after(bare, 1)) : 0;
    return digits > 0 && bare.size > digits + 1 && bare.data[digits + 1] == ' ';
}

// "at f (a.js:1:2)", "from a.rb:3:in `f'", "a.rb:3:in `f'", "(stdlib) a.erl:3: f/0", "a.d:6 [0x55aa]", and what heads a trace.
static bool is_frame(struct span text)
{
    struct span bare = span_trim(text);
    bool ruby = span_contains(bare, SPAN(":in `")) || span_contains(bare, SPAN(":in '"));
    bool beam = span_starts(bare, SPAN("(")) &&
                (span_contains(bare, SPAN(".erl:")) || span_contains(bare, SPAN(".ex:")));
    beam = beam || (span_contains(bare, SPAN(".exs:")) && span_ends(bare, SPAN("(test)")));
    bool address = span_ends(bare, SPAN("]")) && span_contains(bare, SPAN(" [0x"));
    return span_starts(bare, SPAN("at ")) || is_numbered_frame(bare) ||
           (ruby && span_ends(bare, SPAN("'"))) || beam || address;
}

// "Stack trace:", "Stack:", "stacktrace:", "----------".
static bool heads_trace(struct span text)
{
    struct span bare = span_trim(text);
    bool label = span_ends(bare, SPAN(":")) && bare.size < 16 &&
                 (span_starts(bare, SPAN("Stack")) || span_starts(bare, SPAN("stack")));
    return label || (bare.size > 8 && span_starts(bare, SPAN("---")) &&
                     span_ends(bare, SPAN("---")) && !span_contains(bare, SPAN(" ")));
}

static bool is_readable(const struct document *document, uint32_t at, uint32_t anchor)
{
    const struct line *line = &document->lines[at];
    return !(line->flags & LINE_MARKER) && line->section == document->lines[anchor].section;
}

static uint32_t below_trace(const struct document *document, uint32_t anchor, uint32_t frame)
{
    size_t margin = margin_of(text_of(document, frame));
    for (uint32_t at = anchor + 1; at < document->n_lines && at - anchor < TRACE_REACH; at++) {
        struct span text = text_of(document, at);
        if (!is_readable(document, at, anchor)) {
            break;
        }
        if (span_trim(text).size > 0 && margin_of(text) < margin) {
            return at;
        }
    }
    return anchor;
}

static uint32_t above_trace(const struct document *document, uint32_t anchor)
{
    for (uint32_t at = anchor; at > 0 && anchor - at < TRACE_REACH; at--) {
        struct span text = text_of(document, at - 1);
        if (!is_readable(document, at - 1, anchor) || span_trim(text).size == 0) {
            break;
        }
        if (!is_frame(text) && !heads_trace(text)) {
            return at - 1;
        }
    }
    return anchor;
}

uint32_t cause_speaker(const struct document *document, uint32_t anchor)
{
    struct span text = text_of(document, anchor);
    if (is_python_frame(text)) {
        return below_trace(document, anchor, anchor);
    }
    if (anchor > 0 && is_python_frame(text_of(document, anchor - 1)) &&
        margin_of(text) > margin_of(text_of(document, anchor - 1))) {
        return below_trace(document, anchor, anchor - 1);
    }
    if (span_starts(text, SPAN("Traceback (most recent call last)")) &&
        anchor + 1 < document->n_lines && is_python_frame(text_of(document, anchor + 1))) {
        return below_trace(document, anchor + 1, anchor + 1);
    }
    return is_frame(text) ? above_trace(document, anchor) : anchor;
}
