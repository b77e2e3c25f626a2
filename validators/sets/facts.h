#ifndef VALIDATORS_SETS_FACTS_H
#define VALIDATORS_SETS_FACTS_H

#include "validators/catalogue/catalogue.h"
#include "validators/columns/columns.h"

/*
 * What the rules of a set are judged by: plain data that the caller has asked for. Everything is
 * borrowed. No two reports of one call have one key (form, level, period, unit, variant): of
 * several versions only the one in force is given.
 */

/* Whose reports a set holds: those of a whole JST (its own and its units'), or those of one unit
 * as a unit. A JST's own office is a unit, too. */
enum sets_scope { SETS_OF_JST, SETS_OF_UNIT };
enum { SETS_SCOPES = 2 };

/* A set by what it is; whose it is, the caller knows: all reports of one call are of one holder. */
struct sets_key {
    enum sets_scope scope;
    struct period   period;
};

/* A report in force. Without columns its rules cannot be judged (sets_needs says which need them).
 */
struct sets_report {
    const struct form    *form;
    struct str            level; /* "jednostkowe" */
    struct period         period;
    struct str            unit;    /* what tells units apart: REGON with TERYT, or an id */
    struct str            variant; /* of the report's key; empty for most forms */
    const struct columns *columns; /* or NULL: the lines were not fetched */
};

/* A report that is owed and not in force. */
struct sets_awaited {
    struct str    form; /* code: "RB27S" */
    struct str    level;
    struct period period;
    struct str    unit; /* as above; empty: any */
    struct str    name; /* of the unit, for people */
};

struct sets_facts {
    struct sets_key            key;
    const struct sets_report  *reports; /* of the set, and of the periods that its rules look at */
    size_t                     report_count;
    const struct sets_awaited *awaited;
    size_t                     awaited_count;
    /*
     * False: nobody has asked what is owed, so whatever is not here may still come. True: what
     * neither is here nor awaited does not exist (a JST without a zakład files no Rb-30S).
     */
    bool             awaited_known;
    enum environment environment;
    uint64_t         seed; /* of everything that hashes: drawn once by the process */
};

#endif
