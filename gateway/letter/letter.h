#ifndef GATEWAY_LETTER_LETTER_H
#define GATEWAY_LETTER_LETTER_H

#include "validators/base/err.h"
#include "validators/base/moment.h"

/*
 * One e-mail as bytes: a message of plain text (RFC 5322, 2045, 2047) in UTF-8, quoted-printable,
 * lines ended by CR LF and of at most LETTER_LINE_MAX characters, but for an address. Whatever a
 * name, a subject or a text holds, it stays in its place: a line end in a header becomes a space,
 * other controls and characters that hide or turn text become visible (answer/plain.h). Pure; knows
 * nothing of how a message travels.
 */
enum { LETTER_LINE_MAX = 76, LETTER_ADDRESS_MAX = 254, LETTER_SIZE_MAX = 384 * 1024 };

struct letter_box {
    struct str address;
    struct str name; /* may be empty */
};

struct letter {
    struct str        id; /* left half of the Message-ID: the same for the same letter for ever */
    struct letter_box from;
    struct letter_box to;
    struct str        subject;
    struct str        text; /* lines ended by LF */
    moment            at;
};

/* A plain address (RFC 5321, dot-atom and a name of a host): letters, digits and what cannot end or
 * begin anything. No quotes, no comments, no characters beyond ASCII. */
bool letter_address_ok(struct str address);

/* Right of the @; the address is ok. */
struct str letter_domain(struct str address);

/* ERR_DENIED when an address is not ok; ERR_MEMORY when it does not fit in out. */
MUST_USE enum err letter_write(struct buf *out, const struct letter *letter, struct fault *fault);

#endif
