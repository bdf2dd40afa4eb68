// What the table of messages knows of a line, as extra words for the line finder.
//
// A message that tools of another ecosystem print is a word that no training log may hold; the cause it speaks for is
// one that many logs share.
#ifndef BANTAM_TRIAGE_LINE_KNOWLEDGE_H
#define BANTAM_TRIAGE_LINE_KNOWLEDGE_H

#include "features/log_features.h"
#include "triage/messages.h"

// An annotator over the messages, which must outlive it.
struct line_annotator line_knowledge(const struct messages *messages);

#endif
