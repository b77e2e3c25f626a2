#include "tests/support/defect.h"

/* What SignedInfo says: methods, references, transforms, digests. Each signature value is good. */

#define C14N "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
#define EXC_C14N "http://www.w3.org/2001/10/xml-exc-c14n#"
#define DSIG "http://www.w3.org/2000/09/xmldsig#"
#define XPATH "http://www.w3.org/TR/1999/REC-xpath-19991116"
#define XSLT "http://www.w3.org/TR/1999/REC-xslt-19991116"
#define XSL "http://www.w3.org/1999/XSL/Transform"
#define SHA256 "http://www.w3.org/2001/04/xmlenc#sha256"
#define OWN "http://uri.etsi.org/01903/v1.1.1#SignedProperties"

/* SHA-256 of nothing. */
#define EMPTY "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

#define TRANSFORM(algorithm, inside) \
    "<ds:Transform Algorithm=\"" algorithm "\">" inside "</ds:Transform>"
#define REFERENCE(uri)                                                   \
    "<ds:Reference URI=\"" uri "\"><ds:DigestMethod Algorithm=\"" SHA256 \
    "\"></ds:DigestMethod><ds:DigestValue>" EMPTY "</ds:DigestValue></ds:Reference>"

#define INSTEAD(old, new) DEFECT_EDITS(DEFECT_EDIT(REPLACE, INFO, old, new, NULL))
#define ADD_TRANSFORM(text) DEFECT_EDITS(DEFECT_EDIT(AFTER, INFO, "ds:Transform", text, NULL))
#define SET_URI(uri) DEFECT_EDITS(DEFECT_EDIT(VALUE, INFO, "<ds:Reference URI=\"", uri, NULL))
#define ON_DIGEST(how, with, canonical) \
    DEFECT_EDITS(DEFECT_EDIT(how, INFO, "ds:DigestValue", with, canonical))
#define TAKE_AWAY(element) DEFECT_EDIT(REMOVE, INFO, element, NULL, NULL)

static const struct defect table[] = {
    DEFECT("method-sha1", "the report is digested with SHA-1", .digest = AUTOGRAPH_SHA1),
    DEFECT("method-sha512", "the report is digested with SHA-512", .digest = AUTOGRAPH_SHA512),
    DEFECT("method-rsa-sha1", "signed with rsa-sha1", .method = AUTOGRAPH_RSA_SHA1),
    DEFECT("method-rsa-md5", "signed with rsa-md5", .method = AUTOGRAPH_RSA_MD5),
    DEFECT("method-rsa-sha512", "signed with rsa-sha512", .method = AUTOGRAPH_RSA_SHA512),
    DEFECT("method-rsa-pss", "signed with RSA-PSS", .method = AUTOGRAPH_RSA_PSS),
    DEFECT("method-hmac", "HMAC with the public key", .method = AUTOGRAPH_HMAC),
    DEFECT("method-ecdsa", "signed with ECDSA by a person with an EC key",
           .method = AUTOGRAPH_ECDSA, .signer = AUTHORITY_ELLIPTIC),
    DEFECT("c14n-11", "SignedInfo under Canonical XML 1.1",
           INSTEAD(C14N, "http://www.w3.org/2006/12/xml-c14n11")),
    DEFECT("c14n-comments", "SignedInfo under Canonical XML with comments",
           INSTEAD(C14N, C14N "#WithComments")),
    DEFECT("c14n-exclusive", "SignedInfo under exclusive Canonical XML", INSTEAD(C14N, EXC_C14N)),
    DEFECT("c14n-unknown", "SignedInfo under an unknown canonicalisation",
           INSTEAD(C14N, "urn:nieznana")),
    DEFECT("transform-inclusive", "the report under inclusive Canonical XML",
           INSTEAD(EXC_C14N, C14N)),
    DEFECT("transform-exclusive-comments", "the report under exclusive Canonical XML with comments",
           INSTEAD(EXC_C14N, EXC_C14N "WithComments")),
    DEFECT("transform-xpath", "an XPath transform more",
           ADD_TRANSFORM(TRANSFORM(XPATH, "<ds:XPath>not(ancestor-or-self::Pozycje)</ds:XPath>"))),
    DEFECT("transform-xslt", "an XSLT transform more",
           ADD_TRANSFORM(TRANSFORM(XSLT, "<xsl:stylesheet xmlns:xsl=\"" XSL "\" version=\"1.0\">"
                                         "</xsl:stylesheet>"))),
    DEFECT("transform-enveloped", "an enveloped-signature transform more",
           ADD_TRANSFORM(TRANSFORM(DSIG "enveloped-signature", ""))),
    DEFECT("transform-base64", "a base64 transform more",
           ADD_TRANSFORM(TRANSFORM(DSIG "base64", ""))),
    DEFECT("transform-prefix-list", "exclusive Canonical XML with an InclusiveNamespaces list",
           DEFECT_EDITS(
               DEFECT_EDIT(LAST, INFO, "ds:Transforms",
                           TRANSFORM(EXC_C14N, "<ec:InclusiveNamespaces xmlns:ec=\"" EXC_C14N
                                               "\" PrefixList=\"obcy\"></ec:InclusiveNamespaces>"),
                           NULL),
               TAKE_AWAY("ds:Transform"))),
    DEFECT("transform-on-properties", "a transform on the signed properties",
           DEFECT_EDITS(DEFECT_EDIT_APART(
               REPLACE, INFO, OWN "\">",
               OWN "\"><ds:Transforms>" TRANSFORM(C14N, "") "</ds:Transforms>",
               "#SignedPropertiesId\">",
               "#SignedPropertiesId\"><ds:Transforms>" TRANSFORM(C14N, "") "</ds:Transforms>"))),
    DEFECT("transform-missing", "the report without a transform",
           DEFECT_EDITS(TAKE_AWAY("ds:Transforms"))),
    DEFECT("transform-flood", "ten thousand transforms",
           DEFECT_EDITS(DEFECT_EDIT(FLOOD, INFO, "ds:Transform", TRANSFORM(EXC_C14N, ""), NULL))),
    DEFECT("reference-twice", "the reference to the report twice",
           DEFECT_EDITS(DEFECT_EDIT(TWICE, INFO, "ds:Reference", NULL, NULL))),
    DEFECT("reference-none", "no references",
           DEFECT_EDITS(TAKE_AWAY("ds:Reference"), TAKE_AWAY("ds:Reference"))),
    DEFECT("reference-only-properties", "no reference to the report",
           DEFECT_EDITS(TAKE_AWAY("ds:Reference"))),
    DEFECT("reference-only-report", "no reference to the signed properties",
           DEFECT_EDITS(DEFECT_EDIT_APART(REMOVE, INFO, "ds:Reference URI=\"#SignedPropertiesId\"",
                                          NULL, "ds:Reference Type=\"" OWN "\"", NULL))),
    DEFECT("reference-three", "a third reference",
           DEFECT_EDITS(DEFECT_EDIT(AFTER, INFO, "ds:Reference", REFERENCE("Inny.xml"), NULL))),
    DEFECT("reference-flood", "ten thousand references more",
           DEFECT_EDITS(DEFECT_EDIT(FLOOD, INFO, "ds:Reference", REFERENCE("Inny.xml"), NULL))),
    DEFECT("reference-other-report", "the reference names the unit's other report", .forms = 3U,
           SET_URI("{other}.xml")),
    DEFECT("reference-unknown-report", "the reference names a report that is not there",
           SET_URI("Rb27s_00000000000000000000000000000000.xml")),
    DEFECT("reference-http", "the reference is an http address",
           SET_URI("http://zlo.example/{id}.xml")),
    DEFECT("reference-file", "the reference is a file address", SET_URI("file:///etc/passwd")),
    DEFECT("reference-path", "the reference is a path", SET_URI("../{id}.xml")),
    DEFECT("reference-empty", "the reference is empty: the whole document", SET_URI("")),
    DEFECT("reference-fragment", "the reference is #Id of the report", SET_URI("#{id}")),
    DEFECT("reference-type-missing", "the reference to the properties has no Type",
           INSTEAD(" Type=\"" OWN "\"", "")),
    DEFECT("reference-to-manifest", "the reference says that it leads to a Manifest",
           INSTEAD("<ds:Reference URI=", "<ds:Reference Type=\"" DSIG "Manifest\" URI=")),
    DEFECT("digest-comment", "a comment inside DigestValue", ON_DIGEST(INSIDE, "<!-- -->", "")),
    DEFECT("digest-blanks", "blanks before DigestValue", ON_DIGEST(BEFORE, " ", " ")),
    DEFECT("digest-short", "DigestValue has half its length", ON_DIGEST(HALF, NULL, NULL)),
    DEFECT("digest-empty", "DigestValue is empty", ON_DIGEST(CONTENT, "", "")),
    DEFECT("digest-wrong", "DigestValue is of something else", ON_DIGEST(FLIP, NULL, NULL)),
    DEFECT("digests-swapped", "two reports are signed with each other's digest", .forms = 3U,
           .digest_of_other = true),
};

const struct defect *
defect_references(size_t *count)
{
    *count = ARRAY_COUNT(table);
    return table;
}
