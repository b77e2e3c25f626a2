#ifndef TESTS_SUPPORT_POST_KEYS_H
#define TESTS_SUPPORT_POST_KEYS_H

#include "validators/base/str.h"

/*
 * What the courier and those it talks with need: a folder with what certs/make makes (root.pem,
 * server.pem and .key, tsa.pem and .key, ...) and webhook.key, an Ed25519 key. What cannot be done
 * aborts the test.
 */
const char *post_keys_make(struct arena *arena);
void        post_keys_remove(struct arena *arena, const char *folder);

/* "FOLDER/NAME", in arena. */
const char *post_keys_path(struct arena *arena, const char *folder, const char *name);

/* A small file, whole. */
struct str post_keys_read(struct arena *arena, const char *path);

#endif
