#include "tests/unit/gateway/obligation/land.h"

#include "gateway/definitions/definitions.h"
#include "tests/support/expect.h"

#include <stdlib.h>
#include <string.h>

#define MEMORY ((size_t)512 * 1024 * 1024)

static const char registry_sql[] =
    "INSERT INTO registry.unit (regon, wk, pk, gk, gt, pt, type, kind, name, parent, valid_from)"
    " VALUES ('990000016', '10', '02', '03', '2', '0', 'ZB-TEST', 'jst', 'Gmina', NULL,"
    " '2020-01-01'), ('990000022', '10', '02', '03', '2', '0', 'JB', 'urzad', 'Urząd', 1,"
    " '2020-01-01'), ('990001010', '10', '02', '03', '2', '0', 'JB', 'jednostka-budzetowa',"
    " 'Szkoła nr 1', 1, '2020-01-01'), ('990001027', '10', '02', '03', '2', '0', 'JB',"
    " 'jednostka-budzetowa', 'Szkoła nr 2', 2, '2020-01-01'), ('990001033', '10', '02', '03', '2',"
    " '0', 'JB', 'zaklad-budzetowy', 'Zakład', 1, '2020-01-01'), ('990000039', '12', '07', '00',"
    " '0', '1', 'ZB-TEST', 'jst', 'Powiat', NULL, '2020-01-01'), ('990001056', '12', '07', '00',"
    " '0', '1', 'JB', 'jednostka-budzetowa', 'Liceum', 6, '2020-01-01');"
    "INSERT INTO registry.unit_trait (unit, trait, valid_from)"
    " SELECT u.unit, t.trait, '2020-01-01' FROM registry.unit u, registry.trait t"
    " WHERE u.kind IN ('urzad', 'jednostka-budzetowa');"
    "INSERT INTO registry.credential (unit, is_certificate, digest, scopes, label, expires_at)"
    " VALUES (1, false, sha256('1'), 3, '', '2026-12-31')";

#define EXPECT_OK(call, fault)            \
    do {                                  \
        if ((call) != ERR_OK) {           \
            fail_msg("%s", (fault).text); \
        }                                 \
    } while (0)

struct land
land_open(struct cluster *cluster, const char *database)
{
    struct land             land = {.cluster = cluster, .database = database};
    const struct catalogue *catalogue = NULL;
    struct fault            fault = {0};

    land.address = cluster_database(cluster, database);
    land.arena = arena_create(MEMORY);
    EXPECT_OK(definitions_catalogue(land.arena, NULL, &catalogue, &fault), fault);
    EXPECT_OK(calendar_load(land.arena, catalogue, &land.calendar, &fault), fault);
    EXPECT_OK(store_open(land.arena, &land.address, STORE_ADMIN, &land.admin, &fault), fault);
    land_run(&land, registry_sql);
    return land;
}

void
land_close(struct land *land)
{
    arena_destroy(land->arena);
}

struct generation_counts
land_generate(const struct land *land, const struct calendar *calendar)
{
    const struct generation_wish wish = {
        .first_end = {2026, 6, 30},
          .last_end = {2026, 6, 30},
          .by = STR("test")
    };
    struct generation_counts counts = {0};
    struct fault             fault = {0};

    EXPECT_OK(store_begin(land->admin, &fault), fault);
    EXPECT_OK(generation_run(land->admin, land->arena, calendar == NULL ? land->calendar : calendar,
                             &wish, &counts, &fault),
              fault);
    EXPECT_OK(store_commit(land->admin, &fault), fault);
    return counts;
}

void
land_run(const struct land *land, const char *sql)
{
    cluster_run(land->cluster, land->database, sql);
}

int64_t
land_number(const struct land *land, const char *sql)
{
    return strtoll(cluster_ask(land->cluster, land->arena, land->database, sql).data, NULL, 10);
}

bool
land_says(const struct land *land, const char *sql, const char *wanted)
{
    struct str told = cluster_ask(land->cluster, land->arena, land->database, sql);

    if (!str_equal(told, str_of(wanted))) {
        print_message("\"%.*s\", not \"%s\": %s\n", STR_ARG(told), wanted, sql);
    }
    return str_equal(told, str_of(wanted));
}

bool
land_tallies_add_up(const struct land *land)
{
    static const char sql[] =
        "SELECT count(*) FROM (SELECT d.jst, d.term, d.way, d.powiat,"
        "   count(*) FILTER (WHERE s = 1) AS in_time, count(*) FILTER (WHERE s = 2) AS filed_late,"
        "   count(*) FILTER (WHERE s = 3) AS pending_in_time,"
        "   count(*) FILTER (WHERE s = 4) AS pending_late, count(*) FILTER (WHERE s = 0) AS "
        "nothing,"
        "   count(*) FILTER (WHERE s = 6) AS waived, count(*) FILTER (WHERE s = 5) AS superseded,"
        "   count(*) FILTER (WHERE d.open_queries > 0 AND s NOT IN (5, 6)) AS questioned"
        "  FROM obligation.duty d, LATERAL (SELECT CASE WHEN d.filed_at < d.due_before THEN 1"
        "   WHEN d.superseded_on IS NOT NULL THEN 5 WHEN d.exemption IS NOT NULL THEN 6"
        "   WHEN d.filed_at IS NOT NULL THEN 2 WHEN d.pending_at < d.due_before THEN 3"
        "   WHEN d.pending_at IS NOT NULL THEN 4 ELSE 0 END) x (s) GROUP BY 1, 2, 3, 4) d"
        " FULL JOIN (SELECT jst, term, way, powiat, sum(in_time) AS in_time,"
        "   sum(filed_late) AS filed_late, sum(pending_in_time) AS pending_in_time,"
        "   sum(pending_late) AS pending_late, sum(nothing) AS nothing, sum(waived) AS waived,"
        "   sum(superseded) AS superseded, sum(questioned) AS questioned"
        "  FROM obligation.tally GROUP BY 1, 2, 3, 4"
        "  HAVING (sum(in_time), sum(filed_late), sum(pending_in_time), sum(pending_late),"
        "   sum(nothing), sum(waived), sum(superseded), sum(questioned))"
        "   <> (0, 0, 0, 0, 0, 0, 0, 0)) t USING (jst, term, way, powiat)"
        " WHERE (d.in_time, d.filed_late, d.pending_in_time, d.pending_late, d.nothing, d.waived,"
        "  d.superseded, d.questioned) IS DISTINCT FROM (t.in_time, t.filed_late,"
        "  t.pending_in_time, t.pending_late, t.nothing, t.waived, t.superseded, t.questioned)";

    return land_number(land, sql) == 0;
}

void
land_file(const struct land *land, int number, int64_t unit, int verdict, const char *arrived)
{
    struct str id = str_format(land->arena, "0199a2c4-7d10-7a31-9c55-00000000000%d", number);
    struct str sql = str_format(
        land->arena,
        "UPDATE intake.report SET in_force = NULL WHERE %d = 1 AND unit = %lld;"
        "INSERT INTO intake.submission (submission, subject, credential, key, sha256, size,"
        " first_byte, arrived, first_arrived, state, n) VALUES ('%.*s', 1, 1, '%d', sha256('%d'),"
        " 1, '%s', '%s', '%s', 'decided', 1);"
        "INSERT INTO intake.decision VALUES ('%.*s', 1, 'decision', %d, NULL, '%s', sha256('x'),"
        " sha256('x'), sha256('x'), 'e', %d, 0, 0);"
        "INSERT INTO intake.report SELECT %d, '%.*s', 1, 0, u.unit, u.name, u.regon, u.type, u.wk,"
        " u.pk, u.gk, u.gt, u.pt, 'Rb-27s', 'RB27S', '1', 'Rb-27S', 2026, 'Kwartal', 2, '2026-Q2',"
        " '2026-06-30', 'jednostkowe', '', 0, %d, '', sha256('x'), 0, 1, 1, '%s', %d,"
        " CASE WHEN %d = 1 THEN tstzmultirange(tstzrange('%s', NULL)) END"
        " FROM registry.unit u WHERE u.unit = %lld",
        verdict, (long long)unit, STR_ARG(id), number, number, arrived, arrived, arrived,
        STR_ARG(id), verdict, arrived, number, number, STR_ARG(id), verdict, arrived, number,
        verdict, arrived, (long long)unit);

    land_run(land, sql.data);
}
