#include "tests/support/command.h"
#include "tests/support/expect.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <unistd.h>

/* What the scripts of ops/ say before they build or start anything. */
enum { ARENA_MAX = 1024 * 1024, OUTPUT_MAX = 64 * 1024 };

/* Both streams of ops/run with two arguments; its exit code. */
static int
run(const char *option, const char *value, const char *folder, struct buf *out)
{
    const char *const words[] = {
        "bash", "-c", "exec \"$0\" \"$@\" 2>&1", "ops/run", "--state", folder, option, value, NULL};

    return command_run(words, (struct str){0}, out);
}

/* A socket that listens on a free port of 127.0.0.1. */
static int
listen_somewhere(int *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t          size = sizeof address;
    int                end = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(end >= 0);
    assert_int_equal(bind(end, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(end, 1), 0);
    assert_int_equal(getsockname(end, (struct sockaddr *)&address, &size), 0);
    *port = ntohs(address.sin_port);
    return end;
}

static void
a_port_that_is_taken_is_named_with_its_holder(void **state)
{
    char          folder[] = "/tmp/brama-test-run.XXXXXX";
    struct arena *arena = arena_create(ARENA_MAX);
    struct buf    out = buf_create(arena, OUTPUT_MAX);
    int           port = 0;
    int           end = listen_somewhere(&port);

    (void)state;
    assert_non_null(mkdtemp(folder));
    int code = run("--port", str_format(arena, "%d", port).data, folder, &out);
    buf_byte(&out, '\0');
    assert_int_equal(code, 1);
    assert_non_null(strstr(out.data, str_format(arena, "port %d jest zajęty przez", port).data));
    assert_non_null(strstr(out.data, str_format(arena, "(proces %d)", (int)getpid()).data));
    assert_non_null(strstr(out.data, "--port N"));
    (void)close(end);
    assert_int_equal(unlink(str_format(arena, "%s/lock", folder).data), 0);
    assert_int_equal(rmdir(folder), 0); /* nothing was begun in it */
    arena_destroy(arena);
}

static void
what_is_no_port_or_no_option_is_refused(void **state)
{
    static const struct {
        const char *option;
        const char *value;
        const char *wanted;
    } cases[] = {
        {"--port",  "0",      "--port: 0 to nie jest numer portu"     },
        {"--port",  "65536",  "--port: 65536 to nie jest numer portu" },
        {"--port",  "100000", "--port: 100000 to nie jest numer portu"},
        {"--port",  "-1",     "--port: -1 to nie jest numer portu"    },
        {"--port",  "84x3",   "--port: 84x3 to nie jest numer portu"  },
        {"--port",  NULL,     "po --port brakuje wartości"           },
        {"--ports", "1",      "nieznana opcja --ports"                },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena *arena = arena_create(ARENA_MAX);
        struct buf    out = buf_create(arena, OUTPUT_MAX);
        int           code = run(cases[i].option, cases[i].value, "/nonexistent", &out);

        buf_byte(&out, '\0');
        EXPECT(code == 2, cases[i].wanted);
        EXPECT(strstr(out.data, cases[i].wanted) != NULL, cases[i].wanted);
        arena_destroy(arena);
    }
}

static void
a_folder_that_cannot_be_made_is_not_called_taken(void **state)
{
    struct arena *arena = arena_create(ARENA_MAX);
    struct buf    out = buf_create(arena, OUTPUT_MAX);
    int           code = run("--port", "8443", "/dev/null/brama", &out);

    (void)state;
    buf_byte(&out, '\0');
    assert_int_equal(code, 1);
    assert_non_null(strstr(out.data, "nie można utworzyć katalogu /dev/null/brama"));
    assert_null(strstr(out.data, "działa już"));
    arena_destroy(arena);
}

static void
a_second_run_is_told_which_process_is_the_first(void **state)
{
    char          folder[] = "/tmp/brama-test-run.XXXXXX";
    struct arena *arena = arena_create(ARENA_MAX);
    struct buf    out = buf_create(arena, OUTPUT_MAX);

    (void)state;
    assert_non_null(mkdtemp(folder));
    const char *lock = str_format(arena, "%s/lock", folder).data;
    struct str  text = str_format(arena, "%d\n", (int)getpid());
    int         held = open(lock, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    assert_int_equal(write(held, text.data, text.size), text.size);
    assert_int_equal(flock(held, LOCK_EX), 0);
    int code = run("--port", "8443", folder, &out);
    buf_byte(&out, '\0');
    assert_int_equal(code, 1);
    assert_non_null(strstr(out.data, "działa już inne ops/run (proces "));
    assert_non_null(strstr(out.data, str_format(arena, "albo kill %d)", (int)getpid()).data));
    (void)close(held);
    assert_int_equal(unlink(lock), 0);
    assert_int_equal(rmdir(folder), 0);
    arena_destroy(arena);
}

/* What stands for bramad and nginx waits for a line that never comes; a third is nobody's of ours.
 */
static const char leftovers[] =
    "state=$1; log=$1; . ops/run.d/machine.sh\n"
    "mkdir \"$state/bin\"; mkfifo \"$state/silence\"\n"
    "printf '#!/bin/sh\\nread line <%s\\n' \"$state/silence\" >\"$state/bin/bramad\"\n"
    "chmod 755 \"$state/bin/bramad\"\n"
    "\"$state/bin/bramad\" --config \"$state/bramad.conf\" & ours=$!\n"
    "\"$state/bin/bramad\" --config \"$state/other.conf\" & other=$!\n"
    "for pid in $ours $other; do\n"
    "    until grep -q \"$state/[a-z]*.conf\" \"/proc/$pid/cmdline\"; do :; done\n"
    "done\n"
    "end_leftovers 2>&1\n"
    "kill -0 $ours 2>/dev/null && echo 'ours lives'\n"
    "kill -0 $other && echo 'other lives'; kill $other; wait $other\n"
    "echo \"ours $ours\"; rm -r \"$state\"\n";

static void
what_a_killed_run_has_left_is_ended_and_nothing_else(void **state)
{
    char              folder[] = "/tmp/brama-test-run.XXXXXX";
    struct arena     *arena = arena_create(ARENA_MAX);
    struct buf        out = buf_create(arena, OUTPUT_MAX);
    const char *const words[] = {"bash", "-c", leftovers, "bash", folder, NULL};

    (void)state;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(command_run(words, (struct str){0}, &out), 0);
    buf_byte(&out, '\0');
    const char *told = strstr(out.data, "kończę bramad (proces ");
    const char *ours = strstr(out.data, "ours ");
    assert_non_null(told);
    assert_non_null(ours);
    assert_int_equal(strtol(told + strlen("kończę bramad (proces "), NULL, 10),
                     strtol(ours + strlen("ours "), NULL, 10));
    assert_null(strstr(told + 1, "kończę "));
    assert_non_null(strstr(out.data, "other lives"));
    assert_null(strstr(out.data, "ours lives"));
    arena_destroy(arena);
}

/* Asking how a script is used starts nothing, and neither does a mistyped option. */
static void
every_script_tells_its_use_and_refuses_what_it_does_not_know(void **state)
{
    static const char *const scripts[] = {"run",      "build", "test",  "install",
                                          "coverage", "fuzz",  "bench", "proof"};
    static const struct {
        const char *argument;
        int         code;
        const char *wanted;
    } cases[] = {
        {"--help", 0, "Użycie: ops/%s"},
        {"-h",     0, "Użycie: ops/%s"},
        {"--zle",  2, "ops/%s --help"  },
        {"zle",    2, "ops/%s --help"  },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(scripts); i++) {
        for (size_t j = 0; j < ARRAY_COUNT(cases); j++) {
            struct arena     *arena = arena_create(ARENA_MAX);
            struct buf        out = buf_create(arena, OUTPUT_MAX);
            const char       *script = str_format(arena, "ops/%s", scripts[i]).data;
            const char *const words[] = {
                "bash", "-c", "exec \"$0\" \"$@\" 2>&1", script, cases[j].argument, NULL};
            int code = command_run(words, (struct str){0}, &out);
            buf_byte(&out, '\0');
            const char *end = strstr(cases[j].wanted, "%s");
            struct str  wanted = str_format(arena, "%.*s%s%s", (int)(end - cases[j].wanted),
                                            cases[j].wanted, scripts[i], end + 2);
            EXPECT(code == cases[j].code, wanted.data);
            EXPECT(strstr(out.data, wanted.data) != NULL, wanted.data);
            arena_destroy(arena);
        }
    }
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_port_that_is_taken_is_named_with_its_holder),
        cmocka_unit_test(what_is_no_port_or_no_option_is_refused),
        cmocka_unit_test(a_folder_that_cannot_be_made_is_not_called_taken),
        cmocka_unit_test(a_second_run_is_told_which_process_is_the_first),
        cmocka_unit_test(what_a_killed_run_has_left_is_ended_and_nothing_else),
        cmocka_unit_test(every_script_tells_its_use_and_refuses_what_it_does_not_know),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
