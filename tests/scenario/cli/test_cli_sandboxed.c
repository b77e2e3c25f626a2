#include "tests/scenario/cli/program.h"
#include "tests/support/receipts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/*
 * No input makes a checker open a file or a socket: the real program runs under strace, and every
 * system call that a checker makes from its fork on is looked at.
 */
enum { ARENA_MAX = 512 * 1024 * 1024, CHILDREN_MAX = 64, FILES_MAX = 12 };

/* Between fork and cage: descriptors are put in order, limits set, the filter loaded. */
static const char *const before_cage[] = {
    "set_robust_list",
    "prctl",
    "getppid",
    "fcntl",
    "dup2",
    "close_range",
    "close",
    "rt_sigaction",
    "openat",
    "read",
    "prlimit64",
    "setrlimit",
    "getpid",
    "brk",
    "mmap",
    "munmap",
    "mprotect",
    "mremap",
    "madvise",
    "seccomp",
    "landlock_create_ruleset",
    "landlock_restrict_self",
    "sigaltstack",
    "gettid",
    "rt_sigprocmask",
    "rt_sigreturn",
    "futex",
    "rseq",
    "set_tid_address",
    "getrandom",
    "newfstatat",
    "fstat",
};

/* In the cage. What the sandbox allows beyond these, no file has made use of. */
static const char *const in_cage[] = {
    "brk",           "mmap",  "munmap",      "mremap",       "madvise",
    "write",         "futex", "gettid",      "getpid",       "exit_group",
    "clock_gettime", "time",  "getrandom",   "gettimeofday", "sigaltstack",
    "mprotect",      "prctl", "sched_yield", /* the sanitizers' own */
};

/* A process of the trace. */
struct traced {
    struct str pid;
    bool       caged;
};

struct trace {
    struct traced processes[CHILDREN_MAX];
    size_t        count;
    size_t        caged;
};

static bool
is_among(struct str name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_equal(name, str_of(names[i]))) {
            return true;
        }
    }
    return false;
}

static struct traced *
process_of(struct trace *trace, struct str pid)
{
    for (size_t i = 0; i < trace->count; i++) {
        if (str_equal(trace->processes[i].pid, pid)) {
            return &trace->processes[i];
        }
    }
    assert_true(trace->count < CHILDREN_MAX);
    trace->processes[trace->count] = (struct traced){.pid = pid};
    trace->count++;
    return &trace->processes[trace->count - 1];
}

/* One line of strace -f: "1234  openat(AT_FDCWD, ...". The first process is the parent. */
static void
look_at(struct trace *trace, struct str line)
{
    struct str rest = line;
    struct str pid = {0};
    struct str name = {0};

    if (!str_cut(&rest, ' ', &pid) || pid.size == 0) {
        return;
    }
    rest = str_trim(rest);
    struct traced *process = process_of(trace, pid);
    struct str     call = rest;
    if (process == &trace->processes[0] || !str_cut(&rest, '(', &name) || rest.data == NULL
        || call.data[0] == '<' || call.data[0] == '+' || call.data[0] == '-') {
        return; /* the parent; a signal, an end, the second half of a call seen before */
    }
    bool allowed = process->caged ? is_among(name, in_cage, ARRAY_COUNT(in_cage))
                                  : is_among(name, before_cage, ARRAY_COUNT(before_cage));
    if (str_equal(name, STR("openat")) && !program_says(call, "\"/proc/self/statm\"")) {
        allowed =
            false; /* how much memory is in use: the one thing that is read, before the cage */
    }
    if (!allowed) {
        fail_msg("%s: %.*s", process->caged ? "in the cage" : "before the cage", STR_ARG(call));
    }
    if (str_equal(name, STR("seccomp")) && program_says(call, "SECCOMP_SET_MODE_FILTER, ")
        && !program_says(call, "NULL")) {
        process->caged = true;
        trace->caged++;
    }
}

static bool
strace_works(struct arena *arena)
{
    struct program program = {
        .arguments = {"--help",     NULL},
        .tracer = { "strace", "-f", "-o", "/dev/null", NULL},
        .environment = "ASAN_OPTIONS=detect_leaks=0"
    };

    return program_run(arena, &program).exit_code == 0;
}

/* Inputs that ask an XML parser to fetch something, and some that it cannot read. */
static size_t
make_files(struct arena *arena, const char **paths)
{
    static const struct {
        const char *what;
        const char *with;
    } changes[] = {
        {"<PaczkaSprawozdan Wersja=\"0.3\">",               "<PaczkaSprawozdan Wersja=\"0.3\">"                                         },
        {"<PaczkaSprawozdan Wersja=\"0.3\">",
         "<PaczkaSprawozdan Wersja=\"0.3\" "
         "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
         "xsi:noNamespaceSchemaLocation=\"http://127.0.0.1/x.xsd\">"                                                                    },
        {"<PaczkaSprawozdan Wersja=\"0.3\">",
         "<PaczkaSprawozdan Wersja=\"0.3\" "
         "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
         "xsi:schemaLocation=\"urn:x file:///etc/passwd\">"                                                                             },
        {"<PaczkaSprawozdan Wersja=\"0.3\">",
         "<PaczkaSprawozdan Wersja=\"0.3\"><xi:include "
         "xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"/etc/passwd\" parse=\"text\"/>"                                           },
        {"<PaczkaSprawozdan Wersja=\"0.3\">",
         "<!DOCTYPE PaczkaSprawozdan SYSTEM \"http://127.0.0.1/x.dtd\">"
         "<PaczkaSprawozdan Wersja=\"0.3\">"                                                                                            },
        {"<PaczkaSprawozdan Wersja=\"0.3\">",
         "<?xml-stylesheet href=\"file:///etc/passwd\"?><PaczkaSprawozdan Wersja=\"0.3\">"                                              },
        {"<Nazwa>",                                         "<Nazwa>&plik;"                                                             },
        {"utf-8",                                           "iso-8859-2"                                                                },
        {"</PaczkaSprawozdan>",                             ""                                                                          },
        {"<PL>",                                            "<PL xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"1\">"},
        {"http://www.w3.org/TR/2001/REC-xml-c14n-20010315", "http://127.0.0.1/c14n"                                                     },
    };
    struct str sample = program_file(arena, PROGRAM_DOCHODY);
    size_t     count = 0;

    for (size_t i = 0; i < ARRAY_COUNT(changes); i++) {
        struct str changed = program_replace(arena, sample, changes[i].what, changes[i].with);
        paths[count++] = program_temporary(arena, changed);
    }
    return count;
}

/* Run brama under strace and look at every call of its children; false: it cannot be traced here.
 */
static bool
run_traced(struct arena *arena, const char *const *arguments, size_t count, struct trace *trace,
           struct program_result *got)
{
    const char    *log = program_temporary(arena, (struct str){0});
    struct program program = {
        .tracer = {"strace", "-f", "-o", log, NULL},
          .environment = "ASAN_OPTIONS=detect_leaks=0"
    };
    bool works = strace_works(arena);

    if (works) {
        memcpy(program.arguments, arguments, count * sizeof *arguments);
        *got = program_run(arena, &program);
        struct str rest = program_file(arena, log);
        for (struct str line = {0}; str_cut(&rest, '\n', &line);) {
            look_at(trace, line);
        }
    } else {
        print_error("strace cannot trace here: THE SANDBOX IS NOT LOOKED AT FROM OUTSIDE\n");
    }
    program_forget(log);
    return works;
}

static void
no_input_makes_a_checker_open_a_file_or_a_socket(void **state)
{
    struct arena         *arena = arena_create(ARENA_MAX);
    const char           *arguments[PROGRAM_ARGUMENTS_MAX] = {"validate", PROGRAM_TRUST, PROGRAM_AT,
                                                              "--json"};
    const size_t          options = 6;
    struct trace          trace = {0};
    struct program_result got = {0};
    size_t                count = make_files(arena, &arguments[options]);

    (void)state;
    bool traced = run_traced(arena, arguments, options + count, &trace, &got);
    for (size_t i = 0; i < count; i++) {
        program_forget(arguments[options + i]);
    }
    if (traced) {
        assert_int_equal(trace.count, count + 1);
        assert_int_equal(trace.caged, count);
        assert_int_equal(got.exit_code, 1);
        assert_false(program_says(got.err, "checker"));
    }
    arena_destroy(arena);
    if (!traced) {
        skip();
    }
}

/* A receipt may be anybody's file too. */
static void
a_receipt_is_read_in_the_cage(void **state)
{
    struct arena         *arena = arena_create(ARENA_MAX);
    struct receipts_seal  made = {0};
    struct seal          *seal = NULL;
    struct receipt_facts  facts = receipts_typical(arena);
    struct str            bytes = {0};
    struct fault          fault = {0};
    struct trace          trace = {0};
    struct program_result got = {0};

    (void)state;
    assert_int_equal(receipts_seal(arena, RECEIPTS_ECDSA, &made, &fault), ERR_OK);
    assert_int_equal(seal_create(arena, made.key, made.chain, &seal, &fault), ERR_OK);
    assert_int_equal(seal_receipt(arena, seal, &facts, RECEIPTS_MORNING, &bytes, &fault), ERR_OK);
    const char *receipt = program_temporary(arena, bytes);
    const char *trust = program_temporary(arena, made.root);
    const char *arguments[] = {"verify", receipt, "--trust", trust, "--offline"};
    bool        traced = run_traced(arena, arguments, ARRAY_COUNT(arguments), &trace, &got);
    program_forget(receipt);
    program_forget(trust);
    if (traced) {
        assert_int_equal(trace.count, 2);
        assert_int_equal(trace.caged, 1);
        assert_int_equal(got.exit_code, 0);
    }
    arena_destroy(arena);
    if (!traced) {
        skip();
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_input_makes_a_checker_open_a_file_or_a_socket),
        cmocka_unit_test(a_receipt_is_read_in_the_cage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
