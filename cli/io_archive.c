// libarchive over mapped bytes; every size is held against the caps while it grows. Once an archive is open, the library is loaded.
#include "io_archive.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "archive_library.h"

enum {
    FIRST_CAPACITY = 1 << 20,
    TAR_MAGIC_OFFSET = 257,
};

static bool starts_with(const struct mapping *content, size_t offset, const char *magic,
                        size_t size)
{
    return content->size >= offset + size && memcmp(content->bytes + offset, magic, size) == 0;
}

static bool is_tar(const struct mapping *content)
{
    return starts_with(content, TAR_MAGIC_OFFSET, "ustar", 5);
}

bool archive_recognised(const struct mapping *content)
{
    return starts_with(content, 0, "\x1f\x8b", 2) ||         // gzip, RFC 1952
           starts_with(content, 0, "\x28\xb5\x2f\xfd", 4) || // zstd, RFC 8878
           starts_with(content, 0, "\xfd\x37zXZ\0", 6) ||    // xz
           starts_with(content, 0, "BZh", 3) ||              // bzip2
           starts_with(content, 0, "PK\3\4", 4) ||           // zip
           starts_with(content, 0, "PK\5\6", 4) ||           // zip without members
           is_tar(content);
}

void archive_end(struct archive **archive)
{
    if (*archive) {
        archive_library()->archive_read_free(*archive);
        *archive = NULL;
    }
}

const char *archive_reason(struct archive *archive)
{
    const char *text = archive_library()->archive_error_string(archive);
    return text && *text ? text : "cut short";
}

enum layers {
    FILTERS_AND_FORMATS,
    FILTERS_ONLY, // the bytes within are the log, whatever they look like
};

// `*status` is that of the first header.
static struct archive *open_bytes(const struct mapping *packed, enum layers layers,
                                  struct archive_entry **entry, int *status)
{
    const struct archive_library *library = archive_library();
    struct archive *archive = library->archive_read_new();
    *status = ARCHIVE_FATAL;
    if (!archive) {
        return NULL;
    }
    // A filter whose library is not built in answers ARCHIVE_WARN and is then missing: such a file is refused later.
    library->archive_read_support_filter_gzip(archive);
    library->archive_read_support_filter_zstd(archive);
    library->archive_read_support_filter_xz(archive);
    library->archive_read_support_filter_bzip2(archive);
    if (layers == FILTERS_AND_FORMATS) {
        library->archive_read_support_format_zip(archive);
        library->archive_read_support_format_tar(archive);
    }
    library->archive_read_support_format_raw(archive);
    library->archive_read_support_format_empty(archive);
    *status = library->archive_read_open_memory(archive, packed->bytes, packed->size);
    if (*status == ARCHIVE_OK) {
        *status = library->archive_read_next_header(archive, entry);
    }
    return archive;
}

enum archive_kind archive_begin(struct archive **out, struct archive_entry **entry,
                                const struct mapping *packed, struct problem *problem)
{
    int status;
    *out = NULL;
    if (!archive_library()) {
        problem_set(problem, "is packed, and libarchive, which would unpack it, can't be loaded; "
                             "install libarchive 3, or unpack it and give the log");
        return ARCHIVE_UNREADABLE;
    }
    *out = open_bytes(packed, FILTERS_AND_FORMATS, entry, &status);
    bool compressed = *out && archive_library()->archive_filter_count(*out) > 1;
    if (status == ARCHIVE_EOF && compressed) {
        // A log that starts with NULs passes for a tar without members.
        archive_end(out);
        *out = open_bytes(packed, FILTERS_ONLY, entry, &status);
    }
    bool readable = status == ARCHIVE_OK || status == ARCHIVE_WARN;
    if (readable && archive_library()->archive_format(*out) == ARCHIVE_FORMAT_RAW) {
        if (compressed) {
            return ARCHIVE_OF_ONE_LOG;
        }
        archive_end(out);
        return ARCHIVE_NONE; // the magic number was a log's text by chance
    }
    if (readable) {
        return ARCHIVE_OF_MEMBERS;
    }
    bool by_chance = !compressed && is_tar(packed);
    if (by_chance) {
        // Text that only looks like a tar's header.
    } else if (status == ARCHIVE_EOF) {
        problem_set(problem, "%s", compressed ? EMPTY_LOG : EMPTY_ARCHIVE);
    } else if (*out) {
        problem_set(problem, "damaged archive (%s); fetch it again", archive_reason(*out));
    } else {
        problem_set(problem, "not enough memory to unpack it");
    }
    archive_end(out);
    return by_chance ? ARCHIVE_NONE : ARCHIVE_UNREADABLE;
}

static bool within_limits(uint64_t size, uint64_t total, size_t packed_size,
                          const struct log_limits *limits, struct problem *problem)
{
    if (size > limits->log_maximum || total > limits->archive_maximum) {
        uint64_t maximum =
            size > limits->log_maximum ? limits->log_maximum : limits->archive_maximum;
        problem_set(problem, "more than %" PRIu64 " GB when unpacked; unpack it and give the logs",
                    maximum >> 30);
        return false;
    }
    if (total > limits->ratio_free && total / limits->ratio_maximum > packed_size) {
        problem_set(problem,
                    "unpacks to more than %" PRIu64 " times its size, as an attack would; if you "
                    "trust it, unpack it and give the logs",
                    limits->ratio_maximum);
        return false;
    }
    return true;
}

bool archive_extract(struct archive *archive, size_t packed_size, const struct log_limits *limits,
                     uint64_t *total, struct mapping *content, struct problem *problem)
{
    uint64_t before = *total;
    for (;;) {
        if (!mapping_grow(content, FIRST_CAPACITY)) {
            problem_set(problem, "not enough memory to unpack it; unpack it and give the log");
            return false;
        }
        la_ssize_t got = archive_library()->archive_read_data(
            archive, content->bytes + content->size, content->capacity - content->size);
        if (got == ARCHIVE_RETRY || got == ARCHIVE_WARN) {
            continue;
        }
        if (got < 0) {
            problem_set(problem, "damaged archive (%s); fetch it again", archive_reason(archive));
            return false;
        }
        if (got == 0) {
            return true;
        }
        content->size += (size_t)got;
        *total = before + content->size;
        if (!within_limits(content->size, *total, packed_size, limits, problem)) {
            *total = ARCHIVE_REFUSED;
            return false;
        }
    }
}
