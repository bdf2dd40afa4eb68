// The 20 causes of a failed job (docs/user/causes.md) and their numbers inside the library.
#ifndef BANTAM_TRIAGE_CAUSES_H
#define BANTAM_TRIAGE_CAUSES_H

#include <stddef.h>

// The order is that of the model file's classes: append only.
enum cause {
    CAUSE_COMPILE,
    CAUSE_TEST,
    CAUSE_CRASH,
    CAUSE_LINT,
    CAUSE_CHECK,
    CAUSE_SECURITY,
    CAUSE_DEPENDENCY,
    CAUSE_BUILD_CONFIG,
    CAUSE_CI_CONFIG,
    CAUSE_ENVIRONMENT,
    CAUSE_AUTH,
    CAUSE_NETWORK,
    CAUSE_RATE_LIMIT,
    CAUSE_GIT,
    CAUSE_CONTAINER,
    CAUSE_ARTIFACT,
    CAUSE_RUNNER,
    CAUSE_TIMEOUT,
    CAUSE_RESOURCE,
    CAUSE_DEPLOY,
    CAUSES,
    CAUSE_UNKNOWN = CAUSES, // no class: what is said when none is likely enough
};

// "compile", …, "deploy", and "unknown" for CAUSE_UNKNOWN.
const char *cause_name(enum cause cause);

// The number of a name, CAUSE_UNKNOWN for any other text. `size` bytes, not terminated.
enum cause cause_of_name(const char *name, size_t size);

enum transient {
    TRANSIENT_NO,
    TRANSIENT_MAYBE,
    TRANSIENT_YES,
    TRANSIENT_UNSAID, // the table does not tell
};

// "no", "maybe", "yes"; "maybe" for TRANSIENT_UNSAID.
const char *transient_name(enum transient transient);

// Whether a re-run likely helps, from the cause alone.
enum transient cause_transient(enum cause cause);

#endif
