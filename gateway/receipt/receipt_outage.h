#ifndef GATEWAY_RECEIPT_RECEIPT_OUTAGE_H
#define GATEWAY_RECEIPT_RECEIPT_OUTAGE_H

#include "validators/base/moment.h"
#include "validators/base/str.h"

/* When the gateway could not be reached, near this arrival: a fact that moves no due day. */
struct receipt_outage {
    instant    began;
    instant    ended;
    instant    tried; /* the first attempt that is known, when it falls in this one; else 0 */
    struct str what;  /* could not be done */
};

#endif
