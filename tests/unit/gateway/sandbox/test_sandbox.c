#include "gateway/sandbox/sandbox.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum {
    WRITTEN_MAX = 4096,
    DONE = 7, /* exit status of a deed that nothing stopped */
    NOT_CAGED = 99,
};

#define MIB ((size_t)1024 * 1024)
#define MEMORY_MAX (64 * MIB)

static int answer_fd = -1;

static void
open_a_file(void)
{
    (void)open("/etc/passwd", O_RDONLY | O_CLOEXEC);
}

static void
make_a_file(void)
{
    (void)open("/tmp/brama-sandbox-test", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
}

static void
read_a_descriptor(void)
{
    char byte = 0;

    (void)!read(answer_fd, &byte, 1);
}

static void
make_a_socket(void)
{
    (void)socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static void
make_a_local_socket(void)
{
    (void)socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static void
connect_a_descriptor(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    (void)connect(answer_fd, (struct sockaddr *)&address, sizeof address);
}

static void
send_a_message(void)
{
    struct msghdr message = {0};

    (void)sendmsg(answer_fd, &message, 0);
}

static void
fork_a_process(void)
{
    (void)syscall(SYS_fork);
}

static void
clone_a_thread(void)
{
    (void)syscall(SYS_clone, 0, NULL, NULL, NULL, NULL);
}

static void
execute_a_program(void)
{
    (void)syscall(SYS_execve, "/bin/true", NULL, NULL);
}

static void
trace_a_process(void)
{
    (void)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

static void
read_memory_of_another(void)
{
    char         byte = 0;
    struct iovec here = {&byte, 1};

    (void)process_vm_readv(getpid(), &here, 1, &here, 1, 0);
}

static void
make_memory_executable(void)
{
    (void)syscall(SYS_mprotect, NULL, (size_t)4096, PROT_READ | PROT_EXEC);
}

static void
map_executable_memory(void)
{
    (void)mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void
map_a_descriptor(void)
{
    (void)mmap(NULL, 4096, PROT_READ, MAP_SHARED, answer_fd, 0);
}

static void
kill_the_parent(void)
{
    (void)kill(getpid(), 0);
}

static void
signal_itself_with_another_signal(void)
{
    (void)syscall(SYS_tgkill, getpid(), gettid(), SIGTERM);
}

static void
raise_its_limits(void)
{
    (void)syscall(SYS_prlimit64, 0, 0, NULL, NULL);
}

static void
become_dumpable(void)
{
    (void)prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}

static void
make_a_memory_file(void)
{
    (void)syscall(SYS_memfd_create, "x", 0U);
}

static void
use_io_uring(void)
{
    (void)syscall(SYS_io_uring_setup, 1, NULL);
}

static void
ask_for_files_behind_the_list(void)
{
    (void)syscall(SYS_openat2, AT_FDCWD, "/etc/passwd", NULL, (size_t)0);
}

static void
call_through_another_abi(void)
{
    (void)syscall(SYS_getpid | 0x40000000); /* x32 on x86-64: a number outside the list elsewhere */
}

static void
compute_and_write(void)
{
    unsigned char   random[16];
    struct timespec now;
    char           *memory = malloc(8 * MIB);
    uint64_t        sum = 0;

    if (memory == NULL || getrandom(random, sizeof random, 0) != sizeof random
        || clock_gettime(CLOCK_MONOTONIC, &now) != 0) {
        _exit(1);
    }
    memset(memory, 1, 8 * MIB);
    for (size_t i = 0; i < 8 * MIB; i++) {
        sum += (unsigned char)memory[i];
    }
    free(memory);
    for (size_t i = 1; i < 1000; i++) {
        free(malloc(i * 100));
    }
    if (sum != 8 * MIB || write(answer_fd, "answer", 6) != 6) {
        _exit(1);
    }
}

static void
find_a_bug(void)
{
    ENSURE(answer_fd < 0);
}

static void
write_all_it_may(void)
{
    char bytes[WRITTEN_MAX] = {0};

    if (write(answer_fd, bytes, sizeof bytes) != sizeof bytes) {
        _exit(1);
    }
}

static void
write_one_byte_too_many(void)
{
    write_all_it_may();
    (void)!write(answer_fd, "x", 1);
}

static void
spin_for_ever(void)
{
    for (volatile uint64_t i = 0;; i++) {
    }
}

/* What becomes of a process that does the deed in the sandbox: its wait status. */
static int
status_of(void (*deed)(void))
{
    const struct sandbox_limits limits = {
        .memory_max = MEMORY_MAX, .cpu_seconds = 1, .written_max = WRITTEN_MAX};
    int   status = 0;
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        (void)signal(SIGXFSZ, SIG_DFL);
        (void)dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);
        if (sandbox_enter(&limits, NULL) != ERR_OK) {
            _exit(NOT_CAGED);
        }
        deed();
        _exit(DONE);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void
sandbox_kills_whoever_does_more_than_compute(void **state)
{
    static const struct {
        const char *name;
        void (*deed)(void);
        int signal;
    } deeds[] = {
        {"open a file",                 open_a_file,                       SIGSYS },
        {"make a file",                 make_a_file,                       SIGSYS },
        {"read a descriptor",           read_a_descriptor,                 SIGSYS },
        {"internet socket",             make_a_socket,                     SIGSYS },
        {"local socket",                make_a_local_socket,               SIGSYS },
        {"connect",                     connect_a_descriptor,              SIGSYS },
        {"sendmsg",                     send_a_message,                    SIGSYS },
        {"fork",                        fork_a_process,                    SIGSYS },
        {"clone",                       clone_a_thread,                    SIGSYS },
        {"exec",                        execute_a_program,                 SIGSYS },
        {"ptrace",                      trace_a_process,                   SIGSYS },
        {"process_vm_readv",            read_memory_of_another,            SIGSYS },
        {"mprotect(PROT_EXEC)",         make_memory_executable,            SIGSYS },
        {"mmap(PROT_EXEC)",             map_executable_memory,             SIGSYS },
        {"mmap of a descriptor",        map_a_descriptor,                  SIGSYS },
        {"kill",                        kill_the_parent,                   SIGSYS },
        {"tgkill with another signal",  signal_itself_with_another_signal, SIGSYS },
        {"prlimit",                     raise_its_limits,                  SIGSYS },
        {"prctl(PR_SET_DUMPABLE)",      become_dumpable,                   SIGSYS },
        {"memfd_create",                make_a_memory_file,                SIGSYS },
        {"io_uring",                    use_io_uring,                      SIGSYS },
        {"openat2",                     ask_for_files_behind_the_list,     SIGSYS },
        {"system call of another ABI",  call_through_another_abi,          SIGSYS },
        {"a failed ENSURE says so",     find_a_bug,                        SIGABRT},
        {"one byte beyond written_max", write_one_byte_too_many,           SIGXFSZ},
        {"processor time used up",      spin_for_ever,                     SIGXCPU},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(deeds); i++) {
        assert_int_equal(ftruncate(answer_fd, 0), 0);
        assert_int_equal(lseek(answer_fd, 0, SEEK_SET), 0);
        int status = status_of(deeds[i].deed);
        /* At the limit of processor time, soft and hard at once, the kernel may send either. */
        bool killed = WIFSIGNALED(status)
                      && (WTERMSIG(status) == deeds[i].signal
                          || (deeds[i].signal == SIGXCPU && WTERMSIG(status) == SIGKILL));
        if (!killed) {
            fail_msg("%s: status %#x", deeds[i].name, (unsigned)status);
        }
    }
}

static void
sandbox_lets_compute_allocate_and_write(void **state)
{
    static const struct {
        const char *name;
        void (*deed)(void);
        off_t written;
    } deeds[] = {
        {"compute and write",         compute_and_write, 6          },
        {"write exactly written_max", write_all_it_may,  WRITTEN_MAX},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(deeds); i++) {
        assert_int_equal(ftruncate(answer_fd, 0), 0);
        assert_int_equal(lseek(answer_fd, 0, SEEK_SET), 0);
        int status = status_of(deeds[i].deed);
        if (!WIFEXITED(status) || WEXITSTATUS(status) != DONE
            || lseek(answer_fd, 0, SEEK_END) != deeds[i].written) {
            fail_msg("%s: status %#x", deeds[i].name, (unsigned)status);
        }
    }
}

static void
take_memory_below_the_ceiling(void)
{
    _exit(malloc(MEMORY_MAX - 4 * MIB) == NULL ? 1 : DONE);
}

static void
take_memory_above_the_ceiling(void)
{
    _exit(malloc(MEMORY_MAX + MIB) == NULL ? DONE : 1);
}

static void
sandbox_bounds_memory_except_under_sanitizers(void **state)
{
    int below = status_of(take_memory_below_the_ceiling);
    int above = status_of(take_memory_above_the_ceiling);

    (void)state;
    assert_true(WIFEXITED(below) && WEXITSTATUS(below) == DONE);
    assert_true(WIFEXITED(above));
    assert_int_equal(WEXITSTATUS(above), sandbox_bounds_memory() ? DONE : 1);
}

static int
open_answer(void **state)
{
    (void)state;
    answer_fd = memfd_create("answer", MFD_CLOEXEC);
    return answer_fd < 0;
}

static int
close_answer(void **state)
{
    (void)state;
    return close(answer_fd);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sandbox_kills_whoever_does_more_than_compute),
        cmocka_unit_test(sandbox_lets_compute_allocate_and_write),
        cmocka_unit_test(sandbox_bounds_memory_except_under_sanitizers),
    };

    return cmocka_run_group_tests(tests, open_answer, close_answer);
}
