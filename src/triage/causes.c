// Names of the causes and what each says of a re-run.
#include "triage/causes.h"

#include <string.h>

static const struct {
    const char *name;
    enum transient transient;
} causes[CAUSES + 1] = {
    [CAUSE_COMPILE] = {"compile", TRANSIENT_NO},
    [CAUSE_TEST] = {"test", TRANSIENT_NO},
    [CAUSE_CRASH] = {"crash", TRANSIENT_MAYBE},
    [CAUSE_LINT] = {"lint", TRANSIENT_NO},
    [CAUSE_CHECK] = {"check", TRANSIENT_NO},
    [CAUSE_SECURITY] = {"security", TRANSIENT_NO},
    [CAUSE_DEPENDENCY] = {"dependency", TRANSIENT_NO},
    [CAUSE_BUILD_CONFIG] = {"build_config", TRANSIENT_NO},
    [CAUSE_CI_CONFIG] = {"ci_config", TRANSIENT_NO},
    [CAUSE_ENVIRONMENT] = {"environment", TRANSIENT_NO},
    [CAUSE_AUTH] = {"auth", TRANSIENT_NO},
    [CAUSE_NETWORK] = {"network", TRANSIENT_MAYBE},
    [CAUSE_RATE_LIMIT] = {"rate_limit", TRANSIENT_YES},
    [CAUSE_GIT] = {"git", TRANSIENT_NO},
    [CAUSE_CONTAINER] = {"container", TRANSIENT_NO},
    [CAUSE_ARTIFACT] = {"artifact", TRANSIENT_MAYBE},
    [CAUSE_RUNNER] = {"runner", TRANSIENT_YES},
    [CAUSE_TIMEOUT] = {"timeout", TRANSIENT_MAYBE},
    [CAUSE_RESOURCE] = {"resource", TRANSIENT_MAYBE},
    [CAUSE_DEPLOY] = {"deploy", TRANSIENT_MAYBE},
    [CAUSE_UNKNOWN] = {"unknown", TRANSIENT_MAYBE},
};

const char *cause_name(enum cause cause)
{
    return causes[cause <= CAUSES ? cause : CAUSE_UNKNOWN].name;
}

enum cause cause_of_name(const char *name, size_t size)
{
    for (int i = 0; i < CAUSES; i++) {
        if (strlen(causes[i].name) == size && memcmp(causes[i].name, name, size) == 0) {
            return (enum cause)i;
        }
    }
    return CAUSE_UNKNOWN;
}

const char *transient_name(enum transient transient)
{
    return transient == TRANSIENT_NO ? "no" : transient == TRANSIENT_YES ? "yes" : "maybe";
}

enum transient cause_transient(enum cause cause)
{
    return causes[cause <= CAUSES ? cause : CAUSE_UNKNOWN].transient;
}
