#ifndef GATEWAY_CLI_VERDICT_LINE_H
#define GATEWAY_CLI_VERDICT_LINE_H

#include "gateway/cli/screen.h"

#include <jansson.h>

/*
 * What became of a submission or a report, in the words of the gateway. A submission that was
 * withdrawn is nothing else any more: this is said first, and only then what it had been.
 */

/* "  ✔ przyjęte przez bramę": sign and words. */
void verdict_line_write(struct screen *screen, const json_t *object);

/* The words alone; submission: what object is, or is a report of; NULL: nobody says. */
void verdict_line_write_words(struct screen *screen, const json_t *submission,
                              const json_t *object);

/* " (2 błędy, 1 ostrzeżenie)" of an object of counts, and the end of the line. */
void verdict_line_write_counts(struct screen *screen, const json_t *counts);

#endif
