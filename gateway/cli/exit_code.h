#ifndef GATEWAY_CLI_EXIT_CODE_H
#define GATEWAY_CLI_EXIT_CODE_H

/* Exit codes of `brama`, fixed by design.md 9; scripts rely on them. */
enum exit_code {
    EXIT_ACCEPTED = 0,
    EXIT_NOT_ACCEPTED = 1, /* rejected, held or undecided; also: we could not judge */
    EXIT_USAGE = 2,
    EXIT_UNREADABLE = 3, /* a file, or the standard output */
};

#endif
