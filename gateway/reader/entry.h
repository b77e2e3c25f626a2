#ifndef GATEWAY_READER_ENTRY_H
#define GATEWAY_READER_ENTRY_H

#include "gateway/reader/resource.h"

/*
 * The way into the database of whoever asks: from here to the end of the transaction the fences
 * round the rows show what this person or this credential may see, and nothing else.
 */

/*
 * BEGIN and what who asks may see, in one round trip; of what is public nobody sees anything.
 * ERR_DENIED: the credential has ended (entry_refuse_ended). ERR_MEMORY, ERR_STORE_*.
 */
MUST_USE enum err entry_make(const struct asked *asked, enum resource_access access,
                             struct fault *fault);

/*
 * The answer after ERR_DENIED: the front knew the credential, and it has ended since. Nothing is
 * said of what is stored, but who has filed just now learns that it was taken. As asked_refuse.
 */
MUST_USE enum err entry_refuse_ended(struct asked *asked, struct fault *fault);

#endif
