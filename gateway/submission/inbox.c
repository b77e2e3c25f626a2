#include "gateway/submission/inbox.h"

#include "gateway/log/log.h"
#include "gateway/wire/blob.h"

#include <string.h>
#include <unistd.h>

/* Several of these stand on the way in at most; each ends with its message. */
#define LETTER_MEMORY ((size_t)4 * WIRE_BODY_MAX)

static void
tell(struct inbox *inbox, const struct letter *letter, enum filing_news_kind kind)
{
    const struct filing_news news = {
        .handle = letter->filing.handle, .kind = kind, .id = letter->filing.id};
    struct neighbours neighbours = links_neighbours(inbox->links);

    neighbours.tell(neighbours.self, letter->front, &news, (struct str){0});
}

/* A document that is not what the front says it is. */
static void
refuse(struct inbox *inbox, const struct letter *letter, const struct fault *fault)
{
    log_begin(LOG_ERROR, "worker.document_refused");
    log_uuid("submission", letter->filing.id);
    log_fault(fault);
    log_end();
    (void)close(letter->document); /* a memfd */
    tell(inbox, letter, FILING_FAILED);
}

static enum err
map_document(struct inbox *inbox, struct arena *arena, const struct letter *letter,
             struct str *bytes, struct fault *fault)
{
    size_t size_max = (size_t)inbox->links->context->config->body_bytes_max;

    TRY(blob_map(arena, letter->document, size_max, bytes, fault));
    if (bytes->size != letter->filing.size) {
        return FAIL(fault, ERR_WIRE, "%zu bytes instead of %llu", bytes->size,
                    (unsigned long long)letter->filing.size);
    }
    return ERR_OK;
}

/* Into the batch; its texts live as long as the batch then. */
static enum err
enter(struct inbox *inbox, struct batch *batch, const struct letter *letter, struct fault *fault)
{
    struct str   bytes = {0};
    struct str   key = str_copy(batch->arena, letter->filing.key);
    struct str   objection = str_copy(batch->arena, letter->filing.objection);
    struct str   reason = str_copy(batch->arena, letter->filing.objection_reason);
    struct fault why = {0};

    if (key.data == NULL || objection.data == NULL || reason.data == NULL) {
        (void)close(letter->document); /* a memfd */
        tell(inbox, letter, FILING_BUSY);
        return FAIL(fault, ERR_MEMORY, "the texts of a filing");
    }
    if (map_document(inbox, batch->arena, letter, &bytes, &why) != ERR_OK) {
        refuse(inbox, letter, &why);
        return ERR_OK;
    }
    struct submission *submission = batch_add(batch, bytes.size);
    submission->is_filing = true;
    submission->front = letter->front;
    submission->filing = letter->filing;
    submission->filing.key = key;
    submission->filing.objection = objection;
    submission->filing.objection_reason = reason;
    submission->document = letter->document;
    submission->bytes = bytes;
    return ERR_OK;
}

/* A text, in a place that is large enough for every one that a message may hold. */
static struct str
keep(char *place, struct str text)
{
    if (text.size > 0) {
        memcpy(place, text.data, text.size);
    }
    return (struct str){place, text.size};
}

static void
carry(struct inbox *inbox, const struct letter *letter)
{
    struct filing *filing = &inbox->carried.filing;

    inbox->carried = *letter;
    filing->key = keep(inbox->carried_key, letter->filing.key);
    filing->objection = keep(inbox->carried_objection, letter->filing.objection);
    filing->objection_reason = keep(inbox->carried_reason, letter->filing.objection_reason);
    inbox->has_carried = true;
}

static void
put_aside(struct inbox *inbox, const struct letter *letter)
{
    if (inbox->errand_count == INBOX_ERRANDS_MAX) {
        (void)close(letter->document); /* a memfd */
        tell(inbox, letter, FILING_BUSY);
        return;
    }
    inbox->errands[inbox->errand_count] = *letter;
    inbox->errands[inbox->errand_count].filing.key = (struct str){0};
    inbox->errands[inbox->errand_count].filing.objection = (struct str){0};
    inbox->errands[inbox->errand_count].filing.objection_reason = (struct str){0};
    inbox->errands[inbox->errand_count].taken_ms = ticks_ms();
    inbox->errand_count++;
}

static enum err
sort(struct inbox *inbox, struct batch *batch, const struct batch_limits *limits,
     const struct letter *letter, struct fault *fault)
{
    if (letter->filing.purpose != FILING_SUBMIT) {
        put_aside(inbox, letter);
        return ERR_OK;
    }
    if (!batch_has_room(batch, limits, letter->filing.size)) {
        carry(inbox, letter);
        return ERR_OK;
    }
    return enter(inbox, batch, letter, fault);
}

/* A front that says what cannot be understood would wait for its answer for ever: we end. */
static void
give_up(struct inbox *inbox, unsigned front, struct wire_message *message, struct fault *why)
{
    wire_dispose(message);
    if (why->code == ERR_OK) {
        (void)FAIL(why, ERR_WIRE, "a front sent something that is not a filing");
    }
    log_begin(LOG_ERROR, "worker.front_not_understood");
    log_number("front", front);
    log_fault(why);
    log_end();
    links_break(inbox->links, why);
}

static enum err
take_message(struct inbox *inbox, struct batch *batch, const struct batch_limits *limits,
             unsigned front, struct arena *arena, struct fault *fault)
{
    struct wire_message message = {
        .fds = {-1, -1}
    };
    enum wire_got got = WIRE_GOT_NOTHING;
    struct letter letter = {.front = front};
    struct fault  why = {0};
    enum err      received = wire_receive(arena, inbox->links->fronts[front], &message, &got, &why);

    if (received == ERR_OK && got == WIRE_GOT_NOTHING) {
        return ERR_OK;
    }
    if (received == ERR_PEER || (received == ERR_OK && got == WIRE_GOT_END)) {
        links_drop_front(inbox->links, front);
        return ERR_OK;
    }
    if (received != ERR_OK || message.kind != WIRE_FILING || message.fds[0] < 0
        || message.fds[1] >= 0 || !filing_decode(arena, message.body, &letter.filing)) {
        give_up(inbox, front, &message, &why);
        return ERR_OK;
    }
    letter.document = message.fds[0];
    return sort(inbox, batch, limits, &letter, fault);
}

/* One message of each front; *any: there was one. */
static enum err
take_turn(struct inbox *inbox, struct batch *batch, const struct batch_limits *limits, bool *any,
          struct fault *fault)
{
    *any = false;
    for (unsigned front = 0; front < LINK_SLOTS_MAX && !inbox->has_carried; front++) {
        if (!links_has_message(inbox->links, front) || batch->count == limits->documents_max) {
            continue;
        }
        struct arena *arena = arena_create(LETTER_MEMORY);
        enum err      got = take_message(inbox, batch, limits, front, arena, fault);
        arena_destroy(arena);
        TRY(got);
        *any = true;
    }
    return ERR_OK;
}

enum err
inbox_fill(struct inbox *inbox, struct batch *batch, const struct batch_limits *limits,
           struct fault *fault)
{
    bool any = true;

    if (inbox->has_carried) {
        inbox->has_carried = false;
        TRY(enter(inbox, batch, &inbox->carried, fault));
    }
    while (any && !inbox->has_carried && inbox->links->broken.code == ERR_OK) {
        TRY(take_turn(inbox, batch, limits, &any, fault));
    }
    return ERR_OK;
}

bool
inbox_errand(struct inbox *inbox, bool busy, struct letter *out)
{
    if (inbox->errand_count == 0) {
        return false;
    }
    if (busy && ticks_ms() - inbox->errands[0].taken_ms < INBOX_ERRAND_WAIT_MS) {
        return false;
    }
    *out = inbox->errands[0];
    inbox->errand_count--;
    memmove(&inbox->errands[0], &inbox->errands[1], inbox->errand_count * sizeof inbox->errands[0]);
    return true;
}

void
inbox_close(struct inbox *inbox)
{
    struct letter errand = {0};

    while (inbox_errand(inbox, false, &errand)) {
        (void)close(errand.document); /* a memfd */
    }
    if (inbox->has_carried) {
        (void)close(inbox->carried.document); /* a memfd; the front has it too */
        inbox->has_carried = false;
    }
}
