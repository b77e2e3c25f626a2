#ifndef GATEWAY_BACKTEST_BACKTEST_SET_TEXT_H
#define GATEWAY_BACKTEST_BACKTEST_SET_TEXT_H

#include "gateway/backtest/backtest_tally.h"

/* What a tally says of sets, as parts of what backtest_tally.h writes. Pure. */

/* The member "sets" of the object that is open. */
void backtest_set_text_json(struct json *json, const struct backtest_tally *tally);

/* Key and number of a member of the object that is open. */
void backtest_set_text_count(struct json *json, const char *key, uint64_t count);

/* The columns behind those of reports: their names, their fields in the row of a group or a code.
 */
void backtest_set_text_csv_head(struct csv *csv);
void backtest_set_text_csv_group(struct csv *csv, const struct backtest_group *group);
void backtest_set_text_csv_code(struct csv *csv, const struct backtest_code *code);

/* A row of its own for what strict=true would stop, under the code "strict=true". */
void backtest_set_text_csv_strict(struct csv *csv, const struct backtest_tally *tally);

/* Lines for a person: rules that compared something or wait, groups that turn, and all together. */
void backtest_set_text_write(struct buf *out, const struct backtest_tally *tally);

#endif
