#include "gateway/wire/filing.h"
#include "gateway/wire/job.h"
#include "gateway/wire/link.h"
#include "gateway/wire/petition.h"
#include "gateway/wire/question.h"
#include "tests/support/expect.h"

#include <string.h>

/*
 * Every message goes there and back, and is refused when one byte of it is missing or one is too
 * many: nothing of a cut message is believed.
 */
enum { ROOM = 1 << 20, BODY = 8192 };

/* Write an example; read bytes and write again what was read. */
struct letter {
    const char *name;
    void (*write)(struct buf *out);
    bool (*again)(struct arena *arena, struct str body, struct buf *out);
};

static void
write_link(struct buf *out)
{
    link_encode(out, &(struct link){ROLE_WORKER, LINK_SLOTS_MAX - 1});
}

static bool
again_link(struct arena *arena, struct str body, struct buf *out)
{
    struct link link = {0};

    (void)arena;
    if (!link_decode(body, &link)) {
        return false;
    }
    link_encode(out, &link);
    return true;
}

static void
write_filing(struct buf *out)
{
    const struct filing filing = {
        .handle = UINT64_MAX,
        .purpose = FILING_SUBMIT,
        .id.bytes[0] = 1,
        .request.bytes[0] = 4,
        .subject = 42,
        .credential = INT64_MAX,
        .key = STR("klucz-1"),
        .sha256[0] = 9,
        .size = 12345,
        .first_byte = 1783666800000000,
        .last_byte = 1783666800000001,
        .strict = true,
    };

    filing_encode(out, &filing);
}

static bool
again_filing(struct arena *arena, struct str body, struct buf *out)
{
    struct filing filing = {0};

    if (!filing_decode(arena, body, &filing)) {
        return false;
    }
    filing_encode(out, &filing);
    return true;
}

static void
write_news(struct buf *out)
{
    const struct filing_news news = {
        .handle = 7, .kind = FILING_REPEAT, .decided = true, .by_key = true, .status = 200};

    filing_news_encode(out, &news);
}

static bool
again_news(struct arena *arena, struct str body, struct buf *out)
{
    struct filing_news news = {0};

    (void)arena;
    if (!filing_news_decode(body, &news)) {
        return false;
    }
    filing_news_encode(out, &news);
    return true;
}

static void
write_question(struct buf *out)
{
    const struct question question = {
        .handle = 1,
        .kind = QUESTION_GET,
        .request.bytes[0] = 1,
        .digest[0] = 2,
        .shown = QUESTION_SESSION,
        .is_person = true,
        .of_office = true,
        .credential = 3,
        .path = STR("/api/v1/submissions"),
        .query = STR("limit=5"),
        .accept = STR("text/html"),
        .id.bytes[0] = 4,
        .key_repeat = true,
    };

    question_encode(out, &question);
}

static bool
again_question(struct arena *arena, struct str body, struct buf *out)
{
    struct question question = {0};

    if (!question_decode(arena, body, &question)) {
        return false;
    }
    question_encode(out, &question);
    return true;
}

static void
write_reply(struct buf *out)
{
    const struct reply reply = {
        .handle = 1,
        .access_fault = ACCESS_REVOKED,
        .access.credential = 5,
        .access.subject = 6,
        .access.appointment.bytes[0] = 7,
        .access.rights = ACCESS_ALL,
        .access.name = STR("Gmina"),
        .clock_offset = -1,
        .status = 404,
        .pending = true,
        .awaits.bytes[0] = 8,
        .content_type = STR("application/json"),
        .headers = STR("ETag: \"x\"\r\n"),
        .body = STR("{}"),
    };

    reply_encode(out, &reply);
}

static bool
again_reply(struct arena *arena, struct str body, struct buf *out)
{
    struct reply reply = {0};

    if (!reply_decode(arena, body, &reply)) {
        return false;
    }
    reply_encode(out, &reply);
    return true;
}

static void
write_job(struct buf *out)
{
    job_encode(out, &(struct job){1, JOB_RECEIPT, 3, 1783666800});
}

static bool
again_job(struct arena *arena, struct str body, struct buf *out)
{
    struct job job = {0};

    (void)arena;
    if (!job_decode(body, &job)) {
        return false;
    }
    job_encode(out, &job);
    return true;
}

static void
write_job_begun(struct buf *out)
{
    job_begun_encode(out, &(struct job_begun){
                              7, {.definitions_sha256 = {1, 2}, .trust_sha256 = {3}}
    });
}

static bool
again_job_begun(struct arena *arena, struct str body, struct buf *out)
{
    struct job_begun begun = {0};

    (void)arena;
    if (!job_begun_decode(body, &begun)) {
        return false;
    }
    job_begun_encode(out, &begun);
    return true;
}

static void
write_job_done(struct buf *out)
{
    job_done_encode(out, &(struct job_done){1, ERR_MEMORY, STR("tekst")});
}

static bool
again_job_done(struct arena *arena, struct str body, struct buf *out)
{
    struct job_done done = {0};

    if (!job_done_decode(arena, body, &done)) {
        return false;
    }
    job_done_encode(out, &done);
    return true;
}

static void
write_petition(struct buf *out)
{
    const struct petition petition = {
        .handle = 8,
        .method = PETITION_DELETE,
        .request.bytes[3] = 2,
        .has_session = true,
        .session[31] = 7,
        .has_token = true,
        .token[31] = 9,
        .path = STR("/api/v1/tokens/7"),
        .query = STR("regon=990000016"),
        .content_type = STR("application/json"),
        .origin = STR("https://localhost:8443"),
        .csrf = STR("x"),
        .if_match = STR("\"1\""),
        .address = STR("192.0.2.1"),
    };

    petition_encode(out, &petition);
}

static bool
again_petition(struct arena *arena, struct str body, struct buf *out)
{
    struct petition petition = {0};

    if (!petition_decode(arena, body, &petition)) {
        return false;
    }
    petition_encode(out, &petition);
    return true;
}

static const struct letter letters[] = {
    {"link",      write_link,      again_link     },
    {"filing",    write_filing,    again_filing   },
    {"news",      write_news,      again_news     },
    {"question",  write_question,  again_question },
    {"reply",     write_reply,     again_reply    },
    {"job",       write_job,       again_job      },
    {"job_begun", write_job_begun, again_job_begun},
    {"job_done",  write_job_done,  again_job_done },
    {"petition",  write_petition,  again_petition },
};

static void
letters_go_there_and_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(letters); i++) {
        struct arena *arena = arena_create(ROOM);
        struct buf    first = buf_create(arena, BODY);
        struct buf    second = buf_create(arena, BODY);
        letters[i].write(&first);
        EXPECT(letters[i].again(arena, buf_str(&first), &second), letters[i].name);
        EXPECT(str_equal(buf_str(&first), buf_str(&second)), letters[i].name);
        arena_destroy(arena);
    }
}

static void
cut_and_lengthened_letters_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(letters); i++) {
        struct arena *arena = arena_create(ROOM);
        struct buf    body = buf_create(arena, BODY);
        struct buf    rest = buf_create(arena, BODY);
        letters[i].write(&body);
        buf_byte(&body, '\0');
        struct str whole = buf_str(&body);
        for (size_t size = 0; size <= whole.size; size++) {
            bool exact = size + 1 == whole.size;
            EXPECT(letters[i].again(arena, str_slice(whole, 0, size), &rest) == exact,
                   letters[i].name);
        }
        arena_destroy(arena);
    }
}

/* Every byte turned into every other: refused, or read and written as it stands. Never a crash. */
static void
altered_letters_mean_what_they_say(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(letters); i++) {
        struct arena *arena = arena_create(ROOM);
        struct buf    body = buf_create(arena, BODY);
        letters[i].write(&body);
        for (size_t at = 0; at < body.size; at++) {
            char          kept = body.data[at];
            struct arena *scratch = arena_create(ROOM);
            struct buf    again = buf_create(scratch, BODY);
            body.data[at] = (char)(kept ^ 0x41);
            if (letters[i].again(scratch, buf_str(&body), &again)) {
                EXPECT(str_equal(buf_str(&body), buf_str(&again)), letters[i].name);
            }
            body.data[at] = kept;
            arena_destroy(scratch);
        }
        arena_destroy(arena);
    }
}

static void
a_key_is_at_most_as_long_as_allowed(void **state)
{
    static const size_t sizes[] = {FILING_KEY_MAX - 1, FILING_KEY_MAX, FILING_KEY_MAX + 1};
    char                key[FILING_KEY_MAX + 1];

    (void)state;
    memset(key, 'k', sizeof key);
    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
        struct arena *arena = arena_create(ROOM);
        struct buf    body = buf_create(arena, BODY);
        struct filing filing = {
            .purpose = FILING_SUBMIT, .key = {key, sizes[i]}
        };
        filing_encode(&body, &filing);
        assert_int_equal(filing_decode(arena, buf_str(&body), &filing), sizes[i] <= FILING_KEY_MAX);
        arena_destroy(arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_go_there_and_back),
        cmocka_unit_test(cut_and_lengthened_letters_are_refused),
        cmocka_unit_test(altered_letters_mean_what_they_say),
        cmocka_unit_test(a_key_is_at_most_as_long_as_allowed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
