#include "gateway/release/release.h"
#include "tests/scenario/gateway/office.h"
#include "tests/support/command.h"
#include "tests/support/expect.h"
#include "tests/support/mould.h"
#include "tests/support/quarter.h"

#include <stdio.h>
#include <string.h>

/*
 * The owner of the rules at a gateway that works: definitions are published and taken without a
 * restart, a rule is switched off and what it alone had rejected is accepted. With the programs
 * that an operator has.
 */
#define ROOM ((size_t)1 << 28U)
#define RULES "rb-27s/2025-1/rules.xml"
#define VTL "rb-27s/2025-1/rules.vtl"

enum { FILE_MAX = 1 << 20, PRINTED_MAX = 1 << 20, TRIES_MAX = 400 };

static struct cluster *cluster;
static struct office   office;
static struct arena   *arena;
static size_t          filed;

static int
start(void **state)
{
    const struct station_options options = {.settings = "answer_wait_ms = 30000\n"};

    (void)state;
    arena = arena_create(ROOM);
    cluster = cluster_start(CLUSTER_FAST);
    office_open(&office, cluster, "release", &options, false);
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    office_close(&office);
    cluster_stop(cluster);
    arena_destroy(arena);
    return 0;
}

/* `brama WORD WORDS... --database ...`: its exit code, and what it printed. */
static int
brama(struct str *out, const char *word, const char *const *arguments)
{
    enum { WORDS_MAX = 20 };

    struct buf  printed = buf_create(arena, PRINTED_MAX);
    struct str  database = str_format(arena, "%s:%d/%s", cluster_host(cluster),
                                      cluster_port(cluster), office.database);
    const char *words[WORDS_MAX] = {(BRAMA_BINARY_DIR "/gateway/cli/brama"), word};
    size_t      count = 2;

    for (size_t i = 0; arguments[i] != NULL; i++) {
        words[count++] = arguments[i];
    }
    words[count++] = "--database";
    words[count] = database.data;
    int code = command_run(words, (struct str){0}, &printed);
    *out = buf_str(&printed);
    return code;
}

#define RULES_RUN(out, ...) brama((out), "rules", (const char *const[]){__VA_ARGS__, NULL})
#define REPLAY_RUN(out, ...) brama((out), "replay", (const char *const[]){__VA_ARGS__, NULL})

/* This instead of that in a file of the folder. */
static void
revise(const char *folder, const char *path, const char *old, const char *new)
{
    struct str file = str_format(arena, "%s/%s", folder, path);
    struct buf text = buf_create(arena, FILE_MAX);

    mould_append(&text, file.data);
    const char *at = memmem(text.data, text.size, old, strlen(old));
    assert_non_null(at);
    size_t before = (size_t)(at - text.data);
    FILE  *out = fopen(file.data, "we");
    ENSURE(out != NULL);
    ENSURE(fwrite(text.data, 1, before, out) == before);
    ENSURE(fputs(new, out) >= 0);
    size_t rest = text.size - before - strlen(old);
    ENSURE(fwrite(at + strlen(old), 1, rest, out) == rest && fclose(out) == 0);
}

/* A copy of schemas/ with this instead of that in one of its files. */
static const char *
draft(const char *name, const char *path, const char *old, const char *new)
{
    struct str folder = str_format(arena, "%s/%s", station_folder(office.station), name);

    mould_copy(BRAMA_SOURCE_DIR "/schemas", folder.data);
    revise(folder.data, path, old, new);
    return folder.data;
}

/* Whether the monitoring store calls a column as the release does, once its views are made again.
 */
static bool
store_follows(void)
{
    office_migrate(&office);
    return str_equal(office_ask(&office, arena,
                                "SELECT count(*) FROM information_schema.columns"
                                " WHERE table_schema = 'smup' AND table_name = 'rb_27s'"
                                " AND column_name = 'dzial' AND col_description("
                                "'smup.rb_27s'::regclass, ordinal_position) LIKE '%WYDANIE%'"),
                     STR("1"));
}

/* File a report that breaks RB27S-001; what became of it at "reports.0.verdict". */
static struct http_answer
file_faulty(void)
{
    const struct maker_options options = {.seed = 7000 + filed,
                                          .first_unit = OFFICE_MADE_FROM,
                                          .forms = MAKER_RB27S,
                                          .version = (int)filed,
                                          .fault = "rule-s27-01"};
    struct office_filing       filing = {0};
    struct fault               fault = {0};
    struct str                 key = str_format(arena, "wydanie-%zu", filed);

    filed++;
    if (maker_package(arena, &options, station_authority(office.station), &filing.body, &fault)
        != ERR_OK) {
        fail_msg("%s", fault.text);
    }
    filing.key = key.data;
    return office_file(&office, arena, &filing);
}

#define NOT_RELEASED "SELECT count(*) FROM intake.release"

static void
release_that_breaks_a_rule_of_releases_is_refused_whole(void **state)
{
    static const char title[] = "<title>Zaległości netto są ujemne";
    struct str        out = {0};

    (void)state;
    const char *same = draft("ten-sam", RULES, title, title);
    const char *broken = draft("zepsuty", VTL, "RB27S_005: NP >= 0", "RB27S_005: NP >= ");
    const char *unproven = draft("niezbadany", VTL, "RB27S_005: NP >= 0", "RB27S_005: NP > 0");
    const char *sudden =
        draft("nagły", RULES, "<applies severity=\"query\"/>", "<applies severity=\"error\"/>");
    const struct {
        const char *name;
        const char *folder;
        const char *author;
        const char *from;
        int         code;
        const char *says;
    } cases[] = {
        {"author and publisher are one", same,              "Jan",  "2026-08-01", 1, ""                      },
        {"in the past",                  same,              "Anna", "2026-07-01", 1, ""                      },
        {"no time",                      same,              "Anna", "jutro",      2, ""                      },
        {"a formula that is none",       broken,            "Anna", "2026-08-01", 1, "rules.vtl:"            },
        {"a case comes out otherwise",   unproven,          "Anna", "2026-08-01", 1, "RB27S-005"             },
        {"it begins to reject at once",  sudden,            "Anna", "2026-07-11", 1, "a nie była na próbie"},
        {"no folder",                    "/nie/ma/takiego", "Anna", "2026-08-01", 3, ""                      },
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        int code = RULES_RUN(&out, "publish", cases[i].folder, "--author", cases[i].author,
                             "--operator", "Jan", "--from", cases[i].from, "--reason", "próba");
        EXPECT(code == cases[i].code, cases[i].name);
        EXPECT(
            memmem(out.data == NULL ? "" : out.data, out.size, cases[i].says, strlen(cases[i].says))
                != NULL,
            cases[i].name);
    }
    assert_int_equal(RULES_RUN(&out, "publish", same, "--author", "Anna", "--from", "2026-08-01"),
                     2);
    assert_string_equal(office_ask(&office, arena, NOT_RELEASED).data, "0");
}

static void
release_is_taken_without_a_restart(void **state)
{
    struct str  out = {0};
    const char *folder = draft("nowy", RULES, "<title>Należności pozostałe do zapłaty minus",
                               "<title>WYDANIE: należności pozostałe do zapłaty minus");

    (void)state;
    revise(folder, "rb-27s/2025-1/form.xml", "<code name=\"Dzial\" number=\"1\" title=\"Dział\"",
           "<code name=\"Dzial\" number=\"1\" title=\"WYDANIE: dział\"");
    struct http_answer before = file_faulty();
    assert_string_equal(office_value(arena, &before, "reports.0.verdict"), "rejected");
    assert_int_equal(RULES_RUN(&out, "publish", folder, "--author", "Anna", "--operator", "Jan",
                               "--from", "2026-07-10T20:00:00+02:00", "--reason", "nowy tytuł"),
                     0);
    assert_false(store_follows());
    pid_t worker = station_role(office.station, ROLE_WORKER, 0);
    pid_t checker = station_role(office.station, ROLE_CHECKER, 0);
    office_set_clock(&office, "2026-07-10T21:00:00+02:00");
    size_t tries = 0;
    while (tries < TRIES_MAX
           && str_equal(office_ask(&office, arena,
                                   "SELECT count(*) FROM intake.finding WHERE title LIKE"
                                   " 'WYDANIE%'"),
                        STR("0"))) {
        (void)file_faulty();
        tries++;
    }
    assert_true(tries < TRIES_MAX);
    assert_string_equal(
        office_ask(&office, arena,
                   "SELECT count(*) FROM intake.finding f JOIN intake.decision d USING"
                   " (submission, n) WHERE (f.title LIKE 'WYDANIE%') <>"
                   " (f.code = 'RB27S-001' AND d.definitions IN (SELECT definitions FROM"
                   " intake.release))")
            .data,
        "0");
    assert_int_equal(station_role(office.station, ROLE_WORKER, 0), worker);
    assert_int_equal(station_role(office.station, ROLE_CHECKER, 0), checker);
    assert_int_equal(RULES_RUN(&out, "bundles"), 0);
    assert_true(out.size > 2 && out.data[0] == '*');
    assert_true(store_follows());
}

static bool
has(struct str text, const char *part)
{
    return text.size > 0 && memmem(text.data, text.size, part, strlen(part)) != NULL;
}

/* A rule between reports rejects nothing: sets are compared again, those of JST by one of JST. */
static void
rule_between_reports_is_switched_off_and_its_sets_are_compared_again(void **state)
{
    struct str out = {0};

    (void)state;
    assert_true(strcmp(office_ask(&office, arena,
                                  "SELECT count(*) > 0 FROM intake.report_set WHERE scope = 1")
                           .data,
                       "t")
                == 0);
    assert_int_equal(RULES_RUN(&out, "off", "ZESTAW-999", "--reason", "r"), 2);
    assert_int_equal(RULES_RUN(&out, "off", "ZESTAW-043", "--reason", "r", "--from", "jutro"), 2);
    assert_int_equal(RULES_RUN(&out, "off", "ZESTAW-043", "--reason", "błędny wzór"), 0);
    assert_true(has(out, "zestawów do ponownego porównania: ") && !has(out, ": 0\n"));
    assert_true(
        office_await(&office, "SELECT count(*) FROM intake.set_work WHERE done_at IS NULL", "0"));
    assert_string_equal(office_ask(&office, arena,
                                   "SELECT count(*) > 0 FROM intake.set_work"
                                   " WHERE cause = 'rule-switched'")
                            .data,
                        "t");
    assert_int_equal(RULES_RUN(&out, "on", "ZESTAW-043", "--reason", "wzór poprawiono"), 0);
    assert_true(has(out, "jest włączona; zestawów do ponownego porównania: "));
}

static void
rule_is_switched_off_and_what_it_alone_rejected_is_accepted(void **state)
{
    struct str out = {0};

    (void)state;
    struct http_answer rejected = file_faulty();
    const char        *id = office_value(arena, &rejected, "id");
    assert_string_equal(office_value(arena, &rejected, "reports.0.verdict"), "rejected");
    assert_int_equal(RULES_RUN(&out, "off", "PODPIS-030", "--reason", "r"), 1);
    assert_int_equal(RULES_RUN(&out, "off", "RB27S-999", "--reason", "r"), 2);
    assert_int_equal(RULES_RUN(&out, "off", "RB27S-001"), 2);
    assert_int_equal(RULES_RUN(&out, "off", "RB27S-001", "--reason", "błędny wzór"), 0);
    struct str sql = str_format(arena,
                                "SELECT concat_ws(' ', n, verdict, arrived = first_arrived)"
                                " FROM intake.submission WHERE submission = '%s'",
                                id);
    assert_true(office_await(&office, sql.data, "2 1 t"));
    assert_true(
        office_await(&office, "SELECT count(*) FROM intake.submission WHERE verdict = 3", "0"));
    struct http_answer now = file_faulty();
    assert_string_equal(office_value(arena, &now, "reports.0.verdict"), "accepted");
    assert_int_equal(RULES_RUN(&out, "on", "RB27S-001", "--reason", "wzór poprawiono"), 0);
    size_t tries = 0;
    while (tries < TRIES_MAX
           && strcmp(office_value(arena, &now, "reports.0.verdict"), "rejected") != 0) {
        now = file_faulty();
        tries++;
    }
    assert_true(tries < TRIES_MAX);
}

/* Whatever was released and switched meanwhile. */
static void
operator_decides_every_receipt_once_more(void **state)
{
    struct str out = {0};

    (void)state;
    struct str numbers = office_ask(
        &office, arena,
        "SELECT string_agg(number, ' ' ORDER BY number) FROM (SELECT DISTINCT ON (n, d.verdict,"
        " d.definitions) r.number FROM intake.receipt r JOIN intake.decision d"
        " USING (submission, n) ORDER BY n, d.verdict, d.definitions, r.number) x");
    struct str number = {0};
    size_t     count = 0;
    while (str_cut(&numbers, ' ', &number)) {
        struct str one = str_copy(arena, number);
        EXPECT(REPLAY_RUN(&out, one.data) == 0, one.data);
        EXPECT(has(out, "Wszystko jest takie samo."), one.data);
        count++;
    }
    assert_true(count >= 4); /* decided once and twice, rejected and accepted, of two releases */
    assert_int_equal(REPLAY_RUN(&out, "990001018-20260710-000000000000-00"), 2);
    assert_int_equal(REPLAY_RUN(&out, "--help"), 0);
    cluster_run(cluster, office.database,
                "SET session_replication_role = replica; UPDATE intake.report SET verdict = 1"
                " WHERE verdict = 3");
    struct str changed = office_ask(&office, arena,
                                    "SELECT r.number FROM intake.receipt r JOIN intake.decision d"
                                    " USING (submission, n) WHERE d.verdict = 3 LIMIT 1");
    assert_int_equal(REPLAY_RUN(&out, changed.data), 1);
    assert_true(has(out, "inne: wiersz sprawozdania 1: verdict"));
}

static void
author_learns_whom_a_draft_would_stop(void **state)
{
    struct str  out = {0};
    const char *folder = draft("luźniejszy", RULES,
                               "<applies severity=\"error\" levels=\"jednostkowe\" "
                               "periods=\"quarter year\"/>",
                               "<applies severity=\"query\" levels=\"jednostkowe\" "
                               "periods=\"quarter year\"/>");

    (void)state;
    assert_int_equal(RULES_RUN(&out, "backtest", "--rules", folder, "--from", "2026-07-10", "--to",
                               "2026-07-10", "--format", "json"),
                     0);
    assert_true(has(out, "\"form\":\"Rb-27S\"") && has(out, "\"unread\":0"));
    assert_int_equal(RULES_RUN(&out, "backtest", "--rules", folder, "--from", "2026-07-11", "--to",
                               "2026-07-12"),
                     0);
    assert_true(has(out, "Złożeń 0"));
    assert_int_equal(RULES_RUN(&out, "backtest", "--rules", folder, "--from", "2026-07-11", "--to",
                               "2026-07-10"),
                     2);
    assert_int_equal(RULES_RUN(&out, "backtest", "--rules", folder, "--from", "2026-07-11", "--to",
                               "2026-07-12", "--format", "xls"),
                     2);
    assert_int_equal(RULES_RUN(&out, "count"), 0);
}

/* A JST of its own files the two reports that ZESTAW-001 compares: 100 złotych of income, and what
 * it states of them, as a strict sender or not. */
static void
file_quarter(size_t number, int stated, const char *path)
{
    int64_t     jst = office_jst(&office, arena, draft_regon(arena, number).data);
    const char *token = station_token(office.station, jst);
    const int   amounts[] = {100, stated};

    for (size_t i = 0; i < ARRAY_COUNT(amounts); i++) {
        const struct quarter       quarter = {number, i == 0, 0, amounts[i]};
        const struct office_filing filing = {
            .token = token,
            .key = str_format(arena, "kwartal-%zu-%zu", number, i).data,
            .path = path,
            .body = quarter_package(arena, station_authority(office.station), &quarter)};
        assert_int_equal(office_file(&office, arena, &filing).status, 201);
    }
}

#define ON_TRIAL(out, folder, ...) \
    RULES_RUN((out), "backtest", "--rules", (folder), "--from", "2026-07-20", "--to", __VA_ARGS__)

static void
author_learns_which_sets_a_draft_would_turn(void **state)
{
    static const struct {
        const char *name;
        const char *says[4];
    } formats[] = {
        {"text",
         {"sprawozdań 6: szkic zatrzymałby 0, przepuściłby 0 z zatrzymanych. Nie do odczytania"
          " tutaj: 0\nRb-NDS, gmina, województwo 99: zestawów 3; niezgodności: nowe 1, ustają 1,"
          " bez zmian 1\nZESTAW-001: zestawów 3, zgodnych 1, z pytaniem 2; niezgodności: nowe 1,"
          " ustają 1, bez zmian 1\nZESTAW-002: zestawów 3, czeka na sprawozdanie 3;"
          " niezgodności: nowe 0, ustają 0, bez zmian 0\n",
          "\nZestawów 3: szkic uczyniłby niezgodnymi 1, przestałoby nimi być 1, niezgodnych tak"
          " jak teraz 1. Nie do porównania tutaj: 0\nSprawozdań z tych dni w zestawach 6: złożone"
          " dziś ze strict=true zatrzymałby sam szkic 2, same reguły obowiązujące 2, jedno i"
          " drugie 2. Z zatrzymanych przez sam szkic strict=true miało 2\n"}              },
        {"json",
         {"\"codes\":[],\"sets\":{\"sets\":3,\"unread\":0,\"states\":["
          "{\"before\":\"incomplete\",\"after\":\"inconsistent\",\"sets\":1},"
          "{\"before\":\"inconsistent\",\"after\":\"incomplete\",\"sets\":1},"
          "{\"before\":\"inconsistent\",\"after\":\"inconsistent\",\"sets\":1}],",
          "{\"form\":\"Rb-NDS\",\"kind\":\"gmina\",\"region\":\"99\",\"sets\":3,\"new\":1,"
          "\"gone\":1,\"same\":1}",
          "{\"code\":\"ZESTAW-001\",\"sets\":3,\"holds\":1,\"queries\":2,\"warnings\":0,"
          "\"proposed\":0,\"pending\":0,\"idle\":0,\"not_evaluated\":0,\"new\":1,\"gone\":1,"
          "\"same\":1},",
          "\"strict\":{\"reports\":6,\"new\":2,\"gone\":2,\"same\":2,\"asked_for\":2}}}\n"}},
        {"csv",
         {"\r\nRb-NDS;gmina;99;;0;0;0;0;3;;;;;;;;1;1;1\r\nRb-NDS;jst;14;;3;0;0;0;0;;;;;;;;0;0;"
          "0\r\n",
          "\r\n;;;ZESTAW-001;;0;0;;3;1;2;0;0;0;0;0;1;1;1\r\n",
          "\r\n;;;strict=true;6;;;;;;;;;;;;2;2;2\r\n"}                                     },
    };
    struct str        out = {0};
    static const char script[] = "sets/2025-1/ZESTAW-001.vtl";
    static const char formula[] = "Zgodne := Jest = Powinno";
    const char       *folder = draft("zestaw", script, formula, "Zgodne := Jest = Powinno + 1");
    const char       *faulty = draft("zestaw-zepsuty", script, formula, "Zgodne := Jest = Powino");

    (void)state;
    office_set_clock(&office, "2026-07-20T09:00:00+02:00");
    file_quarter(301, 100, "/api/v1/submissions?strict=true");
    file_quarter(302, 101, NULL);
    file_quarter(303, 107, NULL);
    struct str before = office_ask(&office, arena,
                                   "SELECT string_agg(concat_ws(' ', set, state, revision), ','"
                                   " ORDER BY set) FROM intake.report_set");
    for (size_t i = 0; i < ARRAY_COUNT(formats); i++) {
        assert_int_equal(ON_TRIAL(&out, folder, "2026-07-20", "--format", formats[i].name), 0);
        for (size_t j = 0; j < ARRAY_COUNT(formats[i].says) && formats[i].says[j] != NULL; j++) {
            EXPECT(has(out, formats[i].says[j]), formats[i].says[j]);
        }
    }
    assert_true(str_equal(before, office_ask(&office, arena,
                                             "SELECT string_agg(concat_ws(' ', set, state,"
                                             " revision), ',' ORDER BY set)"
                                             " FROM intake.report_set")));
    assert_int_equal(ON_TRIAL(&out, faulty, "2026-07-20"), 1);
    assert_int_equal(out.size, 0);
    assert_int_equal(ON_TRIAL(&out, folder, "2026-07-19"), 2);
    assert_int_equal(RULES_RUN(&out, "backtest", "--rules", folder, "--from", "2026-07-21", "--to",
                               "2026-07-22"),
                     0);
    assert_true(has(out, "\nZestawów 0: ") && !has(out, "ZESTAW-"));
}

/* A program older than the release that is in force: its database is migrated all the same. */
static void
release_of_words_that_a_program_does_not_know_stops_no_migration(void **state)
{
    const struct store_address address = station_database(office.station);
    struct arena              *own = arena_create((size_t)64 << 20U);
    struct store              *store = NULL;
    struct fault               fault = {0};
    struct release             release = {
                    .author = STR("Anna"), .publisher = STR("Jan"), .reason = STR("słowa jutra")};

    (void)state;
    assert_true(str_to_number(
        office_ask(&office, arena,
                   "SELECT (extract(epoch FROM now() + clock_offset) * 1000000)::bigint"
                   " FROM registry.setting"),
        &release.active_from));
    release.published = release.active_from;
    ENSURE(store_open(own, &address, STORE_ADMIN, &store, &fault) == ERR_OK);
    assert_int_equal(release_publish(store, own, STR("BRAMA-BUNDLE 1\n3 catalogue.xml\n\n<x>"),
                                     &release, &fault),
                     ERR_OK);
    arena_destroy(own);
    assert_false(store_follows()); /* aborts when it could not be migrated */
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(release_that_breaks_a_rule_of_releases_is_refused_whole),
        cmocka_unit_test(release_is_taken_without_a_restart),
        cmocka_unit_test(rule_is_switched_off_and_what_it_alone_rejected_is_accepted),
        cmocka_unit_test(rule_between_reports_is_switched_off_and_its_sets_are_compared_again),
        cmocka_unit_test(author_learns_whom_a_draft_would_stop),
        cmocka_unit_test(author_learns_which_sets_a_draft_would_turn),
        cmocka_unit_test(operator_decides_every_receipt_once_more),
        cmocka_unit_test(release_of_words_that_a_program_does_not_know_stops_no_migration),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
