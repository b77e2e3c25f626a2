#include "gateway/bramad/listening.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { BACKLOG = 1024, PATH_SIZE = 1200, HOST_SIZE = 64, NAME_SIZE = 64, SOCKET_MODE = 0660 };

/* Fronts of a supervisor that was killed die with it, but not at the same moment. */
enum { LOOKS_MAX = 150, LOOK_NS = 20 * 1000 * 1000 };

static enum err
fail_errno(struct fault *fault, const char *what, struct str where)
{
    return FAIL(fault, ERR_CONFIG, "%s %.*s: %s", what, STR_ARG(where), strerrordesc_np(errno));
}

static bool
unix_address(struct str path, struct sockaddr_un *out)
{
    *out = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (path.size >= sizeof out->sun_path) {
        return false;
    }
    memcpy(out->sun_path, path.data, path.size);
    return true;
}

/* Whether somebody listens there; nobody is also the answer when nothing is there at all. */
static bool
somebody_answers(const struct sockaddr_un *address)
{
    int  fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool refused = fd < 0 || connect(fd, (const struct sockaddr *)address, sizeof *address) != 0;
    int  reason = refused ? errno : 0;

    if (fd >= 0) {
        (void)close(fd); /* nothing was said */
    }
    return reason != ECONNREFUSED && reason != ENOENT;
}

/* Somebody answers there, and goes on. */
static bool
somebody_stays(const struct sockaddr_un *address)
{
    const struct timespec pause = {.tv_nsec = LOOK_NS};
    bool                  answers = somebody_answers(address);

    for (int look = 1; answers && look < LOOKS_MAX; look++) {
        (void)nanosleep(&pause, NULL); /* cut short it is only asked sooner */
        answers = somebody_answers(address);
    }
    return answers;
}

static enum err
clear_path(const struct sockaddr_un *address, struct fault *fault)
{
    struct stat status = {0};
    const char *path = address->sun_path;

    if (lstat(path, &status) != 0 && errno == ENOENT) {
        return ERR_OK;
    }
    if (!S_ISSOCK(status.st_mode)) {
        return FAIL(fault, ERR_CONFIG, "%s istnieje i nie jest gniazdem; usuń to albo zmień listen",
                    path);
    }
    if (somebody_stays(address)) {
        return FAIL(fault, ERR_CONFIG, "%s: pod tym gniazdem już ktoś nasłuchuje", path);
    }
    if (unlink(path) != 0) {
        return fail_errno(fault, "nie da się usunąć starego gniazda", str_of(path));
    }
    return ERR_OK;
}

static enum err
find_group(struct str name, gid_t *out, struct fault *fault)
{
    char text[NAME_SIZE];

    (void)snprintf(text, sizeof text, "%.*s", STR_ARG(str_slice(name, 0, NAME_SIZE - 1)));
    const struct group *group = getgrnam(text); /* NOLINT(concurrency-mt-unsafe): one thread */
    if (group == NULL) {
        return FAIL(fault, ERR_CONFIG, "socket_group: nie ma grupy „%.*s”", STR_ARG(name));
    }
    *out = group->gr_gid;
    return ERR_OK;
}

static enum err
give_away(const struct sockaddr_un *address, const struct process_user *owner, struct str group,
          struct fault *fault)
{
    uid_t uid = owner->given ? owner->uid : (uid_t)-1;
    gid_t gid = owner->given ? owner->gid : (gid_t)-1;

    if (group.size > 0) {
        TRY(find_group(group, &gid, fault));
    }
    if (chown(address->sun_path, uid, gid) != 0) {
        return fail_errno(fault, "nie da się oddać gniazda grupie", str_of(address->sun_path));
    }
    return ERR_OK;
}

static enum err
bind_unix(int fd, const struct sockaddr_un *address, struct fault *fault)
{
    mode_t before = umask((mode_t)~SOCKET_MODE & 0777); /* never wider, not for a moment */
    int    bound = bind(fd, (const struct sockaddr *)address, sizeof *address);
    int    reason = errno;

    (void)umask(before);
    if (bound != 0) {
        errno = reason;
        return fail_errno(fault, "nie da się nasłuchiwać pod", str_of(address->sun_path));
    }
    return ERR_OK;
}

enum err
listening_unix(struct str path, const struct process_user *owner, struct str group, int *fd,
               struct fault *fault)
{
    struct sockaddr_un address;

    if (!unix_address(path, &address)) {
        return FAIL(fault, ERR_CONFIG, "listen: ścieżka gniazda jest za długa");
    }
    TRY(clear_path(&address, fault));
    int made = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (made < 0) {
        return fail_errno(fault, "gniazdo", path);
    }
    enum err got = bind_unix(made, &address, fault);
    if (got == ERR_OK) {
        got = give_away(&address, owner, group, fault);
    }
    if (got == ERR_OK && listen(made, BACKLOG) != 0) {
        got = fail_errno(fault, "nie da się nasłuchiwać pod", path);
    }
    if (got != ERR_OK) {
        (void)close(made); /* nobody has connected */
        return got;
    }
    *fd = made;
    return ERR_OK;
}

/* The host between the brackets of IPv6, or before the last colon, and the port behind it. */
static bool
split(struct str address, char *host, int64_t *port)
{
    size_t colon = address.size;

    while (colon > 0 && address.data[colon - 1] != ':') {
        colon--;
    }
    if (colon == 0) {
        return false;
    }
    struct str name = str_slice(address, 0, colon - 1);
    if (name.size >= 2 && name.data[0] == '[' && name.data[name.size - 1] == ']') {
        name = str_slice(name, 1, name.size - 2);
    }
    if (name.size >= HOST_SIZE) {
        return false;
    }
    (void)snprintf(host, HOST_SIZE, "%.*s", STR_ARG(name));
    return str_to_number(str_slice(address, colon, address.size), port) && *port <= UINT16_MAX;
}

static socklen_t
tcp_address(struct str text, struct sockaddr_storage *out)
{
    struct sockaddr_in  four = {.sin_family = AF_INET};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    char                host[HOST_SIZE] = "";
    int64_t             port = 0;

    if (!split(text, host, &port)) {
        return 0;
    }
    if (inet_pton(AF_INET, host, &four.sin_addr) == 1) {
        four.sin_port = htons((uint16_t)port);
        memcpy(out, &four, sizeof four);
        return sizeof four;
    }
    if (inet_pton(AF_INET6, host, &six.sin6_addr) == 1) {
        six.sin6_port = htons((uint16_t)port);
        memcpy(out, &six, sizeof six);
        return sizeof six;
    }
    return 0;
}

static bool
port_of(int fd, unsigned *out)
{
    struct sockaddr_storage address = {0};
    socklen_t               size = sizeof address;
    struct sockaddr_in      four;
    struct sockaddr_in6     six;

    if (getsockname(fd, (struct sockaddr *)&address, &size) != 0) {
        return false;
    }
    memcpy(&four, &address, sizeof four);
    memcpy(&six, &address, sizeof six);
    *out = ntohs(address.ss_family == AF_INET ? four.sin_port : six.sin6_port);
    return true;
}

enum err
listening_tcp(struct str text, int *fd, unsigned *port, struct fault *fault)
{
    struct sockaddr_storage address = {0};
    socklen_t               size = tcp_address(text, &address);
    const int               yes = 1;

    if (size == 0) {
        return FAIL(fault, ERR_CONFIG, "health_address: „%.*s” nie jest adresem i portem",
                    STR_ARG(text));
    }
    int made = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (made < 0) {
        return fail_errno(fault, "gniazdo", text);
    }
    if (setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0
        || bind(made, (const struct sockaddr *)&address, size) != 0 || listen(made, BACKLOG) != 0
        || !port_of(made, port)) {
        enum err got = fail_errno(fault, "nie da się nasłuchiwać pod", text);
        (void)close(made); /* nobody has connected */
        return got;
    }
    *fd = made;
    return ERR_OK;
}

enum err
listening_lock(struct str folder, int *fd, struct fault *fault)
{
    char path[PATH_SIZE];
    int  size = snprintf(path, sizeof path, "%.*s/bramad.lock", STR_ARG(folder));

    if (size < 0 || (size_t)size >= sizeof path) {
        return FAIL(fault, ERR_CONFIG, "state_folder: ścieżka jest za długa");
    }
    int made = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
    if (made < 0) {
        return fail_errno(fault, "nie da się otworzyć", str_of(path));
    }
    if (flock(made, LOCK_EX | LOCK_NB) != 0) {
        enum err got = errno == EWOULDBLOCK
                           ? FAIL(fault, ERR_CONFIG,
                                  "w katalogu %.*s działa już inny bramad; zatrzymaj go albo "
                                  "wskaż inny state_folder",
                                  STR_ARG(folder))
                           : fail_errno(fault, "nie da się zająć", str_of(path));
        (void)close(made); /* nothing was written */
        return got;
    }
    *fd = made;
    return ERR_OK;
}
