#ifndef GATEWAY_DESK_DESK_H
#define GATEWAY_DESK_DESK_H

#include "gateway/config/config.h"
#include "gateway/store/store.h"
#include "gateway/wire/petition.h"
#include "gateway/wire/question.h"

/*
 * Every change that is not a filing, one petition at a time: who asks, from which page, whether the
 * table of permissions lets them (permission.def), what is done, in one transaction under
 * row-level security. Keeps its connection as brama_desk: made when it is first needed, made anew
 * after it was lost. Nothing is tried twice: whether a change was made is said as far as it is
 * known. Knows no sockets to other roles.
 */
struct desk {
    const struct config *config;
    struct store_address address;
    struct arena        *arena; /* of the store; NULL: never connected */
    struct store        *store;
    instant              retry_at; /* not before */
    instant              pause;    /* before the next attempt */
};

struct desk desk_create(const struct config *config);
void        desk_close(struct desk *desk);

/* Try to connect unless the pause is not over; now: any steady clock in microseconds. */
void desk_connect(struct desk *desk, instant now);

/* *out and all in it live in arena. */
void desk_answer(struct desk *desk, struct arena *arena, const struct petition *petition,
                 instant now, struct reply *out);

#endif
