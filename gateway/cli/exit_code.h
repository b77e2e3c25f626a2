#ifndef GATEWAY_CLI_EXIT_CODE_H
#define GATEWAY_CLI_EXIT_CODE_H

/* Exit codes of `brama`, fixed by design.md 9 and ux.md 3.6; scripts rely on them. */
enum exit_code {
    EXIT_ACCEPTED = 0,
    EXIT_NOT_ACCEPTED = 1, /* rejected, held or undecided; also: we could not judge */
    EXIT_USAGE = 2,
    EXIT_UNREADABLE = 3,  /* a file, or the standard output */
    EXIT_DENIED = 4,      /* no token, or one that does not allow this */
    EXIT_UNAVAILABLE = 5, /* network or server; the same command may be run again */
    EXIT_REFUSED = 6,     /* the server refused for another reason, which is printed */
    EXIT_UNVERIFIED = 7,  /* a receipt does not verify */
};

#endif
