#include "tests/support/expect.h"
#include "tests/unit/gateway/reader/duties.h"
#include "tests/unit/gateway/reader/world.h"

#include <jansson.h>
#include <string.h>

/* Reports that no duty waits for, and what their units are told about them. */
static struct world world;

/* SCHOOL (3) without the trait; SISTER (4) has got it since; SCHOOL of a form that the calendar
 * does not know; GMINA (1), whose level adds up; STRANGER (5); one that has found its duty. */
static const char strays_sql[] =
    "INSERT INTO obligation.matter (form, form_title, level, year, period_type, period_number,"
    " period, period_end, opens_at) SELECT 'RB34S', 'Rb-34S', l, 2020, 'Kwartal', 2, '2020-Q2',"
    " '2020-06-30', '2020-07-01' FROM unnest('{jednostkowe,zbiorcze}'::text[]) l;"
    "INSERT INTO obligation.term (calendar, matter, kind, jst_types, recipient, recipient_title,"
    " rule, nominal_on, due_on, due_before, empty_allowed, nothing_allowed, model, basis, trait)"
    " SELECT '1', m.matter, k, 0, 'zarzad-jst', '', 'd+10', '2020-07-10', '2020-07-10',"
    " '2020-07-11', true, true, false, 'b', 'rachunek-223' FROM obligation.matter m,"
    " unnest('{jst,jednostka-budzetowa}'::text[]) k WHERE m.form = 'RB34S';"
    "INSERT INTO registry.unit_trait (unit, trait, valid_from, valid_to) VALUES"
    " (4, 'rachunek-223', '2020-06-30', NULL), (3, 'rachunek-223', '2020-07-01', NULL),"
    " (3, 'wydatki-niewygasajace', '2020-01-01', NULL);"
    "INSERT INTO obligation.stray (unit, form, period_end, period_type, level, variant, period,"
    " submission, arrived, settled_at) VALUES"
    " (3, 'RB34S', '2020-06-30', 'Kwartal', 'jednostkowe', '', '2020-Q2', '" WORLD_PACKAGE "',"
    "  '2020-07-10 10:00+02', NULL),"
    " (4, 'RB34S', '2020-06-30', 'Kwartal', 'jednostkowe', '', '2020-Q2', '" WORLD_PACKAGE "',"
    "  '2020-07-10 11:00+02', NULL),"
    " (3, 'RBQ', '2020-06-30', 'Kwartal', 'jednostkowe', '', '2020-Q2', '" WORLD_PACKAGE "',"
    "  '2020-07-10 12:00+02', NULL),"
    " (1, 'RB34S', '2020-06-30', 'Kwartal', 'zbiorcze', '', '2020-Q2', '" WORLD_PACKAGE "',"
    "  '2020-07-10 13:00+02', NULL),"
    " (5, 'RBQ', '2020-06-30', 'Kwartal', 'jednostkowe', '', '2020-Q2', '" WORLD_FOREIGN "',"
    "  '2020-07-10 14:00+02', NULL),"
    " (3, 'RBW', '2020-06-30', 'Kwartal', 'jednostkowe', '', '2020-Q2', '" WORLD_PACKAGE "',"
    "  '2020-07-10 15:00+02', now());";

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

static void
each_is_told_with_what_is_missing(void **state)
{
    static const struct {
        const char *form;
        const char *trait;
        const char *words;
    } want[] = {
        {"RB34S", "rachunek-223",
         "składa je tylko JST, która sama albo której jednostka prowadzi "
         "wydzielony rachunek dochodów (art. 223"                                                 },
        {"RBQ",   "",             "kalendarz nie przewiduje go od jednostki tego rodzaju"          },
        {"RB34S", "rachunek-223",
         "Wpłynęło 10 lipca 2020 r., 11:00:00 i jest zapisane, ale żaden "
         "obowiązek na nie nie czekał: cechę, z której wynika, wpisano"                        },
        {"RB34S", "rachunek-223", "składa je tylko jednostka, która prowadzi wydzielony rachunek"},
    };
    json_t *answer = read_json(WORLD_GMINA, "/api/v1/obligations/unexpected");
    json_t *items = json_object_get(answer, "items");

    (void)state;
    assert_int_equal(json_array_size(items), ARRAY_COUNT(want));
    for (size_t i = 0; i < ARRAY_COUNT(want); i++) {
        json_t *item = json_array_get(items, i);
        EXPECT(strcmp(text_of(item, "form"), want[i].form) == 0, want[i].words);
        EXPECT(strcmp(text_of(item, "trait"), want[i].trait) == 0, want[i].words);
        EXPECT(strstr(text_of(item, "explanation"), want[i].words) != NULL, want[i].words);
        EXPECT(strcmp(text_of(item, "submission"), WORLD_PACKAGE) == 0, want[i].words);
    }
    json_decref(answer);
}

static void
only_what_is_seen_and_open_is_told(void **state)
{
    static const struct {
        int64_t who;
        size_t  items;
    } cases[] = {
        {WORLD_GMINA,    4},
        {WORLD_SCHOOL,   2},
        {WORLD_SISTER,   1},
        {WORLD_OFFICE,   0},
        {WORLD_STRANGER, 1},
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
    assert_int_equal(pages, 2);
    assert_int_equal(items, 4);
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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_told_with_what_is_missing),
        cmocka_unit_test(only_what_is_seen_and_open_is_told),
        cmocka_unit_test(pages_follow_one_another),
        cmocka_unit_test(wrong_parameters_are_refused_by_name),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
