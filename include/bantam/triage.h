// Why did this CI job fail? A log in, a diagnosis out.
//
// A bantam_triage holds the loaded models; a bantam_diagnosis holds one log's answer with its evidence. Neither prints,
// reads files or looks at the clock.
#ifndef BANTAM_TRIAGE_H
#define BANTAM_TRIAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "baseline.h"
#include "model.h"
#include "status.h"
#include "test_report.h"
#include "text.h"

typedef struct bantam_triage bantam_triage;

// Loads the models that the library ships. Errors: BANTAM_ERROR_MEMORY. `*out` is NULL on failure.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_triage_new(bantam_triage **out,
                                                             bantam_error *error);

// Puts a model in the place of the shipped one of the same kind (its "kind" metadata: "ci-lines", "ci-tools", "ci-cause",
// "ci-fixes").
// Copies what it needs. Errors: BANTAM_ERROR_MODEL, BANTAM_ERROR_VERSION, BANTAM_ERROR_MEMORY; the triage is then as before.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_triage_use(bantam_triage *triage,
                                                             const void *model_bytes, size_t size,
                                                             bantam_error *error);

// Adds a person's own rules, in TOML (docs/user/learn.md): a line that matches a rule's pattern tells its cause and that the job has
// failed, or is no reason. Errors: BANTAM_ERROR_INPUT with the line of the rules, BANTAM_ERROR_MEMORY; none of these are then added.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_triage_use_rules(bantam_triage *triage,
                                                                   const char *toml, size_t size,
                                                                   bantam_error *error);

BANTAM_API void bantam_triage_free(bantam_triage **triage);

typedef struct bantam_triage_options {
    size_t n_lines;      // length of the list of lines to read first; 0 to 1,000, default 10
    size_t max_findings; // 1 to 100, default 3
    size_t context; // lines shown before and after a finding in its excerpt; 0 to 100, default 0
    size_t
        excerpt_lines; // an excerpt longer than this keeps its best lines; 1 to 100,000, default 12
    double
        cause_threshold; // below this probability the cause is "unknown"; 0 to 1, or negative (default): the model's own
    bantam_redaction redaction;      // default BANTAM_REDACT_SECRETS
    const bantam_baseline *baseline; // what green logs of the job say, or NULL (default); borrowed
    const bantam_test_reports *reports; // of the job's tests, or NULL (default); borrowed
    bool known_failed; // the job has failed, whatever its log looks like; default false
} bantam_triage_options;

BANTAM_API bantam_triage_options bantam_triage_options_default(void);

typedef enum bantam_triage_status {
    BANTAM_DIAGNOSED = 0, // a failure was found and its cause named
    BANTAM_UNKNOWN = 1, // something failed; the findings are the best lines, the cause is not sure
    BANTAM_NO_FAILURE_FOUND = 2, // nothing in the log says that the job failed
} bantam_triage_status;

typedef struct bantam_log_line {
    uint64_t line;   // 1-based in the raw log
    uint64_t offset; // byte offset of the raw line
    uint64_t size;   // bytes of the raw line without its '\n'
    double score;    // probability-like in [0, 1]; 0 where a line is only context
    const char *
        text; // what a terminal would show, valid UTF-8, no control bytes, terminated, at most 4,096 bytes
} bantam_log_line;

typedef struct bantam_cause_probability {
    const char *cause;
    double probability;
} bantam_cause_probability;

typedef struct bantam_location {
    const char *file;
    int64_t line;   // 1-based, or -1
    int64_t column; // 1-based, or -1
} bantam_location;

typedef struct bantam_evidence {
    uint64_t line;       // 1-based in the raw log
    const char *feature; // the feature as a person reads it
    double weight;       // its contribution to the cause's log-odds
} bantam_evidence;

// What the green logs say of a line.
typedef enum bantam_novelty {
    BANTAM_NOT_COMPARED = 0, // there is no baseline
    BANTAM_IN_BASELINE = 1,  // one of them has such a line
    BANTAM_NEW = 2,          // none has
} bantam_novelty;

typedef struct bantam_finding {
    size_t rank;                    // from 1
    double score;                   // in [0, 1]: how sure that these lines explain the failure
    uint64_t first_line, last_line; // inclusive, 1-based in the raw log
    uint64_t anchor_line;           // the line to read first
    bantam_novelty novelty;         // of that line
    const char *cause; // one of the 20 causes of the docs, one of the user's own, or "unknown"
    double cause_probability; // calibrated; of the likeliest cause even where `cause` is "unknown"
    const bantam_cause_probability *cause_alternatives; // next likely, best first
    size_t n_cause_alternatives;
    const char *tool;    // canonical short name, or NULL
    const char *subject; // test, package, file, host, link or command at fault, or NULL
    const bantam_location *locations; // distinct, in the order of the log
    size_t n_locations;
    const char *transient;     // "yes", "no" or "maybe": would a re-run likely pass
    const char *fix_id;        // NULL where no fix fits
    const char *fix_text;      // one imperative sentence, or NULL
    const char *fix_reproduce; // a command for one's own machine, or NULL
    const char
        *fix_reason; // why this one of all fixes: "says …", "tool …", "kind …", "cause …"; or NULL
    const bantam_log_line *excerpt; // in the order of the log; a gap in the numbers is a cut
    size_t n_excerpt;
    const bantam_evidence *evidence; // strongest first
    size_t n_evidence;
    const bantam_failed_test *tests; // of the reports, that it is about: most clearly told first
    size_t n_tests;
} bantam_finding;

typedef struct bantam_model_name {
    const char *name, *version, *digest;
} bantam_model_name;

typedef struct bantam_diagnosis {
    bantam_triage_status status;
    uint64_t n_bytes; // of the log
    uint64_t n_lines; // of the log
    const char
        *format; // the CI system whose wrapping was recognised: "travis", "github", …, or "plain"
    // The first n_failures are failures of their own, best first; the others are pieces of the first one, whose excerpt holds their lines.
    const bantam_finding *findings; // (n_findings)
    size_t n_findings, n_failures;
    const bantam_log_line *lines; // the lines to read first, best first, diverse
    size_t n_lines_listed;
    const bantam_model_name *models;
    size_t n_models;
    size_t n_hidden;                  // secrets hidden in and around what is quoted
    const bantam_test_summary *tests; // what the reports say; NULL where none were given
} bantam_diagnosis;

// Diagnoses one log. `log` is only read during the call; the diagnosis owns all it points to. `options` may be NULL.
//
// Any bytes are a log: encoding damage, NULs and escape codes are no errors. Errors: BANTAM_ERROR_MEMORY,
// BANTAM_ERROR_ARGUMENT. `*out` is NULL on failure. Thread-safe: one triage serves any number of threads.
BANTAM_API BANTAM_MUST_CHECK bantam_status bantam_triage_run(bantam_diagnosis **out,
                                                             const bantam_triage *triage,
                                                             const void *log, size_t size,
                                                             const bantam_triage_options *options,
                                                             bantam_error *error);

BANTAM_API void bantam_diagnosis_free(bantam_diagnosis **diagnosis);

#endif
