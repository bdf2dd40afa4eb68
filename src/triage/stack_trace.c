// Frames are passed in the direction that the first of them asks for; what is no frame ends the walk.
#include "triage/stack_trace.h"

#include "text/word_list.h"

enum {
    TRACE_REACH = 80,   // lines of a trace that are passed
    FIELDS_REACH = 400, // lines of an error's fields
    PANIC_REACH = 4,    // lines from a panic to its goroutine: the signal, an empty line
    LINE_READ = 400,    // bytes of a line that are read
};

// Without what pytest puts before each line of an error of its own.
static struct span text_of(const struct document *document, uint32_t at)
{
    const struct line *line = &document->lines[at];
    struct span text = span_of(line->text, line->size < LINE_READ ? line->size : LINE_READ);
    (void)span_skip(&text, SPAN("INTERNALERROR> "));
    return text;
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

struct span without_level(struct span text)
{
    text = span_trim(text);
    if (span_skip(&text, SPAN("[ERROR]")) || span_skip(&text, SPAN("[error]"))) {
        text = span_trim(text);
    }
    return text;
}

// "from a.rb:3:in `f'", "# ./a_spec.rb:3:in `f'", "a.rb:3:in 'f'"; not "a.rb:3:in `f': no such file (Errno::ENOENT)".
static bool is_ruby_frame(struct span bare)
{
    (void)(span_skip(&bare, SPAN("from ")) || span_skip(&bare, SPAN("# ")));
    size_t in = span_find(bare, SPAN(":in "));
    return in != SIZE_MAX && in > 0 && byte_is_digit(bare.data[in - 1]) &&
           memchr(bare.data, ' ', in) == NULL && span_ends(bare, SPAN("'"));
}

// What Maven tells of the classes that a plugin of its had, below what the plugin threw: "urls[1] = file:/root/.m2/cart.jar".
static bool tells_realm(struct span bare)
{
    return word_list_begins("urls[|realm = |strategy = |Number of foreign imports: |import: Entry[",
                            '|', bare);
}

// Lua's "a.lua:3: in function 'f'", "[C]: in function 'error'".
static bool is_lua_frame(struct span bare)
{
    return span_contains(bare, SPAN(": in function ")) ||
           span_contains(bare, SPAN(": in upvalue ")) || span_contains(bare, SPAN(": in local ")) ||
           span_ends(bare, SPAN(": in main chunk")) || span_equal(bare, SPAN("[C]: in ?"));
}

// "at f (a.js:1:2)", "(stdlib) a.erl:3: f/0", "a.d:6 [0x55aa]".
static bool is_frame(struct span bare)
{
    bool at = span_starts(bare, SPAN("at ")) &&
              (span_contains(bare, SPAN("(")) || span_contains(bare, SPAN(":")));
    bool beam = span_starts(bare, SPAN("(")) &&
                (span_contains(bare, SPAN(".erl:")) || span_contains(bare, SPAN(".ex:")));
    beam = beam || (span_contains(bare, SPAN(".exs:")) && span_ends(bare, SPAN("(test)")));
    bool address = span_ends(bare, SPAN("]")) && span_contains(bare, SPAN(" [0x"));
    return at || is_numbered_frame(bare) || is_ruby_frame(bare) || is_lua_frame(bare) || beam ||
           address || tells_realm(bare);
}

// "Stack trace:", "Stack:", "Backtrace:", "stack traceback:", "----------".
static bool heads_trace(struct span bare)
{
    bool label = span_ends(bare, SPAN(":")) && bare.size <= 16 &&
                 word_list_begins("Stack|stack|Backtrace|backtrace", '|', bare);
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
    size_t margin = span_indent(text_of(document, frame));
    for (uint32_t at = anchor + 1; at < document->n_lines && at - anchor < TRACE_REACH; at++) {
        struct span text = text_of(document, at);
        if (!is_readable(document, at, anchor)) {
            break;
        }
        if (span_trim(text).size > 0 && span_indent(text) < margin) {
            return at;
        }
    }
    return anchor;
}

// Empty lines may stand among the frames, and none between them and the exception, but for Lua's, which has one.
static uint32_t above_trace(const struct document *document, uint32_t anchor)
{
    bool empty = false; // the last line passed
    bool of_lua = false;
    for (uint32_t at = anchor; at > 0 && anchor - at < TRACE_REACH; at--) {
        struct span bare = without_level(text_of(document, at - 1));
        if (!is_readable(document, at - 1, anchor)) {
            break;
        }
        bool frame = is_frame(bare) || heads_trace(bare);
        if (bare.size > 0 && !frame) {
            return empty && !of_lua ? anchor : at - 1;
        }
        empty = !frame;
        of_lua |= span_equal(bare, SPAN("stack traceback:"));
    }
    return anchor;
}

static bool heads_console_trace(struct span text)
{
    return span_equal(span_trim(text), SPAN("Exception trace:"));
}

// Of what Symfony's console prints, an indented block with the message below "[Class]", then "Exception trace:" and frames, as in
// " Kit\\Cart->add() at /srv/Cart.php:3", the message.
static uint32_t console_message(const struct document *document, uint32_t anchor)
{
    uint32_t head = anchor;
    while (head > 0 && anchor - head < TRACE_REACH && is_readable(document, head, anchor) &&
           span_contains(text_of(document, head), SPAN(".php:"))) {
        head--;
    }
    if (!heads_console_trace(text_of(document, head))) {
        return anchor;
    }
    uint32_t last = head > 0 ? head - 1 : head;
    while (last > 0 && span_trim(text_of(document, last)).size == 0) {
        last--;
    }
    uint32_t first = last;
    while (first > 0 && span_indent(text_of(document, first - 1)) > 0 &&
           span_trim(text_of(document, first - 1)).size > 0) {
        first--;
    }
    bool class = span_starts(span_trim(text_of(document, first)), SPAN("["));
    return span_indent(text_of(document, last)) == 0 ? anchor
           : class && first < last                   ? first + 1
                                                     : first;
}

// Go's place of a frame, below what was called: "\t/src/cart.go:12 +0x1d".
static bool is_go_place(struct span text)
{
    size_t place = span_find(text, SPAN(".go:"));
    return place != SIZE_MAX && span_starts(text, SPAN("\t")) &&
           span_digits(span_after(text, place + 4)) > 0;
}

static bool heads_goroutine(struct span text)
{
    return span_starts(text, SPAN("goroutine ")) && span_ends(text, SPAN("]:"));
}

static bool is_of_goroutine(const struct document *document, uint32_t at)
{
    struct span text = text_of(document, at);
    return heads_goroutine(text) || is_go_place(text) ||
           (text.size > 0 && at + 1 < document->n_lines && is_go_place(text_of(document, at + 1)));
}

// Of Go's frames the panic that ended the program, above the goroutine that the trace shows first: "panic: runtime error: x",
// "fatal error: all goroutines are asleep - deadlock!".
static uint32_t panic_above(const struct document *document, uint32_t anchor)
{
    uint32_t at = anchor;
    while (at > 0 && anchor - at < TRACE_REACH && is_of_goroutine(document, at) &&
           !heads_goroutine(text_of(document, at))) {
        at--;
    }
    if (!heads_goroutine(text_of(document, at))) {
        return anchor;
    }
    for (uint32_t above = at; above-- > 0 && at - above <= PANIC_REACH;) {
        struct span text = text_of(document, above);
        if (span_contains(text, SPAN("panic: ")) || span_starts(text, SPAN("fatal error: "))) {
            return above;
        }
    }
    return anchor;
}

// Whether a line opens what stands indented below it: "    at f (a.js:1:2) {", "  errors: [".
static bool opens(struct span text)
{
    return span_ends(text, SPAN("{")) || span_ends(text, SPAN("["));
}

// Of what Node prints of an error's fields below its frames, "  code: 'ECONNRESET',", the line that they are opened by; `at` where no frame
// opens them.
static uint32_t fields_owner(const struct document *document, uint32_t anchor)
{
    struct span text = text_of(document, anchor);
    size_t margin = span_indent(text);
    bool field = margin > 0 && span_contains(text, SPAN(": ")) && !is_frame(span_trim(text));
    if (!field || span_starts(span_trim(text), SPAN("[cause]: "))) { // the cause is an error, too
        return anchor;
    }
    for (uint32_t at = anchor; margin > 0 && at-- > 0 && anchor - at < FIELDS_REACH;) {
        struct span above = text_of(document, at);
        struct span bare = span_trim(above);
        if (!is_readable(document, at, anchor)) {
            break;
        }
        if (is_frame(bare) && opens(bare)) {
            return at;
        }
        if (bare.size > 0 && span_indent(above) < margin) {
            if (!opens(bare)) {
                break;
            }
            margin = span_indent(above);
        }
    }
    return anchor;
}

uint32_t stack_trace_exception(const struct document *document, uint32_t at)
{
    struct span text = text_of(document, at);
    uint32_t message = console_message(document, at);
    if (message != at) {
        return message;
    }
    if (is_of_goroutine(document, at)) {
        return panic_above(document, at);
    }
    if (is_python_frame(text)) {
        return below_trace(document, at, at);
    }
    if (at > 0 && is_python_frame(text_of(document, at - 1)) &&
        span_indent(text) > span_indent(text_of(document, at - 1))) {
        return below_trace(document, at, at - 1);
    }
    if (span_starts(text, SPAN("Traceback (most recent call last)")) &&
        at + 1 < document->n_lines && is_python_frame(text_of(document, at + 1))) {
        return below_trace(document, at + 1, at + 1);
    }
    uint32_t frame = fields_owner(document, at);
    return is_frame(without_level(text_of(document, frame))) ? above_trace(document, frame) : at;
}
