// GET over HTTP with a token that never leaves the host it is for.
//
// In: an address and a token's header. Out: the body, into a buffer or a file, with caps on size and time. Redirects are followed here
// and not by the library below, which would carry the header on: another host gets none, and https never becomes http.
#ifndef BANTAM_CLI_HTTP_H
#define BANTAM_CLI_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <bantam/bantam.h>

#include "mapping.h"

struct http_request {
    const char *address;
    const char *token;  // a whole header ("Authorization: Bearer …"), or NULL
    const char *accept; // a media type
    uint64_t maximum;   // bytes of the body
};

struct http_answer {
    long status;     // of HTTP; 0 where none came
    char *next_page; // its header "x-next-page", or NULL
    bool limited;    // by the header "x-ratelimit-remaining: 0"
};

// The body goes to the descriptor, or to `body` where it is -1. True where some answer came, whatever its status; a body that is not
// the one asked for (status other than 200) goes nowhere. False: see `problem`.
bool http_get(struct http_answer *answer, bantam_buffer *body, int descriptor,
              const struct http_request *request, struct problem *problem);

void http_answer_release(struct http_answer *answer);

// Whether two addresses have one scheme, host and port.
bool http_same_origin(const char *left, const char *right);

#endif
