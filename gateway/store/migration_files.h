#ifndef GATEWAY_STORE_MIGRATION_FILES_H
#define GATEWAY_STORE_MIGRATION_FILES_H

#include "gateway/store/migration.h"

/* The files of ops/migrations, in order, as they were when this program was built. */
const struct migration *migration_files(size_t *count);

#endif
