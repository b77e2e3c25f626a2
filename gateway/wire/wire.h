#ifndef GATEWAY_WIRE_WIRE_H
#define GATEWAY_WIRE_WIRE_H

#include "validators/base/buf.h"
#include "validators/base/err.h"

/*
 * How two roles talk: one message is one packet of an AF_UNIX SEQPACKET socket, a kind, a body and
 * at most two descriptors. A body is at most WIRE_BODY_MAX bytes: whatever is longer travels as a
 * sealed memfd (blob.h), because packets above some 200 kB and long queues of descriptors fail in
 * the kernel (design.md 3). What a body means stands in the headers beside this one, one struct for
 * each kind. Knows nothing of roles; never trusts the other side's lengths.
 */
enum { WIRE_BODY_MAX = 32 * 1024 - 16, WIRE_FDS_MAX = 2 };

enum wire_kind {
    WIRE_NONE = 0,
    WIRE_READY,    /* role -> supervisor: I can work; empty */
    WIRE_LINK,     /* supervisor -> role: link.h and one socket */
    WIRE_STOP,     /* supervisor -> role: finish what is at hand and end; empty */
    WIRE_PING,     /* supervisor -> role: say that you live; empty */
    WIRE_ALIVE,    /* role -> supervisor: I live; empty */
    WIRE_RENEW,    /* worker -> supervisor: kill and replace my checker; empty */
    WIRE_FILING,   /* front -> worker: filing.h and the document */
    WIRE_NEWS,     /* worker -> front: filing.h, with a result also its blob */
    WIRE_QUESTION, /* front -> reader: question.h */
    WIRE_REPLY,    /* reader, desk -> front: question.h, a long body as a blob */
    WIRE_JOB,      /* worker -> checker: job.h, the document and an empty memfd for the result */
    WIRE_BEGUN,    /* checker -> worker: job.h */
    WIRE_JOB_DONE, /* checker -> worker: job.h */
    WIRE_SEALING,  /* worker -> signer: a blob of facts (signer/sealing.h) */
    WIRE_SEALED,   /* signer -> worker: a blob of receipts */
    WIRE_PETITION, /* front -> desk: petition.h, the body as a blob */
    WIRE_KIND_COUNT
};

struct wire_message {
    enum wire_kind kind;
    struct str     body;
    int            fds[WIRE_FDS_MAX]; /* -1: none; a received one belongs to the receiver */
};

/*
 * How long a send waits for room, at most: who takes nothing for so long is stopped or stuck, and
 * must not stop its neighbours. A property of the pair, whoever holds its ends.
 */
enum { WIRE_SEND_MS = 5000 };

/* A connected pair, close-on-exec. ERR_SYSTEM. */
MUST_USE enum err wire_pair(int ends[2], struct fault *fault);

/*
 * Send; descriptors are lent, not given. A blocking socket waits for room, at most WIRE_SEND_MS.
 * Fails with ERR_PEER when the other end is gone, with ERR_LIMIT when there is no room (a
 * non-blocking socket: now), ERR_SYSTEM.
 */
MUST_USE enum err wire_send(int socket, const struct wire_message *message, struct fault *fault);

/* The same, never waiting, on any socket. */
MUST_USE enum err wire_send_now(int socket, const struct wire_message *message,
                                struct fault *fault);

/* What came of an attempt to receive. */
enum wire_got {
    WIRE_GOT_MESSAGE,
    WIRE_GOT_NOTHING, /* a non-blocking socket has none now */
    WIRE_GOT_END,     /* the other end is gone */
};

/*
 * Receive one message; its body lives in arena. Descriptors are close-on-exec. A packet of unknown
 * kind, cut off or with too many descriptors is ERR_WIRE (its descriptors are closed).
 */
MUST_USE enum err wire_receive(struct arena *arena, int socket, struct wire_message *out,
                               enum wire_got *got, struct fault *fault);

/* Close the descriptors that a received message brought, those already taken (-1) left out. */
void wire_dispose(struct wire_message *message);

/* Wait until one of count sockets can be read; index of the first, -1 after timeout_ms (-1: never).
 */
MUST_USE enum err wire_wait(const int *sockets, size_t count, int timeout_ms, int *index,
                            struct fault *fault);

#endif
