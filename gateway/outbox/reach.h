#ifndef GATEWAY_OUTBOX_REACH_H
#define GATEWAY_OUTBOX_REACH_H

#include <stdbool.h>
#include <sys/socket.h>

/*
 * Which addresses a message to a stranger may go to. It is asked of the very address that a socket
 * is about to be connected to, after its name was resolved, so that no second answer of a name
 * server can come between (DNS rebinding). What is not known to be public is not
 * (the special-purpose registries of IANA: RFC 6890).
 */
enum reach {
    REACH_NONE,     /* private, link-local, shared, multicast, documentation, embedded, ... */
    REACH_LOOPBACK, /* this machine */
    REACH_PUBLIC,
};

enum reach reach_of(const struct sockaddr *address, socklen_t size);

#endif
