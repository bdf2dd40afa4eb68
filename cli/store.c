// SQLite with a write-ahead log where the file system allows it: readers do not wait for writers, and a killed process leaves
// nothing half done.
#include "store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "folders.h"

enum {
    STORE_VERSION = 1,
    APPLICATION = 0x62616e74,  // "bant", so that a store is known from other databases
    WAIT_MILLISECONDS = 15000, // for other writers
};

static const char tables[] =
    "CREATE TABLE log(id INTEGER PRIMARY KEY, digest TEXT NOT NULL, path TEXT NOT NULL,"
    " status TEXT NOT NULL, repository TEXT NOT NULL, job TEXT NOT NULL, commit_id TEXT NOT NULL,"
    " branch TEXT NOT NULL, time INTEGER NOT NULL, UNIQUE(digest, job, commit_id));"
    "CREATE TABLE finding(log INTEGER NOT NULL REFERENCES log ON DELETE CASCADE,"
    " rank INTEGER NOT NULL, fingerprint TEXT NOT NULL, cause TEXT NOT NULL,"
    " probability REAL NOT NULL, transient TEXT NOT NULL, title TEXT NOT NULL,"
    " headline TEXT NOT NULL, PRIMARY KEY(log, rank)) WITHOUT ROWID;"
    "CREATE INDEX finding_fingerprint ON finding(fingerprint);"
    "CREATE TABLE resolution(fingerprint TEXT NOT NULL, time INTEGER NOT NULL, text TEXT NOT "
    "NULL);";

char *store_path(const char *named, struct problem *problem)
{
    const char *chosen = named ? named : getenv("BANTAM_STORE");
    if (chosen && *chosen) {
        char *copy = strdup(chosen);
        if (!copy) {
            problem_set(problem, "not enough memory");
        }
        return copy;
    }
    char *path = NULL, *folder = data_folder("store", problem);
    if (folder && asprintf(&path, "%s/history.sqlite", folder) < 0) {
        problem_set(problem, "not enough memory");
        path = NULL;
    }
    free(folder);
    return path;
}

char *store_path_if_there(const char *named)
{
    const char *chosen = named ? named : getenv("BANTAM_STORE");
    return chosen && *chosen ? strdup(chosen) : data_file("store/history.sqlite");
}

bool store_is_wanted(void)
{
    const char *named = getenv("BANTAM_STORE");
    return named && *named;
}

// Keeps the first reason: what fails after it fails because of it.
static bool fail(const struct store *store, struct problem *problem, int code)
{
    if (problem->text[0]) {
        return false;
    }
    const char *path = store->path ? store->path : "store";
    switch (code & 0xff) {
    case SQLITE_FULL:
        problem_set(problem,
                    "%s: the disk is full; nothing of this was kept, what was kept before "
                    "is whole",
                    path);
        break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        problem_set(problem, "%s: another process has been writing to it for %d seconds; try again",
                    path, WAIT_MILLISECONDS / 1000);
        break;
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        problem_set(problem,
                    "%s: is no store of Bantam, or a damaged one; name another with --store", path);
        break;
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
        problem_set(problem,
                    "%s: cannot be opened for writing; check the folder and its permissions", path);
        break;
    default:
        problem_set(problem, "%s: %s", path,
                    store->database ? store->sqlite->sqlite3_errmsg(store->database)
                                    : "not enough memory");
    }
    return false;
}

static bool execute(struct store *store, const char *sql, struct problem *problem)
{
    int code = store->sqlite->sqlite3_exec(store->database, sql, NULL, NULL, NULL);
    return code == SQLITE_OK || fail(store, problem, code);
}

static bool read_pragma(struct store *store, const char *sql, int64_t *value,
                        struct problem *problem)
{
    sqlite3_stmt *statement = store_prepare(store, problem, sql, "");
    *value = statement && store_row(store, statement) ? store_integer(store, statement, 0) : -1;
    return store_finish(store, statement, problem) && *value >= 0;
}

// Under a lock, because two processes may meet a new file at once.
static bool make_tables(struct store *store, struct problem *problem)
{
    char versions[96];
    snprintf(versions, sizeof versions, "PRAGMA application_id=%d; PRAGMA user_version=%d;",
             APPLICATION, STORE_VERSION);
    int64_t version = 0;
    if (!store_begin(store, problem)) {
        return false;
    }
    bool made =
        read_pragma(store, "PRAGMA user_version", &version, problem) &&
        (version > 0 || (execute(store, tables, problem) && execute(store, versions, problem)));
    return store_end(store, made, problem);
}

static bool check_version(struct store *store, struct problem *problem)
{
    int64_t version = 0, application = 0, n_tables = 0;
    // In this order: another process may make the tables between two of these, all of them in one transaction.
    if (!read_pragma(store, "SELECT count(*) FROM sqlite_schema", &n_tables, problem) ||
        !read_pragma(store, "PRAGMA application_id", &application, problem) ||
        !read_pragma(store, "PRAGMA user_version", &version, problem)) {
        return false;
    }
    if (n_tables > 0 && application != APPLICATION) {
        problem_set(problem, "%s: is a database of another program; name another file with --store",
                    store->path);
        return false;
    }
    if (version > STORE_VERSION) {
        problem_set(problem,
                    "%s: was written by a newer bantam (store version %lld, this one knows %d); "
                    "update bantam, or name another file with --store",
                    store->path, (long long)version, STORE_VERSION);
        return false;
    }
    return version > 0 || make_tables(store, problem);
}

static bool open_database(struct store *store, struct problem *problem)
{
    if (!store->path) {
        return fail(store, problem, SQLITE_NOMEM);
    }
    mode_t before = umask(0077); // for the user alone
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    int code = store->sqlite->sqlite3_open_v2(store->path, &store->database, flags, NULL);
    bool opened = code == SQLITE_OK || fail(store, problem, code);
    if (opened) {
        store->sqlite->sqlite3_busy_timeout(store->database, WAIT_MILLISECONDS);
        opened = check_version(store, problem);
    }
    if (opened) {
        // Where the log cannot be had (a network's file system, another process just now) the store works without.
        struct problem ignored = {""};
        execute(store, "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;", &ignored);
        opened = execute(store, "PRAGMA foreign_keys=ON;", problem);
    }
    umask(before);
    return opened;
}

bool store_open(struct store *store, const char *path, struct problem *problem)
{
    problem->text[0] = '\0';
    *store = (struct store){.sqlite = sqlite_library(), .path = strdup(path)};
    if (!store->sqlite) {
        problem_set(problem,
                    "SQLite is not installed, which keeps the history; install libsqlite3 (as in "
                    "apt install libsqlite3-0)");
    }
    bool opened = store->sqlite && open_database(store, problem);
    if (!opened) {
        store_close(store);
    }
    return opened;
}

void store_close(struct store *store)
{
    if (store->database) {
        store->sqlite->sqlite3_close(store->database);
    }
    free(store->path);
    *store = (struct store){.sqlite = NULL};
}

bool store_begin(struct store *store, struct problem *problem)
{
    return execute(store, "BEGIN IMMEDIATE", problem);
}

bool store_end(struct store *store, bool keep, struct problem *problem)
{
    if (keep && execute(store, "COMMIT", problem)) {
        return true;
    }
    struct problem ignored = {""}; // SQLite may have rolled back by itself
    execute(store, "ROLLBACK", &ignored);
    return false;
}

static int bind(struct store *store, sqlite3_stmt *statement, int at, char kind, va_list *arguments)
{
    const struct sqlite_library *sqlite = store->sqlite;
    const char *text;
    const void *bytes;
    switch (kind) {
    case 's':
        text = va_arg(*arguments, const char *);
        return text ? sqlite->sqlite3_bind_text(statement, at, text, -1, SQLITE_STATIC)
                    : sqlite->sqlite3_bind_null(statement, at);
    case 'd':
        return sqlite->sqlite3_bind_double(statement, at, va_arg(*arguments, double));
    case 'b':
        bytes = va_arg(*arguments, const void *);
        return sqlite->sqlite3_bind_blob(statement, at, bytes, (int)va_arg(*arguments, size_t),
                                         SQLITE_STATIC);
    default:
        return sqlite->sqlite3_bind_int64(statement, at, va_arg(*arguments, int64_t));
    }
}

static sqlite3_stmt *prepare(struct store *store, struct problem *problem, const char *sql,
                             const char *kinds, va_list *arguments)
{
    sqlite3_stmt *statement = NULL;
    int code = store->sqlite->sqlite3_prepare_v2(store->database, sql, -1, &statement, NULL);
    for (int i = 0; code == SQLITE_OK && kinds[i]; i++) {
        code = bind(store, statement, i + 1, kinds[i], arguments);
    }
    if (code != SQLITE_OK) {
        fail(store, problem, code);
        store->sqlite->sqlite3_finalize(statement);
        return NULL;
    }
    return statement;
}

sqlite3_stmt *store_prepare(struct store *store, struct problem *problem, const char *sql,
                            const char *kinds, ...)
{
    va_list arguments;
    va_start(arguments, kinds);
    sqlite3_stmt *statement = prepare(store, problem, sql, kinds, &arguments);
    va_end(arguments);
    return statement;
}

bool store_row(struct store *store, sqlite3_stmt *statement)
{
    return statement && store->sqlite->sqlite3_step(statement) == SQLITE_ROW;
}

const char *store_text(struct store *store, sqlite3_stmt *statement, int column)
{
    const char *text = (const char *)store->sqlite->sqlite3_column_text(statement, column);
    return text ? text : "";
}

int64_t store_integer(struct store *store, sqlite3_stmt *statement, int column)
{
    return store->sqlite->sqlite3_column_int64(statement, column);
}

double store_number(struct store *store, sqlite3_stmt *statement, int column)
{
    return store->sqlite->sqlite3_column_double(statement, column);
}

const void *store_bytes(struct store *store, sqlite3_stmt *statement, int column, size_t *size)
{
    const void *bytes = store->sqlite->sqlite3_column_blob(statement, column);
    *size = bytes ? (size_t)store->sqlite->sqlite3_column_bytes(statement, column) : 0;
    return bytes;
}

bool store_finish(struct store *store, sqlite3_stmt *statement, struct problem *problem)
{
    if (!statement) {
        return false;
    }
    int code = store->sqlite->sqlite3_finalize(statement);
    return code == SQLITE_OK || fail(store, problem, code);
}

bool store_run(struct store *store, struct problem *problem, const char *sql, const char *kinds,
               ...)
{
    va_list arguments;
    va_start(arguments, kinds);
    sqlite3_stmt *statement = prepare(store, problem, sql, kinds, &arguments);
    va_end(arguments);
    while (store_row(store, statement)) {
    }
    return store_finish(store, statement, problem);
}
