#ifndef GATEWAY_DESK_EXEMPTION_ENDPOINT_H
#define GATEWAY_DESK_EXEMPTION_ENDPOINT_H

#include "gateway/desk/call.h"

/*
 * What is entered about a unit, for more than one duty: an exemption from a form
 * (/api/v1/units/{regon}/exemptions), taking it back (/api/v1/exemptions/{id}/revocation), and a
 * JST's own earlier day (/api/v1/units/{regon}/internal-dues).
 */
MUST_USE enum err exemption_endpoint_list(struct call *call, struct fault *fault);
MUST_USE enum err exemption_endpoint_make(struct call *call, struct fault *fault);
MUST_USE enum err exemption_endpoint_revoke(struct call *call, struct fault *fault);
MUST_USE enum err exemption_endpoint_internal(struct call *call, struct fault *fault);

#endif
