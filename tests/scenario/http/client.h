#ifndef TESTS_SCENARIO_HTTP_CLIENT_H
#define TESTS_SCENARIO_HTTP_CLIENT_H

#include "validators/base/str.h"

/* A client that sends any bytes, over a Unix socket or TLS, and reads whole HTTP answers. */
struct client {
    int    fd;
    void  *tls; /* SSL; NULL: none */
    char  *seen;
    size_t size;
};

enum { CLIENT_SEEN_MAX = 4 * 1024 * 1024, CLIENT_TIMEOUT_MS = 10000 };

void client_open_unix(struct client *client, const char *path);
/* certificate: a PEM file with a key; NULL: none. name: SNI. */
void client_open_tls(struct client *client, int port, const char *certificate, const char *key);
/* Offer protocols by ALPN, each with its length before it: "\2h2". */
void client_open_alpn(struct client *client, int port, const char *protocols);
void client_open_tcp(struct client *client, int port);
void client_close(struct client *client);

/* False when the other side has ended before. */
bool client_send(struct client *client, struct str bytes);

/* Read one answer (head and body by Content-Length); its status, 0 when the connection ended
 * without one, -1 when nothing came in time. The text is in client->seen. */
int client_read(struct client *client);

/* Value of a header of the answer last read, "" when it is not there; into out. */
void client_header(const struct client *client, const char *name, char *out, size_t size);

/* Whether the other side ends the connection, with nothing more said. */
bool client_ended(struct client *client);

/* The answer's body. */
const char *client_body(const struct client *client);

#endif
