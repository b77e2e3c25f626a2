#ifndef GATEWAY_CLI_INPUT_H
#define GATEWAY_CLI_INPUT_H

#include "validators/base/err.h"
#include "validators/base/str.h"

/*
 * A file named on the command line, in memory. At most size_max + 1 bytes are read: prescan refuses
 * what is longer by its own code, so an endless file ends here. "-" is the standard input.
 */
enum { INPUT_SHA256_SIZE = 32 };

struct input {
    struct str    name; /* as given; "-" for the standard input */
    struct str    bytes;
    bool          whole;                     /* nothing was left unread */
    unsigned char sha256[INPUT_SHA256_SIZE]; /* of the bytes; of the file only if whole */
};

/* Whether input_read will find something to read: ERR_FILE with its text. Nothing is opened. */
MUST_USE enum err input_look(const char *path, struct fault *fault);

/* Fails with ERR_FILE (Polish text: why it cannot be read), ERR_MEMORY or ERR_CRYPTO. */
MUST_USE enum err input_read(struct arena *arena, const char *path, size_t size_max,
                             struct input *out, struct fault *fault);

#endif
