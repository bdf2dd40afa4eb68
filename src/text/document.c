// From raw bytes to lines and sections: one pass that splits, cleans what needs it and lets the wrappers read each line.
//
// A line that is its own visible text stays a slice of the raw log; only what had something removed is copied to the
// arena. Everything is linear in the log's size, hostile or not.
#include "text/document.h"

#include <string.h>

#include "base/error.h"
#include "text/encoding.h"
#include "text/passed_tests.h"
#include "text/wrapper.h"

enum {
    POOL_BLOCK = 64 << 10,
    CONVERT_MAXIMUM = 64 << 10, // bytes of one UTF-16 line that are converted
    LINES_ALWAYS = 200000,      // a document keeps this many lines and one more for each
    BYTES_PER_LINE = 140,       // 140 bytes of the log: a line unlike all others takes about 250
    SAMPLE_ALL = 128 << 10,     // logs up to this are sampled whole,
    SAMPLE_ENDS = 32 << 10,     // longer ones at both ends and
    SAMPLE_WINDOWS = 32,        // in as many windows between
    SAMPLE_WINDOW = 2 << 10,
};

// `size` bytes of room for text; keep what of it is used with pool_keep. NULL when memory is out.
static char *pool_room(struct log_reader *reader, size_t size)
{
    if (reader->pool_size < size) {
        size_t block = size > POOL_BLOCK ? size : POOL_BLOCK;
        reader->pool = arena_allocate(&reader->document->arena, block);
        reader->pool_size = reader->pool ? block : 0;
        reader->out_of_memory |= !reader->pool;
    }
    return reader->pool;
}

static void pool_keep(struct log_reader *reader, size_t size)
{
    reader->pool += size;
    reader->pool_size -= size;
}

// The UTF-8 of a raw line: itself, or a conversion in the pool.
static struct span decode_line(struct log_reader *reader, enum encoding encoding, struct span raw)
{
    if (encoding == ENCODING_BYTES) {
        return raw;
    }
    if (raw.size > CONVERT_MAXIMUM) {
        raw.data = encoding_visible_part(encoding, raw.data, &raw.size, CONVERT_MAXIMUM);
    }
    char *room = pool_room(reader, encoding_capacity(raw.size));
    if (!room) {
        return span_of("", 0);
    }
    struct span text = span_of(room, encoding_convert(encoding, room, raw.data, raw.size));
    pool_keep(reader, text.size);
    return text;
}

// Weighs the lines that begin in raw[start, end).
static void sample(struct evidence *evidence, enum encoding encoding, const char *raw, size_t start,
                   size_t end, size_t size)
{
    while (start < end) {
        size_t end_size;
        size_t limit = size - start < POOL_BLOCK ? size : start + POOL_BLOCK;
        size_t stop = encoding_line_end(encoding, raw, start, limit, &end_size);
        char converted[1024];
        struct span line = span_of(raw + start, stop - start);
        if (encoding != ENCODING_BYTES) {
            size_t part = line.size < 512 ? line.size : 512;
            line = span_of(converted, encoding_convert(encoding, converted, line.data, part));
        }
        wrapper_weigh(evidence, line);
        start = limit - stop > end_size ? stop + end_size : limit;
    }
}

static struct evidence gather(enum encoding encoding, const char *raw, size_t start, size_t size)
{
    struct evidence evidence = {0};
    if (size - start <= SAMPLE_ALL) {
        sample(&evidence, encoding, raw, start, size, size);
        return evidence;
    }
    sample(&evidence, encoding, raw, start, start + SAMPLE_ENDS, size);
    size_t step = (size - start - 2 * SAMPLE_ENDS) / SAMPLE_WINDOWS;
    for (size_t i = 0; i <= SAMPLE_WINDOWS; i++) {
        bool last = i == SAMPLE_WINDOWS;
        size_t at = last ? size - SAMPLE_ENDS : start + SAMPLE_ENDS + i * step;
        at -= (at - start) & 1; // stay on a UTF-16 code unit
        size_t end_size;
        size_t limit = last ? size : at + SAMPLE_WINDOW;
        size_t first = encoding_line_end(encoding, raw, at, limit, &end_size);
        sample(&evidence, encoding, raw, first < limit ? first + end_size : limit, limit, size);
    }
    return evidence;
}

// The part of a line with '\r's that stays visible: from the last one that has visible bytes behind it.
static struct span visible_segment(struct log_reader *reader, struct span text, bool *rewound)
{
    size_t end = text.size;
    for (size_t stop = text.size;;) {
        const char *found = stop > 0 ? memrchr(text.data, '\r', stop) : NULL;
        size_t start = found ? (size_t)(found - text.data) + 1 : 0;
        if (start == 0 || text_has_visible(text.data + start, stop - start)) {
            *rewound = start > 0;
            size_t skipped = start > CONVERT_MAXIMUM ? start - CONVERT_MAXIMUM : 0;
            style_follow(&reader->style, text.data + skipped, start - skipped);
            return span_of(text.data + start, (start == 0 ? end : stop) - start);
        }
        end = stop = start - 1;
    }
}

// The same for a line that may hold the outer wrapper's markers: each segment is shown to it in turn.
static struct span marked_segments(struct log_reader *reader, struct span text, uint16_t *flags)
{
    struct span visible = span_of(text.data, 0);
    bool marked = false, any = false;
    for (size_t at = 0; at <= text.size;) {
        const char *found = memchr(text.data + at, '\r', text.size - at);
        size_t stop = found ? (size_t)(found - text.data) : text.size;
        struct span segment = span_of(text.data + at, stop - at);
        size_t kept = reader->outer->segment(reader, segment);
        marked |= kept < segment.size;
        segment.size = kept;
        if (segment.size > 0 && text_has_visible(segment.data, segment.size)) {
            if (any) {
                *flags |= LINE_REWOUND;
                style_follow(&reader->style, visible.data, visible.size);
            }
            visible = segment;
            any = true;
        } else {
            style_follow(&reader->style, segment.data, segment.size);
        }
        at = stop + 1;
    }
    if (marked && !any) {
        *flags |= LINE_MARKER;
    }
    return visible;
}

// Cuts a slice to LINE_TEXT_MAXIMUM at the start of a character.
static struct span truncate_text(struct span text, uint16_t *flags)
{
    if (text.size > LINE_TEXT_MAXIMUM) {
        text.size = LINE_TEXT_MAXIMUM;
        for (int back = 0; back < 3 && ((uint8_t)text.data[text.size] & 0xC0) == 0x80; back++) {
            text.size--;
        }
        *flags |= LINE_TRUNCATED;
    }
    return text;
}

// Whether a line without '\r' begins with a marker of the wrapper: some logs have lost their '\r's, and then codes, or
// the "nl" that Travis writes where output lacks a line end, can stand before it.
static bool begins_with_marker(const struct wrapper *outer, struct span text)
{
    if (!outer || !outer->marker || text.size == 0) {
        return false;
    }
    for (int codes = 0; codes < 4 && text.size > 0 && text.data[0] == 0x1B; codes++) {
        text = span_after(text, escape_length(text.data, text.size));
    }
    span_skip(&text, SPAN("nl"));
    return text.size > 0 && text.data[0] == outer->marker[0] &&
           span_starts(text, span_of(outer->marker, strlen(outer->marker)));
}

static bool shows_as_it_is(struct span text)
{
    return text_is_plain(text.data, text.size < LINE_TEXT_MAXIMUM ? text.size : LINE_TEXT_MAXIMUM);
}

// The visible text of a line, and its flags so far.
static struct span visible_text(struct log_reader *reader, struct span text, uint16_t *flags)
{
    const struct wrapper *outer = reader->outer;
    bool marker = begins_with_marker(outer, text);
    while (text.size > 0 && text.data[text.size - 1] == '\r') {
        text.size--;
    }
    bool plain = !marker && shows_as_it_is(text);
    if (!plain || text.size > LINE_TEXT_MAXIMUM) {
        bool returns = memchr(text.data, '\r', text.size) != NULL;
        if (marker || (returns && outer && outer->segment)) {
            text = marked_segments(reader, text, flags);
            plain = shows_as_it_is(text);
        } else if (returns) {
            bool rewound = false;
            text = visible_segment(reader, text, &rewound);
            *flags |= rewound ? LINE_REWOUND : 0;
            plain = shows_as_it_is(text);
        }
    }
    if (plain) {
        *flags |= style_flags(&reader->style);
        return truncate_text(text, flags);
    }
    size_t capacity = text.size < LINE_TEXT_MAXIMUM ? text.size : LINE_TEXT_MAXIMUM;
    char *room = pool_room(reader, capacity);
    if (!room) {
        return span_of("", 0);
    }
    reader->style.hidden = false;
    struct cleaned cleaned = text_clean(room, capacity, text.data, text.size, &reader->style);
    reader->style.hidden = false;
    pool_keep(reader, cleaned.size);
    *flags |= cleaned.flags;
    return span_of(room, cleaned.size);
}

static void trim_end(struct line *line)
{
    while (line->size > 0 && byte_is_blank(line->text[line->size - 1])) {
        line->size--;
    }
}

static void read_line(struct log_reader *reader, struct line *line, struct span text)
{
    struct section_list *sections = &reader->sections;
    sections->closed = -1;
    sections->border = false;
    sections->line = reader->index;
    reader->section = -1;
    line_set(line, visible_text(reader, text, &line->flags));
    if (reader->outer) {
        reader->outer->read(reader, line);
    }
    for (size_t i = 0; i < reader->n_inner; i++) {
        reader->inner[i]->read(reader, line);
    }
    trim_end(line);
    reader->tells_passed = reader->tells_passed || passed_tests_told(line);
    if (line->size == 0) {
        line->flags &= (uint16_t) ~(LINE_RED | LINE_YELLOW | LINE_GREEN | LINE_BOLD);
    }
    if (sections->border) {
        reader->style = (struct style){0};
    }
    line->section = reader->section;
    if (line->section < 0) {
        int32_t closed = sections->closed;
        bool inside = closed >= 0 && sections->items[closed].last_line >= reader->index;
        line->section = inside ? closed : section_innermost(sections);
    }
}

// Reads the lines from raw[at] on into document->lines, which has room for them.
static void read_lines(struct log_reader *reader, enum encoding encoding, size_t at, size_t mark)
{
    struct document *document = reader->document;
    for (size_t count = 0; at < document->raw_size && !reader->out_of_memory; count++) {
        size_t end_size;
        size_t end = encoding_line_end(encoding, document->raw, at, document->raw_size, &end_size);
        size_t skip = at < mark ? mark - at : 0;
        struct line *line = &document->lines[count];
        *line = (struct line){
            .offset = at, .raw_size = end - at < UINT32_MAX ? (uint32_t)(end - at) : UINT32_MAX};
        reader->index = (uint32_t)count;
        struct span raw = span_of(document->raw + at + skip, end - at - skip);
        read_line(reader, line, decode_line(reader, encoding, raw));
        document->n_lines = count + 1;
        at = document->raw_size - end > end_size ? end + end_size : document->raw_size;
    }
}

static bantam_status keep_sections(struct log_reader *reader)
{
    struct document *document = reader->document;
    struct section_list *list = &reader->sections;
    list->line = UINT32_MAX; // lines are in their sections now: none is forgotten any more
    section_close_all(list, document->n_lines > 0 ? (uint32_t)(document->n_lines - 1) : 0);
    document->sections =
        arena_allocate_array(&document->arena, list->count, sizeof *document->sections);
    if (!document->sections || list->out_of_memory || reader->out_of_memory) {
        return BANTAM_ERROR_MEMORY;
    }
    if (list->count > 0) {
        memcpy(document->sections, list->items, list->count * sizeof *list->items);
    }
    document->n_sections = list->count;
    return BANTAM_OK;
}

bantam_status document_init(struct document *document, const void *raw, size_t size,
                            bantam_error *error)
{
    *document = (struct document){
        .raw = raw, .raw_size = size, .first_line_number = 1, .job_exit_code = EXIT_UNKNOWN};
    struct log_reader reader = {.document = document};
    size_t mark = 0;
    enum encoding encoding = size > 0 ? encoding_detect(raw, size, &mark) : ENCODING_BYTES;
    uint64_t n_lines = encoding_count_lines(encoding, document->raw, size);
    uint64_t n_kept = LINES_ALWAYS + size / BYTES_PER_LINE;
    n_kept = n_lines < n_kept ? n_lines : n_kept;
    document->n_lines_total = n_lines;
    document->lines =
        n_kept <= SIZE_MAX / sizeof *document->lines
            ? arena_allocate(&document->arena, (size_t)n_kept * sizeof *document->lines)
            : NULL;
    bantam_status status = BANTAM_ERROR_MEMORY;
    if (document->lines) {
        struct evidence evidence = gather(encoding, document->raw, mark < size ? mark : size, size);
        wrapper_choose(&reader, &evidence);
        size_t at = 0;
        for (uint64_t skip = n_lines - n_kept; skip > 0; skip--) {
            size_t end_size;
            at = encoding_line_end(encoding, document->raw, at, size, &end_size) + end_size;
        }
        document->first_line_number = n_lines - n_kept + 1;
        read_lines(&reader, encoding, at, mark);
        reader_tolerant_commands(&reader);
        reader_traced_exit(&reader);
        document->tells_passed = reader.tells_passed;
        status = keep_sections(&reader);
    }
    section_list_release(&reader.sections);
    if (status != BANTAM_OK) {
        document_release(document);
        return error_memory(error);
    }
    return BANTAM_OK;
}

void document_release(struct document *document)
{
    arena_release(&document->arena);
    *document = (struct document){0};
}

int32_t document_ended(const struct document *document, int32_t section)
{
    while (section >= 0 && document->sections[section].exit_code == EXIT_UNKNOWN) {
        section = document->sections[section].parent;
    }
    return section;
}

int32_t document_status(const struct document *document, size_t line)
{
    int32_t ended = document_ended(document, document->lines[line].section);
    return ended >= 0 ? document->sections[ended].exit_code : EXIT_UNKNOWN;
}

bool document_went_on(const struct document *document, uint32_t line)
{
    for (uint32_t next = line + 1; next < document->n_lines; next++) {
        if (document->lines[next].size > 0 && !(document->lines[next].flags & LINE_OF_WRAPPER)) {
            return true;
        }
    }
    return false;
}

int32_t document_outermost(const struct document *document, int32_t section)
{
    while (section >= 0 && document->sections[section].parent >= 0) {
        section = document->sections[section].parent;
    }
    return section;
}
