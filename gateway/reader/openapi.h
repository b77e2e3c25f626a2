#ifndef GATEWAY_READER_OPENAPI_H
#define GATEWAY_READER_OPENAPI_H

#include "validators/base/str.h"

/* openapi.json of this folder as it was when this program was built. Constant, never released. */
struct str openapi_text(void);

#endif
