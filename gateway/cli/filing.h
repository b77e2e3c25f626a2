#ifndef GATEWAY_CLI_FILING_H
#define GATEWAY_CLI_FILING_H

#include "gateway/cli/remote.h"

/*
 * One file on its way to the gateway: read, sent, waited for, its findings and receipts fetched,
 * told on the screen at once, or for --json added to files.
 */
MUST_USE enum exit_code filing_make(const struct remote *remote, struct screen *screen,
                                    const char *path, json_t *files);

/* {"files":[{"file","exit_code","reason","submission","findings"}]}; submission is null if none was
 * made, reason is null unless the file itself cannot be sent. */
void filing_write_json(struct screen *screen, json_t *files);

#endif
