#ifndef VALIDATORS_CATALOGUE_BUNDLE_H
#define VALIDATORS_CATALOGUE_BUNDLE_H

#include "validators/base/buf.h"
#include "validators/base/err.h"

/*
 * All files of schemas/ as one immutable run of bytes: what is embedded into the programs, stored
 * in the database and named by its SHA-256 in every decision.
 *
 *     BRAMA-BUNDLE 1\n
 *     <size of the file in decimal> <path>\n     one line a file, sorted by path, paths relative
 *     \n
 *     the files' bytes, one after another, in that order
 */
enum { BUNDLE_FILES_MAX = 2000, BUNDLE_PATH_MAX = 200, BUNDLE_SIZE_MAX = 64 * 1024 * 1024 };

struct bundle_file {
    struct str path; /* "rb-27s/2025-1/form.xml" */
    struct str bytes;
};

struct bundle {
    struct str                bytes; /* the whole, borrowed */
    const struct bundle_file *files; /* sorted by path */
    size_t                    file_count;
};

/* Borrows bytes. Fails with ERR_CATALOGUE (malformed, unsorted, too large) or ERR_MEMORY. */
MUST_USE enum err bundle_parse(struct arena *arena, struct str bytes, struct bundle *out,
                               struct fault *fault);

/* Write a bundle of these files, which are sorted here; the opposite of bundle_parse. */
MUST_USE enum err bundle_write(struct buf *out, struct bundle_file *files, size_t file_count,
                               struct fault *fault);

/* .data == NULL when there is no such file. */
struct str bundle_file(const struct bundle *bundle, struct str path);

#endif
