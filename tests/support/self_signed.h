#ifndef TESTS_SUPPORT_SELF_SIGNED_H
#define TESTS_SUPPORT_SELF_SIGNED_H

/*
 * A fresh EC P-256 key and a certificate that it has signed itself, good for 30 days, made by the
 * program openssl as two PEM files. subject: "/CN=localhost", UTF-8; extension: "name=value" as
 * openssl.cnf has it. Aborts the test when that cannot be done.
 */
void self_signed_make(const char *key, const char *certificate, const char *subject,
                      const char *extension);

#endif
