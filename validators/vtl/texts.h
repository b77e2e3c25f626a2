#ifndef VALIDATORS_VTL_TEXTS_H
#define VALIDATORS_VTL_TEXTS_H

#include "validators/base/str.h"

/*
 * The strings of one run, each with one number: those of the data's dictionary keep theirs, others
 * (constants, results of functions) follow. Equal strings have equal numbers. 0 is null.
 */
struct texts {
    struct arena *arena;
    struct str   *items;
    uint32_t      count;
    uint32_t      capacity;
    uint32_t     *table; /* numbers, open addressing; 0: empty */
    size_t        table_size;
};

/* dictionary[0] is not used; no string may stand in it twice. NULL: arena is full. */
struct texts *texts_create(struct arena *arena, const struct str *dictionary, size_t count);

/* The number of a string, which is copied if it is new; 0: arena is full. */
uint32_t texts_number(struct texts *texts, struct str text);

/* Functions of VTL on one string. Characters are code points; case covers Latin up to U+017F. */
size_t     texts_length(struct str text);
struct str texts_substr(struct str text, int64_t start, int64_t length);
struct str texts_ltrim(struct str text);
struct str texts_rtrim(struct str text);

enum texts_case { TEXTS_UPPER, TEXTS_LOWER };

/* The same number of bytes, written to out. */
void texts_convert(struct str text, enum texts_case to, char *out);

#endif
