#ifndef GATEWAY_DEFINITIONS_FOLDER_H
#define GATEWAY_DEFINITIONS_FOLDER_H

#include "validators/catalogue/bundle.h"

/*
 * A folder of definitions (schemas/) on disk as the bytes of a bundle. Only ordinary files and
 * folders below the given one are read; a symbolic link, a device or a socket is refused by name,
 * names that begin with a dot are skipped. Counts and sizes are bounded by BUNDLE_*_MAX, depth by
 * FOLDER_DEPTH_MAX. Texts of faults are Polish: the person who gave --rules reads them.
 */
enum { FOLDER_DEPTH_MAX = 8 };

/* Fails with ERR_FILE (what cannot be read, and why), ERR_LIMIT or ERR_MEMORY. */
MUST_USE enum err folder_read(struct arena *arena, const char *path, struct str *bundle,
                              struct fault *fault);

#endif
