#ifndef TESTS_SUPPORT_RELAY_H
#define TESTS_SUPPORT_RELAY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A mail relay of the tests on this machine: SMTP (RFC 5321) with STARTTLS (RFC 3207) and AUTH
 * PLAIN, which behaves, and does not. One thread a visitor. What cannot be done aborts the test.
 */
struct relay;

enum relay_mood {
    RELAY_GOOD,
    RELAY_NO_TLS,        /* offers no STARTTLS */
    RELAY_LATE,          /* greets only when relay_let was called */
    RELAY_SILENT,        /* takes visitors and says nothing */
    RELAY_BUSY,          /* greets with 421 */
    RELAY_NO_SENDER,     /* 550 to MAIL */
    RELAY_TOO_BIG,       /* 552 to MAIL */
    RELAY_NO_LOGIN,      /* 535 to AUTH */
    RELAY_GREYLISTS,     /* 451 to every recipient, once each */
    RELAY_DROPS_IN_DATA, /* hangs up in the middle of the letter */
    RELAY_REFUSES_DATA,  /* 554 behind the letter */
    RELAY_LATER_DATA,    /* 452 behind the letter */
    RELAY_MUTE_AT_QUIT,  /* takes the letter, and never says goodbye */
};

enum { RELAY_KEPT_MAX = 64, RELAY_LETTER_MAX = 32768, RELAY_WORD_MAX = 256 };

/* A letter that was taken: 250 was said. */
struct relay_letter {
    char   from[RELAY_WORD_MAX];
    char   to[RELAY_WORD_MAX];
    char   login[RELAY_WORD_MAX]; /* base64 of AUTH PLAIN; "" without */
    bool   over_tls;
    size_t size;
    char   bytes[RELAY_LETTER_MAX]; /* dots taken off; ends with NUL */
};

/* Certificate and key: PEM files. A free port. */
struct relay *relay_start(const char *certificate, const char *key);
void          relay_stop(struct relay *relay);
unsigned      relay_port(const struct relay *relay);
void          relay_be(struct relay *relay, enum relay_mood mood);
void          relay_let(struct relay *relay);

/* A recipient beginning with "never" is answered 550, with "later" 450, with "mute" nothing, and at
 * "hangup" the relay hangs up, whatever the mood. */

size_t relay_count(struct relay *relay);                   /* letters taken */
size_t relay_visits(struct relay *relay);                  /* connections */
size_t relay_words(struct relay *relay);                   /* commands heard */
bool   relay_heard(struct relay *relay, const char *verb); /* such a command, ever */
bool   relay_letter(struct relay *relay, size_t index, struct relay_letter *out);

#endif
