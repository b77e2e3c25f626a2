#ifndef GATEWAY_CLIENT_CLIENT_H
#define GATEWAY_CLIENT_CLIENT_H

#include "gateway/client/transfer.h"

/*
 * A client of the gateway's API: requests that are safe to repeat, repeated until they are answered
 * or a deadline passes. Every request of ours is safe: a GET changes nothing, a filing carries its
 * Idempotency-Key, a validation stores nothing, a
 * change says the same when it comes twice. Knows HTTP and the token; knows no JSON.
 */
struct client_settings {
    struct str               server; /* "https://localhost:8443", a slash at the end allowed */
    struct str               token;  /* empty: none */
    struct transfer_settings transfer;
    int64_t                  retry_ms; /* how long to go on trying; 0: once */
    /* Told before each pause; may be NULL. */
    void (*notice)(void *object, const char *why, int64_t pause_ms);
    void *object;
};

struct client;

enum client_change { CLIENT_NO_CHANGE = 0, CLIENT_POST_NOTHING, CLIENT_PUT_JSON, CLIENT_PUT_CSV };

struct client_request {
    const char          *path; /* "/api/v1/submissions?strict=true"; safe characters only */
    const char          *accept;
    struct str           body;     /* .data == NULL: a GET, else a POST of this XML */
    enum client_change   change;   /* instead: POST without a body, or PUT of this */
    struct str           if_match; /* of a PUT, with its quotes; empty: not sent */
    const unsigned char *sha256;   /* of the body, 32 bytes: Content-Digest; NULL: not sent */
    struct str           key;      /* Idempotency-Key; empty: none */
    int64_t wait_seconds;          /* the server may take so long on purpose; Prefer of a POST */
};

enum { CLIENT_KEY_SIZE_MAX = 255 };

/* Whether the text may be an Idempotency-Key: 1 to 255 printable ASCII characters. */
bool client_key_valid(struct str key);

/* ERR_USAGE when server is no https address; ERR_MEMORY; ERR_SYSTEM. */
MUST_USE enum err client_create(struct arena *arena, const struct client_settings *settings,
                                struct client **out, struct fault *fault);

/*
 * Send until there is an answer: any status but 429, 502, 503 and 504, which are answers only when
 * the time for trying is over. Fails as transfer_run.
 */
MUST_USE enum err client_send(struct client *client, struct arena *arena,
                              const struct client_request *request, struct transfer_answer *out,
                              struct fault *fault);

/* The path of an address that the server gave us; empty when it leads to another server. */
struct str client_path(const struct client *client, struct str url);

#endif
