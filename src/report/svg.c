// Ticks at round numbers; two decimals of a unit are finer than any screen.
#include "report/svg.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/quantity.h"
#include "report/utf8.h"

void svg_escape(bantam_buffer *out, const char *text, size_t size)
{
    for (size_t at = 0; at < size;) {
        uint32_t character;
        size_t step = utf8_decode(text + at, size - at, &character);
        if (character == UTF8_DAMAGED || (utf8_is_control(character) && character != '\t' &&
                                          character != '\n' && character != '\r')) {
            bantam_buffer_append_string(out, UTF8_REPLACEMENT);
        } else if (character == '<') {
            bantam_buffer_append_string(out, "&lt;");
        } else if (character == '>') {
            bantam_buffer_append_string(out, "&gt;");
        } else if (character == '&') {
            bantam_buffer_append_string(out, "&amp;");
        } else if (character == '"') {
            bantam_buffer_append_string(out, "&quot;");
        } else {
            bantam_buffer_append(out, text + at, step);
        }
        at += step;
    }
}

void svg_open(bantam_buffer *out, double width, double height, bool natural, const char *title)
{
    bantam_buffer_append_format(out,
                                "<svg viewBox=\"0 0 %.0f %.0f\" style=\"max-width:%.0fpx\" "
                                "role=\"img\"><title>",
                                width, height, natural ? width : width * 2);
    svg_escape(out, title, strlen(title));
    bantam_buffer_append_string(out, "</title>\n");
}

void svg_close(bantam_buffer *out)
{
    bantam_buffer_append_string(out, "</svg>\n");
}

void svg_text(bantam_buffer *out, double x, double y, const char *anchor, const char *class,
              const char *text)
{
    bantam_buffer_append_format(out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" class=\"%s\">",
                                x, y, anchor, class);
    svg_escape(out, text, strlen(text));
    bantam_buffer_append_string(out, "</text>\n");
}

// Where a value lies on its axis, 0 to 1.
static double place(const struct svg_axis *axis, double value)
{
    if (axis->logarithmic) {
        return (log10(value) - log10(axis->low)) / (log10(axis->high) - log10(axis->low));
    }
    return (value - axis->low) / (axis->high - axis->low);
}

double svg_x(const struct svg_plot *plot, double value)
{
    return plot->left + place(&plot->x, value) * plot->width;
}

double svg_y(const struct svg_plot *plot, double value)
{
    return plot->top + plot->height - place(&plot->y, value) * plot->height;
}

static struct quantity tick_label(const struct svg_axis *axis, double value, double step)
{
    struct quantity label;
    if (axis->bytes) {
        static const char *const units[] = {"", "KB", "MB", "GB"};
        size_t unit = 0;
        for (; value >= 1000 && unit < 3; unit++) {
            value /= 1000;
        }
        snprintf(label.text, sizeof label.text, "%.0f %s", value, units[unit]);
    } else if (axis->percent) {
        snprintf(label.text, sizeof label.text, "%.*f %%", step < 0.01 ? 1 : 0, value * 100);
    } else {
        snprintf(label.text, sizeof label.text, "%.*f", step < 0.1 ? 2 : 1, value);
    }
    return label;
}

static void tick(const struct svg_plot *plot, bool is_x, double value, double step)
{
    const struct svg_axis *axis = is_x ? &plot->x : &plot->y;
    struct quantity label = tick_label(axis, value, step);
    double bottom = plot->top + plot->height, right = plot->left + plot->width;
    double x = is_x ? svg_x(plot, value) : plot->left, y = is_x ? bottom : svg_y(plot, value);
    bantam_buffer_append_format(
        plot->out, "<line class=\"grid\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n", x, y,
        is_x ? x : right, is_x ? plot->top : y);
    svg_text(plot->out, is_x ? x : plot->left - 8, is_x ? bottom + 18 : y + 4,
             is_x ? "middle" : "end", "tick", label.text);
}

// Some four to seven ticks at multiples of 1, 2 or 5 times a power of ten.
static double round_step(double range)
{
    double raw = range / 5, power = pow(10, floor(log10(raw))), rest = raw / power;
    return power * (rest <= 1.5 ? 1 : rest <= 3.5 ? 2 : rest <= 7.5 ? 5 : 10);
}

static void ticks(const struct svg_plot *plot, bool is_x)
{
    const struct svg_axis *axis = is_x ? &plot->x : &plot->y;
    if (axis->logarithmic) {
        static const double between[] = {1, 2, 5};
        bool wide = axis->high / axis->low > 1000;
        for (double power = pow(10, floor(log10(axis->low))); power <= axis->high; power *= 10) {
            for (size_t i = 0; i < (wide ? 1 : 3); i++) {
                double value = power * between[i];
                if (value >= axis->low * 0.999 && value <= axis->high * 1.001) {
                    tick(plot, is_x, value, 1);
                }
            }
        }
        return;
    }
    double step = round_step(axis->high - axis->low);
    for (double i = ceil(axis->low / step - 1e-9); i * step <= axis->high + step * 1e-9; i++) {
        tick(plot, is_x, i * step + 0, step); // + 0: no minus before a zero
    }
}

void svg_axes(const struct svg_plot *plot)
{
    ticks(plot, true);
    ticks(plot, false);
    double bottom = plot->top + plot->height;
    if (plot->x.title) {
        svg_text(plot->out, plot->left + plot->width / 2, bottom + 40, "middle", "axis",
                 plot->x.title);
    }
    if (plot->y.title) {
        svg_text(plot->out, plot->left - 8, plot->top - 12, "start", "axis", plot->y.title);
    }
}
