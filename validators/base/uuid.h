#ifndef VALIDATORS_BASE_UUID_H
#define VALIDATORS_BASE_UUID_H

#include "validators/base/buf.h"

#include <stdint.h>

/*
 * Identifiers of submissions and requests: 128 bits, version 7 (RFC 9562, 5.7), so that they sort
 * by the time at which they were made and cannot be guessed. Neither a clock nor dice live here.
 */
enum { UUID_SIZE = 16, UUID_TEXT_SIZE = 36, UUID_RANDOM_SIZE = 10 };

struct uuid {
    unsigned char bytes[UUID_SIZE];
};

/* Of a time in milliseconds since 1970 (at most 48 bits) and UUID_RANDOM_SIZE random bytes. */
struct uuid uuid_of_time(uint64_t milliseconds, const unsigned char *random);

/* "0199a2c4-7d10-7a31-9c55-0f6f1c2b3d4e"; exactly this form in lower case, of any version. */
void          uuid_write(struct buf *out, struct uuid uuid);
MUST_USE bool uuid_parse(struct str text, struct uuid *out);

bool uuid_equal(struct uuid a, struct uuid b);
bool uuid_is_nil(struct uuid uuid); /* all zeros: "none" */

#endif
