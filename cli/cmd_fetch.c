// bantam fetch: a run's logs from GitHub or GitLab, by their APIs, for bantam triage.
//
// In: which run, and a token from the environment. Out: GitHub's zip of a run, the text of a job's log, or a folder of the logs of a
// pipeline's failed jobs. This is the only command that opens a connection.
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <popt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "http.h"
#include "message.h"
#include "options.h"
#include "write_file.h"

static const char help[] =
    "usage: bantam fetch github OWNER/REPO RUN [OPTION...]\n"
    "       bantam fetch gitlab GROUP/PROJECT PIPELINE [OPTION...]\n"
    "       bantam fetch ADDRESS [OPTION...]\n"
    "\n"
    "Fetches the logs of a run, and prints the path for bantam triage: of GitHub the zip\n"
    "of all jobs, of GitLab a folder with the logs of the jobs that failed. ADDRESS is\n"
    "that of a run, job or pipeline in the browser.\n"
    "\n"
    "  -o, --output FILE  write there instead (GitLab: a folder); - is standard output\n"
    "      --job ID       only this job's log, as text\n"
    "      --attempt N    of a GitHub run that was tried again\n"
    "      --api ADDRESS  of the API, where it is not github.com's or gitlab.com's\n"
    "  -h, --help         print this and leave\n"
    "\n"
    "The token is that of GH_TOKEN, GITHUB_TOKEN, or gh auth token; for GitLab of\n"
    "GITLAB_TOKEN or CI_JOB_TOKEN. It is sent to the API alone, never where that\n"
    "redirects to. GITHUB_API_URL and CI_API_V4_URL name the API, too.\n"
    "\n"
    "examples:\n"
    "  bantam triage \"$(bantam fetch github octo-org/octo-repo 1658821493)\"\n"
    "  bantam fetch https://gitlab.com/group/project/-/jobs/42 -o - | bantam triage\n"
    "\n"
    "exit status: 0 fetched, 2 wrong usage, 3 not fetched or not written.\n";

#define LOG_MAXIMUM ((uint64_t)8 << 30)
#define LIST_MAXIMUM ((uint64_t)16 << 20)

enum {
    PAGES_MAXIMUM = 20, // of a hundred jobs
    TOKEN_SIZE = 4096
};

struct fetch {
    char *output, *job, *attempt, *api; // options, or NULL
    int help;
    bool gitlab;
    char *project, *run; // OWNER/REPO and digits
    char *own_api;       // of the address's host
    char token[TOKEN_SIZE];
    bool has_token;
};

static bool is_number(const char *text)
{
    return text && *text && strspn(text, "0123456789") == strlen(text) && strlen(text) < 20;
}

// "owner/repo", and for GitLab groups within groups: letters, digits and a few marks, no "..".
static bool is_project(const char *text, bool gitlab)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/";
    const char *slash = strchr(text, '/');
    return slash && slash > text && slash[1] && strspn(text, letters) == strlen(text) &&
           !strstr(text, "..") && !strstr(text, "//") && text[strlen(text) - 1] != '/' &&
           (gitlab || !strchr(slash + 1, '/'));
}

// ---- what is asked for --------------------------------------------------------------------------

static char *copy(const char *from, const char *to)
{
    return strndup(from, (size_t)(to - from));
}

// The digits at `text`, a new string; NULL where there are none.
static char *digits_at(const char *text)
{
    size_t size = strspn(text, "0123456789");
    return size > 0 ? strndup(text, size) : NULL;
}

// https://HOST/OWNER/REPO/actions/runs/RUN[/job/JOB], https://HOST/GROUP/PROJECT/-/pipelines/ID or …/-/jobs/ID
static bool read_address(struct fetch *fetch, const char *address)
{
    const char *host = strstr(address, "://"), *path = host ? strchr(host + 3, '/') : NULL;
    const char *runs = path ? strstr(path, "/actions/runs/") : NULL;
    const char *pipeline = path ? strstr(path, "/-/pipelines/") : NULL;
    const char *job = path ? strstr(path, "/-/jobs/") : NULL;
    const char *end = runs ? runs : pipeline ? pipeline : job;
    if (!end) {
        return false;
    }
    fetch->gitlab = !runs;
    fetch->project = copy(path + 1, end);
    if (job && !runs && !pipeline) {
        fetch->job = fetch->job ? fetch->job : digits_at(job + strlen("/-/jobs/"));
        fetch->run = strdup("0");
    } else {
        fetch->run = digits_at(end + strlen(runs ? "/actions/runs/" : "/-/pipelines/"));
    }
    const char *part = runs ? strstr(runs, "/job/") : NULL;
    if (part && !fetch->job) {
        fetch->job = digits_at(part + strlen("/job/"));
    }
    bool known =
        strncmp(host, "://github.com/", 14) == 0 || strncmp(host, "://gitlab.com/", 14) == 0;
    if (!known && asprintf(&fetch->own_api, fetch->gitlab ? "%.*s/api/v4" : "%.*s/api/v3",
                           (int)(path - address), address) < 0) {
        fetch->own_api = NULL;
    }
    return true;
}

static bool read_arguments(struct fetch *fetch, const char *const *arguments)
{
    size_t n = arguments_count(arguments);
    const char *first = n > 0 ? arguments[0] : NULL;
    bool address = first && strstr(first, "://");
    if (address ? !read_address(fetch, first) || n > 1 : n != 3) {
        message("fetch takes github or gitlab, a project and a run, or an address; see bantam "
                "fetch --help");
        return false;
    }
    if (!address) {
        fetch->gitlab = strcmp(first, "gitlab") == 0;
        fetch->project = strdup(arguments[1]);
        fetch->run = strdup(arguments[2]);
        if (!fetch->gitlab && strcmp(first, "github") != 0) {
            message("%s: is neither github nor gitlab", first);
            return false;
        }
    }
    if (!fetch->project || !is_project(fetch->project, fetch->gitlab)) {
        message("%s: is no project, as in octo-org/octo-repo",
                fetch->project ? fetch->project : "?");
        return false;
    }
    if (!is_number(fetch->run) || (fetch->job && !is_number(fetch->job)) ||
        (fetch->attempt && !is_number(fetch->attempt))) {
        message("a run, a job and an attempt are numbers, as their addresses in the browser end");
        return false;
    }
    return true;
}

// ---- token and API ------------------------------------------------------------------------------

static bool set_token(struct fetch *fetch, const char *header, const char *value)
{
    size_t size = value ? strcspn(value, "\r\n") : 0;
    fetch->has_token = size > 0 && size < TOKEN_SIZE - 64;
    if (fetch->has_token) {
        snprintf(fetch->token, sizeof fetch->token, "%s%.*s", header, (int)size, value);
    }
    return fetch->has_token;
}

static const char *api_of(const struct fetch *fetch)
{
    const char *named = getenv(fetch->gitlab ? "CI_API_V4_URL" : "GITHUB_API_URL");
    return fetch->api        ? fetch->api
           : fetch->own_api  ? fetch->own_api
           : named && *named ? named
           : fetch->gitlab   ? "https://gitlab.com/api/v4"
                             : "https://api.github.com";
}

// What the gh tool keeps for the host of the API, where it is installed: the token of one host is not another's.
static void ask_gh(struct fetch *fetch)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
    char command[512], line[TOKEN_SIZE] = "";
    const char *scheme = strstr(api_of(fetch), "://"), *host = scheme ? scheme + 3 : "";
    size_t size = strspn(host, letters);
    if (size == 0 || size > 255 || host[0] == '-' ||
        !(host[size] == '\0' || strchr("/:", host[size]))) {
        return;
    }
    if (size == strlen("api.github.com") && strncmp(host, "api.github.com", size) == 0) {
        host += strlen("api.");
        size -= strlen("api.");
    }
    snprintf(command, sizeof command, "gh auth token --hostname %.*s 2>/dev/null", (int)size, host);
    FILE *gh = popen(command, "re");
    if (gh && fgets(line, sizeof line, gh)) {
        set_token(fetch, "Authorization: Bearer ", line);
    }
    if (gh) {
        pclose(gh);
    }
}

static void find_token(struct fetch *fetch)
{
    if (fetch->gitlab) {
        if (!set_token(fetch, "PRIVATE-TOKEN: ", getenv("GITLAB_TOKEN"))) {
            set_token(fetch, "JOB-TOKEN: ", getenv("CI_JOB_TOKEN"));
        }
    } else if (!set_token(fetch, "Authorization: Bearer ", getenv("GH_TOKEN")) &&
               !set_token(fetch, "Authorization: Bearer ", getenv("GITHUB_TOKEN"))) {
        ask_gh(fetch);
    }
}

// A host that only an address names gets no token: the address may come from anyone.
static void keep_token(struct fetch *fetch)
{
    const char *named = getenv(fetch->gitlab ? "CI_API_V4_URL" : "GITHUB_API_URL");
    bool strange =
        fetch->own_api && !fetch->api && !(named && http_same_origin(named, fetch->own_api));
    if (strange && fetch->has_token) {
        message("the token is not sent to %s, which only the address names; --api %s sends it",
                fetch->own_api, fetch->own_api);
        fetch->has_token = false;
    }
}

// What a status of the API means for the person who asked.
static void tell_status(const struct fetch *fetch, const struct http_answer *answer)
{
    const char *variable = fetch->gitlab ? "GITLAB_TOKEN" : "GH_TOKEN";
    if (answer->limited && (answer->status == 403 || answer->status == 429)) {
        message("the limit of requests is reached; wait, or give a token in %s", variable);
    } else if (answer->status == 401 || answer->status == 403) {
        message("%s (status %ld)%s%s",
                fetch->has_token ? "the token may not read these logs"
                                 : "these logs are for those with a token",
                answer->status, fetch->has_token ? "; check its rights in " : "; give one in ",
                variable);
    } else if (answer->status == 404) {
        message("%s: no such run or job, or %s", fetch->project,
                fetch->has_token ? "the token may not see it" : "it is seen with a token only");
    } else if (answer->status == 410) {
        message("%s: the logs have expired and are deleted", fetch->project);
    } else {
        message("%s: the server answered with status %ld", fetch->project, answer->status);
    }
}

// ---- fetching -----------------------------------------------------------------------------------

// Writes what the address holds to a new file of that path, or to standard output where the path is "-".
static bool fetch_file(const struct fetch *fetch, const char *address, const char *path)
{
    bool standard_output = strcmp(path, "-") == 0;
    struct write_target target = {NULL, NULL};
    int descriptor = standard_output ? STDOUT_FILENO : write_begin(&target, path);
    if (descriptor < 0) {
        message("%s: %s", path, strerror(errno));
        write_release(&target);
        return false;
    }
    struct http_request request = {.address = address,
                                   .token = fetch->has_token ? fetch->token : NULL,
                                   .accept = fetch->gitlab ? "*/*" : "application/vnd.github+json",
                                   .maximum = LOG_MAXIMUM};
    struct http_answer answer;
    struct problem problem;
    bool fetched = http_get(&answer, NULL, descriptor, &request, &problem);
    if (!fetched) {
        message("%s: %s", address, problem.text);
    } else if (answer.status != 200) {
        tell_status(fetch, &answer);
        fetched = false;
    }
    if (fetched && !standard_output && !write_end(&target, descriptor)) {
        message("%s: %s", path, strerror(errno));
        fetched = false;
    } else if (!fetched && !standard_output) {
        close(descriptor);
    }
    if (!fetched) {
        write_discard(&target);
    }
    http_answer_release(&answer);
    write_release(&target);
    return fetched;
}

// The project as one part of an address: GitLab wants its slashes escaped.
static void append_project(bantam_buffer *out, const struct fetch *fetch)
{
    for (const char *at = fetch->project; *at; at++) {
        bantam_buffer_append_string(out, *at == '/' && fetch->gitlab ? "%2F" : (char[]){*at, '\0'});
    }
}

// "API/…" of the project and what follows it; the caller frees it.
static char *address_of(const struct fetch *fetch, const char *format, const char *first,
                        const char *second)
{
    bantam_buffer text;
    bantam_buffer_init(&text, 1 << 16);
    bantam_buffer_append_string(&text, api_of(fetch));
    bantam_buffer_append_string(&text, fetch->gitlab ? "/projects/" : "/repos/");
    append_project(&text, fetch);
    const char *const values[] = {first, second};
    size_t n = 0;
    for (const char *at = format; *at; at++) {
        bantam_buffer_append_string(&text, *at == '#' ? values[n++] : (char[]){*at, '\0'});
    }
    bantam_buffer_append(&text, "", 1);
    char *address = text.failed ? NULL : strdup(text.data);
    bantam_buffer_release(&text);
    return address;
}

// "group-project-12.zip"
static char *default_path(const struct fetch *fetch, const char *number, const char *ending)
{
    char *path = NULL;
    if (asprintf(&path, "%s-%s%s", fetch->project, number, ending) < 0) {
        return NULL;
    }
    for (char *at = path; *at; at++) {
        *at = *at == '/' ? '-' : *at;
    }
    return path;
}

static bool tell_path(const char *path)
{
    return strcmp(path, "-") == 0 || (write_output(path, strlen(path)) && write_output("\n", 1));
}

static bool fetch_one(const struct fetch *fetch, char *address, const char *number,
                      const char *ending)
{
    char *path = fetch->output ? strdup(fetch->output) : default_path(fetch, number, ending);
    bool fetched = address && path && fetch_file(fetch, address, path) && tell_path(path);
    free(path);
    free(address);
    return fetched;
}

static bool fetch_job(const struct fetch *fetch)
{
    char *address = fetch->gitlab ? address_of(fetch, "/jobs/#/trace", fetch->job, NULL)
                                  : address_of(fetch, "/actions/jobs/#/logs", fetch->job, NULL);
    return fetch_one(fetch, address, fetch->job, ".log");
}

static bool fetch_run(const struct fetch *fetch)
{
    char *address = fetch->attempt ? address_of(fetch, "/actions/runs/#/attempts/#/logs",
                                                fetch->run, fetch->attempt)
                                   : address_of(fetch, "/actions/runs/#/logs", fetch->run, NULL);
    return fetch_one(fetch, address, fetch->run, ".zip");
}

// FOLDER/ID-name.log: of the job's name letters, digits, dots and dashes stay.
static bool fetch_trace(const struct fetch *fetch, const char *folder, json_t *job)
{
    json_t *id = json_object_get(job, "id");
    const char *name = json_string_value(json_object_get(job, "name"));
    char number[32], plain[64] = "";
    if (!json_is_integer(id) || json_integer_value(id) < 0) {
        message("%s: the server's list of jobs is not one", fetch->project);
        return false;
    }
    snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT, json_integer_value(id));
    snprintf(plain, sizeof plain, "%s", name ? name : "job");
    for (char *at = plain; *at; at++) {
        bool letter = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
                      (*at >= '0' && *at <= '9') || *at == '.' || *at == '-';
        *at = letter ? *at : '_';
    }
    char *path = NULL, *address = address_of(fetch, "/jobs/#/trace", number, NULL);
    bool fetched = address && asprintf(&path, "%s/%s-%s.log", folder, number, plain) >= 0 &&
                   fetch_file(fetch, address, path);
    free(address);
    free(path);
    return fetched;
}

// The page of the pipeline's failed jobs; *page becomes the next one's number, 0 after the last. NULL: the reason was told.
static json_t *list_jobs(const struct fetch *fetch, long *page)
{
    char number[32];
    snprintf(number, sizeof number, "%ld", *page);
    char *address = address_of(fetch, "/pipelines/#/jobs?scope[]=failed&per_page=100&page=#",
                               fetch->run, number);
    struct http_request request = {.address = address,
                                   .token = fetch->has_token ? fetch->token : NULL,
                                   .accept = "application/json",
                                   .maximum = LIST_MAXIMUM};
    struct http_answer answer = {0};
    struct problem problem;
    bantam_buffer body;
    bantam_buffer_init(&body, LIST_MAXIMUM);
    json_t *jobs = NULL;
    if (!address || !http_get(&answer, &body, -1, &request, &problem)) {
        message("%s: %s", fetch->project, address ? problem.text : "not enough memory");
    } else if (answer.status != 200) {
        tell_status(fetch, &answer);
    } else {
        jobs = json_loadb(body.data ? body.data : "", body.size, 0, NULL);
        if (!json_is_array(jobs)) {
            message("%s: the server's list of jobs is not one", fetch->project);
            json_decref(jobs);
            jobs = NULL;
        }
    }
    *page =
        answer.next_page && is_number(answer.next_page) ? strtol(answer.next_page, NULL, 10) : 0;
    http_answer_release(&answer);
    bantam_buffer_release(&body);
    free(address);
    return jobs;
}

static bool fetch_pipeline(const struct fetch *fetch)
{
    char *folder = fetch->output ? strdup(fetch->output) : default_path(fetch, fetch->run, "");
    bool fetched = folder && strcmp(folder, "-") != 0;
    size_t n_jobs = 0;
    if (!fetched) {
        message("-: a pipeline has many logs; name a folder, or one job with --job");
    } else if (mkdir(folder, 0777) && errno != EEXIST) {
        message("%s: %s", folder, strerror(errno));
        fetched = false;
    }
    long page = 1;
    for (int i = 0; fetched && page > 0 && i < PAGES_MAXIMUM; i++) {
        json_t *jobs = list_jobs(fetch, &page), *job;
        size_t k;
        fetched = jobs != NULL;
        json_array_foreach(jobs, k, job)
        {
            fetched = fetched && fetch_trace(fetch, folder, job);
            n_jobs++;
        }
        json_decref(jobs);
    }
    if (fetched && n_jobs == 0) {
        message("%s: no job of pipeline %s has failed", fetch->project, fetch->run);
        rmdir(folder); // which stays where it holds something
        fetched = false;
    }
    fetched = fetched && tell_path(folder);
    free(folder);
    return fetched;
}

static int run(void *context, const char *const *arguments)
{
    struct fetch *fetch = context;
    if (!read_arguments(fetch, arguments)) {
        return EXIT_USAGE;
    }
    find_token(fetch);
    keep_token(fetch);
    bool fetched = fetch->job      ? fetch_job(fetch)
                   : fetch->gitlab ? fetch_pipeline(fetch)
                                   : fetch_run(fetch);
    return fetched ? EXIT_DIAGNOSED : EXIT_INPUT;
}

int command_fetch(int argc, const char **argv)
{
    struct fetch fetch = {.output = NULL};
    const struct poptOption options[] = {
        {"output", 'o', POPT_ARG_STRING, &fetch.output, 0, NULL, NULL},
        {"job", '\0', POPT_ARG_STRING, &fetch.job, 0, NULL, NULL},
        {"attempt", '\0', POPT_ARG_STRING, &fetch.attempt, 0, NULL, NULL},
        {"api", '\0', POPT_ARG_STRING, &fetch.api, 0, NULL, NULL},
        {"help", 'h', POPT_ARG_NONE, &fetch.help, 0, NULL, NULL},
        {NULL, '\0', 0, NULL, 0, NULL, NULL}};
    const struct option_reader reader = {.command = "fetch",
                                         .table = options,
                                         .help = (const char *const[]){help, NULL},
                                         .wants_help = &fetch.help,
                                         .run = run};
    int code = options_run(&reader, &fetch, argc, argv);
    free(fetch.project);
    free(fetch.run);
    free(fetch.own_api);
    return code;
}
