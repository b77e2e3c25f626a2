#ifndef VALIDATORS_BASE_ERR_H
#define VALIDATORS_BASE_ERR_H

#include "validators/base/ensure.h"

/*
 * How a function of ours says that it could not do its work. Whoever detects a failure describes
 * it with FAIL, once; nobody above adds, logs or translates; the process that was asked prints it.
 * A fault of a report never travels this way: it is a finding (validators/finding/finding.h).
 */
enum err {
    ERR_OK = 0,
#define ERR(name, kind, text) ERR_##name,
#include "validators/base/err.def"
#undef ERR
};

/* Who can do something about it. */
enum err_kind { ERR_KIND_NONE, ERR_KIND_CLIENT, ERR_KIND_BUSY, ERR_KIND_INTERNAL };

enum { FAULT_TEXT_MAX = 400 };

/* What happened, for the operator. A zeroed fault is "nothing yet". */
struct fault {
    enum err    code;
    const char *file;
    int         line;
    char        text[FAULT_TEXT_MAX];
};

const char   *err_name(enum err code); /* "SYNTAX" */
const char   *err_text(enum err code);
enum err_kind err_kind(enum err code);

/* What an errno means for whoever named a file or folder, in Polish; rare ones as the system says.
 */
const char *err_system(int reason);

/* Fill *fault (may be NULL) and return code. Called through FAIL. */
enum err fault_set(struct fault *fault, enum err code, const char *file, int line,
                   const char *format, ...) PRINTF_LIKE(5, 6);

/* Record a failure at its origin and return its code: return FAIL(fault, ERR_SYNTAX, "..."). */
#define FAIL(fault, code, ...) fault_set((fault), (code), __FILE__, __LINE__, __VA_ARGS__)

/* Pass a callee's failure up unchanged. The only macro in this code base that hides a return. */
#define TRY(call)                   \
    do {                            \
        enum err try_err_ = (call); \
        if (try_err_ != ERR_OK) {   \
            return try_err_;        \
        }                           \
    } while (0)

#endif
