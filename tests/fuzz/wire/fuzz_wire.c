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

enum { ARENA_MAX = 4 << 20, KINDS = 8 };

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

static bool
read_and_write(unsigned kind, struct arena *arena, struct str body, struct buf *out)
{
    struct link        link = {0};
    struct filing      filing = {0};
    struct filing_news news = {0};
    struct question    question = {0};
    struct reply       reply = {0};
    struct job         job = {0};
    struct job_done    done = {0};

    if (kind == 0 && link_decode(body, &link)) {
        link_encode(out, &link);
    } else if (kind == 1 && filing_decode(arena, body, &filing)) {
        filing_encode(out, &filing);
    } else if (kind == 2 && filing_news_decode(body, &news)) {
        filing_news_encode(out, &news);
    } else if (kind == 3 && question_decode(arena, body, &question)) {
        question_encode(out, &question);
    } else if (kind == 4 && reply_decode(arena, body, &reply)) {
        reply_encode(out, &reply);
    } else if (kind == 5 && job_decode(body, &job)) {
        job_encode(out, &job);
    } else if (kind == 6 && job_done_decode(arena, body, &done)) {
        job_done_encode(out, &done);
    } else {
        return kind == KINDS - 1 && petition_again(arena, body, out);
    }
    return true;
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct arena *arena = arena_create(ARENA_MAX);
    struct buf    again = buf_create(arena, ARENA_MAX / 4);

    if (size > 0 && size <= WIRE_BODY_MAX) {
        struct str body = {(const char *)data + 1, size - 1};
        if (read_and_write(data[0] % KINDS, arena, body, &again)) {
            ENSURE(str_equal(body, buf_str(&again)));
        }
    }
    arena_destroy(arena);
    return 0;
}
