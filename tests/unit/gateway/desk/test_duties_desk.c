#include "tests/support/expect.h"
#include "tests/unit/gateway/desk/counter_stand.h"

#include <string.h>

/* What people enter about duties: what is taken, what is refused and in which words, what stays. */

static struct reply
ask(enum petition_method method, const char *path, const char *word, const char *tag,
    const char *body)
{
    struct petition petition = counter_petition(&counter, method, path, word, body);

    petition.if_match = str_of(tag);
    return counter_send(&counter, &petition);
}

static struct reply
post(const char *path, const char *word, const char *tag, const char *body)
{
    return ask(PETITION_POST, path, word, tag, body);
}

static const char *
state_of(int duty)
{
    struct str sql = str_format(
        town.arena, "SELECT state FROM obligation.standing(now()) WHERE duty = %d", duty);

    return town_ask(&town, sql.data);
}

#define NOTHING "/api/v1/obligations/2/nothing"
#define ELSEWHERE "/api/v1/obligations/2/elsewhere"
#define UNDO "/api/v1/obligations/2/revocation"

static void
declaration_is_seen_by_whom_it_concerns_and_taken_back_by_an_entry(void **state)
{
    (void)state;
    assert_string_equal(state_of(2), "late");
    struct reply made = post(NOTHING, "treasurer", "\"1\"", "{\"basis\":\"brak zobowiązań\"}");
    assert_int_equal(made.status, 201);
    assert_true(counter_says(&made, "ETag: \"2\"\r\n"));
    assert_true(counter_says(&made, "\"kind\":\"nothing\""));
    assert_string_equal(
        town_ask(&town, "SELECT nothing_at IS NOT NULL FROM obligation.duty WHERE duty = 2"), "t");

    struct reply list = ask(PETITION_GET, "/api/v1/obligations/2/entries", "head", "", "");
    assert_int_equal(list.status, 200);
    assert_true(counter_says(&list, "\"basis\":\"brak zobowiązań\""));
    assert_true(counter_says(&list, "\"entered_by_name\":\"Osoba treasurer\""));
    assert_true(counter_says(&list, "\"revoked_at\":null"));

    struct reply undone =
        post(UNDO, "head", "\"2\"", "{\"kind\":\"nothing\",\"basis\":\"jednak były\"}");
    assert_int_equal(undone.status, 200);
    assert_true(counter_says(&undone, "ETag: \"3\"\r\n"));
    assert_true(counter_says(&undone, "\"revoked_basis\":\"jednak były\""));
    assert_true(counter_says(&undone, "\"revoked_by_name\":\"Osoba head\""));
    assert_string_equal(state_of(2), "late");
    assert_string_equal(
        town_ask(&town, "SELECT count(*) FROM obligation.nothing_to_report WHERE duty = 2"), "1");
}

static void
day_of_the_hand_over_elsewhere_decides(void **state)
{
    (void)state;
    struct reply made = post(ELSEWHERE, "service-head", "\"1\"",
                             "{\"filed_on\":\"2025-01-10\",\"basis\":\"wydruk z BeSTi@ nr 12\"}");
    assert_int_equal(made.status, 201);
    assert_true(counter_says(&made, "\"place\":\"BeSTi@\""));
    assert_true(counter_says(&made, "\"on\":\"2025-01-10\""));
    assert_string_equal(state_of(2), "fulfilled");
    struct reply undone =
        post(UNDO, "supervisor", "\"2\"", "{\"kind\":\"elsewhere\",\"basis\":\"zła data\"}");
    assert_int_equal(undone.status, 200);
    assert_string_equal(state_of(2), "late");
    made = post(ELSEWHERE, "service-head", "\"3\"",
                "{\"filed_on\":\"2025-01-11\",\"basis\":\"wydruk nr 13\",\"place\":\"eSPI\"}");
    assert_int_equal(made.status, 201);
    assert_true(counter_says(&made, "\"place\":\"eSPI\""));
    assert_string_equal(state_of(2), "late");
}

/* Whose books a CUW does: while it does them. */
static void
who_does_the_books_declares_while_it_does_them(void **state)
{
    (void)state;
    assert_int_equal(
        post("/api/v1/obligations/6/nothing", "treasurer", "\"1\"", "{\"basis\":\"x\"}").status,
        201);
    town_run(&town, "UPDATE registry.service SET valid_to = registry.today() - 1");
    struct reply reply = post("/api/v1/obligations/106/revocation", "treasurer", "\"2\"",
                              "{\"kind\":\"elsewhere\",\"basis\":\"x\"}");
    assert_int_equal(reply.status, 404);
}

static void
what_is_wrong_is_said_in_these_words(void **state)
{
    static const struct {
        const char *path;
        const char *tag;
        const char *body;
        int         status;
        const char *detail;
    } cases[] = {
        {NOTHING,                             "",      "{\"basis\":\"x\"}",                             428,
         "Odczytaj wpis jeszcze raz i wyślij zmianę z nagłówkiem If-Match o wartości jego nagłówka "
         "ETag."                                                                                                                         },
        {NOTHING,                             "\"2\"", "{\"basis\":\"x\"}",                             412,
         "Odczytaj wpisy jeszcze raz i zdecyduj, czy zmiana jest nadal potrzebna."                                                       },
        {NOTHING,                             "\"1\"", "{}",                                            422, "Pole basis: jest wymagane."},
        {NOTHING,                             "\"1\"", "{\"basis\":\"  \"}",                            422, "Pole basis: jest wymagane."},
        {"/api/v1/obligations/102/nothing",   "\"2\"", "{\"basis\":\"x\"}",                             422,
         "Formularz RBZ za 2024-Q4: to sprawozdanie składa się także wtedy, gdy nie ma nic do "
         "wykazania; złóż sprawozdanie zerowe (podstawa: rozporządzenie)."                                                           },
        {"/api/v1/obligations/999/nothing",   "\"1\"", "{\"basis\":\"x\"}",                             404,
         "Sprawdź numer i to, w czyim imieniu działasz."                                                                               },
        {"/api/v1/obligations/2x/nothing",    "\"1\"", "{\"basis\":\"x\"}",                             404,
         "Sprawdź numer i to, w czyim imieniu działasz."                                                                               },
        {ELSEWHERE,                           "\"1\"", "{\"basis\":\"x\"}",                             422,
         "Pole filed_on: podaj dzień przekazania, RRRR-MM-DD; pole place: najwyżej 100 bajtów, na "
         "przykład BeSTi@."                                                                                                             },
        {ELSEWHERE,                           "\"1\"", "{\"filed_on\":\"10.01\",\"basis\":\"x\"}",      422,
         "Pole filed_on: ma być dniem w postaci RRRR-MM-DD."                                                                            },
        {ELSEWHERE,                           "\"1\"", "{\"filed_on\":\"2024-12-31\",\"basis\":\"x\"}", 422,
         "Formularz RBN za 2024-Q4: dzień przekazania jest przed końcem okresu; sprawdź datę."                                       },
        {ELSEWHERE,                           "\"1\"", "{\"filed_on\":\"2199-01-10\",\"basis\":\"x\"}", 422,
         "Formularz RBN za 2024-Q4: dzień przekazania jest w przyszłości; wpisz go, gdy minie."                                       },
        {"/api/v1/obligations/102/elsewhere", "\"2\"",
         "{\"filed_on\":\"2025-01-10\",\"basis\":\"x\"}",                                               422,
         "Formularz RBZ za 2024-Q4: dzień przekazania jest już wpisany; jeśli był zły, cofnij wpis "
         "i dodaj nowy."                                                                                                                 },
        {UNDO,                                "\"1\"", "{\"kind\":\"nothing\",\"basis\":\"x\"}",        409,
         "Nie ma takiego wpisu, który można cofnąć."                                                                                 },
        {UNDO,                                "\"1\"", "{\"kind\":\"outage\",\"basis\":\"x\"}",         422,
         "Pole kind: nothing (nic do wykazania) albo elsewhere (przekazane poza bramą)."                                                },
        {UNDO,                                "\"1\"", "{\"basis\":\"x\"}",                             422,
         "Pole kind: nothing (nic do wykazania) albo elsewhere (przekazane poza bramą)."                                                },
    };

    (void)state;
    town_run(&town, "ALTER TABLE obligation.term DISABLE TRIGGER USER;"
                    "UPDATE obligation.term t SET nothing_allowed = false, empty_allowed = true"
                    " FROM obligation.matter m WHERE m.matter = t.matter AND m.form = 'RBZ'");
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct reply reply = post(cases[i].path, "head", cases[i].tag, cases[i].body);
        stand_expect_refusal(&reply, cases[i].status, cases[i].detail);
    }
    assert_string_equal(
        town_ask(&town,
                 "SELECT (SELECT count(*) FROM obligation.nothing_to_report)"
                 " + (SELECT count(*) FROM obligation.revocation)"
                 " + (SELECT count(*) FROM obligation.filed_elsewhere WHERE elsewhere < 99)"),
        "0");
}

static void
basis_has_a_limit(void **state)
{
    char text[1002];

    (void)state;
    memset(text, 'x', sizeof text);
    struct str   over = str_format(town.arena, "{\"basis\":\"%.*s\"}", 1001, text);
    struct str   full = str_format(town.arena, "{\"basis\":\"%.*s\"}", 1000, text);
    struct reply reply = post(NOTHING, "head", "\"1\"", over.data);
    stand_expect_refusal(&reply, 422, "Pole basis: najwyżej 1000 bajtów.");
    assert_int_equal(post(NOTHING, "head", "\"1\"", full.data).status, 201);
}

#define EXEMPT "/api/v1/units/990001010/exemptions"
#define ENTRIES "/api/v1/units/990001010/obligation-entries"

static void
jst_lets_its_units_off_and_takes_it_back(void **state)
{
    (void)state;
    struct reply made = post(EXEMPT, "supervisor", "\"2\"",
                             "{\"form\":\"RBN\",\"first_end\":\"2024-12-31\",\"last_end\":"
                             "\"2024-12-31\",\"basis\":\"uchwała nr 7\"}");
    assert_int_equal(made.status, 201);
    assert_true(counter_says(&made, "ETag: \"3\"\r\n"));
    assert_string_equal(state_of(3), "waived");
    struct reply seen = ask(PETITION_GET, "/api/v1/obligations/3/entries", "supervisor", "", "");
    assert_true(counter_says(&seen, "uchwała nr 7"));
    struct reply again = post(EXEMPT, "supervisor", "\"3\"",
                              "{\"form\":\"RBN\",\"first_end\":\"2024-12-01\",\"basis\":\"x\"}");
    struct str   words = str_format(
          town.arena,
          "Ta jednostka jest już w tym czasie zwolniona (zwolnienie nr %s); jeśli było wpisane źle, "
            "cofnij je i wpisz nowe.",
          town_ask(&town, "SELECT exemption FROM obligation.duty WHERE duty = 3"));
    stand_expect_refusal(&again, 422, words.data);

    struct str path =
        str_format(town.arena, "/api/v1/exemptions/%s/revocation",
                   town_ask(&town, "SELECT exemption FROM obligation.duty WHERE duty = 3"));
    struct reply undone = post(path.data, "supervisor", "\"3\"", "{\"basis\":\"pomyłka\"}");
    assert_int_equal(undone.status, 200);
    assert_string_equal(state_of(3), "late");
    undone = post(path.data, "supervisor", "\"4\"", "{\"basis\":\"pomyłka\"}");
    stand_expect_refusal(&undone, 409, "To zwolnienie jest już cofnięte.");
    seen = ask(PETITION_GET, ENTRIES, "supervisor", "", "");
    assert_true(counter_says(&seen, "ETag: \"4\"\r\n"));
    assert_true(counter_says(&seen, "\"revoked_basis\":\"pomyłka\""));
}

/* What an office is owed as well is not the JST's to give up; the operator enters it, by law. */
static void
what_goes_to_an_office_is_let_off_by_the_operator(void **state)
{
    static const char body[] =
        "{\"form\":\"RBN\",\"first_end\":\"2024-12-31\",\"basis\":\"art. 41 ust. 2\"}";
    static const char words[] =
        "Ten formularz jednostka składa nie tylko zarządowi JST (RIO w Opolu). Zwolnienie wpisuje "
        "operator bramy, na podstawie przepisu.";

    (void)state;
    town_run(
        &town,
        "INSERT INTO obligation.term (calendar, matter, kind, jst_types, recipient,"
        " recipient_title, rule, nominal_on, due_on, due_before, empty_allowed,"
        " nothing_allowed, model, basis) SELECT '2', m.matter, 'jednostka-budzetowa', 0, 'rio',"
        " 'RIO w Opolu', 'd+10', '2025-01-10', '2025-01-10', '2025-01-11', false, true, false,"
        " 'x' FROM obligation.matter m WHERE m.form = 'RBN'");
    struct reply reply = post(EXEMPT, "supervisor", "\"2\"", body);
    stand_expect_refusal(&reply, 403, words);
    assert_int_equal(post(EXEMPT, "operator", "\"2\"", body).status, 201);
    assert_string_equal(state_of(3), "waived");
    struct str path =
        str_format(town.arena, "/api/v1/exemptions/%s/revocation",
                   town_ask(&town, "SELECT exemption FROM obligation.duty WHERE duty = 3"));
    reply = post(path.data, "supervisor", "\"3\"", "{\"basis\":\"x\"}");
    stand_expect_refusal(&reply, 403, words);
    assert_int_equal(post(path.data, "operator", "\"3\"", "{\"basis\":\"x\"}").status, 200);
}

static void
what_an_office_gets_a_copy_of_is_let_off_by_the_operator(void **state)
{
    static const char body[] =
        "{\"form\":\"RBN\",\"first_end\":\"2024-12-31\",\"basis\":\"art. 41 ust. 2\"}";

    (void)state;
    town_run(&town, "ALTER TABLE obligation.term DISABLE TRIGGER USER;"
                    "UPDATE obligation.term t SET copies = 'rio gus' FROM obligation.matter m"
                    " WHERE m.matter = t.matter AND m.form = 'RBN'");
    struct reply reply = post(EXEMPT, "supervisor", "\"2\"", body);
    stand_expect_refusal(
        &reply, 403,
        "Ten formularz jednostka składa nie tylko zarządowi JST (kopia: GUS, kopia: "
        "RIO). Zwolnienie wpisuje operator bramy, na podstawie przepisu.");
    assert_int_equal(post(EXEMPT, "operator", "\"2\"", body).status, 201);
    assert_string_equal(state_of(3), "waived");
}

static void
exemption_needs_a_form_of_the_calendar_and_days(void **state)
{
    static const struct {
        const char *body;
        const char *detail;
    } cases[] = {
        {"{\"first_end\":\"2024-12-31\",\"basis\":\"x\"}",                  "Pole form: jest wymagane."                                     },
        {"{\"form\":\"RBN\",\"basis\":\"x\"}",
         "Pole first_end: podaj dzień, od którego kończą się okresy bez obowiązku, RRRR-MM-DD."                                       },
        {"{\"form\":\"RBX\",\"first_end\":\"2024-12-31\",\"basis\":\"x\"}",
         "Formularza RBX nie ma w kalendarzu, więc nie ma z czego zwalniać."                                                              },
        {"{\"form\":\"RBN\",\"first_end\":\"2024-12-31\",\"last_end\":\"2024-12-30\",\"basis\":"
         "\"x\"}",                                                 "Zwolnienie kończy się przed swoim początkiem; zamień daty."},
        {"{\"form\":\"RBN\",\"first_end\":\"2024-12-31\",\"basis\":\"\"}",
         "Pole basis: jest wymagane."                                                                                                       },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct reply reply = post(EXEMPT, "supervisor", "\"2\"", cases[i].body);
        stand_expect_refusal(&reply, 422, cases[i].detail);
    }
}

#define INTERNAL "/api/v1/units/990000022/internal-dues"

static void
earlier_day_of_a_jst_is_shown_beside_and_taken_back(void **state)
{
    static const char *const bad[] = {
        "{\"form\":\"RBN\",\"period\":\"2024-Q4\",\"due_on\":\"2025-01-11\",\"basis\":\"x\"}",
        "{\"form\":\"RBN\",\"period\":\"2024-Q4\",\"due_on\":\"2024-12-31\",\"basis\":\"x\"}",
        "{\"form\":\"RBN\",\"period\":\"2024-Q3\",\"due_on\":\"2025-01-08\",\"basis\":\"x\"}",
    };
    static const char *const words[] = {
        ("Termin wewnętrzny nie może być późniejszy niż termin z kalendarza (10 stycznia 2025 r.); "
         "podaj ten dzień albo wcześniejszy."),
        "Termin wewnętrzny musi być po końcu okresu (31 grudnia 2024 r.); podaj późniejszy dzień.",
        ("Obowiązków RBN za 2024-Q3 jeszcze nie wyznaczono albo nie ma takiego okresu; operator "
         "wyznacza je poleceniem brama admin obligations generate --period 2024-Q3."),
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        struct reply reply = post(INTERNAL, "supervisor", "\"2\"", bad[i]);
        stand_expect_refusal(&reply, 422, words[i]);
    }
    struct reply made = post(
        INTERNAL, "supervisor", "\"2\"",
        "{\"form\":\"RBN\",\"period\":\"2024-Q4\",\"due_on\":\"2025-01-08\",\"basis\":\"nr 3\"}");
    assert_int_equal(made.status, 201);
    assert_true(counter_says(&made, "\"on\":\"2025-01-08\""));
    assert_string_equal(town_ask(&town, "SELECT internal_on FROM obligation.duty WHERE duty = 2"),
                        "2025-01-08");
    made = post(INTERNAL, "supervisor", "\"3\"",
                "{\"form\":\"RBN\",\"period\":\"2024-Q4\",\"due_on\":null,\"basis\":\"nr 4\"}");
    assert_int_equal(made.status, 201);
    assert_true(counter_says(&made, "\"on\":null"));
    assert_string_equal(
        town_ask(&town, "SELECT internal_on IS NULL FROM obligation.duty WHERE duty = 2"), "t");
}

static void
every_entry_leaves_a_row_of_the_trail_at_its_unit(void **state)
{
    (void)state;
    assert_int_equal(post(NOTHING, "head", "\"1\"", "{\"basis\":\"x\"}").status, 201);
    assert_int_equal(post(UNDO, "head", "\"2\"", "{\"kind\":\"nothing\",\"basis\":\"y\"}").status,
                     200);
    assert_int_equal(
        post(ELSEWHERE, "head", "\"3\"", "{\"filed_on\":\"2025-01-09\",\"basis\":\"z\"}").status,
        201);
    assert_int_equal(post(INTERNAL, "supervisor", "\"2\"",
                          "{\"form\":\"RBN\",\"period\":\"2024-Q4\",\"due_on\":\"2025-01-08\","
                          "\"basis\":\"x\"}")
                         .status,
                     201);
    assert_int_equal(post(EXEMPT, "supervisor", "\"2\"",
                          "{\"form\":\"RBN\",\"first_end\":\"2024-12-31\",\"basis\":\"x\"}")
                         .status,
                     201);
    assert_string_equal(
        town_ask(&town, "SELECT string_agg(object_kind || ' ' || unit || ' ' || (person IS NOT NULL"
                        " AND appointment IS NOT NULL AND detail ? 'basis'), ', ' ORDER BY entry)"
                        " FROM people.audit WHERE object_kind LIKE 'obligation.%'"
                        " AND program = 'brama_desk'"),
        "obligation.nothing_to_report 2 true, obligation.revocation 2 true,"
        " obligation.filed_elsewhere 2 true, obligation.internal_due 2 true,"
        " obligation.exemption 3 true");
    struct reply trail = ask(PETITION_GET, "/api/v1/trail?regon=990000022", "head", "", "");
    assert_true(counter_says(&trail, "obligation.revocation"));
}

/* Who comes second hears that the first was quicker. */
static void
two_people_do_not_declare_the_same_twice(void **state)
{
    (void)state;
    assert_int_equal(post(NOTHING, "head", "\"1\"", "{\"basis\":\"x\"}").status, 201);
    struct reply second = post(NOTHING, "treasurer", "\"1\"", "{\"basis\":\"x\"}");
    assert_int_equal(second.status, 412);
    second = post(NOTHING, "treasurer", "\"2\"", "{\"basis\":\"x\"}");
    stand_expect_refusal(
        &second, 422,
        "Formularz RBN za 2024-Q4: oświadczenie „nic do wykazania” jest już złożone "
        "(podstawa: rozporządzenie).");
}

/* The CUW's RBN by dysponent: 200 of none that was named, superseded when two of them were. */
static const char dysponents_sql[] =
    "INSERT INTO obligation.matter (form, form_title, level, several_per, year, period_type,"
    " period_number, period, period_end, opens_at) SELECT 'RBD', 'Formularz RBD', m.level,"
    " 'dysponent', m.year, m.period_type, m.period_number, m.period, m.period_end, m.opens_at"
    " FROM obligation.matter m WHERE m.form = 'RBN';"
    "INSERT INTO obligation.term (calendar, matter, kind, jst_types, recipient, recipient_title,"
    " rule, nominal_on, due_on, due_before, empty_allowed, nothing_allowed, model, basis)"
    " SELECT '1', m.matter, 'cuw', 0, 'zarzad-jst', 'zarząd JST', 'd+10', '2025-01-10',"
    " '2025-01-10', '2025-01-11 00:00+01', false, true, false, 'rozporządzenie'"
    " FROM obligation.matter m WHERE m.form = 'RBD';"
    "INSERT INTO obligation.duty (duty, unit, matter, term, jst, powiat, way, due_before, variant,"
    " superseded_on, superseded_why) OVERRIDING SYSTEM VALUE"
    " SELECT x.duty, 2, t.matter, t.term, d.jst, d.powiat, d.way, t.due_before, x.variant,"
    "  x.gone::date, CASE WHEN x.gone IS NOT NULL THEN 'trait' END FROM obligation.duty d,"
    "  obligation.term t JOIN obligation.matter m ON m.matter = t.matter AND m.form = 'RBD',"
    "  (VALUES (200, '', '2025-01-02'), (201, 'kbw', NULL), (202, 'wojewoda-opolski', NULL))"
    "  x (duty, variant, gone) WHERE d.duty = 2";

#define OF(duty, act) "/api/v1/obligations/" #duty "/" act
#define DAY "{\"filed_on\":\"2025-01-09\",\"basis\":\"x\"}"

static void
entry_is_about_the_duty_of_its_path_and_no_other(void **state)
{
    static const char gone[] = "Formularz RBD za 2024-Q4: tego obowiązku ta jednostka już nie ma, "
                               "więc nie ma czego wpisywać.";

    (void)state;
    town_run(&town, dysponents_sql);
    struct reply reply = post(OF(200, "nothing"), "head", "\"1\"", "{\"basis\":\"x\"}");
    stand_expect_refusal(&reply, 422, gone);
    reply = post(OF(200, "elsewhere"), "head", "\"1\"", DAY);
    stand_expect_refusal(&reply, 422, gone);
    assert_int_equal(post(OF(201, "nothing"), "head", "\"1\"", "{\"basis\":\"x\"}").status, 201);
    assert_int_equal(post(OF(202, "elsewhere"), "head", "\"1\"", DAY).status, 201);
    assert_string_equal(
        town_ask(&town, "SELECT (SELECT string_agg(duty::text, ' ') FROM"
                        " obligation.nothing_to_report) || ' ' || (SELECT string_agg(duty::text,"
                        " ' ') FROM obligation.filed_elsewhere WHERE duty >= 200)"),
        "201 202");
    /* One that took its place is not it either. */
    town_run(&town, "UPDATE obligation.duty SET superseded_on = '2025-01-02', superseded_why ="
                    " 'trait' WHERE duty = 202");
    reply = post(OF(200, "elsewhere"), "head", "\"1\"", DAY);
    stand_expect_refusal(&reply, 422, gone);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            declaration_is_seen_by_whom_it_concerns_and_taken_back_by_an_entry, stand_begin,
            stand_end),
        cmocka_unit_test_setup_teardown(day_of_the_hand_over_elsewhere_decides, stand_begin,
                                        stand_end),
        cmocka_unit_test_setup_teardown(who_does_the_books_declares_while_it_does_them, stand_begin,
                                        stand_end),
        cmocka_unit_test_setup_teardown(what_is_wrong_is_said_in_these_words, stand_begin,
                                        stand_end),
        cmocka_unit_test_setup_teardown(basis_has_a_limit, stand_begin, stand_end),
        cmocka_unit_test_setup_teardown(jst_lets_its_units_off_and_takes_it_back, stand_begin,
                                        stand_end),
        cmocka_unit_test_setup_teardown(what_goes_to_an_office_is_let_off_by_the_operator,
                                        stand_begin, stand_end),
        cmocka_unit_test_setup_teardown(what_an_office_gets_a_copy_of_is_let_off_by_the_operator,
                                        stand_begin, stand_end),
        cmocka_unit_test_setup_teardown(exemption_needs_a_form_of_the_calendar_and_days,
                                        stand_begin, stand_end),
        cmocka_unit_test_setup_teardown(earlier_day_of_a_jst_is_shown_beside_and_taken_back,
                                        stand_begin, stand_end),
        cmocka_unit_test_setup_teardown(every_entry_leaves_a_row_of_the_trail_at_its_unit,
                                        stand_begin, stand_end),
        cmocka_unit_test_setup_teardown(two_people_do_not_declare_the_same_twice, stand_begin,
                                        stand_end),
        cmocka_unit_test_setup_teardown(entry_is_about_the_duty_of_its_path_and_no_other,
                                        stand_begin, stand_end),
    };

    return cmocka_run_group_tests(tests, stand_start, stand_stop);
}
