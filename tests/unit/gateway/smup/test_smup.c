#include "gateway/definitions/definitions.h"
#include "gateway/smup/smup.h"
#include "tests/support/cluster.h"
#include "tests/support/expect.h"

#include <string.h>

#define ARENA_MAX ((size_t)256 * 1024 * 1024)

struct bench {
    struct arena           *arena;
    struct store           *owner;
    struct store           *reader;
    const struct catalogue *catalogue;
    struct fault            fault;
    const char             *name;
};

/* A gmina (1) with a school (2), a foreign gmina (3); each may file. One report of a school that
 * was corrected, its aggregate, one of the foreign gmina. Amount a1 is PL, a2 NA. */
static const char filed[] =
    "INSERT INTO registry.unit (regon, wk, pk, gk, gt, pt, type, kind, name, parent, valid_from)"
    " VALUES ('990000016', '99', '01', '02', '3', '0', 'ZB-TEST', 'jst', 'Gmina', NULL, "
    "'2020-01-01'),"
    " ('990001010', '99', '01', '02', '3', '0', 'JB', 'jednostka-budzetowa', 'Szkoła', 1,"
    " '2020-01-01'),"
    " ('990000039', '99', '01', '03', '3', '0', 'ZB-TEST', 'jst', 'Obca', NULL, '2020-01-01');"
    "INSERT INTO registry.credential (unit, is_certificate, digest, scopes, label, expires_at)"
    " SELECT unit, false, sha256(regon::bytea), 3, '', '2099-01-01' FROM registry.unit"
    " ORDER BY unit;"
    "INSERT INTO intake.submission (submission, subject, credential, key, sha256, size, first_byte,"
    " arrived, first_arrived) SELECT ('0199a2c4-7d10-7a31-9c55-00000000000' || unit)::uuid, unit,"
    " unit, 'k', sha256(regon::bytea), 1, now(), now(), now() FROM registry.unit;"
    "INSERT INTO intake.report SELECT x.report, ('0199a2c4-7d10-7a31-9c55-00000000000' ||"
    " x.filed)::uuid, 1, 0, x.unit, u.name, u.regon, u.type, u.wk, u.pk, u.gk, u.gt, u.pt,"
    " x.element, x.form, '2025-1', '', 2026, 'Kwartal', 2, '2026-Q2', '2026-06-30', x.level, '',"
    " x.version, 1, '', sha256('x'), 0, 1, 1, '2026-07-10T07:00:00Z', x.report, "
    "tstzmultirange(x.in_force::tstzrange)"
    " FROM (VALUES"
    " (1, 1, 2, 'Rb-27s', 'RB27S', 'jednostkowe', 0,"
    "  '[2026-07-10T07:00:00Z,2026-07-25T07:00:00Z)'),"
    " (2, 1, 2, 'Rb-27s', 'RB27S', 'jednostkowe', 1, '[2026-07-25T07:00:00Z,)'),"
    " (3, 1, 1, 'Rb-27s', 'RB27S', 'zbiorcze', 0, '[2026-07-10T07:00:00Z,)'),"
    " (4, 3, 3, 'Rb-27s', 'RB27S', 'zbiorcze', 0, '[2026-07-10T07:00:00Z,)'),"
    " (5, 1, 2, 'Rb-28s', 'RB28S', 'jednostkowe', 0, '[2026-07-10T07:00:00Z,)'),"
    " (6, 1, 2, 'Rb-27s', 'RB27S', 'jednostkowe', 2, NULL))"
    " AS x (report, filed, unit, element, form, level, version, in_force)"
    " JOIN registry.unit u ON u.unit = x.unit;"
    "INSERT INTO intake.line (report, period_end, ordinal, c1, c2, c3, c4, a1, a2)"
    " SELECT r.report, '2026-06-30', o, '801', '80101', '069', '0', r.report * 100000 + o,"
    " CASE WHEN o = 0 THEN 90071992547409931 END FROM intake.report r, generate_series(0, 1) o";

static int
set_up(void **state)
{
    static struct bench bench;
    static int          number;

    bench = (struct bench){.arena = arena_create(ARENA_MAX)};
    bench.name = str_format(bench.arena, "smup%d", number++).data;
    struct store_address address = cluster_database(cluster_shared, bench.name);
    assert_int_equal(store_open(bench.arena, &address, STORE_OWNER, &bench.owner, &bench.fault),
                     ERR_OK);
    assert_int_equal(store_open(bench.arena, &address, STORE_READER, &bench.reader, &bench.fault),
                     ERR_OK);
    assert_int_equal(definitions_catalogue(bench.arena, NULL, &bench.catalogue, &bench.fault),
                     ERR_OK);
    cluster_run(cluster_shared, bench.name, filed);
    *state = &bench;
    return 0;
}

static int
tear_down(void **state)
{
    struct bench *bench = *state;

    arena_destroy(bench->arena);
    return 0;
}

static bool
write_views(struct bench *bench)
{
    bool     changed = false;
    enum err got =
        smup_views_write(bench->owner, bench->arena, bench->catalogue, &changed, &bench->fault);

    EXPECT(got == ERR_OK, bench->fault.text);
    return changed;
}

/* What a credential sees, as one text; its own transaction. */
static struct str
read_as(struct bench *bench, int64_t credential, const char *sql)
{
    struct store_parameters parameters = store_parameters_create(bench->arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, credential);
    assert_int_equal(store_begin(bench->reader, &bench->fault), ERR_OK);
    assert_int_equal(store_run(bench->reader, "SELECT registry.enter($1)", &parameters,
                               bench->arena, NULL, &bench->fault),
                     ERR_OK);
    enum err got = store_run(bench->reader, sql, NULL, bench->arena, &rows, &bench->fault);
    EXPECT(got == ERR_OK, bench->fault.text);
    store_rollback(bench->reader);
    return store_is_null(&rows, 0, 0) ? STR("-") : store_text(&rows, 0, 0);
}

static void
view_is_written_once_for_each_form_and_level(void **state)
{
    struct bench *bench = *state;

    assert_true(write_views(bench));
    assert_false(write_views(bench));
    assert_true(str_equal(
        cluster_ask(cluster_shared, bench->arena, bench->name,
                    "SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class"
                    " WHERE relnamespace = 'smup'::regnamespace AND relkind = 'v'"
                    " AND reloptions = '{security_invoker=true}'"),
        STR("rb_27s rb_27s_jednostki rb_27s_organ rb_27zz rb_27zz_jednostki rb_28nws "
            "rb_28nws_jednostki rb_28s rb_28s_jednostki rb_30s rb_30s_jednostki "
            "rb_34s rb_34s_jednostki rb_50 rb_50_jednostki rb_n_jednostki rb_n_laczne rb_nds "
            "rb_pdp rb_st rb_uz_jednostki rb_uz_laczne rb_z_jednostki rb_z_laczne smup_u "
            "smup_u_jednostki")));
    assert_true(
        str_equal(cluster_ask(cluster_shared, bench->arena, bench->name,
                              "SELECT string_agg(proname || prosecdef, ' ' ORDER BY proname)"
                              " FROM pg_proc WHERE pronamespace = 'smup'::regnamespace"),
                  STR("rb_27s_as_offalse rb_27s_jednostki_as_offalse rb_27s_organ_as_offalse "
                      "rb_27zz_as_offalse "
                      "rb_27zz_jednostki_as_offalse rb_28nws_as_offalse "
                      "rb_28nws_jednostki_as_offalse rb_28s_as_offalse "
                      "rb_28s_jednostki_as_offalse rb_30s_as_offalse "
                      "rb_30s_jednostki_as_offalse rb_34s_as_offalse "
                      "rb_34s_jednostki_as_offalse rb_50_as_offalse "
                      "rb_50_jednostki_as_offalse rb_n_jednostki_as_offalse rb_n_laczne_as_offalse "
                      "rb_nds_as_offalse rb_pdp_as_offalse rb_st_as_offalse "
                      "rb_uz_jednostki_as_offalse rb_uz_laczne_as_offalse "
                      "rb_z_jednostki_as_offalse rb_z_laczne_as_offalse "
                      "smup_u_as_offalse smup_u_jednostki_as_offalse")));
}

static void
column_has_official_number_and_title(void **state)
{
    struct bench *bench = *state;

    (void)write_views(bench);
    assert_true(str_equal(
        cluster_ask(cluster_shared, bench->arena, bench->name,
                    "SELECT format('%s %s', format_type(a.atttypid, a.atttypmod),"
                    " col_description(a.attrelid, a.attnum)) FROM pg_attribute a"
                    " WHERE a.attrelid = 'smup.rb_27s_jednostki'::regclass AND a.attname = 'pl'"),
        STR("numeric(19,2) kol. 4 Plan (po zmianach)")));
}

/* clang-format off */
static const struct {
    const char *name;
    int64_t     credential;
    const char *sql;
    const char *want;
} sights[] = {
    {"newest version, exact amounts", 1,
     "SELECT string_agg(concat_ws(' ', regon, version, ordinal, dzial, rozdzial, paragraf, p4, pl,"
     " na), ';' ORDER BY ordinal) FROM smup.rb_27s_jednostki",
     "990001010 1 1 801 80101 069 0 2000.00 900719925474099.31;990001010 1 2 801 80101 069 0 2000.01"},
    {"as of the day before the correction", 1,
     "SELECT sum(pl)::text FROM smup.rb_27s_jednostki_as_of('2026-07-25T06:59:59Z')", "2000.01"},
    {"as of the moment of the correction", 1,
     "SELECT sum(pl)::text FROM smup.rb_27s_jednostki_as_of('2026-07-25T07:00:00Z')", "4000.01"},
    {"as of before everything", 1,
     "SELECT count(*)::text FROM smup.rb_27s_jednostki_as_of('2026-07-10T06:59:59Z')", "0"},
    {"aggregate apart from its parts", 1,
     "SELECT string_agg(DISTINCT regon || ' ' || log_index, ';') FROM smup.rb_27s",
     "990000016 3"},
    {"other form apart", 1, "SELECT string_agg(DISTINCT log_index::text, ';')"
                            " FROM smup.rb_28s_jednostki", "5"},
    {"unit sees itself though another has filed", 2,
     "SELECT string_agg(DISTINCT regon || ' ' || right(submission::text, 1), ';')"
     " FROM smup.rb_27s_jednostki", "990001010 1"},
    {"unit does not see the aggregate above it", 2, "SELECT count(*)::text FROM smup.rb_27s", "0"},
    {"foreign gmina sees itself", 3, "SELECT string_agg(DISTINCT regon, ';') FROM smup.rb_27s",
     "990000039"},
    {"foreign gmina sees no school", 3, "SELECT count(*)::text FROM smup.rb_27s_jednostki", "0"},
    {"foreign gmina, as of", 3,
     "SELECT count(*)::text FROM smup.rb_27s_jednostki_as_of('2026-07-12T00:00:00Z')", "0"},
    {"no such credential", 9, "SELECT count(*)::text FROM smup.rb_27s", "0"},
};
/* clang-format on */

static void
view_shows_what_is_in_force_to_whom_it_belongs(void **state)
{
    struct bench *bench = *state;

    (void)write_views(bench);
    for (size_t i = 0; i < ARRAY_COUNT(sights); i++) {
        struct str got = read_as(bench, sights[i].credential, sights[i].sql);
        if (!str_equal(got, str_of(sights[i].want))) {
            print_message("%.*s\n", STR_ARG(got));
        }
        EXPECT(str_equal(got, str_of(sights[i].want)), sights[i].name);
    }
}

static void
view_cannot_be_written_nor_called_by_others(void **state)
{
    static const struct {
        const char     *name;
        enum store_role role;
        const char     *sql;
    } cases[] = {
        {"reader inserts", STORE_READER, "INSERT INTO smup.rb_27s (regon) VALUES ('1')" },
        {"reader deletes", STORE_READER, "DELETE FROM smup.rb_27s"                      },
        {"writer reads",   STORE_WRITER, "SELECT 1 FROM smup.rb_27s"                    },
        {"admin reads",    STORE_ADMIN,  "SELECT 1 FROM smup.rb_27s"                    },
        {"writer calls",   STORE_WRITER, "SELECT count(*) FROM smup.rb_27s_as_of(now())"},
    };
    struct bench        *bench = *state;
    struct store_address address = {str_of(cluster_host(cluster_shared)),
                                    cluster_port(cluster_shared), str_of(bench->name)};

    (void)write_views(bench);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct store *store = NULL;
        EXPECT(store_open(bench->arena, &address, cases[i].role, &store, &bench->fault) == ERR_OK,
               cases[i].name);
        enum err got = store_run(store, cases[i].sql, NULL, bench->arena, NULL, &bench->fault);
        EXPECT(got == ERR_STORE || got == ERR_STORE_UNFIT, cases[i].name);
    }
}

/* Versions of one form that keep a column elsewhere, or do not have it. */
static void
versions_of_a_form_are_one_view(void **state)
{
    static const struct form_code codes[] = {
        {.name = STR_INIT("Dzial"), .title = STR_INIT("Dział")}
    };
    static const struct form_amount old_amounts[] = {
        {.name = STR_INIT("XX"), .number = STR_INIT("1"), .title = STR_INIT("Iks"),  .scale = 0},
        {.name = STR_INIT("PL"), .number = STR_INIT("2"), .title = STR_INIT("Plan"), .scale = 2}
    };
    static const struct form_amount new_amounts[] = {
        {.name = STR_INIT("PL"), .number = STR_INIT("2"), .title = STR_INIT("O'Plan"), .scale = 2}
    };
    const struct form forms[] = {
        {.code = STR("RB27S"),
         .element = STR("Rb-27s"),
         .version = STR("2021-1"),
         .from = {2021, 1, 1},
         .codes = codes,
         .code_count = 1,
         .amounts = old_amounts,
         .amount_count = 2},
        {.code = STR("RB27S"),
         .element = STR("Rb-27s"),
         .version = STR("2025-1"),
         .from = {2025, 1, 1},
         .codes = codes,
         .code_count = 1,
         .amounts = new_amounts,
         .amount_count = 1}
    };
    static const struct level_type levels[] = {
        {.name = STR_INIT("JB"), .level = STR_INIT("jednostkowe"),       .environments = 3},
        {.name = STR_INIT("JX"), .level = STR_INIT("jednostkowe"),       .environments = 3},
        {.name = STR_INIT("O"),  .level = STR_INIT("jednostkowe-organ"), .environments = 3}
    };
    const struct catalogue catalogue = {
        .forms = forms, .form_count = 2, .levels = levels, .level_count = 3};
    struct bench *bench = *state;
    bool          changed = false;

    (void)write_views(bench); /* what the new catalogue has not is dropped */
    cluster_run(cluster_shared, bench->name,
                "SET session_replication_role = replica;"
                " UPDATE intake.report SET form_version = '2021-1' WHERE report = 2");
    enum err got =
        smup_views_write(bench->owner, bench->arena, &catalogue, &changed, &bench->fault);
    EXPECT(got == ERR_OK, bench->fault.text);
    assert_true(
        str_equal(cluster_ask(cluster_shared, bench->arena, bench->name,
                              "SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class"
                              " WHERE relnamespace = 'smup'::regnamespace"),
                  STR("rb_27s_jednostki rb_27s_organ")));
    assert_true(str_equal(
        cluster_ask(cluster_shared, bench->arena, bench->name,
                    "SELECT string_agg(concat_ws(' ', form_version, dzial, pl, xx), ';' ORDER BY"
                    " report_order) FROM (SELECT *, log_index * 10 + ordinal AS report_order FROM"
                    " smup.rb_27s_jednostki_as_of('2026-07-26T00:00:00Z')) x"),
        STR("2021-1 801 900719925474099.31 200000;2021-1 801 200001")));
    assert_true(str_equal(
        cluster_ask(cluster_shared, bench->arena, bench->name,
                    "SELECT string_agg(concat_ws(' ', form_version, pl, xx), ';' ORDER BY ordinal)"
                    " FROM smup.rb_27s_jednostki_as_of('2026-07-11T00:00:00Z')"),
        STR("2025-1 1000.00;2025-1 1000.01")));
    assert_true(str_equal(
        cluster_ask(cluster_shared, bench->arena, bench->name,
                    "SELECT col_description('smup.rb_27s_jednostki'::regclass, attnum)"
                    " FROM pg_attribute WHERE attrelid = 'smup.rb_27s_jednostki'::regclass"
                    " AND attname = 'pl'"),
        STR("kol. 2 O'Plan")));
}

static void
name_that_cannot_be_a_column_is_refused(void **state)
{
    static const struct {
        const char *name;
        struct str  element;
        struct str  column;
    } cases[] = {
        {"space",                 STR_INIT("Rb-27s"), STR_INIT("P L")                                      },
        {"quote",                 STR_INIT("Rb-27s"), STR_INIT("P\"L")                                     },
        {"Polish letter",         STR_INIT("Rb-27s"), STR_INIT("Dział")                                   },
        {"digit first",           STR_INIT("Rb-27s"), STR_INIT("1PL")                                      },
        {"empty",                 STR_INIT("Rb-27s"), STR_INIT("")                                         },
        {"column of ours",        STR_INIT("Rb-27s"), STR_INIT("Regon")                                    },
        {"41 letters",            STR_INIT("Rb-27s"), STR_INIT("abcdefghijklmnopqrstuvwxyzabcdefghijklmno")},
        {"form with a quote",     STR_INIT("Rb';--"), STR_INIT("PL")                                       },
        {"twice in another case", STR_INIT("Rb-27s"), STR_INIT("DZIAL")                                    },
    };
    static const struct form_code codes[] = {
        {.name = STR_INIT("Dzial"), .title = STR_INIT("Dział")}
    };
    static const struct level_type levels[] = {
        {.name = STR_INIT("JB"), .level = STR_INIT("jednostkowe"), .environments = 3}
    };
    struct bench *bench = *state;

    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct form_amount amount = {.name = cases[i].column, .title = STR("x"), .scale = 2};
        struct form        form = {.code = STR("RB27S"),
                                   .element = cases[i].element,
                                   .version = STR("1"),
                                   .codes = codes,
                                   .code_count = 1,
                                   .amounts = &amount,
                                   .amount_count = 1};
        struct catalogue   catalogue = {
              .forms = &form, .form_count = 1, .levels = levels, .level_count = 1};
        struct str script = {0};
        EXPECT(smup_script(bench->arena, &catalogue, &script, &bench->fault) == ERR_CATALOGUE,
               cases[i].name);
        EXPECT(script.data == NULL, cases[i].name);
    }
}

static void
every_memory_ceiling_is_survived(void **state)
{
    struct bench *bench = *state;
    bool          fitted = false;

    for (size_t ceiling = 0; ceiling < 4000000 && !fitted; ceiling += 7777) {
        struct arena *small = arena_create(ceiling);
        struct str    script = {0};
        enum err      got = smup_script(small, bench->catalogue, &script, &bench->fault);
        EXPECT(got == ERR_OK || got == ERR_MEMORY, bench->fault.text);
        EXPECT((got == ERR_OK) == (script.data != NULL), "script");
        fitted = got == ERR_OK;
        arena_destroy(small);
    }
    assert_true(fitted);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(view_is_written_once_for_each_form_and_level),
        TEST(column_has_official_number_and_title),
        TEST(view_shows_what_is_in_force_to_whom_it_belongs),
        TEST(view_cannot_be_written_nor_called_by_others),
        TEST(versions_of_a_form_are_one_view),
        TEST(name_that_cannot_be_a_column_is_refused),
        TEST(every_memory_ceiling_is_survived),
#undef TEST
    };

    return cmocka_run_group_tests(tests, cluster_share, cluster_unshare);
}
