#ifndef GATEWAY_READER_FINDINGS_RESOURCE_H
#define GATEWAY_READER_FINDINGS_RESOURCE_H

#include "gateway/reader/asked.h"

/* GET /submissions/{id}/findings: what was found, of the newest decision or of decision n, in the
 * order of the decision. Pages by cursor; JSON and CSV. */
MUST_USE enum err findings_resource_answer(struct asked *asked, struct fault *fault);

#endif
