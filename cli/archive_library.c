// Loaded once for all threads. The major version of the file is that of libarchive 3, whose interface is stable.
#include "archive_library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#ifdef __APPLE__
#define LIBRARY_FILE "libarchive.13.dylib"
#else
#define LIBRARY_FILE "libarchive.so.13"
#endif

static struct archive_library functions;
static bool is_loaded;

// A pointer to an object becomes one to a function, as POSIX says that dlsym's may.
static bool find(void *library, const char *name, void *function)
{
    void *found = dlsym(library, name);
    memcpy(function, &found, sizeof found);
    return found != NULL;
}

static void load(void)
{
    void *library = dlopen(LIBRARY_FILE, RTLD_LAZY | RTLD_LOCAL);
    is_loaded = library != NULL;
#define FIND(name) is_loaded = is_loaded && find(library, #name, &functions.name);
    ARCHIVE_FUNCTIONS(FIND)
#undef FIND
}

const struct archive_library *archive_library(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
    return is_loaded ? &functions : NULL;
}
