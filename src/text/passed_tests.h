// Which lines belong to tests that passed, by the word of a runner that tells where each test begins and how it ended, or to what a
// build system tried out.
//
// In: a document whose lines are read. Out: LINE_PASSED on those lines. What such tests print is no reason for a failure, however
// much it talks of errors. Must never mark a line of a test whose end is not told.
#ifndef BANTAM_TEXT_PASSED_TESTS_H
#define BANTAM_TEXT_PASSED_TESTS_H

#include <stdbool.h>

#include "text/document.h"

// Whether the line tells that a test passed. Asked while it is at hand: a log without such a line needs no marking.
bool passed_tests_told(const struct line *line);

// For who answers: weights are learned from logs as they stand. (Learned from marked ones, findings fit the lines of LogChunks worse: F1
// .52 instead of .54, folds by repository.) False when memory is out; lines may be marked then.
bool passed_tests_mark(struct document *document);

#endif
