#ifndef GATEWAY_CLI_SUBMISSION_REMOTE_H
#define GATEWAY_CLI_SUBMISSION_REMOTE_H

#include "gateway/cli/remote.h"

/*
 * One submission at the gateway: its state, waited for if asked, its findings over all pages, its
 * receipts as files. What fails is told already and gives the exit code.
 */
struct submission_remote {
    struct remote remote;
    json_t       *submission;
    json_t       *findings; /* an array; NULL until it is fetched */
    const char   *id;
};

/* Whether nothing more will happen by itself: decided, or parked. */
bool submission_remote_is_final(const json_t *submission);

/* 0 accepted or not final, 1 anything else: what the verdict means for scripts. */
enum exit_code submission_remote_exit_code(const json_t *submission);

/* Take over what POST answered. It must have an id. */
MUST_USE enum exit_code submission_remote_take(const struct remote *remote, json_t *submission,
                                               struct submission_remote *out);

/* Whether what a person typed is an id; if not, it is told where one is to be found. */
MUST_USE bool submission_remote_is_id(const char *typed);

/* Ask for it by its id, as typed by a person. */
MUST_USE enum exit_code submission_remote_get(const struct remote *remote, const char *id,
                                              struct submission_remote *out);

/* Ask until it is final; EXIT_UNAVAILABLE when wait_seconds have passed before. */
MUST_USE enum exit_code submission_remote_wait(struct submission_remote *submission,
                                               struct str                name);

MUST_USE enum exit_code submission_remote_findings(struct submission_remote *submission);

/* Every receipt of the newest decision as folder/<number>.xml; the folder is there. */
MUST_USE enum exit_code submission_remote_receipts(const struct submission_remote *submission,
                                                   const char                     *folder);

#endif
