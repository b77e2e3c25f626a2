#include "gateway/front/peers.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum {
    NO_FD = -1,
    KIND_SHIFT = 4,
    KIND_MASK = 3,
    SLOT_MASK = LINK_SLOTS_MAX - 1,
    TAG_MASK = ~0xFF
};

_Static_assert(LINK_SLOTS_MAX == 1 << KIND_SHIFT, "a slot fits its bits");
_Static_assert(PEER_KINDS <= KIND_MASK + 1, "a kind fits its bits");

struct peers
peers_create(int epoll)
{
    struct peers peers = {.epoll = epoll};

    for (size_t i = 0; i < LINK_SLOTS_MAX; i++) {
        peers.items[PEER_WORKER][i].fd = NO_FD;
        peers.items[PEER_READER][i].fd = NO_FD;
        peers.items[PEER_DESK][i].fd = NO_FD;
    }
    return peers;
}

static enum err
watch(const struct peers *peers, int operation, enum peer_kind kind, unsigned slot,
      struct fault *fault)
{
    const struct peer *peer = &peers->items[kind][slot];
    struct epoll_event event = {.events = EPOLLIN | (peer->blocked ? EPOLLOUT : 0),
                                .data.u64 = PEERS_TAG | (unsigned)kind << KIND_SHIFT | slot};

    if (epoll_ctl(peers->epoll, operation, peer->fd, &event) != 0) {
        return FAIL(fault, ERR_SYSTEM, "epoll_ctl: %s", strerrordesc_np(errno));
    }
    return ERR_OK;
}

enum err
peers_add(struct peers *peers, enum peer_kind kind, unsigned slot, int end, struct fault *fault)
{
    struct peer *peer = &peers->items[kind][slot];

    ENSURE(slot < LINK_SLOTS_MAX && peer->fd == NO_FD);
    *peer = (struct peer){.fd = end};
    enum err got = fcntl(end, F_SETFL, O_NONBLOCK) == 0
                       ? watch(peers, EPOLL_CTL_ADD, kind, slot, fault)
                       : FAIL(fault, ERR_SYSTEM, "fcntl: %s", strerrordesc_np(errno));
    if (got != ERR_OK) {
        (void)close(end); /* a socket that nobody has used */
        peer->fd = NO_FD;
    }
    return got;
}

void
peers_remove(struct peers *peers, enum peer_kind kind, unsigned slot)
{
    struct peer *peer = &peers->items[kind][slot];

    if (peer->fd != NO_FD) {
        (void)close(peer->fd); /* leaves the epoll by itself */
    }
    *peer = (struct peer){.fd = NO_FD};
}

size_t
peers_living(const struct peers *peers, enum peer_kind kind)
{
    size_t count = 0;

    for (size_t i = 0; i < LINK_SLOTS_MAX; i++) {
        count += peers->items[kind][i].fd != NO_FD ? 1 : 0;
    }
    return count;
}

static bool
can_take(const struct peer *peer, size_t size, size_t items_max, size_t bytes_max)
{
    if (peer->fd == NO_FD || peer->blocked) {
        return false;
    }
    return peer->items == 0
           || (peer->items < items_max && size <= bytes_max && peer->bytes <= bytes_max - size);
}

int
peers_choose(const struct peers *peers, enum peer_kind kind, size_t size, size_t items_max,
             size_t bytes_max)
{
    const struct peer *all = peers->items[kind];
    int                chosen = -1;

    for (int i = 0; i < LINK_SLOTS_MAX; i++) {
        if (can_take(&all[i], size, items_max, bytes_max)
            && (chosen < 0 || all[i].items < all[chosen].items)) {
            chosen = i;
        }
    }
    return chosen;
}

static bool
deliver(const struct peers *peers, struct peer *peer, enum peer_kind kind, unsigned slot,
        const struct wire_message *message)
{
    struct fault fault = {0};
    enum err     got = wire_send(peer->fd, message, &fault);

    if (got == ERR_OK) {
        return true;
    }
    /* No room, or gone: either way nothing more until the loop has heard of it. */
    peer->blocked = true;
    if (got != ERR_PEER) {
        (void)watch(peers, EPOLL_CTL_MOD, kind, slot, &fault); /* else its end will be seen */
    }
    return false;
}

bool
peers_send(struct peers *peers, enum peer_kind kind, unsigned slot,
           const struct wire_message *message, size_t size)
{
    struct peer *peer = &peers->items[kind][slot];

    if (!deliver(peers, peer, kind, slot, message)) {
        return false;
    }
    peer->items++;
    peer->bytes += size;
    return true;
}

void
peers_finished(struct peers *peers, enum peer_kind kind, unsigned slot, size_t size)
{
    struct peer *peer = &peers->items[kind][slot];

    if (peer->fd != NO_FD && peer->items > 0) {
        peer->items--;
        peer->bytes -= size <= peer->bytes ? size : peer->bytes;
    }
}

static size_t
count_errands(const struct peer *peer)
{
    size_t count = 0;

    for (size_t i = 0; i < PEER_ERRANDS_MAX; i++) {
        count += peer->errands[i] != 0 ? 1 : 0;
    }
    return count;
}

int
peers_choose_for_errand(const struct peers *peers)
{
    size_t least = PEER_ERRANDS_MAX;
    int    chosen = -1;

    for (int i = 0; i < LINK_SLOTS_MAX; i++) {
        const struct peer *peer = &peers->items[PEER_WORKER][i];
        size_t             count = count_errands(peer);
        if (peer->fd != NO_FD && !peer->blocked && count < least) {
            least = count;
            chosen = i;
        }
    }
    return chosen;
}

/* Put one handle in the place of another; 0 stands for a free place. */
static void
exchange_handle(struct peer *peer, uint64_t old, uint64_t new)
{
    for (size_t i = 0; i < PEER_ERRANDS_MAX; i++) {
        if (peer->errands[i] == old) {
            peer->errands[i] = new;
            return;
        }
    }
}

bool
peers_send_errand(struct peers *peers, unsigned slot, const struct wire_message *message,
                  uint64_t handle)
{
    struct peer *peer = &peers->items[PEER_WORKER][slot];

    ENSURE(handle != 0 && count_errands(peer) < PEER_ERRANDS_MAX);
    if (!deliver(peers, peer, PEER_WORKER, slot, message)) {
        return false;
    }
    exchange_handle(peer, 0, handle);
    return true;
}

void
peers_finished_errand(struct peers *peers, unsigned slot, uint64_t handle)
{
    if (handle != 0) {
        exchange_handle(&peers->items[PEER_WORKER][slot], handle, 0);
    }
}

void
peers_unblock(struct peers *peers, enum peer_kind kind, unsigned slot)
{
    struct peer *peer = &peers->items[kind][slot];

    if (peer->fd != NO_FD && peer->blocked) {
        peer->blocked = false;
        (void)watch(peers, EPOLL_CTL_MOD, kind, slot, NULL); /* else its end will be seen */
    }
}

bool
peers_of_event(uint64_t data, enum peer_kind *kind, unsigned *slot)
{
    if ((data & (uint64_t)(int64_t)TAG_MASK) != PEERS_TAG) {
        return false;
    }
    *kind = (enum peer_kind)((data >> KIND_SHIFT) & KIND_MASK);
    *slot = (unsigned)(data & SLOT_MASK);
    return true;
}
