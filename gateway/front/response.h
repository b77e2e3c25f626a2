#ifndef GATEWAY_FRONT_RESPONSE_H
#define GATEWAY_FRONT_RESPONSE_H

#include "gateway/front/request.h"

/*
 * How an answer leaves: through the library, or, when the library cannot answer now (in the middle
 * of a body), as bytes written to the socket. The headers that every answer bears are added here.
 */

/* Once, before the sandbox. ERR_SYSTEM when the library is not one that we can use. */
MUST_USE enum err response_prepare(struct str base_url, struct fault *fault);

/* Queue request->answer. False: close the connection. */
MUST_USE bool response_queue(struct request *request);

/* The same for an answer that dies before it is sent: its bytes are copied. */
MUST_USE bool response_queue_copy(struct request *request);

/*
 * Write request->answer to the bare socket and end our side of it, so that the client reads it
 * however much it still sends. Only while nothing of an answer was given to the library.
 */
void response_write(struct request *request);

#endif
