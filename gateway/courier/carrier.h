#ifndef GATEWAY_COURIER_CARRIER_H
#define GATEWAY_COURIER_CARRIER_H

#include "gateway/courier/smtp.h"
#include "gateway/outbox/reach.h"
#include "validators/base/err.h"
#include "validators/base/str.h"

#include <stdint.h>

/*
 * Exchanges with the outside, several at a time, by libcurl: TLS 1.2 or later, certificates and
 * names always verified, no redirects, no proxies, no connection used twice, every time and every
 * size bounded. What comes back is bytes of a stranger: nothing here reads them. A connection is
 * made only to addresses that its request allows; the address is judged when its socket is made.
 */
struct carrier;

struct carrier_settings {
    struct str trust_pem; /* issuers of servers' certificates; empty: nobody is trusted */
    bool       loopback;  /* this machine counts as public: tests */
};

enum { CARRIER_HEADERS_MAX = 8, CARRIER_RUNNING_MAX = 32 };

enum carrier_way {
    CARRIER_WEBHOOK, /* https to a public address */
    CARRIER_POST,    /* https or http, to an address that the operator has set */
    CARRIER_MAIL,    /* smtp or smtps, to the relay that the operator has set */
};

/* Everything here is borrowed until the answer is taken. Texts end with NUL. */
struct carrier_request {
    enum carrier_way     way;
    const char          *url;
    const char          *headers[CARRIER_HEADERS_MAX]; /* "Name: value"; NULL at the end */
    struct str           body;
    int64_t              time_max_ms; /* of the whole exchange */
    size_t               answer_max;  /* of the body that comes back; more ends the exchange */
    struct smtp_envelope envelope;    /* MAIL */
};

struct carrier_answer {
    int            status;  /* of HTTP or SMTP, the newest; 0: none came */
    enum smtp_step step;    /* MAIL */
    struct str     body;    /* in the request's arena; cut at answer_max */
    bool           whole;   /* the exchange ended in good order */
    const char    *trouble; /* Polish, when it did not; no word of the other side */
    int64_t        ms;
};

/* ERR_MEMORY, ERR_SYSTEM, ERR_CRYPTO when trust_pem has no certificate. Ends with arena. */
MUST_USE enum err carrier_create(struct arena *arena, const struct carrier_settings *settings,
                                 struct carrier **out, struct fault *fault);

/* Begin one; its answer lives in arena, `object` comes back with it. ERR_LIMIT: too many run. */
MUST_USE enum err carrier_begin(struct carrier *carrier, struct arena *arena,
                                const struct carrier_request *request, void *object,
                                struct fault *fault);

size_t carrier_running(const struct carrier *carrier);

/* Go on with all; wait at most wait_ms, less when something has come or fd can be read. */
MUST_USE enum err carrier_turn(struct carrier *carrier, int fd, int wait_ms, bool *readable,
                               struct fault *fault);

/* One that has ended, and forget it; false: none. */
bool carrier_take(struct carrier *carrier, void **object, struct carrier_answer *answer);

#endif
