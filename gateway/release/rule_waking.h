#ifndef GATEWAY_RELEASE_RULE_WAKING_H
#define GATEWAY_RELEASE_RULE_WAKING_H

#include "gateway/store/store.h"

/*
 * What a rule that was switched concerns is looked for slice by slice, each a transaction, and set
 * to work; nobody waits for all of it. Of a form's rule that is off, the submissions that it alone
 * had rejected; of a rule between reports, on or off, all sets of its scope, as nobody notes which
 * of them it has compared in vain, or was alone in comparing: at once, or at the switch's own time
 * when that is later.
 *
 * How far that has come stands in intake.rule_waking, made with the switch (rule_switch.h): whoever
 * dies between two slices leaves the rest to the workers, which look once a second, and to the next
 * that turns a rule. Before the first slice it waits until whoever concludes, perhaps with the
 * rules of before, has committed. Outside of any transaction. Looking twice does no harm.
 */

/* One slice of the oldest switch that is not done; none when somebody else is at it. */
MUST_USE enum err rule_waking_step(struct store *store, struct arena *arena, struct fault *fault);

/* All that any switch has left. *found: what this switch has set to work in all. */
MUST_USE enum err rule_waking_run(struct store *store, struct arena *arena, int64_t turned,
                                  size_t *found, struct fault *fault);

#endif
