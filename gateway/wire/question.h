#ifndef GATEWAY_WIRE_QUESTION_H
#define GATEWAY_WIRE_QUESTION_H

#include "gateway/wire/wire.h"
#include "validators/base/moment.h"
#include "validators/base/uuid.h"

/*
 * front <-> reader: who a credential is, and every GET (WIRE_QUESTION), with the whole answer as it
 * goes to the person who asked (WIRE_REPLY). The front adds only headers of its own.
 */
enum question_kind {
    QUESTION_WHO = 1, /* token or certificate -> access */
    QUESTION_GET,     /* a GET below /api/v1 or a public page */
    QUESTION_FILED,   /* the answer to POST /submissions for submission `id`, in its state now */
};

enum { QUESTION_DIGEST_SIZE = 32, QUESTION_TEXT_MAX = 4096 };

/* What shows who somebody is. */
enum question_shown {
    QUESTION_TOKEN,
    QUESTION_CERTIFICATE,
    QUESTION_SESSION,
    QUESTION_FEED, /* a token in the address: one that opens a calendar and nothing else */
};

/*
 * What may be done at all, a set of these: of a program the scopes that it was given, with the
 * numbers that registry.credential has for them, of a person what follows from the table of
 * permissions. Whoever is known as a program may validate, but for one that only reads a calendar.
 */
enum access_right {
    ACCESS_SUBMIT = 1,
    ACCESS_READ = 2,
    ACCESS_OBLIGATIONS = 4,
    ACCESS_REGISTRY = 8,
    ACCESS_REVIEW = 16,
    ACCESS_FEED = 32,
    ACCESS_VALIDATE = 64,
    ACCESS_ALL = 127,
};

/* The scope that a right is for programs: "submissions:write"; of several of which one is enough,
 * the one to ask for. NULL: it is none. */
const char *access_scope(unsigned right);

/*
 * Who asks, and what they may do. The reader finds it out; of a program the front keeps it for at
 * most 10 seconds, of a person not at all.
 */
struct access {
    int64_t     credential;  /* of a program; 0: a person, or nobody */
    struct uuid appointment; /* in which a person acts; nil: in none, or not a person */
    int64_t     subject;     /* unit acted for; 0: none */
    unsigned    rights;
    struct str  name; /* of the unit or the office */
    struct str  regon;
};

bool access_is_person(const struct access *access); /* a person in an appointment */

/* Why there is no access. */
enum access_fault { ACCESS_GRANTED = 0, ACCESS_UNKNOWN, ACCESS_EXPIRED, ACCESS_REVOKED };

struct question {
    uint64_t            handle;
    enum question_kind  kind;
    struct uuid         request; /* X-Request-Id */
    enum question_shown shown;
    unsigned char
            digest[QUESTION_DIGEST_SIZE]; /* SHA-256 of what was shown, of a certificate its SPKI */
    bool    is_person;                    /* GET, FILED: known by `digest`, not by `credential` */
    int64_t credential;                   /* GET, FILED: 0 for a person and for nobody */
    bool    of_office;                    /* GET: known, and acts for an office */
    struct str  path;                     /* GET: "/api/v1/submissions/0199..." */
    struct str  query;                    /* GET: without '?', not decoded; may be empty */
    struct str  accept;                   /* GET: the header; may be empty */
    struct str  if_none_match;            /* GET */
    struct uuid id;                       /* FILED */
    bool        repeat;                   /* FILED: answer 200 as a repeat */
    bool        key_repeat;               /* FILED: the same key, say Idempotent-Replayed */
};

struct reply {
    uint64_t          handle;
    enum access_fault access_fault; /* WHO */
    struct access     access;       /* WHO */
    instant           clock_offset; /* WHO: TEST's offset in microseconds */
    int               status;       /* GET, FILED: of HTTP */
    bool              pending;      /* the submission asked for has no final state: worth waiting */
    struct uuid       awaits;       /* of that submission */
    struct str        content_type;
    struct str        headers; /* further ones, "Name: value\r\n" each */
    struct str        body;    /* empty when the blob has it */
};

void          question_encode(struct buf *out, const struct question *question);
MUST_USE bool question_decode(struct arena *arena, struct str body, struct question *out);
void          reply_encode(struct buf *out, const struct reply *reply);
MUST_USE bool reply_decode(struct arena *arena, struct str body, struct reply *out);

#endif
