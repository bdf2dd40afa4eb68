// Which wrappers a log has, from points gathered over a sample of its lines.
#include "text/wrapper.h"

#define WRAPPER_POINTER(name) &wrapper_##name,
static const struct wrapper *const wrappers[] = {WRAPPERS(WRAPPER_POINTER)};
#undef WRAPPER_POINTER

enum {
    N_WRAPPERS = sizeof wrappers / sizeof *wrappers,
    EVIDENCE_LINE_MAXIMUM = 512,
    EVIDENCE_HINTS_MAXIMUM = 20,
};

const char *log_format_name(enum log_format format)
{
    for (size_t i = 0; i < N_WRAPPERS; i++) {
        if (wrappers[i]->format == format) {
            return wrappers[i]->name;
        }
    }
    return "plain";
}

void wrapper_weigh(struct evidence *evidence, struct span raw_line)
{
    if (raw_line.size > EVIDENCE_LINE_MAXIMUM) {
        raw_line.size = EVIDENCE_LINE_MAXIMUM;
    }
    span_skip(&raw_line, SPAN("\xEF\xBB\xBF"));
    while (raw_line.size > 0 && raw_line.data[0] == 0x1B) {
        if (span_starts(raw_line, SPAN("\x1B_bk;"))) {
            break;
        }
        raw_line = span_after(raw_line, escape_length(raw_line.data, raw_line.size));
    }
    if (raw_line.size < 3) {
        return;
    }
    size_t stamp = timestamp_length(raw_line);
    for (size_t i = 0; i < N_WRAPPERS; i++) {
        unsigned points = wrappers[i]->evidence ? wrappers[i]->evidence(raw_line, stamp) : 0;
        if (points == EVIDENCE_HINT) {
            evidence->hints[wrappers[i]->format]++;
        } else {
            evidence->points[wrappers[i]->format] += points;
        }
    }
}

static uint64_t total(const struct evidence *evidence, enum log_format format)
{
    uint64_t hints = evidence->hints[format];
    return evidence->points[format] +
           (hints < EVIDENCE_HINTS_MAXIMUM ? hints : EVIDENCE_HINTS_MAXIMUM);
}

void wrapper_choose(struct log_reader *reader, const struct evidence *evidence)
{
    uint64_t best = EVIDENCE_ENOUGH - 1;
    for (size_t i = 0; i < N_WRAPPERS; i++) {
        const struct wrapper *wrapper = wrappers[i];
        uint64_t points = total(evidence, wrapper->format);
        if (!wrapper->is_tool && points > best) {
            best = points;
            reader->outer = wrapper;
        }
    }
    reader->document->format = reader->outer ? reader->outer->format : LOG_PLAIN;
    best = EVIDENCE_ENOUGH - 1;
    for (size_t i = 0; i < N_WRAPPERS; i++) {
        const struct wrapper *wrapper = wrappers[i];
        uint64_t points = total(evidence, wrapper->format);
        bool always = wrapper->format == LOG_PLAIN; // echoed commands can be in any log
        if (!wrapper->is_tool || (!always && points < EVIDENCE_ENOUGH) ||
            reader->n_inner == sizeof reader->inner / sizeof *reader->inner) {
            continue;
        }
        reader->inner[reader->n_inner++] = wrapper;
        reader->inner_formats |= 1U << wrapper->format;
        if (!reader->outer && !always && points > best) {
            best = points;
            reader->document->format = wrapper->format;
        }
    }
}
