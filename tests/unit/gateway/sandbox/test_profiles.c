#include "gateway/sandbox/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/*
 * What each role may do and what kills it: every deed is done in a child of its own that is caged
 * with the profile.
 */
enum {
    DONE = 7,    /* the deed was done */
    REFUSED = 8, /* the deed failed and the process lives */
    NOT_CAGED = 99,
    WRITTEN_MAX = 65536,
};

#define MIB ((size_t)1024 * 1024)

/* Open before the cage is closed. */
static int  talk[2] = {-1, -1}; /* SEQPACKET */
static int  blob = -1;          /* a sealed memfd */
static int  paper = -1;         /* a memfd to write to */
static int  listening = -1;
static char address_path[] = "/tmp/brama-profiles-XXXXXX";

static int
say(bool done)
{
    return done ? DONE : REFUSED;
}

/* ---- what checkers, and everybody else with links, do ---- */

static int
talk_over_a_link(void)
{
    char          byte = 'x';
    struct iovec  part = {&byte, 1};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    struct pollfd watched = {.fd = talk[1], .events = POLLIN};

    return say(sendmsg(talk[0], &message, MSG_NOSIGNAL) == 1 && poll(&watched, 1, 0) == 1
               && recvmsg(talk[1], &message, 0) == 1 && close(talk[1]) == 0);
}

static int
map_a_blob_to_read(void)
{
    struct stat status = {0};

    if (fcntl(blob, F_GET_SEALS) < 0 || fstat(blob, &status) != 0) {
        return REFUSED;
    }
    const char *bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, blob, 0);
    return say(bytes != MAP_FAILED && bytes[0] == 'b'
               && munmap((void *)bytes, (size_t)status.st_size) == 0);
}

static int
write_a_result(void)
{
    return say(write(paper, "result", 6) == 6);
}

static int
allocate(void)
{
    char *memory = malloc(8 * MIB);

    if (memory == NULL) {
        return REFUSED;
    }
    memset(memory, 1, 8 * MIB);
    free(memory);
    return DONE;
}

/* ---- more than that ---- */

static int
make_a_blob(void)
{
    int fd = (int)syscall(SYS_memfd_create, "x", (unsigned)(MFD_CLOEXEC | MFD_ALLOW_SEALING));

    return say(fd >= 0 && write(fd, "x", 1) == 1 && fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE) == 0);
}

static int
read_a_descriptor(void)
{
    char byte = 0;

    return say(pread(blob, &byte, 1, 0) == 1);
}

static int
serve_a_connection(void)
{
    struct epoll_event event = {.events = EPOLLIN};
    int                epoll = epoll_create1(EPOLL_CLOEXEC);

    return say(epoll >= 0 && epoll_ctl(epoll, EPOLL_CTL_ADD, listening, &event) == 0
               && epoll_wait(epoll, &event, 1, 0) == 0
               && accept4(listening, NULL, NULL, SOCK_CLOEXEC) == -1 && errno == EAGAIN);
}

static int
connect_to_a_local_socket(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int                fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    memcpy(address.sun_path, address_path, sizeof address_path);
    return say(fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0
               && send(fd, "x", 1, MSG_NOSIGNAL) == 1);
}

static int
ask_for_free_room(void)
{
    struct statvfs room;

    return say(statvfs("/tmp", &room) == 0);
}

static int
make_an_internet_socket(void)
{
    return say(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) >= 0);
}

static int
make_a_packet_socket(void)
{
    return say(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0) >= 0);
}

static int
open_a_file(void)
{
    return say(open("/etc/passwd", O_RDONLY | O_CLOEXEC) >= 0);
}

static int
look_for_a_file(void)
{
    struct stat status;

    return say(stat("/etc/passwd", &status) == 0);
}

static int
look_for_a_link(void)
{
    struct stat status;

    return say(lstat("/etc/passwd", &status) == 0);
}

static int
make_a_file(void)
{
    return say(open("/tmp/brama-profiles-made", O_WRONLY | O_CREAT | O_CLOEXEC, 0600) >= 0);
}

/* ---- what nobody may ---- */

static int
fork_a_process(void)
{
    return say(syscall(SYS_fork) >= 0);
}

static int
clone_a_process(void)
{
    return say(syscall(SYS_clone, 0, NULL, NULL, NULL, NULL) >= 0);
}

static int
execute_a_program(void)
{
    return say(syscall(SYS_execve, "/bin/true", NULL, NULL) == 0);
}

static int
trace_the_parent(void)
{
    return say(ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) == 0);
}

static int
signal_the_parent(void)
{
    return say(syscall(SYS_kill, getpid(), 0) == 0);
}

static int
signal_by_pidfd(void)
{
    return say(syscall(SYS_pidfd_open, getpid(), 0) >= 0);
}

static int
read_memory_of_another(void)
{
    char         byte = 0;
    struct iovec here = {&byte, 1};

    return say(process_vm_readv(getpid(), &here, 1, &here, 1, 0) == 1);
}

static int
map_executable_memory(void)
{
    return say(mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
               != MAP_FAILED);
}

static int
map_an_executable_descriptor(void)
{
    return say(mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, blob, 0) != MAP_FAILED);
}

static int
map_a_descriptor_writable(void)
{
    return say(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, paper, 0) != MAP_FAILED);
}

static int
make_memory_executable(void)
{
    return say(syscall(SYS_mprotect, NULL, (size_t)4096, PROT_READ | PROT_EXEC) == 0);
}

static int
become_dumpable(void)
{
    return say(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == 0);
}

static int
become_another_user(void)
{
    return say(syscall(SYS_setuid, 65534) == 0);
}

static int
raise_its_limits(void)
{
    return say(syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, NULL) == 0);
}

static int
remove_a_file(void)
{
    return say(unlink("/tmp/brama-profiles-made") == 0);
}

static int
use_io_uring(void)
{
    return say(syscall(SYS_io_uring_setup, 1, NULL) >= 0);
}

static int
listen_itself(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};

    return say(bind(talk[0], (struct sockaddr *)&address, sizeof address) == 0);
}

static int
mount_something(void)
{
    return say(syscall(SYS_mount, "none", "/tmp", "tmpfs", 0, NULL) == 0);
}

static int
exceed_its_file_size(void)
{
    static const char bytes[4096];

    for (size_t i = 0; i <= WRITTEN_MAX / sizeof bytes; i++) {
        if (write(paper, bytes, sizeof bytes) < 0) {
            return REFUSED;
        }
    }
    return DONE;
}

/* How a deed ends in a profile. */
enum outcome { OUT_DONE = DONE, OUT_REFUSED = REFUSED, OUT_KILLED };

struct deed {
    const char *name;
    int (*deed)(void);
    enum outcome want[SANDBOX_PROFILE_COUNT]; /* compute, checker, signer, front, worker, reader,
                                                 desk, courier */
};

#define D OUT_DONE
#define R OUT_REFUSED
#define K OUT_KILLED
#define ALL_KILLED             \
    {                          \
        K, K, K, K, K, K, K, K \
    }

static const struct deed deeds[] = {
    {"allocate",                         allocate,                     {D, D, D, D, D, D, D, D}},
    {"write a result",                   write_a_result,               {D, D, D, D, D, D, D, D}},
    {"talk over a link",                 talk_over_a_link,             {K, D, D, D, D, D, D, D}},
    {"map a blob to read",               map_a_blob_to_read,           {K, D, D, D, D, D, D, D}},
    {"make a blob",                      make_a_blob,                  {K, K, D, D, D, D, D, D}},
    {"read a descriptor",                read_a_descriptor,            {K, K, D, D, D, D, D, D}},
    {"serve a connection",               serve_a_connection,           {K, K, K, D, K, K, K, K}},
    {"connect to a local socket",        connect_to_a_local_socket,    {K, K, K, K, D, D, D, D}},
    {"ask for free room",                ask_for_free_room,            {K, K, K, K, D, D, D, D}},
    {"open a file",                      open_a_file,                  {K, K, K, K, R, R, R, D}},
    {"look for a file",                  look_for_a_file,              {K, K, K, K, R, R, R, D}},
    {"look for a link",                  look_for_a_link,              {K, K, K, K, R, R, R, R}},
    {"make a file",                      make_a_file,                  {K, K, K, K, R, R, R, R}},
    {"internet socket",                  make_an_internet_socket,      ALL_KILLED              },
    {"packet socket",                    make_a_packet_socket,         ALL_KILLED              },
    {"fork",                             fork_a_process,               ALL_KILLED              },
    {"clone",                            clone_a_process,              ALL_KILLED              },
    {"exec",                             execute_a_program,            ALL_KILLED              },
    {"ptrace",                           trace_the_parent,             ALL_KILLED              },
    {"kill",                             signal_the_parent,            ALL_KILLED              },
    {"pidfd_open",                       signal_by_pidfd,              ALL_KILLED              },
    {"process_vm_readv",                 read_memory_of_another,       ALL_KILLED              },
    {"mmap(PROT_EXEC)",                  map_executable_memory,        ALL_KILLED              },
    {"mmap(PROT_EXEC) of a descriptor",  map_an_executable_descriptor, ALL_KILLED              },
    {"mmap(PROT_WRITE) of a descriptor", map_a_descriptor_writable,    ALL_KILLED              },
    {"mprotect(PROT_EXEC)",              make_memory_executable,       ALL_KILLED              },
    {"prctl(PR_SET_DUMPABLE)",           become_dumpable,              ALL_KILLED              },
    {"setuid",                           become_another_user,          ALL_KILLED              },
    {"prlimit",                          raise_its_limits,             ALL_KILLED              },
    {"unlink",                           remove_a_file,                ALL_KILLED              },
    {"io_uring",                         use_io_uring,                 ALL_KILLED              },
    {"bind",                             listen_itself,                ALL_KILLED              },
    {"mount",                            mount_something,              ALL_KILLED              },
};

#undef D
#undef R
#undef K

static int
status_of(enum sandbox_profile profile, const struct sandbox_limits *limits, int (*deed)(void))
{
    int   status = 0;
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        (void)signal(SIGXFSZ, SIG_DFL);
        if (sandbox_enter_role(profile, limits, NULL) != ERR_OK) {
            _exit(NOT_CAGED);
        }
        _exit(deed());
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static enum outcome
outcome_of(int status)
{
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS) {
        return OUT_KILLED;
    }
    return WIFEXITED(status) ? (enum outcome)WEXITSTATUS(status) : (enum outcome)0;
}

/* A role has room for descriptors; who only computes may open none. */
static struct sandbox_limits
limits_of(enum sandbox_profile profile)
{
    return (struct sandbox_limits){.memory_max = 64 * MIB,
                                   .written_max = WRITTEN_MAX,
                                   .descriptors_max = profile == SANDBOX_COMPUTE ? 0 : 64};
}

static void
each_profile_does_its_work_and_nothing_else(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(deeds); i++) {
        for (int profile = 0; profile < SANDBOX_PROFILE_COUNT; profile++) {
            struct sandbox_limits limits = limits_of((enum sandbox_profile)profile);
            assert_int_equal(lseek(paper, 0, SEEK_SET), 0);
            int status = status_of((enum sandbox_profile)profile, &limits, deeds[i].deed);
            if (outcome_of(status) != deeds[i].want[profile]) {
                fail_msg("%s in profile %d: status %#x", deeds[i].name, profile, (unsigned)status);
            }
        }
    }
}

static void
only_who_has_a_database_may_be_given_tcp(void **state)
{
    static const enum outcome want[SANDBOX_PROFILE_COUNT] = {
        OUT_KILLED, OUT_KILLED, OUT_KILLED, OUT_KILLED, OUT_DONE, OUT_DONE, OUT_DONE, OUT_DONE};

    (void)state;
    for (int profile = SANDBOX_CHECKER; profile < SANDBOX_PROFILE_COUNT; profile++) {
        struct sandbox_limits limits = limits_of((enum sandbox_profile)profile);
        limits.tcp = true;
        assert_int_equal(
            outcome_of(status_of((enum sandbox_profile)profile, &limits, make_an_internet_socket)),
            want[profile]);
        assert_int_equal(
            outcome_of(status_of((enum sandbox_profile)profile, &limits, make_a_packet_socket)),
            OUT_KILLED);
    }
}

static int
take_more_descriptors_than_allowed(void)
{
    for (int i = 0; i < 64; i++) {
        int fd = (int)syscall(SYS_memfd_create, "x", 0U);
        if (fd < 0) {
            return errno == EMFILE && fd < 64 ? DONE : REFUSED;
        }
    }
    return REFUSED;
}

static void
limits_of_a_role_hold(void **state)
{
    struct sandbox_limits limits = limits_of(SANDBOX_SIGNER);

    (void)state;
    limits.descriptors_max = 32;
    assert_int_equal(
        outcome_of(status_of(SANDBOX_SIGNER, &limits, take_more_descriptors_than_allowed)),
        OUT_DONE);
    assert_int_equal(lseek(paper, 0, SEEK_SET), 0);
    int status = status_of(SANDBOX_CHECKER, &limits, exceed_its_file_size);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGXFSZ);
}

static int
open_all(void **state)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    (void)state;
    blob = memfd_create("blob", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    paper = memfd_create("paper", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int made = mkstemp(address_path); /* a name of our own */
    memcpy(address.sun_path, address_path, sizeof address_path);
    return made < 0 || close(made) != 0 || unlink(address_path) != 0 || write(blob, "blob", 4) != 4
           || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, talk) != 0
           || bind(listening, (struct sockaddr *)&address, sizeof address) != 0
           || listen(listening, 64) != 0;
}

static int
close_all(void **state)
{
    (void)state;
    return unlink(address_path) != 0 || close(blob) != 0 || close(paper) != 0
           || close(listening) != 0 || close(talk[0]) != 0 || close(talk[1]) != 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_who_has_a_database_may_be_given_tcp),
        cmocka_unit_test(limits_of_a_role_hold),
        cmocka_unit_test(each_profile_does_its_work_and_nothing_else),
    };

    return cmocka_run_group_tests(tests, open_all, close_all);
}
