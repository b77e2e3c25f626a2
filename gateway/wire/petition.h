#ifndef GATEWAY_WIRE_PETITION_H
#define GATEWAY_WIRE_PETITION_H

#include "gateway/wire/wire.h"
#include "validators/base/uuid.h"

/*
 * front -> desk: a request for what the desk does (WIRE_PETITION), with its body beside it as a
 * blob; the desk answers with a reply (question.h), whole as it goes to the person who asked. What
 * is secret travels as its SHA-256 alone: the token of a session, the key of a certificate.
 */
enum petition_method {
    PETITION_GET = 1,
    PETITION_POST,
    PETITION_PUT,
    PETITION_PATCH,
    PETITION_DELETE,
    PETITION_METHOD_COUNT
};

enum { PETITION_DIGEST_SIZE = 32, PETITION_BODY_MAX = 64 * 1024 };

struct petition {
    uint64_t             handle;
    enum petition_method method;
    struct uuid          request; /* X-Request-Id */
    bool                 has_session;
    unsigned char        session[PETITION_DIGEST_SIZE]; /* SHA-256 of the cookie's value */
    bool                 has_key;
    unsigned char        key[PETITION_DIGEST_SIZE]; /* SHA-256 of a certificate's SPKI */
    bool                 has_token;
    unsigned char        token[PETITION_DIGEST_SIZE]; /* SHA-256 of a program's token */
    struct str           path;                        /* as it came */
    struct str           query;                       /* without '?', not decoded */
    struct str           content_type;
    struct str           origin; /* the header; empty: there was none */
    struct str           csrf;   /* X-CSRF-Token */
    struct str           if_match;
    struct str           address; /* of the network, as nginx saw it */
    struct str           body;    /* not encoded: it travels as a blob */
};

void          petition_encode(struct buf *out, const struct petition *petition);
MUST_USE bool petition_decode(struct arena *arena, struct str body, struct petition *out);

const char *petition_method_name(enum petition_method method); /* "DELETE" */

#endif
