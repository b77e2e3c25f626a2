#ifndef GATEWAY_CLI_DIFF_FILES_H
#define GATEWAY_CLI_DIFF_FILES_H

#include "gateway/cli/judgement.h"

/*
 * Two files compared without a gateway, as JSON of the same shape as that of
 * GET /api/v1/submissions/{id}/diff, but that a version is named by its file. ERR_MEMORY, ERR_LIMIT
 * (difference.h).
 */
MUST_USE enum err diff_files_write(struct arena *arena, const struct judgement *judgement,
                                   struct buf *out, struct fault *fault);

#endif
