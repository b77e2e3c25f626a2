#include "gateway/reader/reader.h"

#include "gateway/definitions/definitions.h"
#include "gateway/failpoint/failpoint.h"
#include "gateway/log/log.h"
#include "gateway/metrics/metrics.h"
#include "gateway/reader/clerk.h"
#include "gateway/role/file.h"
#include "gateway/role/fronts.h"
#include "gateway/sandbox/sandbox.h"
#include "gateway/store/store.h"
#include "gateway/ticks/ticks.h"
#include "validators/signature/signature.h"

enum {
    DESCRIPTORS_MAX = 64,
    PEM_SIZE_MAX = 1024 * 1024,
};

/* One answer: the largest document, stored and as received, and the answer made of it. */
#define ANSWER_MEMORY ((size_t)256 * 1024 * 1024)
#define PROCESS_MEMORY ((size_t)1024 * 1024 * 1024)

struct reader {
    struct clerk  clerk;
    struct fronts fronts;
};

/* What has come of one front: one question, or several of those that a POST waits with. */
struct turn {
    struct arena   *arena;
    int             front;
    struct question questions[CLERK_TOGETHER_MAX];
    size_t          count;
    bool            gone; /* the front is */
};

/* Of the questions so far all but the last one are QUESTION_FILED. */
static bool
may_grow(const struct turn *turn)
{
    return !turn->gone && turn->count > 0 && turn->count < CLERK_TOGETHER_MAX
           && turn->questions[turn->count - 1].kind == QUESTION_FILED;
}

static enum err
take_question(struct turn *turn, struct fault *fault)
{
    struct wire_message message = {
        .fds = {-1, -1}
    };
    enum wire_got got = WIRE_GOT_NOTHING;
    enum err      received = wire_receive(turn->arena, turn->front, &message, &got, fault);

    turn->gone = received == ERR_PEER || (received == ERR_OK && got == WIRE_GOT_END);
    if (turn->gone) {
        return ERR_OK;
    }
    TRY(received);
    if (got == WIRE_GOT_NOTHING) {
        return ERR_OK;
    }
    bool good = message.kind == WIRE_QUESTION
                && question_decode(turn->arena, message.body, &turn->questions[turn->count]);
    wire_dispose(&message);
    if (!good) {
        return FAIL(fault, ERR_WIRE, "the front sent something that is not a question");
    }
    turn->count++;
    return ERR_OK;
}

/* What is here now; waits for nothing but the first. */
static enum err
take_questions(struct turn *turn, struct fault *fault)
{
    int ready = 0;

    do {
        TRY(take_question(turn, fault));
        if (may_grow(turn)) {
            TRY(wire_wait(&turn->front, 1, 0, &ready, fault));
        }
    } while (may_grow(turn) && ready == 0);
    return ERR_OK;
}

static enum err
answer_one(struct reader *reader, int front, const struct question *question, struct fault *fault)
{
    struct arena *arena = arena_create(ANSWER_MEMORY);
    struct reply  reply = {0};

    FAILPOINT_REACH(READER_ASKED);
    clerk_answer(&reader->clerk, arena, question, ticks_steady(), &reply);
    FAILPOINT_REACH(READER_READ);
    enum err got = fronts_reply(arena, front, &reply, fault);
    arena_destroy(arena);
    TRY(got);
    clerk_tidy(&reader->clerk, ticks_steady());
    return ERR_OK;
}

/* The first `count` questions; *answered: that could be done. */
static enum err
answer_together(struct reader *reader, struct turn *turn, size_t count, bool *answered,
                struct fault *fault)
{
    struct reply replies[CLERK_TOGETHER_MAX];

    FAILPOINT_REACH(READER_ASKED);
    *answered = clerk_answer_together(&reader->clerk, turn->arena, turn->questions, count,
                                      ticks_steady(), replies);
    FAILPOINT_REACH(READER_READ);
    for (size_t i = 0; *answered && i < count; i++) {
        TRY(fronts_reply(turn->arena, turn->front, &replies[i], fault));
    }
    return ERR_OK;
}

static enum err
answer(struct reader *reader, struct turn *turn, struct fault *fault)
{
    bool   answered = false;
    size_t filed = 0;

    while (filed < turn->count && turn->questions[filed].kind == QUESTION_FILED
           && !turn->questions[filed].is_person) {
        filed++;
    }
    if (filed > 1) {
        TRY(answer_together(reader, turn, filed, &answered, fault));
    }
    for (size_t i = answered ? filed : 0; i < turn->count; i++) {
        TRY(answer_one(reader, turn->front, &turn->questions[i], fault));
    }
    return ERR_OK;
}

static enum err
take_turn(void *object, int front, bool *gone, struct fault *fault)
{
    struct reader *reader = object;
    struct turn    turn = {.arena = arena_create(ANSWER_MEMORY), .front = front};
    enum err       err = take_questions(&turn, fault);

    if (err == ERR_OK && !turn.gone) {
        err = answer(reader, &turn, fault);
    }
    arena_destroy(turn.arena);
    *gone = err == ERR_PEER || turn.gone;
    if (*gone) {
        return ERR_OK;
    }
    if (err != ERR_OK) {
        log_failure("reader.question_failed", fault);
    }
    return err;
}

static enum err
load(struct role_context *context, struct reader_tools *tools, struct fault *fault)
{
    struct str              folder = str_copy(context->arena, context->config->definitions);
    const struct catalogue *catalogue = NULL;

    if (folder.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "the reader's definitions");
    }
    signature_warm_up();
    TRY(definitions_catalogue(context->arena, folder.size == 0 ? NULL : folder.data, &catalogue,
                              fault));
    TRY(edition_create(context->arena, catalogue, &tools->edition, fault));
    TRY(file_read(context->arena, context->config->seal_certificate, PEM_SIZE_MAX, &tools->seal_pem,
                  fault));
    tools->config = context->config;
    tools->version = BRAMA_VERSION;
    tools->slot = context->slot;
    return ERR_OK;
}

enum err
reader_role(struct role_context *context, struct fault *fault)
{
    const struct sandbox_limits limits = {
        .memory_max = PROCESS_MEMORY,
        .written_max = ASKED_BODY_MAX,
        .descriptors_max = DESCRIPTORS_MAX,
        .tcp = !str_starts_with(context->config->database_host, STR("/")),
    };
    struct reader       reader = {0};
    struct reader_tools tools = {0};

    store_while_waiting(role_pulse);
    metrics_mark(METRIC_READER_STORE_READY, context->slot, false); /* until it has said so */
    TRY(load(context, &tools, fault));
    fronts_begin(&reader.fronts, context);
    reader.clerk = clerk_create(&tools);
    /* The first attempt opens the files that libpq wants to see, whether or not it succeeds. */
    clerk_connect(&reader.clerk, ticks_steady());
    TRY(sandbox_enter_role(SANDBOX_READER, &limits, fault));
    TRY(role_ready(context, fault));
    enum err got = fronts_serve(&reader.fronts, take_turn, &reader, fault);
    clerk_close(&reader.clerk);
    edition_close(tools.edition);
    return got;
}
