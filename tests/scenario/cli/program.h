#ifndef TESTS_SCENARIO_CLI_PROGRAM_H
#define TESTS_SCENARIO_CLI_PROGRAM_H

#include "validators/base/buf.h"

/* Runs the real `brama` as a user would, and keeps what it wrote. Paths are relative to the tree.
 */
enum { PROGRAM_ARGUMENTS_MAX = 24 };

#define PROGRAM_DOCHODY "tests/samples/dochody-2026-q2.xml"
#define PROGRAM_WYDATKI "tests/samples/wydatki-2026-q2.xml"
#define PROGRAM_KOREKTA "tests/samples/korekta-wydatki-2026-q2.xml"
#define PROGRAM_OBA "tests/samples/oba-2026-q2-jedna-szkola.xml"
#define PROGRAM_ZMIENIONA "tests/samples/zle-zmieniona-po-podpisie.xml"
#define PROGRAM_TEN_SAM_REGON "tests/samples/zle-ten-sam-regon.xml"
#define PROGRAM_TRUST "--trust", "tests/samples/urzad-certyfikacji-przyklad.pem"
#define PROGRAM_AT "--at", "2026-07-24"

struct program {
    const char *arguments[PROGRAM_ARGUMENTS_MAX]; /* after "brama", NULL-terminated */
    const char *input;                            /* file for the standard input; NULL: empty */
    char       *environment;                      /* one "NAME=value" more, or NULL */
    bool        on_terminal;                      /* the standard output is a terminal */
    const char *tracer[PROGRAM_ARGUMENTS_MAX];    /* words before "brama", such as strace */
};

struct program_result {
    int        exit_code; /* -1: ended by a signal */
    struct str out;       /* NUL-terminated behind its end */
    struct str err;
};

/* Fails the running test when the program cannot be run. */
struct program_result program_run(struct arena *arena, const struct program *program);

/* The bytes of a file; fails the running test when there is none. */
struct str program_file(struct arena *arena, const char *path);

/* A new file with these bytes; its name. Removed by program_forget. */
const char *program_temporary(struct arena *arena, struct str bytes);
void        program_forget(const char *path);

/* text with its first occurrence of what replaced; fails the running test when there is none. */
struct str program_replace(struct arena *arena, struct str text, const char *what,
                           const char *with);

bool program_says(struct str text, const char *what);

#endif
