// libcurl, loaded when something is fetched: nothing else in the program opens a connection.
//
// Its functions are called through a table of the types that its own header declares.
#ifndef BANTAM_CLI_CURL_LIBRARY_H
#define BANTAM_CLI_CURL_LIBRARY_H

#define CURL_DISABLE_TYPECHECK // its macros would stand in the way of members of the same names
#include <curl/curl.h>

// Every function that is called; X stands for what is done with each.
#define CURL_FUNCTIONS(X)                                                                          \
    X(curl_easy_cleanup)                                                                           \
    X(curl_easy_getinfo)                                                                           \
    X(curl_easy_init)                                                                              \
    X(curl_easy_perform)                                                                           \
    X(curl_easy_setopt)                                                                            \
    X(curl_easy_strerror)                                                                          \
    X(curl_slist_append)                                                                           \
    X(curl_slist_free_all)

#define CURL_MEMBER(name) __typeof__(name) *name;
struct curl_library {
    CURL_FUNCTIONS(CURL_MEMBER)
};
#undef CURL_MEMBER

// The functions, or NULL where the library is not installed or lacks one of them. It stays loaded.
const struct curl_library *curl_library(void);

#endif
