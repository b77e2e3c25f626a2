#ifndef GATEWAY_COURIER_SMTP_H
#define GATEWAY_COURIER_SMTP_H

#include "validators/base/str.h"

/*
 * What an exchange needs to be a letter to a relay (RFC 5321), on a handle of libcurl whose fences
 * the carrier has set: the envelope, the bytes, and at which step it ended, which says whose fault
 * a refusal is. A relay that asks for no TLS where it is required hears nothing of us, and never a
 * password.
 */
struct smtp_envelope {
    const char *from; /* plain addresses */
    const char *to;
    const char *user;     /* NULL: without signing in */
    const char *password; /* only with TLS: the configuration sees to that */
    bool        starttls; /* required; of smtps:// it is no matter */
};

/* How far it came. */
enum smtp_step {
    SMTP_BEFORE, /* the relay was not reached, or did not greet */
    SMTP_HELLO,  /* EHLO, STARTTLS, AUTH */
    SMTP_SENDER, /* MAIL */
    SMTP_RECIPIENT,
    SMTP_DATA, /* the letter itself */
};

struct curl_slist;

enum { SMTP_SOCKETS_MAX = 8 };

struct smtp {
    struct str         bytes;
    size_t             sent;
    enum smtp_step     step;
    int                sockets[SMTP_SOCKETS_MAX]; /* open ones; several while addresses are tried */
    size_t             socket_count;
    struct curl_slist *to;
};

/* Set up the exchange on libcurl's handle; *smtp, bytes and the envelope are borrowed until it has
 * ended, when smtp_end gives back what it took. False: libcurl did not take an option. */
bool smtp_begin(struct smtp *smtp, void *curl, const struct smtp_envelope *envelope,
                struct str bytes);

/* A socket was opened for it; libcurl closes it through us. False: too many. */
bool smtp_opened(struct smtp *smtp, int fd);
void smtp_end(struct smtp *smtp);

#endif
