#ifndef TESTS_UNIT_GATEWAY_OBLIGATION_LAND_H
#define TESTS_UNIT_GATEWAY_OBLIGATION_LAND_H

#include "gateway/obligation/act.h"
#include "gateway/obligation/generation.h"
#include "tests/support/cluster.h"

/*
 * A small land and the calendar that is built in: a gmina in województwo łódzkie with its urząd,
 * two schools and a zakład, and a powiat with one school; urząd and schools have every trait that
 * there is. In a database of its own. Aborts when
 * something cannot be had.
 */
enum land_unit {
    LAND_GMINA = 1,
    LAND_URZAD,
    LAND_SCHOOL,
    LAND_SECOND,
    LAND_ZAKLAD,
    LAND_POWIAT,
    LAND_FAR
};

struct land {
    struct cluster        *cluster;
    struct arena          *arena;
    struct store          *admin;
    const struct calendar *calendar;
    const char            *database;
    struct store_address   address;
};

struct land land_open(struct cluster *cluster, const char *database);
void        land_close(struct land *land);

/* Generate by this calendar (NULL: the built-in one) what ends on 30 June 2026, and commit. */
struct generation_counts land_generate(const struct land *land, const struct calendar *calendar);

void    land_run(const struct land *land, const char *sql); /* as superuser */
int64_t land_number(const struct land *land, const char *sql);
bool    land_says(const struct land *land, const char *sql, const char *wanted);

/* Whether obligation.tally, added up, says of each key what its duties say. */
bool land_tallies_add_up(const struct land *land);

/* A decided report of a unit: RB27S jednostkowe for 2026-Q2. number: 1 .. 9, of its submission;
 * verdict 1 makes it the one in force; arrived: "2026-07-09 10:00+02". Nothing is settled. */
void land_file(const struct land *land, int number, int64_t unit, int verdict, const char *arrived);

#endif
