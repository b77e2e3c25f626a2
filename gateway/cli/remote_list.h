#ifndef GATEWAY_CLI_REMOTE_LIST_H
#define GATEWAY_CLI_REMOTE_LIST_H

#include "gateway/cli/remote.h"
#include "gateway/cli/screen.h"

/*
 * A list that a gateway gives page by page, up to --limit, as one list: for people in the words of
 * its command, with --json as one document. One that was cut says that there is more ("more":
 * true).
 */
struct remote_list {
    /* "/api/v1/...?limit=...&cursor=...", ended with NUL; a wish that is too long is told. */
    enum exit_code (*address)(const struct remote *remote, int64_t limit, struct str cursor,
                              struct buf *out);
    void (*write_item)(struct screen *screen, const json_t *item);
    const char *none; /* "nie ma takich złożeń" */
};

enum {
    REMOTE_LIST_PAGE_MAX = 500,
    REMOTE_LIST_ADDRESS_MAX = 1024,
    REMOTE_LIST_LIMIT_MAX = 10000, /* of --limit */
};

MUST_USE enum exit_code remote_list_write(const struct remote *remote, struct screen *screen,
                                          const struct remote_list *list);

/* The period that was asked for has a form that exists; else it is told. */
MUST_USE enum exit_code remote_list_check_period(const struct remote_options *options);

#endif
