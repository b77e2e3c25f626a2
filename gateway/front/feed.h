#ifndef GATEWAY_FRONT_FEED_H
#define GATEWAY_FRONT_FEED_H

#include "gateway/front/request.h"

/*
 * The token that a calendar program shows in the address, because it can show none elsewhere:
 * ?token=brf_... of the one route that has such a feed. Anywhere else a token in an address is
 * nothing. It is taken out of the query here, so that nobody behind the front sees it.
 */

/* With a token the request is known by it, as QUESTION_FEED. What is wrong with it, in Polish: it
 * stands twice, is none of ours, or stands beside another one (has_other); NULL: nothing. */
MUST_USE const char *feed_read(struct request *request, bool has_other);

#endif
