#ifndef TESTS_SUPPORT_RECEIVER_H
#define TESTS_SUPPORT_RECEIVER_H

#include "validators/base/str.h"

#include <stdbool.h>

/*
 * An HTTPS server of the tests on a free port of 127.0.0.1, in threads of its own: it keeps what it
 * was sent and answers as the path says, also as nobody should. What cannot be done here aborts the
 * test.
 *
 *     /ok 204   /500 500   /404 404   /410 410   /redirect 302 to /ok   /huge 200 and no end
 *     /silent reads and never answers   /drip 200, a byte at a time for ever   /garbage no HTTP
 *     /late answers 204 once it is let   /answer 200, as receiver_answer says   else: just closes
 */
struct receiver;

enum { RECEIVER_KEPT_MAX = 256, RECEIVER_TEXT_MAX = 4096 };

struct receiver_request {
    char   path[128];
    char   id[128];
    char   timestamp[32];
    char   signature[256];
    char   type[64]; /* Content-Type */
    char   body[RECEIVER_TEXT_MAX];
    size_t body_size;
};

/* With a certificate and its key, PEM files. */
struct receiver *receiver_start(const char *certificate, const char *key);
void             receiver_stop(struct receiver *receiver);
unsigned         receiver_port(const struct receiver *receiver);

/* How many requests to this path were read whole; the newest of them. */
size_t receiver_count(struct receiver *receiver, const char *path);
bool   receiver_newest(struct receiver *receiver, const char *path, struct receiver_request *out);
void   receiver_let(struct receiver *receiver); /* those at /late get their answer */

/* What a POST to /answer is answered with (200): make writes into room and gives the size. */
typedef size_t receiver_maker(void *object, struct str body, char *room, size_t room_size);
void           receiver_answer(struct receiver *receiver, receiver_maker *make, void *object);

#endif
