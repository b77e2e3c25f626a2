#include "gateway/wire/wire.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { KIND_SIZE = 4, WIRE_SOCKETS_MAX = 64, NO_FD = -1 };

/* Room for the descriptors of one packet, aligned as the kernel wants it. */
union ancillary {
    struct cmsghdr align;
    char           room[CMSG_SPACE(WIRE_FDS_MAX * sizeof(int))];
};

static enum err
fail_errno(struct fault *fault, const char *what)
{
    bool gone = errno == EPIPE || errno == ECONNRESET || errno == ENOTCONN;

    return FAIL(fault, gone ? ERR_PEER : ERR_SYSTEM, "%s: %s", what, strerrordesc_np(errno));
}

static bool
bound_sends(int socket)
{
    const struct timeval patience = {.tv_sec = WIRE_SEND_MS / 1000};

    return setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) == 0;
}

enum err
wire_pair(int ends[2], struct fault *fault)
{
    int made[2] = {NO_FD, NO_FD};

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, made) != 0) {
        return fail_errno(fault, "socketpair");
    }
    if (!bound_sends(made[0]) || !bound_sends(made[1])) {
        enum err got = fail_errno(fault, "SO_SNDTIMEO");
        (void)close(made[0]); /* nobody has used them */
        (void)close(made[1]);
        return got;
    }
    ends[0] = made[0];
    ends[1] = made[1];
    return ERR_OK;
}

/* Put the descriptors of the message behind the packet. */
static void
attach(struct msghdr *header, union ancillary *ancillary, const int *fds)
{
    size_t count = 0;

    while (count < WIRE_FDS_MAX && fds[count] >= 0) {
        count++;
    }
    if (count == 0) {
        return;
    }
    header->msg_control = ancillary->room;
    header->msg_controllen = CMSG_SPACE(count * sizeof(int));
    struct cmsghdr *item = CMSG_FIRSTHDR(header);
    item->cmsg_level = SOL_SOCKET;
    item->cmsg_type = SCM_RIGHTS;
    item->cmsg_len = CMSG_LEN(count * sizeof(int));
    memcpy(CMSG_DATA(item), fds, count * sizeof(int));
}

static enum err
send_packet(int socket, const struct wire_message *message, int flags, struct fault *fault)
{
    uint32_t     kind = (uint32_t)message->kind;
    struct iovec parts[] = {
        {&kind,                      KIND_SIZE         },
        {(void *)message->body.data, message->body.size}
    };
    union ancillary ancillary = {0};
    struct msghdr   header = {.msg_iov = parts, .msg_iovlen = ARRAY_COUNT(parts)};
    ssize_t         sent = 0;

    ENSURE(message->kind > WIRE_NONE && message->kind < WIRE_KIND_COUNT);
    ENSURE(message->body.size <= WIRE_BODY_MAX);
    attach(&header, &ancillary, message->fds);
    do {
        sent = sendmsg(socket, &header, MSG_NOSIGNAL | flags);
    } while (sent < 0 && errno == EINTR);
    if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == ETOOMANYREFS)) {
        return FAIL(fault, ERR_LIMIT, "the other process does not take messages fast enough");
    }
    if (sent < 0) {
        return fail_errno(fault, "sendmsg");
    }
    return ERR_OK;
}

enum err
wire_send(int socket, const struct wire_message *message, struct fault *fault)
{
    return send_packet(socket, message, 0, fault);
}

enum err
wire_send_now(int socket, const struct wire_message *message, struct fault *fault)
{
    return send_packet(socket, message, MSG_DONTWAIT, fault);
}

/* Take the descriptors out of the packet; false when there were more than a message may have. */
static bool
detach(struct msghdr *header, int *fds)
{
    size_t taken = 0;
    bool   fits = (header->msg_flags & MSG_CTRUNC) == 0;

    for (struct cmsghdr *item = CMSG_FIRSTHDR(header); item != NULL;
         item = CMSG_NXTHDR(header, item)) {
        bool   rights = item->cmsg_level == SOL_SOCKET && item->cmsg_type == SCM_RIGHTS;
        size_t count = rights ? (item->cmsg_len - CMSG_LEN(0)) / sizeof(int) : 0;
        for (size_t i = 0; i < count; i++) {
            int fd = NO_FD;
            memcpy(&fd, CMSG_DATA(item) + i * sizeof fd, sizeof fd);
            if (taken < WIRE_FDS_MAX) {
                fds[taken++] = fd;
            } else {
                (void)close(fd); /* not asked for */
                fits = false;
            }
        }
    }
    return fits;
}

/* A packet is here; make it a message. */
static enum err
understand(struct arena *arena, const char *packet, size_t size, bool whole,
           struct wire_message *message, struct fault *fault)
{
    uint32_t kind = 0;

    if (!whole || size < KIND_SIZE) {
        return FAIL(fault, ERR_WIRE, "a packet is cut off or has too many descriptors");
    }
    memcpy(&kind, packet, KIND_SIZE);
    if (kind == WIRE_NONE || kind >= WIRE_KIND_COUNT) {
        return FAIL(fault, ERR_WIRE, "a packet of unknown kind %u", kind);
    }
    message->kind = (enum wire_kind)kind;
    message->body = str_copy(arena, (struct str){packet + KIND_SIZE, size - KIND_SIZE});
    if (message->body.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "no room for a message");
    }
    return ERR_OK;
}

enum err
wire_receive(struct arena *arena, int socket, struct wire_message *out, enum wire_got *got,
             struct fault *fault)
{
    char                packet[KIND_SIZE + WIRE_BODY_MAX];
    struct iovec        part = {packet, sizeof packet};
    union ancillary     ancillary = {0};
    struct msghdr       header = {.msg_iov = &part,
                                  .msg_iovlen = 1,
                                  .msg_control = ancillary.room,
                                  .msg_controllen = sizeof ancillary.room};
    struct wire_message message = {
        .fds = {NO_FD, NO_FD}
    };
    ssize_t size = 0;

    do {
        size = recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
    } while (size < 0 && errno == EINTR);
    if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
        *got = WIRE_GOT_NOTHING;
        return ERR_OK;
    }
    if (size < 0 && errno != ECONNRESET) {
        return fail_errno(fault, "recvmsg");
    }
    if (size <= 0) {
        *got = WIRE_GOT_END;
        return ERR_OK;
    }
    bool     whole = detach(&header, message.fds) && (header.msg_flags & MSG_TRUNC) == 0;
    enum err made = understand(arena, packet, (size_t)size, whole, &message, fault);
    if (made != ERR_OK) {
        wire_dispose(&message);
        return made;
    }
    *out = message;
    *got = WIRE_GOT_MESSAGE;
    return ERR_OK;
}

void
wire_dispose(struct wire_message *message)
{
    for (size_t i = 0; i < WIRE_FDS_MAX; i++) {
        if (message->fds[i] >= 0) {
            (void)close(message->fds[i]); /* memfds and sockets: nothing can be lost */
            message->fds[i] = NO_FD;
        }
    }
}

enum err
wire_wait(const int *sockets, size_t count, int timeout_ms, int *index, struct fault *fault)
{
    struct pollfd watched[WIRE_SOCKETS_MAX];
    int           ready = 0;

    ENSURE(count <= WIRE_SOCKETS_MAX);
    for (size_t i = 0; i < count; i++) {
        watched[i] = (struct pollfd){.fd = sockets[i], .events = POLLIN};
    }
    do {
        ready = poll(watched, count, timeout_ms);
    } while (ready < 0 && errno == EINTR && timeout_ms < 0);
    if (ready < 0 && errno != EINTR) {
        return fail_errno(fault, "poll");
    }
    *index = -1;
    for (size_t i = 0; ready > 0 && i < count; i++) {
        if (watched[i].fd >= 0 && watched[i].revents != 0) {
            *index = (int)i;
            break;
        }
    }
    return ERR_OK;
}
