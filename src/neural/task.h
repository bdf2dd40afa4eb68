// What a tiny transformer is trained to do: generators of whole sequences, prompt and answer, from a seeded random generator.
//
// A new job is one function and one line in the table of task.c.
#ifndef BANTAM_NEURAL_TASK_H
#define BANTAM_NEURAL_TASK_H

#include "base/random.h"
#include "neural/description.h"

// What to draw; each task uses of it what makes sense there.
struct task_mix {
    double hard;   // share of sequences of the hard kind, 0 to 1
    size_t digits; // longest operand, from 1 to what the prompt has room for
    double easy;   // share of sequences of the easy kind, 0 to 1; the others are hard as said
};

struct neural_task {
    const char *name;
    const char *help;
    // NULL, or what the description must have for this task: said when it does not.
    const char *(*refuse)(const struct neural_shape *shape);
    // The longest operand that the shape has room for.
    size_t (*most_digits)(const struct neural_shape *shape);
    // Writes `length` tokens.
    void (*draw)(struct random *random, const struct neural_shape *shape, struct task_mix mix,
                 uint8_t *tokens);
};

// The task of that name; NULL where there is none.
const struct neural_task *task_find(const char *name);

// The tasks in turn, NULL beyond the last.
const struct neural_task *task_at(size_t i);

#endif
