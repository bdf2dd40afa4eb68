// The whole public API of Bantam.
#ifndef BANTAM_H
#define BANTAM_H

#include "adder.h"
#include "baseline.h"
#include "buffer.h"
#include "classifier.h"
#include "classifier_report.h"
#include "classifier_search.h"
#include "classifier_shrink.h"
#include "classifier_train.h"
#include "dataset.h"
#include "evaluate.h"
#include "evaluation_report.h"
#include "explain.h"
#include "export.h"
#include "group.h"
#include "history.h"
#include "learn.h"
#include "model.h"
#include "model_report.h"
#include "neural.h"
#include "neural_train.h"
#include "report.h"
#include "scored_dataset.h"
#include "status.h"
#include "test_report.h"
#include "text.h"
#include "train.h"
#include "triage.h"

#endif
