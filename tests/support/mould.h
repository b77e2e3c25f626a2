#ifndef TESTS_SUPPORT_MOULD_H
#define TESTS_SUPPORT_MOULD_H

#include "validators/base/buf.h"

/*
 * What takes long to make and is the same for every test (an empty cluster, a set of certificates)
 * is made once in a build folder, by the first test that wants it, and copied by all. Who asks
 * meanwhile waits. What it is made from decides which one it is: a change of that makes another.
 * Nobody changes what lies there. What cannot be done aborts the test.
 */

/* The path of the folder with this name (a word). made_from: bytes that decide what it holds.
 * make(folder, user) makes the folder, which is not there yet, whole or not at all. */
const char *mould_find(struct arena *arena, const char *name, struct str made_from,
                       void (*make)(const char *folder, void *user), void *user);

/* Add a file to what something is made from. */
void mould_append(struct buf *out, const char *path);

/* Copy a folder with all in it and its owners to a path where nothing is. */
void mould_copy(const char *from, const char *to);

/* The certificates of certs/make, in a folder of one's own that is not there yet. */
void mould_certificates(const char *folder);

#endif
