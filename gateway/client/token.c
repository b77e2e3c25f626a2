#include "gateway/client/token.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
is_token_byte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z')
           || (byte >= '0' && byte <= '9') || byte == '-' || byte == '_';
}

enum err
token_check(struct str text, struct str *out, struct fault *fault)
{
    struct str token = str_trim(text);

    if (token.size > TOKEN_SIZE_MAX || !str_starts_with(token, STR("brk_"))) {
        return FAIL(fault, ERR_SYNTAX, "to nie jest token bramy: powinien zaczynać się od brk_");
    }
    for (size_t i = 0; i < token.size; i++) {
        if (!is_token_byte(token.data[i])) {
            return FAIL(fault, ERR_SYNTAX,
                        "to nie jest token bramy: znak %zu nie może w nim wystąpić", i + 1);
        }
    }
    *out = token;
    return ERR_OK;
}

/* The rights are read from the open file, so that it cannot be another one by then. */
static enum err
look_at_rights(int fd, struct fault *fault)
{
    struct stat status;

    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
        return FAIL(fault, ERR_FILE, "to nie jest zwykły plik");
    }
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        return FAIL(
            fault, ERR_FILE,
            "inni użytkownicy mają do niego prawa, a token jest jak hasło; wykonaj: chmod 600");
    }
    return ERR_OK;
}

static const char *
why_not_opened(int reason)
{
    switch (reason) {
    case ENOENT:
        return "nie ma takiego pliku z tokenem";
    case EACCES:
        return "brak prawa do odczytu pliku z tokenem";
    default:
        return err_system(reason);
    }
}

enum err
token_read(struct arena *arena, const char *path, struct str *out, struct fault *fault)
{
    char bytes[TOKEN_SIZE_MAX + 2]; /* its line end, and one byte by which it is too long */
    int  fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (fd < 0) {
        return FAIL(fault, ERR_FILE, "%s", why_not_opened(errno));
    }
    enum err rights = look_at_rights(fd, fault);
    ssize_t  size = rights == ERR_OK ? read(fd, bytes, sizeof bytes) : 0;
    (void)close(fd); /* read only: nothing can be lost */
    TRY(rights);
    if (size < 0) {
        return FAIL(fault, ERR_FILE, "nie da się go odczytać");
    }
    if (size == 0) {
        return FAIL(fault, ERR_SYNTAX, "plik jest pusty: nie ma w nim tokenu");
    }
    struct str copy = str_copy(arena, (struct str){bytes, (size_t)size});
    if (copy.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci na token");
    }
    return token_check(copy, out, fault);
}
