#ifndef GATEWAY_CLI_RULE_TURNING_H
#define GATEWAY_CLI_RULE_TURNING_H

#include "gateway/admin/admin.h"
#include "gateway/cli/screen.h"
#include "gateway/release/rule_switch.h"

/*
 * A rule of a form, or between reports, switched off or on, by the operator: the switch, then what
 * it concerns is put to work, and both are told. In the open transaction of admin->store the
 * switch, in others the rest, so that whoever concludes after the first sees the switch, and the
 * others see what was concluded before. Fills in who it was. ERR_USAGE: there is no such code;
 * ERR_DENIED: it is no rule, or there are too many switches.
 */
MUST_USE enum err rule_turning_run(struct admin *admin, struct screen *screen,
                                   struct rule_switch *wanted, struct fault *fault);

#endif
