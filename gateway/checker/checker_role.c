#include "gateway/checker/checker_role.h"

#include "gateway/checker/checker_link.h"
#include "gateway/definitions/definitions.h"
#include "gateway/failpoint/failpoint.h"
#include "gateway/fingerprint/fingerprint.h"
#include "gateway/log/log.h"
#include "gateway/receipt/reading.h"
#include "gateway/role/file.h"
#include "gateway/sandbox/sandbox.h"
#include "gateway/wire/blob.h"
#include "validators/check/checked.h"
#include "validators/signature/signature.h"

#include <string.h>
#include <unistd.h>

enum {
    DESCRIPTORS_MAX = 32, /* its own few, and those that a message brings */
    PEM_SIZE_MAX = 4 * 1024 * 1024,
    MESSAGE_MEMORY = 128 * 1024,
    BEGUN_SIZE_MAX = 256,
};

#define DEFINITIONS_MEMORY ((size_t)1 << 30U)

/* What documents are read with, and how many there were. */
struct checking {
    struct role_context    *context;
    struct definitions      definitions;
    struct arena           *released; /* in which they are; NULL: those of the start */
    struct signature_trust *trust;
    struct job_material     material;   /* digests of both */
    struct str              seal_trust; /* PEM */
    int                     link;       /* to the worker; -1: none now */
    int64_t                 documents;
    bool                    worn_out;
};

/* A document in the sandbox. */
struct task {
    struct job job;
    struct str bytes;
    struct buf out;
};

static enum err
load(struct role_context *context, struct checking *state, struct fault *fault)
{
    const struct config *config = context->config;
    struct str           folder = str_copy(context->arena, config->definitions); /* with NUL */
    struct str           pem = {0};

    if (folder.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "the checker's definitions");
    }
    signature_warm_up();
    TRY(definitions_load(context->arena, folder.size == 0 ? NULL : folder.data, &state->definitions,
                         fault));
    TRY(file_read(context->arena, config->trust, PEM_SIZE_MAX, &pem, fault));
    TRY(signature_trust_parse(context->arena, pem, &state->trust, fault));
    memcpy(state->material.definitions_sha256, state->definitions.catalogue->sha256,
           JOB_DIGEST_SIZE);
    TRY(fingerprint_of(pem, state->material.trust_sha256, fault));
    return file_read(context->arena, config->seal_certificate, PEM_SIZE_MAX, &state->seal_trust,
                     fault);
}

static enum err
read_package(struct arena *arena, const struct checking *state, struct task *task,
             struct fault *fault)
{
    const struct check_request request = {.bytes = task->bytes,
                                          .limits = &prescan_limits_default,
                                          .catalogue = state->definitions.catalogue,
                                          .schemas = state->definitions.schemas,
                                          .trust = state->trust,
                                          .at = task->job.at};
    struct checked             checked = {0};

    TRY(check_run(arena, &request, &checked, fault));
    return checked_encode(&checked, &task->out, fault);
}

static enum err
read_receipt(struct arena *arena, const struct checking *state, struct task *task,
             struct fault *fault)
{
    struct reading reading = {0};

    TRY(reading_make(arena, task->bytes, state->seal_trust, &reading, fault));
    reading_encode(&task->out, &reading);
    return ERR_OK;
}

/* From the sealed document to the written result. */
static enum err
do_task(struct arena *arena, const struct checking *state, const struct wire_message *message,
        struct task *task, struct fault *fault)
{
    size_t size_max = (size_t)state->context->config->body_bytes_max;

    if (message->fds[0] < 0 || message->fds[1] < 0) {
        return FAIL(fault, ERR_WIRE, "a document without descriptors");
    }
    TRY(blob_map(arena, message->fds[0], size_max, &task->bytes, fault));
    FAILPOINT_REACH(CHECK_READ);
    task->out = buf_create(arena, CHECKER_LINK_RESULT_MAX);
    if (task->job.kind == JOB_PACKAGE) {
        TRY(read_package(arena, state, task, fault));
    } else {
        TRY(read_receipt(arena, state, task, fault));
    }
    if (!buf_ok(&task->out)) {
        return FAIL(fault, ERR_MEMORY, "the result does not fit");
    }
    TRY(blob_append(message->fds[1], buf_str(&task->out), fault));
    FAILPOINT_REACH(CHECK_WRITTEN);
    return ERR_OK;
}

/* Tell the worker; that it is gone meanwhile is seen at the next wait. */
static enum err
tell(const struct checking *state, enum wire_kind kind, const struct buf *body, struct fault *fault)
{
    const struct wire_message message = {
        .kind = kind, .body = buf_str(body), .fds = {-1, -1}
    };
    enum err got = wire_send(state->link, &message, fault);

    return got == ERR_PEER ? ERR_OK : got;
}

/* From here on whatever ends us was this document, or may have been. */
static enum err
tell_begun(const struct checking *state, struct arena *arena, uint64_t handle, struct fault *fault)
{
    const struct job_begun begun = {.handle = handle, .material = state->material};
    struct buf             body = buf_create(arena, BEGUN_SIZE_MAX);

    job_begun_encode(&body, &begun);
    ENSURE(buf_ok(&body));
    return tell(state, WIRE_BEGUN, &body, fault);
}

static enum err
tell_done(const struct checking *state, struct arena *arena, const struct job_done *done,
          struct fault *fault)
{
    struct buf body = buf_create(arena, WIRE_BODY_MAX);

    job_done_encode(&body, done);
    return tell(state, WIRE_JOB_DONE, &body, fault);
}

/*
 * Other definitions than those of the start: a bundle that was published meanwhile. The worker has
 * compiled the same bytes; whoever cannot is of no use to it, and ends.
 */
static enum err
exchange(struct checking *state, const struct wire_message *message, struct fault *fault)
{
    struct arena      *arena = arena_create(DEFINITIONS_MEMORY);
    struct definitions definitions = {0};
    struct str         bytes = {0};

    enum err got = message->fds[0] < 0 ? FAIL(fault, ERR_WIRE, "definitions without a descriptor")
                                       : blob_map(arena, message->fds[0],
                                                  (size_t)2 * BUNDLE_SIZE_MAX, &bytes, fault);
    if (got == ERR_OK) {
        got = definitions_load_bundle(arena, bytes, &definitions, fault);
    }
    if (got != ERR_OK) {
        arena_destroy(arena);
        return got;
    }
    if (state->released != NULL) {
        arena_destroy(state->released);
    }
    state->released = arena;
    state->definitions = definitions;
    memcpy(state->material.definitions_sha256, definitions.catalogue->sha256, JOB_DIGEST_SIZE);
    return ERR_OK;
}

/* One arena for each document: whatever it left behind ends with it. */
static enum err
work_on(struct checking *state, struct arena *messages, const struct wire_message *message,
        struct fault *fault)
{
    struct task  task = {0};
    struct fault why = {0};

    if (message->kind != WIRE_JOB || !job_decode(message->body, &task.job)) {
        return FAIL(fault, ERR_WIRE, "the worker sent something that is not a document");
    }
    if (task.job.kind == JOB_DEFINITIONS) {
        return exchange(state, message, fault);
    }
    TRY(tell_begun(state, messages, task.job.handle, fault));
    struct arena *arena = arena_create((size_t)state->context->config->checker_memory_bytes);
    enum err      got = do_task(arena, state, message, &task, &why);
    arena_destroy(arena);
    state->documents++;
    state->worn_out =
        got != ERR_OK || state->documents >= state->context->config->checker_documents_max;
    if (got != ERR_OK) {
        log_failure("checker.failed", &why);
    }
    const struct job_done done = {
        .handle = task.job.handle, .failed = got, .text = str_of(why.text)};
    return tell_done(state, messages, &done, fault);
}

static void
replace_link(struct checking *state, int end)
{
    if (state->link >= 0) {
        (void)close(state->link); /* its worker is gone */
    }
    state->link = end;
    if (end >= 0) {
        state->documents = 0; /* its worker counts them by the link */
    }
}

static enum err
take_document(struct checking *state, struct fault *fault)
{
    struct arena       *messages = arena_create(MESSAGE_MEMORY);
    struct wire_message message = {
        .fds = {-1, -1}
    };
    enum wire_got got = WIRE_GOT_NOTHING;
    enum err      result = wire_receive(messages, state->link, &message, &got, fault);

    if (result == ERR_PEER || (result == ERR_OK && got == WIRE_GOT_END)) {
        replace_link(state, -1);
        result = ERR_OK;
    } else if (result == ERR_OK && got == WIRE_GOT_MESSAGE) {
        result = work_on(state, messages, &message, fault);
    }
    wire_dispose(&message);
    arena_destroy(messages);
    return result;
}

static enum err
take_order(struct checking *state, enum role_order *order, struct fault *fault)
{
    struct link link = {0};
    int         end = -1;

    TRY(role_order(state->context, order, &link, &end, fault));
    if (*order == ROLE_ORDER_LINK) {
        replace_link(state, end);
    }
    return ERR_OK;
}

static enum err
work(struct checking *state, struct fault *fault)
{
    enum role_order order = ROLE_ORDER_NONE;
    int             index = -1;

    while (!state->worn_out && order != ROLE_ORDER_STOP && order != ROLE_ORDER_GONE) {
        const int sockets[] = {state->context->control, state->link};
        TRY(wire_wait(sockets, ARRAY_COUNT(sockets), -1, &index, fault));
        if (index == 0) {
            TRY(take_order(state, &order, fault));
        } else if (index == 1) {
            TRY(take_document(state, fault));
        }
    }
    return ERR_OK;
}

enum err
checker_role(struct role_context *context, struct fault *fault)
{
    const struct sandbox_limits limits = {
        .memory_max = 2 * (size_t)context->config->checker_memory_bytes,
        .written_max = CHECKER_LINK_RESULT_MAX,
        .descriptors_max = DESCRIPTORS_MAX,
    };
    struct checking state = {.context = context, .link = -1};

    TRY(load(context, &state, fault));
    TRY(sandbox_enter_role(SANDBOX_CHECKER, &limits, fault));
    TRY(role_ready(context, fault));
    enum err got = work(&state, fault);
    if (state.released != NULL) {
        arena_destroy(state.released);
    }
    return got;
}
