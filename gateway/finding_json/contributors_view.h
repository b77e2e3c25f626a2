#ifndef GATEWAY_FINDING_JSON_CONTRIBUTORS_VIEW_H
#define GATEWAY_FINDING_JSON_CONTRIBUTORS_VIEW_H

#include "gateway/answer/json.h"
#include "validators/finding/contributors.h"

/*
 * What the compared amounts of a finding are made of, as JSON and as the text of one cell of a
 * table. sides: CONTRIBUTORS_SIDES of them, or NULL.
 */

/* {"found": {"items": [...], "more": 0, "more_sum": null} or null, "expected": ...}, or null. */
void contributors_view_json(struct json *json, const struct contributors *sides);

/*
 * "jest: 10,00 kol. 4 Plan (wiersz 7, znak 2) · -3,00 ...; porównane z: ..."; empty when there is
 * nothing. .data == NULL: the arena is full.
 */
struct str contributors_view_text(struct arena *arena, const struct contributors *sides);

#endif
