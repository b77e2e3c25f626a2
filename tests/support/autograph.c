#include "tests/support/autograph.h"

#include "tests/support/twin.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

enum { SIGNATURE_SIZE_MAX = 8 * 1024 * 1024, EC_SCALAR_SIZE = 32, RSA_SIZE_MAX = 512 };

#define DS "http://www.w3.org/2000/09/xmldsig#"
#define DS_MORE "http://www.w3.org/2001/04/xmldsig-more#"
#define XADES "http://uri.etsi.org/01903/v1.1.1#"

/* The reference to the signature's own SignedProperties. */
#define OWN_ID "#SignedPropertiesId"
#define OWN_TYPE XADES "SignedProperties"

enum family { FAMILY_RSA, FAMILY_PSS, FAMILY_EC, FAMILY_HMAC };

static const struct {
    const char *attribute;
    const char *digest;
    enum family family;
} methods[AUTOGRAPH_METHOD_COUNT] = {
    [AUTOGRAPH_RSA_SHA256] = {"Algorithm=\"" DS_MORE "rsa-sha256\"",                                  "SHA256", FAMILY_RSA },
    [AUTOGRAPH_RSA_SHA1] = {"Algorithm=\"" DS "rsa-sha1\"",                                         "SHA1",   FAMILY_RSA },
    [AUTOGRAPH_RSA_MD5] = {"Algorithm=\"" DS_MORE "rsa-md5\"",                                     "MD5",    FAMILY_RSA },
    [AUTOGRAPH_RSA_SHA512] = {"Algorithm=\"" DS_MORE "rsa-sha512\"",                                  "SHA512", FAMILY_RSA },
    [AUTOGRAPH_RSA_PSS] = {"Algorithm=\"http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1\"",
                              "SHA256",                                                                         FAMILY_PSS },
    [AUTOGRAPH_ECDSA] = {"Algorithm=\"" DS_MORE "ecdsa-sha256\"",                                "SHA256", FAMILY_EC  },
    [AUTOGRAPH_HMAC] = {"Algorithm=\"" DS_MORE "hmac-sha256\"",                                 "SHA256", FAMILY_HMAC},
};

static const struct {
    const char *attribute;
    const char *name;
} digests[] = {
    [AUTOGRAPH_SHA256] = {"Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"", "SHA256"},
    [AUTOGRAPH_SHA1] = {"Algorithm=\"" DS "sha1\"",                              "SHA1"  },
    [AUTOGRAPH_SHA512] = {"Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha512\"", "SHA512"},
};

static struct str
base64(struct arena *arena, const unsigned char *bytes, size_t size)
{
    size_t         room = (size + 2) / 3 * 4 + 1;
    unsigned char *text = ARENA_NEW(arena, unsigned char, room);

    if (text == NULL) {
        return (struct str){0};
    }
    int written = EVP_EncodeBlock(text, bytes, (int)size);
    return (struct str){(const char *)text, (size_t)written};
}

static struct str
digest_text(struct arena *arena, struct str data, const char *name)
{
    unsigned char value[EVP_MAX_MD_SIZE];
    unsigned      size = 0;
    const EVP_MD *method = EVP_get_digestbyname(name);

    if (method == NULL || EVP_Digest(data.data, data.size, value, &size, method, NULL) != 1) {
        return (struct str){0};
    }
    return base64(arena, value, size);
}

/* Edits of one stage, made on both texts of a twin alike. */
static enum err
edit_both(struct arena *arena, const struct autograph *autograph, enum edit_stage stage,
          struct str texts[2], struct fault *fault)
{
    for (size_t i = 0; i < autograph->edit_count; i++) {
        const struct edit *edit = &autograph->edits[i];
        if (edit->mode == EDIT_NOTHING || edit->stage != stage) {
            continue;
        }
        TRY(edit_apply(arena, edit, EDIT_RAW, &autograph->names, &texts[0], fault));
        TRY(edit_apply(arena, edit, EDIT_CANONICAL, &autograph->names, &texts[1], fault));
    }
    return ERR_OK;
}

static enum err
take_twin(const struct twin *twin, struct str texts[2], struct fault *fault)
{
    if (!twin_ok(twin)) {
        return FAIL(fault, ERR_MEMORY, "part of a signature");
    }
    texts[EDIT_RAW] = buf_str(&twin->raw);
    texts[EDIT_CANONICAL] = buf_str(&twin->canonical);
    return ERR_OK;
}

static void
write_certificate_reference(struct twin *twin, const struct authority_card *card, struct str digest)
{
    twin_both(twin, STR("<xades:SigningCertificate><xades:Cert><xades:CertDigest>"));
    twin_empty(twin, "xades:DigestMethod", digests[AUTOGRAPH_SHA256].attribute);
    twin_format(twin, "<xades:DigestValue>%.*s</xades:DigestValue></xades:CertDigest>",
                STR_ARG(digest));
    twin_format(twin,
                "<xades:IssuerSerial><ds:X509IssuerName>%.*s</ds:X509IssuerName>"
                "<ds:X509SerialNumber>%.*s</ds:X509SerialNumber></xades:IssuerSerial>"
                "</xades:Cert></xades:SigningCertificate>",
                STR_ARG(card->issuer), STR_ARG(card->serial));
}

/* Inclusive C14N of SignedProperties: all namespaces in force stand on it, sorted by prefix. */
static void
write_properties(struct twin *twin, const struct autograph *autograph, struct str certificate)
{
    twin_both(twin, STR("<xades:SignedProperties"));
    buf_format(&twin->canonical, " xmlns:ds=\"" DS "\"%.*s xmlns:xades=\"" XADES "\"",
               STR_ARG(autograph->declaration));
    twin_both(twin, STR(" Id=\"SignedPropertiesId\""));
    buf_append(&twin->canonical, autograph->inherited);
    twin_format(twin,
                "><xades:SignedSignatureProperties><xades:SigningTime>%.*s</xades:SigningTime>",
                STR_ARG(autograph->time));
    write_certificate_reference(twin, autograph->named, certificate);
    twin_format(twin,
                "<xades:SignerRole><xades:ClaimedRoles><xades:ClaimedRole><Role>%.*s</Role>"
                "</xades:ClaimedRole></xades:ClaimedRoles></xades:SignerRole>"
                "</xades:SignedSignatureProperties>",
                STR_ARG(autograph->role));
    twin_format(twin,
                "<xades:SignedDataObjectProperties>"
                "<xades:DataObjectFormat ObjectReference=\"#%.*s.xml-1\">"
                "<xades:Description>MIME-Version: 1.0 Content-Type: text/xml "
                "Content-Transfer-Encoding: binary Content-Disposition: filename=\"%.*s.xml"
                "</xades:Description><xades:MimeType>text/xml</xades:MimeType>"
                "</xades:DataObjectFormat></xades:SignedDataObjectProperties>"
                "</xades:SignedProperties>",
                STR_ARG(autograph->report_id), STR_ARG(autograph->report_id));
}

static enum err
make_properties(struct arena *arena, const struct autograph *autograph, struct str texts[2],
                struct fault *fault)
{
    struct twin twin = twin_create(arena, SIGNATURE_SIZE_MAX);

    write_properties(&twin, autograph, digest_text(arena, autograph->named->certificate, "SHA256"));
    TRY(take_twin(&twin, texts, fault));
    return edit_both(arena, autograph, EDIT_STAGE_PROPERTIES, texts, fault);
}

static void
write_info(struct twin *twin, const struct autograph *autograph, struct str data_digest,
           struct str properties_digest)
{
    twin_both(twin, STR("<ds:SignedInfo"));
    buf_format(&twin->canonical, " xmlns:ds=\"" DS "\"%.*s%.*s", STR_ARG(autograph->declaration),
               STR_ARG(autograph->inherited));
    twin_both(twin, STR(">"));
    twin_empty(twin, "ds:CanonicalizationMethod",
               "Algorithm=\"http://www.w3.org/TR/2001/REC-xml-c14n-20010315\"");
    twin_empty(twin, "ds:SignatureMethod", methods[autograph->method].attribute);
    twin_format(twin, "<ds:Reference URI=\"%.*s.xml\"><ds:Transforms>",
                STR_ARG(autograph->report_id));
    twin_empty(twin, "ds:Transform", "Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"");
    twin_both(twin, STR("</ds:Transforms>"));
    twin_empty(twin, "ds:DigestMethod", digests[autograph->digest].attribute);
    twin_format(twin, "<ds:DigestValue>%.*s</ds:DigestValue></ds:Reference>", STR_ARG(data_digest));
    /* Canonical XML sorts attributes: Type before URI. */
    twin_split(twin, STR("<ds:Reference URI=\"" OWN_ID "\" Type=\"" OWN_TYPE "\">"),
               STR("<ds:Reference Type=\"" OWN_TYPE "\" URI=\"" OWN_ID "\">"));
    twin_empty(twin, "ds:DigestMethod", digests[AUTOGRAPH_SHA256].attribute);
    twin_format(twin, "<ds:DigestValue>%.*s</ds:DigestValue></ds:Reference></ds:SignedInfo>",
                STR_ARG(properties_digest));
}

static enum err
make_info(struct arena *arena, const struct autograph *autograph, struct str properties,
          struct str texts[2], struct fault *fault)
{
    struct twin twin = twin_create(arena, SIGNATURE_SIZE_MAX);

    write_info(&twin, autograph,
               digest_text(arena, autograph->data, digests[autograph->digest].name),
               digest_text(arena, properties, "SHA256"));
    TRY(take_twin(&twin, texts, fault));
    return edit_both(arena, autograph, EDIT_STAGE_INFO, texts, fault);
}

static bool
sign_rsa(const struct autograph *autograph, struct str text, unsigned char *value, size_t *size)
{
    EVP_MD_CTX   *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *options = NULL;
    const EVP_MD *digest = EVP_get_digestbyname(methods[autograph->method].digest);
    int           padding =
        methods[autograph->method].family == FAMILY_PSS ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING;

    bool done =
        context != NULL
        && EVP_DigestSignInit(context, &options, digest, NULL, autograph->signer->key) == 1
        && EVP_PKEY_CTX_set_rsa_padding(options, padding) == 1
        && EVP_DigestSign(context, value, size, (const unsigned char *)text.data, text.size) == 1;
    EVP_MD_CTX_free(context);
    return done;
}

/* XML Signature wants R and S side by side, OpenSSL gives them in DER. */
static bool
unwrap_ec(unsigned char *value, size_t *size)
{
    const unsigned char *at = value;
    ECDSA_SIG           *pair = d2i_ECDSA_SIG(NULL, &at, (long)*size);

    bool done = pair != NULL
                && BN_bn2binpad(ECDSA_SIG_get0_r(pair), value, EC_SCALAR_SIZE) == EC_SCALAR_SIZE
                && BN_bn2binpad(ECDSA_SIG_get0_s(pair), value + EC_SCALAR_SIZE, EC_SCALAR_SIZE)
                       == EC_SCALAR_SIZE;
    *size = 2 * (size_t)EC_SCALAR_SIZE;
    ECDSA_SIG_free(pair);
    return done;
}

static bool
sign_ec(const struct autograph *autograph, struct str text, unsigned char *value, size_t *size)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();

    bool done =
        context != NULL
        && EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, autograph->signer->key) == 1
        && EVP_DigestSign(context, value, size, (const unsigned char *)text.data, text.size) == 1
        && unwrap_ec(value, size);
    EVP_MD_CTX_free(context);
    return done;
}

static bool
sign_hmac(const struct autograph *autograph, struct str text, unsigned char *value, size_t *size)
{
    unsigned char *key = NULL;
    int            key_size = i2d_PUBKEY(autograph->signer->key, &key);
    unsigned       written = 0;

    bool done = key_size > 0
                && HMAC(EVP_sha256(), key, key_size, (const unsigned char *)text.data, text.size,
                        value, &written)
                       != NULL;
    OPENSSL_free(key);
    *size = written;
    return done;
}

static enum err
sign(struct arena *arena, const struct autograph *autograph, struct str text, struct str *out,
     struct fault *fault)
{
    static bool (*const signers[])(const struct autograph *, struct str, unsigned char *,
                                   size_t *) = {[FAMILY_RSA] = sign_rsa,
                                                [FAMILY_PSS] = sign_rsa,
                                                [FAMILY_EC] = sign_ec,
                                                [FAMILY_HMAC] = sign_hmac};
    unsigned char value[RSA_SIZE_MAX] = {0};
    size_t        size = sizeof value;

    if (!signers[methods[autograph->method].family](autograph, text, value, &size)) {
        return FAIL(fault, ERR_CRYPTO, "signing with method %d", (int)autograph->method);
    }
    *out = base64(arena, value, size);
    return out->data == NULL ? FAIL(fault, ERR_MEMORY, "signature value") : ERR_OK;
}

static struct str
number_text(struct arena *arena, const EVP_PKEY *key, const char *name)
{
    unsigned char bytes[RSA_SIZE_MAX];
    BIGNUM       *number = NULL;
    struct str    text = {0};

    if (EVP_PKEY_get_bn_param(key, name, &number) == 1 && BN_num_bytes(number) <= RSA_SIZE_MAX) {
        text = base64(arena, bytes, (size_t)BN_bn2bin(number, bytes));
    }
    BN_free(number);
    return text;
}

static void
write_key_info(struct buf *out, const struct autograph *autograph)
{
    const struct authority_card *card = autograph->shown;
    struct str                   der = card->certificate;

    buf_append(out, STR("<ds:KeyInfo>"));
    if (autograph->key_info == AUTOGRAPH_CERTIFICATE) {
        struct str text = base64(out->arena, (const unsigned char *)der.data, der.size);
        buf_append(out, STR("<ds:X509Data><ds:X509Certificate>"));
        buf_append(out, text);
        buf_append(out, STR("</ds:X509Certificate></ds:X509Data>"));
    } else if (autograph->key_info == AUTOGRAPH_KEY_VALUE) {
        struct str modulus = number_text(out->arena, card->key, OSSL_PKEY_PARAM_RSA_N);
        struct str exponent = number_text(out->arena, card->key, OSSL_PKEY_PARAM_RSA_E);
        buf_append(out, STR("<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>"));
        buf_append(out, modulus);
        buf_append(out, STR("</ds:Modulus><ds:Exponent>"));
        buf_append(out, exponent);
        buf_append(out, STR("</ds:Exponent></ds:RSAKeyValue></ds:KeyValue>"));
    } else {
        buf_append(out, STR("<ds:RetrievalMethod URI=\"http://klucze.example/cert.pem\" "
                            "Type=\"" DS "X509Data\" />"));
    }
    buf_append(out, STR("</ds:KeyInfo>"));
}

enum err
autograph_write(struct arena *arena, const struct autograph *autograph, struct str *out,
                struct fault *fault)
{
    struct str properties[2] = {{0}, {0}};
    struct str info[2] = {{0}, {0}};
    struct str value = {0};
    struct buf text = buf_create(arena, SIGNATURE_SIZE_MAX);

    TRY(make_properties(arena, autograph, properties, fault));
    TRY(make_info(arena, autograph, properties[EDIT_CANONICAL], info, fault));
    TRY(sign(arena, autograph, info[EDIT_CANONICAL], &value, fault));
    buf_format(&text, "<ds:Signature Id=\"Signature%.*s\" xmlns:ds=\"" DS "\">",
               STR_ARG(autograph->number));
    buf_append(&text, info[EDIT_RAW]);
    buf_append(&text, STR("<ds:SignatureValue>"));
    buf_append(&text, value);
    buf_append(&text, STR("</ds:SignatureValue>"));
    write_key_info(&text, autograph);
    buf_format(&text,
               "<ds:Object Id=\"XadesObject%.*s\"><xades:QualifyingProperties "
               "Target=\"#Signature%.*s\" xmlns:xades=\"" XADES "\">",
               STR_ARG(autograph->number), STR_ARG(autograph->number));
    buf_append(&text, properties[EDIT_RAW]);
    buf_append(&text, STR("</xades:QualifyingProperties></ds:Object></ds:Signature>"));
    if (!buf_ok(&text)) {
        return FAIL(fault, ERR_MEMORY, "signature");
    }
    struct str both[2] = {buf_str(&text), buf_str(&text)};
    TRY(edit_both(arena, autograph, EDIT_STAGE_SIGNATURE, both, fault));
    *out = both[EDIT_RAW];
    return ERR_OK;
}
