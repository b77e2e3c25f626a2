#ifndef GATEWAY_SETBOOK_HOLDINGS_H
#define GATEWAY_SETBOOK_HOLDINGS_H

#include "gateway/release/rule_switch.h"
#include "gateway/setbook/place.h"
#include "validators/calendar/calendar.h"

/*
 * What the store has of sets: how each was judged last, the reports in force that its rules read,
 * the findings that are open, and what is owed. Without lines (stock.h).
 */
struct setbook_tools {
    struct store           *store;
    const struct sets      *sets;
    const struct catalogue *catalogue;
    const struct calendar
                    *calendar; /* how long a query may wait for its answer; NULL: nobody says */
    enum environment environment;
    uint64_t         seed;                    /* of what hashes; drawn once by the process */
    const struct rule_switches *switches;     /* that are known */
    struct str                  switched_off; /* codes of rules that are off now */
};

/* A report in force that a rule of the set may read. */
struct holding_report {
    int64_t            report;
    int64_t            unit;
    int64_t            row_count;
    struct str         unit_name;
    struct sets_report facts; /* columns: NULL as long as nobody has fetched them */
};

/* A finding that was open before. */
struct holding_finding {
    int64_t    finding;
    int64_t    report;
    struct str code;
    struct str severity;
    struct str cell;
    struct str found;
    struct str expected;
};

/* One set. */
struct holding {
    const struct place           *place;
    bool                          exists; /* it was judged before: then the next ones are known */
    bool                          is_current; /* ... by these definitions */
    struct str                    state;
    struct str                    reason;
    struct str                    pending; /* JSON */
    struct str                    owed; /* of each wanted one a digit: sum of enum holding_owed */
    bool                          owed_is_new; /* asked for now */
    bool                          failed;      /* too often: it is not judged */
    bool                          unreadable; /* a report is of a form that the catalogue has not */
    struct sets_want              wanted[SETS_OPERANDS_MAX];
    size_t                        wanted_count;
    struct holding_report        *reports;
    size_t                        report_count;
    const struct holding_finding *findings;
    size_t                        finding_count;
    bool                         *needs; /* of each report, whether its lines are needed */
    struct sets_awaited          *awaited;
    size_t                        awaited_count;
};

/* What is known of duties to file a report: there is one; the owner's own is open; another unit's
 * is. Whether something was filed is not in it. */
enum holding_owed { HOLDING_OWED_ANY = 1, HOLDING_OWED_OWN = 2, HOLDING_OWED_OTHERS = 4 };

struct holdings {
    struct holding *items; /* in the order of the places */
    size_t          count;
};

/* Which sets are asked for. */
struct holdings_request {
    const struct places     *places;
    const struct concluding *items; /* that the places are of; NULL: none */
    bool                     anew;  /* ask again what is owed, whatever was noted */
};

/*
 * One round trip for all places, with the members that are new; a second one for sets of which it
 * was not asked before what is owed. ERR_MEMORY, ERR_STORE and its like.
 */
MUST_USE enum err holdings_read(const struct setbook_tools *tools, struct arena *arena,
                                const struct holdings_request *request, struct holdings *out,
                                struct fault *fault);

/* Ask which units have not filed what the rules of the needed reports sum up. */
MUST_USE enum err holding_ask_units(const struct setbook_tools *tools, struct arena *arena,
                                    struct holding *holding, struct fault *fault);

/* The facts that rules are judged by; the reports' columns as they are now. ERR_MEMORY. */
MUST_USE enum err holding_facts(const struct setbook_tools *tools, struct arena *arena,
                                const struct holding *holding, struct sets_facts *out,
                                struct fault *fault);

/* Whether this is a report of the kind that is wanted: of any unit of the JST, or of the owner. */
bool holding_matches(const struct holding *holding, const struct sets_want *want,
                     const struct holding_report *report);

/* Whether this rule of the set reads the report. */
bool holding_reads(const struct setbook_tools *tools, const struct holding *holding,
                   const struct sets_rule *rule, const struct holding_report *report);

#endif
