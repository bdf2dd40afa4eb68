// SQLite, loaded when a store is first opened: most logs are read without one.
//
// Its functions are called through a table of the types that its own header declares.
#ifndef BANTAM_CLI_SQLITE_LIBRARY_H
#define BANTAM_CLI_SQLITE_LIBRARY_H

#include <sqlite3.h>

// Every function that is called; X stands for what is done with each.
#define SQLITE_FUNCTIONS(X)                                                                        \
    X(sqlite3_bind_blob)                                                                           \
    X(sqlite3_bind_double)                                                                         \
    X(sqlite3_bind_int64)                                                                          \
    X(sqlite3_bind_null)                                                                           \
    X(sqlite3_bind_text)                                                                           \
    X(sqlite3_busy_timeout)                                                                        \
    X(sqlite3_changes)                                                                             \
    X(sqlite3_close)                                                                               \
    X(sqlite3_column_blob)                                                                         \
    X(sqlite3_column_bytes)                                                                        \
    X(sqlite3_column_double)                                                                       \
    X(sqlite3_column_int64)                                                                        \
    X(sqlite3_column_text)                                                                         \
    X(sqlite3_errmsg)                                                                              \
    X(sqlite3_exec)                                                                                \
    X(sqlite3_finalize)                                                                            \
    X(sqlite3_last_insert_rowid)                                                                   \
    X(sqlite3_open_v2)                                                                             \
    X(sqlite3_prepare_v2)                                                                          \
    X(sqlite3_step)

#define SQLITE_MEMBER(name) __typeof__(name) *name;
struct sqlite_library {
    SQLITE_FUNCTIONS(SQLITE_MEMBER)
};
#undef SQLITE_MEMBER

// The functions, or NULL where the library is not installed or lacks one of them. It stays loaded. Thread-safe.
const struct sqlite_library *sqlite_library(void);

#endif
