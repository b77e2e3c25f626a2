/*
 * Messages from another role, which may have been taken over. The first byte says which kind of
 * message the rest is. Property: it is refused, or written again it gives the same bytes.
 */
#include "gateway/wire/filing.h"
#include "gateway/wire/job.h"
#include "gateway/wire/link.h"
#include "gateway/wire/petition.h"
#include "gateway/wire/question.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

enum { ARENA_MAX = 4 << 20 };

static bool
link_again(struct arena *arena, struct str body, struct buf *out)
{
    struct link link = {0};

    (void)arena;
    if (!link_decode(body, &link)) {
        return false;
    }
    link_encode(out, &link);
    return true;
}

static bool
filing_again(struct arena *arena, struct str body, struct buf *out)
{
    struct filing filing = {0};

    if (!filing_decode(arena, body, &filing)) {
        return false;
    }
    filing_encode(out, &filing);
    return true;
}

static bool
filing_news_again(struct arena *arena, struct str body, struct buf *out)
{
    struct filing_news filing_news = {0};

    (void)arena;
    if (!filing_news_decode(body, &filing_news)) {
        return false;
    }
    filing_news_encode(out, &filing_news);
    return true;
}

static bool
question_again(struct arena *arena, struct str body, struct buf *out)
{
    struct question question = {0};

    if (!question_decode(arena, body, &question)) {
        return false;
    }
    question_encode(out, &question);
    return true;
}

static bool
reply_again(struct arena *arena, struct str body, struct buf *out)
{
    struct reply reply = {0};

    if (!reply_decode(arena, body, &reply)) {
        return false;
    }
    reply_encode(out, &reply);
    return true;
}

static bool
job_again(struct arena *arena, struct str body, struct buf *out)
{
    struct job job = {0};

    (void)arena;
    if (!job_decode(body, &job)) {
        return false;
    }
    job_encode(out, &job);
    return true;
}

static bool
job_done_again(struct arena *arena, struct str body, struct buf *out)
{
    struct job_done job_done = {0};

    if (!job_done_decode(arena, body, &job_done)) {
        return false;
    }
    job_done_encode(out, &job_done);
    return true;
}

static bool
job_begun_again(struct arena *arena, struct str body, struct buf *out)
{
    struct job_begun job_begun = {0};

    (void)arena;
    if (!job_begun_decode(body, &job_begun)) {
        return false;
    }
    job_begun_encode(out, &job_begun);
    return true;
}

static bool
petition_again(struct arena *arena, struct str body, struct buf *out)
{
    struct petition petition = {0};

    if (!petition_decode(arena, body, &petition)) {
        return false;
    }
    petition_encode(out, &petition);
    return true;
}

static bool (*const again_of[])(struct arena *arena, struct str body, struct buf *out) = {
    link_again, filing_again,   filing_news_again, question_again, reply_again,
    job_again,  job_done_again, petition_again,    job_begun_again};

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct arena *arena = arena_create(ARENA_MAX);
    struct buf    again = buf_create(arena, ARENA_MAX / 4);

    if (size > 0 && size <= WIRE_BODY_MAX) {
        struct str body = {(const char *)data + 1, size - 1};
        if (again_of[data[0] % ARRAY_COUNT(again_of)](arena, body, &again)) {
            ENSURE(str_equal(body, buf_str(&again)));
        }
    }
    arena_destroy(arena);
    return 0;
}
