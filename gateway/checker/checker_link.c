#include "gateway/checker/checker_link.h"

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

static void
answer_of(struct checker_link_answer *answer, enum checker_link_end end, struct arena *arena,
          const char *text)
{
    answer->end = end;
    answer->text = str_copy(arena, str_of(text));
}

static void
take_begun(struct arena *arena, const struct wire_message *message, uint64_t handle,
           struct checker_link_answer *answer)
{
    struct job_begun begun = {0};

    if (answer->begun || !job_begun_decode(message->body, &begun) || begun.handle != handle) {
        answer_of(answer, CHECKER_LINK_MALFORMED, arena, "began something else");
        return;
    }
    answer->begun = true;
    answer->material = begun.material;
}

/* What the checker says, and what it has written. */
static enum err
take_done(struct arena *arena, const struct wire_message *message,
          const struct checker_link_question *question, struct checker_link_answer *answer,
          struct fault *fault)
{
    struct job_done done = {0};
    struct fault    why = {0};

    if (!answer->begun || message->kind != WIRE_JOB_DONE
        || !job_done_decode(arena, message->body, &done) || done.handle != question->handle) {
        answer_of(answer, CHECKER_LINK_MALFORMED, arena, "not the answer to the oldest document");
        return ERR_OK;
    }
    if (done.failed != ERR_OK) {
        answer->end = CHECKER_LINK_FAILED;
        answer->cause = done.failed;
        answer->text = done.text;
        return ERR_OK;
    }
    enum err got =
        blob_take(arena, question->result, CHECKER_LINK_RESULT_MAX, &answer->bytes, &why);
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

enum err
checker_link_take(struct arena *arena, int link, const struct checker_link_question *question,
                  struct checker_link_answer *answer, struct fault *fault)
{
    struct wire_message message = {
        .fds = {-1, -1}
    };
    struct fault  why = {0};
    enum wire_got got = WIRE_GOT_NOTHING;
    enum err      received = wire_receive(arena, link, &message, &got, &why);

    ENSURE(answer->end == CHECKER_LINK_NONE);
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
        return ERR_OK;
    }
    enum err taken = ERR_OK;
    if (message.kind == WIRE_BEGUN) {
        take_begun(arena, &message, question->handle, answer);
    } else {
        taken = take_done(arena, &message, question, answer, fault);
    }
    wire_dispose(&message);
    return taken;
}
