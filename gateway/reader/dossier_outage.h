#ifndef GATEWAY_READER_DOSSIER_OUTAGE_H
#define GATEWAY_READER_DOSSIER_OUTAGE_H

#include "validators/base/moment.h"
#include "validators/base/str.h"

/* When the gateway could not be reached near this arrival, as known today. */
struct dossier_outage {
    instant    began;
    instant    ended;
    instant    tried; /* the first attempt that is known, when it falls in this one; else 0 */
    struct str what;
};

#endif
