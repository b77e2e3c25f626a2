#include "gateway/definitions/definitions.h"
#include "gateway/fingerprint/fingerprint.h"
#include "gateway/obligation/outage.h"
#include "gateway/submission/facts.h"
#include "tests/support/expect.h"
#include "validators/identifier/receipt_number.h"
#include "validators/signature/signature.h"

#include <inttypes.h>
#include <stdio.h>

/*
 * The facts of every receipt of the sample packages, as texts: changing one of these changes what
 * the gateway states and signs. GOLDEN_WRITE=1 in the environment prints what they are now.
 */
#define ROOM ((size_t)512 << 20U)
#define TRUST_PATH "tests/samples/urzad-certyfikacji-przyklad.pem"
#define ARRIVED (INT64_C(1784962800412) * 1000) /* 2026-07-25T09:00:00.412+02:00 */

enum { FILE_MAX = 1024 * 1024, TEXT_MAX = 64 * 1024, LOG_INDEX = 41, UNITS_MAX = 8 };

static struct arena           *kept;
static struct definitions      definitions;
static struct signature_trust *trust;

static struct str
read_file(struct arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    char *bytes = ARENA_NEW(arena, char, FILE_MAX);

    ENSURE(file != NULL && bytes != NULL);
    size_t size = fread(bytes, 1, FILE_MAX, file);
    ENSURE(fclose(file) == 0 && size > 0 && size < FILE_MAX);
    return (struct str){bytes, size};
}

static int
load(void **state)
{
    struct fault fault = {0};

    (void)state;
    kept = arena_create(ROOM);
    signature_warm_up();
    ENSURE(definitions_load(kept, NULL, &definitions, &fault) == ERR_OK);
    ENSURE(signature_trust_parse(kept, read_file(kept, TRUST_PATH), &trust, &fault) == ERR_OK);
    return 0;
}

static int
unload(void **state)
{
    (void)state;
    arena_destroy(kept);
    return 0;
}

/* Everything that a concluding submission has, made by hand but for the decision. */
struct scene {
    struct queued          queued;
    struct registry_answer answers[UNITS_MAX];
    struct decision_unit   units[UNITS_MAX];
    struct checked         checked;
    struct concluding      item;
};

static void
decide(struct arena *arena, struct str bytes, struct scene *scene)
{
    const struct check_request check = {.bytes = bytes,
                                        .limits = &prescan_limits_default,
                                        .catalogue = definitions.catalogue,
                                        .schemas = definitions.schemas,
                                        .trust = trust,
                                        .at = ARRIVED / INSTANT_PER_SECOND};
    const struct decision_file file = {
        .bytes = bytes, .checked = &scene->checked, .units = scene->units};
    const struct decision_request request = {.catalogue = definitions.catalogue,
                                             .rules = definitions.rules,
                                             .environment = ENVIRONMENT_TEST,
                                             .trust_given = true,
                                             .at = ARRIVED / INSTANT_PER_SECOND,
                                             .files = &file,
                                             .file_count = 1};
    struct fault                  fault = {0};

    for (size_t i = 0; i < UNITS_MAX; i++) {
        scene->units[i].standing = DECISION_UNIT_GOOD;
        scene->answers[i] =
            (struct registry_answer){.standing = STANDING_GOOD, .unit = (int64_t)i + 1};
    }
    ENSURE(check_run(arena, &check, &scene->checked, &fault) == ERR_OK);
    ENSURE(decision_make(arena, &request, &scene->item.decided, &fault) == ERR_OK);
}

static void
set_scene(struct arena *arena, struct str bytes, bool delivery, struct scene *scene)
{
    struct fault fault = {0};

    *scene = (struct scene){
        .queued = {.size = bytes.size,
                   .first_byte = ARRIVED - 1000,
                   .arrived = ARRIVED,
                   .subject_name = STR("Gmina Przykładów"),
                   .subject_regon = STR("990000022")           },
        .item = { .bytes = bytes,
                   .engine = STR("brama probna"),
                   .n = 1,
                   .decided_at = ARRIVED + 500000,
                   .log_index = LOG_INDEX,
                   .reason = delivery ? STR("powód") : STR("")}
    };
    scene->item.queued = &scene->queued;
    scene->item.units = scene->answers;
    ENSURE(fingerprint_of(bytes, scene->queued.sha256, &fault) == ERR_OK);
    if (delivery) {
        return;
    }
    decide(arena, bytes, scene);
    size_t count = scene->item.decided->report_count;
    scene->item.filed = ARENA_NEW(arena, struct filed, count + 1);
    for (size_t i = 0; i < count; i++) {
        const struct report *report = scene->item.decided->reports[i].report;
        ENSURE(fingerprint_of(str_slice(bytes, report->start, report->end - report->start),
                              scene->item.filed[i].sha256, &fault)
               == ERR_OK);
    }
}

static void
write_findings(struct buf *out, const struct receipt_finding *findings, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buf_format(out, "    %.*s %.*s %u:%u\n", STR_ARG(findings[i].code),
                   STR_ARG(findings[i].severity), findings[i].line, findings[i].column);
    }
}

static void
write_facts(struct buf *out, const struct receipt_facts *facts,
            const struct concluded_receipt *receipt)
{
    buf_format(out, "%s %.*s %.*s/%.*s unit %" PRId64 " %.*s\n", receipt->kind,
               STR_ARG(facts->number), STR_ARG(facts->unit_regon), STR_ARG(facts->unit_codes),
               receipt->unit, STR_ARG(facts->verdict));
    write_findings(out, facts->findings, facts->finding_count);
    for (size_t i = 0; i < facts->report_count; i++) {
        const struct receipt_report *report = &facts->reports[i];
        buf_format(out, "  %.*s %.*s %.*s %.*s v%.*s %02x%02x %.*s [%.*s] %.*s\n",
                   STR_ARG(report->form), STR_ARG(report->form_version),
                   STR_ARG(report->unit_regon), STR_ARG(report->period), STR_ARG(report->version),
                   report->sha256[0], report->sha256[1], STR_ARG(report->level),
                   STR_ARG(report->signers), STR_ARG(report->verdict));
        write_findings(out, report->findings, report->finding_count);
    }
}

/* clang-format off */
static const struct {
    const char *name;
    const char *file; /* NULL: junk */
    bool        delivery;
    const char *facts;
} cases[] = {
    {"three units", "dochody-2026-q2.xml", false,
     "summary 990000022-20260725-000000052000-29 / unit 0 accepted\n"
     "  Rb-27S 2025-1 990001010 2026-Q2 v0 5ffe jednostkowe [główny księgowy: Anna Przykladowa1; kierownik jednostki: Jan Przykladowy1] accepted\n"
     "  Rb-27S 2025-1 990001027 2026-Q2 v0 44f5 jednostkowe [główny księgowy: Anna Przykladowa2; kierownik jednostki: Jan Przykladowy2] accepted\n"
     "  Rb-27S 2025-1 990001033 2026-Q2 v0 6ef6 jednostkowe [główny księgowy: Anna Przykladowa3; kierownik jednostki: Jan Przykladowy3] accepted\n"
     "unit 990001010-20260725-000000052001-E1 990001010/99/01/02/3/0 unit 1 accepted\n"
     "  Rb-27S 2025-1 990001010 2026-Q2 v0 5ffe jednostkowe [główny księgowy: Anna Przykladowa1; kierownik jednostki: Jan Przykladowy1] accepted\n"
     "unit 990001027-20260725-000000052002-A4 990001027/99/01/02/3/0 unit 2 accepted\n"
     "  Rb-27S 2025-1 990001027 2026-Q2 v0 44f5 jednostkowe [główny księgowy: Anna Przykladowa2; kierownik jednostki: Jan Przykladowy2] accepted\n"
     "unit 990001033-20260725-000000052003-6F 990001033/99/01/02/3/0 unit 3 accepted\n"
     "  Rb-27S 2025-1 990001033 2026-Q2 v0 6ef6 jednostkowe [główny księgowy: Anna Przykladowa3; kierownik jednostki: Jan Przykladowy3] accepted\n"},
    {"one unit, two forms", "oba-2026-q2-jedna-szkola.xml", false,
     "unit 990001010-20260725-000000052000-E6 990001010/99/01/02/3/0 unit 1 accepted\n"
     "  Rb-27S 2025-1 990001010 2026-Q2 v0 1699 jednostkowe [główny księgowy: Anna Przykladowa1; kierownik jednostki: Jan Przykladowy1] accepted\n"
     "  Rb-28S 2025-1 990001010 2026-Q2 v0 7add jednostkowe [główny księgowy: Anna Przykladowa1; kierownik jednostki: Jan Przykladowy1] accepted\n"},
    {"a correction", "korekta-wydatki-2026-q2.xml", false,
     "unit 990001010-20260725-000000052000-E6 990001010/99/01/02/3/0 unit 1 accepted\n"
     "  Rb-28S 2025-1 990001010 2026-Q2 v1 cdc6 jednostkowe [główny księgowy: Anna Przykladowa1; kierownik jednostki: Jan Przykladowy1] accepted\n"},
    {"altered", "zle-zmieniona-po-podpisie.xml", false,
     "unit 990001010-20260725-000000052000-E6 990001010/99/01/02/3/0 unit 1 rejected\n"
     "  Rb-28S 2025-1 990001010 2026-Q2 v0 9661 jednostkowe [] rejected\n"
     "    PODPIS-030 error 1:7330\n"
     "    PODPIS-030 error 1:11362\n"
     "    RB28S-002 warning 1:919\n"},
    {"one REGON twice", "zle-ten-sam-regon.xml", false,
     "summary 990000022-20260725-000000052000-29 / unit 0 rejected\n"
     "  Rb-28S 2025-1 990001010 2026-Q2 v0 ee09 jednostkowe [główny księgowy: Anna Przykladowa1; kierownik jednostki: Jan Przykladowy1] rejected\n"
     "    TOZSAMOSC-003 error 1:233\n"
     "  Rb-28S 2025-1 990001010 2026-Q2 v0 82a2 jednostkowe [główny księgowy: Anna Przykladowa2; kierownik jednostki: Jan Przykladowy2] rejected\n"
     "    TOZSAMOSC-003 error 1:15050\n"
     "unit 990001010-20260725-000000052001-E1 990001010/99/01/02/3/0 unit 1 rejected\n"
     "  Rb-28S 2025-1 990001010 2026-Q2 v0 ee09 jednostkowe [główny księgowy: Anna Przykladowa1; kierownik jednostki: Jan Przykladowy1] rejected\n"
     "    TOZSAMOSC-003 error 1:233\n"
     "unit 990001010-20260725-000000052002-E8 990001010/99/01/02/3/0 unit 2 rejected\n"
     "  Rb-28S 2025-1 990001010 2026-Q2 v0 82a2 jednostkowe [główny księgowy: Anna Przykladowa2; kierownik jednostki: Jan Przykladowy2] rejected\n"
     "    TOZSAMOSC-003 error 1:15050\n"},
    {"no XML", NULL, false,
     "summary 990000022-20260725-000000052000-29 / unit 0 rejected\n"
     "    XML-002 error 1:1\n"},
    {"delivery only", "dochody-2026-q2.xml", true,
     "delivery 990000022-20260725-000000052000-29 / unit 0 undecided\n"},
};
/* clang-format on */

static const struct facts_frame frame = {.environment = STR_INIT("TEST"),
                                         .receiver = STR_INIT("Brama próbna"),
                                         .note = STR_INIT("uwaga")};

static void
facts_of_the_samples_are_these(void **state)
{
    bool write = getenv("GOLDEN_WRITE") != NULL;

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena  *arena = arena_create(ROOM);
        struct buf     text = buf_create(arena, TEXT_MAX);
        struct scene   scene = {0};
        struct dossier dossier = {0};
        struct fault   fault = {0};
        struct str     path = str_format(arena, "tests/samples/%s", cases[i].file);
        set_scene(arena, cases[i].file == NULL ? STR("to nie XML") : read_file(arena, path.data),
                  cases[i].delivery, &scene);
        EXPECT(facts_make(arena, &frame, &scene.item, &dossier, &fault) == ERR_OK, cases[i].name);
        for (size_t j = 0; j < dossier.count; j++) {
            const struct concluded_receipt *receipt = &dossier.receipts[j];
            EXPECT(receipt->report_count == dossier.facts[j].report_count, cases[i].name);
            EXPECT(receipt->report_count == 0
                       || dossier.facts[0].reports + receipt->report_from
                              == dossier.facts[j].reports,
                   cases[i].name);
            write_facts(&text, &dossier.facts[j], &dossier.receipts[j]);
        }
        EXPECT(buf_ok(&text), cases[i].name);
        if (write) {
            printf("== %s\n%.*s", cases[i].name, STR_ARG(buf_str(&text)));
        } else {
            EXPECT(str_equal(buf_str(&text), str_of(cases[i].facts)), cases[i].name);
        }
        arena_destroy(arena);
    }
}

static void
what_is_the_same_on_all_receipts_of_a_decision(void **state)
{
    struct arena  *arena = arena_create(ROOM);
    struct scene   scene = {0};
    struct dossier dossier = {0};
    struct fault   fault = {0};

    (void)state;
    set_scene(arena, read_file(arena, "tests/samples/dochody-2026-q2.xml"), false, &scene);
    assert_int_equal(facts_make(arena, &frame, &scene.item, &dossier, &fault), ERR_OK);
    assert_int_equal(dossier.count, 4);
    for (size_t i = 0; i < dossier.count; i++) {
        const struct receipt_facts *facts = &dossier.facts[i];
        struct receipt_number       number = {0};
        assert_int_equal(receipt_number_parse(facts->number, &number), IDENTIFIER_OK);
        assert_int_equal(number.serial, (size_t)LOG_INDEX * FACTS_RECEIPTS_MAX + i);
        assert_int_equal(facts->arrived, ARRIVED);
        assert_int_equal(facts->last_byte, ARRIVED);
        assert_int_equal(facts->first_byte, ARRIVED - 1000);
        assert_int_equal(facts->decided, ARRIVED + 500000);
        assert_int_equal(facts->log_index, LOG_INDEX);
        assert_int_equal(facts->document_size, scene.queued.size);
        assert_memory_equal(facts->document_sha256, scene.queued.sha256, FINGERPRINT_SIZE);
        assert_true(str_equal(facts->environment, STR("TEST")));
        assert_true(str_equal(facts->receiver, STR("Brama próbna")));
        assert_true(str_equal(facts->note, STR("uwaga")));
        assert_true(str_equal(facts->engine, STR("brama probna")));
        assert_true(str_equal(facts->sender_regon, STR("990000022")));
        assert_true(uuid_is_nil(facts->first_submission));
    }
    arena_destroy(arena);
}

static void
the_term_of_a_report_stands_on_every_receipt_that_states_it(void **state)
{
    struct arena  *arena = arena_create(ROOM);
    struct scene   scene = {0};
    struct dossier dossier = {0};
    struct fault   fault = {0};

    (void)state;
    set_scene(arena, read_file(arena, "tests/samples/dochody-2026-q2.xml"), false, &scene);
    scene.item.filed[1].term = (struct filed_term){
        .due = {2026, 7, 10},
        .timeliness = TIMELINESS_LATE,
        .calendar = STR("1"),
        .basis = STR("podstawa")
    };
    scene.item.calendar_sha256[31] = 7;
    assert_int_equal(facts_make(arena, &frame, &scene.item, &dossier, &fault), ERR_OK);
    const struct receipt_report *stated[] = {&dossier.facts[0].reports[1],
                                             &dossier.facts[2].reports[0]};
    for (size_t i = 0; i < ARRAY_COUNT(stated); i++) {
        assert_int_equal(date_compare(stated[i]->due, (struct date){2026, 7, 10}), 0);
        assert_true(str_equal(stated[i]->timeliness, STR("late")));
        assert_true(str_equal(stated[i]->calendar, STR("1")));
        assert_true(str_equal(stated[i]->due_basis, STR("podstawa")));
    }
    assert_int_equal(dossier.facts[1].reports[0].due.year, 0);
    assert_int_equal(dossier.facts[1].reports[0].timeliness.size, 0);
    for (size_t i = 0; i < dossier.count; i++) {
        assert_int_equal(dossier.facts[i].calendar_sha256[31], 7);
    }
    arena_destroy(arena);
}

/* A package as its sender may have broken it, and the REGON with which the number is made. */
static const struct {
    const char *name;
    const char *regon;
    const char *number;
} numbers[] = {
    {"as it should be", "990001010     ", "990001010-20260725-"     },
    {"a wrong digit",   "990001011     ", "990000022-20260725-"     },
    {"no digits",       "xyz           ", "990000022-20260725-"     },
    {"empty",           "              ", "990000022-20260725-"     },
    {"14 digits",       "99000101012345", "99000101012345-20260725-"},
};

static void
a_regon_that_cannot_be_makes_no_number(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(numbers); i++) {
        struct arena  *arena = arena_create(ROOM);
        struct scene   scene = {0};
        struct dossier dossier = {0};
        struct fault   fault = {0};
        set_scene(arena, read_file(arena, "tests/samples/oba-2026-q2-jedna-szkola.xml"), false,
                  &scene);
        scene.checked.package.units[0].identity.fields[UNIT_REGON].text = str_of(numbers[i].regon);
        EXPECT(facts_make(arena, &frame, &scene.item, &dossier, &fault) == ERR_OK, numbers[i].name);
        EXPECT(dossier.count == 1, numbers[i].name);
        EXPECT(str_starts_with(dossier.facts[0].number, str_of(numbers[i].number)),
               numbers[i].name);
        EXPECT(str_equal(dossier.receipts[0].regon, str_trim(str_of(numbers[i].regon))),
               numbers[i].name);
        arena_destroy(arena);
    }
}

static void
a_sender_with_an_impossible_regon_gets_its_receipt(void **state)
{
    struct arena  *arena = arena_create(ROOM);
    struct scene   scene = {0};
    struct dossier dossier = {0};
    struct fault   fault = {0};

    (void)state;
    set_scene(arena, STR("x"), true, &scene);
    scene.queued.subject_regon = STR("990000023");
    assert_int_equal(facts_make(arena, &frame, &scene.item, &dossier, &fault), ERR_OK);
    assert_int_equal(dossier.count, 1);
    assert_true(str_starts_with(dossier.facts[0].number, STR(RECEIPT_NUMBER_NOBODY "-20260725-")));
    assert_true(str_equal(dossier.facts[0].sender_regon, STR("990000023")));
    arena_destroy(arena);
}

#define HOUR (INT64_C(3600) * INSTANT_PER_SECOND)
#define FIRST_BYTE (ARRIVED - 1000)

/* One outage of an hour that ends `ends` after the first byte; what is stated of it. */
static const struct {
    const char *name;
    instant     ends;
    instant     first_arrived;
    bool        stated;
    bool        tried; /* with its first attempt */
} outages[] = {
    {"a day before, to the microsecond", -24 * HOUR,     0,                          false, false},
    {"a microsecond less than a day",    -24 * HOUR + 1, 0,                          true,  false},
    {"ended as the first byte came",     0,              0,                          true,  false},
    {"a microsecond after",              1,              0,                          true,  true },
    {"began with the first byte",        HOUR,           0,                          true,  true },
    {"began between the bytes",          HOUR + 1,       0,                          true,  false},
    {"began with the last byte",         HOUR + 1000,    0,                          true,  false},
    {"began behind the last byte",       HOUR + 1001,    0,                          false, false},
    {"the first attempt fell in it",     -30 * HOUR,     FIRST_BYTE - 30 * HOUR - 1, true,  true },
    {"it was over at the first attempt", -30 * HOUR,     FIRST_BYTE - 30 * HOUR,     true,  false},
    {"long over at the first attempt",   -60 * HOUR,     FIRST_BYTE - 30 * HOUR,     false, false},
    {"between an old attempt and now",   -30 * HOUR,     FIRST_BYTE - 90 * HOUR,     false, false},
};

static void
an_outage_is_stated_where_the_first_attempt_or_the_arrival_fall_in_or_right_after_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(outages); i++) {
        struct arena       *arena = arena_create(ROOM);
        struct scene        scene = {0};
        struct dossier      dossier = {0};
        struct fault        fault = {0};
        const struct outage outage = {.began = FIRST_BYTE + outages[i].ends - HOUR,
                                      .ended = FIRST_BYTE + outages[i].ends,
                                      .description = STR("nie odpowiadała")};
        set_scene(arena, STR("x"), true, &scene);
        scene.queued.first_arrived = outages[i].first_arrived;
        const struct filed_outage filed = {outage.began, outage.ended, outage.description};
        bool                      touches =
            outage_touches(&outage, facts_first_attempt(&scene.queued), scene.queued.arrived);
        EXPECT(touches == outages[i].stated, outages[i].name);
        scene.item.outages = (struct filed_outages){&filed, touches ? 1 : 0};
        EXPECT(facts_make(arena, &frame, &scene.item, &dossier, &fault) == ERR_OK, outages[i].name);
        const struct receipt_facts *facts = &dossier.facts[0];
        EXPECT(facts->outage_count == (outages[i].stated ? 1 : 0), outages[i].name);
        if (facts->outage_count == 1) {
            instant first = outages[i].first_arrived != 0 ? outages[i].first_arrived : FIRST_BYTE;
            EXPECT(facts->outages[0].began == outage.began, outages[i].name);
            EXPECT(facts->outages[0].ended == outage.ended, outages[i].name);
            EXPECT(facts->outages[0].tried == (outages[i].tried ? first : 0), outages[i].name);
            EXPECT(str_equal(facts->outages[0].what, outage.description), outages[i].name);
        }
        arena_destroy(arena);
    }
}

static void
facts_make_survives_every_memory_ceiling(void **state)
{
    struct arena *arena = arena_create(ROOM);
    struct scene  scene = {0};
    enum err      last = ERR_MEMORY;

    (void)state;
    set_scene(arena, read_file(arena, "tests/samples/zle-ten-sam-regon.xml"), false, &scene);
    for (size_t size = 0; last == ERR_MEMORY; size += 64) {
        struct arena  *small = arena_create(size);
        struct dossier dossier = {0};
        struct fault   fault = {0};
        last = facts_make(small, &frame, &scene.item, &dossier, &fault);
        assert_true(last == ERR_OK || last == ERR_MEMORY);
        assert_true(last == ERR_OK || dossier.facts == NULL);
        arena_destroy(small);
    }
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(facts_of_the_samples_are_these),
        cmocka_unit_test(what_is_the_same_on_all_receipts_of_a_decision),
        cmocka_unit_test(the_term_of_a_report_stands_on_every_receipt_that_states_it),
        cmocka_unit_test(a_regon_that_cannot_be_makes_no_number),
        cmocka_unit_test(a_sender_with_an_impossible_regon_gets_its_receipt),
        cmocka_unit_test(
            an_outage_is_stated_where_the_first_attempt_or_the_arrival_fall_in_or_right_after_it),
        cmocka_unit_test(facts_make_survives_every_memory_ceiling),
    };

    return cmocka_run_group_tests(tests, load, unload);
}
