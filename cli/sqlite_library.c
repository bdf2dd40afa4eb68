// Loaded once for all threads. The interface of SQLite 3 is stable.
#include "sqlite_library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#ifdef __APPLE__
#define LIBRARY_FILE "libsqlite3.dylib"
#else
#define LIBRARY_FILE "libsqlite3.so.0"
#endif

static struct sqlite_library functions;
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
    SQLITE_FUNCTIONS(FIND)
#undef FIND
}

const struct sqlite_library *sqlite_library(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
    return is_loaded ? &functions : NULL;
}
