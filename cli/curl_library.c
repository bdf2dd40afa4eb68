// The first of the names under which distributions have it. Only the main thread fetches.
#include "curl_library.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <string.h>

static struct curl_library functions;
static bool is_loaded;

// A pointer to an object becomes one to a function, as POSIX says that dlsym's may.
static bool find(void *library, const char *name, void *function)
{
    void *found = dlsym(library, name);
    memcpy(function, &found, sizeof found);
    return found != NULL;
}

const struct curl_library *curl_library(void)
{
    static const char *const names[] = {"libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.4.dylib"};
    for (size_t i = 0; !is_loaded && i < sizeof names / sizeof *names; i++) {
        void *library = dlopen(names[i], RTLD_LAZY | RTLD_LOCAL);
        is_loaded = library != NULL;
#define FIND(name) is_loaded = is_loaded && find(library, #name, &functions.name);
        CURL_FUNCTIONS(FIND)
#undef FIND
    }
    return is_loaded ? &functions : NULL;
}
