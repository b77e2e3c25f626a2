#ifndef VALIDATORS_DECISION_PREDECESSOR_H
#define VALIDATORS_DECISION_PREDECESSOR_H

#include "validators/decision/decision.h"

/*
 * A report whose key has another report in force already, of an equal or higher Wersja and with
 * other bytes: a query (design.md 6); with the very same bytes, an info. It is told after the
 * decision, when the reports in force are locked, beside all other findings: it takes no room,
 * moves none of them and changes no verdict, so that the order of arrival never matters. A rejected
 * report replaces nothing and is not compared.
 */
struct predecessor {
    bool    exists;
    int64_t version;
    bool    same_bytes; /* as this report has */
    instant arrived;
};

/* In package.rules.xml: {found} this Wersja, {subject} the arrival of the other report; {expected}
 * the Wersja in force (HIGHER), or which of two equal ones is in force (EQUAL), or nothing (SAME).
 */
#define PREDECESSOR_CODE_EQUAL "PACZKA-018"
#define PREDECESSOR_CODE_HIGHER "PACZKA-019"
#define PREDECESSOR_CODE_SAME "PACZKA-021"

struct predecessor_request {
    const struct catalogue   *catalogue;
    enum environment          environment;
    bool                      trust_given;
    struct str                bytes; /* of the file */
    instant                   arrived;
    const struct predecessor *predecessors; /* one for each report */
};

/* *out: the file with the queries, or file itself when there are none. ERR_MEMORY. */
MUST_USE enum err predecessor_tell(struct arena *arena, const struct predecessor_request *request,
                                   const struct decided_file *file, const struct decided_file **out,
                                   struct fault *fault);

#endif
