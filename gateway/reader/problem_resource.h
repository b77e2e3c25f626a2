#ifndef GATEWAY_READER_PROBLEM_RESOURCE_H
#define GATEWAY_READER_PROBLEM_RESOURCE_H

#include "gateway/reader/asked.h"

/* /problemy: every kind of problem, each with a link to its page. */
MUST_USE enum err problem_resource_answer_all(struct asked *asked, struct fault *fault);

/* /problemy/{slug}: the page behind the type of a problem, with its cause and its cure. */
MUST_USE enum err problem_resource_answer_one(struct asked *asked, struct fault *fault);

/* Whether the page of every problem stands in problem_page.def; for tests. */
bool problem_resource_is_complete(void);

#endif
