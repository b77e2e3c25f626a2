#ifndef TESTS_SCENARIO_POWIAT_RECORD_H
#define TESTS_SCENARIO_POWIAT_RECORD_H

#include "tests/scenario/powiat/cashbook.h"
#include "tests/scenario/powiat/scene.h"

/*
 * What stands in the gateway's books after a quarter was played, line by line; account.h says what
 * must stand there. Moments are microseconds since 1970; "-" is NULL or nothing.
 *
 *     reports       key REGON form period level Wersja verdict placed arrived due timeliness
 *                   corrects outside in_force złote, of the newest decision of each submission
 *     duties        REGON form period level due state why heir first last accepted verdict Wersja
 *                   queries, as the gateway tells them on the day of the look
 *     completeness  period form level;counts, as a JST reads them
 *     changes       what REGON operator
 *     asked         REGON form period level, once for each open query of a set at what is in force
 */
struct cashbook record_reports(const struct scene *scene);
struct cashbook record_duties(const struct scene *scene);
struct cashbook record_completeness(const struct scene *scene, size_t jst);
struct cashbook record_changes(const struct scene *scene);
struct cashbook record_asked(const struct scene *scene);

/* Set TEST's clock to noon of the day of the look. */
void record_set_clock(const struct scene *scene);

/* Fail unless the log has a row for each decision, in one chain from the first to its head. */
void record_expect_log(const struct scene *scene);

/* Fail unless each generation has left a word of every duty that it superseded, and of no other. */
void record_expect_superseded(const struct scene *scene, size_t count);

/* A number that a statement tells. */
void record_expect(const struct scene *scene, const char *name, const char *sql, int64_t expected);

#endif
