#ifndef GATEWAY_READER_FORMS_RESOURCE_H
#define GATEWAY_READER_FORMS_RESOURCE_H

#include "gateway/reader/asked.h"

/*
 * GET /forms...: the catalogue of forms, one version of one, its schema byte for byte, what a VTL
 * script sees of it (one row a position, or with view=lines one row a column of amounts), and a
 * synthetic report.
 */
MUST_USE enum err forms_resource_answer_all(struct asked *asked, struct fault *fault);
MUST_USE enum err forms_resource_answer_one(struct asked *asked, struct fault *fault);
MUST_USE enum err forms_resource_answer_schema(struct asked *asked, struct fault *fault);
MUST_USE enum err forms_resource_answer_structure(struct asked *asked, struct fault *fault);
MUST_USE enum err forms_resource_answer_example(struct asked *asked, struct fault *fault);

#endif
