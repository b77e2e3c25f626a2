#ifndef TESTS_UNIT_VALIDATORS_DOCUMENT_FORMS_H
#define TESTS_UNIT_VALIDATORS_DOCUMENT_FORMS_H

#include "validators/document/document.h"

/*
 * A catalogue with Rb-27s and Rb-28s made by hand out of the XSDs of schemas/, for tests, fuzzing
 * and benchmarks of the pass: what is tested is the pass, not the reading of the bundle. Rb-27s has
 * no definition before 2021, and a quarter is the only kind of period.
 */
struct forms {
    struct catalogue               catalogue;
    const struct document_schemas *schemas;
};

/* Aborts when a file is missing or a schema does not compile. root: of the repository. */
void forms_load(struct arena *arena, const char *root, struct forms *out);

/* A whole file; aborts when it cannot be read. */
struct str forms_file(struct arena *arena, const char *root, const char *path);

#endif
