// One handle a request; the loop over redirects decides anew what each gets to see.
#include "http.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "curl_library.h"
#include "message.h"

enum {
    REDIRECTS_MAXIMUM = 5,
    CONNECT_SECONDS = 30,
    SILENT_SECONDS = 60, // without a byte
};

struct transfer {
    const struct curl_library *curl;
    CURL *handle;
    struct http_answer *answer;
    bantam_buffer *body;
    int descriptor;
    uint64_t size, maximum;
    bool too_large;
    int write_error;
};

// "https://host:port": scheme and authority, without what names a user.
static size_t origin_size(const char *address)
{
    const char *authority = strstr(address, "://");
    return authority ? (size_t)(authority + 3 - address) + strcspn(authority + 3, "/?#") : 0;
}

bool http_same_origin(const char *left, const char *right)
{
    size_t size = origin_size(left);
    return size > 0 && size == origin_size(right) && strncasecmp(left, right, size) == 0;
}

// The token may go there: over https, or to this machine.
static bool is_private(const char *address)
{
    static const char *const hosts[] = {"http://127.0.0.1", "http://localhost", "http://[::1]"};
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        size_t size = strlen(hosts[i]);
        if (strncasecmp(address, hosts[i], size) == 0 && address[size] &&
            strchr(":/", address[size])) {
            return true;
        }
    }
    return strncasecmp(address, "https://", 8) == 0;
}

static size_t take_body(char *bytes, size_t one, size_t size, void *context)
{
    struct transfer *transfer = context;
    long status = 0;
    size *= one;
    transfer->curl->curl_easy_getinfo(transfer->handle, CURLINFO_RESPONSE_CODE, &status);
    if (status != 200) {
        return size;
    }
    transfer->size += size;
    transfer->too_large = transfer->size > transfer->maximum;
    if (transfer->too_large) {
        return 0;
    }
    if (transfer->descriptor < 0) {
        bantam_buffer_append(transfer->body, bytes, size);
        return transfer->body->failed ? 0 : size;
    }
    if (!write_all(transfer->descriptor, bytes, size)) {
        transfer->write_error = errno;
        return 0;
    }
    return size;
}

static size_t take_header(char *bytes, size_t one, size_t size, void *context)
{
    struct http_answer *answer = ((struct transfer *)context)->answer;
    static const char page[] = "x-next-page:", left[] = "x-ratelimit-remaining:";
    size *= one;
    char line[256];
    size_t length = size < sizeof line - 1 ? size : sizeof line - 1;
    memcpy(line, bytes, length);
    line[length] = '\0';
    line[strcspn(line, "\r\n")] = '\0';
    if (strncasecmp(line, page, sizeof page - 1) == 0) {
        const char *value = line + sizeof page - 1;
        value += strspn(value, " \t");
        free(answer->next_page);
        answer->next_page = *value ? strdup(value) : NULL;
    } else if (strncasecmp(line, left, sizeof left - 1) == 0) {
        answer->limited = strtol(line + sizeof left - 1, NULL, 10) == 0;
    }
    return size;
}

static void set_options(struct transfer *transfer, const char *address, struct curl_slist *headers)
{
    const struct curl_library *curl = transfer->curl;
    CURL *handle = transfer->handle;
    curl->curl_easy_setopt(handle, CURLOPT_URL, address);
    curl->curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl->curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl->curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
    curl->curl_easy_setopt(handle, CURLOPT_USERAGENT, "bantam/" BANTAM_VERSION);
    curl->curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    curl->curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl->curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, (long)SILENT_SECONDS);
    curl->curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl->curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_body);
    curl->curl_easy_setopt(handle, CURLOPT_WRITEDATA, transfer);
    curl->curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, take_header);
    curl->curl_easy_setopt(handle, CURLOPT_HEADERDATA, transfer);
}

static struct curl_slist *add_header(const struct curl_library *curl, struct curl_slist *headers,
                                     const char *header)
{
    struct curl_slist *more = header ? curl->curl_slist_append(headers, header) : headers;
    return more ? more : headers;
}

// One request without redirects. *next is where it is redirected to, owned, or NULL.
static bool get_once(struct transfer *transfer, char **next, const char *address, const char *token,
                     const char *accept, struct problem *problem)
{
    const struct curl_library *curl = transfer->curl;
    char accepts[128];
    *next = NULL;
    transfer->handle = curl->curl_easy_init();
    if (!transfer->handle) {
        problem_set(problem, "not enough memory");
        return false;
    }
    snprintf(accepts, sizeof accepts, "Accept: %s", accept);
    struct curl_slist *headers = add_header(curl, NULL, accepts);
    headers = add_header(curl, headers, token);
    set_options(transfer, address, headers);
    CURLcode code = curl->curl_easy_perform(transfer->handle);
    char *location = NULL;
    curl->curl_easy_getinfo(transfer->handle, CURLINFO_RESPONSE_CODE, &transfer->answer->status);
    curl->curl_easy_getinfo(transfer->handle, CURLINFO_REDIRECT_URL, &location);
    *next = location && transfer->answer->status / 100 == 3 ? strdup(location) : NULL;
    if (transfer->too_large) {
        problem_set(problem, "more than %" PRIu64 " MB", transfer->maximum >> 20);
    } else if (transfer->write_error) {
        problem_set(problem, "cannot be written (%s)", strerror(transfer->write_error));
    } else if (code != CURLE_OK) {
        problem_set(problem, "%s; check the connection and the address",
                    curl->curl_easy_strerror(code));
    }
    curl->curl_easy_cleanup(transfer->handle);
    curl->curl_slist_free_all(headers);
    return code == CURLE_OK;
}

bool http_get(struct http_answer *answer, bantam_buffer *body, int descriptor,
              const struct http_request *request, struct problem *problem)
{
    *answer = (struct http_answer){0};
    struct transfer transfer = {.curl = curl_library(),
                                .answer = answer,
                                .body = body,
                                .descriptor = descriptor,
                                .maximum = request->maximum};
    if (!transfer.curl) {
        problem_set(problem, "libcurl can't be loaded; install libcurl 4");
        return false;
    }
    if (request->token && !is_private(request->address)) {
        problem_set(problem, "is not https: the token is not sent there");
        return false;
    }
    char *address = strdup(request->address), *next = NULL;
    bool got = address != NULL;
    for (int i = 0; got; i++) {
        bool same = http_same_origin(address, request->address);
        got = get_once(&transfer, &next, address, same ? request->token : NULL, request->accept,
                       problem);
        if (!got || !next) {
            break;
        }
        bool weaker = is_private(address) && !is_private(next);
        if (weaker || i == REDIRECTS_MAXIMUM) {
            problem_set(problem, weaker ? "is redirected to an address that is not https"
                                        : "is redirected again and again");
            got = false;
        }
        free(address);
        address = next;
        next = NULL;
    }
    free(next);
    free(address);
    return got;
}

void http_answer_release(struct http_answer *answer)
{
    free(answer->next_page);
    answer->next_page = NULL;
}
