#ifndef TESTS_SCENARIO_HTTP_PEERS_H
#define TESTS_SCENARIO_HTTP_PEERS_H

#include "gateway/wire/filing.h"

#include <stdatomic.h>

/*
 * The other ends of a front's links, as test peers: they speak the real messages and do as the key
 * of a filing says ("silent-1": admit and never decide). What they saw stands in a shared page.
 */
struct peers_page {
    _Atomic int64_t filings;    /* WIRE_FILING taken */
    _Atomic int64_t others;     /* validations and verifications */
    _Atomic int64_t decided;    /* told */
    _Atomic int64_t questions;  /* of kind GET and FILED */
    _Atomic int64_t identities; /* WHO */
    _Atomic int64_t deaths;
    _Atomic int64_t size; /* of the last document */
    _Atomic int64_t first_byte;
    _Atomic int64_t last_byte;
    _Atomic int     held;        /* 1: validations and verifications are taken and not answered */
    _Atomic int     pending;     /* 1: submissions have no decision; readers say "pending" */
    _Atomic int     good_digest; /* the digest in the message was that of the document */
    struct uuid     last;        /* id of the last filing */
    struct uuid     died_with;   /* id of the filing with which a worker died */
};

/* Run until the socket ends; never return. A worker wakes those who wait when pending becomes 0. */
_Noreturn void peers_worker(int socket, struct peers_page *page);
_Noreturn void peers_reader(int socket, struct peers_page *page);

#endif
