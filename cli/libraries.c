// Libraries that are loaded when they are first needed: their files, and the functions that are called through their tables.
//
// Each is loaded once for all threads and stays. The numbers in the files' names are those of interfaces that are stable.
#include <dlfcn.h>
#include <locale.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#include "archive_library.h"
#include "curl_library.h"
#include "sqlite_library.h"

#define NAME(function) #function,

struct library {
    void *functions; // the table: pointers to functions and nothing else, in the order of `names`
    const char *files
        [4]; // the names under which systems have it, up to a NULL; the first that is there is taken
    const char *const *names; // of the functions, up to a NULL
    bool is_loaded;
};

static struct archive_library archive;
static struct curl_library curl;
static struct sqlite_library sqlite;

static const char *const archive_names[] = {ARCHIVE_FUNCTIONS(NAME) NULL};
static const char *const curl_names[] = {CURL_FUNCTIONS(NAME) NULL};
static const char *const sqlite_names[] = {SQLITE_FUNCTIONS(NAME) NULL};

enum {
    LIBARCHIVE,
    LIBCURL,
    LIBSQLITE
};

static struct library libraries[] = {
    [LIBARCHIVE] = {&archive, {"libarchive.so.13", "libarchive.13.dylib"}, archive_names, false},
    [LIBCURL] = {&curl,
                 {"libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.4.dylib"},
                 curl_names,
                 false},
    [LIBSQLITE] = {&sqlite, {"libsqlite3.so.0", "libsqlite3.dylib"}, sqlite_names, false},
};

static void load(struct library *library)
{
    void *file = NULL;
    for (size_t i = 0; !file && library->files[i]; i++) {
        file = dlopen(library->files[i], RTLD_LAZY | RTLD_LOCAL);
    }
    library->is_loaded = file != NULL;
    for (size_t i = 0; library->is_loaded && library->names[i]; i++) {
        void *found = dlsym(file, library->names[i]);
        // A pointer to an object becomes one to a function, as POSIX says that dlsym's may.
        memcpy((char *)library->functions + i * sizeof found, &found, sizeof found);
        library->is_loaded = found != NULL;
    }
}

static locale_t utf8; // names in archives are taken as UTF-8 whatever the surroundings

static void load_archive(void)
{
    load(&libraries[LIBARCHIVE]);
    utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
}

static void load_curl(void)
{
    load(&libraries[LIBCURL]);
}

static void load_sqlite(void)
{
    load(&libraries[LIBSQLITE]);
}

const struct archive_library *archive_library(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load_archive);
    uselocale(utf8); // of this thread; nothing changes where the system has no such locale
    return libraries[LIBARCHIVE].is_loaded ? &archive : NULL;
}

const struct curl_library *curl_library(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load_curl);
    return libraries[LIBCURL].is_loaded ? &curl : NULL;
}

const struct sqlite_library *sqlite_library(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load_sqlite);
    return libraries[LIBSQLITE].is_loaded ? &sqlite : NULL;
}
