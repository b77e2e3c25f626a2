#ifndef TESTS_SUPPORT_JUDGING_H
#define TESTS_SUPPORT_JUDGING_H

#include "tests/support/authority.h"
#include "validators/decision/predecessor.h"

/*
 * The whole judgement in this process: the real schemas/, the throw-away authority trusted, arrival
 * on 2026-07-24, the result of each check written and read back as between two processes. A cmocka
 * test loads it once; whatever cannot be worked with aborts the test.
 */
int judging_load(void **state); /* for cmocka_run_group_tests */
int judging_unload(void **state);

const struct authority *judging_authority(void);

/* The files decided together; names are "0", "1" and so on. */
const struct decided_file *judging_decide(struct arena *arena, const struct str *files,
                                          size_t count);

/* One file, after the registry has been asked for its units. */
const struct decided_file *judging_decide_registered(struct arena *arena, struct str file,
                                                     const struct decision_unit *units);

/* One file that its sender objects to something with. */
const struct decided_file *judging_decide_objected(struct arena *arena, struct str file,
                                                   const struct objection *objection);

/* What is in force already is told of a file that has been decided, and arrived then. */
#define JUDGING_ARRIVED (INT64_C(1783666800) * INSTANT_PER_SECOND) /* 2026-07-10T09:00:00+02:00 */
const struct decided_file *judging_tell_predecessors(struct arena *arena, struct str file,
                                                     const struct decided_file *decided,
                                                     const struct predecessor  *predecessors);

/* The report with this Id; aborts when there is none. */
const struct decided_report *judging_report(const struct decided_file *file, struct str id);

/* The first finding of this code that is listed, or NULL. */
const struct told *judging_told(const struct told_list *list, const char *code);

/* "accepted" and so on, for messages. */
const char *judging_verdict(enum verdict verdict);

#endif
