#ifndef TESTS_SCENARIO_HTTP_H2_H
#define TESTS_SCENARIO_HTTP_H2_H

#include "tests/scenario/http/client.h"
#include "validators/base/buf.h"

/*
 * HTTP/2 over TLS, frame by frame, for what no library would send: header blocks of any bytes,
 * streams given up, lengths that lie. Reads of the answers what a test needs: status and body.
 */
enum h2_frame { H2_DATA = 0, H2_HEADERS = 1, H2_RESET = 3, H2_GOAWAY = 7, H2_CONTINUATION = 9 };
enum { H2_END_STREAM = 1, H2_END_HEADERS = 4 };

struct h2 {
    struct client client;
    unsigned      next; /* stream */
    bool          goaway;
    bool          over; /* the connection has ended */
};

struct h2_answer {
    int        status; /* 0: the stream or the connection ended without one */
    bool       reset;
    struct str body; /* in the arena given */
};

/* TLS, the preface and settings; the other side has chosen h2. */
void h2_open(struct h2 *h2, int port);
void h2_close(struct h2 *h2);

/* One field of a header block, as a literal. */
void h2_field(struct buf *block, struct str name, struct str value);

/* False when the other side has ended before. */
bool h2_send(struct h2 *h2, enum h2_frame type, unsigned flags, unsigned stream,
             struct str payload);

/* A request on a new stream: its head, and its body if there is one. The number of the stream. */
unsigned h2_ask(struct h2 *h2, struct str block, struct str body);

/* Read until this stream has ended. */
struct h2_answer h2_read(struct h2 *h2, struct arena *arena, unsigned stream);

#endif
