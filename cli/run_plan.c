// Names compared with each other; first lines looked for in the job's log, where each has a time of its own.
#include "run_plan.h"

#include <stdlib.h>
#include <string.h>

enum {
    JOBS_MAXIMUM = 512, // of a run: GitHub has 256
    CUT_NAME =
        80, // bytes; longer names are cut, at different places in a file's and a folder's name
    HEAD_LEAST = 24, // bytes of a first line: a time alone is not enough
};

bool run_plan_add(struct run_plan *plan, const char *name)
{
    if (plan->n == plan->capacity) {
        size_t capacity = plan->capacity ? 2 * plan->capacity : 64;
        struct run_member *members = realloc(plan->members, capacity * sizeof *members);
        if (!members) {
            return false;
        }
        plan->members = members;
        plan->capacity = capacity;
    }
    struct run_member *member = &plan->members[plan->n];
    *member = (struct run_member){.name = strdup(name), .job = RUN_NO_JOB};
    plan->n += member->name != NULL;
    return member->name != NULL;
}

// "3_Run tests.txt" → 3 and "Run tests" without its ending; false for any other name.
static bool take_apart(const char *file, long *number, const char **name, size_t *size)
{
    char *end;
    *number = strtol(file, &end, 10);
    size_t length = strlen(file);
    if (end == file || *end != '_' || length < 5 || strcmp(file + length - 4, ".txt") != 0) {
        return false;
    }
    *name = end + 1;
    *size = *name < file + length - 4 ? (size_t)(file + length - 4 - *name) : 0;
    return *size > 0;
}

// How alike the names of a job's file and of a folder are; both were made of the job's name, each in its own way.
enum likeness {
    UNLIKE,
    BOTH_CUT,     // too long, and the same up to where one is cut
    SAME_LETTERS, // but for what may not stand in paths and what was put in its place
    EQUAL,
};

static bool is_mark(char byte)
{
    bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
    return !letter && !(byte >= '0' && byte <= '9') && (unsigned char)byte < 0x80;
}

static bool same_letters(const char *left, size_t left_size, const char *right, size_t right_size)
{
    size_t i = 0, k = 0;
    for (;;) {
        while (i < left_size && is_mark(left[i])) {
            i++;
        }
        while (k < right_size && is_mark(right[k])) {
            k++;
        }
        if (i == left_size || k == right_size) {
            return i == left_size && k == right_size;
        }
        if (left[i++] != right[k++]) {
            return false;
        }
    }
}

static enum likeness likeness(const char *file, size_t file_size, const char *folder,
                              size_t folder_size)
{
    size_t least = file_size < folder_size ? file_size : folder_size;
    if (file_size == folder_size && memcmp(file, folder, least) == 0) {
        return EQUAL;
    }
    if (same_letters(file, file_size, folder, folder_size)) {
        return SAME_LETTERS;
    }
    return least >= CUT_NAME && memcmp(file, folder, least) == 0 ? BOTH_CUT : UNLIKE;
}

// The job whose folder the member lies in, RUN_NO_JOB where it is none's.
static size_t job_of(const struct run_plan *plan, const size_t *jobs, size_t n_jobs, size_t member)
{
    const char *path = plan->members[member].name, *slash = strchr(path, '/'), *name = "";
    long number = 0;
    size_t size = 0, job = RUN_NO_JOB;
    enum likeness most = UNLIKE;
    if (!slash ||
        (!take_apart(slash + 1, &number, &name, &size) && strcmp(slash + 1, "system.txt") != 0)) {
        return RUN_NO_JOB;
    }
    for (size_t k = 0; k < n_jobs && most < EQUAL; k++) {
        take_apart(plan->members[jobs[k]].name, &number, &name, &size);
        enum likeness own = likeness(name, size, path, (size_t)(slash - path));
        if (own > most) {
            most = own;
            job = jobs[k];
        }
    }
    return job;
}

static bool is_folder_name(const char *name)
{
    size_t size = strlen(name);
    return size > 0 && name[size - 1] == '/';
}

// Of each job its place; of what repeats one the job's.
void run_plan_find(struct run_plan *plan)
{
    size_t jobs[JOBS_MAXIMUM], n_jobs = 0, n_files = 0;
    for (size_t i = 0; i < plan->n && n_jobs < JOBS_MAXIMUM; i++) {
        long number;
        const char *name = plan->members[i].name;
        size_t size;
        n_files += !is_folder_name(name);
        if (!strchr(name, '/') && take_apart(name, &number, &name, &size)) {
            jobs[n_jobs++] = i;
        }
    }
    for (size_t i = 0; i < plan->n && n_jobs > 0; i++) {
        plan->members[i].job = job_of(plan, jobs, n_jobs, i);
        plan->found |= plan->members[i].job != RUN_NO_JOB;
    }
    plan->perhaps = !plan->found && n_jobs > 0 && n_jobs == n_files;
    for (size_t k = 0; k < n_jobs; k++) {
        plan->members[jobs[k]].is_job = plan->found || plan->perhaps;
    }
}

bool run_plan_wants_head(const struct run_plan *plan, size_t member)
{
    return plan->perhaps ? plan->members[member].is_job : plan->members[member].job != RUN_NO_JOB;
}

// "2026-11-26T10:00:00.0000000Z "
static bool is_stamped(const struct run_member *member)
{
    static const char shape[] = "dddd-dd-ddTdd:dd:dd.ddddddd";
    for (size_t i = 0; i + 1 < sizeof shape; i++) {
        bool digit = i < member->head_size && member->head[i] >= '0' && member->head[i] <= '9';
        if (shape[i] == 'd' ? !digit : i >= member->head_size || member->head[i] != shape[i]) {
            return false;
        }
    }
    return true;
}

void run_plan_settle(struct run_plan *plan)
{
    bool stamped = plan->perhaps;
    for (size_t i = 0; i < plan->n && stamped; i++) {
        stamped = !plan->members[i].is_job || is_stamped(&plan->members[i]);
    }
    for (size_t i = 0; i < plan->n && plan->perhaps; i++) {
        plan->members[i].is_job = plan->members[i].is_job && stamped;
    }
    plan->found |= stamped;
    plan->perhaps = false;
}

bool run_plan_passes(const struct run_plan *plan, size_t member)
{
    return member < plan->n &&
           (plan->members[member].is_report || plan->members[member].job != RUN_NO_JOB);
}

void run_plan_set_head(struct run_plan *plan, size_t member, const char *bytes, size_t size)
{
    struct run_member *step = &plan->members[member];
    bool marked = size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0;
    bytes += marked ? 3 : 0;
    size -= marked ? 3 : 0;
    const char *end = memchr(bytes, '\n', size);
    size = end ? (size_t)(end - bytes) : size;
    step->head_size = size < RUN_HEAD_SIZE ? size : RUN_HEAD_SIZE;
    memcpy(step->head, bytes, step->head_size);
}

static int by_number(const void *a, const void *b)
{
    const struct run_step *left = a, *right = b;
    return (left->number > right->number) - (left->number < right->number);
}

struct run_step *run_plan_steps(const struct run_plan *plan, size_t job, size_t *n_steps)
{
    size_t n = 0;
    *n_steps = 0;
    for (size_t i = 0; i < plan->n; i++) {
        n += plan->members[i].job == job;
    }
    struct run_step *steps = n > 0 ? calloc(n, sizeof *steps) : NULL;
    for (size_t i = 0; steps && i < plan->n; i++) {
        const struct run_member *member = &plan->members[i];
        struct run_step *step = &steps[*n_steps];
        const char *name;
        size_t size;
        if (member->job != job || member->head_size < HEAD_LEAST ||
            !take_apart(strchr(member->name, '/') + 1, &step->number, &name, &size)) {
            continue;
        }
        step->name = strndup(name, size);
        memcpy(step->head, member->head, member->head_size);
        step->head_size = member->head_size;
        *n_steps += step->name != NULL;
    }
    if (steps) {
        qsort(steps, *n_steps, sizeof *steps, by_number);
    }
    return steps;
}

void run_steps_free(struct run_step *steps, size_t n_steps)
{
    for (size_t i = 0; i < n_steps; i++) {
        free(steps[i].name);
    }
    free(steps);
}

const char *run_step_at(const struct run_step *steps, size_t n_steps, const char *log, size_t size,
                        size_t offset)
{
    const char *name = NULL;
    size_t from = 0;
    for (size_t i = 0; i < n_steps && from < size; i++) {
        const char *found = memmem(log + from, size - from, steps[i].head, steps[i].head_size);
        if (!found || (size_t)(found - log) > offset) {
            continue; // a step that left nothing in the job's log, or one after the place
        }
        name = steps[i].name;
        from = (size_t)(found - log) + 1;
    }
    return name;
}

void run_plan_release(struct run_plan *plan)
{
    for (size_t i = 0; i < plan->n; i++) {
        free(plan->members[i].name);
    }
    free(plan->members);
    *plan = (struct run_plan){0};
}
