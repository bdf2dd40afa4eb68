// Failures, logs and suspects of the store, as text or JSON.
//
// In: the store and what is asked of it. Out: text, or objects in an array or a line each; nothing is printed here.
#ifndef BANTAM_CLI_HISTORY_LISTING_H
#define BANTAM_CLI_HISTORY_LISTING_H

#include <jansson.h>

#include "history.h"

struct history_listing {
    struct store *store;
    const struct history_filter *filter;
    struct problem *problem;
    bool json, lines; // objects: in `array`, or a line each in `text`
    bantam_buffer text;
    json_t *array;
    size_t n; // of what was told
    // Private.
    const char *only;                   // the failure that is shown; NULL: all
    char last[BANTAM_FINGERPRINT_SIZE]; // failure that the last suspect was of
};

// Each appends what the filter lets through. False: see the problem.
bool history_list_failures(struct history_listing *listing);
bool history_list_logs(struct history_listing *listing);
bool history_list_suspects(struct history_listing *listing);

// One failure with its evidence and its logs. False: there is none of that id, or see the problem.
bool history_show(struct history_listing *listing, const char *id);

#endif
