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
    struct archive_members members = {.path = "fuzz"};
    check(mapping_grow(&members.packed, size));
    memcpy(members.packed.bytes, data, size);
    members.packed.size = size;
    struct problem problem = {0};
    if (archive_recognised(&members.packed)) {
        enum archive_kind kind =
            archive_begin(&members.archive, &members.entry, &members.packed, &problem);
        if (kind == ARCHIVE_OF_MEMBERS) {
            struct log log = {0};
            for (size_t n = 0; archive_member_next(&members, limits, &log); n++) {
                check(n <= limits->members_maximum + 1 && log.content.size <= limits->log_maximum);
                log_close(&log);
                log = (struct log){0};
            }
            return; // the last call has closed all
        }
        if (kind == ARCHIVE_OF_ONE_LOG) {
            struct mapping content = {0};
            uint64_t total = 0;
            if (archive_extract(members.archive, size, limits, &total, &content, &problem)) {
                check(content.size <= limits->log_maximum);
            } else {
                check(problem.text[0] != '\0');
            }
            mapping_release(&content);
        }
        check(kind != ARCHIVE_UNREADABLE || problem.text[0] != '\0');
        if (members.archive) {
            archive_end(&members.archive);
        }
    }
    mapping_release(&members.packed);
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
