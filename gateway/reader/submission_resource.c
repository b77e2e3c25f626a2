#include "gateway/reader/submission_resource.h"

#include "gateway/reader/dossier.h"
#include "gateway/reader/saying.h"

enum { STATUS_REPEAT = 200, STATUS_CREATED = 201, STATUS_ACCEPTED = 202 };

static void
tell_pending(struct asked *asked, const struct dossier *dossier)
{
    asked->reply->pending = dossier_is_pending(dossier);
    asked->reply->awaits = asked->reply->pending ? dossier->id : (struct uuid){0};
}

/* What who asks may see of a submission, whoever filed it. */
static enum err
read_one(const struct asked *asked, struct uuid id, struct dossier_wish *out, struct fault *fault)
{
    *out = (struct dossier_wish){
        .id = id, .subject = asked->question->of_office ? DOSSIER_OFFICE : DOSSIER_UNIT};
    return dossier_read_all(asked->tools->store, asked->arena, out, 1, fault);
}

enum err
submission_resource_answer(struct asked *asked, struct fault *fault)
{
    struct buf          body = asked_body(asked);
    struct json         json = json_create(&body);
    struct dossier_wish wish = {0};
    struct uuid         id = {0};

    if (uuid_parse(asked_segment(asked, 3), &id)) {
        TRY(read_one(asked, id, &wish, fault));
    }
    if (!wish.found) {
        return asked_refuse_submission(asked, fault);
    }
    dossier_write(&json, &wish.dossier);
    tell_pending(asked, &wish.dossier);
    return asked_answer_tagged(asked, &body, fault);
}

static enum err
tell_filed(struct asked *asked, const struct dossier *dossier, struct fault *fault)
{
    const struct question *question = asked->question;
    struct buf             body = asked_body(asked);
    struct json            json = json_create(&body);

    dossier_write(&json, dossier);
    tell_pending(asked, dossier);
    buf_append(&asked->headers, STR("Location: /api/v1/submissions/"));
    uuid_write(&asked->headers, dossier->id);
    buf_append(&asked->headers, STR("\r\n"));
    if (question->key_repeat) {
        asked_header(asked, "Idempotent-Replayed", STR("true"));
    }
    asked_header(asked, "Cache-Control", STR("private, no-cache"));
    asked->format = FORMAT_JSON;
    TRY(asked_answer(asked, &body, fault));
    if (!question->repeat && !question->key_repeat) {
        bool is_decided = str_equal(dossier->state, STR("decided"));
        asked->reply->status = is_decided ? STATUS_CREATED : STATUS_ACCEPTED;
    } else {
        asked->reply->status = STATUS_REPEAT;
    }
    return ERR_OK;
}

enum err
submission_resource_answer_filed(struct asked *asked, struct fault *fault)
{
    struct dossier_wish wish = {0};

    TRY(read_one(asked, asked->question->id, &wish, fault));
    return wish.found ? tell_filed(asked, &wish.dossier, fault)
                      : asked_refuse_submission(asked, fault);
}

enum err
submission_resource_answer_many(struct asked *asked, const int64_t *subjects, size_t count,
                                struct fault *fault)
{
    struct arena        *arena = asked->arena;
    struct dossier_wish *wishes = ARENA_NEW(arena, struct dossier_wish, count);

    if (wishes == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu answers", count);
    }
    for (size_t i = 0; i < count; i++) {
        wishes[i].id = asked[i].question->id;
        wishes[i].subject = subjects[i] == 0 ? DOSSIER_NOBODY : subjects[i];
    }
    TRY(dossier_read_all(asked->tools->store, arena, wishes, count, fault));
    for (size_t i = 0; i < count; i++) {
        TRY(wishes[i].found ? tell_filed(&asked[i], &wishes[i].dossier, fault)
                            : asked_refuse_submission(&asked[i], fault));
    }
    return ERR_OK;
}
