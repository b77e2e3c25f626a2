#ifndef GATEWAY_CLI_OUTPUT_H
#define GATEWAY_CLI_OUTPUT_H

#include "validators/base/err.h"
#include "validators/base/str.h"

/*
 * Write a file that is either whole or not there: aside, flushed to the disk, then put in its
 * place. A file of that name is replaced. ERR_FILE with a Polish text.
 */
MUST_USE enum err output_write(struct arena *arena, const char *path, struct str bytes,
                               struct fault *fault);

/* A folder that files can be put into; it is made, with all above it, when there is none. */
MUST_USE enum err output_folder(const char *path, struct fault *fault);

#endif
