#ifndef GATEWAY_CLI_PROGRESS_H
#define GATEWAY_CLI_PROGRESS_H

#include "validators/base/str.h"

/*
 * One line on the standard error that says what is going on, when a person sits there; nothing when
 * it is no terminal. It overwrites itself and is gone at its end.
 */
void progress_tell(struct str what, struct str now);
void progress_end(void);

#endif
