#include "gateway/receipt/imprint.h"

#include "gateway/receipt/armour.h"
#include "gateway/receipt/layout.h"

#include <string.h>

#define XMLNS_DS " xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\""
#define XMLNS_XADES " xmlns:xades=\"http://uri.etsi.org/01903/v1.3.2#\""
#define EXCLUSIVE "http://www.w3.org/2001/10/xml-exc-c14n#"
#define SHA256 "http://www.w3.org/2001/04/xmlenc#sha256"
#define ENVELOPED "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
#define ECDSA_SHA256 "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
#define RSA_SHA256 "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"

#define PART(name, text) static const struct str name = STR_INIT(text)

PART(signature_begin, "<ds:Signature" XMLNS_DS " Id=\"podpis\">");
PART(info_begin, "<ds:SignedInfo>");
PART(info_begin_alone, "<ds:SignedInfo" XMLNS_DS ">");
PART(info_method, "<ds:CanonicalizationMethod Algorithm=\"" EXCLUSIVE
                  "\"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm=\"");
PART(info_document, "\"></ds:SignatureMethod><ds:Reference Id=\"dokument\" URI=\"\"><ds:Transforms>"
                    "<ds:Transform Algorithm=\"" ENVELOPED "\"></ds:Transform>"
                    "<ds:Transform Algorithm=\"" EXCLUSIVE "\"></ds:Transform></ds:Transforms>"
                    "<ds:DigestMethod Algorithm=\"" SHA256 "\"></ds:DigestMethod><ds:DigestValue>");
PART(info_properties, "</ds:DigestValue></ds:Reference>"
                      "<ds:Reference Type=\"http://uri.etsi.org/01903#SignedProperties\""
                      " URI=\"#wlasciwosci\"><ds:Transforms>"
                      "<ds:Transform Algorithm=\"" EXCLUSIVE "\"></ds:Transform></ds:Transforms>"
                      "<ds:DigestMethod Algorithm=\"" SHA256 "\"></ds:DigestMethod>"
                      "<ds:DigestValue>");
PART(info_end, "</ds:DigestValue></ds:Reference></ds:SignedInfo>");
PART(value_begin, "<ds:SignatureValue>");
PART(value_end, "</ds:SignatureValue>");
PART(key_begin, "<ds:KeyInfo><ds:X509Data>");
PART(certificate_name, "ds:X509Certificate");
PART(key_end, "</ds:X509Data></ds:KeyInfo>");
PART(object_begin, "<ds:Object><xades:QualifyingProperties" XMLNS_XADES " Target=\"#podpis\">");
PART(properties_begin, "<xades:SignedProperties Id=\"wlasciwosci\">");
PART(properties_begin_alone, "<xades:SignedProperties" XMLNS_XADES " Id=\"wlasciwosci\">");
PART(properties_time, "<xades:SignedSignatureProperties><xades:SigningTime>");
PART(properties_chain, "</xades:SigningTime><xades:SigningCertificateV2>");
PART(digest_begin, "<xades:Cert><xades:CertDigest><ds:DigestMethod Algorithm=\"" SHA256
                   "\"></ds:DigestMethod><ds:DigestValue>");
PART(digest_begin_alone,
     "<xades:Cert><xades:CertDigest><ds:DigestMethod" XMLNS_DS " Algorithm=\"" SHA256
     "\"></ds:DigestMethod><ds:DigestValue" XMLNS_DS ">");
PART(digest_end, "</ds:DigestValue></xades:CertDigest></xades:Cert>");
PART(properties_end,
     "</xades:SigningCertificateV2></xades:SignedSignatureProperties>"
     "<xades:SignedDataObjectProperties><xades:DataObjectFormat ObjectReference=\"#dokument\">"
     "<xades:MimeType>application/xml</xades:MimeType></xades:DataObjectFormat>"
     "</xades:SignedDataObjectProperties></xades:SignedProperties>");
PART(signature_end, "</xades:QualifyingProperties></ds:Object></ds:Signature>");

static const struct str methods[] = {
    [IMPRINT_ECDSA] = STR_INIT(ECDSA_SHA256),
    [IMPRINT_RSA] = STR_INIT(RSA_SHA256),
};

/* In the receipt, or alone as the canonical text that is digested. */
enum setting { SETTING_RECEIPT, SETTING_ALONE };

static void
put_digest(struct buf *out, const unsigned char *digest)
{
    armour_append(out, (struct str){(const char *)digest, IMPRINT_DIGEST_SIZE});
}

static void
put_info(struct buf *out, const struct imprint *imprint, enum setting setting)
{
    buf_append(out, setting == SETTING_ALONE ? info_begin_alone : info_begin);
    buf_append(out, info_method);
    buf_append(out, methods[imprint->method]);
    buf_append(out, info_document);
    put_digest(out, imprint->document_sha256);
    buf_append(out, info_properties);
    put_digest(out, imprint->properties_sha256);
    buf_append(out, info_end);
}

static void
put_properties(struct buf *out, const struct imprint *imprint, enum setting setting)
{
    buf_append(out, setting == SETTING_ALONE ? properties_begin_alone : properties_begin);
    buf_append(out, properties_time);
    instant_write_utc(out, imprint->signed_at);
    buf_append(out, properties_chain);
    for (size_t i = 0; i < imprint->chain_count; i++) {
        buf_append(out, setting == SETTING_ALONE ? digest_begin_alone : digest_begin);
        put_digest(out, imprint->chain[i].sha256);
        buf_append(out, digest_end);
    }
    buf_append(out, properties_end);
}

void
imprint_write_properties(struct buf *out, const struct imprint *imprint)
{
    put_properties(out, imprint, SETTING_ALONE);
}

void
imprint_write_signed_info(struct buf *out, const struct imprint *imprint)
{
    put_info(out, imprint, SETTING_ALONE);
}

void
imprint_write_key(struct buf *out, const struct imprint *imprint)
{
    buf_append(out, key_begin);
    for (size_t i = 0; i < imprint->chain_count; i++) {
        buf_format(out, "<%s>", certificate_name.data);
        armour_append(out, imprint->chain[i].der);
        buf_format(out, "</%s>", certificate_name.data);
    }
    buf_append(out, key_end);
}

void
imprint_write(struct buf *out, const struct imprint *imprint, struct str key)
{
    buf_append(out, signature_begin);
    put_info(out, imprint, SETTING_RECEIPT);
    buf_append(out, value_begin);
    armour_append(out, imprint->value);
    buf_append(out, value_end);
    buf_append(out, key);
    buf_append(out, object_begin);
    put_properties(out, imprint, SETTING_RECEIPT);
    buf_append(out, signature_end);
}

static void
take_digest(struct scan *scan, unsigned char *out)
{
    struct str bytes = scan_base64(scan, IMPRINT_DIGEST_SIZE);

    if (scan->bad || bytes.size != IMPRINT_DIGEST_SIZE) {
        scan->bad = true;
        return;
    }
    memcpy(out, bytes.data, IMPRINT_DIGEST_SIZE);
}

static void
take_info(struct scan *scan, struct imprint *out)
{
    scan_literal(scan, info_begin);
    scan_literal(scan, info_method);
    if (scan_try_literal(scan, methods[IMPRINT_RSA])) {
        out->method = IMPRINT_RSA;
    } else {
        scan_literal(scan, methods[IMPRINT_ECDSA]);
        out->method = IMPRINT_ECDSA;
    }
    scan_literal(scan, info_document);
    take_digest(scan, out->document_sha256);
    scan_literal(scan, info_properties);
    take_digest(scan, out->properties_sha256);
    scan_literal(scan, info_end);
}

static void
take_certificates(struct scan *scan, struct imprint *out)
{
    scan_literal(scan, key_begin);
    while (out->chain_count < IMPRINT_CHAIN_MAX && scan_try_open(scan, certificate_name)) {
        out->chain[out->chain_count++].der = scan_base64(scan, IMPRINT_CERTIFICATE_MAX);
        scan_close(scan, certificate_name);
    }
    scan->bad = scan->bad || out->chain_count == 0;
    scan_literal(scan, key_end);
}

/* As many digests must follow as there were certificates. */
static void
take_properties(struct scan *scan, struct imprint *out)
{
    scan_literal(scan, properties_begin);
    scan_literal(scan, properties_time);
    size_t begin = scan->at;
    if (!layout_instant_parse(scan_raw(scan), &out->signed_at)
        || !layout_instant_valid(out->signed_at)) {
        scan->at = scan->bad ? scan->at : begin;
        scan->bad = true;
    }
    scan_literal(scan, properties_chain);
    for (size_t i = 0; i < out->chain_count; i++) {
        scan_literal(scan, digest_begin);
        take_digest(scan, out->chain[i].sha256);
        scan_literal(scan, digest_end);
    }
    scan_literal(scan, properties_end);
}

void
imprint_read(struct scan *scan, struct imprint *out)
{
    struct imprint imprint = {0};

    scan_literal(scan, signature_begin);
    take_info(scan, &imprint);
    scan_literal(scan, value_begin);
    imprint.value = scan_base64(scan, IMPRINT_VALUE_MAX);
    scan_literal(scan, value_end);
    take_certificates(scan, &imprint);
    scan_literal(scan, object_begin);
    take_properties(scan, &imprint);
    scan_literal(scan, signature_end);
    if (!scan->bad) {
        *out = imprint;
    }
}
