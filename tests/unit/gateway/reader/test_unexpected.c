#include "tests/support/expect.h"
#include "tests/unit/gateway/reader/duties.h"
#include "tests/unit/gateway/reader/world.h"

#include <jansson.h>
#include <string.h>

/* Reports that no duty waits for, and what their units are told about them. */
static struct world world;

/* In the order of their numbers: SCHOOL (3) without the trait, accepted; SISTER (4), who has it,
 * rejected; SCHOOL of a form that the calendar does not know; GMINA (1), which adds up SISTER,
 * accepted; STRANGER (5), which has nobody below; one of SCHOOL that has found its duty; by
 * dysponent: SISTER with one that is named, and SCHOOL with none, both accepted; STRANGER, whose
 * one below was closed; SISTER at another level, undecided. */
static const char strays_sql[] =
    "INSERT INTO obligation.matter (form, form_title, level, several_per, year, period_type,"
    " period_number, period, period_end, opens_at) SELECT f, f, l, s, 2020, 'Kwartal', 2,"
    " '2020-Q2', '2020-06-30', '2020-07-01' FROM unnest('{jednostkowe,zbiorcze}'::text[]) l,"
    " (VALUES ('RB34S', ''), ('RB50', 'dysponent')) x (f, s);"
    "INSERT INTO obligation.term (calendar, matter, kind, jst_types, recipient, recipient_title,"
    " rule, nominal_on, due_on, due_before, empty_allowed, nothing_allowed, model, basis, trait)"
    " SELECT '1', m.matter, k, 0, 'zarzad-jst', '', 'd+10', '2020-07-10', '2020-07-10',"
    " '2020-07-11', true, true, false, 'b', CASE m.form WHEN 'RB50' THEN 'zadania-zlecone'"
    " ELSE 'rachunek-223' END FROM obligation.matter m,"
    " unnest('{jst,jednostka-budzetowa}'::text[]) k WHERE m.form IN ('RB34S', 'RB50');"
    "INSERT INTO registry.unit (unit, regon, wk, pk, gk, gt, pt, type, kind, name, parent,"
    " valid_from, valid_to) OVERRIDING SYSTEM VALUE VALUES (9, '990009000', '99', '02', '01', '1',"
    " '0', 'JB', 'jednostka-budzetowa', 'Zamknięta', 5, '2020-01-01', '2020-06-29');"
    "INSERT INTO registry.unit_trait (unit, trait, office, valid_from, valid_to) VALUES"
    " (4, 'rachunek-223', NULL, '2020-06-30', NULL), (3, 'rachunek-223', NULL, '2020-07-01', NULL),"
    " (9, 'rachunek-223', NULL, '2020-01-01', NULL),"
    " (4, 'zadania-zlecone', 'mf', '2020-01-01', NULL),"
    " (3, 'wydatki-niewygasajace', NULL, '2020-01-01', NULL);"
    "INSERT INTO obligation.stray (unit, form, period_end, period_type, level, variant, period,"
    " submission, arrived, settled_at) SELECT unit, form, '2020-06-30', 'Kwartal', level, '',"
    " '2020-Q2', CASE unit WHEN 5 THEN '" WORLD_FOREIGN "'::uuid ELSE '" WORLD_PACKAGE
    "'::uuid END,"
    " '2020-07-10 09:00+02'::timestamptz + n * interval '1 hour', CASE form WHEN 'RBW' THEN now()"
    " END FROM (VALUES (1, 3, 'RB34S', 'jednostkowe'), (2, 4, 'RB34S', 'jednostkowe'),"
    "  (3, 3, 'RBQ', 'jednostkowe'), (4, 1, 'RB34S', 'zbiorcze'), (5, 5, 'RBQ', 'jednostkowe'),"
    "  (6, 3, 'RBW', 'jednostkowe'), (7, 4, 'RB50', 'jednostkowe'), (8, 3, 'RB50', 'jednostkowe'),"
    "  (9, 5, 'RB34S', 'zbiorcze'), (10, 4, 'RB34S', 'zbiorcze')) x (n, unit, form, level)"
    " ORDER BY n;"
    "INSERT INTO intake.report SELECT (jsonb_populate_record(r, jsonb_build_object('report',"
    "  90000 + 10 * x.n + d.n, 'n', d.n, 'unit', s.unit, 'form', s.form, 'period_end',"
    "  s.period_end, 'level', s.level, 'verdict', d.verdict, 'ordinal', 10 + x.n, 'in_force', "
    "NULL))).*"
    " FROM obligation.stray s JOIN LATERAL (SELECT (extract(hour FROM s.arrived AT TIME ZONE"
    "  'Europe/Warsaw') - 9)::integer) x (n) ON true"
    " JOIN (VALUES (1, 1, 0), (1, 2, 1), (2, 1, 1), (2, 2, 3), (4, 1, 1), (7, 1, 1), (8, 1, 1),"
    "  (10, 1, 0)) d (stray, n, verdict) ON d.stray = x.n"
    " JOIN intake.report r ON r.report = 1100;";

static int
begin(void **state)
{
    *state = cluster_start(CLUSTER_FAST);
    world_begin(&world, *state, "unexpected");
    world_run(&world, DUTIES_SQL);
    world_run(&world, strays_sql);
    return 0;
}

static int
end(void **state)
{
    world_end(&world);
    cluster_stop(*state);
    return 0;
}

static json_t *
read_json(int64_t who, const char *target)
{
    struct reply reply = world_get(&world, who, target);
    json_t      *value = json_loadb(reply.body.data, reply.body.size, JSON_REJECT_DUPLICATES, NULL);

    if (reply.status != 200 || value == NULL) {
        fail_msg("%d %s: %.*s", reply.status, target, STR_ARG(reply.body));
    }
    return value;
}

static const char *
text_of(json_t *item, const char *name)
{
    const char *text = json_string_value(json_object_get(item, name));

    return text == NULL ? "" : text;
}

struct telling {
    const char *form;
    const char *trait;
    const char *verdict; /* empty: none */
    const char *words;
};

/* What this one is told, from the newest: exactly these. */
static void
expect_told(int64_t who, const struct telling *want, size_t count)
{
    json_t *answer = read_json(who, "/api/v1/obligations/unexpected");
    json_t *items = json_object_get(answer, "items");

    assert_int_equal(json_array_size(items), count);
    for (size_t i = 0; i < count; i++) {
        json_t *item = json_array_get(items, i);
        if (strstr(text_of(item, "explanation"), want[i].words) == NULL) {
            print_message("%s\n", text_of(item, "explanation"));
        }
        EXPECT(strcmp(text_of(item, "form"), want[i].form) == 0, want[i].words);
        EXPECT(strcmp(text_of(item, "trait"), want[i].trait) == 0, want[i].words);
        EXPECT(strcmp(text_of(item, "verdict"), want[i].verdict) == 0, want[i].words);
        EXPECT(strstr(text_of(item, "explanation"), want[i].words) != NULL, want[i].words);
    }
    json_decref(answer);
}

static void
each_is_told_with_what_is_missing(void **state)
{
    static const struct telling want[] = {
        {"RB34S", "rachunek-223",    "undecided",
         "i nie jest jeszcze przyjęte; żaden obowiązek też na nie nie czekał: cecha, z której "
         "wynika, jest już w rejestrze. Obowiązek powstanie z najbliższym naliczeniem; rozliczy go "
         "dopiero sprawozdanie przyjęte."                                                               },
        {"RB50",  "zadania-zlecone", "accepted",
         "bo to on wpisuje cechy; obowiązek powstanie z najbliższym naliczeniem po wpisie, a to "
         "sprawozdanie go rozliczy, jeżeli wpis nie wskaże dysponenta."                                },
        {"RB50",  "zadania-zlecone", "accepted",
         "jest w rejestrze z dysponentem (Ministerstwo Finansów). Obowiązek jest wtedy osobny dla "
         "każdego dysponenta, a sprawozdanie nie wskazuje żadnego z nich, więc go nie rozliczy. "
         "Napisz do "
         "operatora bramy: on wpisuje cechy i dysponentów."                                             },
        {"RB34S", "rachunek-223",    "accepted",
         "Wpłynęło 10 lipca 2020 r., 13:00:00 i jest przyjęte, ale żaden obowiązek na nie nie "
         "czekał: cecha, z której wynika, jest już w rejestrze. Obowiązek powstanie z najbliższym "
         "naliczeniem, a to sprawozdanie go rozliczy."                                                   },
        {"RBQ",   "",                "",          "kalendarz nie przewiduje go od jednostki tego rodzaju"},
        {"RB34S", "rachunek-223",    "rejected",
         "Wpłynęło 10 lipca 2020 r., 11:00:00 i zostało odrzucone; żaden obowiązek też na nie nie "
         "czekał: cecha, z której wynika, jest już w rejestrze. Obowiązek powstanie z najbliższym "
         "naliczeniem; rozliczy go dopiero sprawozdanie przyjęte."                                      },
        {"RB34S", "rachunek-223",    "accepted",
         "składa je tylko jednostka, która prowadzi wydzielony rachunek dochodów (art. 223 ustawy "
         "o "
         "finansach publicznych), a rejestr nie podaje tego na ostatni dzień okresu. Jeżeli tak "
         "jest, napisz do operatora bramy, bo to on wpisuje cechy; obowiązek powstanie z "
         "najbliższym naliczeniem po wpisie, a to sprawozdanie go rozliczy."                            },
    };
    static const struct telling stranger[] = {
        {"RB34S", "rachunek-223", "",
         "składa je tylko JST, która sama albo której jednostka prowadzi wydzielony rachunek "
         "dochodów (art. 223"                                                               },
        {"RBQ",   "",             "", "kalendarz nie przewiduje go od jednostki tego rodzaju"},
    };

    (void)state;
    expect_told(WORLD_GMINA, want, ARRAY_COUNT(want));
    expect_told(WORLD_STRANGER, stranger, ARRAY_COUNT(stranger));
}

static void
only_what_is_seen_and_open_is_told(void **state)
{
    static const struct {
        int64_t who;
        size_t  items;
    } cases[] = {
        {WORLD_GMINA,    7},
        {WORLD_SCHOOL,   3},
        {WORLD_SISTER,   3},
        {WORLD_OFFICE,   0},
        {WORLD_STRANGER, 2},
        {700,            0}, /* an office */
    };

    (void)state;
    world_run(&world,
              "INSERT INTO registry.credential (credential, office, is_certificate, digest,"
              " scopes, label, expires_at) OVERRIDING SYSTEM VALUE VALUES (700, 'mf', false,"
              " sha256('mf'), 2, '', now() + interval '1 year')");
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        json_t *answer = read_json(cases[i].who, "/api/v1/obligations/unexpected");
        assert_int_equal(json_array_size(json_object_get(answer, "items")), cases[i].items);
        json_decref(answer);
    }
    assert_int_equal(world_get(&world, 0, "/api/v1/obligations/unexpected").status, 401);
}

static void
pages_follow_one_another(void **state)
{
    struct str cursor = STR("");
    size_t     pages = 0;
    size_t     items = 0;

    (void)state;
    do {
        struct str  target = str_format(world.arena, "/api/v1/obligations/unexpected?limit=3%s%.*s",
                                       cursor.size > 0 ? "&cursor=" : "", STR_ARG(cursor));
        json_t     *page = read_json(WORLD_GMINA, target.data);
        const char *next = json_string_value(json_object_get(page, "next_cursor"));
        items += json_array_size(json_object_get(page, "items"));
        cursor = next == NULL ? STR("") : str_copy(world.arena, str_of(next));
        json_decref(page);
        pages++;
    } while (cursor.size > 0 && pages < 10);
    assert_int_equal(pages, 3);
    assert_int_equal(items, 7);
}

static void
wrong_parameters_are_refused_by_name(void **state)
{
    static const char *const targets[] = {
        "/api/v1/obligations/unexpected?limit=0",
        "/api/v1/obligations/unexpected?limit=501",
        "/api/v1/obligations/unexpected?cursor=000000000000000000000000",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(targets); i++) {
        EXPECT(world_get(&world, WORLD_GMINA, targets[i]).status == 400, targets[i]);
    }
}

/* STRANGER's: NEW came the day after, CLOSED was gone the day before, OWING is there; of a form
 * that all of their kind owe; OWING by dysponent, and for a period of which nothing is counted. */
static const char absent_sql[] =
    "UPDATE obligation.stray SET settled_at = now();"
    "INSERT INTO registry.unit (unit, regon, wk, pk, gk, gt, pt, type, kind, name, parent,"
    " valid_from) OVERRIDING SYSTEM VALUE SELECT n, '9900090' || n, '99', '02', '01', '1', '0',"
    " 'JB', 'jednostka-budzetowa', 'Szkoła', 5, d FROM (VALUES (10, '2020-07-01'::date),"
    " (11, '2020-06-30')) x (n, d);"
    "INSERT INTO obligation.matter (form, form_title, level, several_per, year, period_type,"
    " period_number, period, period_end, opens_at) VALUES ('RBP', 'RBP', 'jednostkowe', '', 2020,"
    " 'Kwartal', 2, '2020-Q2', '2020-06-30', '2020-07-01');"
    "INSERT INTO obligation.term (calendar, matter, kind, jst_types, recipient, recipient_title,"
    " rule, nominal_on, due_on, due_before, empty_allowed, nothing_allowed, model, basis)"
    " SELECT '1', m.matter, 'jednostka-budzetowa', 0, 'zarzad-jst', '', 'd+10', '2020-07-10',"
    " '2020-07-10', '2020-07-11', true, true, false, 'b' FROM obligation.matter m"
    " WHERE m.form = 'RBP';"
    "INSERT INTO obligation.stray (unit, form, period_end, period_type, level, variant, period,"
    " submission, arrived) SELECT u, f, e::date, 'Kwartal', 'jednostkowe', v, '2020-Q2',"
    " '" WORLD_FOREIGN "', '2020-07-10 09:00+02' FROM (VALUES (1, 10, 'RBP', '2020-06-30', ''),"
    " (2, 9, 'RBP', '2020-06-30', ''), (3, 11, 'RBP', '2020-06-30', ''),"
    " (4, 11, 'RBP', '2020-06-30', 'mf'), (5, 11, 'RBP', '2019-06-30', ''),"
    " (6, 10, 'RB34S', '2020-06-30', ''), (7, 10, 'RBQ', '2020-06-30', '')) x (n, u, f, e, v)"
    " ORDER BY n;";

static void
who_was_not_there_is_told_so(void **state)
{
    static const struct telling want[] = {
        {"RBQ",   "",             "", "kalendarz nie przewiduje go od jednostki tego rodzaju"                     },
        {"RB34S", "rachunek-223", "",
         "(30 czerwca 2020 r.), a ta jest w nim dopiero od 1 lipca 2020"                                          },
        {"RBP",   "",             "",
         "nie czekał: obowiązków za ten okres jeszcze nie naliczono. Jeżeli kalendarz go "
         "przewiduje, "
         "powstanie z naliczeniem; rozliczy go dopiero"                                                           },
        {"RBP",   "",             "", "kalendarz nie przewiduje go od jednostki tego rodzaju"                     },
        {"RBP",   "",             "",
         "nie czekał: tego obowiązku jeszcze nie naliczono. Powstanie z naliczeniem za ten okres"               },
        {"RBP",   "",             "", "(30 czerwca 2020 r.), a ta była w nim tylko do 29 czerwca 2020 r. Jeżeli"},
        {"RBP",   "",             "",
         "nie czekał: sprawozdanie za okres składa jednostka, która jest w rejestrze jego "
         "ostatniego "
         "dnia (30 czerwca 2020 r.), a ta jest w nim dopiero od 1 lipca 2020 r. Jeżeli to "
         "nieprawda, "
         "napisz do operatora bramy, bo to on prowadzi rejestr; jeżeli prawda, nic nie trzeba "
         "robić."                                                                                                },
    };

    (void)state;
    world_run(&world, absent_sql);
    expect_told(WORLD_STRANGER, want, ARRAY_COUNT(want));
}

/* STRANGER's, as it is decided and when its sender has taken it back: one of a package of GMINA's,
 * and one of its own. */
static void
what_its_sender_has_taken_back_is_told_no_more(void **state)
{
    static const struct {
        const char *sql;
        int64_t     who;
        size_t      items;
    } cases[] = {
        {"UPDATE obligation.stray SET settled_at = NULL WHERE form = 'RBQ' AND unit = 3",
         WORLD_SCHOOL,                                                                                  1},
        {"UPDATE intake.submission SET verdict = 0, state = 'withdrawn', withdrawn_at = now(),"
         " withdrawn_by = 5 WHERE submission = '" WORLD_FOREIGN "'",
         WORLD_STRANGER,                                                                                0},
        {"SELECT 1",                                                                      WORLD_SCHOOL, 1},
        {"UPDATE intake.submission SET verdict = 0, state = 'withdrawn', withdrawn_at = now(),"
         " withdrawn_by = 1 WHERE submission = '" WORLD_PACKAGE "'",
         WORLD_SCHOOL,                                                                                  0},
        {"SELECT 1",                                                                      WORLD_GMINA,  0},
    };

    (void)state;
    world_run(&world, "ALTER TABLE intake.submission DISABLE TRIGGER guard");
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        world_run(&world, cases[i].sql);
        json_t *answer = read_json(cases[i].who, "/api/v1/obligations/unexpected");
        EXPECT(json_array_size(json_object_get(answer, "items")) == cases[i].items, cases[i].sql);
        json_decref(answer);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_told_with_what_is_missing),
        cmocka_unit_test(only_what_is_seen_and_open_is_told),
        cmocka_unit_test(pages_follow_one_another),
        cmocka_unit_test(wrong_parameters_are_refused_by_name),
        cmocka_unit_test(who_was_not_there_is_told_so), /* all others are settled from here on */
        cmocka_unit_test(what_its_sender_has_taken_back_is_told_no_more),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
