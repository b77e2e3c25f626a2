#include "gateway/bramad/announcement.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

void
announcement_ready_line(int fd, unsigned health_port)
{
    if (fd >= 0) {
        (void)dprintf(fd, "%u\n", health_port); /* whoever waited may have left */
        (void)close(fd);
    }
}

enum err
announcement_notify(const char *address, const char *state, struct fault *fault)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    struct str         name = str_of(address);

    if (name.size == 0) {
        return ERR_OK;
    }
    if ((name.data[0] != '/' && name.data[0] != '@') || name.size >= sizeof to.sun_path) {
        return FAIL(fault, ERR_USAGE, "NOTIFY_SOCKET is neither a path nor an abstract name");
    }
    memcpy(to.sun_path, name.data, name.size);
    if (to.sun_path[0] == '@') {
        to.sun_path[0] = '\0';
    }
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + name.size);
    int       fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool      sent =
        fd >= 0
        && sendto(fd, state, strlen(state), MSG_NOSIGNAL, (const struct sockaddr *)&to, size) >= 0;
    int reason = sent ? 0 : errno;
    if (fd >= 0) {
        (void)close(fd); /* a datagram is sent or it is not */
    }
    if (!sent) {
        return FAIL(fault, ERR_SYSTEM, "NOTIFY_SOCKET: %s", strerrordesc_np(reason));
    }
    return ERR_OK;
}
