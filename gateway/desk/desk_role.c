#include "gateway/desk/desk_role.h"

#include "gateway/desk/call.h"
#include "gateway/desk/desk.h"
#include "gateway/log/log.h"
#include "gateway/people/password.h"
#include "gateway/role/fronts.h"
#include "gateway/sandbox/sandbox.h"
#include "gateway/ticks/ticks.h"
#include "gateway/wire/blob.h"

#include <openssl/crypto.h>

enum { DESCRIPTORS_MAX = 64 };

#define ANSWER_MEMORY ((size_t)16 * 1024 * 1024)
#define PROCESS_MEMORY ((size_t)256 * 1024 * 1024) /* a password takes 19 MiB for a moment */

static enum err
answer(struct desk *desk, struct arena *arena, int front, const struct wire_message *message,
       struct fault *fault)
{
    struct petition petition = {0};
    struct reply    reply = {0};

    if (message->kind != WIRE_PETITION || !petition_decode(arena, message->body, &petition)) {
        return FAIL(fault, ERR_WIRE, "the front sent something that is not a petition");
    }
    if (message->fds[0] >= 0) {
        TRY(blob_map(arena, message->fds[0], PETITION_BODY_MAX, &petition.body, fault));
    }
    desk_answer(desk, arena, &petition, ticks_steady(), &reply);
    return fronts_reply(arena, front, &reply, fault);
}

static enum err
take_petition(void *object, int front, bool *gone, struct fault *fault)
{
    struct desk        *desk = object;
    struct arena       *arena = arena_create(ANSWER_MEMORY);
    struct wire_message message = {
        .fds = {-1, -1}
    };
    enum wire_got got = WIRE_GOT_NOTHING;
    enum err      err = wire_receive(arena, front, &message, &got, fault);

    if (err == ERR_OK && got == WIRE_GOT_MESSAGE) {
        err = answer(desk, arena, front, &message, fault);
    }
    wire_dispose(&message);
    arena_destroy(arena);
    *gone = err == ERR_PEER || got == WIRE_GOT_END;
    if (*gone) {
        return ERR_OK;
    }
    if (err != ERR_OK) {
        log_failure("desk.petition_failed", fault);
    }
    return err;
}

enum err
desk_role(struct role_context *context, struct fault *fault)
{
    const struct sandbox_limits limits = {
        .memory_max = PROCESS_MEMORY,
        .written_max = CALL_BODY_MAX,
        .descriptors_max = DESCRIPTORS_MAX,
        .tcp = !str_starts_with(context->config->database_host, STR("/")),
    };
    struct desk   desk = desk_create(context->config);
    struct fronts fronts;

    store_while_waiting(role_pulse);
    if (OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG | OPENSSL_INIT_ADD_ALL_DIGESTS, NULL) != 1) {
        return FAIL(fault, ERR_CRYPTO, "OpenSSL does not start");
    }
    TRY(password_warm_up(fault));
    fronts_begin(&fronts, context);
    /* The first attempt opens the files that libpq wants to see, whether or not it succeeds. */
    desk_connect(&desk, ticks_steady());
    TRY(sandbox_enter_role(SANDBOX_DESK, &limits, fault));
    TRY(role_ready(context, fault));
    enum err got = fronts_serve(&fronts, take_petition, &desk, fault);
    desk_close(&desk);
    return got;
}
