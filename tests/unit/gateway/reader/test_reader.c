#include "gateway/reader/reader.h"
#include "gateway/wire/blob.h"
#include "gateway/wire/question.h"
#include "tests/support/expect.h"
#include "tests/unit/gateway/reader/world.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MEMORY = 64 * 1024 * 1024, WAIT_MS = 20000, BODY_MAX = 32 * 1024 * 1024 };

static struct world world;

/* The role in a process of its own, as the supervisor starts it. */
struct process {
    pid_t pid;
    int   control;
    int   front;
};

static int
begin(void **state)
{
    *state = cluster_start(CLUSTER_FAST);
    cluster_open_to_all(*state);
    world_begin(&world, *state, "role");
    return 0;
}

static int
end(void **state)
{
    world_end(&world);
    cluster_stop(*state);
    return 0;
}

static void
send_link(int control, int end)
{
    struct arena       *arena = arena_create(MEMORY);
    struct buf          body = buf_create(arena, WIRE_BODY_MAX);
    struct link         link = {.peer = ROLE_FRONT};
    struct wire_message message = {
        .kind = WIRE_LINK, .fds = {end, -1}
    };
    struct fault fault = {0};

    link_encode(&body, &link);
    message.body = buf_str(&body);
    assert_int_equal(wire_send(control, &message, &fault), ERR_OK);
    arena_destroy(arena);
}

/* The next message; what it brings lives in arena. */
static struct wire_message
receive(struct arena *arena, int socket)
{
    struct wire_message message = {
        .fds = {-1, -1}
    };
    enum wire_got got = WIRE_GOT_NOTHING;
    struct fault  fault = {0};
    int           index = -1;

    assert_int_equal(wire_wait(&socket, 1, WAIT_MS, &index, &fault), ERR_OK);
    assert_int_equal(index, 0);
    assert_int_equal(wire_receive(arena, socket, &message, &got, &fault), ERR_OK);
    assert_int_equal(got, WIRE_GOT_MESSAGE);
    return message;
}

static void
run_role(int control, const char *certificate)
{
    struct fault        fault = {0};
    struct config       config = world.config;
    struct role_context context = {.role = ROLE_READER,
                                   .control = control,
                                   .key = -1,
                                   .listen = -1,
                                   .health = -1,
                                   .config = &config,
                                   .arena = arena_create((size_t)512 * 1024 * 1024)};

    config.seal_certificate = str_of(certificate);
    _exit(reader_role(&context, &fault) == ERR_OK ? 0 : 9);
}

static struct process
start(const char *certificate)
{
    struct process process = {0};
    struct fault   fault = {0};
    int            control[2];
    int            front[2];
    struct arena  *arena = arena_create(MEMORY);

    assert_int_equal(wire_pair(control, &fault), ERR_OK);
    assert_int_equal(wire_pair(front, &fault), ERR_OK);
    process.pid = fork();
    assert_true(process.pid >= 0);
    if (process.pid == 0) {
        (void)close(control[0]);
        (void)close(front[0]);
        (void)close(front[1]);
        run_role(control[1], certificate);
    }
    (void)close(control[1]);
    process.control = control[0];
    process.front = front[0];
    struct wire_message ready = receive(arena, process.control);
    assert_int_equal(ready.kind, WIRE_READY);
    send_link(process.control, front[1]);
    (void)close(front[1]);
    arena_destroy(arena);
    return process;
}

static void
stop(struct process *process)
{
    struct wire_message message = {
        .kind = WIRE_STOP, .fds = {-1, -1}
    };
    struct fault fault = {0};
    int          status = -1;

    assert_int_equal(wire_send(process->control, &message, &fault), ERR_OK);
    assert_int_equal(waitpid(process->pid, &status, 0), process->pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    (void)close(process->control);
    (void)close(process->front);
}

static void
ask(int front, uint64_t handle, const char *target)
{
    struct arena   *arena = arena_create(MEMORY);
    struct buf      body = buf_create(arena, WIRE_BODY_MAX);
    struct str      query = str_of(target);
    struct question question = {.handle = handle, .kind = QUESTION_GET, .credential = 1};
    struct fault    fault = {0};

    (void)str_cut(&query, '?', &question.path);
    question.query = query;
    question_encode(&body, &question);
    struct wire_message message = {
        .kind = WIRE_QUESTION, .body = buf_str(&body), .fds = {-1, -1}
    };
    assert_int_equal(wire_send(front, &message, &fault), ERR_OK);
    arena_destroy(arena);
}

static void
ask_filed(int front, uint64_t handle, const char *id)
{
    struct arena   *arena = arena_create(MEMORY);
    struct buf      body = buf_create(arena, WIRE_BODY_MAX);
    struct question question = {
        .handle = handle, .kind = QUESTION_FILED, .credential = WORLD_GMINA};
    struct fault fault = {0};

    assert_true(uuid_parse(str_of(id), &question.id));
    question_encode(&body, &question);
    struct wire_message message = {
        .kind = WIRE_QUESTION, .body = buf_str(&body), .fds = {-1, -1}
    };
    assert_int_equal(wire_send(front, &message, &fault), ERR_OK);
    arena_destroy(arena);
}

static const char *
write_certificate(void)
{
    static char path[64];
    (void)snprintf(path, sizeof path, "/tmp/brama-test-reader-XXXXXX");
    int        fd = mkstemp(path);
    struct str pem = world.clerk.tools.seal_pem;

    assert_true(fd >= 0);
    assert_int_equal(write(fd, pem.data, pem.size), pem.size);
    (void)close(fd);
    return path;
}

static void
the_role_answers_in_order_and_long_answers_as_blobs(void **state)
{
    const char    *certificate = write_certificate();
    struct process process = start(certificate);
    struct arena  *arena = arena_create(MEMORY);
    struct fault   fault = {0};
    struct str     body = {0};

    (void)state;
    ask(process.front, 1, "/api/v1/submissions/" WORLD_PACKAGE);
    ask(process.front, 2, "/api/v1/openapi.json");
    ask(process.front, 3, "/api/v1/submissions/" WORLD_PACKAGE "/receipt?format=html");
    ask(process.front, 4, "/api/v1/keys");
    ask(process.front, 5, "/nowhere");
    const int status[] = {200, 200, 200, 200, 404};
    for (uint64_t handle = 1; handle <= ARRAY_COUNT(status); handle++) {
        struct wire_message message = receive(arena, process.front);
        struct reply        reply = {0};
        assert_int_equal(message.kind, WIRE_REPLY);
        assert_true(reply_decode(arena, message.body, &reply));
        assert_int_equal(reply.handle, handle);
        assert_int_equal(reply.status, status[handle - 1]);
        assert_int_equal(message.fds[0] >= 0, handle == 2);
        if (message.fds[0] >= 0) {
            assert_int_equal(blob_map(arena, message.fds[0], BODY_MAX, &body, &fault), ERR_OK);
        }
        wire_dispose(&message);
    }
    struct reply whole = world_get(&world, 1, "/api/v1/openapi.json");
    assert_true(str_equal(body, whole.body));
    arena_destroy(arena);
    stop(&process);
    (void)unlink(certificate);
}

/* As many as come at once, one more than are answered together, and another question among them. */
static void
a_burst_of_filings_is_answered_to_the_last(void **state)
{
    enum { GET_AT = CLERK_TOGETHER_MAX + 2, COUNT = CLERK_TOGETHER_MAX + 4 };
    const char    *certificate = write_certificate();
    struct process process = start(certificate);
    struct arena  *arena = arena_create(MEMORY);

    (void)state;
    assert_int_equal(kill(process.pid, SIGSTOP), 0); /* so that all are there when it looks */
    for (uint64_t handle = 1; handle <= COUNT; handle++) {
        if (handle == GET_AT) {
            ask(process.front, handle, "/api/v1/forms");
        } else {
            ask_filed(process.front, handle, handle % 3 == 0 ? WORLD_MISSING : WORLD_PACKAGE);
        }
    }
    assert_int_equal(kill(process.pid, SIGCONT), 0);
    for (uint64_t handle = 1; handle <= COUNT; handle++) {
        struct wire_message message = receive(arena, process.front);
        struct reply        reply = {0};
        assert_true(reply_decode(arena, message.body, &reply));
        assert_int_equal(reply.handle, handle);
        assert_int_equal(reply.status, handle == GET_AT ? 200 : handle % 3 == 0 ? 404 : 201);
        wire_dispose(&message);
    }
    arena_destroy(arena);
    stop(&process);
    (void)unlink(certificate);
}

/* Only its end makes the front ask another reader: a question must never stay unanswered. */
static void
what_is_no_question_ends_the_role(void **state)
{
    const char *certificate = write_certificate();

    (void)state;
    for (int kind = WIRE_READY; kind < WIRE_KIND_COUNT; kind++) {
        struct process      process = start(certificate);
        struct fault        fault = {0};
        int                 status = -1;
        struct wire_message nonsense = {
            .kind = (enum wire_kind)kind, .body = STR("nonsense"), .fds = {-1, -1}
        };
        assert_int_equal(wire_send(process.front, &nonsense, &fault), ERR_OK);
        assert_int_equal(waitpid(process.pid, &status, 0), process.pid);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 9);
        (void)close(process.control);
        (void)close(process.front);
    }
    (void)unlink(certificate);
}

/* A front that dies takes nothing from the next one. */
static void
the_role_outlives_a_dead_front(void **state)
{
    const char    *certificate = write_certificate();
    struct process process = start(certificate);
    struct arena  *arena = arena_create(MEMORY);
    struct fault   fault = {0};
    int            front[2];

    (void)state;
    ask(process.front, 1, "/api/v1/forms");
    (void)close(process.front);
    assert_int_equal(wire_pair(front, &fault), ERR_OK);
    process.front = front[0];
    send_link(process.control, front[1]);
    (void)close(front[1]);
    ask(process.front, 2, "/api/v1/submissions");
    struct wire_message message = receive(arena, process.front);
    struct reply        reply = {0};
    assert_true(reply_decode(arena, message.body, &reply));
    assert_int_equal(reply.handle, 2);
    assert_int_equal(reply.status, 200);
    wire_dispose(&message);
    arena_destroy(arena);
    stop(&process);
    (void)unlink(certificate);
}

static void
the_role_ends_with_its_supervisor(void **state)
{
    const char    *certificate = write_certificate();
    struct process process = start(certificate);
    int            status = -1;

    (void)state;
    (void)close(process.control);
    assert_int_equal(waitpid(process.pid, &status, 0), process.pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    (void)close(process.front);
    (void)unlink(certificate);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_role_answers_in_order_and_long_answers_as_blobs),
        cmocka_unit_test(a_burst_of_filings_is_answered_to_the_last),
        cmocka_unit_test(what_is_no_question_ends_the_role),
        cmocka_unit_test(the_role_outlives_a_dead_front),
        cmocka_unit_test(the_role_ends_with_its_supervisor),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
