// The first bytes tell whether libarchive's filters stand between the descriptor and the reader.
#include "data_source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive_library.h"
#include "message.h"

enum {
    PIECE = 64 << 10
};

struct data_source {
    int descriptor;
    struct archive *archive; // NULL: the bytes are plain
    struct problem problem;
    size_t n_first,
        at; // bytes of `piece` that were read to look at them, and how many of them are handed on
    char piece[PIECE];
};

static ptrdiff_t read_descriptor(struct data_source *source, char *buffer, size_t capacity)
{
    for (;;) {
        ssize_t got = read(source->descriptor, buffer, capacity);
        if (got >= 0) {
            return got;
        }
        if (errno != EINTR) {
            problem_set(&source->problem, "not readable (%s)", strerror(errno));
            return -1;
        }
    }
}

// What was looked at first, then what follows.
static ptrdiff_t read_plain(struct data_source *source, char *buffer, size_t capacity)
{
    if (source->at == source->n_first) {
        return read_descriptor(source, buffer, capacity);
    }
    size_t size = source->n_first - source->at;
    size = size < capacity ? size : capacity;
    memcpy(buffer, source->piece + source->at, size);
    source->at += size;
    return (ptrdiff_t)size;
}

// An archive_read_callback.
static la_ssize_t give_packed(struct archive *archive, void *context, const void **bytes)
{
    struct data_source *source = context;
    (void)archive;
    *bytes = source->piece;
    if (source->at < source->n_first) {
        source->at = source->n_first;
        return (la_ssize_t)source->n_first;
    }
    return read_descriptor(source, source->piece, sizeof source->piece);
}

static bool starts_with(const struct data_source *source, const char *magic, size_t size)
{
    return source->n_first >= size && memcmp(source->piece, magic, size) == 0;
}

static bool is_packed(const struct data_source *source)
{
    return starts_with(source, "\x1f\x8b", 2) || starts_with(source, "\x28\xb5\x2f\xfd", 4) ||
           starts_with(source, "\xfd\x37zXZ\0", 6) || starts_with(source, "BZh", 3);
}

static const char *reason(struct archive *archive)
{
    const char *text = archive_library()->archive_error_string(archive);
    return text && *text ? text : "cut short";
}

static bool open_packed(struct data_source *source)
{
    const struct archive_library *library = archive_library();
    if (!library) {
        problem_set(&source->problem, "is packed, and libarchive, which would unpack it, can't be "
                                      "loaded; install libarchive 3, or unpack it");
        return false;
    }
    struct archive *archive = source->archive = library->archive_read_new();
    if (!archive) {
        problem_set(&source->problem, "not enough memory to unpack it");
        return false;
    }
    library->archive_read_support_filter_gzip(archive);
    library->archive_read_support_filter_zstd(archive);
    library->archive_read_support_filter_xz(archive);
    library->archive_read_support_filter_bzip2(archive);
    library->archive_read_support_format_raw(archive);
    library->archive_read_support_format_empty(archive);
    struct archive_entry *entry;
    int status = library->archive_read_open(archive, source, NULL, give_packed, NULL);
    if (status == ARCHIVE_OK) {
        status = library->archive_read_next_header(archive, &entry);
    }
    if (status == ARCHIVE_EOF) { // nothing was packed
        library->archive_read_free(archive);
        source->archive = NULL;
        source->at = source->n_first;
        return true;
    }
    if (status != ARCHIVE_OK && status != ARCHIVE_WARN) {
        problem_set(&source->problem, "damaged (%s); fetch it again", reason(archive));
        return false;
    }
    return true;
}

// Reads enough to know what it is; false: see the problem.
static bool look(struct data_source *source)
{
    struct stat about;
    if (fstat(source->descriptor, &about) == 0 && S_ISDIR(about.st_mode)) {
        problem_set(&source->problem, "is a folder; name the files in it");
        return false;
    }
    enum {
        LONGEST_MAGIC = 10
    };
    while (source->n_first < LONGEST_MAGIC) {
        ptrdiff_t got = read_descriptor(source, source->piece + source->n_first,
                                        sizeof source->piece - source->n_first);
        if (got < 0) {
            return false;
        }
        if (got == 0) {
            break;
        }
        source->n_first += (size_t)got;
    }
    if (starts_with(source, "PK\3\4", 4)) {
        problem_set(&source->problem,
                    "is a zip archive (or a spreadsheet's own format); unpack it, "
                    "or save it as CSV");
        return false;
    }
    // Eight bytes hold the size of a safetensors header, at most 16 MB, whose JSON begins behind them.
    if (source->n_first >= 10 && memcmp(source->piece + 4, "\0\0\0\0{\"", 6) == 0) {
        problem_set(&source->problem, "is a model, not a table of texts");
        return false;
    }
    return !is_packed(source) || open_packed(source);
}

struct data_source *data_source_open(const char *path, struct problem *problem)
{
    struct data_source *source = calloc(1, sizeof *source);
    if (!source) {
        problem_set(problem, "not enough memory");
        return NULL;
    }
    source->descriptor = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (source->descriptor < 0) {
        problem_set(&source->problem, "cannot be opened (%s)", strerror(errno));
    }
    if (source->descriptor < 0 || !look(source)) {
        *problem = source->problem;
        data_source_close(&source);
    }
    return source;
}

ptrdiff_t data_source_read(void *context, char *buffer, size_t capacity)
{
    struct data_source *source = context;
    if (!source->archive) {
        return read_plain(source, buffer, capacity);
    }
    la_ssize_t got;
    do {
        got = archive_library()->archive_read_data(source->archive, buffer, capacity);
    } while (got == ARCHIVE_RETRY || got == ARCHIVE_WARN);
    if (got < 0 && !source->problem.text[0]) {
        problem_set(&source->problem, "damaged (%s); fetch it again", reason(source->archive));
    }
    return got;
}

void data_source_tell(const struct data_source *source, const char *name, const bantam_error *error)
{
    if (source->problem.text[0]) {
        message("%s: %s", name, source->problem.text);
    } else if (error->message[0]) {
        message("%s", error->message);
    }
}

void data_source_close(struct data_source **source)
{
    if (*source) {
        if ((*source)->archive) {
            archive_library()->archive_read_free((*source)->archive);
        }
        if ((*source)->descriptor > STDERR_FILENO) {
            close((*source)->descriptor);
        }
        free(*source);
    }
    *source = NULL;
}
