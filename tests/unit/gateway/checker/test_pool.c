#include "gateway/bramad/birth.h"
#include "gateway/bramad/process.h"
#include "gateway/checker/checker_link.h"
#include "gateway/checker/checker_role.h"
#include "gateway/definitions/definitions.h"
#include "gateway/failpoint/failpoint.h"
#include "gateway/fingerprint/fingerprint.h"
#include "gateway/receipt/reading.h"
#include "gateway/role/file.h"
#include "gateway/wire/blob.h"
#include "validators/check/checked.h"
#include "validators/signature/signature.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

/*
 * A real checker process in its sandbox (this program exec'ed anew), with the test as its
 * supervisor and its worker.
 */
enum { HANG_MS = 60000, DOCUMENTS_MAX = 3, ARRIVED = 1783666800 };

#define MIB ((size_t)1024 * 1024)
#define SAMPLES "tests/samples/"
#define TRUST SAMPLES "urzad-certyfikacji-przyklad.pem"

static const char *const samples[] = {SAMPLES "dochody-2026-q2.xml", SAMPLES "wydatki-2026-q2.xml",
                                      SAMPLES "korekta-wydatki-2026-q2.xml",
                                      SAMPLES "zle-ten-sam-regon.xml",
                                      SAMPLES "zle-zmieniona-po-podpisie.xml"};

static struct arena           *shared;
static struct definitions      definitions;
static struct signature_trust *trust;
static struct job_material     material; /* digests of both */
static struct failpoint_page  *page;
static int                     page_fd = -1;

static int64_t
one(const struct config *config)
{
    (void)config;
    return 1;
}

static struct str
no_user(const struct config *config)
{
    (void)config;
    return (struct str){0};
}

static const struct role_entry entries[] = {
    {ROLE_CHECKER, checker_role, 0, true, false, one, no_user, NULL},
};
static const struct role_table table = {.entries = entries, .entry_count = 1};

/* ---- the supervisor's side ---- */

struct bench {
    struct arena  *arena;
    struct process process;
    int            link; /* the worker's end */
};

static int
config_blob(int documents_max)
{
    char text[2000];
    int  fd = -1;
    int  size = snprintf(text, sizeof text,
                         "environment = test\nseal_key = /k\nseal_certificate = %s/%s\n"
                          "trust = %s/%s\npublic_url = https://localhost\nreceiver = Brama\n"
                          "checker_documents_max = %d\n",
                         BRAMA_SOURCE_DIR, TRUST, BRAMA_SOURCE_DIR, TRUST, documents_max);

    assert_int_equal(blob_of("config", (struct str){text, (size_t)size}, &fd, NULL), ERR_OK);
    return fd;
}

/* Tell the process of a new worker; the worker's end. */
static int
give_link(const struct process *process)
{
    const struct link link = {.peer = ROLE_WORKER};
    struct arena     *arena = arena_create(MIB);
    struct buf        body = buf_create(arena, 1024);
    int               ends[2];

    assert_int_equal(wire_pair(ends, NULL), ERR_OK);
    link_encode(&body, &link);
    const struct wire_message message = {
        .kind = WIRE_LINK, .body = buf_str(&body), .fds = {ends[1], -1}
    };
    assert_int_equal(wire_send(process->control, &message, NULL), ERR_OK);
    (void)close(ends[1]);
    arena_destroy(arena);
    return ends[0];
}

static void
await_ready(struct bench *bench)
{
    struct pollfd       watched = {.fd = bench->process.control, .events = POLLIN};
    struct wire_message message = {0};
    enum wire_got       got = WIRE_GOT_NOTHING;

    assert_int_equal(poll(&watched, 1, HANG_MS), 1);
    assert_int_equal(wire_receive(bench->arena, bench->process.control, &message, &got, NULL),
                     ERR_OK);
    assert_int_equal(got, WIRE_GOT_MESSAGE);
    assert_int_equal(message.kind, WIRE_READY);
}

static void
bench_open(struct bench *bench, int documents_max)
{
    struct process_start start = {.program = "/proc/self/exe", .role = ROLE_CHECKER};

    for (int i = 0; i < BIRTH_FD_COUNT; i++) {
        start.fds[i] = -1;
    }
    *bench = (struct bench){.arena = arena_create(1024 * MIB)};
    start.fds[BIRTH_CONFIG - BIRTH_CONTROL] = config_blob(documents_max);
    start.fds[BIRTH_FAILPOINTS - BIRTH_CONTROL] = page_fd;
    assert_int_equal(process_start(&start, &bench->process, NULL), ERR_OK);
    (void)close(start.fds[BIRTH_CONFIG - BIRTH_CONTROL]);
    await_ready(bench);
    bench->link = give_link(&bench->process);
}

static struct process_end
await_end(struct bench *bench)
{
    struct pollfd watched = {.fd = bench->process.pidfd, .events = POLLIN};

    assert_int_equal(poll(&watched, 1, HANG_MS), 1);
    return process_reap(&bench->process);
}

static void
bench_close(struct bench *bench)
{
    page->armed = FAILPOINT_NONE;
    page->reached = FAILPOINT_NONE;
    if (bench->process.pid > 0) {
        process_kill(&bench->process);
        (void)await_end(bench);
    }
    (void)close(bench->link);
    arena_destroy(bench->arena);
}

/* ---- the worker's side ---- */

static struct str
read_sample(struct arena *arena, const char *path)
{
    struct str bytes = {0};

    assert_int_equal(file_read(arena, str_of(path), 16 * MIB, &bytes, NULL), ERR_OK);
    return bytes;
}

static enum err
send_bytes(const struct bench *bench, uint64_t handle, enum job_kind kind, struct str bytes,
           int *result)
{
    const struct job job = {.handle = handle, .kind = kind, .size = bytes.size, .at = ARRIVED};
    int              fd = -1;

    assert_int_equal(blob_of("document", bytes, &fd, NULL), ERR_OK);
    enum err got = checker_link_send(bench->link, &job, fd, result, NULL);
    (void)close(fd);
    return got;
}

/* Closes result. */
static struct checker_link_answer
receive(const struct bench *bench, uint64_t handle, int result, int timeout_ms)
{
    const struct checker_link_question question = {.handle = handle, .result = result};
    struct checker_link_answer         answer = {0};
    int                                index = 0;

    while (answer.end == CHECKER_LINK_NONE && index == 0) {
        assert_int_equal(wire_wait(&bench->link, 1, timeout_ms, &index, NULL), ERR_OK);
        if (index == 0) {
            assert_int_equal(checker_link_take(bench->arena, bench->link, &question, &answer, NULL),
                             ERR_OK);
        }
    }
    (void)close(result);
    return answer;
}

static struct checker_link_answer
ask(const struct bench *bench, uint64_t handle, enum job_kind kind, struct str bytes)
{
    int result = -1;

    assert_int_equal(send_bytes(bench, handle, kind, bytes, &result), ERR_OK);
    return receive(bench, handle, result, HANG_MS);
}

/* What the same document gives without a process between. */
static struct str
checked_here(struct arena *arena, struct str bytes)
{
    const struct check_request request = {.bytes = bytes,
                                          .limits = &prescan_limits_default,
                                          .catalogue = definitions.catalogue,
                                          .schemas = definitions.schemas,
                                          .trust = trust,
                                          .at = ARRIVED};
    struct checked             checked = {0};
    struct buf                 out = buf_create(arena, 64 * MIB);

    assert_int_equal(check_run(arena, &request, &checked, NULL), ERR_OK);
    assert_int_equal(checked_encode(&checked, &out, NULL), ERR_OK);
    return buf_str(&out);
}

static void
pool_reads_packages_as_this_process_does(void **state)
{
    struct bench bench;

    (void)state;
    bench_open(&bench, 1000);
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < ARRAY_COUNT(samples); i++) {
            struct str                 bytes = read_sample(bench.arena, samples[i]);
            struct checker_link_answer answer = ask(&bench, i + 1, JOB_PACKAGE, bytes);
            struct checked             checked = {0};
            assert_int_equal(answer.end, CHECKER_LINK_DONE);
            assert_true(job_material_equal(&answer.material, &material));
            if (!str_equal(answer.bytes, checked_here(bench.arena, bytes))) {
                fail_msg("%s was read otherwise", samples[i]);
            }
            assert_int_equal(checked_decode(bench.arena, answer.bytes, bytes.size,
                                            definitions.catalogue, &checked, NULL),
                             ERR_OK);
            assert_true(checked.package.report_count > 0);
        }
    }
    bench_close(&bench);
}

static void
pool_answers_junk_with_findings(void **state)
{
    static const struct str junk[] = {STR_INIT("<"), STR_INIT("not XML"), STR_INIT("\0\xFF"),
                                      STR_INIT("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"),
                                      STR_INIT("<a/>")};
    struct bench            bench;

    (void)state;
    bench_open(&bench, 1000);
    for (size_t i = 0; i < ARRAY_COUNT(junk); i++) {
        struct checker_link_answer answer = ask(&bench, i, JOB_PACKAGE, junk[i]);
        struct checked             checked = {0};
        assert_int_equal(answer.end, CHECKER_LINK_DONE);
        assert_int_equal(checked_decode(bench.arena, answer.bytes, junk[i].size,
                                        definitions.catalogue, &checked, NULL),
                         ERR_OK);
        assert_true(findings_count(checked.findings) > 0);
    }
    bench_close(&bench);
}

static void
pool_reads_receipts_too(void **state)
{
    struct bench   bench;
    struct reading reading = {0};

    (void)state;
    bench_open(&bench, 1000);
    struct checker_link_answer answer = ask(&bench, 1, JOB_RECEIPT, STR("<not-a-receipt/>"));
    assert_int_equal(answer.end, CHECKER_LINK_DONE);
    assert_int_equal(reading_decode(bench.arena, answer.bytes, &reading, NULL), ERR_OK);
    assert_int_equal(reading.step, READING_SHAPE);
    bench_close(&bench);
}

static void
pool_takes_documents_ahead_and_answers_in_order(void **state)
{
    struct bench bench;
    int          results[CHECKER_LINK_AHEAD_MAX];

    (void)state;
    bench_open(&bench, 1000);
    struct str bytes = read_sample(bench.arena, samples[0]);
    for (size_t i = 0; i < CHECKER_LINK_AHEAD_MAX; i++) {
        assert_int_equal(send_bytes(&bench, i, JOB_PACKAGE, bytes, &results[i]), ERR_OK);
    }
    for (size_t i = 0; i < CHECKER_LINK_AHEAD_MAX; i++) {
        assert_int_equal(receive(&bench, i, results[i], HANG_MS).end, CHECKER_LINK_DONE);
    }
    bench_close(&bench);
}

static void
checker_ends_when_it_is_worn_out(void **state)
{
    struct bench bench;
    int          result = -1;

    (void)state;
    bench_open(&bench, DOCUMENTS_MAX);
    for (uint64_t i = 0; i < DOCUMENTS_MAX; i++) {
        assert_int_equal(ask(&bench, i, JOB_PACKAGE, STR("<a/>")).end, CHECKER_LINK_DONE);
    }
    struct process_end end = await_end(&bench);
    assert_int_equal(end.signal, 0);
    assert_int_equal(end.status, 0);
    assert_int_equal(send_bytes(&bench, 9, JOB_PACKAGE, STR("<a/>"), &result), ERR_PEER);
    assert_int_equal(result, -1);
    bench_close(&bench);
}

#ifdef BRAMA_FAILPOINTS
static void
checker_that_hangs_is_late_and_can_be_killed(void **state)
{
    struct bench bench;
    int          result = -1;

    (void)state;
    bench_open(&bench, 1000);
    page->armed = FAILPOINT_CHECK_READ;
    assert_int_equal(send_bytes(&bench, 1, JOB_PACKAGE, STR("<a/>"), &result), ERR_OK);
    struct checker_link_answer answer = receive(&bench, 1, result, 50);
    assert_int_equal(answer.end, CHECKER_LINK_NONE);
    assert_true(answer.begun);
    process_kill(&bench.process);
    assert_int_equal(await_end(&bench).signal, SIGKILL);
    bench_close(&bench);
}

static void
death_of_a_checker_is_seen_wherever_it_comes(void **state)
{
    static const enum failpoint points[] = {FAILPOINT_CHECK_READ, FAILPOINT_CHECK_WRITTEN};
    struct bench                bench;

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(points); i++) {
        int result = -1;
        bench_open(&bench, 1000);
        page->armed = points[i];
        assert_int_equal(send_bytes(&bench, 1, JOB_PACKAGE, STR("<a/>"), &result), ERR_OK);
        while (page->reached != (uint32_t)points[i]) {
            assert_int_equal(poll(NULL, 0, 1), 0);
        }
        process_kill(&bench.process);
        struct checker_link_answer answer = receive(&bench, 1, result, HANG_MS);
        assert_int_equal(answer.end, CHECKER_LINK_GONE);
        assert_true(answer.begun);
        assert_int_equal(answer.bytes.size, 0);
        bench_close(&bench);
    }
}

#endif

static void
checker_goes_on_with_another_worker(void **state)
{
    struct bench bench;

    (void)state;
    bench_open(&bench, 1000);
    assert_int_equal(ask(&bench, 1, JOB_PACKAGE, STR("<a/>")).end, CHECKER_LINK_DONE);
    (void)close(bench.link); /* the worker died */
    bench.link = give_link(&bench.process);
    assert_int_equal(ask(&bench, 1, JOB_PACKAGE, STR("<a/>")).end, CHECKER_LINK_DONE);
    /* The new link may also come before the end of the old one is seen. */
    int old = bench.link;
    bench.link = give_link(&bench.process);
    assert_int_equal(ask(&bench, 1, JOB_PACKAGE, STR("<a/>")).end, CHECKER_LINK_DONE);
    (void)close(old);
    bench_close(&bench);
}

static void
checker_ends_with_its_supervisor_or_when_told(void **state)
{
    const struct wire_message stop = {
        .kind = WIRE_STOP, .fds = {-1, -1}
    };
    struct bench bench;

    (void)state;
    bench_open(&bench, 1000);
    assert_int_equal(wire_send(bench.process.control, &stop, NULL), ERR_OK);
    assert_int_equal(await_end(&bench).status, 0);
    bench_close(&bench);

    bench_open(&bench, 1000);
    (void)close(bench.process.control);
    bench.process.control = -1;
    assert_int_equal(await_end(&bench).status, 0);
    bench_close(&bench);
}

#ifdef BRAMA_FAILPOINTS
/* Told to end, it finishes what it reads; what waits behind that was not begun. */
static void
checker_told_to_end_begins_nothing_more(void **state)
{
    const struct wire_message stop = {
        .kind = WIRE_STOP, .fds = {-1, -1}
    };
    struct bench bench;
    int          results[2] = {-1, -1};

    (void)state;
    bench_open(&bench, 1000);
    page->armed = FAILPOINT_CHECK_READ;
    for (size_t i = 0; i < ARRAY_COUNT(results); i++) {
        assert_int_equal(send_bytes(&bench, i, JOB_PACKAGE, STR("<a/>"), &results[i]), ERR_OK);
    }
    while (page->reached != (uint32_t)FAILPOINT_CHECK_READ) {
        assert_int_equal(poll(NULL, 0, 1), 0);
    }
    assert_int_equal(wire_send(bench.process.control, &stop, NULL), ERR_OK);
    page->armed = FAILPOINT_NONE;
    struct checker_link_answer answer = receive(&bench, 0, results[0], HANG_MS);
    assert_int_equal(answer.end, CHECKER_LINK_DONE);
    answer = receive(&bench, 1, results[1], HANG_MS);
    assert_int_equal(answer.end, CHECKER_LINK_GONE);
    assert_false(answer.begun);
    bench_close(&bench);
}
#endif

/* ---- what a worker of ours never sends ---- */

static void
checker_fails_on_documents_that_could_change(void **state)
{
    const struct job job = {.handle = 1, .kind = JOB_PACKAGE, .size = 4};
    struct bench     bench;
    int              document = -1;
    int              result = -1;

    (void)state;
    bench_open(&bench, 1000);
    assert_int_equal(blob_create("open", &document, NULL), ERR_OK);
    assert_int_equal(blob_append(document, STR("<a/>"), NULL), ERR_OK);
    assert_int_equal(checker_link_send(bench.link, &job, document, &result, NULL), ERR_OK);
    struct checker_link_answer answer = receive(&bench, 1, result, HANG_MS);
    assert_int_equal(answer.end, CHECKER_LINK_FAILED);
    assert_int_equal(answer.cause, ERR_WIRE);
    assert_true(answer.text.size > 0);
    struct process_end end = await_end(&bench); /* it does not go on after a failure */
    assert_int_equal(end.signal, 0);
    assert_int_equal(end.status, 0);
    (void)close(document);
    bench_close(&bench);
}

static void
checker_ends_on_a_message_that_it_does_not_know(void **state)
{
    static const struct wire_message messages[] = {
        {.kind = WIRE_READY, .fds = {-1, -1}},
        {                   .kind = WIRE_JOB,   .fds = {-1, -1}               },
        {    .kind = WIRE_JOB,   .body = STR_INIT("short"),                  .fds = {-1, -1}},
        { .kind = WIRE_FILING,   .body = STR_INIT("x"),                  .fds = {-1, -1}},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(messages); i++) {
        struct bench bench;
        bench_open(&bench, 1000);
        assert_int_equal(wire_send(bench.link, &messages[i], NULL), ERR_OK);
        struct process_end end = await_end(&bench);
        assert_int_equal(end.signal, 0);
        assert_int_equal(end.status, 1);
        bench_close(&bench);
    }
}

/* ---- what an evil checker may answer: the test is the checker ---- */

enum beginning { BEGINS, BEGINS_ANOTHER, BEGINS_TWICE, BEGINS_NOT };

struct evil {
    const char           *name;
    enum beginning        begins;
    enum wire_kind        kind;
    uint64_t              handle;
    enum err              failed;
    bool                  writes;
    bool                  maps;
    bool                  cut;
    enum checker_link_end want;
};

static void
begin_evilly(int checker, enum beginning how)
{
    struct arena          *arena = arena_create(MIB);
    struct buf             body = buf_create(arena, 1024);
    const struct job_begun begun = {.handle = how == BEGINS_ANOTHER ? 8 : 7};
    int                    times = how == BEGINS_NOT ? 0 : how == BEGINS_TWICE ? 2 : 1;

    job_begun_encode(&body, &begun);
    const struct wire_message message = {
        .kind = WIRE_BEGUN, .body = buf_str(&body), .fds = {-1, -1}
    };
    for (int i = 0; i < times; i++) {
        assert_int_equal(wire_send(checker, &message, NULL), ERR_OK);
    }
    arena_destroy(arena);
}

static void
answer_evilly(int checker, const struct evil *evil)
{
    struct arena       *arena = arena_create(MIB);
    struct wire_message message = {
        .fds = {-1, -1}
    };
    struct buf    body = buf_create(arena, 1024);
    enum wire_got got = WIRE_GOT_NOTHING;

    assert_int_equal(wire_receive(arena, checker, &message, &got, NULL), ERR_OK);
    if (evil->writes) {
        assert_int_equal(blob_append(message.fds[1], STR("result"), NULL), ERR_OK);
    }
    if (evil->maps) {
        assert_ptr_not_equal(
            mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, message.fds[1], 0), MAP_FAILED);
    }
    wire_dispose(&message);
    begin_evilly(checker, evil->begins);
    job_done_encode(&body, &(struct job_done){.handle = evil->handle, .failed = evil->failed});
    struct str bytes = buf_str(&body);
    message = (struct wire_message){
        .kind = evil->kind,
        .body = str_slice(bytes, 0, evil->cut ? 3 : bytes.size),
        .fds = {-1, -1}
    };
    assert_int_equal(wire_send(checker, &message, NULL), ERR_OK);
    arena_destroy(arena);
}

static void
worker_believes_nothing_but_that_an_answer_came(void **state)
{
    static const struct evil cases[] = {
        {"honest",          BEGINS,         WIRE_JOB_DONE, 7, ERR_OK,     true,  false, false, CHECKER_LINK_DONE},
        {"said why",        BEGINS,         WIRE_JOB_DONE, 7, ERR_MEMORY, false, false, false,
         CHECKER_LINK_FAILED                                                                                    },
        {"another handle",  BEGINS,         WIRE_JOB_DONE, 8, ERR_OK,     true,  false, false,
         CHECKER_LINK_MALFORMED                                                                                 },
        {"no result",       BEGINS,         WIRE_JOB_DONE, 7, ERR_OK,     false, false, false,
         CHECKER_LINK_MALFORMED                                                                                 },
        {"mapped writable", BEGINS,         WIRE_JOB_DONE, 7, ERR_OK,     true,  true,  false,
         CHECKER_LINK_MALFORMED                                                                                 },
        {"half a message",  BEGINS,         WIRE_JOB_DONE, 7, ERR_OK,     true,  false, true,
         CHECKER_LINK_MALFORMED                                                                                 },
        {"another message", BEGINS,         WIRE_SEALED,   7, ERR_OK,     true,  false, false,
         CHECKER_LINK_MALFORMED                                                                                 },
        {"began another",   BEGINS_ANOTHER, WIRE_JOB_DONE, 7, ERR_OK,     true,  false, false,
         CHECKER_LINK_MALFORMED                                                                                 },
        {"began twice",     BEGINS_TWICE,   WIRE_JOB_DONE, 7, ERR_OK,     true,  false, false,
         CHECKER_LINK_MALFORMED                                                                                 },
        {"not begun",       BEGINS_NOT,     WIRE_JOB_DONE, 7, ERR_OK,     true,  false, false,
         CHECKER_LINK_MALFORMED                                                                                 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct bench bench = {.arena = arena_create(MIB)};
        int          ends[2];
        int          result = -1;
        assert_int_equal(wire_pair(ends, NULL), ERR_OK);
        bench.link = ends[0];
        assert_int_equal(send_bytes(&bench, 7, JOB_PACKAGE, STR("<a/>"), &result), ERR_OK);
        answer_evilly(ends[1], &cases[i]);
        struct checker_link_answer answer = receive(&bench, 7, result, HANG_MS);
        if (answer.end != cases[i].want) {
            fail_msg("%s: %d", cases[i].name, (int)answer.end);
        }
        assert_int_equal(answer.bytes.size > 0, answer.end == CHECKER_LINK_DONE);
        assert_true(answer.end == CHECKER_LINK_DONE
                    || checker_link_end_text(answer.end)[0] != '\0');
        (void)close(ends[0]);
        (void)close(ends[1]);
        arena_destroy(bench.arena);
    }
}

static int
open_all(void **state)
{
    (void)state;
    shared = arena_create(1024 * MIB);
    signature_warm_up();
    page_fd = memfd_create("failpoints", MFD_CLOEXEC);
    struct str pem = read_sample(shared, TRUST);
    if (definitions_load(shared, NULL, &definitions, NULL) != ERR_OK) {
        return 1;
    }
    memcpy(material.definitions_sha256, definitions.catalogue->sha256, JOB_DIGEST_SIZE);
    return fingerprint_of(pem, material.trust_sha256, NULL) != ERR_OK
           || signature_trust_parse(shared, pem, &trust, NULL) != ERR_OK
           || ftruncate(page_fd, sizeof *page) != 0
           || failpoint_map(page_fd, &page, NULL) != ERR_OK;
}

static int
close_all(void **state)
{
    (void)state;
    arena_destroy(shared);
    return munmap(page, sizeof *page) != 0 || close(page_fd) != 0;
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pool_reads_packages_as_this_process_does),
        cmocka_unit_test(pool_answers_junk_with_findings),
        cmocka_unit_test(pool_reads_receipts_too),
        cmocka_unit_test(pool_takes_documents_ahead_and_answers_in_order),
        cmocka_unit_test(checker_ends_when_it_is_worn_out),
#ifdef BRAMA_FAILPOINTS
        cmocka_unit_test(checker_that_hangs_is_late_and_can_be_killed),
        cmocka_unit_test(death_of_a_checker_is_seen_wherever_it_comes),
#endif
        cmocka_unit_test(checker_goes_on_with_another_worker),
        cmocka_unit_test(checker_ends_with_its_supervisor_or_when_told),
#ifdef BRAMA_FAILPOINTS
        cmocka_unit_test(checker_told_to_end_begins_nothing_more),
#endif
        cmocka_unit_test(checker_fails_on_documents_that_could_change),
        cmocka_unit_test(checker_ends_on_a_message_that_it_does_not_know),
        cmocka_unit_test(worker_believes_nothing_but_that_an_answer_came),
    };

    if (birth_is_asked(argc, argv)) {
        birth_run(&table, argc, argv);
    }
    return cmocka_run_group_tests(tests, open_all, close_all);
}
