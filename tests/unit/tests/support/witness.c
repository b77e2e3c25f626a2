#include "tests/unit/tests/support/witness.h"

#include <stdio.h>
#include <string.h>

#include <libxml/c14n.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

enum { BYTES_MAX = 8192 };

/* One signature under examination. */
struct hearing {
    xmlDocPtr          document;
    xmlXPathContextPtr paths;
    xmlNodePtr         signature;
    X509              *authority;
    unsigned           failed;
};

/* The only node of that path below from; NULL and WITNESS_SHAPE otherwise. */
static xmlNodePtr
only(struct hearing *hearing, xmlNodePtr from, const char *path)
{
    xmlNodePtr found = NULL;

    hearing->paths->node = from;
    xmlXPathObjectPtr result = xmlXPathEval(BAD_CAST path, hearing->paths);
    if (result != NULL && result->nodesetval != NULL && result->nodesetval->nodeNr == 1) {
        found = result->nodesetval->nodeTab[0];
    } else {
        hearing->failed |= WITNESS_SHAPE;
    }
    xmlXPathFreeObject(result);
    return found;
}

static size_t
decode(xmlNodePtr node, unsigned char *out)
{
    xmlChar *text = node == NULL ? NULL : xmlNodeGetContent(node);
    size_t   size = text == NULL ? 0 : strlen((const char *)text);
    int      written = -1;

    if (size > 0 && size / 4 * 3 <= BYTES_MAX) {
        written = EVP_DecodeBlock(out, text, (int)size);
        for (size_t i = size; written > 0 && i > 0 && text[i - 1] == '='; i--) {
            written--;
        }
    }
    xmlFree(text);
    return written < 0 ? 0 : (size_t)written;
}

static int
inside(void *apex, xmlNodePtr node, xmlNodePtr parent)
{
    for (xmlNodePtr at =
             node->type == XML_NAMESPACE_DECL || node->type == XML_ATTRIBUTE_NODE ? parent : node;
         at != NULL; at = at->parent) {
        if (at == apex) {
            return 1;
        }
    }
    return 0;
}

static xmlBufferPtr
canonical(const struct hearing *hearing, xmlNodePtr apex, xmlC14NMode mode)
{
    xmlBufferPtr       bytes = xmlBufferCreate();
    xmlOutputBufferPtr output = xmlOutputBufferCreateBuffer(bytes, NULL);

    (void)xmlC14NExecute(hearing->document, inside, apex, (int)mode, NULL, 0, output);
    (void)xmlOutputBufferClose(output); /* memory only */
    return bytes;
}

static bool
digest_agrees(const struct hearing *hearing, xmlNodePtr apex, xmlC14NMode mode, xmlNodePtr value)
{
    unsigned char wanted[BYTES_MAX] = {0};
    unsigned char got[EVP_MAX_MD_SIZE];
    unsigned      size = 0;
    xmlBufferPtr  bytes = canonical(hearing, apex, mode);

    (void)EVP_Digest(xmlBufferContent(bytes), (size_t)xmlBufferLength(bytes), got, &size,
                     EVP_sha256(), NULL);
    xmlBufferFree(bytes);
    return decode(value, wanted) == size && memcmp(got, wanted, size) == 0;
}

/* "Rb27s_...xml" names the element with that Id. */
static void
hear_report(struct hearing *hearing)
{
    char       path[512];
    xmlNodePtr reference = only(hearing, hearing->signature, "ds:SignedInfo/ds:Reference[1]");
    xmlChar   *uri = reference == NULL ? NULL : xmlGetNoNsProp(reference, BAD_CAST "URI");

    (void)snprintf(path, sizeof path, "//Sprawozdania/*[concat(@Id, '.xml') = '%s']",
                   uri == NULL ? "" : (const char *)uri);
    xmlNodePtr report = only(hearing, xmlDocGetRootElement(hearing->document), path);
    xmlNodePtr value =
        only(hearing, hearing->signature, "ds:SignedInfo/ds:Reference[1]/ds:DigestValue");
    if (report == NULL || !digest_agrees(hearing, report, XML_C14N_EXCLUSIVE_1_0, value)) {
        hearing->failed |= WITNESS_REPORT;
    }
    xmlFree(uri);
}

static void
hear_properties(struct hearing *hearing)
{
    xmlNodePtr properties =
        only(hearing, hearing->signature,
             "ds:Object/xades:QualifyingProperties/xades:SignedProperties"
             "[concat('#', @Id) = ../../../ds:SignedInfo/ds:Reference[2]/@URI]");
    xmlNodePtr value =
        only(hearing, hearing->signature, "ds:SignedInfo/ds:Reference[2]/ds:DigestValue");

    if (properties == NULL || !digest_agrees(hearing, properties, XML_C14N_1_0, value)) {
        hearing->failed |= WITNESS_PROPERTIES;
    }
}

static X509 *
read_certificate(struct hearing *hearing)
{
    unsigned char        der[BYTES_MAX];
    const unsigned char *at = der;
    size_t               size =
        decode(only(hearing, hearing->signature, "ds:KeyInfo/ds:X509Data/ds:X509Certificate"), der);

    return size == 0 ? NULL : d2i_X509(NULL, &at, (long)size);
}

static void
hear_value(struct hearing *hearing, X509 *certificate)
{
    unsigned char value[BYTES_MAX];
    xmlNodePtr    info = only(hearing, hearing->signature, "ds:SignedInfo");
    size_t        size = decode(only(hearing, hearing->signature, "ds:SignatureValue"), value);
    EVP_MD_CTX   *context = EVP_MD_CTX_new();
    xmlBufferPtr  bytes = info == NULL ? NULL : canonical(hearing, info, XML_C14N_1_0);

    if (bytes == NULL || certificate == NULL
        || EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, X509_get0_pubkey(certificate))
               != 1
        || EVP_DigestVerify(context, value, size, xmlBufferContent(bytes),
                            (size_t)xmlBufferLength(bytes))
               != 1) {
        hearing->failed |= WITNESS_VALUE;
    }
    xmlBufferFree(bytes);
    EVP_MD_CTX_free(context);
}

static bool
serial_agrees(X509 *certificate, xmlNodePtr node)
{
    xmlChar *text = node == NULL ? NULL : xmlNodeGetContent(node);
    BIGNUM  *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), NULL);
    char    *decimal = BN_bn2dec(number);
    bool     same = text != NULL && strcmp(decimal, (const char *)text) == 0;

    OPENSSL_free(decimal);
    BN_free(number);
    xmlFree(text);
    return same;
}

static void
hear_certificate(struct hearing *hearing, X509 *certificate)
{
    unsigned char named[BYTES_MAX];
    unsigned char got[EVP_MAX_MD_SIZE];
    unsigned      size = 0;

    if (certificate == NULL) {
        hearing->failed |= WITNESS_CERTIFICATE | WITNESS_ISSUER;
        return;
    }
    (void)X509_digest(certificate, EVP_sha256(), got, &size);
    if (decode(only(hearing, hearing->signature, ".//xades:CertDigest/xades:DigestValue"), named)
            != size
        || memcmp(got, named, size) != 0
        || !serial_agrees(certificate,
                          only(hearing, hearing->signature, ".//ds:X509SerialNumber"))) {
        hearing->failed |= WITNESS_CERTIFICATE;
    }
    if (X509_verify(certificate, X509_get0_pubkey(hearing->authority)) != 1) {
        hearing->failed |= WITNESS_ISSUER;
    }
}

static unsigned
hear_all(struct hearing *hearing, size_t *count)
{
    xmlXPathObjectPtr signatures = xmlXPathEval(BAD_CAST "//Podpisy/ds:Signature", hearing->paths);
    size_t            found = signatures == NULL || signatures->nodesetval == NULL
                                  ? 0
                                  : (size_t)signatures->nodesetval->nodeNr;

    for (size_t i = 0; i < found; i++) {
        hearing->signature = signatures->nodesetval->nodeTab[i];
        X509 *certificate = read_certificate(hearing);
        hear_report(hearing);
        hear_properties(hearing);
        hear_value(hearing, certificate);
        hear_certificate(hearing, certificate);
        X509_free(certificate);
    }
    xmlXPathFreeObject(signatures);
    *count = found;
    return hearing->failed;
}

unsigned
witness_hear(struct str package, struct str ca_pem, size_t *count)
{
    BIO           *memory = BIO_new_mem_buf(ca_pem.data, (int)ca_pem.size);
    struct hearing hearing = {.authority = PEM_read_bio_X509(memory, NULL, NULL, NULL)};
    unsigned       failed = WITNESS_NOT_XML;

    *count = 0;
    hearing.document =
        xmlReadMemory(package.data, (int)package.size, NULL, NULL,
                      XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_HUGE);
    if (hearing.document != NULL && hearing.authority != NULL) {
        hearing.paths = xmlXPathNewContext(hearing.document);
        (void)xmlXPathRegisterNs(hearing.paths, BAD_CAST "ds",
                                 BAD_CAST "http://www.w3.org/2000/09/xmldsig#");
        (void)xmlXPathRegisterNs(hearing.paths, BAD_CAST "xades",
                                 BAD_CAST "http://uri.etsi.org/01903/v1.1.1#");
        failed = hear_all(&hearing, count);
        xmlXPathFreeContext(hearing.paths);
    }
    xmlFreeDoc(hearing.document);
    X509_free(hearing.authority);
    (void)BIO_free(memory); /* memory only */
    return failed;
}
