#ifndef GATEWAY_CLIENT_TOKEN_H
#define GATEWAY_CLIENT_TOKEN_H

#include "validators/base/err.h"
#include "validators/base/str.h"

/*
 * The bearer token of whoever files. It comes from the environment or from a file that nobody else
 * may read, never from the command line, where every user of the machine would see it. No text of
 * a fault ever holds it.
 */
enum { TOKEN_SIZE_MAX = 200 };

/* white space at its ends is cut off. ERR_SYNTAX when it is no token (brk_..., printable ASCII). */
MUST_USE enum err token_check(struct str text, struct str *out, struct fault *fault);

/* ERR_FILE: cannot be read, is no ordinary file, or others may read it. Else as token_check. */
MUST_USE enum err token_read(struct arena *arena, const char *path, struct str *out,
                             struct fault *fault);

#endif
