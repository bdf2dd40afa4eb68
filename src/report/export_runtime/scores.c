// Third part of the template (text.c): scores and probabilities, and the one function that is called.

/* --- Probabilities */

static void exported_score(exported_workspace *workspace, const char *text, size_t size)
{
    size_t part, o;
    for (o = 0; o < EXPORTED_OUTPUTS; o++) {
        workspace->scores[o] = exported_intercepts[o];
    }
    for (part = 0; part < EXPORTED_PARTS; part++) {
        exported_reading reading;
        float factor = 1;
        reading.part = &exported_parts[part];
        reading.bytes = (const unsigned char *)text;
        reading.size = size;
        reading.workspace = workspace;
        reading.length = 0;
        for (o = 0; o < EXPORTED_OUTPUTS; o++) {
            workspace->sums[o] = 0;
        }
        for (reading.taking = 0; reading.taking < 2; reading.taking++) {
            exported_walk(&reading);
        }
        if (reading.part->norm && reading.length > 0) {
            factor = 1 / (reading.part->norm == 2 ? (float)sqrt((double)reading.length)
                                                  : reading.length);
        }
        for (o = 0; o < EXPORTED_OUTPUTS; o++) {
            workspace->scores[o] += factor * EXPORTED_SCALE(o) * workspace->sums[o];
        }
    }
}

#if EXPORTED_CALIBRATION == 3
/* A straight line between knots, level beyond them. */
static float exported_curve(size_t output, float score)
{
    const exported_knot *knots = exported_knots + exported_knot_starts[output];
    size_t n = exported_knot_starts[output + 1] - exported_knot_starts[output], i;
    if (n == 0) {
        return 0.5f;
    }
    if (score <= knots[0].score) {
        return knots[0].value;
    }
    for (i = 1; i < n; i++) {
        if (score < knots[i].score) {
            float share = (score - knots[i - 1].score) / (knots[i].score - knots[i - 1].score);
            return knots[i - 1].value + share * (knots[i].value - knots[i - 1].value);
        }
    }
    return knots[n - 1].value;
}
#endif

#if EXPORTED_CALIBRATION == 4
/* The text's own temperature, by the standard deviation of its scores. */
static float exported_temperature(const float *scores)
{
    double mean = 0, spread = 0;
    size_t o, n = EXPORTED_OUTPUTS;
    for (o = 0; o < n; o++) {
        mean += (double)scores[o] / (double)n;
    }
    for (o = 0; o < n; o++) {
        spread += ((double)scores[o] - mean) * ((double)scores[o] - mean) / (double)n;
    }
    spread = fmin(fmax(sqrt(spread), EXPORTED_LEAST), EXPORTED_MOST);
    return EXPORTED_TEMPERATURE * (float)pow(spread / EXPORTED_TYPICAL, EXPORTED_EXPONENT);
}
#endif

/* One output's probability on its own. */
static float exported_alone(size_t output, float score, float temperature)
{
    (void)temperature;
#if EXPORTED_CALIBRATION == 3
    return exported_curve(output, score);
#elif EXPORTED_CALIBRATION == 2
    return (float)(1 /
                   (1 + exp((double)(exported_slopes[output] * score + exported_offsets[output]))));
#else
    (void)output;
    return (float)(1 / (1 + exp(-(double)(score / temperature))));
#endif
}

static void exported_decide(const float *scores, float *probabilities)
{
    size_t o, n = EXPORTED_OUTPUTS;
    float sum = 0, most = scores[0], temperature = EXPORTED_TEMPERATURE;
#if EXPORTED_CALIBRATION == 4
    temperature = exported_temperature(scores);
#endif
    if (n == 1 && EXPORTED_LABELS == 2) {
        probabilities[1] = exported_alone(0, scores[0], temperature);
        probabilities[0] = 1 - probabilities[1];
        return;
    }
    for (o = 1; o < n; o++) {
        most = scores[o] > most ? scores[o] : most;
    }
    for (o = 0; o < n; o++) {
        if (EXPORTED_LINK == 0 && EXPORTED_CALIBRATION != 2 && EXPORTED_CALIBRATION != 3) {
            probabilities[o] = (float)exp((double)((scores[o] - most) / temperature));
        } else {
            probabilities[o] = exported_alone(o, scores[o], temperature);
        }
        sum += probabilities[o];
    }
    for (o = 0; o < n && EXPORTED_LINK != 2; o++) {
        probabilities[o] = sum > 0 ? probabilities[o] / sum : 1 / (float)n;
    }
}

int exported_predict(exported_workspace *workspace, const char *text, size_t size,
                     float probabilities[EXPORTED_LABELS])
{
    int best = 0, label;
    exported_score(workspace, text, size);
    exported_decide(workspace->scores, probabilities);
    for (label = 1; label < EXPORTED_LABELS; label++) {
        best = probabilities[label] > probabilities[best] ? label : best;
    }
    return best;
}

const char *exported_label(int label)
{
    return exported_labels[label];
}
