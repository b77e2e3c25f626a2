#ifndef GATEWAY_READER_QUESTIONS_RESOURCE_H
#define GATEWAY_READER_QUESTIONS_RESOURCE_H

#include "gateway/reader/asked.h"

/*
 * GET /api/v1/questions: reports in force whose queries have a day by which they are to be
 * answered, the newest first: how many queries, how many open, until when, whether that day is
 * over. state=open|late|explained, form, period, unit; pages as everywhere.
 */
MUST_USE enum err questions_resource_answer(struct asked *asked, struct fault *fault);

#endif
