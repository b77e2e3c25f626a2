#include "gateway/wire/question.h"

#include "validators/base/parcel.h"

enum { STATUS_MAX = 599 };

const char *
access_scope(unsigned right)
{
    static const struct {
        unsigned    right;
        const char *scope;
    } scopes[] = {
        {ACCESS_SUBMIT,                    "submissions:write"},
        {ACCESS_READ,                      "submissions:read" },
        {ACCESS_OBLIGATIONS,               "obligations:read" },
        {ACCESS_REGISTRY,                  "registry:write"   },
        {ACCESS_REVIEW,                    "review:*"         },
        {ACCESS_FEED,                      "obligations:feed" },
        {ACCESS_OBLIGATIONS | ACCESS_FEED, "obligations:read" },
    };

    for (size_t i = 0; i < ARRAY_COUNT(scopes); i++) {
        if (scopes[i].right == right) {
            return scopes[i].scope;
        }
    }
    return NULL;
}

bool
access_is_person(const struct access *access)
{
    return !uuid_is_nil(access->appointment);
}

void
question_encode(struct buf *out, const struct question *question)
{
    parcel_put_number(out, question->handle);
    parcel_put_number(out, (uint64_t)question->kind);
    parcel_put_array(out, &question->request, 1, sizeof question->request);
    parcel_put_array(out, question->digest, sizeof question->digest, 1);
    parcel_put_number(out, (uint64_t)question->shown);
    parcel_put_truth(out, question->is_person);
    parcel_put_number(out, (uint64_t)question->credential);
    parcel_put_truth(out, question->of_office);
    parcel_put_text(out, question->path);
    parcel_put_text(out, question->query);
    parcel_put_text(out, question->accept);
    parcel_put_text(out, question->if_none_match);
    parcel_put_array(out, &question->id, 1, sizeof question->id);
    parcel_put_truth(out, question->repeat);
    parcel_put_truth(out, question->key_repeat);
}

bool
question_decode(struct arena *arena, struct str body, struct question *out)
{
    struct parcel   parcel = {.arena = arena, .bytes = body};
    struct question question = {0};

    question.handle = parcel_number(&parcel, UINT64_MAX);
    question.kind = (enum question_kind)parcel_number(&parcel, QUESTION_FILED);
    parcel_bytes(&parcel, &question.request, sizeof question.request);
    parcel_bytes(&parcel, question.digest, sizeof question.digest);
    question.shown = (enum question_shown)parcel_number(&parcel, QUESTION_FEED);
    question.is_person = parcel_truth(&parcel);
    question.credential = (int64_t)parcel_number(&parcel, INT64_MAX);
    question.of_office = parcel_truth(&parcel);
    question.path = parcel_text(&parcel);
    question.query = parcel_text(&parcel);
    question.accept = parcel_text(&parcel);
    question.if_none_match = parcel_text(&parcel);
    parcel_bytes(&parcel, &question.id, sizeof question.id);
    question.repeat = parcel_truth(&parcel);
    question.key_repeat = parcel_truth(&parcel);
    if (parcel.bad || parcel.starved || parcel.at != body.size || question.kind < QUESTION_WHO) {
        return false;
    }
    *out = question;
    return true;
}

static void
put_access(struct buf *out, const struct access *access)
{
    parcel_put_number(out, (uint64_t)access->credential);
    parcel_put_array(out, &access->appointment, 1, sizeof access->appointment);
    parcel_put_number(out, (uint64_t)access->subject);
    parcel_put_number(out, access->rights);
    parcel_put_text(out, access->name);
    parcel_put_text(out, access->regon);
}

static struct access
access_of(struct parcel *parcel)
{
    struct access access = {0};

    access.credential = (int64_t)parcel_number(parcel, INT64_MAX);
    parcel_bytes(parcel, &access.appointment, sizeof access.appointment);
    access.subject = (int64_t)parcel_number(parcel, INT64_MAX);
    access.rights = (unsigned)parcel_number(parcel, ACCESS_ALL);
    access.name = parcel_text(parcel);
    access.regon = parcel_text(parcel);
    return access;
}

void
reply_encode(struct buf *out, const struct reply *reply)
{
    parcel_put_number(out, reply->handle);
    parcel_put_number(out, (uint64_t)reply->access_fault);
    put_access(out, &reply->access);
    parcel_put_array(out, &reply->clock_offset, 1, sizeof reply->clock_offset);
    parcel_put_number(out, (uint64_t)reply->status);
    parcel_put_truth(out, reply->pending);
    parcel_put_array(out, &reply->awaits, 1, sizeof reply->awaits);
    parcel_put_text(out, reply->content_type);
    parcel_put_text(out, reply->headers);
    parcel_put_text(out, reply->body);
}

bool
reply_decode(struct arena *arena, struct str body, struct reply *out)
{
    struct parcel parcel = {.arena = arena, .bytes = body};
    struct reply  reply = {0};

    reply.handle = parcel_number(&parcel, UINT64_MAX);
    reply.access_fault = (enum access_fault)parcel_number(&parcel, ACCESS_REVOKED);
    reply.access = access_of(&parcel);
    parcel_bytes(&parcel, &reply.clock_offset, sizeof reply.clock_offset);
    reply.status = (int)parcel_number(&parcel, STATUS_MAX);
    reply.pending = parcel_truth(&parcel);
    parcel_bytes(&parcel, &reply.awaits, sizeof reply.awaits);
    reply.content_type = parcel_text(&parcel);
    reply.headers = parcel_text(&parcel);
    reply.body = parcel_text(&parcel);
    if (parcel.bad || parcel.starved || parcel.at != body.size) {
        return false;
    }
    *out = reply;
    return true;
}
