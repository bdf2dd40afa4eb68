// The way of a race as a picture: loss on the left scale, exact answers on the right, over all steps that were taken.
//
// In: a point after each round. Out: SVG that stands alone, legible on light and dark grounds. A new cohort starts a new line.
#include <math.h>

#include "bantam/neural_train.h"

enum {
    WIDTH = 720,
    HEIGHT = 320,
    LEFT = 48,
    RIGHT = 672,
    TOP = 24,
    BOTTOM = 272,
};

static const char loss_color[] = "#c2571a", exact_color[] = "#1f77b4", frame_color[] = "#808080";

struct scales {
    double steps, loss; // the largest of each
};

static struct scales scales_of(const bantam_neural_point *points, size_t n_points)
{
    struct scales scales = {1, 0.1};
    for (size_t i = 0; i < n_points; i++) {
        scales.steps = fmax(scales.steps, (double)points[i].total_steps);
        scales.loss = isfinite(points[i].loss) ? fmax(scales.loss, points[i].loss) : scales.loss;
    }
    return scales;
}

static double x_of(const bantam_neural_point *point, struct scales scales)
{
    return LEFT + (RIGHT - LEFT) * (double)point->total_steps / scales.steps;
}

static void line(bantam_buffer *out, const bantam_neural_point *points, size_t n_points,
                 struct scales scales, bool exact)
{
    for (size_t i = 0; i < n_points; i++) {
        bool starts = i == 0 || points[i].cohort != points[i - 1].cohort;
        double share = exact                      ? points[i].exact
                       : isfinite(points[i].loss) ? points[i].loss / scales.loss
                                                  : 1;
        if (starts) {
            bantam_buffer_append_format(
                out, "%s<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"",
                i > 0 ? "\"/>\n" : "", exact ? exact_color : loss_color);
        }
        bantam_buffer_append_format(out, "%.1f,%.1f ", x_of(&points[i], scales),
                                    BOTTOM - (BOTTOM - TOP) * share);
    }
    bantam_buffer_append_string(out, n_points > 0 ? "\"/>\n" : "");
}

static void label(bantam_buffer *out, int x, int y, const char *anchor, const char *color,
                  const char *text)
{
    bantam_buffer_append_format(
        out, "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" fill=\"%s\">%s</text>\n", x, y, anchor,
        color, text);
}

static void number(bantam_buffer *out, int x, int y, const char *anchor, const char *color,
                   double value, const char *unit)
{
    bantam_buffer_append_format(
        out, "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" fill=\"%s\">%.3g%s</text>\n", x, y, anchor,
        color, value, unit);
}

void bantam_neural_curve_render(bantam_buffer *out, const bantam_neural_point *points,
                                size_t n_points)
{
    struct scales scales = scales_of(points, n_points);
    bantam_buffer_append_format(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
        "font-family=\"sans-serif\" "
        "font-size=\"12\">\n<title>Loss and exact answers of the leading run</title>\n",
        WIDTH, HEIGHT);
    for (int quarter = 0; quarter <= 4; quarter++) {
        int y = BOTTOM - (BOTTOM - TOP) * quarter / 4;
        bantam_buffer_append_format(out,
                                    "<path d=\"M%d %dH%d\" stroke=\"%s\" stroke-opacity=\"%s\"/>\n",
                                    LEFT, y, RIGHT, frame_color, quarter > 0 ? "0.3" : "1");
        number(out, LEFT - 6, y + 4, "end", loss_color, scales.loss * quarter / 4, "");
        number(out, RIGHT + 6, y + 4, "start", exact_color, 25.0 * quarter, " %");
    }
    line(out, points, n_points, scales, false);
    line(out, points, n_points, scales, true);
    label(out, LEFT, TOP - 10, "start", loss_color, "loss of the leading run, nats a token");
    label(out, RIGHT, TOP - 10, "end", exact_color, "answers right to the last token");
    number(out, LEFT, BOTTOM + 18, "middle", frame_color, 0, "");
    bantam_buffer_append_format(
        out, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\" fill=\"%s\">%.0f</text>\n", RIGHT,
        BOTTOM + 18, frame_color, scales.steps);
    label(out, (LEFT + RIGHT) / 2, BOTTOM + 34, "middle", frame_color, "steps of all runs");
    bantam_buffer_append_string(out, "</svg>\n");
}
