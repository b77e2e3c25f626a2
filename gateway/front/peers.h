#ifndef GATEWAY_FRONT_PEERS_H
#define GATEWAY_FRONT_PEERS_H

#include "gateway/wire/link.h"
#include "gateway/wire/wire.h"

/*
 * The other ends: workers, readers and the desk, at most LINK_SLOTS_MAX of each, every one a
 * non-blocking socket in the loop's epoll. Counts what each has been given and has not finished, so
 * that none gets more than it can take and the least burdened is chosen. Errands of workers are
 * counted apart, so that they take no room of filings.
 */
enum peer_kind { PEER_WORKER, PEER_READER, PEER_DESK, PEER_KINDS };

enum { PEER_ERRANDS_MAX = 2 };

struct peer {
    int    fd;      /* -1: none */
    bool   blocked; /* its socket has no room; the loop says when it has */
    size_t items;
    size_t bytes;
    /* Handles of the errands it has, whether or not anybody still waits for them; 0: none. */
    uint64_t errands[PEER_ERRANDS_MAX];
};

struct peers {
    int         epoll;
    struct peer items[PEER_KINDS][LINK_SLOTS_MAX];
};

/* Events of peers carry this tag and peers_key in epoll's data. */
enum { PEERS_TAG = 0x100 };

struct peers peers_create(int epoll);

/* A new end for this slot. ERR_SYSTEM; end is then closed. The old one must be gone. */
MUST_USE enum err peers_add(struct peers *peers, enum peer_kind kind, unsigned slot, int end,
                            struct fault *fault);

/* Close it and forget what it had. */
void peers_remove(struct peers *peers, enum peer_kind kind, unsigned slot);

size_t peers_living(const struct peers *peers, enum peer_kind kind);

/*
 * The one that has least, and can take size more bytes within both limits (what is larger than
 * bytes_max goes to one that has nothing); -1: none now.
 */
int peers_choose(const struct peers *peers, enum peer_kind kind, size_t size, size_t items_max,
                 size_t bytes_max);

/* Send; counts size. False: there is no room (the peer is then blocked) or nobody (then removed
 * later, when its end is read). */
MUST_USE bool peers_send(struct peers *peers, enum peer_kind kind, unsigned slot,
                         const struct wire_message *message, size_t size);

/* It has finished something of this size. */
void peers_finished(struct peers *peers, enum peer_kind kind, unsigned slot, size_t size);

/* The same for errands, which are known by their handles. Finished: any other handle is nothing. */
int           peers_choose_for_errand(const struct peers *peers);
MUST_USE bool peers_send_errand(struct peers *peers, unsigned slot,
                                const struct wire_message *message, uint64_t handle);
void          peers_finished_errand(struct peers *peers, unsigned slot, uint64_t handle);

/* There is room again. */
void peers_unblock(struct peers *peers, enum peer_kind kind, unsigned slot);

/* epoll data -> which; false when the event is not of a peer. */
MUST_USE bool peers_of_event(uint64_t data, enum peer_kind *kind, unsigned *slot);

#endif
