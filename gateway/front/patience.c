#include "gateway/front/patience.h"

#include "gateway/front/header.h"
#include "gateway/front/parameter.h"
#include "gateway/ticks/ticks.h"

bool
patience_read(const struct config *config, struct request *request, struct str prefer)
{
    int64_t seconds = 0;

    if (request->action.action == ROUTE_READ) {
        enum parameter_found found =
            parameter_number(request->query, STR("wait"), config->poll_wait_seconds_max, &seconds);
        request->wait = seconds * INSTANT_PER_SECOND;
        return found != PARAMETER_BAD;
    }
    struct header_preference preference = header_prefer(prefer);
    request->wait = config->answer_wait_ms * TICKS_PER_MS;
    if (preference.wait_seconds >= 0) {
        seconds = preference.wait_seconds < config->poll_wait_seconds_max
                      ? preference.wait_seconds
                      : config->poll_wait_seconds_max;
        request->wait = seconds * INSTANT_PER_SECOND;
    } else if (preference.respond_async) {
        request->wait = 0;
    }
    return true;
}
