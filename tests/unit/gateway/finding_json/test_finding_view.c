#include "gateway/finding_json/file_json.h"
#include "tests/support/expect.h"

enum { ROOM = 1 << 20, TEXT_MAX = 1 << 16 };

static struct contributor items[] = {
    {.cell = STR_INIT("kol. 4"),
     .amount = STR_INIT("-3,00"),
     .xpath = STR_INIT("/c"),
     .offset = 1,
     .line = 2,
     .column = 3},
    {.cell = STR_INIT("kol. 5"),                          .xpath = STR_INIT("/d"), .offset = 4, .line = 5, .column = 6},
};

static const struct contributors sides[CONTRIBUTORS_SIDES] = {
    [CONTRIBUTORS_FOUND] = {0                        },
    [CONTRIBUTORS_EXPECTED] = { .items = items, .count = 2, .more = 2, .rest = STR_INIT("7,00")},
};

/* Every field has a text of its own, so that two that change places are seen. */
static const struct finding_view full = {
    .code = STR_INIT("RB27S-001"),
    .severity = STR_INIT("error"),
    .title = STR_INIT("tytuł"),
    .cell = STR_INIT("komórka"),
    .line = 7,
    .column = 8,
    .offset = 9,
    .xpath = STR_INIT("/a/b"),
    .found = STR_INIT("1,00"),
    .expected = STR_INIT("2,00"),
    .difference = STR_INIT("-1,00"),
    .fix = STR_INIT("popraw"),
    .repeats = 6,
    .basis = STR_INIT("§ 1"),
    .suspect = STR_INIT("kol. 7"),
    .technical = STR_INIT("x"),
    .contributors = sides,
};

static void
json_has_every_field_under_its_name(void **state)
{
    struct arena *arena = arena_create(ROOM);
    struct buf    out = buf_create(arena, TEXT_MAX);
    struct json   json = json_create(&out);

    (void)state;
    finding_view_json(&json, &full);
    assert_true(str_equal(
        buf_str(&out),
        STR("{\"code\":\"RB27S-001\",\"severity\":\"error\",\"title\":\"tytuł\",\"cell\":"
            "\"komórka\","
            "\"line\":7,\"column\":8,\"offset\":9,\"xpath\":\"/a/b\",\"found\":\"1,00\","
            "\"expected\":\"2,00\",\"difference\":\"-1,00\",\"difference_repeats\":6,\"suspect\":"
            "\"kol. "
            "7\",\"contributors\":{\"found\":null,\"expected\":{\"items\":[{\"cell\":\"kol. "
            "4\",\"amount\":\"-3,00\",\"line\":2,\"column\":3,\"offset\":1,\"xpath\":\"/c\"},"
            "{\"cell\":\"kol. 5\",\"amount\":null,\"line\":5,\"column\":6,\"offset\":4,"
            "\"xpath\":\"/"
            "d\"}],\"more\":2,\"more_sum\":\"7,00\"}},\"fix\":\"popraw\",\"basis\":\"§ 1\","
            "\"technical\":\"x\"}")));
    arena_destroy(arena);
}

static void
what_is_absent_is_null_and_others_may_stand_beside(void **state)
{
    const struct finding_view view = {.code = STR("XML-001")};
    struct arena             *arena = arena_create(ROOM);
    struct buf                out = buf_create(arena, TEXT_MAX);
    struct json               json = json_create(&out);

    (void)state;
    json_object_begin(&json);
    json_key(&json, "ordinal");
    json_number(&json, 1);
    finding_view_members(&json, &view);
    json_object_end(&json);
    assert_true(str_equal(
        buf_str(&out),
        STR("{\"ordinal\":1,\"code\":\"XML-001\",\"severity\":null,\"title\":null,\"cell\":null,"
            "\"line\":0,\"column\":0,\"offset\":0,\"xpath\":null,\"found\":null,\"expected\":null,"
            "\"difference\":null,\"difference_repeats\":0,\"suspect\":null,\"contributors\":null,"
            "\"fix\":null,\"basis\":"
            "null,\"technical\":"
            "null}")));
    arena_destroy(arena);
}

static void
csv_has_a_column_for_every_field(void **state)
{
    static const struct finding_place place = {.file = STR_INIT("f"),
                                               .form = STR_INIT("Rb-27S"),
                                               .period = STR_INIT("2026-Q2"),
                                               .regon = STR_INIT("1"),
                                               .unit = STR_INIT("u"),
                                               .version = STR_INIT("0"),
                                               .verdict = STR_INIT("rejected")};
    struct arena                     *arena = arena_create(ROOM);
    struct buf                        out = buf_create(arena, TEXT_MAX);
    struct csv                        csv = csv_create(&out);

    (void)state;
    finding_view_csv_head(&csv);
    csv_row_end(&csv);
    finding_view_csv(&csv, &place, &full);
    csv_row_end(&csv);
    assert_true(str_equal(
        buf_str(&out),
        STR("\xEF\xBB\xBF"
            "plik;formularz;okres;regon;jednostka;wersja;wynik;kod;waga;tytuł;gdzie;wiersz;znak;"
            "bajt;xpath;jest;powinno być;różnica;różnica w komórkach;najpierw sprawdź;składniki;co "
            "zrobić;podstawa;szczegóły "
            "techniczne\r\n"
            "f;Rb-27S;2026-Q2;1;u;0;rejected;RB27S-001;error;tytuł;komórka;7;8;9;/a/b;1,00;2,00;"
            "'-1,00;6;kol. 7;porównane z: -3,00 kol. 4 (wiersz 2, znak 3) · brak kol. 5 (wiersz 5, "
            "znak "
            "6) · i jeszcze 2, razem 7,00;popraw;§ 1;x\r\n")));
    arena_destroy(arena);
}

static const struct {
    const char         *name;
    enum signature_step step;
    bool                trust_given;
    bool                valid;
} signatures[] = {
    {"all steps passed",           SIGNATURE_STEP_NONE,   true,  true },
    {"passed, nobody is trusted",  SIGNATURE_STEP_NONE,   false, true },
    {"unknown issuer",             SIGNATURE_STEP_ISSUER, true,  false},
    {"unknown issuer, none asked", SIGNATURE_STEP_ISSUER, false, true },
    {"value",                      SIGNATURE_STEP_VALUE,  true,  false},
    {"value, nobody is trusted",   SIGNATURE_STEP_VALUE,  false, false},
    {"role",                       SIGNATURE_STEP_ROLE,   false, false},
};

static void
file_json_signature_valid_follows_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(signatures); i++) {
        const struct package_signature signature = {.failed_step = signatures[i].step};
        EXPECT(file_json_signature_valid(&signature, signatures[i].trust_given)
                   == signatures[i].valid,
               signatures[i].name);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_has_every_field_under_its_name),
        cmocka_unit_test(what_is_absent_is_null_and_others_may_stand_beside),
        cmocka_unit_test(csv_has_a_column_for_every_field),
        cmocka_unit_test(file_json_signature_valid_follows_the_table),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
