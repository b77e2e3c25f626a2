#include "gateway/signer/signer.h"

#include "gateway/failpoint/failpoint.h"
#include "gateway/log/log.h"
#include "gateway/metrics/metrics.h"
#include "gateway/role/file.h"
#include "gateway/sandbox/sandbox.h"
#include "gateway/signer/sealing.h"
#include "gateway/wire/blob.h"

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define BATCH_MEMORY ((size_t)1024 * 1024 * 1024)

enum {
    KEY_SIZE_MAX = 16 * 1024,
    CERTIFICATE_SIZE_MAX = 64 * 1024,
    BODY_MAX = 64,
    DESCRIPTORS_MAX = 64, /* links, and those of a batch */
};

struct signer {
    struct role_context *context;
    struct seal         *seal;
    int                  links[LINK_SLOTS_MAX]; /* by worker; -1: none */
    size_t               turn;                  /* who is looked at first next time */
    bool                 stopped;
};

/* From its beginning, wherever its offset stands: that is shared with whoever reads it just now. */
static enum err
read_key(int fd, char *room, size_t room_size, size_t *size, struct fault *fault)
{
    ssize_t got = 0;

    *size = 0;
    do {
        got = pread(fd, room + *size, room_size - *size, (off_t)*size);
        *size += got > 0 ? (size_t)got : 0;
    } while ((got > 0 && *size < room_size) || (got < 0 && errno == EINTR));
    if (got < 0 || *size == 0 || *size == room_size) {
        return FAIL(fault, ERR_FILE, "the key of the seal cannot be read");
    }
    return ERR_OK;
}

/* The key is in OpenSSL's memory afterwards and nowhere else: the descriptor and the text go. */
static enum err
take_seal(struct signer *signer, struct fault *fault)
{
    struct role_context *context = signer->context;
    char                 pem[KEY_SIZE_MAX];
    size_t               size = 0;
    struct str           certificate = {0};

    TRY(file_read(context->arena, context->config->seal_certificate, CERTIFICATE_SIZE_MAX,
                  &certificate, fault));
    enum err got = read_key(context->key, pem, sizeof pem, &size, fault);
    if (got == ERR_OK) {
        got =
            seal_create(context->arena, (struct str){pem, size}, certificate, &signer->seal, fault);
    }
    explicit_bzero(pem, sizeof pem);
    (void)close(context->key); /* it was only read */
    context->key = -1;
    return got;
}

/* The one line that decides what a signer may still do. */
static enum err
enter_sandbox(struct fault *fault)
{
    const struct sandbox_limits limits = {.memory_max = 3 * BATCH_MEMORY,
                                          .written_max = SIGNER_BLOB_MAX,
                                          .descriptors_max = DESCRIPTORS_MAX};

    return sandbox_enter_role(SANDBOX_SIGNER, &limits, fault);
}

static void
drop_link(struct signer *signer, size_t slot)
{
    if (signer->links[slot] >= 0) {
        (void)close(signer->links[slot]); /* a socket: nothing can be lost */
        signer->links[slot] = -1;
    }
}

static void
take_link(struct signer *signer, const struct link *link, int end)
{
    if (link->peer != ROLE_WORKER || link->slot >= LINK_SLOTS_MAX) {
        (void)close(end); /* nobody else may ask */
        return;
    }
    drop_link(signer, link->slot);
    signer->links[link->slot] = end;
}

static enum err
obey(struct signer *signer, struct fault *fault)
{
    enum role_order order = ROLE_ORDER_NONE;
    struct link     link = {0};
    int             end = -1;

    TRY(role_order(signer->context, &order, &link, &end, fault));
    if (order == ROLE_ORDER_LINK) {
        take_link(signer, &link, end);
    }
    signer->stopped = order == ROLE_ORDER_STOP || order == ROLE_ORDER_GONE;
    return ERR_OK;
}

static enum err
send_answer(struct arena *arena, int link, const struct sealing *answer, struct str receipts,
            struct fault *fault)
{
    struct buf          body = buf_create(arena, BODY_MAX);
    struct wire_message message = {
        .kind = WIRE_SEALED, .fds = {-1, -1}
    };

    sealing_encode(&body, answer);
    message.body = buf_str(&body);
    if (!buf_ok(&body)) {
        return FAIL(fault, ERR_MEMORY, "answer to a worker");
    }
    if (answer->failed == ERR_OK) {
        TRY(blob_of("brama-receipts", receipts, &message.fds[0], fault));
    }
    enum err sent = wire_send(link, &message, fault);
    wire_dispose(&message);
    return sent;
}

/* Sign a batch and answer. What cannot be read is ERR_WIRE; what cannot be signed is an answer. */
static enum err
serve_batch(struct arena *arena, struct signer *signer, int link,
            const struct wire_message *message, struct fault *fault)
{
    struct sealing sealing = {0};
    struct str     facts = {0};
    struct buf     receipts = buf_create(arena, SIGNER_BLOB_MAX);
    struct fault   refusal = {0};
    size_t         count = 0;

    if (message->kind != WIRE_SEALING || !sealing_decode(message->body, &sealing)) {
        return FAIL(fault, ERR_WIRE, "a worker's question cannot be read");
    }
    TRY(blob_map(arena, message->fds[0], SIGNER_BLOB_MAX, &facts, fault));
    FAILPOINT_REACH(SIGNER_TAKEN);
    sealing.failed = sealing_sign(arena, signer->seal, facts, &receipts, &count, &refusal);
    sealing.place = count;
    if (sealing.failed == ERR_WIRE) {
        return FAIL(fault, ERR_WIRE, "%s", refusal.text);
    }
    if (sealing.failed != ERR_OK) {
        metrics_add(METRIC_SIGN_FAILURES, 1);
        log_failure("signer.refused", &refusal);
    } else {
        metrics_add(METRIC_RECEIPTS_SIGNED, (int64_t)count);
    }
    FAILPOINT_REACH(SIGNER_SIGNED);
    return send_answer(arena, link, &sealing, buf_str(&receipts), fault);
}

/*
 * One message of a worker. Only a worker that is gone loses its link: a link between two that live
 * is never made again, so that whatever else is wrong ends the role, which is started and linked
 * anew.
 */
static enum err
serve(struct signer *signer, size_t slot, struct fault *fault)
{
    struct arena       *arena = arena_create(BATCH_MEMORY);
    struct wire_message message = {
        .fds = {-1, -1}
    };
    enum wire_got got = WIRE_GOT_NOTHING;
    enum err      served = wire_receive(arena, signer->links[slot], &message, &got, fault);

    if (served == ERR_OK && got == WIRE_GOT_MESSAGE) {
        served = serve_batch(arena, signer, signer->links[slot], &message, fault);
        wire_dispose(&message);
    }
    arena_destroy(arena);
    if (served == ERR_PEER || got == WIRE_GOT_END) {
        drop_link(signer, slot);
        return ERR_OK;
    }
    return served;
}

/* Wait for the supervisor or a worker; workers are looked at in turn, so that none waits for ever.
 */
static enum err
work(struct signer *signer, struct fault *fault)
{
    int    sockets[1 + LINK_SLOTS_MAX] = {signer->context->control};
    size_t slots[1 + LINK_SLOTS_MAX] = {0};
    size_t count = 1;
    int    index = -1;

    for (size_t i = 0; i < LINK_SLOTS_MAX; i++) {
        size_t slot = (signer->turn + i) % LINK_SLOTS_MAX;
        if (signer->links[slot] >= 0) {
            sockets[count] = signer->links[slot];
            slots[count] = slot;
            count++;
        }
    }
    TRY(wire_wait(sockets, count, -1, &index, fault));
    if (index == 0) {
        return obey(signer, fault);
    }
    if (index > 0) {
        signer->turn = slots[index] + 1;
        return serve(signer, slots[index], fault);
    }
    return ERR_OK;
}

enum err
signer_role(struct role_context *context, struct fault *fault)
{
    struct signer signer = {.context = context};

    for (size_t i = 0; i < LINK_SLOTS_MAX; i++) {
        signer.links[i] = -1;
    }
    /* Before the key is read: no core file and no debugger ever see it. */
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
        return FAIL(fault, ERR_SYSTEM, "the signer cannot make itself undumpable");
    }
    TRY(take_seal(&signer, fault));
    TRY(enter_sandbox(fault));
    TRY(role_ready(context, fault));
    while (!signer.stopped) {
        TRY(work(&signer, fault));
    }
    return ERR_OK;
}
