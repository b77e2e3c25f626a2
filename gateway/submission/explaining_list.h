#ifndef GATEWAY_SUBMISSION_EXPLAINING_LIST_H
#define GATEWAY_SUBMISSION_EXPLAINING_LIST_H

#include "gateway/intake/explanation.h"
#include "gateway/submission/bench.h"

/*
 * The list of findings as it comes back from a spreadsheet: its rows as entries, and what is wrong
 * with them before anybody looks at the store. Columns are found by their names; others than those
 * of explanations may stand there, or may have been taken out.
 */
enum { EXPLAINING_LIST_FAULTS_MAX = 2 * EXPLANATION_ENTRIES_MAX };

struct explaining_fault {
    size_t     line;    /* of the file, from 1 */
    uint64_t   finding; /* 0: not readable */
    struct str detail;
};

struct explaining_list {
    struct explanation_entry *entries; /* rows that are good so far */
    size_t                   *lines;   /* of each */
    size_t                    count;
    size_t                    left; /* rows that answer nothing */
    struct explaining_fault  *faults;
    size_t                    fault_count;
    struct str                refused; /* the file as a whole cannot be read, and why */
};

/* What came: the list, and the submission or the set that it was sent to. */
struct explaining_sent {
    const struct bench *bench;
    struct uuid         id;
    uint64_t            set; /* 0: a submission */
    instant             now;
    struct str          text;
};

/* Texts borrow sent->text. ERR_MEMORY. */
MUST_USE enum err explaining_list_read(struct arena *arena, const struct explaining_sent *sent,
                                       struct explaining_list *out, struct fault *fault);

/* False: there is no room for more. */
bool explaining_list_add_fault(struct explaining_list *list, size_t line, uint64_t finding,
                               struct str detail);

#endif
