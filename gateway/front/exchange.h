#ifndef GATEWAY_FRONT_EXCHANGE_H
#define GATEWAY_FRONT_EXCHANGE_H

#include "gateway/front/access_cache.h"
#include "gateway/front/peers.h"
#include "gateway/front/queue.h"
#include "gateway/role/role.h"

/*
 * Where requests, workers and readers meet: what happens to a request between its headers and its
 * answer. It speaks to the HTTP library only through exchange.wake. Every request moves through the
 * phases of request.h; whoever moves it calls exchange_settle.
 */
struct exchange {
    const struct config *config;
    struct requests      requests;
    struct queue        *queue;
    struct access_cache *cache;
    struct peers         peers;
    struct spool_budget  budget;
    struct request      *asking_first; /* questions that no reader has taken yet */
    struct request      *asking_last;
    bool                 woken;  /* somebody was woken: the library has to run */
    struct fault         broken; /* a peer that lives cannot be talked with: the role has to end */
    /* It may go on: let the library call again. */
    void (*wake)(struct request *request);
    /* Nobody waits for us: if the client is too slow, it is refused on the bare socket. */
    void (*cut)(struct exchange *exchange, struct request *request);
};

/* What one credential may have in flight; more is answered 429. */
enum { EXCHANGE_IN_FLIGHT_MAX = 256, EXCHANGE_TICK_MS = 100 };

MUST_USE enum err exchange_create(struct role_context *context, int epoll, struct exchange *out,
                                  struct fault *fault);

/* The answer is a problem of this kind. detail may be empty. */
void exchange_refuse(struct exchange *exchange, struct request *request, enum problem problem,
                     struct str detail);

/* The head is read: identify the sender. Afterwards the phase is IDENTIFIED, BODY or ANSWERED. */
void exchange_begin(struct exchange *exchange, struct request *request);

/* The request is whole: ask, or hand its document over. */
void exchange_complete(struct exchange *exchange, struct request *request);

/* The library is done with the connection of this request; a submission goes on, the rest ends. */
void exchange_leave(struct exchange *exchange, struct request *request);

/* After a change of phase: wake who can go on, end what nobody waits for. */
void exchange_settle(struct exchange *exchange, struct request *request);

/* A submission has changed: whoever waits for it asks again. */
void exchange_news(struct exchange *exchange, struct uuid submission);

/* An end that the supervisor handed over; other peers than workers, readers and the desk are
 * closed. */
MUST_USE enum err exchange_link(struct exchange *exchange, const struct link *link, int end,
                                struct fault *fault);

/* A worker or reader has something to say, has room again or is gone. */
void exchange_event(struct exchange *exchange, enum peer_kind kind, unsigned slot, unsigned events);

/* What the passing of time brings: call every EXCHANGE_TICK_MS while there are requests. */
void exchange_tick(struct exchange *exchange);

/* No more waiting for decisions: everything is answered with what is known. */
void exchange_hurry(struct exchange *exchange);

/* Whoever still waits for one of us is refused. */
void exchange_refuse_all(struct exchange *exchange);

/* The library is closed: end what is left, and the links. */
void exchange_close(struct exchange *exchange);

#endif
