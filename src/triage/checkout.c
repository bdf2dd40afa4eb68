// The folders are those that the CI systems document, and print, as their default.
#include "triage/checkout.h"

#include <string.h>

// '*' stands for one folder's name, '=' for the same name again, '/' for either separator.
static const char *const checkouts[] = {
    "/home/travis/build/*/*/",
    "/Users/travis/build/*/*/",
    "C:/Users/travis/build/*/*/",
    "/home/runner/work/*/=/",
    "/Users/runner/work/*/=/",
    "/__w/*/=/",
    "D:/a/*/=/",
    "/github/workspace/",
    "/builds/*/*/",
    "/var/lib/jenkins/workspace/*/",
    "/var/jenkins_home/workspace/*/",
    "/home/jenkins/workspace/*/",
    "/home/jenkins/agent/workspace/*/",
    "/home/circleci/project/",
    "/home/circleci/repo/",
    "/home/vsts/work/1/s/",
    "D:/a/1/s/",
    "/Users/runner/work/1/s/",
    "/__w/1/s/",
    "/var/lib/buildkite-agent/builds/*/*/*/",
    "C:/projects/*/",
    "/opt/atlassian/pipelines/agent/build/",
    "/drone/src/",
    "/tmp/cirrus-ci-build/",
    "/opt/build/repo/",
    "/usr/src/app/", // of the images of languages, by their manuals
};

static bool is_separator(char byte)
{
    return byte == '/' || byte == '\\';
}

// The bytes of the path that the pattern covers; 0 where it does not match.
static size_t match(const char *pattern, struct span path)
{
    struct span name = {0};
    size_t at = 0;
    for (; *pattern; pattern++) {
        if (*pattern == '*' || *pattern == '=') {
            size_t start = at;
            while (at < path.size && !is_separator(path.data[at])) {
                at++;
            }
            struct span found = span_of(path.data + start, at - start);
            if (found.size == 0 || (*pattern == '=' && !span_equal(found, name))) {
                return 0;
            }
            name = found;
        } else if (at == path.size ||
                   !(*pattern == '/' ? is_separator(path.data[at]) : path.data[at] == *pattern)) {
            return 0;
        } else {
            at++;
        }
    }
    return at;
}

struct span path_in_checkout(struct span path)
{
    for (size_t i = 0; i < sizeof checkouts / sizeof *checkouts; i++) {
        size_t folder = match(checkouts[i], path);
        if (folder > 0 && folder < path.size) {
            return span_after(path, folder);
        }
    }
    return path;
}
