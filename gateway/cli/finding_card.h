#ifndef GATEWAY_CLI_FINDING_CARD_H
#define GATEWAY_CLI_FINDING_CARD_H

#include "gateway/cli/screen.h"
#include "gateway/finding_json/finding_view.h"

/*
 * One finding for a person (ux.md 1.0), the same whether it was decided here or by the gateway.
 * "file:line:column" comes first, as editors and grep expect it.
 */
enum finding_card_size { FINDING_CARD_WHOLE, FINDING_CARD_LINE };

void finding_card_write(struct screen *screen, struct str file, const struct finding_view *view,
                        enum finding_card_size size);

/* Of a rule between reports: it stands in no file, but in a set. */
void finding_card_write_of_set(struct screen *screen, int64_t set, const struct finding_view *view);

#endif
