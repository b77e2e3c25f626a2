#ifndef TESTS_UNIT_GATEWAY_PEOPLE_TOWN_H
#define TESTS_UNIT_GATEWAY_PEOPLE_TOWN_H

#include "gateway/people/permission.h"
#include "gateway/store/store.h"
#include "tests/support/cluster.h"

/*
 * A database with units that stand in every relation to one of them, an office, and one person of
 * each role, signed in. People of units are at MIDDLE, people of offices at OWN_OFFICE.
 *
 *     TOP ── MIDDLE ── CHILD          OTHER_TOP ── SERVED (MIDDLE does its books), FOREIGN
 *        └── SIBLING
 *
 * OTHER_TOP does the books of all others, too. Each unit owes two forms and has entries about them
 * (town.c). TOP and all below it report to
 * OWN_OFFICE, OTHER_TOP to OTHER_OFFICE. The token of a session is the word of its role (of a
 * program that keeps units: "program"), filled up
 * to the length of a token.
 */
/* Objection 1 is to a rule of the kind of OWN_OFFICE, 2 to one of MF's; 3 is to the rule of 1, by
 * another unit. Each is of the report of its number plus one. */
#define TOWN_OBJECTIONS_SQL                                                                        \
    "INSERT INTO intake.decision (submission, n, kind, verdict, decided_at, definitions, trust,"   \
    " registry, engine, log_index, finding_count, cut) SELECT md5('s' || u)::uuid, 1, 'decision'," \
    " 1, now(), sha256('x'), sha256('x'), sha256('x'), 'e', 1, 0, 0 FROM generate_series(2, 4) u;" \
    "INSERT INTO intake.objection (objection, submission, n, report, code, form_version, owner,"   \
    " reason, decided_at) OVERRIDING SYSTEM VALUE SELECT u, md5('s' || u + 1)::uuid, 1, 0,"        \
    " CASE u WHEN 2 THEN 'RB28S-004' ELSE 'RB27S-001' END, '2025-1',"                              \
    " CASE u WHEN 2 THEN 'MF' ELSE 'RIO' END, 'powód', now() FROM generate_series(1, 3) u;"

enum town_unit {
    TOWN_TOP = 1,
    TOWN_MIDDLE,
    TOWN_CHILD,
    TOWN_SIBLING,
    TOWN_OTHER_TOP,
    TOWN_SERVED,
    TOWN_FOREIGN,
    TOWN_SPARE, /* below MIDDLE: nobody has anything to do with it */
    TOWN_MISSING = 999,
};

#define TOWN_OWN_OFFICE "rio-wroclaw"
#define TOWN_OTHER_OFFICE "rio-opole"

struct town {
    struct cluster *cluster;
    struct arena   *arena;
    struct store   *desk;
    struct store   *reader;
    struct fault    fault;
    const char     *database;
};

void town_begin(struct town *town, struct cluster *cluster, const char *name);
void town_end(struct town *town);

/* As superuser; the first column of the first row. */
void        town_run(const struct town *town, const char *sql);
const char *town_ask(const struct town *town, const char *sql);

/* The token of the session of a word, and its SHA-256. They live as long as the town. */
struct str           town_token(const struct town *town, const char *word);
const unsigned char *town_digest(const struct town *town, const char *word);

/* The unit or office that stands so to a role; unit 0 and an empty office: NONE. False: there is
 * none (nothing is below an office). */
bool town_place(enum permission_role role, enum permission_relation relation, int64_t *unit,
                struct str *office);

/* The id of the person of a role, as text. */
const char *town_person(const struct town *town, enum permission_role role);

#endif
