#ifndef TESTS_SUPPORT_REVISION_H
#define TESTS_SUPPORT_REVISION_H

#include "validators/catalogue/bundle.h"

/* Definitions as others are, but for a few texts: what a release or a draft is made of in tests. */
struct revision {
    const char *path; /* "rb-27s/2025-1/rules.xml"; NULL: nothing is changed */
    const char *old;  /* its first occurrence, which must stand there */
    const char *new;
};

/* The bytes of a bundle, in arena. */
struct str revision_bundle(struct arena *arena, const struct bundle *from,
                           const struct revision *revisions, size_t count);

#endif
