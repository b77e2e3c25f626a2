#include "tests/support/defect.h"

/* Whose signature it is, what it says of itself, and what was altered after signing. */

/* The accountant's SignedProperties go into the head's signature. */
static enum err
move_properties(struct arena *arena, struct envelope *package, struct fault *fault)
{
    static const struct edit removal =
        DEFECT_EDIT(REMOVE, SIGNATURE, "xades:SignedProperties", NULL, NULL);

    struct str       *signatures = package->units[0].reports[0].signatures;
    struct edit_names names = {{0}, {0}};
    struct str        end = STR("</xades:SignedProperties>");
    size_t            from = edit_find(signatures[0], STR("<xades:SignedProperties"), 0);
    size_t            to = edit_find(signatures[0], end, from) + end.size;
    struct str        moved =
        str_format(arena, "%.*s", STR_ARG(str_slice(signatures[0], from, to - from)));
    struct edit addition =
        DEFECT_EDIT(LAST, SIGNATURE, "xades:QualifyingProperties", moved.data, NULL);

    TRY(edit_apply(arena, &removal, EDIT_RAW, &names, &signatures[0], fault));
    return edit_apply(arena, &addition, EDIT_RAW, &names, &signatures[1], fault);
}

static enum err
repeat_signature(struct arena *arena, struct envelope *package, struct fault *fault)
{
    static const struct edit twice = DEFECT_EDIT(TWICE, SIGNATURE, "ds:Signature", NULL, NULL);

    struct edit_names names = {{0}, {0}};

    return edit_apply(arena, &twice, EDIT_RAW, &names, &package->units[0].reports[0].signatures[0],
                      fault);
}

static enum err
drop_signatures(struct arena *arena, struct envelope *package, struct fault *fault)
{
    (void)arena; /* nothing is made */
    (void)fault; /* nothing can fail */
    package->units[0].reports[0].signature_count = 0;
    return ERR_OK;
}

/* The next unit has as many reports, so its signatures take the place of these and vice versa. */
static enum err
move_signatures(struct arena *arena, struct envelope *package, struct fault *fault)
{
    struct envelope_report *first = &package->units[0].reports[0];
    struct envelope_report *second = &package->units[1].reports[0];

    (void)arena; /* nothing is made */
    (void)fault; /* nothing can fail */
    for (size_t i = 0; i < ENVELOPE_SIGNATURES_MAX; i++) {
        struct str moved = first->signatures[i];
        first->signatures[i] = second->signatures[i];
        second->signatures[i] = moved;
    }
    return ERR_OK;
}

static const struct defect table[] = {
    DEFECT("report-altered", "an amount altered after signing", DEFECT_RB27S,
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, LATE, "PL", "1.00", NULL))),
    DEFECT("report-altered-28", "an amount of Rb-28S altered after signing, a rule broken by it",
           DEFECT_RB28S, DEFECT_EDITS(DEFECT_EDIT(CONTENT, LATE, "WW", "9999999.00", NULL))),
    DEFECT("properties-altered", "SigningTime altered after signing",
           DEFECT_EDITS(
               DEFECT_EDIT(CONTENT, SIGNATURE, "xades:SigningTime", "2026-07-08T10:00:00", NULL))),
    DEFECT("role-altered", "the role altered after signing",
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, SIGNATURE, "Role", "Kierownik jednostki", NULL))),
    DEFECT("info-altered", "SignedInfo altered after signing",
           DEFECT_EDITS(
               DEFECT_EDIT(ATTRIBUTE, SIGNATURE, "ds:SignedInfo", " Id=\"Zmieniony\"", NULL))),
    DEFECT("info-digest-altered", "a digest in SignedInfo altered after signing",
           DEFECT_EDITS(DEFECT_EDIT(FLIP, SIGNATURE, "ds:DigestValue", NULL, NULL))),
    DEFECT("value-altered", "SignatureValue altered",
           DEFECT_EDITS(DEFECT_EDIT(FLIP, SIGNATURE, "ds:SignatureValue", NULL, NULL))),
    DEFECT("value-short", "SignatureValue has half its length",
           DEFECT_EDITS(DEFECT_EDIT(HALF, SIGNATURE, "ds:SignatureValue", NULL, NULL))),
    DEFECT("value-empty", "SignatureValue is empty",
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, SIGNATURE, "ds:SignatureValue", "", NULL))),
    DEFECT("value-not-base64", "SignatureValue is not base64",
           DEFECT_EDITS(
               DEFECT_EDIT(CONTENT, SIGNATURE, "ds:SignatureValue", "to nie jest base64", NULL))),
    DEFECT("value-missing", "no SignatureValue",
           DEFECT_EDITS(DEFECT_EDIT(REMOVE, SIGNATURE, "ds:SignatureValue", NULL, NULL))),
    DEFECT("value-twice", "two SignatureValue",
           DEFECT_EDITS(DEFECT_EDIT(TWICE, SIGNATURE, "ds:SignatureValue", NULL, NULL))),
    DEFECT("info-twice", "two SignedInfo",
           DEFECT_EDITS(DEFECT_EDIT(TWICE, SIGNATURE, "ds:SignedInfo", NULL, NULL))),
    DEFECT("info-missing", "no SignedInfo",
           DEFECT_EDITS(DEFECT_EDIT(REMOVE, SIGNATURE, "ds:SignedInfo", NULL, NULL))),
    DEFECT("namespace-on-signature", "a namespace declared on ds:Signature after signing",
           DEFECT_EDITS(DEFECT_EDIT(ATTRIBUTE, SIGNATURE, "ds:Signature",
                                    " xmlns:obcy=\"urn:obcy\"", NULL))),
    DEFECT("signing-certificate-missing", "no SigningCertificate",
           DEFECT_EDITS(DEFECT_EDIT(REMOVE, PROPERTIES, "xades:SigningCertificate", NULL, NULL))),
    DEFECT("certificate-digest-wrong", "CertDigest is of another certificate",
           DEFECT_EDITS(DEFECT_EDIT(FLIP, PROPERTIES, "xades:DigestValue", NULL, NULL))),
    DEFECT("certificate-serial-wrong", "IssuerSerial has another number",
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, PROPERTIES, "ds:X509SerialNumber", "1", NULL))),
    DEFECT("certificate-issuer-wrong", "IssuerSerial has another issuer",
           DEFECT_EDITS(
               DEFECT_EDIT(CONTENT, PROPERTIES, "ds:X509IssuerName", "CN=Inny Urzad, C=PL", NULL))),
    DEFECT("certificate-named-other", "SigningCertificate names another person",
           .named = AUTHORITY_STRANGER),
    DEFECT("certificate-shown-other", "KeyInfo has the certificate of another person",
           .shown = AUTHORITY_STRANGER),
    DEFECT("certificate-of-other", "KeyInfo and SigningCertificate are of another person",
           .named = AUTHORITY_STRANGER, .shown = AUTHORITY_STRANGER),
    DEFECT("certificate-garbage", "the certificate in KeyInfo cannot be read",
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, SIGNATURE, "ds:X509Certificate", "AAAA", NULL))),
    DEFECT("certificate-missing", "KeyInfo without X509Data",
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, SIGNATURE, "ds:KeyInfo",
                                    "<ds:KeyName>Anna</ds:KeyName>", NULL))),
    DEFECT("key-info-missing", "no KeyInfo",
           DEFECT_EDITS(DEFECT_EDIT(REMOVE, SIGNATURE, "ds:KeyInfo", NULL, NULL))),
    DEFECT("key-value-only", "KeyInfo with a bare key", .key_info = AUTOGRAPH_KEY_VALUE),
    DEFECT("key-retrieval", "KeyInfo with a RetrievalMethod", .key_info = AUTOGRAPH_RETRIEVAL),
    DEFECT("signer-expired", "a certificate that expired before signing",
           .signer = AUTHORITY_EXPIRED),
    DEFECT("signer-short-lived", "a certificate that expires on 15 July 2026, after signing",
           .signer = AUTHORITY_SHORT_LIVED),
    DEFECT("signer-not-yet", "a certificate not yet valid", .signer = AUTHORITY_NOT_YET),
    DEFECT("signer-weak", "RSA 1024", .signer = AUTHORITY_WEAK),
    DEFECT("signer-unknown-issuer", "an issuer that nobody trusts",
           .signer = AUTHORITY_UNKNOWN_ISSUER),
    DEFECT("signer-no-signing", "keyUsage keyEncipherment only", .signer = AUTHORITY_NO_SIGNING),
    DEFECT("signer-sha1", "a certificate that was signed with SHA-1", .signer = AUTHORITY_SHA1),
    DEFECT("signer-of-authority", "the authority's own certificate", .signer = AUTHORITY_CA),
    DEFECT("signer-self-signed", "a self-signed certificate", .signer = AUTHORITY_OTHER_CA),
    DEFECT("role-unknown", "a role that is not foreseen",
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, PROPERTIES, "Role", "Sekretarz", NULL))),
    DEFECT("role-empty", "an empty role",
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, PROPERTIES, "Role", "", NULL))),
    DEFECT("role-missing", "no SignerRole",
           DEFECT_EDITS(DEFECT_EDIT(REMOVE, PROPERTIES, "xades:SignerRole", NULL, NULL))),
    DEFECT("role-twice", "two roles in one signature",
           DEFECT_EDITS(DEFECT_EDIT(TWICE, PROPERTIES, "xades:ClaimedRole", NULL, NULL))),
    DEFECT("role-of-accountant-twice", "both sign as the accountant",
           .signers = DEFECT_SECOND_SIGNER,
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, PROPERTIES, "Role", "Główny Księgowy", NULL))),
    DEFECT("time-future", "SigningTime is years ahead",
           DEFECT_EDITS(
               DEFECT_EDIT(CONTENT, PROPERTIES, "xades:SigningTime", "2031-01-01T12:00:00", NULL))),
    DEFECT("time-missing", "no SigningTime",
           DEFECT_EDITS(DEFECT_EDIT(REMOVE, PROPERTIES, "xades:SigningTime", NULL, NULL))),
    DEFECT("time-garbage", "SigningTime is no time",
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, PROPERTIES, "xades:SigningTime", "wczoraj", NULL))),
    DEFECT("time-zoned", "SigningTime with a zone: good",
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, PROPERTIES, "xades:SigningTime",
                                    "2026-07-09T17:47:10+02:00", NULL))),
    DEFECT("time-head-first", "the head signed before the accountant: good",
           .signers = DEFECT_SECOND_SIGNER,
           DEFECT_EDITS(
               DEFECT_EDIT(CONTENT, PROPERTIES, "xades:SigningTime", "2026-07-09T12:00:00", NULL))),
    DEFECT("properties-twice", "two SignedProperties in one signature, the first one altered",
           DEFECT_EDITS(DEFECT_EDIT(BEFORE, SIGNATURE, "xades:SignedProperties",
                                    "<xades:SignedProperties "
                                    "Id=\"SignedPropertiesId\"><xades:SignedSignatureProperties><"
                                    "xades:SigningTime>2026-07-09T17:47:10</xades:SigningTime></"
                                    "xades:SignedSignatureProperties></xades:SignedProperties>",
                                    NULL))),
    DEFECT("properties-id-missing", "SignedProperties without Id",
           DEFECT_EDITS(DEFECT_EDIT(REPLACE, PROPERTIES, " Id=\"SignedPropertiesId\"", "", NULL))),
    DEFECT("properties-elsewhere", "SignedProperties stand in the other signature only",
           .rearrange = move_properties),
    DEFECT("object-missing", "no ds:Object",
           DEFECT_EDITS(DEFECT_EDIT(REMOVE, SIGNATURE, "ds:Object", NULL, NULL))),
    DEFECT("object-in-report", "the report's Pozycje stand in a second ds:Object too",
           DEFECT_EDITS(DEFECT_EDIT(LAST, SIGNATURE, "ds:Signature",
                                    "<ds:Object><Pozycje></Pozycje></ds:Object>", NULL))),
    DEFECT("signature-ids-equal", "two signatures with one Id", .signers = DEFECT_BOTH_SIGNERS,
           DEFECT_EDITS(DEFECT_EDIT(VALUE, SIGNATURE, "<ds:Signature Id=\"", "SignatureX", NULL),
                        DEFECT_EDIT(VALUE, SIGNATURE, " Target=\"", "#SignatureX", NULL))),
    DEFECT("object-ids-equal", "two ds:Object with one Id", .signers = DEFECT_BOTH_SIGNERS,
           DEFECT_EDITS(DEFECT_EDIT(VALUE, SIGNATURE, "<ds:Object Id=\"", "XadesObjectX", NULL))),
    DEFECT("target-other", "Target names another signature",
           DEFECT_EDITS(DEFECT_EDIT(VALUE, SIGNATURE, " Target=\"", "#SignatureX", NULL))),
    DEFECT("signature-twice", "the accountant's signature stands there twice",
           .rearrange = repeat_signature),
    DEFECT("signatures-none", "no signatures", .rearrange = drop_signatures),
    DEFECT("signature-in-other-unit", "the signatures stand with another unit", .units = 2,
           .rearrange = move_signatures),
};

const struct defect *
defect_signatures(size_t *count)
{
    *count = ARRAY_COUNT(table);
    return table;
}
