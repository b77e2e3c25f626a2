#ifndef GATEWAY_FRONT_PATIENCE_H
#define GATEWAY_FRONT_PATIENCE_H

#include "gateway/config/config.h"
#include "gateway/front/request.h"

/*
 * How long whoever asks is willing to wait: ?wait= of a GET, the header Prefer of a filing; never
 * longer than the settings allow. Sets request->wait, in microseconds. false: the parameter is none
 * (its limit: poll_wait_seconds_max); a Prefer that says something else is passed over (RFC 7240).
 */
bool patience_read(const struct config *config, struct request *request, struct str prefer);

#endif
