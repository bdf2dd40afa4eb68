// What a line is about: classes of words that mean the same to different tools ("unauthorized", "bad credentials" and a 401), and of the
// files, hosts and status codes that it names.
//
// A tool that no table knows words its failures anew, but of the same things. In: a masked line. Out: concepts, each with its place.
// What they speak for, the models learn; a new word belongs into concepts.c.
#ifndef BANTAM_FEATURES_CONCEPTS_H
#define BANTAM_FEATURES_CONCEPTS_H

#include "base/arena.h"
#include "text/mask.h"

// The words of each stand in concepts.c.
enum concept {
    CONCEPT_ACCOUNT,
    CONCEPT_DENIAL,
    CONCEPT_TRUST,
    CONCEPT_CONNECTION,
    CONCEPT_HOST_NAME,
    CONCEPT_HTTP,
    CONCEPT_DOWNLOAD,
    CONCEPT_UPLOAD,
    CONCEPT_DEPLOYMENT,
    CONCEPT_REGISTRY,
    CONCEPT_DEPENDENCY,
    CONCEPT_LIBRARY,
    CONCEPT_INSTALLATION,
    CONCEPT_VERSION,
    CONCEPT_CONFIGURATION,
    CONCEPT_OPTION,
    CONCEPT_SCHEMA,
    CONCEPT_TARGET,
    CONCEPT_PARSING,
    CONCEPT_DATA_FORMAT,
    CONCEPT_CODE,
    CONCEPT_LINKING,
    CONCEPT_COMPILATION,
    CONCEPT_TESTING,
    CONCEPT_EXPECTATION,
    CONCEPT_EXCEPTION,
    CONCEPT_SIGNAL,
    CONCEPT_MEMORY,
    CONCEPT_DISK,
    CONCEPT_LIMIT,
    CONCEPT_PROCESS,
    CONCEPT_RATE,
    CONCEPT_TIME,
    CONCEPT_RUNNER,
    CONCEPT_CANCELLATION,
    CONCEPT_LOSS,
    CONCEPT_DATABASE,
    CONCEPT_SERVICE,
    CONCEPT_START,
    CONCEPT_CONTAINER,
    CONCEPT_REVISION,
    CONCEPT_CONFLICT,
    CONCEPT_ARTIFACT,
    CONCEPT_ARCHIVE,
    CONCEPT_CHECKSUM,
    CONCEPT_CORRUPTION,
    CONCEPT_FILE,
    CONCEPT_ABSENCE,
    CONCEPT_EXISTENCE,
    CONCEPT_INVALID,
    CONCEPT_ENVIRONMENT,
    CONCEPT_TOOL,
    CONCEPT_STYLE,
    CONCEPT_PROJECT_RULE,
    CONCEPT_SECURITY,
    CONCEPT_WORKFLOW,
    CONCEPT_WAITING,
    CONCEPT_STATUS_DENIED,
    CONCEPT_STATUS_ABSENT,
    CONCEPT_STATUS_CONFLICT,
    CONCEPT_STATUS_TOO_LARGE,
    CONCEPT_STATUS_TOO_MANY,
    CONCEPT_STATUS_SERVER,
    CONCEPT_EXIT_COMMAND,
    CONCEPT_EXIT_KILLED,
    CONCEPT_EXIT_CRASHED,
    CONCEPT_EXIT_TERMINATED,
    CONCEPT_EXIT_TIMEOUT,
    CONCEPT_CONFIGURATION_FILE,
    CONCEPT_YAML_FILE,
    CONCEPT_LOCK_FILE,
    CONCEPT_SOURCE_FILE,
    CONCEPT_DOCUMENT_FILE,
    CONCEPT_ARCHIVE_FILE,
    CONCEPT_LIBRARY_FILE,
    CONCEPT_SHELL_FILE,
    CONCEPT_TEST_FILE,
    CONCEPT_OWN_HOST,
    CONCEPT_ADDRESS,
    CONCEPT_VARIABLE,
    CONCEPTS,
};

struct concept_hit {
    uint8_t concept;       // enum concept
    uint16_t offset, size; // of its first word in the line's text
};

struct concept_table; // hashes of words → concepts

// Builds the table in the arena; NULL when memory is out.
const struct concept_table *concept_table_new(struct arena *arena);

// Writes the line's concepts, each once, in the order of their first words, and returns how many; at most `capacity`.
size_t concepts_find(struct concept_hit *hits, size_t capacity, const struct concept_table *table,
                     const struct masked_line *masked, const char *text);

#endif
