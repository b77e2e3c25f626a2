#include "gateway/signer/signer.h"

#include "gateway/receipt/reading.h"
#include "gateway/signer/sealing.h"
#include "gateway/wire/blob.h"
#include "tests/support/expect.h"
#include "tests/support/receipts.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MEMORY = 256 << 20, PATIENCE_MS = 20000, BATCH = 100 };

static struct arena        *shop;
static struct receipts_seal seal;

/* A signer as a process of its own, as bramad starts it. */
struct station {
    pid_t pid;
    int   control; /* our end */
    char  certificate[64];
};

static int
open_shop(void **state)
{
    struct fault fault = {0};

    (void)state;
    shop = arena_create(MEMORY);
    assert_int_equal(receipts_seal(shop, RECEIPTS_ECDSA, &seal, &fault), ERR_OK);
    return 0;
}

static int
close_shop(void **state)
{
    (void)state;
    arena_destroy(shop);
    return 0;
}

static _Noreturn void
be_signer(const struct station *station, int control, int key)
{
    struct arena       *arena = arena_create(MEMORY);
    struct fault        fault = {0};
    const struct config config = {.seal_certificate = str_of(station->certificate)};
    struct role_context context = {.role = ROLE_SIGNER,
                                   .control = control,
                                   .key = key,
                                   .listen = -1,
                                   .health = -1,
                                   .config = &config,
                                   .arena = arena};
    enum err            got = signer_role(&context, &fault);

    _exit(got == ERR_OK && context.key == -1 ? 0 : 1);
}

/* An inherited descriptor, left where another signer of the same supervisor has read to. */
static int
key_descriptor(struct str pem)
{
    int fd = memfd_create("brama-key", MFD_CLOEXEC);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, pem.data, pem.size), pem.size);
    return fd;
}

static void
start(struct station *station, struct str key_pem)
{
    int          ends[2];
    struct fault fault = {0};
    int          key = key_descriptor(key_pem);

    (void)snprintf(station->certificate, sizeof station->certificate, "/tmp/brama-seal-XXXXXX");
    int file = mkstemp(station->certificate);
    assert_true(file >= 0);
    assert_int_equal(write(file, seal.chain.data, seal.chain.size), seal.chain.size);
    assert_int_equal(close(file), 0);
    assert_int_equal(wire_pair(ends, &fault), ERR_OK);
    station->pid = fork();
    if (station->pid == 0) {
        (void)close(ends[0]);
        be_signer(station, ends[1], key);
    }
    assert_true(station->pid > 0);
    (void)close(ends[1]);
    (void)close(key);
    station->control = ends[0];
}

static enum wire_kind
next_kind(int socket)
{
    struct arena       *arena = arena_create(MEMORY);
    struct wire_message message = {
        .fds = {-1, -1}
    };
    struct fault   fault = {0};
    enum wire_got  got = WIRE_GOT_NOTHING;
    int            index = -1;
    enum wire_kind kind = WIRE_NONE;

    assert_int_equal(wire_wait(&socket, 1, PATIENCE_MS, &index, &fault), ERR_OK);
    assert_int_equal(index, 0);
    assert_int_equal(wire_receive(arena, socket, &message, &got, &fault), ERR_OK);
    if (got == WIRE_GOT_MESSAGE) {
        kind = message.kind;
        wire_dispose(&message);
    }
    arena_destroy(arena);
    return kind;
}

/* The end of a new link whose other end the signer has. */
static int
give_link(const struct station *station, enum role_kind peer, unsigned slot)
{
    struct arena       *arena = arena_create(MEMORY);
    struct buf          body = buf_create(arena, 256);
    int                 ends[2];
    struct fault        fault = {0};
    struct wire_message message = {
        .kind = WIRE_LINK, .fds = {-1, -1}
    };

    assert_int_equal(wire_pair(ends, &fault), ERR_OK);
    link_encode(&body, &(struct link){peer, slot});
    message.body = buf_str(&body);
    message.fds[0] = ends[1];
    assert_int_equal(wire_send(station->control, &message, &fault), ERR_OK);
    wire_dispose(&message);
    arena_destroy(arena);
    return ends[0];
}

/* Told to stop, it ends well. */
static void
stop(const struct station *station)
{
    const struct wire_message message = {
        .kind = WIRE_STOP, .fds = {-1, -1}
    };
    struct fault fault = {0};
    int          status = 0;

    assert_int_equal(wire_send(station->control, &message, &fault), ERR_OK);
    assert_int_equal(waitpid(station->pid, &status, 0), station->pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    (void)close(station->control);
    (void)unlink(station->certificate);
}

static const struct receipt_facts *
some_facts(struct arena *arena, size_t count, uint64_t seed)
{
    struct receipt_facts *facts = ARENA_NEW(arena, struct receipt_facts, count);
    struct dice           dice = {seed};

    assert_non_null(facts);
    for (size_t i = 0; i < count; i++) {
        facts[i] = receipts_random(arena, &dice);
    }
    return facts;
}

static void
expect_receipts(struct arena *arena, const struct receipt_facts *facts, const struct str *receipts,
                size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct reading reading = {0};
        struct fault   fault = {0};
        assert_int_equal(reading_make(arena, receipts[i], seal.root, &reading, &fault), ERR_OK);
        assert_int_equal(reading.step, READING_GOOD);
        assert_true(reading.signed_at == RECEIPTS_MORNING);
        assert_memory_equal(&reading.facts.submission, &facts[i].submission, UUID_SIZE);
    }
}

static enum err
ask(struct arena *arena, int link, const struct receipt_facts *facts, size_t count,
    struct str *receipts)
{
    struct fault fault = {0};

    return signer_ask(arena, link, facts, count, RECEIPTS_MORNING, PATIENCE_MS, receipts, &fault);
}

static void
a_batch_comes_back_signed_in_its_order(void **state)
{
    struct arena               *arena = arena_create(MEMORY);
    const struct receipt_facts *facts = some_facts(arena, BATCH, 1);
    struct str                  receipts[BATCH];
    struct station              station = {0};

    (void)state;
    start(&station, seal.key);
    assert_int_equal(next_kind(station.control), WIRE_READY);
    int first = give_link(&station, ROLE_WORKER, 0);
    int second = give_link(&station, ROLE_WORKER, 1);
    assert_int_equal(ask(arena, first, facts, BATCH, receipts), ERR_OK);
    expect_receipts(arena, facts, receipts, BATCH);
    assert_int_equal(ask(arena, second, facts + 7, 1, receipts), ERR_OK);
    expect_receipts(arena, facts + 7, receipts, 1);
    assert_int_equal(ask(arena, first, facts, 0, receipts), ERR_OK);
    stop(&station);
    assert_int_equal(ask(arena, first, facts, 1, receipts), ERR_PEER);
    (void)close(first);
    (void)close(second);
    arena_destroy(arena);
}

static void
send_sealing(int link, struct str body, struct str facts, bool with_blob)
{
    struct wire_message message = {
        .kind = WIRE_SEALING, .body = body, .fds = {-1, -1}
    };
    struct fault fault = {0};

    if (with_blob) {
        assert_int_equal(blob_of("test", facts, &message.fds[0], &fault), ERR_OK);
    }
    assert_int_equal(wire_send(link, &message, &fault), ERR_OK);
    wire_dispose(&message);
}

/* It ends by itself, with an error, and all its links with it. */
static void
expect_failed(const struct station *station, const char *name)
{
    int status = 0;

    EXPECT(waitpid(station->pid, &status, 0) == station->pid, name);
    EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 1, name);
    (void)close(station->control);
    (void)unlink(station->certificate);
}

/* A link closed between two that live would never be made again: the role ends instead. */
static void
what_cannot_be_read_ends_the_role_and_its_successor_signs(void **state)
{
    struct arena               *arena = arena_create(MEMORY);
    const struct receipt_facts *facts = some_facts(arena, 2, 2);
    struct buf                  body = buf_create(arena, 256);
    struct buf                  blob = buf_create(arena, MEMORY);
    struct str                  receipts[2];
    struct station              station = {0};

    (void)state;
    sealing_encode(&body, &(struct sealing){.handle = 5});
    sealing_encode_facts(&blob, facts, 2, RECEIPTS_MORNING);
    struct buf more = buf_create(arena, MEMORY);
    buf_append(&more, buf_str(&blob));
    buf_byte(&more, 0);
    const struct {
        const char *name;
        struct str  body;
        struct str  blob;
        bool        with_blob;
    } cases[] = {
        {"no body",               {0},            buf_str(&blob),                              true },
        {"half a body",           {body.data, 9}, buf_str(&blob),                              true },
        {"no blob",               buf_str(&body), {0},                                         false},
        {"an empty blob",         buf_str(&body), STR(""),                                     true },
        {"a blob of other bytes", buf_str(&body), STR("podpisz to: Brama przyjmuje wszystko"),
         true                                                                                       },
        {"bytes behind facts",    buf_str(&body), buf_str(&more),                              true },
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        start(&station, seal.key);
        EXPECT(next_kind(station.control) == WIRE_READY, cases[i].name);
        int good = give_link(&station, ROLE_WORKER, 0);
        int bad = give_link(&station, ROLE_WORKER, 1);
        EXPECT(ask(arena, good, facts, 2, receipts) == ERR_OK, cases[i].name);
        send_sealing(bad, cases[i].body, cases[i].blob, cases[i].with_blob);
        EXPECT(next_kind(bad) == WIRE_NONE, cases[i].name);
        EXPECT(next_kind(good) == WIRE_NONE, cases[i].name);
        expect_failed(&station, cases[i].name);
        (void)close(good);
        (void)close(bad);
    }
    start(&station, seal.key);
    assert_int_equal(next_kind(station.control), WIRE_READY);
    int good = give_link(&station, ROLE_WORKER, 0);
    assert_int_equal(ask(arena, good, facts, 2, receipts), ERR_OK);
    expect_receipts(arena, facts, receipts, 2);
    stop(&station);
    (void)close(good);
    arena_destroy(arena);
}

static void
facts_that_cannot_be_stated_are_answered_so_and_the_link_stays(void **state)
{
    struct arena        *arena = arena_create(MEMORY);
    struct receipt_facts facts[3] = {receipts_typical(arena), receipts_typical(arena),
                                     receipts_typical(arena)};
    struct str           receipts[3] = {{0}};
    struct fault         fault = {0};
    struct station       station = {0};

    (void)state;
    facts[2].arrived = 0;
    start(&station, seal.key);
    assert_int_equal(next_kind(station.control), WIRE_READY);
    int link = give_link(&station, ROLE_WORKER, 3);
    assert_int_equal(
        signer_ask(arena, link, facts, 3, RECEIPTS_MORNING, PATIENCE_MS, receipts, &fault),
        ERR_USAGE);
    assert_non_null(strstr(fault.text, "receipt 2 of the batch"));
    assert_null(receipts[0].data);
    assert_int_equal(ask(arena, link, facts, 2, receipts), ERR_OK);
    struct buf body = buf_create(arena, 256);
    struct buf blob = buf_create(arena, MEMORY);
    sealing_encode(&body, &(struct sealing){.handle = 5});
    sealing_encode_facts(&blob, facts, 2, RECEIPTS_MORNING);
    send_sealing(link, buf_str(&body), (struct str){blob.data, blob.size - 1}, true); /* cut off */
    assert_int_equal(next_kind(link), WIRE_SEALED);
    assert_int_equal(ask(arena, link, facts, 2, receipts), ERR_OK);
    stop(&station);
    (void)close(link);
    arena_destroy(arena);
}

static void
only_workers_are_given_a_link(void **state)
{
    struct station station = {0};

    (void)state;
    start(&station, seal.key);
    assert_int_equal(next_kind(station.control), WIRE_READY);
    int reader = give_link(&station, ROLE_READER, 0);
    assert_int_equal(next_kind(reader), WIRE_NONE);
    /* A new end of the same worker replaces the old one. */
    int old = give_link(&station, ROLE_WORKER, 0);
    int fresh = give_link(&station, ROLE_WORKER, 0);
    assert_int_equal(next_kind(old), WIRE_NONE);
    stop(&station);
    (void)close(reader);
    (void)close(old);
    (void)close(fresh);
}

static void
a_signer_ends_with_its_supervisor(void **state)
{
    struct station station = {0};
    int            status = 0;

    (void)state;
    start(&station, seal.key);
    assert_int_equal(next_kind(station.control), WIRE_READY);
    (void)close(station.control);
    assert_int_equal(waitpid(station.pid, &status, 0), station.pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    (void)unlink(station.certificate);
}

static void
a_signer_without_its_key_does_not_start(void **state)
{
    const struct str keys[] = {STR(""), str_slice(seal.key, 0, seal.key.size / 2),
                               seal.certificate};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(keys); i++) {
        struct station station = {0};
        int            status = 0;
        start(&station, keys[i]);
        assert_int_equal(waitpid(station.pid, &status, 0), station.pid);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
        (void)close(station.control);
        (void)unlink(station.certificate);
    }
}

/* The other end of a link, played by the test. */
static void
answer(int link, uint64_t handle, enum err failed, struct str blob)
{
    struct arena       *arena = arena_create(MEMORY);
    struct buf          body = buf_create(arena, 256);
    struct wire_message message = {
        .kind = WIRE_SEALED, .fds = {-1, -1}
    };
    struct fault fault = {0};

    sealing_encode(&body, &(struct sealing){.handle = handle, .failed = failed});
    message.body = buf_str(&body);
    if (failed == ERR_OK) {
        assert_int_equal(blob_of("test", blob, &message.fds[0], &fault), ERR_OK);
    }
    assert_int_equal(wire_send(link, &message, &fault), ERR_OK);
    wire_dispose(&message);
    arena_destroy(arena);
}

/* Take a question off the link; its handle. */
static uint64_t
question_on(int link)
{
    struct arena       *arena = arena_create(MEMORY);
    struct wire_message message = {
        .fds = {-1, -1}
    };
    struct sealing sealing = {0};
    struct fault   fault = {0};
    enum wire_got  got = WIRE_GOT_NOTHING;

    assert_int_equal(wire_receive(arena, link, &message, &got, &fault), ERR_OK);
    assert_true(got == WIRE_GOT_MESSAGE && sealing_decode(message.body, &sealing));
    wire_dispose(&message);
    arena_destroy(arena);
    return sealing.handle;
}

static void
put_receipt(struct buf *out, struct str receipt)
{
    for (size_t i = 0; i < 8; i++) {
        buf_byte(out, (char)(unsigned char)(receipt.size >> (8 * i)));
    }
    buf_append(out, receipt);
}

/* One receipt as a blob: a count of one, then itself. */
static struct str
blob_with(struct arena *arena, struct str receipt)
{
    struct buf blob = buf_create(arena, MEMORY);

    buf_append(&blob, STR("\1\0\0\0\0\0\0\0"));
    put_receipt(&blob, receipt);
    return buf_str(&blob);
}

static void
a_late_answer_is_never_taken_for_the_next(void **state)
{
    struct arena        *arena = arena_create(MEMORY);
    struct receipt_facts facts = receipts_typical(arena);
    struct str           receipt = {0};
    struct fault         fault = {0};
    int                  ends[2];

    (void)state;
    assert_int_equal(wire_pair(ends, &fault), ERR_OK);
    assert_int_equal(signer_ask(arena, ends[0], &facts, 1, RECEIPTS_MORNING, 0, &receipt, &fault),
                     ERR_PEER);
    uint64_t late = question_on(ends[1]);
    answer(ends[1], late, ERR_OK, blob_with(arena, STR("late")));
    answer(ends[1], late + 1, ERR_OK, blob_with(arena, STR("right")));
    assert_int_equal(ask(arena, ends[0], &facts, 1, &receipt), ERR_OK);
    assert_true(str_equal(receipt, STR("right")));
    (void)close(ends[1]);
    assert_int_equal(ask(arena, ends[0], &facts, 1, &receipt), ERR_PEER);
    (void)close(ends[0]);
    arena_destroy(arena);
}

static void
an_answer_that_cannot_be_is_refused(void **state)
{
    struct arena        *arena = arena_create(MEMORY);
    struct receipt_facts facts = receipts_typical(arena);
    struct str           right = blob_with(arena, STR("right"));
    const struct {
        const char *name;
        struct str  blob;
        enum err    want;
    } cases[] = {
        {"right",        right,                        ERR_OK                                      },
        {"empty",        STR(""),                      ERR_WIRE                                    },
        {"cut off",      {right.data, right.size - 1}, ERR_WIRE                                    },
        {"head alone",   {right.data, 8},              ERR_WIRE                                    },
        {"too many",     STR("\2\0\0\0\0\0\0\0"),      ERR_WIRE                                    },
        {"none",         STR("\0\0\0\0\0\0\0\0"),      ERR_WIRE                                    },
        {"an empty one", blob_with(arena,              (struct str){0}),                             ERR_WIRE},
        {"a size above all",              STR("\1\0\0\0\0\0\0\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"),                         ERR_WIRE},
    };
    struct fault fault = {0};
    struct str   receipt = {0};
    int          ends[2];
    uint64_t     handle = 0;

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        assert_int_equal(wire_pair(ends, &fault), ERR_OK);
        assert_int_equal(
            signer_ask(arena, ends[0], &facts, 1, RECEIPTS_MORNING, 0, &receipt, &fault), ERR_PEER);
        handle = question_on(ends[1]);
        answer(ends[1], handle + 1, ERR_OK, cases[i].blob);
        EXPECT(ask(arena, ends[0], &facts, 1, &receipt) == cases[i].want, cases[i].name);
        (void)close(ends[0]);
        (void)close(ends[1]);
    }
    arena_destroy(arena);
}

static void
the_twin_in_this_process_gives_the_same(void **state)
{
    struct arena               *arena = arena_create(MEMORY);
    const struct receipt_facts *facts = some_facts(arena, BATCH, 3);
    struct str                  receipts[BATCH];
    struct seal                *made = NULL;
    struct fault                fault = {0};

    (void)state;
    assert_int_equal(seal_create(arena, seal.key, seal.chain, &made, &fault), ERR_OK);
    assert_int_equal(signer_ask_here(arena, made, facts, BATCH, RECEIPTS_MORNING, receipts, &fault),
                     ERR_OK);
    expect_receipts(arena, facts, receipts, BATCH);
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_batch_comes_back_signed_in_its_order),
        cmocka_unit_test(what_cannot_be_read_ends_the_role_and_its_successor_signs),
        cmocka_unit_test(facts_that_cannot_be_stated_are_answered_so_and_the_link_stays),
        cmocka_unit_test(only_workers_are_given_a_link),
        cmocka_unit_test(a_signer_ends_with_its_supervisor),
        cmocka_unit_test(a_signer_without_its_key_does_not_start),
        cmocka_unit_test(a_late_answer_is_never_taken_for_the_next),
        cmocka_unit_test(an_answer_that_cannot_be_is_refused),
        cmocka_unit_test(the_twin_in_this_process_gives_the_same),
    };

    return cmocka_run_group_tests(tests, open_shop, close_shop);
}
