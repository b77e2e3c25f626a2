#ifndef GATEWAY_FINDING_JSON_FILE_JSON_H
#define GATEWAY_FINDING_JSON_FILE_JSON_H

#include "gateway/finding_json/finding_view.h"

/*
 * A decided file as the JSON object of design.md 9: `brama validate --json` and POST /validations.
 * Every key is always there; what is absent is null. Beyond that shape: unit_name and reason of a
 * report, counts of what was cut or not evaluated. Amounts are texts as in the form ("13 611
 * 040,30").
 */
enum { FILE_JSON_SHA256_SIZE = 32 };

struct file_json {
    struct str                 name;   /* empty: null */
    const unsigned char       *sha256; /* NULL: not known, because it was not read to its end */
    const struct decided_file *decided;
    bool                       trust_given; /* somebody said whom to trust */
};

void file_json_write(struct json *json, const struct file_json *file);

/* Rows of CSV for all findings of the file, the package's before its reports'. */
void file_json_csv(struct csv *csv, const struct file_json *file);

/* True unless a step failed; an unknown issuer counts as long as nobody said whom to trust. */
bool file_json_signature_valid(const struct package_signature *signature, bool trust_given);

#endif
