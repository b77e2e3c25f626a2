#ifndef GATEWAY_CLIENT_TRANSFER_H
#define GATEWAY_CLIENT_TRANSFER_H

#include "validators/base/err.h"
#include "validators/base/str.h"

/*
 * One exchange over HTTPS, and the only place that knows libcurl: TLS 1.2 or later, certificates
 * and names always verified, no redirects, every time and every size bounded. Whether to try again
 * is the caller's decision (client.h).
 */
struct transfer; /* one connection's worth of state; reused from call to call */

struct transfer_settings {
    const char *ca;          /* PEM of issuers to trust; NULL: those of the system */
    const char *certificate; /* PEM of ours; NULL: none */
    const char *key;         /* PEM; NULL: in the file of the certificate */
};

enum { TRANSFER_HEADERS_MAX = 8, TRANSFER_ANSWER_MAX = 64 * 1024 * 1024 };

struct transfer_request {
    const char *url; /* https://... */
    bool        is_post;
    bool        is_put;                        /* a POST by another name */
    struct str  body;                          /* of a POST */
    const char *headers[TRANSFER_HEADERS_MAX]; /* "Name: value"; NULL at the end */
    int64_t     time_max_ms;                   /* of the whole exchange */
};

struct transfer_answer {
    int        status;
    struct str content_type;
    struct str body;
    struct str request_id; /* X-Request-Id, empty when there is none; so the next two */
    struct str retry_after;
    struct str etag;     /* with its quotes */
    bool       replayed; /* Idempotent-Replayed */
};

/* ERR_MEMORY, ERR_SYSTEM when libcurl cannot be had. */
MUST_USE enum err transfer_create(struct arena *arena, const struct transfer_settings *settings,
                                  struct transfer **out, struct fault *fault);

/*
 * Send, and take the answer into arena. Fails with ERR_NETWORK (no answer, or not the whole of it;
 * *again tells whether the same request may go better later), ERR_LIMIT (the answer is endless),
 * ERR_FILE (a PEM of the settings cannot be used) or ERR_MEMORY. Texts are Polish.
 */
MUST_USE enum err transfer_run(struct transfer *transfer, struct arena *arena,
                               const struct transfer_request *request, struct transfer_answer *out,
                               bool *again, struct fault *fault);

#endif
