#include "gateway/checker/checker.h"

#include "gateway/sandbox/sandbox.h"
#include "validators/check/checked.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define MIB ((size_t)1024 * 1024)

enum { FILES = 9, ANSWER_MAX = 65536 };

/* Enough of a catalogue for checked_decode, which accepts known codes only. */
static const struct rule_entry entries[] = {{.code = {"XML-001", 7}}};
static const struct catalogue  catalogue = {.entries = entries, .entry_count = 1};

static const struct checker_limits limits = {.deadline_ms = 60000,
                                             .cpu_seconds = 30,
                                             .memory_max = 64 * MIB,
                                             .answer_max = ANSWER_MAX,
                                             .parallel = 3};

/* An honest result that tells files apart: one finding, whose offset is the size of the file. */
static enum err
work_honestly(struct arena *arena, const struct check_request *request, struct buf *out,
              struct fault *fault)
{
    struct checked checked = {.findings = findings_create(arena)};
    struct finding finding = {
        .code = "XML-001", .report = FINDING_OF_PACKAGE, .offset = (uint32_t)request->bytes.size};

    if (checked.findings == NULL || findings_add(checked.findings, &finding) != FINDING_ADDED) {
        return FAIL(fault, ERR_MEMORY, "findings");
    }
    return checked_encode(&checked, out, fault);
}

/* Spoilt: files of an odd size crash, the others are honest. */
static enum err
crash_on_odd_sizes(struct arena *arena, const struct check_request *request, struct buf *out,
                   struct fault *fault)
{
    ENSURE(request->bytes.size % 2 == 0);
    return work_honestly(arena, request, out, fault);
}

static enum err
fail_an_ensure(struct arena *arena, const struct check_request *request, struct buf *out,
               struct fault *fault)
{
    (void)arena;
    (void)request;
    (void)fault;
    ENSURE(out == NULL);
    return ERR_OK;
}

static enum err
read_no_memory(struct arena *arena, const struct check_request *request, struct buf *out,
               struct fault *fault)
{
    volatile char *volatile nowhere = NULL;

    (void)arena;
    (void)request;
    (void)fault;
    buf_byte(out, *nowhere); /* NOLINT(clang-analyzer-core.NullDereference): on purpose */
    return ERR_OK;
}

static enum err
never_end(struct arena *arena, const struct check_request *request, struct buf *out,
          struct fault *fault)
{
    (void)arena;
    (void)request;
    (void)out;
    (void)fault;
    for (volatile uint64_t i = 0;; i++) {
    }
    return ERR_OK;
}

static enum err
open_a_file(struct arena *arena, const struct check_request *request, struct buf *out,
            struct fault *fault)
{
    (void)open("/etc/passwd", O_RDONLY | O_CLOEXEC);
    return work_honestly(arena, request, out, fault);
}

static enum err
open_a_socket(struct arena *arena, const struct check_request *request, struct buf *out,
              struct fault *fault)
{
    (void)socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return work_honestly(arena, request, out, fault);
}

static enum err
take_all_memory(struct arena *arena, const struct check_request *request, struct buf *out,
                struct fault *fault)
{
    (void)request;
    (void)out;
    while (ARENA_NEW(arena, char, MIB) != NULL) {
    }
    return FAIL(fault, ERR_MEMORY, "all of it");
}

static enum err
say_that_the_library_failed(struct arena *arena, const struct check_request *request,
                            struct buf *out, struct fault *fault)
{
    (void)arena;
    (void)request;
    (void)out;
    return FAIL(fault, ERR_PARSER, "the parser said -1");
}

static enum err
answer_garbage(struct arena *arena, const struct check_request *request, struct buf *out,
               struct fault *fault)
{
    (void)arena;
    (void)request;
    (void)fault;
    buf_append(out, STR("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF garbage"));
    return ERR_OK;
}

static enum err
answer_nothing(struct arena *arena, const struct check_request *request, struct buf *out,
               struct fault *fault)
{
    (void)arena;
    (void)request;
    (void)out;
    (void)fault;
    return ERR_OK;
}

static enum err
answer_half(struct arena *arena, const struct check_request *request, struct buf *out,
            struct fault *fault)
{
    TRY(work_honestly(arena, request, out, fault));
    out->size /= 2;
    return ERR_OK;
}

static enum err
answer_and_go_on(struct arena *arena, const struct check_request *request, struct buf *out,
                 struct fault *fault)
{
    TRY(work_honestly(arena, request, out, fault));
    buf_append(out, STR("more"));
    return ERR_OK;
}

static enum err
answer_too_much(struct arena *arena, const struct check_request *request, struct buf *out,
                struct fault *fault)
{
    (void)arena;
    (void)request;
    (void)fault;
    for (size_t i = 0; i <= ANSWER_MAX; i++) {
        buf_byte(out, 'x');
    }
    return ERR_OK;
}

/* Past the buffer's own ceiling, straight into the descriptor. */
static enum err
flood_the_answer(struct arena *arena, const struct check_request *request, struct buf *out,
                 struct fault *fault)
{
    const char piece[4096] = {0};

    for (size_t i = 0; i <= ANSWER_MAX / sizeof piece; i++) {
        if (write(3, piece, sizeof piece) < 0) {
            return FAIL(fault, ERR_SYSTEM, "write");
        }
    }
    return work_honestly(arena, request, out, fault);
}

static enum err
end_quietly(struct arena *arena, const struct check_request *request, struct buf *out,
            struct fault *fault)
{
    (void)arena;
    (void)request;
    (void)out;
    (void)fault;
    _exit(5);
}

/* Files of 1, 2, 3, ... bytes. */
static void
fill_files(struct check_request *files, size_t count)
{
    static const char bytes[FILES] = "abcdefghi";

    for (size_t i = 0; i < count; i++) {
        files[i] = (struct check_request){
            .bytes = {bytes, i + 1},
              .catalogue = &catalogue
        };
    }
}

static void
run(struct arena *arena, checker_work *work, const struct checker_limits *within,
    struct checker_answer *answers)
{
    struct check_request   files[FILES];
    struct checker_request request = {
        .files = files, .file_count = FILES, .limits = *within, .work = work};
    struct fault fault = {0};

    fill_files(files, FILES);
    assert_int_equal(checker_run(arena, &request, answers, &fault), ERR_OK);
}

static bool
is_honest(const struct checker_answer *answer, size_t file)
{
    return answer->end == CHECKER_DONE && findings_count(answer->checked.findings) == 1
           && findings_at(answer->checked.findings, 0)->offset == file + 1;
}

static void
checker_answers_stand_in_the_order_of_the_files(void **state)
{
    (void)state;
    for (size_t parallel = 1; parallel <= FILES + 1; parallel++) {
        struct arena         *arena = arena_create(64 * MIB);
        struct checker_answer answers[FILES] = {0};
        struct checker_limits within = limits;
        within.parallel = parallel;
        run(arena, work_honestly, &within, answers);
        for (size_t i = 0; i < FILES; i++) {
            assert_true(is_honest(&answers[i], i));
        }
        arena_destroy(arena);
    }
}

static void
checker_death_concerns_one_file_alone(void **state)
{
    struct arena         *arena = arena_create(64 * MIB);
    struct checker_answer answers[FILES] = {0};

    (void)state;
    run(arena, crash_on_odd_sizes, &limits, answers);
    for (size_t i = 0; i < FILES; i++) {
        if ((i + 1) % 2 == 0) {
            assert_true(is_honest(&answers[i], i));
        } else {
            assert_int_equal(answers[i].end, CHECKER_CRASHED);
        }
    }
    arena_destroy(arena);
}

static void
checker_says_how_a_check_ended(void **state)
{
    static const struct {
        const char      *name;
        checker_work    *work;
        enum checker_end end;
        enum checker_end sanitized_end; /* where AddressSanitizer sees it first */
        const char      *complaint;
    } cases[] = {
        {"failed ENSURE",       fail_an_ensure,              CHECKER_CRASHED,   CHECKER_CRASHED,   "bug: out == NULL"},
        {"null pointer",        read_no_memory,              CHECKER_CRASHED,   CHECKER_FORBIDDEN, "the checker"     },
        {"opens a file",        open_a_file,                 CHECKER_FORBIDDEN, CHECKER_FORBIDDEN, "SYS"             },
        {"opens a socket",      open_a_socket,               CHECKER_FORBIDDEN, CHECKER_FORBIDDEN, "SYS"             },
        {"takes all memory",    take_all_memory,             CHECKER_MEMORY,    CHECKER_MEMORY,    "MEMORY"          },
        {"library failed",      say_that_the_library_failed, CHECKER_FAILED,    CHECKER_FAILED,
         "PARSER the parser said -1"                                                                                 },
        {"garbage",             answer_garbage,              CHECKER_MALFORMED, CHECKER_MALFORMED, "cannot be read"  },
        {"nothing",             answer_nothing,              CHECKER_MALFORMED, CHECKER_MALFORMED, "cannot be read"  },
        {"half an answer",      answer_half,                 CHECKER_MALFORMED, CHECKER_MALFORMED, "cannot be read"  },
        {"more than an answer", answer_and_go_on,            CHECKER_MALFORMED, CHECKER_MALFORMED,
         "cannot be read"                                                                                            },
        {"too much",            answer_too_much,             CHECKER_MEMORY,    CHECKER_MEMORY,    "does not fit"    },
        {"flood",               flood_the_answer,            CHECKER_MALFORMED, CHECKER_MALFORMED, "XFSZ"            },
        {"odd exit status",     end_quietly,                 CHECKER_CRASHED,   CHECKER_CRASHED,   "status"          },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena         *arena = arena_create(64 * MIB);
        struct checker_answer answers[FILES] = {0};
        enum checker_end want = sandbox_bounds_memory() ? cases[i].end : cases[i].sanitized_end;
        run(arena, cases[i].work, &limits, answers);
        for (size_t file = 0; file < FILES; file++) {
            const struct checker_answer *answer = &answers[file];
            if (answer->end != want || answer->fault.code != ERR_CHECKER
                || strstr(answer->fault.text, cases[i].complaint) == NULL
                || checker_end_text(answer->end)[0] == '\0') {
                fail_msg("%s: end %d, \"%s\"", cases[i].name, (int)answer->end, answer->fault.text);
            }
        }
        arena_destroy(arena);
    }
}

static void
checker_that_hangs_is_killed_at_its_deadline(void **state)
{
    struct arena         *arena = arena_create(64 * MIB);
    struct checker_answer answers[FILES] = {0};
    struct checker_limits within = limits;

    (void)state;
    within.deadline_ms = 20;
    run(arena, never_end, &within, answers);
    for (size_t i = 0; i < FILES; i++) {
        assert_int_equal(answers[i].end, CHECKER_DEADLINE);
    }
    arena_destroy(arena);
}

static void
checker_that_hangs_uses_up_its_processor_time(void **state)
{
    struct arena          *arena = arena_create(64 * MIB);
    struct checker_answer  answer = {0};
    struct check_request   file = {.bytes = STR("x"), .catalogue = &catalogue};
    struct checker_request request = {
        .files = &file, .file_count = 1, .limits = limits, .work = never_end};

    (void)state;
    request.limits.cpu_seconds = 1;
    assert_int_equal(checker_run(arena, &request, &answer, NULL), ERR_OK);
    /* The kernel may choose SIGKILL when soft and hard limit are the same. */
    assert_true(answer.end == CHECKER_DEADLINE || answer.end == CHECKER_MEMORY);
    arena_destroy(arena);
}

static size_t
open_descriptors(void)
{
    size_t count = 0;
    DIR   *stream = opendir("/proc/self/fd");

    assert_non_null(stream);
    while (readdir(stream) != NULL) { /* NOLINT(concurrency-mt-unsafe): one thread */
        count++;
    }
    assert_int_equal(closedir(stream), 0);
    return count;
}

static void
checker_leaves_no_descriptor_and_no_child(void **state)
{
    struct arena         *arena = arena_create(64 * MIB);
    struct checker_answer answers[FILES] = {0};
    size_t                before = open_descriptors();

    (void)state;
    run(arena, work_honestly, &limits, answers);
    run(arena, crash_on_odd_sizes, &limits, answers);
    assert_int_equal(open_descriptors(), before);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
    arena_destroy(arena);
}

static void
checker_run_here_says_the_same(void **state)
{
    struct arena          *arena = arena_create(64 * MIB);
    struct check_request   files[FILES];
    struct checker_answer  answers[FILES] = {0};
    struct checker_answer  failed[FILES] = {0};
    struct checker_answer  garbage[FILES] = {0};
    struct checker_request request = {
        .files = files, .file_count = FILES, .limits = limits, .work = work_honestly};

    (void)state;
    fill_files(files, FILES);
    checker_run_here(arena, &request, answers);
    request.work = say_that_the_library_failed;
    checker_run_here(arena, &request, failed);
    request.work = answer_garbage;
    checker_run_here(arena, &request, garbage);
    for (size_t i = 0; i < FILES; i++) {
        assert_true(is_honest(&answers[i], i));
        assert_int_equal(failed[i].end, CHECKER_FAILED);
        assert_int_equal(garbage[i].end, CHECKER_MALFORMED);
    }
    arena_destroy(arena);
}

static void
checker_without_room_for_results_says_so(void **state)
{
    struct checker_answer answers[FILES] = {0};
    struct arena         *arena = arena_create(16);

    (void)state;
    run(arena, work_honestly, &limits, answers);
    for (size_t i = 0; i < FILES; i++) {
        assert_true(answers[i].end == CHECKER_MEMORY || answers[i].end == CHECKER_MALFORMED);
    }
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checker_answers_stand_in_the_order_of_the_files),
        cmocka_unit_test(checker_death_concerns_one_file_alone),
        cmocka_unit_test(checker_says_how_a_check_ended),
        cmocka_unit_test(checker_that_hangs_is_killed_at_its_deadline),
        cmocka_unit_test(checker_that_hangs_uses_up_its_processor_time),
        cmocka_unit_test(checker_leaves_no_descriptor_and_no_child),
        cmocka_unit_test(checker_run_here_says_the_same),
        cmocka_unit_test(checker_without_room_for_results_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
