#include "tests/scenario/cli/program.h"

#include <fcntl.h>
#include <pty.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { WORDS_MAX = 2 * PROGRAM_ARGUMENTS_MAX + 2, PIECE = 65536, CANNOT_RUN = 126 };

bool
program_says(struct str text, const char *what)
{
    return text.size > 0 && memmem(text.data, text.size, what, strlen(what)) != NULL;
}

static struct str
bytes_of(struct arena *arena, int fd)
{
    struct buf out = buf_create(arena, (size_t)64 * 1024 * 1024);
    char      *piece = ARENA_NEW(arena, char, PIECE);
    ssize_t    got = 0;

    assert_int_not_equal(lseek(fd, 0, SEEK_SET), -1);
    while ((got = read(fd, piece, PIECE)) > 0) {
        buf_append(&out, (struct str){piece, (size_t)got});
    }
    buf_byte(&out, '\0');
    assert_true(buf_ok(&out));
    return (struct str){out.data, out.size - 1};
}

struct str
program_file(struct arena *arena, const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    assert_true(fd >= 0);
    struct str bytes = bytes_of(arena, fd);
    assert_int_equal(close(fd), 0);
    return bytes;
}

const char *
program_temporary(struct arena *arena, struct str bytes)
{
    static const char pattern[] = "/tmp/brama-scenario-XXXXXX";
    char             *path = ARENA_NEW(arena, char, sizeof pattern);

    assert_non_null(path);
    memcpy(path, pattern, sizeof pattern);
    int fd = mkostemp(path, O_CLOEXEC);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes.data, bytes.size), (ssize_t)bytes.size);
    assert_int_equal(close(fd), 0);
    return path;
}

void
program_forget(const char *path)
{
    assert_int_equal(unlink(path), 0);
}

struct str
program_replace(struct arena *arena, struct str text, const char *what, const char *with)
{
    const char *at = memmem(text.data, text.size, what, strlen(what));
    struct buf  out = buf_create(arena, text.size + strlen(with));

    assert_non_null(at);
    size_t before = (size_t)(at - text.data);
    buf_append(&out, str_slice(text, 0, before));
    buf_append(&out, str_of(with));
    buf_append(&out, str_slice(text, before + strlen(what), text.size));
    assert_true(buf_ok(&out));
    return buf_str(&out);
}

/* execvp promises not to change its words, but does not say so in its type. */
static char *
word(const char *text)
{
    char *copy = strdup(text);

    assert_non_null(copy);
    return copy;
}

static _Noreturn void
become(const struct program *program, int out, int err)
{
    char  *words[WORDS_MAX] = {0};
    size_t count = 0;
    int    in = open(program->input == NULL ? "/dev/null" : program->input, O_RDONLY | O_CLOEXEC);

    for (size_t i = 0; program->tracer[i] != NULL; i++) {
        words[count++] = word(program->tracer[i]);
    }
    words[count++] = word(BRAMA_PROGRAM);
    for (size_t i = 0; program->arguments[i] != NULL; i++) {
        words[count++] = word(program->arguments[i]);
    }
    if (dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0
        || dup2(err, STDERR_FILENO) < 0) {
        _exit(CANNOT_RUN);
    }
    if (program->environment != NULL) {
        (void)putenv(program->environment); /* NOLINT(concurrency-mt-unsafe): one thread */
    }
    (void)execvp(words[0], words);
    _exit(CANNOT_RUN);
}

/* What arrives at the other end of a terminal, until the program has closed its end. */
static void
drain(int terminal, int into)
{
    char    piece[4096];
    ssize_t got = 0;

    while ((got = read(terminal, piece, sizeof piece)) > 0) { /* EIO at the end */
        assert_int_equal(write(into, piece, (size_t)got), got);
    }
}

struct program_result
program_run(struct arena *arena, const struct program *program)
{
    int status = 0;
    int terminal = -1;
    int out = memfd_create("out", MFD_CLOEXEC);
    int err = memfd_create("err", MFD_CLOEXEC);
    int shown = out;

    assert_true(out >= 0 && err >= 0);
    if (program->on_terminal) {
        assert_int_equal(openpty(&terminal, &shown, NULL, NULL, NULL), 0);
    }
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        become(program, shown, err);
    }
    if (program->on_terminal) {
        assert_int_equal(close(shown), 0);
        drain(terminal, out);
        assert_int_equal(close(terminal), 0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_false(WIFEXITED(status) && WEXITSTATUS(status) == CANNOT_RUN);
    struct program_result result = {.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
                                    .out = bytes_of(arena, out),
                                    .err = bytes_of(arena, err)};
    assert_int_equal(close(out), 0);
    assert_int_equal(close(err), 0);
    return result;
}
