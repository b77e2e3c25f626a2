#ifndef TESTS_PROOF_AUDIT_H
#define TESTS_PROOF_AUDIT_H

#include "tests/proof/filer.h"

/*
 * Looks at the database after the kills, with SQL of its own and without the gateway's code:
 * whether everything acknowledged is there once, as it was sent; whether the log is gapless and its
 * leaves and chain are what the facts make them; whether every receipt verifies (xmlsec1) and
 * states what the database says; whether anything is left undecided. Each claim that does not hold
 * is told.
 */

/* Wait until nothing is undecided, at most a minute; false when something stays so. */
bool audit_settled(struct cluster *cluster, const char *database);

/* The number of claims that do not hold. notes: files of the filers. */
size_t audit_run(struct cluster *cluster, const char *database, const struct station *station,
                 const char *const *notes, size_t note_count);

#endif
