/*
 * The TLS of nginx as configured for us: which ciphers it speaks, no renegotiation, no compression,
 * no tickets; which client certificates it vouches for, and that whoever is not vouched for is told
 * so in our words and is nobody.
 */
#include "tests/scenario/http/client.h"
#include "tests/scenario/http/stand_fixture.h"
#include "tests/support/command.h"
#include "tests/support/expect.h"

#include <openssl/ssl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PATH_ROOM = 160, TOLD_MAX = 65536 };

/* A client that itself would speak anything of this version. */
static SSL *
shake_hands(struct client *plain, int version, const char *ciphers)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());

    SSL_CTX_set_security_level(context, 0);
    ENSURE(SSL_CTX_set_min_proto_version(context, version) == 1);
    ENSURE(SSL_CTX_set_max_proto_version(context, version) == 1);
    ENSURE(SSL_CTX_set_cipher_list(context, ciphers) == 1);
    (void)SSL_CTX_clear_options(context, SSL_OP_NO_COMPRESSION);
    client_open_tcp(plain, stand.port);
    SSL *tls = SSL_new(context);
    SSL_CTX_free(context);
    ENSURE(tls != NULL && SSL_set_fd(tls, plain->fd) == 1);
    ENSURE(SSL_set_tlsext_host_name(tls, "localhost") == 1);
    if (SSL_connect(tls) != 1) {
        SSL_free(tls);
        return NULL;
    }
    return tls;
}

static void
only_forward_secret_authenticated_ciphers_are_spoken(void **state)
{
    static const struct {
        const char *ciphers;
        bool        spoken;
    } offers[] = {
        {"ECDHE-ECDSA-AES128-GCM-SHA256", true },
        {"ECDHE-ECDSA-AES256-GCM-SHA384", true },
        {"ECDHE-ECDSA-CHACHA20-POLY1305", true },
        {"ECDHE-ECDSA-AES128-SHA256",     false},
        {"ECDHE-ECDSA-AES256-SHA",        false},
        {"AES128-GCM-SHA256",             false},
        {"AES256-SHA",                    false},
        {"DHE-RSA-AES128-GCM-SHA256",     false},
        {"aNULL",                         false},
        {"eNULL",                         false},
        {"PSK",                           false},
        {"CAMELLIA",                      false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(offers); i++) {
        struct client plain;
        SSL          *tls = shake_hands(&plain, TLS1_2_VERSION, offers[i].ciphers);
        EXPECT((tls != NULL) == offers[i].spoken, offers[i].ciphers);
        SSL_free(tls);
        client_close(&plain);
    }
}

static void
nothing_is_compressed_and_no_ticket_is_given(void **state)
{
    struct client plain;
    SSL          *tls = shake_hands(&plain, TLS1_2_VERSION, "ALL");

    (void)state;
    assert_non_null(tls);
    assert_null(SSL_get_current_compression(tls));
    assert_int_equal(SSL_SESSION_has_ticket(SSL_get0_session(tls)), 0);
    SSL_free(tls);
    client_close(&plain);
}

/* Asked to shake hands again in the middle, nginx ends the connection, having answered nothing. */
static void
renegotiation_is_refused(void **state)
{
    static const char request[] = "GET /api/v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n";
    struct client     plain;
    char              answer[TOLD_MAX];
    SSL              *tls = shake_hands(&plain, TLS1_2_VERSION, "ALL");

    (void)state;
    assert_non_null(tls);
    assert_int_equal(SSL_renegotiate(tls), 1);
    (void)SSL_do_handshake(tls); /* sends the question */
    (void)SSL_write(tls, request, sizeof request - 1);
    assert_true(SSL_read(tls, answer, sizeof answer) <= 0);
    SSL_free(tls);
    client_close(&plain);
}

/* Certificates by name: what openssl req is asked for further, and whether the stand's authority,
 * which is the server's own certificate, or the new one itself, signs. */
static const struct {
    const char *name;
    const char *days; /* of validity, from now */
    const char *extension;
    bool        by_authority;
    bool        known;
} persons[] = {
    {"good",        "30", "extendedKeyUsage=clientAuth",      true,  true },
    {"self-signed", "30", "extendedKeyUsage=clientAuth",      false, false},
    {"expired",     "-1", "extendedKeyUsage=clientAuth",      true,  false},
    {"for-servers", "30", "extendedKeyUsage=serverAuth",      true,  false},
    {"for-mail",    "30", "extendedKeyUsage=emailProtection", true,  false},
};

static void
run(const char *const *words)
{
    struct arena *arena = arena_create((size_t)2 * TOLD_MAX);
    struct buf    told = buf_create(arena, TOLD_MAX);

    ENSURE(command_run(words, (struct str){0}, &told) == 0);
    arena_destroy(arena);
}

/* NAME.key and NAME.pem in the stand's folder. */
static void
issue(size_t person, char *certificate, char *key)
{
    char request[PATH_ROOM];
    char authority[PATH_ROOM];
    char authority_key[PATH_ROOM];
    char subject[PATH_ROOM];
    char extension[PATH_ROOM];

    (void)snprintf(key, PATH_ROOM, "%s/%s.key", stand.folder, persons[person].name);
    (void)snprintf(certificate, PATH_ROOM, "%s/%s.pem", stand.folder, persons[person].name);
    (void)snprintf(request, PATH_ROOM, "%s/%s.csr", stand.folder, persons[person].name);
    (void)snprintf(authority, PATH_ROOM, "%s/c.pem", stand.folder);
    (void)snprintf(authority_key, PATH_ROOM, "%s/k.pem", stand.folder);
    (void)snprintf(subject, PATH_ROOM, "/CN=%s", persons[person].name);
    (void)snprintf(extension, PATH_ROOM, "%s/%s.ext", stand.folder, persons[person].name);
    FILE *file = fopen(extension, "we");
    ENSURE(file != NULL && fprintf(file, "%s\n", persons[person].extension) > 0);
    ENSURE(fclose(file) == 0);
    const char *const ask[] = {
        "openssl", "req",     "-new", "-newkey", "ec",    "-pkeyopt", "ec_paramgen_curve:P-256",
        "-nodes",  "-keyout", key,    "-out",    request, "-subj",    subject,
        NULL};
    const char *const by_authority[] = {"openssl",
                                        "x509",
                                        "-req",
                                        "-in",
                                        request,
                                        "-CA",
                                        authority,
                                        "-CAkey",
                                        authority_key,
                                        "-set_serial",
                                        "77",
                                        "-days",
                                        persons[person].days,
                                        "-extfile",
                                        extension,
                                        "-out",
                                        certificate,
                                        NULL};
    const char *const by_itself[] = {"openssl",   "x509",    "-req",
                                     "-in",       request,   "-signkey",
                                     key,         "-days",   persons[person].days,
                                     "-extfile",  extension, "-out",
                                     certificate, NULL};
    run(ask);
    run(persons[person].by_authority ? by_authority : by_itself);
}

static void
only_certificates_of_our_authority_in_their_time_are_somebody(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(persons); i++) {
        char          certificate[PATH_ROOM];
        char          key[PATH_ROOM];
        struct client client;
        issue(i, certificate, key);
        client_open_tls(&client, stand.port, certificate, key);
        EXPECT(client_send(&client, STR("GET /api/v1/submissions?big=1 HTTP/1.1\r\n"
                                        "Host: localhost\r\n"
                                        "X-Brama-Client-Certificate: x\r\n\r\n")),
               persons[i].name);
        int status = client_read(&client);
        EXPECT(status == (persons[i].known ? 200 : 400), persons[i].name);
        EXPECT(persons[i].known
                   || strstr(client_body(&client), "/problemy/zly-certyfikat\"") != NULL,
               persons[i].name);
        EXPECT(strcasestr(client.seen, "<html") == NULL, persons[i].name);
        client_close(&client);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_forward_secret_authenticated_ciphers_are_spoken),
        cmocka_unit_test(nothing_is_compressed_and_no_ticket_is_given),
        cmocka_unit_test(renegotiation_is_refused),
        cmocka_unit_test(only_certificates_of_our_authority_in_their_time_are_somebody),
    };

    return cmocka_run_group_tests(tests, stand_set_up, stand_tear_down);
}
