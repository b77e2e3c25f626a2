#ifndef GATEWAY_RECEIPT_AWAITED_H
#define GATEWAY_RECEIPT_AWAITED_H

#include "validators/base/str.h"

/* Whether what a receipt says of its set (set_awaited) names reports; else it is a sentence that
 * says why nothing was compared. */
bool awaited_names_reports(struct str awaited);

#endif
