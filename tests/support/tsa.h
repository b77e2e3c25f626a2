#ifndef TESTS_SUPPORT_TSA_H
#define TESTS_SUPPORT_TSA_H

#include "validators/base/str.h"

/*
 * A time-stamping authority of the tests, by OpenSSL's TS_RESP: bytes of a question in, bytes of an
 * answer out. What cannot be done aborts the test.
 */
struct tsa;

enum tsa_mood {
    TSA_GOOD,
    TSA_REFUSES,       /* status rejection */
    TSA_OTHER_IMPRINT, /* stamps another digest */
    TSA_OTHER_NONCE,
    TSA_NO_NONCE,
};

/* Its certificate and key, PEM files. */
struct tsa *tsa_create(const char *certificate, const char *key);
void        tsa_destroy(struct tsa *tsa);
void        tsa_be(struct tsa *tsa, enum tsa_mood mood);

/* A receiver_maker (object: the tsa): the answer's size. */
size_t tsa_answer(void *object, struct str question, char *room, size_t room_size);

#define TSA_POLICY "1.2.3.4.1"

#endif
