#ifndef GATEWAY_DEFINITIONS_EMBEDDED_H
#define GATEWAY_DEFINITIONS_EMBEDDED_H

#include "validators/base/str.h"

/* The bundle of schemas/ as it was when this program was built. Constant, never released. */
struct str embedded_bundle(void);

#endif
