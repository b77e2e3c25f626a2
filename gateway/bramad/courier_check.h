#ifndef GATEWAY_BRAMAD_COURIER_CHECK_H
#define GATEWAY_BRAMAD_COURIER_CHECK_H

#include "gateway/bramad/check.h"

/* Whether the courier can do what it is set to: its key, and whom it trusts outside. */
void courier_check(const struct check *check);

#endif
