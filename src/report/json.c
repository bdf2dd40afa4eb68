// A diagnosis as one JSON object of schema "bantam-triage/1" (docs/user/triage.schema.json).
//
// Every key is always there, in the order of the schema; what is not known is null or an empty list.
#include "bantam/report.h"

#include "report/json_writer.h"
#include "report/past.h"

static void number_member(struct json_writer *writer, const char *key, double value)
{
    json_write_key(writer, key);
    json_write_number(writer, value);
}

static const char *status_name(bantam_triage_status status)
{
    switch (status) {
    case BANTAM_DIAGNOSED:
        return "diagnosed";
    case BANTAM_UNKNOWN:
        return "unknown";
    case BANTAM_NO_FAILURE_FOUND:
        break;
    }
    return "no_failure_found";
}

static void write_alternatives(struct json_writer *writer, const bantam_finding *finding)
{
    json_write_open_member(writer, "cause_alternatives", '[', false);
    for (size_t i = 0; i < finding->n_cause_alternatives; i++) {
        json_write_open(writer, '{', true);
        json_write_string_member(writer, "cause", finding->cause_alternatives[i].cause);
        number_member(writer, "probability", finding->cause_alternatives[i].probability);
        json_write_close(writer, '}');
    }
    json_write_close(writer, ']');
}

static void write_locations(struct json_writer *writer, const bantam_finding *finding)
{
    json_write_open_member(writer, "locations", '[', false);
    for (size_t i = 0; i < finding->n_locations; i++) {
        json_write_open(writer, '{', true);
        json_write_string_member(writer, "file", finding->locations[i].file);
        json_write_key(writer, "line");
        json_write_position(writer, finding->locations[i].line);
        json_write_key(writer, "column");
        json_write_position(writer, finding->locations[i].column);
        json_write_close(writer, '}');
    }
    json_write_close(writer, ']');
}

static void write_fix(struct json_writer *writer, const bantam_finding *finding)
{
    if (!finding->fix_id && !finding->fix_text && !finding->fix_reproduce) {
        json_write_string_member(writer, "fix", NULL);
        return;
    }
    json_write_open_member(writer, "fix", '{', false);
    json_write_string_member(writer, "id", finding->fix_id);
    json_write_string_member(writer, "text", finding->fix_text);
    json_write_string_member(writer, "reproduce", finding->fix_reproduce);
    json_write_string_member(writer, "reason", finding->fix_reason);
    json_write_close(writer, '}');
}

static void write_excerpt(struct json_writer *writer, const bantam_finding *finding)
{
    json_write_open_member(writer, "excerpt", '[', false);
    for (size_t i = 0; i < finding->n_excerpt; i++) {
        json_write_open(writer, '{', true);
        json_write_unsigned_member(writer, "line", finding->excerpt[i].line);
        json_write_string_member(writer, "text", finding->excerpt[i].text);
        json_write_close(writer, '}');
    }
    json_write_close(writer, ']');
}

static void write_evidence(struct json_writer *writer, const bantam_finding *finding)
{
    json_write_open_member(writer, "evidence", '[', false);
    for (size_t i = 0; i < finding->n_evidence; i++) {
        json_write_open(writer, '{', true);
        json_write_unsigned_member(writer, "line", finding->evidence[i].line);
        json_write_string_member(writer, "feature", finding->evidence[i].feature);
        number_member(writer, "weight", finding->evidence[i].weight);
        json_write_close(writer, '}');
    }
    json_write_close(writer, ']');
}

static void write_piece(struct json_writer *writer, const bantam_diagnosis *diagnosis, size_t i)
{
    json_write_key(writer, "piece_of");
    if (i < diagnosis->n_failures) {
        json_write_literal(writer, "null");
    } else {
        json_write_unsigned(writer, diagnosis->findings[0].rank);
    }
}

static void write_novelty(struct json_writer *writer, const bantam_finding *finding)
{
    json_write_key(writer, "in_baseline");
    json_write_literal(writer, finding->novelty == BANTAM_NOT_COMPARED ? "null"
                               : finding->novelty == BANTAM_NEW        ? "false"
                                                                       : "true");
}

static void write_fingerprint(struct json_writer *writer, const bantam_finding *finding)
{
    char fingerprint[BANTAM_FINGERPRINT_SIZE];
    writer->out->failed |= bantam_fingerprint(fingerprint, finding, NULL) != BANTAM_OK;
    json_write_string_member(writer, "fingerprint", fingerprint);
}

// What was known of the first finding's failure before.
static void write_past(struct json_writer *writer, const bantam_past *past)
{
    if (!past) {
        json_write_string_member(writer, "past", NULL);
        return;
    }
    struct past_date date;
    json_write_open_member(writer, "past", '{', true);
    json_write_unsigned_member(writer, "times", past->n_times);
    json_write_unsigned_member(writer, "commits", past->n_commits);
    json_write_string_member(writer, "first", past->n_times ? past_date(&date, past->first) : NULL);
    json_write_string_member(writer, "last", past->n_times ? past_date(&date, past->last) : NULL);
    json_write_string_member(writer, "commit", *past->commit ? past->commit : NULL);
    json_write_string_member(writer, "resolution", past->resolution);
    json_write_close(writer, '}');
}

static void write_tests(struct json_writer *writer, const char *key,
                        const bantam_failed_test *tests, size_t n_tests)
{
    json_write_open_member(writer, key, '[', false);
    for (size_t i = 0; i < n_tests; i++) {
        json_write_open(writer, '{', true);
        json_write_string_member(writer, "name", tests[i].name);
        json_write_string_member(writer, "class", tests[i].class_name);
        json_write_string_member(writer, "file", tests[i].file);
        json_write_key(writer, "line");
        json_write_position(writer, tests[i].line);
        json_write_string_member(writer, "message", tests[i].message);
        json_write_key(writer, "seconds");
        if (tests[i].seconds < 0) {
            json_write_literal(writer, "null");
        } else {
            json_write_number(writer, tests[i].seconds);
        }
        json_write_string_member(writer, "report", tests[i].report);
        json_write_key(writer, "log_line");
        json_write_position(writer, tests[i].log_line > 0 ? (int64_t)tests[i].log_line : -1);
        json_write_close(writer, '}');
    }
    json_write_close(writer, ']');
}

static void write_summary(struct json_writer *writer, const bantam_test_summary *tests)
{
    if (!tests) {
        json_write_string_member(writer, "tests", NULL);
        return;
    }
    json_write_open_member(writer, "tests", '{', false);
    json_write_string_member(writer, "report", tests->report);
    json_write_unsigned_member(writer, "reports", tests->n_reports);
    json_write_unsigned_member(writer, "total", tests->n_tests);
    json_write_unsigned_member(writer, "failed", tests->n_failed);
    json_write_unsigned_member(writer, "skipped", tests->n_skipped);
    json_write_key(writer, "contradicts");
    json_write_literal(writer, tests->contradicts ? "true" : "false");
    json_write_unsigned_member(writer, "not_joined", tests->n_not_joined);
    write_tests(writer, "others", tests->others, tests->n_others);
    json_write_close(writer, '}');
}

static void write_finding(struct json_writer *writer, const bantam_diagnosis *diagnosis, size_t i)
{
    const bantam_finding *finding = &diagnosis->findings[i];
    json_write_open(writer, '{', false);
    json_write_unsigned_member(writer, "rank", finding->rank);
    number_member(writer, "score", finding->score);
    json_write_unsigned_member(writer, "first_line", finding->first_line);
    json_write_unsigned_member(writer, "last_line", finding->last_line);
    json_write_unsigned_member(writer, "anchor_line", finding->anchor_line);
    write_novelty(writer, finding);
    write_piece(writer, diagnosis, i);
    json_write_string_member(writer, "cause", finding->cause);
    number_member(writer, "cause_probability", finding->cause_probability);
    write_alternatives(writer, finding);
    json_write_string_member(writer, "tool", finding->tool);
    json_write_string_member(writer, "subject", finding->subject);
    write_locations(writer, finding);
    json_write_string_member(writer, "transient", finding->transient);
    write_fingerprint(writer, finding);
    write_fix(writer, finding);
    write_excerpt(writer, finding);
    write_evidence(writer, finding);
    write_tests(writer, "tests", finding->tests, finding->n_tests);
    json_write_close(writer, '}');
}

static void write_lines(struct json_writer *writer, const bantam_diagnosis *diagnosis)
{
    json_write_open_member(writer, "lines", '[', false);
    for (size_t i = 0; i < diagnosis->n_lines_listed; i++) {
        json_write_open(writer, '{', true);
        json_write_unsigned_member(writer, "line", diagnosis->lines[i].line);
        number_member(writer, "score", diagnosis->lines[i].score);
        json_write_string_member(writer, "text", diagnosis->lines[i].text);
        json_write_close(writer, '}');
    }
    json_write_close(writer, ']');
}

static void write_models(struct json_writer *writer, const bantam_diagnosis *diagnosis)
{
    json_write_open_member(writer, "models", '[', false);
    for (size_t i = 0; i < diagnosis->n_models; i++) {
        json_write_open(writer, '{', true);
        json_write_string_member(writer, "name", diagnosis->models[i].name);
        json_write_string_member(writer, "version", diagnosis->models[i].version);
        json_write_string_member(writer, "digest", diagnosis->models[i].digest);
        json_write_close(writer, '}');
    }
    json_write_close(writer, ']');
}

void bantam_report_json(bantam_buffer *out, const bantam_diagnosis *diagnosis,
                        const bantam_report_options *options)
{
    bantam_report_options chosen = options ? *options : bantam_report_options_default();
    struct json_writer writer;
    json_writer_init(&writer, out, chosen.pretty);
    json_write_open(&writer, '{', false);
    json_write_string_member(&writer, "schema", "bantam-triage/1");
    json_write_open_member(&writer, "log", '{', true);
    json_write_string_member(&writer, "path", chosen.path ? chosen.path : "-");
    json_write_unsigned_member(&writer, "bytes", diagnosis->n_bytes);
    json_write_unsigned_member(&writer, "lines", diagnosis->n_lines);
    json_write_string_member(&writer, "format", diagnosis->format);
    json_write_string_member(&writer, "step", chosen.step);
    json_write_close(&writer, '}');
    json_write_string_member(&writer, "status", status_name(diagnosis->status));
    json_write_open_member(&writer, "findings", '[', false);
    for (size_t i = 0; i < diagnosis->n_findings; i++) {
        write_finding(&writer, diagnosis, i);
    }
    json_write_close(&writer, ']');
    write_lines(&writer, diagnosis);
    json_write_unsigned_member(&writer, "hidden", diagnosis->n_hidden);
    write_past(&writer, chosen.past);
    write_summary(&writer, diagnosis->tests);
    write_models(&writer, diagnosis);
    json_write_close(&writer, '}');
    bantam_buffer_append(out, "\n", 1);
}
