#ifndef GATEWAY_BRAMAD_REHEARSAL_H
#define GATEWAY_BRAMAD_REHEARSAL_H

#include "gateway/bramad/process.h"

/*
 * What must hold before the first role starts, tried in a short-lived child, so that the supervisor
 * itself never holds the key, a connection or a parsed certificate: the settings point at what is
 * there, the database answers and has exactly the schema of this program, and it is of the
 * configured environment, PROD without a clock offset. The child becomes user before it connects.
 *
 * ERR_CONFIG: something does not hold, and each fault was told on stderr in Polish. ERR_SYSTEM.
 */
MUST_USE enum err rehearsal_run(const char *path, struct str text, const struct config *config,
                                const struct process_user *user, struct fault *fault);

/*
 * The same of the settings alone, before processes are replaced: what they point at may be other
 * files now, and the database may be away.
 */
MUST_USE enum err rehearsal_settings(const char *path, struct str text, const struct config *config,
                                     struct fault *fault);

#endif
