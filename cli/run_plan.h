// The shape of a GitHub run's logs, as a zip or unpacked: "3_test.txt" is the whole log of job "test", and "test/1_Set up job.txt" and its
// neighbours say the same once more, step by step.
//
// In: the names of an archive's or a folder's members. Out: which are jobs, which only repeat a step of one, and where in a job's log
// each of its steps begins. Must not read files.
#ifndef BANTAM_CLI_RUN_PLAN_H
#define BANTAM_CLI_RUN_PLAN_H

#include <stdbool.h>
#include <stddef.h>

enum {
    RUN_HEAD_SIZE = 160 // bytes of a step's first line that are looked for in the job's log
};

struct run_step {
    long number;
    char *name; // "Run tests"
    char head[RUN_HEAD_SIZE];
    size_t head_size;
};

struct run_member {
    char *name;
    bool is_job;
    bool is_report; // of tests
    size_t job;     // of a member that repeats a step: the job's index; else RUN_NO_JOB
    char head[RUN_HEAD_SIZE];
    size_t head_size;
};

#define RUN_NO_JOB ((size_t)-1)

struct run_plan {
    struct run_member *members;
    size_t n, capacity;
    bool found; // the shape was seen
};

// Adds the next member; false when memory is out.
bool run_plan_add(struct run_plan *plan, const char *name);

// Looks for the shape once all members are added. Any other archive has none.
void run_plan_find(struct run_plan *plan);

// Whether a member is no log of its own.
bool run_plan_passes(const struct run_plan *plan, size_t member);

// Keeps the first line of a step's log.
void run_plan_set_head(struct run_plan *plan, size_t member, const char *bytes, size_t size);

// The steps of a job in their order, in a new array; run_steps_free frees it. NULL where there are none.
struct run_step *run_plan_steps(const struct run_plan *plan, size_t job, size_t *n_steps);
void run_steps_free(struct run_step *steps, size_t n_steps);

// The name of the step that the byte at `offset` of the job's log belongs to; NULL where that isn't known.
const char *run_step_at(const struct run_step *steps, size_t n_steps, const char *log, size_t size,
                        size_t offset);

void run_plan_release(struct run_plan *plan);

#endif
