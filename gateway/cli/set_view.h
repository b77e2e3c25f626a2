#ifndef GATEWAY_CLI_SET_VIEW_H
#define GATEWAY_CLI_SET_VIEW_H

#include "gateway/answer/json.h"
#include "gateway/cli/screen.h"
#include "gateway/cli/set_group.h"
#include "gateway/finding_json/export.h"

/*
 * Judged sets for programs and for people. In JSON every rule that has an outcome is there; for
 * people, what does not hold, and what waits for a report although the one that it charges is here.
 */

/* The array. ERR_MEMORY. */
MUST_USE enum err set_view_json(struct arena *arena, struct json *json,
                                const struct set_groups *groups, struct fault *fault);

/* The findings, behind those of the files, whose artifacts run has (or none). ERR_MEMORY. */
MUST_USE enum err set_view_export(struct arena *arena, const struct set_groups *groups,
                                  struct export_run *run, struct fault *fault);

/* Nothing when there is nothing to say. ERR_MEMORY. */
MUST_USE enum err set_view_text(struct arena *arena, struct screen *screen,
                                const struct set_groups *groups, struct fault *fault);

#endif
