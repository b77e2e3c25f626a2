#ifndef VALIDATORS_SETS_DATASET_H
#define VALIDATORS_SETS_DATASET_H

#include "validators/relation/relation.h"
#include "validators/sets/scheme.h"

/*
 * The reports of one operand as a dataset: a row for each cell of amounts that stands in a report.
 * An amount that is left out is zero in the exchange format and has no row here, so a script joins
 * fully and says nvl(x, 0).
 *
 *     identifiers  Zestaw     the same in all rows of all operands: to join totals by
 *                  Jednostka  of the report
 *                  Wariant    of the report's key, "-" for none
 *                  Lp         number of the row, so that no two are one
 *                  Rodzaj     in a form of lines: "wiersz", or "szczegół" of a line
 *                  the codes of the form under their names, "-" where a code is left out
 *                  Kolumna    name of the column of amounts
 *     measure      Kwota
 *
 * A line that stands twice in a report is unknown in all its cells (validators/rules/lines.h).
 */
struct dataset {
    const uint32_t           *reports;      /* of the facts, by ordinal, in the order wanted */
    size_t                    report_count; /* 0: an empty dataset, for its structure */
    const struct sets_report *all;          /* the facts' reports */
    uint32_t                  columns;      /* wanted ones, by slot of scheme_form; others have no
                                               rows */
    struct relation relation;               /* the rest is filled */
    const uint32_t *row_reports;            /* per row: ordinal among the facts' reports */
    const uint32_t *row_positions;          /* per row: Pozycja from 0 */
    const char     *unfit;                  /* why it cannot be read, in Polish; NULL: it can */
    uint32_t        unfit_report;
};

/* number: of the operand, and of the dataset in lanes. ERR_MEMORY, ERR_LIMIT (too many rows). */
MUST_USE enum err dataset_fill(struct arena *arena, const struct sets *sets, size_t number,
                               struct vocabulary *vocabulary, struct dataset *dataset,
                               struct fault *fault);

#endif
