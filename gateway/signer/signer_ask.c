#include "gateway/role/role.h"
#include "gateway/signer/sealing.h"
#include "gateway/signer/signer.h"
#include "gateway/ticks/ticks.h"
#include "gateway/wire/blob.h"

#include <stdatomic.h>
#include <unistd.h>

enum { BODY_MAX = 64 };

/* One question on its way. */
struct asking {
    struct arena *arena;
    int           link;
    uint64_t      handle;
    int64_t       deadline; /* of the monotonic clock, ms */
    size_t        count;
};

/* A late answer must never be taken for the next one's: handles are not used twice in a process. */
static uint64_t
next_handle(void)
{
    static _Atomic uint64_t last;

    return atomic_fetch_add(&last, 1) + 1;
}

static enum err
send_facts(const struct asking *asking, struct str facts, struct fault *fault)
{
    struct buf          body = buf_create(asking->arena, BODY_MAX);
    struct wire_message message = {
        .kind = WIRE_SEALING, .fds = {-1, -1}
    };

    sealing_encode(&body, &(struct sealing){.handle = asking->handle});
    message.body = buf_str(&body);
    if (!buf_ok(&body)) {
        return FAIL(fault, ERR_MEMORY, "question to the signer");
    }
    TRY(blob_of("brama-facts", facts, &message.fds[0], fault));
    enum err sent = wire_send(asking->link, &message, fault);
    wire_dispose(&message);
    if (sent == ERR_LIMIT) {
        return FAIL(fault, ERR_PEER, "the signer does not take questions fast enough");
    }
    return sent;
}

/* The answer is here: take its receipts. */
static enum err
take_answer(const struct asking *asking, const struct wire_message *message,
            const struct sealing *answer, struct str *receipts, struct fault *fault)
{
    struct str bytes = {0};

    if (answer->failed != ERR_OK) {
        return FAIL(fault, answer->failed,
                    "the signer could not sign receipt %llu of the batch: %s",
                    (unsigned long long)answer->place, err_text(answer->failed));
    }
    TRY(blob_map(asking->arena, message->fds[0], SIGNER_BLOB_MAX, &bytes, fault));
    return sealing_decode_receipts(bytes, asking->count, receipts, fault);
}

/* One message from the signer; *done stays false when it answers a question given up earlier. */
static enum err
receive_answer(const struct asking *asking, struct str *receipts, bool *done, struct fault *fault)
{
    struct wire_message message = {
        .fds = {-1, -1}
    };
    enum wire_got  got = WIRE_GOT_NOTHING;
    struct sealing answer = {0};

    TRY(wire_receive(asking->arena, asking->link, &message, &got, fault));
    if (got == WIRE_GOT_END) {
        return FAIL(fault, ERR_PEER, "the signer is gone");
    }
    if (got == WIRE_GOT_NOTHING) {
        return ERR_OK;
    }
    enum err taken = ERR_OK;
    if (message.kind != WIRE_SEALED || !sealing_decode(message.body, &answer)) {
        taken = FAIL(fault, ERR_WIRE, "the signer's answer cannot be read");
    } else if (answer.handle == asking->handle) {
        *done = true;
        taken = take_answer(asking, &message, &answer, receipts, fault);
    }
    wire_dispose(&message); /* a mapped blob stays mapped */
    return taken;
}

static enum err
await_answer(const struct asking *asking, struct str *receipts, struct fault *fault)
{
    bool done = false;

    while (!done) {
        int64_t left = asking->deadline - ticks_ms();
        int     index = -1;
        if (left < 0) {
            return FAIL(fault, ERR_PEER, "the signer does not answer");
        }
        TRY(wire_wait(&asking->link, 1, (int)(left < ROLE_PULSE_MS ? left : ROLE_PULSE_MS), &index,
                      fault));
        role_pulse();
        if (index == 0) {
            TRY(receive_answer(asking, receipts, &done, fault));
        }
    }
    return ERR_OK;
}

enum err /* NOLINTNEXTLINE(readability-function-size): a batch and its time are one thought */
signer_ask(struct arena *arena, int link, const struct receipt_facts *facts, size_t count,
           instant at, int timeout_ms, struct str *receipts, struct fault *fault)
{
    struct buf    blob = buf_create(arena, SIGNER_BLOB_MAX);
    struct asking asking = {.arena = arena,
                            .link = link,
                            .handle = next_handle(),
                            .deadline = ticks_ms() + timeout_ms,
                            .count = count};

    ENSURE(count <= SIGNER_BATCH_MAX && timeout_ms >= 0);
    sealing_encode_facts(&blob, facts, count, at);
    if (!buf_ok(&blob)) {
        return FAIL(fault, ERR_LIMIT, "facts of %zu receipts do not fit", count);
    }
    TRY(send_facts(&asking, buf_str(&blob), fault));
    return await_answer(&asking, receipts, fault);
}

enum err /* NOLINTNEXTLINE(readability-function-size): a batch and its time are one thought */
signer_ask_here(struct arena *arena, const struct seal *seal, const struct receipt_facts *facts,
                size_t count, instant at, struct str *receipts, struct fault *fault)
{
    struct buf blob = buf_create(arena, SIGNER_BLOB_MAX);
    struct buf answer = buf_create(arena, SIGNER_BLOB_MAX);
    size_t     signed_count = 0;

    ENSURE(count <= SIGNER_BATCH_MAX);
    sealing_encode_facts(&blob, facts, count, at);
    if (!buf_ok(&blob)) {
        return FAIL(fault, ERR_LIMIT, "facts of %zu receipts do not fit", count);
    }
    TRY(sealing_sign(arena, seal, buf_str(&blob), &answer, &signed_count, fault));
    return sealing_decode_receipts(buf_str(&answer), count, receipts, fault);
}
