// Lines for a terminal: styled pieces, cut to a width with a mark.
//
// In: pieces of text, any bytes. Out: lines of valid UTF-8 without a control character except our own colours. Must not
// know what the pieces mean.
#ifndef BANTAM_REPORT_LAYOUT_H
#define BANTAM_REPORT_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "bantam/buffer.h"

enum style {
    STYLE_PLAIN,
    STYLE_BOLD,
    STYLE_DIM,
    STYLE_FAILED,  // a failure, diagnosed
    STYLE_UNSURE,  // a failure, its cause not clear
    STYLE_GOOD,    // no failure
    STYLE_COMMAND, // to be typed
    STYLES,
};

enum {
    LAYOUT_PIECES = 32, // of one line; what comes after is lost
};

struct layout_piece {
    enum style style;
    bool shrinks; // a line too long takes the surplus from the middle of this piece first
    const char *text;
    size_t size;
};

struct layout {
    bantam_buffer *out;
    bool color, ascii;
    size_t width; // columns; 0: lines are not cut
    struct layout_piece pieces[LAYOUT_PIECES];
    size_t n_pieces;
};

// Adds a terminated string to the line in the making; borrowed until the line ends. NULL adds nothing.
void layout_add(struct layout *layout, enum style style, const char *text);

// The same for the piece that may lose its middle, such as a path.
void layout_add_shrinking(struct layout *layout, enum style style, const char *text);

// Writes the line, cut to the width.
void layout_end_line(struct layout *layout);

// Writes the line whole, for what is to be copied.
void layout_end_line_whole(struct layout *layout);

// Writes `text` after what is in the line already, in as many lines of whole words as it takes, but at most `n_lines`;
// those after the first are indented by `indent` columns.
void layout_end_wrapped(struct layout *layout, enum style style, const char *text, size_t indent,
                        size_t n_lines);

// How many lines layout_end_wrapped would take for `text` after `indent` columns.
size_t layout_wrapped_lines(const struct layout *layout, const char *text, size_t indent,
                            size_t n_lines);

// The sign that a cut leaves.
const char *layout_mark(const struct layout *layout);

#endif
