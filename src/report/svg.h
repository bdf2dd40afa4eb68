// Plots as inline SVG: a frame with axes, and marks at data coordinates.
//
// In: numbers. Out: SVG elements whose colours are CSS classes of the page (evaluation_html.c). Must not know what is plotted.
#ifndef BANTAM_REPORT_SVG_H
#define BANTAM_REPORT_SVG_H

#include <stdbool.h>
#include <stddef.h>

#include "bantam/buffer.h"

struct svg_axis {
    double low, high;
    bool logarithmic;  // low > 0
    const char *title; // escaped by the plot
    bool percent;      // tick labels are shares in per cent
    bool bytes;        // tick labels are sizes
};

// Places are in SVG units; the frame lies at (left, top) with this width and height.
struct svg_plot {
    bantam_buffer *out;
    double left, top, width, height;
    struct svg_axis x, y;
};

// Opens an <svg> of that size with a title for screen readers. A natural one never grows; others grow to twice their size.
void svg_open(bantam_buffer *out, double width, double height, bool natural, const char *title);
void svg_close(bantam_buffer *out);

// Grid lines, tick labels and axis titles.
void svg_axes(const struct svg_plot *plot);

double svg_x(const struct svg_plot *plot, double value);
double svg_y(const struct svg_plot *plot, double value);

// Text that may hold any bytes: escaped, damage and control characters as U+FFFD; at most `size` bytes.
void svg_escape(bantam_buffer *out, const char *text, size_t size);

// A <text> at SVG places; `anchor` is "start", "middle" or "end"; `class` a CSS class.
void svg_text(bantam_buffer *out, double x, double y, const char *anchor, const char *class,
              const char *text);

#endif
