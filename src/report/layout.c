// Measuring, cutting, colouring.
#include "report/layout.h"

#include <string.h>

#include "report/utf8.h"

static const char *const style_codes[STYLES] = {
    [STYLE_PLAIN] = "",
    [STYLE_BOLD] = "\x1b[1m",
    [STYLE_DIM] = "\x1b[2m",
    [STYLE_FAILED] = "\x1b[1;31m",
    [STYLE_UNSURE] = "\x1b[1;33m",
    [STYLE_GOOD] = "\x1b[1;32m",
    [STYLE_COMMAND] = "\x1b[36m",
};

const char *layout_mark(const struct layout *layout)
{
    return layout->ascii ? "~" : "…";
}

static void add(struct layout *layout, enum style style, const char *text, size_t size,
                bool shrinks)
{
    if (layout->n_pieces < LAYOUT_PIECES) {
        layout->pieces[layout->n_pieces++] =
            (struct layout_piece){.style = style, .shrinks = shrinks, .text = text, .size = size};
    }
}

void layout_add(struct layout *layout, enum style style, const char *text)
{
    if (text) {
        add(layout, style, text, strlen(text), false);
    }
}

void layout_add_shrinking(struct layout *layout, enum style style, const char *text)
{
    if (text) {
        add(layout, style, text, strlen(text), true);
    }
}

// The next character as it is shown: damage and control characters as U+FFFD, a tab as one blank.
static size_t shown_character(const char *text, size_t size, uint32_t *character)
{
    size_t step = utf8_decode(text, size, character);
    if (*character == '\t') {
        *character = ' ';
    } else if (*character == UTF8_DAMAGED || utf8_is_control(*character)) {
        *character = 0xfffd;
    }
    return step;
}

static size_t columns_of(const char *text, size_t size)
{
    size_t columns = 0;
    for (size_t at = 0; at < size;) {
        uint32_t character;
        at += shown_character(text + at, size - at, &character);
        columns += (size_t)utf8_columns(character);
    }
    return columns;
}

// The longest head of `text` within `columns`, in bytes.
static size_t head_within(const char *text, size_t size, size_t columns)
{
    size_t at = 0;
    while (at < size) {
        uint32_t character;
        size_t step = shown_character(text + at, size - at, &character);
        size_t wide = (size_t)utf8_columns(character);
        if (wide > columns) {
            break;
        }
        columns -= wide;
        at += step;
    }
    return at;
}

static void write_shown(const struct layout *layout, const char *text, size_t size)
{
    for (size_t at = 0; at < size;) {
        uint32_t character;
        size_t step = shown_character(text + at, size - at, &character);
        if (character == 0xfffd) {
            bantam_buffer_append_string(layout->out, layout->ascii ? "?" : UTF8_REPLACEMENT);
        } else if (character == ' ') {
            bantam_buffer_append(layout->out, " ", 1);
        } else {
            bantam_buffer_append(layout->out, text + at, step);
        }
        at += step;
    }
}

static void write_piece(const struct layout *layout, const struct layout_piece *piece)
{
    bool colored = layout->color && piece->style != STYLE_PLAIN && piece->size;
    if (colored) {
        bantam_buffer_append_string(layout->out, style_codes[piece->style]);
    }
    write_shown(layout, piece->text, piece->size);
    if (colored) {
        bantam_buffer_append_string(layout->out, "\x1b[0m");
    }
}

// A piece with its middle replaced by the mark, `columns` wide at most.
static void write_shrunk(const struct layout *layout, const struct layout_piece *piece,
                         size_t columns)
{
    size_t head_columns = (columns - 1) / 2, tail_columns = columns - 1 - head_columns;
    struct layout_piece part = *piece;
    part.size = head_within(piece->text, piece->size, head_columns);
    write_piece(layout, &part);
    part.text = layout_mark(layout);
    part.size = strlen(part.text);
    write_piece(layout, &part);
    size_t tail = 0;
    while (columns_of(piece->text + tail, piece->size - tail) > tail_columns) {
        uint32_t character;
        tail += shown_character(piece->text + tail, piece->size - tail, &character);
    }
    part.text = piece->text + tail;
    part.size = piece->size - tail;
    write_piece(layout, &part);
}

enum {
    SHRUNK_LEAST = 12 // columns; below, a cut at the end tells more
};

static void write_line(struct layout *layout, size_t width)
{
    size_t total = 0, used = 0;
    for (size_t i = 0; i < layout->n_pieces; i++) {
        total += columns_of(layout->pieces[i].text, layout->pieces[i].size);
    }
    size_t surplus = width && total > width ? total - width : 0;
    for (size_t i = 0; i < layout->n_pieces; i++) {
        struct layout_piece piece = layout->pieces[i];
        size_t columns = columns_of(piece.text, piece.size);
        size_t shrunk = columns > surplus + SHRUNK_LEAST ? columns - surplus : SHRUNK_LEAST;
        if (surplus && piece.shrinks && columns > shrunk && used + shrunk < width) {
            write_shrunk(layout, &piece, shrunk);
            used += shrunk;
            surplus -= columns - shrunk; // what is left is cut at the end
        } else if (surplus && used + columns + (i + 1 < layout->n_pieces) > width) {
            piece.size = head_within(piece.text, piece.size, width - used - 1);
            write_piece(layout, &piece);
            bantam_buffer_append_string(layout->out, layout_mark(layout));
            break;
        } else {
            write_piece(layout, &piece);
            used += columns;
        }
    }
    bantam_buffer_append(layout->out, "\n", 1);
    layout->n_pieces = 0;
}

void layout_end_line(struct layout *layout)
{
    write_line(layout, layout->width);
}

void layout_end_line_whole(struct layout *layout)
{
    write_line(layout, 0);
}

// Where a line of at most `columns` ends: after its last whole word, or in a word that is longer than the line, unless it
// comes late.
static size_t wrapped_size(const char *text, size_t columns)
{
    size_t size = strlen(text), head = head_within(text, size, columns);
    if (head == size) {
        return size;
    }
    size_t indentation = strspn(text, " ");
    for (size_t at = head; at > indentation; at--) {
        if (text[at] == ' ') {
            bool early = at < head / 2 && strcspn(text + at + 1, " ") > columns;
            return early ? head : at;
        }
    }
    return head;
}

size_t layout_wrapped_lines(const struct layout *layout, const char *text, size_t indent,
                            size_t n_lines)
{
    size_t count = 1;
    for (; layout->width > 2 * indent && count < n_lines; count++) {
        size_t size = wrapped_size(text, layout->width - indent);
        if (!text[size] || size == 0) {
            break;
        }
        text += size + (text[size] == ' ');
    }
    return count;
}

void layout_end_wrapped(struct layout *layout, enum style style, const char *text, size_t indent,
                        size_t n_lines)
{
    for (size_t i = 1; layout->width > 2 * indent && i < n_lines; i++) {
        size_t size = wrapped_size(text, layout->width - indent);
        if (!text[size] || size == 0) {
            break;
        }
        add(layout, style, text, size, false);
        layout_end_line(layout);
        for (size_t column = 0; column < indent; column++) {
            add(layout, STYLE_PLAIN, " ", 1, false);
        }
        text += size + (text[size] == ' ');
    }
    layout_add(layout, style, text);
    layout_end_line(layout);
}
