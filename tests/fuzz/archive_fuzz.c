// Any bytes may be given as an archive: each member comes out within the caps, or the archive is refused in words.
#include "fuzz_target.h"

#include <stdlib.h>
#include <string.h>

#include "../../cli/io.h"
#include "../../cli/io_archive.h"

static void check(int holds)
{
    if (!holds) {
        abort();
    }
}

static void read_members(const uint8_t *data, size_t size, const struct log_limits *limits)
{
    struct mapping packed = {0};
    struct archive *archive = NULL;
    struct archive_entry *entry = NULL;
    struct problem problem = {0};
    check(mapping_grow(&packed, size));
    memcpy(packed.bytes, data, size);
    packed.size = size;
    enum archive_kind kind = archive_recognised(&packed)
                                 ? archive_begin(&archive, &entry, &packed, &problem)
                                 : ARCHIVE_NONE;
    if (kind == ARCHIVE_OF_MEMBERS) {
        struct archive_members members = {.depth = 0};
        struct log log = {0};
        check(archive_members_begin(&members, "fuzz", archive, entry, &packed, limits));
        for (size_t n = 0; archive_member_next(&members, limits, &log); n++) {
            check(n <= limits->members_maximum + ARCHIVE_DEPTH_MAXIMUM);
            check(log.content.size <= limits->log_maximum);
            log_close(&log);
        }
        check(members.depth == 0); // the last call has closed all
        return;
    }
    if (kind == ARCHIVE_OF_ONE_LOG) {
        struct mapping content = {0};
        uint64_t total = 0;
        if (archive_extract(archive, size, limits, &total, &content, &problem)) {
            check(content.size <= limits->log_maximum);
        } else {
            check(problem.text[0] != '\0');
        }
        mapping_release(&content);
    }
    check(kind != ARCHIVE_UNREADABLE || problem.text[0] != '\0');
    archive_end(&archive);
    mapping_release(&packed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct log_limits limits = log_limits_default();
    limits.log_maximum = 1 << 20;
    limits.archive_maximum = 4 << 20;
    limits.ratio_free = 1 << 18;
    limits.members_maximum = 100;
    if (size) {
        read_members(data, size, &limits);
    }
    return 0;
}
