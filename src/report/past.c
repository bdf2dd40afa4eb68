// Dates and counts of what was seen before.
#include "report/past.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

const char *past_date(struct past_date *date, int64_t time)
{
    time_t seconds = (time_t)(time / 1000);
    struct tm parts;
    if (!gmtime_r(&seconds, &parts) || parts.tm_year > 8099 ||
        strftime(date->text, sizeof date->text, "%Y-%m-%d", &parts) == 0) {
        snprintf(date->text, sizeof date->text, "?");
    }
    return date->text;
}

void past_append(bantam_buffer *out, const bantam_past *past)
{
    struct past_date first, last;
    if (past->n_times == 0) {
        bantam_buffer_append_string(out, "never");
        return;
    }
    bantam_buffer_append_format(out, past->n_times == 1 ? "once" : "%" PRIu64 " times",
                                past->n_times);
    if (past->n_commits > 1) {
        bantam_buffer_append_format(out, " on %" PRIu64 " commits", past->n_commits);
    }
    past_date(&first, past->first);
    past_date(&last, past->last);
    if (past->n_times > 1) {
        bantam_buffer_append_format(out, " since %s, last %s", first.text, last.text);
    } else {
        bantam_buffer_append_format(out, ", %s", last.text);
    }
    if (past->commit[0]) {
        bantam_buffer_append_format(out, " on %.10s", past->commit);
    }
}
