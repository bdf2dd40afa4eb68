// libarchive, loaded when the first archive is opened.
//
// It brings ten libraries with it, whose loading takes longer than most logs take to be read; a plain log needs none of them. Its
// functions are called through a table of the types that its own headers declare.
#ifndef BANTAM_CLI_ARCHIVE_LIBRARY_H
#define BANTAM_CLI_ARCHIVE_LIBRARY_H

#include <archive.h>
#include <archive_entry.h>

// Every function that is called; X stands for what is done with each.
#define ARCHIVE_FUNCTIONS(X)                                                                       \
    X(archive_entry_filetype)                                                                      \
    X(archive_entry_pathname)                                                                      \
    X(archive_entry_pathname_utf8)                                                                 \
    X(archive_error_string)                                                                        \
    X(archive_filter_count)                                                                        \
    X(archive_format)                                                                              \
    X(archive_read_data)                                                                           \
    X(archive_read_free)                                                                           \
    X(archive_read_new)                                                                            \
    X(archive_read_next_header)                                                                    \
    X(archive_read_open)                                                                           \
    X(archive_read_open_memory)                                                                    \
    X(archive_read_support_filter_bzip2)                                                           \
    X(archive_read_support_filter_gzip)                                                            \
    X(archive_read_support_filter_xz)                                                              \
    X(archive_read_support_filter_zstd)                                                            \
    X(archive_read_support_format_empty)                                                           \
    X(archive_read_support_format_raw)                                                             \
    X(archive_read_support_format_tar)                                                             \
    X(archive_read_support_format_zip)

#define ARCHIVE_MEMBER(name) __typeof__(name) *name;
struct archive_library {
    ARCHIVE_FUNCTIONS(ARCHIVE_MEMBER)
};
#undef ARCHIVE_MEMBER

// The functions, or NULL where the library is not installed or lacks one of them. It stays loaded. Thread-safe.
const struct archive_library *archive_library(void);

#endif
