#ifndef GATEWAY_CLI_ATTEMPT_H
#define GATEWAY_CLI_ATTEMPT_H

#include "gateway/cli/input.h"
#include "gateway/cli/remote.h"

/*
 * One file given to the gateway, under the key that the options name, else under one that follows
 * from its bytes, so that the same command may be run again: what was filed comes back. What was
 * withdrawn is not filed any more, yet its key goes on to stand for it; the file is then filed anew
 * under a key that follows from that submission. A key of the user's own is law: nothing is filed
 * under another.
 */
struct attempt {
    struct transfer_answer answer;
    json_t                *taken;     /* the submission, as it was answered */
    struct str             withdrawn; /* id of the one that it stands in the place of; or empty */
};

/* What fails is told already and gives the exit code. */
MUST_USE enum exit_code attempt_make(const struct remote *remote, const struct input *input,
                                     struct attempt *out);

/* Whether the gateway had the file before. */
bool attempt_is_repeat(const struct attempt *attempt);

/* What it means for who meant something else by it; empty: it is what it seems. submission: as it
 * stands now. */
struct str attempt_advice(const struct remote *remote, const struct attempt *attempt,
                          const json_t *submission);

#endif
