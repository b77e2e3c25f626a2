#include "tests/scenario/http/peers.h"

#include "gateway/wire/blob.h"
#include "gateway/wire/question.h"

#include <openssl/evp.h>
#include <string.h>
#include <unistd.h>

enum { MEMORY = 64 * 1024 * 1024, WAKE_MS = 20, BIG = 1024 * 1024 };

static void
send_news(struct arena *arena, int socket, const struct filing_news *news, int blob)
{
    struct buf   body = buf_create(arena, WIRE_BODY_MAX);
    struct fault fault = {0};

    filing_news_encode(&body, news);
    struct wire_message message = {
        WIRE_NEWS, buf_str(&body), {blob, -1}
    };
    if (wire_send(socket, &message, &fault) != ERR_OK) {
        _exit(0); /* the front is gone */
    }
}

static void
look_at(struct arena *arena, const struct filing *filing, int fd, struct peers_page *page)
{
    struct str    bytes = {0};
    struct fault  fault = {0};
    unsigned char sha256[32];

    ENSURE(blob_map(arena, fd, MEMORY, &bytes, &fault) == ERR_OK);
    ENSURE(EVP_Digest(bytes.data, bytes.size, sha256, NULL, EVP_sha256(), NULL) == 1);
    page->good_digest = memcmp(sha256, filing->sha256, sizeof sha256) == 0;
    page->size = (int64_t)bytes.size;
    page->first_byte = filing->first_byte;
    page->last_byte = filing->last_byte;
    page->last = filing->id;
    ENSURE(filing->size == bytes.size);
}

static void
file(struct arena *arena, int socket, const struct filing *filing, struct peers_page *page)
{
    static const struct {
        const char           *key;
        enum filing_news_kind kind;
    } answers[] = {
        {"reused",  FILING_KEY_REUSED},
        {"busy",    FILING_BUSY      },
        {"failed",  FILING_FAILED    },
        {"repeat",  FILING_REPEAT    },
        {"expired", FILING_EXPIRED   },
        {"revoked", FILING_REVOKED   },
    };
    struct filing_news news = {.handle = filing->handle, .kind = FILING_ADMITTED, .id = filing->id};

    page->filings++;
    if (str_starts_with(filing->key, STR("die")) && page->deaths == 0) {
        page->deaths++;
        page->died_with = filing->id;
        _exit(0);
    }
    for (size_t i = 0; i < ARRAY_COUNT(answers); i++) {
        if (str_starts_with(filing->key, str_of(answers[i].key))) {
            news.kind = answers[i].kind;
            news.decided = true;
            send_news(arena, socket, &news, -1);
            return;
        }
    }
    send_news(arena, socket, &news, -1);
    if (!str_starts_with(filing->key, STR("silent"))) {
        news.kind = FILING_DECIDED;
        send_news(arena, socket, &news, -1);
        page->decided++;
    }
}

static void
check_only(struct arena *arena, int socket, const struct filing *filing, struct peers_page *page)
{
    struct fault       fault = {0};
    int                blob = -1;
    struct filing_news news = {.handle = filing->handle, .kind = FILING_RESULT, .status = 200};

    page->others++;
    if (page->held != 0) {
        return;
    }
    ENSURE(blob_of("result", STR("{\"valid\":true}"), &blob, &fault) == ERR_OK);
    send_news(arena, socket, &news, blob);
    (void)close(blob);
}

static void
work(struct arena *arena, int socket, struct wire_message *message, struct peers_page *page)
{
    struct filing filing = {0};

    ENSURE(message->kind == WIRE_FILING && filing_decode(arena, message->body, &filing));
    look_at(arena, &filing, message->fds[0], page);
    if (filing.purpose == FILING_SUBMIT) {
        file(arena, socket, &filing, page);
    } else {
        check_only(arena, socket, &filing, page);
    }
}

void
peers_worker(int socket, struct peers_page *page)
{
    int was_pending = 0;

    for (;;) {
        struct arena       *arena = arena_create(2 * (size_t)MEMORY);
        struct fault        fault = {0};
        int                 index = -1;
        enum wire_got       got = WIRE_GOT_NOTHING;
        struct wire_message message = {
            .fds = {-1, -1}
        };

        if (was_pending != 0 && page->pending == 0) {
            struct filing_news news = {.kind = FILING_DECIDED, .id = page->last};
            send_news(arena, socket, &news, -1);
        }
        was_pending = page->pending;
        ENSURE(wire_wait(&socket, 1, WAKE_MS, &index, &fault) == ERR_OK);
        if (index >= 0) {
            ENSURE(wire_receive(arena, socket, &message, &got, &fault) == ERR_OK);
        }
        if (got == WIRE_GOT_END) {
            _exit(0);
        }
        if (got == WIRE_GOT_MESSAGE) {
            work(arena, socket, &message, page);
        }
        wire_dispose(&message);
        arena_destroy(arena);
    }
}

/* Who the tokens of the tests are. */
static void
identify(const struct question *question, struct reply *reply)
{
    static const struct {
        const char       *token;
        enum access_fault fault;
        int64_t           credential;
        unsigned          rights;
    } known[] = {
        {"brk_test_good",        ACCESS_GRANTED, 1, ACCESS_SUBMIT | ACCESS_READ | ACCESS_VALIDATE},
        {"brk_test_reading",     ACCESS_GRANTED, 2, ACCESS_READ | ACCESS_VALIDATE                },
        {"brk_test_writing",     ACCESS_GRANTED, 3, ACCESS_SUBMIT | ACCESS_VALIDATE              },
        {"brk_test_obligations", ACCESS_GRANTED, 4, ACCESS_OBLIGATIONS | ACCESS_VALIDATE         },
        {"brk_test_nothing",     ACCESS_GRANTED, 5, ACCESS_VALIDATE                              },
        {"brk_test_expired",     ACCESS_EXPIRED, 0, 0                                            },
        {"brk_test_revoked",     ACCESS_REVOKED, 0, 0                                            },
    };

    reply->access_fault = ACCESS_UNKNOWN;
    if (question->shown == QUESTION_CERTIFICATE) {
        reply->access_fault = ACCESS_GRANTED;
        reply->access = (struct access){.credential = 7, .subject = 70, .rights = ACCESS_ALL};
    }
    for (size_t i = 0; i < ARRAY_COUNT(known) && question->shown == QUESTION_TOKEN; i++) {
        unsigned char digest[QUESTION_DIGEST_SIZE];
        ENSURE(
            EVP_Digest(known[i].token, strlen(known[i].token), digest, NULL, EVP_sha256(), NULL));
        if (memcmp(digest, question->digest, sizeof digest) == 0) {
            reply->access_fault = known[i].fault;
            reply->access = (struct access){.credential = known[i].credential,
                                            .subject = 10 * known[i].credential,
                                            .rights = known[i].rights};
        }
    }
}

static int
answer(struct arena *arena, const struct question *question, struct reply *reply,
       struct peers_page *page)
{
    struct fault fault = {0};
    int          blob = -1;

    page->questions++;
    reply->pending = page->pending != 0;
    reply->awaits = page->last;
    reply->content_type = STR("application/json");
    reply->status = 200;
    if (question->kind == QUESTION_FILED) {
        reply->status = question->repeat ? 200 : reply->pending ? 202 : 201;
        reply->headers = STR("Location: /api/v1/submissions/1\r\n");
        reply->body = STR("{\"filed\":true}");
        return blob;
    }
    if (str_equal(question->query, STR("big=1"))) {
        char *big = arena_alloc(arena, BIG, 1);
        ENSURE(big != NULL);
        memset(big, 'x', BIG);
        ENSURE(blob_of("big", (struct str){big, BIG}, &blob, &fault) == ERR_OK);
        return blob;
    }
    if (str_equal(question->query, STR("page=1"))) {
        reply->content_type = STR("text/html; charset=utf-8");
    }
    reply->body = question->path;
    return blob;
}

void
peers_reader(int socket, struct peers_page *page)
{
    for (;;) {
        struct arena       *arena = arena_create(MEMORY);
        struct fault        fault = {0};
        enum wire_got       got = WIRE_GOT_NOTHING;
        struct wire_message message = {
            .fds = {-1, -1}
        };
        struct question question = {0};

        ENSURE(wire_receive(arena, socket, &message, &got, &fault) == ERR_OK);
        if (got != WIRE_GOT_MESSAGE) {
            _exit(0);
        }
        ENSURE(question_decode(arena, message.body, &question));
        struct reply reply = {.handle = question.handle};
        int          blob = -1;
        if (question.kind == QUESTION_WHO) {
            page->identities++;
            identify(&question, &reply);
        } else {
            blob = answer(arena, &question, &reply, page);
        }
        struct buf body = buf_create(arena, WIRE_BODY_MAX);
        reply_encode(&body, &reply);
        struct wire_message back = {
            WIRE_REPLY, buf_str(&body), {blob, -1}
        };
        if (wire_send(socket, &back, &fault) != ERR_OK) {
            _exit(0);
        }
        if (blob >= 0) {
            (void)close(blob);
        }
        arena_destroy(arena);
    }
}
