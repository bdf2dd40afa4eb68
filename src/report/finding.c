// Titles and places of findings.
#include "report/finding.h"

#include <string.h>

#include "report/text.h"

enum {
    LIKELY_MAXIMUM = 3
};

const char *finding_cause_title(const char *cause)
{
    static const struct {
        const char *cause, *title;
    } titles[] = {
        {"compile", "compile error"},
        {"test", "test failed"},
        {"crash", "crash"},
        {"lint", "lint findings"},
        {"check", "project check failed"},
        {"security", "security finding"},
        {"dependency", "dependency not resolved"},
        {"build_config", "build configuration"},
        {"ci_config", "CI configuration"},
        {"environment", "environment"},
        {"auth", "access refused"},
        {"network", "network"},
        {"rate_limit", "rate limit"},
        {"git", "git"},
        {"container", "container"},
        {"artifact", "artifact or cache"},
        {"runner", "runner lost"},
        {"timeout", "timeout"},
        {"resource", "out of resources"},
        {"deploy", "deploy or service"},
        {"unknown", "cause not clear"},
    };
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
        if (strcmp(titles[i].cause, cause ? cause : "unknown") == 0) {
            return titles[i].title;
        }
    }
    return cause;
}

bool finding_is_unclear(const bantam_finding *finding)
{
    return !finding->cause || strcmp(finding->cause, "unknown") == 0;
}

size_t finding_n_likely(const bantam_finding *finding)
{
    size_t n = 0;
    while (n < finding->n_cause_alternatives && n < LIKELY_MAXIMUM &&
           finding->cause_alternatives[n].probability >= 0.05) {
        n++;
    }
    return n;
}

void finding_append_likely(bantam_buffer *out, const bantam_finding *finding)
{
    for (size_t i = 0; i < finding_n_likely(finding); i++) {
        const bantam_cause_probability *likely = &finding->cause_alternatives[i];
        struct number chance = text_percent(likely->probability);
        bantam_buffer_append_format(out, "%s%s %s", i > 0 ? ", " : "",
                                    finding_cause_title(likely->cause), chance.text);
    }
}

void finding_append_title(bantam_buffer *out, const bantam_finding *finding)
{
    bantam_buffer_append_string(out, finding_cause_title(finding->cause));
    if (finding->tool) {
        bantam_buffer_append_format(out, " · %s", finding->tool);
    }
    if (finding->subject) {
        bantam_buffer_append_format(out, " · %s", finding->subject);
    }
}

const char *finding_anchor_text(const bantam_finding *finding)
{
    for (size_t i = 0; i < finding->n_excerpt; i++) {
        if (finding->excerpt[i].line == finding->anchor_line) {
            return finding->excerpt[i].text;
        }
    }
    return "";
}

// What is left of `path` after `n_names` more names, NULL where it has fewer.
static const char *after_names(const char *path, int n_names)
{
    while (path && n_names-- > 0) {
        path = strchr(path, '/');
        path = path ? path + 1 : NULL;
    }
    return path;
}

const char *finding_repository_path(const char *file)
{
    static const struct {
        const char *folder;
        int n_names; // that follow it, of owners and repositories
    } checkouts[] = {
        {"/home/runner/work/", 2},
        {"/__w/", 2},
        {"/Users/runner/work/", 2},
        {"D:/a/", 2},
        {"/github/workspace/", 0},
        {"/home/travis/build/", 2},
        {"/Users/travis/build/", 2},
        {"/builds/", 2},
        {"/home/circleci/project/", 0},
        {"/root/project/", 0},
        {"/home/vsts/work/1/s/", 0},
        {"/var/jenkins_home/workspace/", 1},
        {"/opt/atlassian/pipelines/agent/build/", 0},
    };
    for (size_t i = 0; i < sizeof checkouts / sizeof *checkouts; i++) {
        size_t size = strlen(checkouts[i].folder);
        if (strncmp(file, checkouts[i].folder, size) == 0) {
            const char *rest = after_names(file + size, checkouts[i].n_names);
            return rest && *rest ? rest : file;
        }
    }
    while (strncmp(file, "./", 2) == 0) {
        file += 2;
    }
    return file;
}
