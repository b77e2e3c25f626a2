#ifndef GATEWAY_INTAKE_RACE_H
#define GATEWAY_INTAKE_RACE_H

#include "gateway/store/store.h"

/*
 * What the store answered to a statement of the conclusion: a row that must be unique and is not,
 * or a second report in force for one key, means that another worker was first. That is
 * ERR_STORE_CONFLICT; everything else stays as it is.
 */
MUST_USE enum err race_tell(const struct store *store, enum err failed, struct fault *fault);

#endif
