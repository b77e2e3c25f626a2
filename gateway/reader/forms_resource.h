#ifndef GATEWAY_READER_FORMS_RESOURCE_H
#define GATEWAY_READER_FORMS_RESOURCE_H

#include "gateway/reader/asked.h"

/* GET /forms...: the catalogue of forms, one version of one, its schema byte for byte. */
MUST_USE enum err forms_resource_answer_all(struct asked *asked, struct fault *fault);
MUST_USE enum err forms_resource_answer_one(struct asked *asked, struct fault *fault);
MUST_USE enum err forms_resource_answer_schema(struct asked *asked, struct fault *fault);

#endif
