#ifndef GATEWAY_CLI_SIGNATURE_LINE_H
#define GATEWAY_CLI_SIGNATURE_LINE_H

#include "gateway/cli/screen.h"

/* One signature for a person: who signed as what, and if it is not valid, at which step it failed.
 */
struct signature_line {
    struct str role;
    struct str signer;
    struct str failed_step; /* "skrot-sprawozdania"; of a signature that is not valid */
    bool       valid;
    bool       issuer_unchecked; /* nobody said whom to trust */
};

void signature_line_write(struct screen *screen, const struct signature_line *line);

#endif
