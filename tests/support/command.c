#include "tests/support/command.h"

#include "validators/base/ensure.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PIECE = 4096 };

static int
file_of(struct str bytes)
{
    int fd = memfd_create("brama-command", MFD_CLOEXEC);

    ENSURE(fd >= 0);
    while (bytes.size > 0) {
        ssize_t written = write(fd, bytes.data, bytes.size);
        ENSURE(written > 0);
        bytes = str_slice(bytes, (size_t)written, bytes.size);
    }
    ENSURE(lseek(fd, 0, SEEK_SET) == 0);
    return fd;
}

static void
take(struct buf *out, int fd)
{
    char    piece[PIECE];
    ssize_t got = 0;

    ENSURE(lseek(fd, 0, SEEK_SET) == 0);
    while ((got = read(fd, piece, sizeof piece)) > 0) {
        buf_append(out, (struct str){piece, (size_t)got});
    }
    ENSURE(got == 0);
}

int
command_run(const char *const *words, struct str input, struct buf *out)
{
    int   in_fd = file_of(input);
    int   out_fd = file_of((struct str){0});
    int   status = 0;
    pid_t child = fork();

    ENSURE(child >= 0);
    if (child == 0) {
        if (dup2(in_fd, STDIN_FILENO) == STDIN_FILENO
            && dup2(out_fd, STDOUT_FILENO) == STDOUT_FILENO) {
            (void)execvp(words[0], (char *const *)words); /* its words stay as they are */
        }
        _exit(COMMAND_CANNOT_RUN);
    }
    ENSURE(waitpid(child, &status, 0) == child);
    if (out != NULL) {
        take(out, out_fd);
    }
    ENSURE(close(in_fd) == 0 && close(out_fd) == 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
