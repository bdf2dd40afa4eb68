// The shape of a GitHub run's logs, as a zip or unpacked: "3_test.txt" is the whole log of job "test", and "test/1_Set up job.txt" and its
// neighbours say the same once more, step by step.
//
// Nobody documents the names. As public tools and reports of them have found: the number counts, from 0 or 1, or is a negative ID; marks
// that may not stand in paths are left out or replaced, long names cut (at 90 UTF-16 units), equal ones told apart by " (1)"; the
// folder may hold "system.txt" alone, or be missing, and then only the times of its lines tell a run's log from another.
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
    bool found;   // the shape was seen
    bool perhaps; // there are jobs and no steps: their first lines tell whether they are a run's
};

// Adds the next member; false when memory is out.
bool run_plan_add(struct run_plan *plan, const char *name);

// Looks for the shape once all members are added. Any other archive has none.
void run_plan_find(struct run_plan *plan);

// Whether a member is no log of its own.
bool run_plan_passes(const struct run_plan *plan, size_t member);

// Whether the first line of a member is needed: of each step, and where that is to tell, of each job.
bool run_plan_wants_head(const struct run_plan *plan, size_t member);

// Decides once all heads that are wanted were set.
void run_plan_settle(struct run_plan *plan);

// Keeps the first line of a member's log.
void run_plan_set_head(struct run_plan *plan, size_t member, const char *bytes, size_t size);

// The steps of a job in their order, in a new array; run_steps_free frees it. NULL where there are none.
struct run_step *run_plan_steps(const struct run_plan *plan, size_t job, size_t *n_steps);
void run_steps_free(struct run_step *steps, size_t n_steps);

// The name of the step that the byte at `offset` of the job's log belongs to; NULL where that isn't known.
const char *run_step_at(const struct run_step *steps, size_t n_steps, const char *log, size_t size,
                        size_t offset);

void run_plan_release(struct run_plan *plan);

#endif
