#ifndef GATEWAY_BRAMAD_SETTINGS_CHECK_H
#define GATEWAY_BRAMAD_SETTINGS_CHECK_H

#include "gateway/config/config.h"

/*
 * Whether what a configuration points at is there and fits: files, folders, users, groups, the key
 * and its certificate. Reads the key, so it runs only in a process that ends soon. Adds to *faults,
 * each with the line of its setting in text (0 for a default). ERR_MEMORY, ERR_CRYPTO.
 */
MUST_USE enum err settings_check(struct arena *arena, struct str text, const struct config *config,
                                 struct config_faults *faults, struct fault *fault);

/* Tell all of them on stderr, "path:line: text" each. */
void settings_check_complain(const char *path, const struct config_faults *faults);

#endif
