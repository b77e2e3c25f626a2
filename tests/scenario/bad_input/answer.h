#ifndef TESTS_SCENARIO_BAD_INPUT_ANSWER_H
#define TESTS_SCENARIO_BAD_INPUT_ANSWER_H

#include "validators/base/arena.h"

#include <jansson.h>

/* What `brama validate --json` says of a file, held against the row of a table. */
struct row {
    const char *name;
    int         exit_code;
    const char *verdict;
    const char *codes;   /* sorted, without those that every made-up package has */
    const char *reports; /* verdicts in the order of the file, "accepted*2 held" */
};

#define ROW(title, status, file_verdict, all_codes, report_verdicts) \
    {(title), (status), (file_verdict), (all_codes), (report_verdicts)},

/* The row of this name; fails the running test when there is none. */
const struct row *answer_row(const struct row *rows, size_t count, const char *name);

/*
 * False, and a line that says how, when the answer about a file is not the row's. Whatever it is,
 * what a person reads in it must be whole and stand at a place, or the running test fails.
 */
bool answer_agrees(struct arena *arena, const struct row *row, const json_t *file);

#endif
