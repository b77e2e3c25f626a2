#include "gateway/checker/checker_link.h"

#include "gateway/role/role.h"
#include "gateway/ticks/ticks.h"
#include "gateway/wire/blob.h"

#include <unistd.h>

enum { JOB_BODY_MAX = 1024 };

const char *
checker_link_end_text(enum checker_link_end end)
{
    static const char *const texts[CHECKER_LINK_END_COUNT] = {
        [CHECKER_LINK_NONE] = "sprawdzanie nie zostało rozpoczęte",
        [CHECKER_LINK_DONE] = "",
        [CHECKER_LINK_FAILED] = "program sprawdzający nie mógł wykonać pracy; to usterka po "
                                "stronie bramy",
        [CHECKER_LINK_GONE] = "program sprawdzający przerwał pracę; to usterka po stronie bramy",
        [CHECKER_LINK_LATE] = "sprawdzanie trwało zbyt długo i zostało przerwane",
        [CHECKER_LINK_MALFORMED] = "wyniku sprawdzania nie da się odczytać; to usterka po stronie "
                                   "bramy",
    };

    ENSURE(end < CHECKER_LINK_END_COUNT);
    return texts[end];
}

enum err
checker_link_send(int link, const struct job *job, int document, int *result, struct fault *fault)
{
    struct arena *arena = arena_create(WIRE_BODY_MAX);
    struct buf    body = buf_create(arena, JOB_BODY_MAX);
    int           made = -1;

    *result = -1;
    job_encode(&body, job);
    ENSURE(buf_ok(&body));
    enum err got = blob_create("brama-result", &made, fault);
    if (got == ERR_OK) {
        const struct wire_message message = {
            .kind = WIRE_JOB, .body = buf_str(&body), .fds = {document, made}
        };
        got = wire_send(link, &message, fault);
    }
    arena_destroy(arena);
    if (got != ERR_OK) {
        if (made >= 0) {
            (void)close(made); /* an empty memfd of ours */
        }
        return got;
    }
    *result = made;
    return ERR_OK;
}

/* Until something can be read or the time is over; true: there is something. */
static enum err
wait_for_answer(int link, int timeout_ms, bool *here, struct fault *fault)
{
    int64_t deadline = ticks_ms() + timeout_ms;
    int64_t left = timeout_ms;
    int     index = -1;

    do {
        TRY(wire_wait(&link, 1, (int)(left < ROLE_PULSE_MS ? left : ROLE_PULSE_MS), &index, fault));
        left = deadline - ticks_ms();
        role_pulse();
    } while (index < 0 && left > 0);
    *here = index >= 0;
    return ERR_OK;
}

static void
answer_of(struct checker_link_answer *answer, enum checker_link_end end, struct arena *arena,
          const char *text)
{
    *answer = (struct checker_link_answer){.end = end, .text = str_copy(arena, str_of(text))};
}

/* What the checker says, and what it has written. */
static enum err
understand(struct arena *arena, const struct wire_message *message, uint64_t handle, int result,
           struct checker_link_answer *answer, struct fault *fault)
{
    struct job_done done = {0};
    struct fault    why = {0};

    if (message->kind != WIRE_JOB_DONE || !job_done_decode(arena, message->body, &done)
        || done.handle != handle) {
        answer_of(answer, CHECKER_LINK_MALFORMED, arena, "not the answer to the oldest document");
        return ERR_OK;
    }
    if (done.failed != ERR_OK) {
        *answer = (struct checker_link_answer){
            .end = CHECKER_LINK_FAILED, .cause = done.failed, .text = done.text};
        return ERR_OK;
    }
    enum err got = blob_take(arena, result, CHECKER_LINK_RESULT_MAX, &answer->bytes, &why);
    if (got == ERR_MEMORY || got == ERR_SYSTEM) {
        return FAIL(fault, got, "%s", why.text);
    }
    if (got != ERR_OK || answer->bytes.size == 0) {
        answer_of(answer, CHECKER_LINK_MALFORMED, arena,
                  got == ERR_OK ? "an empty result" : why.text);
        return ERR_OK;
    }
    answer->end = CHECKER_LINK_DONE;
    return ERR_OK;
}

static enum err
receive(struct arena *arena, int link, uint64_t handle, int result,
        struct checker_link_answer *answer, struct fault *fault)
{
    struct wire_message message = {
        .fds = {-1, -1}
    };
    struct fault  why = {0};
    enum wire_got got = WIRE_GOT_NOTHING;
    enum err      received = wire_receive(arena, link, &message, &got, &why);

    if (received == ERR_WIRE) {
        answer_of(answer, CHECKER_LINK_MALFORMED, arena, why.text);
        return ERR_OK;
    }
    if (received == ERR_PEER || (received == ERR_OK && got == WIRE_GOT_END)) {
        answer_of(answer, CHECKER_LINK_GONE, arena, "the checker ended");
        return ERR_OK;
    }
    if (received != ERR_OK) {
        return FAIL(fault, received, "%s", why.text);
    }
    if (got == WIRE_GOT_NOTHING) {
        answer_of(answer, CHECKER_LINK_LATE, arena, "no answer in time");
        return ERR_OK;
    }
    enum err understood = understand(arena, &message, handle, result, answer, fault);
    wire_dispose(&message);
    return understood;
}

enum err /* NOLINTNEXTLINE(readability-function-size): five facts of one wait, arena and fault */
checker_link_receive(struct arena *arena, int link, uint64_t handle, int result, int timeout_ms,
                     struct checker_link_answer *out, struct fault *fault)
{
    struct checker_link_answer answer = {0};
    bool                       here = false;
    enum err                   got = wait_for_answer(link, timeout_ms, &here, fault);

    if (got == ERR_OK && here) {
        got = receive(arena, link, handle, result, &answer, fault);
    } else if (got == ERR_OK) {
        answer_of(&answer, CHECKER_LINK_LATE, arena, "no answer in time");
    }
    (void)close(result); /* a memfd; its content is copied or of no use */
    TRY(got);
    *out = answer;
    return ERR_OK;
}
