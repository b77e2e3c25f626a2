#include "gateway/submission/checking.h"

#include "gateway/failpoint/failpoint.h"
#include "gateway/metrics/metrics.h"
#include "gateway/ticks/ticks.h"
#include "gateway/wire/blob.h"

#include <unistd.h>

enum {
    AHEAD_MAX = 4,           /* below CHECKER_LINK_AHEAD_MAX */
    CHECKER_WAIT_MS = 10000, /* for the next one */
    MICROSECONDS_PER_MS = 1000,
};

/* A document that is with the checker. */
struct outstanding {
    struct unread               *document;
    struct checker_link_question question;
};

struct checking {
    struct links      *links;
    struct arena      *arena;
    struct unread     *documents;
    size_t             count;
    size_t             next; /* the first that was not looked at yet */
    int64_t            budget_end_ms;
    uint64_t           handle;
    struct outstanding sent[AHEAD_MAX]; /* oldest first */
    size_t             sent_count;
    bool               unanswered; /* the checker works on something that nobody waits for */
};

/* What is with a checker that is of no use any more goes to the next one. */
static void
take_back(struct checking *checking)
{
    for (size_t i = 0; i < checking->sent_count; i++) {
        (void)close(checking->sent[i].question.result); /* an unwritten memfd */
    }
    checking->sent_count = 0;
    checking->next = 0;
}

/* A checker is told its number of documents: the last ones are given to the next. */
static bool
may_send(const struct checking *checking)
{
    const struct links *links = checking->links;

    return links->checker >= 0 && checking->sent_count < AHEAD_MAX
           && links->checker_documents < links->context->config->checker_documents_max
           && ticks_ms() < checking->budget_end_ms;
}

static enum err
send_one(struct checking *checking, struct unread *document, struct fault *fault)
{
    struct outstanding *place = &checking->sent[checking->sent_count];
    const struct job    job = {.handle = checking->handle + 1,
                               .kind = document->kind,
                               .size = document->size,
                               .at = document->at};

    TRY(checker_link_send(checking->links->checker, &job, document->document,
                          &place->question.result, fault));
    place->document = document;
    place->question.handle = job.handle;
    checking->handle++;
    checking->sent_count++;
    checking->links->checker_documents++;
    FAILPOINT_REACH(CHECK_SENT);
    return ERR_OK;
}

static bool
is_with_checker(const struct checking *checking, const struct unread *document)
{
    for (size_t i = 0; i < checking->sent_count; i++) {
        if (checking->sent[i].document == document) {
            return true;
        }
    }
    return false;
}

/* The next document without an answer; NULL when there is none. */
static struct unread *
next_document(struct checking *checking)
{
    while (checking->next < checking->count) {
        struct unread *document = &checking->documents[checking->next];
        if (document->answer.end == CHECKER_LINK_NONE && !is_with_checker(checking, document)) {
            return document;
        }
        checking->next++;
    }
    return NULL;
}

/* Definitions of a release, which came after the checker was born, go to it before any document. */
static enum err
send_definitions(struct links *links, struct fault *fault)
{
    const struct job job = {.kind = JOB_DEFINITIONS, .size = links->bundle.size};
    int              bundle = -1;
    int              result = -1;

    if (links->bundle.size == 0 || links->checker_told || links->checker < 0) {
        return ERR_OK;
    }
    TRY(blob_of("brama-definitions", links->bundle, &bundle, fault));
    enum err got = checker_link_send(links->checker, &job, bundle, &result, fault);
    (void)close(bundle); /* the checker has its own */
    if (result >= 0) {
        (void)close(result); /* nothing is answered */
    }
    links->checker_told = got == ERR_OK;
    return got;
}

/* A checker that is gone before it got anything is nobody's fault. */
static enum err
send_some(struct checking *checking, struct fault *fault)
{
    struct unread *document = next_document(checking);

    while (document != NULL && may_send(checking)) {
        enum err got = send_definitions(checking->links, fault);
        if (got == ERR_OK) {
            got = send_one(checking, document, fault);
        }
        if (got == ERR_PEER) {
            if (checking->sent_count == 0) {
                links_drop_checker(checking->links);
            }
            return ERR_OK; /* what is with it gets its answer first */
        }
        TRY(got);
        document = next_document(checking);
    }
    return ERR_OK;
}

/* It was late, or talks nonsense: only its end makes it stop. One that is gone ended by itself. */
static enum err
renew(struct links *links, enum checker_link_end end, struct fault *fault)
{
    if (end == CHECKER_LINK_LATE || end == CHECKER_LINK_MALFORMED) {
        TRY(role_renew_checker(links->context, fault));
    }
    links_drop_checker(links);
    return ERR_OK;
}

/* How long the oldest document may take from now on: its deadline, if the leases bear it. */
static int
patience_ms(const struct checking *checking)
{
    int64_t deadline = checking->links->context->config->checker_deadline_ms;
    int64_t left = checking->budget_end_ms + deadline - ticks_ms();

    return (int)(left < 0 ? 0 : left < deadline ? left : deadline);
}

/* Nothing that it can be blamed for: it is read again, first, with all the time that it may have.
 */
static enum err
put_off(struct checking *checking, struct unread *document, enum checker_link_end end,
        struct fault *fault)
{
    document->answer = (struct checker_link_answer){.end = CHECKER_LINK_NONE};
    take_back(checking);
    return renew(checking->links, end, fault);
}

/*
 * What it reads with is not what we would judge with: a file was changed since one of us was
 * started. Nobody can say here who has the newer one, so that both are started again.
 */
static enum err
part(struct checking *checking, struct unread *document, struct fault *fault)
{
    struct fault why = {0};
    enum err unlike = FAIL(&why, ERR_PEER, "the checker has other definitions or trust than we");

    TRY(put_off(checking, document, CHECKER_LINK_MALFORMED, fault));
    links_break(checking->links, &why);
    return FAIL(fault, unlike, "%s", why.text);
}

/* Until the answer of the oldest document has its end. */
static enum err
await_answer(struct checking *checking, const struct outstanding *oldest, int patience,
             struct fault *fault)
{
    struct checker_link_answer *answer = &oldest->document->answer;
    int64_t                     deadline = ticks_ms() + patience;
    int64_t                     left = patience;

    *answer = (struct checker_link_answer){.end = CHECKER_LINK_NONE};
    do {
        bool here = false;
        TRY(links_await_checker(checking->links, (int)left, &here, fault));
        if (here) {
            TRY(checker_link_take(checking->arena, checking->links->checker, &oldest->question,
                                  answer, fault));
        }
        left = deadline - ticks_ms();
    } while (answer->end == CHECKER_LINK_NONE && left > 0);
    if (answer->end == CHECKER_LINK_NONE) {
        answer->end = CHECKER_LINK_LATE;
        answer->text = STR("no answer in time");
    }
    return ERR_OK;
}

/* The answer is here, or late: what becomes of the document, of the others, of the checker. */
static enum err
settle(struct checking *checking, struct unread *document, int patience, struct fault *fault)
{
    struct links                     *links = checking->links;
    const struct checker_link_answer *answer = &document->answer;
    bool                              late = answer->end == CHECKER_LINK_LATE;

    if (answer->begun && !job_material_equal(&answer->material, &links->material)) {
        return part(checking, document, fault);
    }
    if (!answer->begun || (late && patience < links->context->config->checker_deadline_ms)) {
        return put_off(checking, document, answer->end, fault);
    }
    if (answer->end != CHECKER_LINK_DONE) {
        take_back(checking);
        return renew(links, answer->end, fault);
    }
    FAILPOINT_REACH(CHECK_DONE);
    if (checking->sent_count == 0
        && links->checker_documents >= links->context->config->checker_documents_max) {
        links_drop_checker(links); /* it ends by itself */
    }
    return ERR_OK;
}

static enum err
receive_oldest(struct checking *checking, struct fault *fault)
{
    struct outstanding oldest = checking->sent[0];
    int64_t            begun = ticks_ms();
    int                patience = patience_ms(checking);
    enum err           got = await_answer(checking, &oldest, patience, fault);

    (void)close(oldest.question.result); /* a memfd; its content is copied or of no use */
    checking->sent_count--;
    for (size_t i = 0; i < checking->sent_count; i++) {
        checking->sent[i] = checking->sent[i + 1];
    }
    if (got != ERR_OK) {
        oldest.document->answer = (struct checker_link_answer){.end = CHECKER_LINK_NONE};
        checking->unanswered = true;
        return got;
    }
    metrics_observe(DURATION_CHECK, (ticks_ms() - begun) * MICROSECONDS_PER_MS);
    return settle(checking, oldest.document, patience, fault);
}

/* Wait for the supervisor's next checker, but not for ever. */
static enum err
await_checker(struct checking *checking, struct fault *fault)
{
    struct links *links = checking->links;
    int64_t       left = links->checker_gone_ms + CHECKER_WAIT_MS - ticks_ms();

    if (left <= 0) {
        return FAIL(fault, ERR_PEER, "no checker now");
    }
    return links_pause(links, (int)left, fault);
}

static enum err
run(struct checking *checking, struct fault *fault)
{
    struct links *links = checking->links;

    while (ticks_ms() < checking->budget_end_ms || checking->sent_count > 0) {
        if (links->checker < 0 && next_document(checking) != NULL) {
            TRY(await_checker(checking, fault));
            continue;
        }
        TRY(send_some(checking, fault));
        if (checking->sent_count > 0) {
            TRY(receive_oldest(checking, fault));
        } else if (next_document(checking) == NULL) {
            return ERR_OK;
        }
    }
    return ERR_OK;
}

/* Answers that nobody waits for would be taken for those of the next documents. */
static void
give_up(struct checking *checking)
{
    struct links *links = checking->links;
    struct fault  ignored = {0};
    bool          busy = checking->unanswered || checking->sent_count > 0;

    take_back(checking);
    if (busy && links->checker >= 0) {
        (void)renew(links, CHECKER_LINK_LATE, &ignored); /* a supervisor that is gone ends us */
    }
}

enum err
checking_run(void *links, struct arena *arena, struct unread *documents, size_t count,
             int budget_ms, struct fault *fault)
{
    struct checking checking = {.links = links,
                                .arena = arena,
                                .documents = documents,
                                .count = count,
                                .budget_end_ms = ticks_ms() + budget_ms};
    enum err        got = run(&checking, fault);

    if (got != ERR_OK) {
        give_up(&checking);
    }
    return got;
}
