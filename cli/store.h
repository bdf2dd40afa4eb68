// The store: one SQLite file that holds the history of failures and what was learned from corrections.
//
// In: statements of those who keep something. Out: their rows. Opens the file, makes its tables, refuses one of a newer program.
// Several processes may have it open; a killed one leaves it as it was before its last transaction.
#ifndef BANTAM_CLI_STORE_H
#define BANTAM_CLI_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "mapping.h"
#include "sqlite_library.h"

struct store {
    const struct sqlite_library *sqlite;
    sqlite3 *database;
    char *path;
};

// The store's file: `named` where it is given, else $BANTAM_STORE, else bantam/history.sqlite in the user's data folder. The
// caller frees it. NULL: see `problem`.
char *store_path(const char *named, struct problem *problem);

// The same, but makes no folder and tells of no problem: a name for what may not be there. NULL where none is to be had.
char *store_path_if_there(const char *named);

// Whether the environment names a store.
bool store_is_wanted(void);

// Opens the file, and makes it with its tables where it is missing. False: see `problem`; the store is then closed.
bool store_open(struct store *store, const char *path, struct problem *problem);
void store_close(struct store *store);

// Begins a transaction that no other process can write beside; store_end ends it, or takes back all of it where `keep` is false.
// False: see `problem`.
bool store_begin(struct store *store, struct problem *problem);
bool store_end(struct store *store, bool keep, struct problem *problem);

// Prepares a statement and binds its parameters in order. `kinds` has a letter for each argument: s a terminated string or NULL,
// i an int64_t, d a double, b a pointer and a size_t. Strings and bytes are borrowed until it ends. NULL: see `problem`.
sqlite3_stmt *store_prepare(struct store *store, struct problem *problem, const char *sql,
                            const char *kinds, ...);

// The next row of the statement. False after the last one, or where it fails: store_finish tells which.
bool store_row(struct store *store, sqlite3_stmt *statement);

// Columns of the row, from 0; a text is "" where the column is NULL, borrowed until the next row.
const char *store_text(struct store *store, sqlite3_stmt *statement, int column);
int64_t store_integer(struct store *store, sqlite3_stmt *statement, int column);
double store_number(struct store *store, sqlite3_stmt *statement, int column);
const void *store_bytes(struct store *store, sqlite3_stmt *statement, int column, size_t *size);

// Ends the statement, which may be NULL. False where it or a row failed: see `problem`, which may hold an earlier reason.
bool store_finish(struct store *store, sqlite3_stmt *statement, struct problem *problem);

// All of the above for a statement without rows.
bool store_run(struct store *store, struct problem *problem, const char *sql, const char *kinds,
               ...);

#endif
