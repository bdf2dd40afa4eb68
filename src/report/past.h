// What was known of a failure before, in words.
#ifndef BANTAM_REPORT_PAST_H
#define BANTAM_REPORT_PAST_H

#include "bantam/buffer.h"
#include "bantam/history.h"

struct past_date {
    char text[16];
};

// "2026-11-26", the day in UTC of a time in milliseconds since 1970; borrowed from `date`.
const char *past_date(struct past_date *date, int64_t time);

// "3 times on 2 commits since 2026-11-02, last 2026-11-20 on 1a2b3c4", or "never".
void past_append(bantam_buffer *out, const bantam_past *past);

#endif
