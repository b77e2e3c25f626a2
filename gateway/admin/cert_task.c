#include "gateway/admin/admin.h"

#include "gateway/fingerprint/fingerprint.h"

#include <openssl/asn1.h>
#include <openssl/crypto.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <time.h>

static enum err
read_certificate(const char *path, X509 **out, struct fault *fault)
{
    FILE *file = fopen(path, "re");

    if (file == NULL) {
        return FAIL(fault, ERR_FILE, "„%.200s” nie daje się otworzyć", path);
    }
    *out = PEM_read_X509(file, NULL, NULL, NULL);
    (void)fclose(file);
    if (*out == NULL) {
        return FAIL(fault, ERR_FILE, "w „%.200s” nie ma certyfikatu w postaci PEM", path);
    }
    return ERR_OK;
}

/* SHA-256 of the SubjectPublicKeyInfo, and the end of the certificate's validity. */
static bool
look_at(const X509 *certificate, unsigned char digest[FINGERPRINT_SIZE], instant *expires)
{
    unsigned char *der = NULL;
    struct tm      end = {0};
    struct fault   fault = {0};
    int            length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
    struct str     key = {(const char *)der, length > 0 ? (size_t)length : 0};
    bool           good = length > 0 && fingerprint_of(key, digest, &fault) == ERR_OK
                && ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) == 1;

    OPENSSL_free(der);
    *expires = good ? (instant)timegm(&end) * INSTANT_PER_SECOND : 0;
    return good;
}

/* One key is bound once: revoked, it does not come back, because somebody else may have it. */
static enum err
need_unrevoked(struct admin *admin, const unsigned char digest[FINGERPRINT_SIZE],
               struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(admin->arena);
    struct store_rows       rows = {0};

    store_put_bytes(&parameters, (struct str){(const char *)digest, FINGERPRINT_SIZE});
    TRY(store_run(admin->store,
                  "SELECT 1 FROM registry.credential WHERE is_certificate AND digest = $1"
                  " AND revoked_at IS NOT NULL",
                  &parameters, admin->arena, &rows, fault));
    if (store_row_count(&rows) > 0) {
        return FAIL(fault, ERR_DENIED,
                    "certyfikat o tym kluczu unieważniono i nie można go powiązać ponownie; "
                    "potrzebny jest certyfikat z nowym kluczem");
    }
    return ERR_OK;
}

enum err
cert_task_bind(struct admin *admin, struct fault *fault)
{
    struct registry_credential credential = {0};
    unsigned char              digest[FINGERPRINT_SIZE] = {0};
    X509                      *certificate = NULL;
    instant                    end = 0;

    TRY(admin_credential(admin, &credential, fault));
    TRY(read_certificate(admin->options.argument.data, &certificate, fault));
    bool good = look_at(certificate, digest, &end);
    X509_free(certificate);
    if (!good) {
        return FAIL(fault, ERR_CRYPTO, "klucza z certyfikatu nie udało się odczytać");
    }
    if (admin->options.values[OPTION_EXPIRES].data == NULL) {
        credential.expires = end;
    }
    if (credential.scopes == SCOPE_FEED) {
        return FAIL(fault, ERR_USAGE,
                    "--scopes: zakres feed jest dla tokenu w adresie kalendarza; certyfikat "
                    "czyta kalendarz z zakresem obligations");
    }
    credential.is_certificate = true;
    TRY(need_unrevoked(admin, digest, fault));
    TRY(registry_bind(admin->store, admin->arena, &credential, digest, &credential.credential,
                      fault));
    buf_format(&admin->out, "Powiązano certyfikat nr %lld z jednostką %.*s, ważny do ",
               (long long)credential.credential, STR_ARG(credential.regon));
    admin_print_instant(admin, credential.expires, true);
    return ERR_OK;
}

enum err
cert_task_list(struct admin *admin, struct fault *fault)
{
    return admin_list_credentials(admin, true, fault);
}

enum err
cert_task_revoke(struct admin *admin, struct fault *fault)
{
    return admin_revoke(admin, true, fault);
}
