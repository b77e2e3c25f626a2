#include "tests/support/self_signed.h"

#include "tests/support/command.h"
#include "validators/base/ensure.h"

#include <stddef.h>

void
self_signed_make(const char *key, const char *certificate, const char *subject,
                 const char *extension)
{
    const char *const words[] = {"openssl",
                                 "req",
                                 "-x509",
                                 "-newkey",
                                 "ec",
                                 "-pkeyopt",
                                 "ec_paramgen_curve:P-256",
                                 "-nodes",
                                 "-keyout",
                                 key,
                                 "-out",
                                 certificate,
                                 "-days",
                                 "30",
                                 "-utf8",
                                 "-subj",
                                 subject,
                                 "-addext",
                                 extension,
                                 NULL};

    ENSURE(command_run(words, (struct str){0}, NULL) == 0);
}
