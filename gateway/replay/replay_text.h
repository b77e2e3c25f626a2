#ifndef GATEWAY_REPLAY_REPLAY_TEXT_H
#define GATEWAY_REPLAY_REPLAY_TEXT_H

#include "gateway/receipt/receipt.h"
#include "gateway/replay/replay_record.h"
#include "gateway/replay/replay_remarks.h"

/* The text of a stored receipt against that of the facts of now: all but the seal, byte for byte.
 * *same: whether there is no difference; a difference is remarked by its first element. */
MUST_USE enum err replay_text_compare(struct arena *arena, const struct replay_receipt *stored,
                                      const struct receipt_facts *facts, bool *same,
                                      struct replay_remarks *remarks, struct fault *fault);

#endif
