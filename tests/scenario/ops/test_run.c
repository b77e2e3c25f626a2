#include "tests/support/command.h"
#include "tests/support/expect.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* What ops/run says before it builds or starts anything. */
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

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_port_that_is_taken_is_named_with_its_holder),
        cmocka_unit_test(what_is_no_port_or_no_option_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
