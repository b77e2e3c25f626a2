#include "gateway/bramad/announcement.h"
#include "gateway/bramad/listening.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { PATH_SIZE = 160 };

static const struct process_user nobody_else = {0};

static char folder[] = "/tmp/brama-listening-XXXXXX";
static char path[PATH_SIZE];

static void
in_folder(const char *name)
{
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
}

static int
connect_there(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int                fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    memcpy(address.sun_path, path, strlen(path));
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        (void)close(fd);
        return -1;
    }
    return fd;
}

static void
listening_unix_lets_owner_and_group_in_and_nobody_else(void **state)
{
    struct stat status = {0};
    int         fd = -1;

    (void)state;
    in_folder("socket");
    assert_int_equal(listening_unix(str_of(path), &nobody_else, STR(""), &fd, NULL), ERR_OK);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0660);
    assert_int_equal(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
    assert_int_equal(fcntl(fd, F_GETFL) & O_NONBLOCK, O_NONBLOCK);
    int client = connect_there();
    assert_true(client >= 0);
    (void)close(client);
    (void)close(fd);
    (void)unlink(path);
}

static void
listening_unix_replaces_a_stale_socket_only(void **state)
{
    struct fault fault = {0};
    int          first = -1;
    int          second = -1;

    (void)state;
    in_folder("stale");
    assert_int_equal(listening_unix(str_of(path), &nobody_else, STR(""), &first, &fault), ERR_OK);
    assert_int_equal(listening_unix(str_of(path), &nobody_else, STR(""), &second, &fault),
                     ERR_CONFIG);
    assert_non_null(strstr(fault.text, "już ktoś nasłuchuje"));
    assert_int_equal(second, -1);
    (void)close(first); /* as a bramad that was killed leaves it */
    assert_int_equal(listening_unix(str_of(path), &nobody_else, STR(""), &second, &fault), ERR_OK);
    (void)close(second);
    (void)unlink(path);
}

/* A front of a supervisor that was killed, which dies when it has been met. */
static pid_t
leave_orphan(int listening)
{
    pid_t orphan = fork();

    if (orphan == 0) {
        struct pollfd asked = {.fd = listening, .events = POLLIN};
        _exit(poll(&asked, 1, -1) == 1 ? 0 : 1);
    }
    (void)close(listening);
    return orphan;
}

static void
listening_unix_waits_for_orphans_to_end(void **state)
{
    struct fault fault = {0};
    int          first = -1;
    int          second = -1;
    int          status = -1;

    (void)state;
    in_folder("orphan");
    assert_int_equal(listening_unix(str_of(path), &nobody_else, STR(""), &first, &fault), ERR_OK);
    pid_t orphan = leave_orphan(first);
    assert_true(orphan > 0);
    assert_int_equal(listening_unix(str_of(path), &nobody_else, STR(""), &second, &fault), ERR_OK);
    assert_int_equal(waitpid(orphan, &status, 0), orphan);
    assert_int_equal(status, 0);
    (void)close(second);
    (void)unlink(path);
}

static void
listening_unix_refuses(void **state)
{
    char long_path[PATH_SIZE] = "/tmp/";
    int  fd = -1;

    (void)state;
    memset(long_path + 5, 'x', 120);
    in_folder("file");
    int file = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    assert_true(file >= 0);
    (void)close(file);
    assert_int_equal(listening_unix(str_of(path), &nobody_else, STR(""), &fd, NULL), ERR_CONFIG);
    assert_int_equal(access(path, F_OK), 0); /* it is somebody's file */
    (void)unlink(path);
    assert_int_equal(listening_unix(str_of(long_path), &nobody_else, STR(""), &fd, NULL),
                     ERR_CONFIG);
    assert_int_equal(listening_unix(STR("/nonexistent/socket"), &nobody_else, STR(""), &fd, NULL),
                     ERR_CONFIG);
    in_folder("grouped");
    assert_int_equal(
        listening_unix(str_of(path), &nobody_else, STR("no-such-group-here"), &fd, NULL),
        ERR_CONFIG);
    (void)unlink(path);
    assert_int_equal(fd, -1);
}

static void
listening_tcp_follows_the_table(void **state)
{
    static const struct {
        struct str address;
        enum err   want;
    } cases[] = {
        {STR_INIT("127.0.0.1:0"),     ERR_OK    },
        {STR_INIT("127.0.0.1"),       ERR_CONFIG},
        {STR_INIT("127.0.0.1:"),      ERR_CONFIG},
        {STR_INIT("127.0.0.1:65536"), ERR_CONFIG},
        {STR_INIT("127.0.0.1:-1"),    ERR_CONFIG},
        {STR_INIT("localhost:0"),     ERR_CONFIG},
        {STR_INIT(":0"),              ERR_CONFIG},
        {STR_INIT(""),                ERR_CONFIG},
        {STR_INIT("[127.0.0.1:0"),    ERR_CONFIG},
        {STR_INIT("192.0.2.1:0"),     ERR_CONFIG}, /* not ours */
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        int      fd = -1;
        unsigned port = 0;
        enum err got = listening_tcp(cases[i].address, &fd, &port, NULL);
        if (got != cases[i].want || (got == ERR_OK) != (fd >= 0 && port > 0)) {
            fail_msg("%.*s: %s", STR_ARG(cases[i].address), err_name(got));
        }
        if (fd >= 0) {
            int      again = -1;
            unsigned same = 0;
            char     text[32];
            int      size = snprintf(text, sizeof text, "127.0.0.1:%u", port);
            assert_int_equal(listening_tcp((struct str){text, (size_t)size}, &again, &same, NULL),
                             ERR_CONFIG);
            (void)close(fd);
        }
    }
}

static void
a_second_bramad_on_one_state_folder_is_refused(void **state)
{
    struct fault fault = {0};
    int          first = -1;
    int          second = -1;

    (void)state;
    assert_int_equal(listening_lock(str_of(folder), &first, &fault), ERR_OK);
    assert_int_equal(listening_lock(str_of(folder), &second, &fault), ERR_CONFIG);
    assert_non_null(strstr(fault.text, "działa już inny bramad"));
    (void)close(first); /* also when it was killed */
    assert_int_equal(listening_lock(str_of(folder), &second, &fault), ERR_OK);
    (void)close(second);
    assert_int_equal(listening_lock(STR("/nonexistent"), &second, &fault), ERR_CONFIG);
    in_folder("bramad.lock");
    (void)unlink(path);
}

static int
service_manager(const char *name, socklen_t size)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int                fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    memcpy(address.sun_path, name, size);
    assert_int_equal(bind(fd, (struct sockaddr *)&address,
                          (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size)),
                     0);
    return fd;
}

static void
assert_told(int fd, const char *want)
{
    char    text[64] = "";
    ssize_t size = recv(fd, text, sizeof text - 1, 0);

    assert_true(size > 0);
    assert_string_equal(text, want);
    (void)close(fd);
}

static void
announcement_reaches_a_path_and_an_abstract_name(void **state)
{
    char abstract[PATH_SIZE];

    (void)state;
    in_folder("notify");
    int fd = service_manager(path, (socklen_t)strlen(path));
    assert_int_equal(announcement_notify(path, "READY=1", NULL), ERR_OK);
    assert_told(fd, "READY=1");
    (void)unlink(path);

    int size = snprintf(abstract, sizeof abstract, "@brama-test-%d", (int)getpid());
    abstract[0] = '\0';
    fd = service_manager(abstract, (socklen_t)size);
    abstract[0] = '@';
    assert_int_equal(announcement_notify(abstract, "STOPPING=1", NULL), ERR_OK);
    assert_told(fd, "STOPPING=1");
}

static void
announcement_to_nobody_is_no_failure_and_to_nonsense_is(void **state)
{
    char too_long[PATH_SIZE] = "/";

    (void)state;
    memset(too_long + 1, 'x', 120);
    assert_int_equal(announcement_notify(NULL, "READY=1", NULL), ERR_OK);
    assert_int_equal(announcement_notify("", "READY=1", NULL), ERR_OK);
    assert_int_equal(announcement_notify("relative", "READY=1", NULL), ERR_USAGE);
    assert_int_equal(announcement_notify(too_long, "READY=1", NULL), ERR_USAGE);
    assert_int_equal(announcement_notify("/nonexistent/notify", "READY=1", NULL), ERR_SYSTEM);
}

static void
announcement_ready_line_is_the_port_and_then_the_end(void **state)
{
    int  ends[2];
    char text[16] = "";

    (void)state;
    announcement_ready_line(-1, 9470); /* nobody waits */
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    announcement_ready_line(ends[1], 9470);
    assert_int_equal(read(ends[0], text, sizeof text - 1), 5);
    assert_string_equal(text, "9470\n");
    assert_int_equal(read(ends[0], text, 1), 0);
    (void)close(ends[0]);
}

static int
make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL;
}

static int
remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(listening_unix_lets_owner_and_group_in_and_nobody_else),
        cmocka_unit_test(listening_unix_replaces_a_stale_socket_only),
        cmocka_unit_test(listening_unix_waits_for_orphans_to_end),
        cmocka_unit_test(listening_unix_refuses),
        cmocka_unit_test(listening_tcp_follows_the_table),
        cmocka_unit_test(a_second_bramad_on_one_state_folder_is_refused),
        cmocka_unit_test(announcement_reaches_a_path_and_an_abstract_name),
        cmocka_unit_test(announcement_to_nobody_is_no_failure_and_to_nonsense_is),
        cmocka_unit_test(announcement_ready_line_is_the_port_and_then_the_end),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
