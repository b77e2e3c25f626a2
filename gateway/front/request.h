#ifndef GATEWAY_FRONT_REQUEST_H
#define GATEWAY_FRONT_REQUEST_H

#include "gateway/front/route.h"
#include "gateway/front/spool.h"
#include "gateway/problem/problem.h"
#include "gateway/wire/petition.h"
#include "gateway/wire/question.h"

struct MHD_Connection;
struct sender;

/*
 * One HTTP request from its first line to its answer, and beyond: a submission that a worker has
 * goes on when its client has left (connection NULL). Everything it needs lives in its own arena.
 */
enum request_phase {
    REQUEST_HEAD = 0,   /* its headers are being looked at */
    REQUEST_IDENTIFIED, /* asks a reader who the credential is */
    REQUEST_BODY,       /* takes the body, if there is one */
    REQUEST_QUEUED,     /* the document waits for a worker */
    REQUEST_HANDED,     /* a worker has it; not known to be admitted */
    REQUEST_WAITING,    /* waits for a submission to change its state */
    REQUEST_ASKING,     /* asks a reader for the answer */
    REQUEST_ANSWERED,   /* the answer stands in `answer` */
};

enum { REQUEST_ARENA_MAX = 1024 * 1024, REQUEST_NO_PEER = -1 };

struct answer {
    int        status;
    struct str content_type;
    struct str headers; /* further ones, "Name: value\r\n" each */
    struct str body;
};

struct request {
    struct arena          *arena;
    uint64_t               handle;
    struct MHD_Connection *connection; /* NULL: the client is gone */
    enum request_phase     phase;
    bool                   suspended; /* the library does not look at the connection */
    bool                   head_done; /* the library was told to go on with the body */
    bool                   lingering; /* answered on the bare socket; what comes is thrown away */

    /* What was asked. */
    struct uuid         id;
    struct str          target; /* as it came: path and query */
    struct str          path, query;
    struct str          method;
    const struct route *route; /* NULL: none */
    struct route_method action;
    struct str          accept;
    struct str          if_none_match;
    struct str          key; /* Idempotency-Key */
    bool                strict, partial;
    struct str          objection, objection_reason; /* objecting.h; empty: none */
    struct uuid         about;                       /* amendment.h, as the next line */
    uint64_t            set, report, finding, revision;
    bool                has_body;
    bool                gzip;
    bool                digest_given;
    unsigned char       digest[SPOOL_DIGEST_SIZE]; /* Content-Digest */
    unsigned char shown[QUESTION_DIGEST_SIZE];    /* of the text of the credential, for the cache */
    unsigned char known_by[QUESTION_DIGEST_SIZE]; /* digest of token or key, for the reader */
    enum question_shown credential_kind;          /* what `known_by` is the digest of */
    struct access       access;
    struct petition     petition; /* what a person's browser shows, for the desk and the gate */
    /* The document. */
    struct spool spool;
    bool         spooled; /* spool is open */
    instant      first_byte;
    instant      last_byte;
    struct uuid  submission; /* ours, then what the worker says it is; GET: what is awaited */
    bool         repeat;
    bool         key_repeat;

    /* Waiting. Times are of ticks_steady. */
    int64_t         began;
    int64_t         active;   /* the last byte of the body */
    int64_t         since;    /* the phase began */
    int64_t         wait;     /* how long the client wants to wait for the decision */
    int64_t         deadline; /* of the wait */
    int64_t         ask_next; /* WAITING: ask again then, whatever was heard */
    int             handed;   /* to so many workers in turn: each has died before it answered */
    int             peer;     /* slot of the worker or reader that has it, or REQUEST_NO_PEER */
    bool            asked;    /* the question was sent */
    bool            woken;    /* something was heard of a submission while it asked */
    struct sender  *sender;   /* whose it is; NULL: not counted */
    struct request *next;     /* in a queue */

    struct answer answer;
};

/* All requests, found by handle. Numbered from a random one on: what a worker still tells of the
 * front before this one must be nobody's here. */
struct requests {
    struct request **items;
    size_t           capacity;
    size_t           count;
    size_t           top;  /* from here on every slot is free: whoever looks at all stops here */
    uint32_t        *free; /* slots, the lowest on top while few are in use */
    uint64_t         made;
};

MUST_USE enum err requests_create(struct arena *arena, size_t capacity, struct requests *out,
                                  struct fault *fault);

struct request *requests_add(struct requests *requests); /* a new one; NULL: too many */
struct request *requests_find(const struct requests *requests, uint64_t handle); /* or NULL */
/* Its end; the arena goes, the spool with it. */
void requests_remove(struct requests *requests, struct request *request);

void request_enter(struct request *request, enum request_phase phase); /* remembers when */

/* The answer is this problem; base_url: of the problem's type. */
void request_refuse(struct request *request, enum problem problem, struct str base_url,
                    struct str detail);

#endif
