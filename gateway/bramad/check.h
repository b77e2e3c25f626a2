#ifndef GATEWAY_BRAMAD_CHECK_H
#define GATEWAY_BRAMAD_CHECK_H

#include "gateway/config/config.h"
#include "validators/signature/signature.h"

/*
 * What a check of settings looks at, and where it tells, in Polish, what it has found: as faults of
 * settings, each with its line in the text (0 for a default). Nothing here fails: what has no room
 * is left out, and whoever owns the arena looks whether it is full.
 */
struct check {
    struct arena         *arena;
    struct str            text;
    const struct config  *config;
    struct config_faults *faults;
};

bool check_production(const struct check *check);

void check_add(const struct check *check, const char *setting, struct str text);

/* Read a file; what is wrong with it is a fault of its setting. Empty: there is one. */
struct str check_read(const struct check *check, const char *setting, struct str path);

/* What is trusted; NULL when that cannot be read, which is a fault of the setting. */
struct signature_trust *check_certificates(const struct check *check, const char *setting,
                                           struct str pem);

/* Only its owner may read a key. */
void check_private(const struct check *check, const char *setting, struct str path);

#endif
