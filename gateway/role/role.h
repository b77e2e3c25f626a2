#ifndef GATEWAY_ROLE_ROLE_H
#define GATEWAY_ROLE_ROLE_H

#include "gateway/config/config.h"
#include "gateway/wire/link.h"

/*
 * What a process of bramad is given at birth, and how it hears of the others. Each role is exec'ed
 * anew by the supervisor with a control socket; everything else (the ends of its links) comes over
 * that socket, at start and whenever a peer has been replaced. The end of the control socket means
 * that the supervisor is gone: the role ends at once. A role never outlives its parent.
 */
struct role_context {
    enum role_kind       role;
    unsigned             slot;
    int                  control; /* socket to the supervisor */
    int                  key;     /* signer: descriptor of the seal key; -1 for all others */
    int                  listen;  /* front: the listening Unix socket; -1 for all others */
    int                  health;  /* front: the listening socket of /metrics; -1 for all others */
    const struct config *config;
    struct arena        *arena; /* for what lives as long as the process */
};

/* The body of a role: works until it is told to stop, then returns ERR_OK. */
typedef enum err role_body(struct role_context *context, struct fault *fault);

/* What the control socket had to say. */
enum role_order {
    ROLE_ORDER_NONE, /* nothing now */
    ROLE_ORDER_LINK, /* *link and *end: a new end; it replaces an older one of the same peer */
    ROLE_ORDER_STOP, /* finish what is at hand, then return */
    ROLE_ORDER_GONE, /* the supervisor is gone: return at once */
};

/* Take the next order; call it when the control socket can be read. Never waits. */
MUST_USE enum err role_order(struct role_context *context, enum role_order *order,
                             struct link *link, int *end, struct fault *fault);

/* Wait for the next order; for roles that have one thing to do and start with nothing. */
MUST_USE enum err role_wait_order(struct role_context *context, enum role_order *order,
                                  struct link *link, int *end, struct fault *fault);

/* Tell the supervisor: I can work. Once. */
MUST_USE enum err role_ready(struct role_context *context, struct fault *fault);

/*
 * Signs of life. The supervisor asks each role now and then (WIRE_PING; role_order answers) and
 * ends one that says nothing for config.silence_seconds. Whoever waits for somebody or works for
 * longer than a second without looking at its control socket calls this meanwhile: it tells the
 * supervisor, at most once a second, never waiting. Before role_ready, and in tests without one:
 * nothing.
 */
enum { ROLE_PULSE_MS = 1000 };
void role_pulse(void);

/* worker: ask for another checker; its end comes as an order. */
MUST_USE enum err role_renew_checker(struct role_context *context, struct fault *fault);

#endif
