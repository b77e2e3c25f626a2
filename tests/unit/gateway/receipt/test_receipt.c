#include "gateway/receipt/receipt.h"

#include "gateway/receipt/armour.h"
#include "gateway/receipt/escape.h"
#include "gateway/receipt/layout.h"
#include "tests/support/expect.h"
#include "tests/support/receipts.h"

#include <string.h>

enum { MEMORY = 64 << 20 };

static struct str
written(struct arena *arena, const struct receipt_facts *facts)
{
    struct buf   out = buf_create(arena, RECEIPT_SIZE_MAX);
    struct fault fault = {0};

    assert_int_equal(receipt_write(&out, facts, &fault), ERR_OK);
    return buf_str(&out);
}

static struct str
page(struct arena *arena, const struct receipt_facts *facts)
{
    struct buf   out = buf_create(arena, RECEIPT_SIZE_MAX);
    struct fault fault = {0};

    assert_int_equal(receipt_write_html(&out, facts, &fault), ERR_OK);
    return buf_str(&out);
}

static bool
contains(struct str text, const char *part)
{
    return memmem(text.data, text.size, part, strlen(part)) != NULL;
}

static const struct {
    const char *name;
    struct str  text;
    const char *escaped;
} escapes[] = {
    {"plain",              STR_INIT("Rb-27S"),           "Rb-27S"                               },
    {"empty",              STR_INIT(""),                 ""                                     },
    {"the four",           STR_INIT("&<>\r"),            "&amp;&lt;&gt;&#xD;"                   },
    {"quotes stay",        STR_INIT("\"'"),              "\"'"                                  },
    {"tab and line feed",  STR_INIT("\t\n"),             "\t\n"                                 },
    {"Polish",             STR_INIT("Zażółć"),       "Zażółć"                           },
    {"an escape escaped",  STR_INIT("&lt;"),             "&amp;lt;"                             },
    {"NUL",                STR_INIT("a\0b"),
     "a\xEF\xBF\xBD"
     "b"                                                                                        },
    {"controls",           STR_INIT("\x01\x1F\x0B"),     "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD" },
    {"DEL may stay",       STR_INIT("\x7F"),             "\x7F"                                 },
    {"C1 may stay",        STR_INIT("\xC2\x85"),         "\xC2\x85"                             },
    {"U+FFFE",             STR_INIT("\xEF\xBF\xBE"),     "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD" },
    {"U+FFFF",             STR_INIT("\xEF\xBF\xBF"),     "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD" },
    {"U+FFFD itself",      STR_INIT("\xEF\xBF\xBD"),     "\xEF\xBF\xBD"                         },
    {"beyond the BMP",     STR_INIT("\xF0\x9F\x93\x84"), "\xF0\x9F\x93\x84"                     },
    {"a lone lead byte",   STR_INIT("\xC5"),             "\xEF\xBF\xBD"                         },
    {"a lone tail byte",   STR_INIT("\x81x"),            "\xEF\xBF\xBDx"                        },
    {"an overlong slash",  STR_INIT("\xC0\xAF"),         "\xEF\xBF\xBD\xEF\xBF\xBD"             },
    {"a surrogate",        STR_INIT("\xED\xA0\x80"),     "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD" },
    {"cut off at the end", STR_INIT("a\xF0\x9F\x93"),    "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
    {"windows-1250",       STR_INIT("\xBF\xF3\xB3w"),    "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDw"},
};

static void
escape_writes_what_canonical_xml_writes(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(escapes); i++) {
        struct arena *arena = arena_create(MEMORY);
        struct buf    out = buf_create(arena, MEMORY);
        escape_append(&out, escapes[i].text);
        EXPECT(str_equal(buf_str(&out), str_of(escapes[i].escaped)), escapes[i].name);
        arena_destroy(arena);
    }
}

static void
escape_undo_takes_only_the_four(void **state)
{
    static const char *const bad[] = {"&",     "&amp",  "&lt",   "&quot;", "&#13;",
                                      "&#xd;", "&#xA;", "&AMP;", "x&y;",   "&amp;&"};
    char                     room[64];
    struct str               out = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        EXPECT(!escape_undo(str_of(bad[i]), room, &out), bad[i]);
    }
    assert_true(escape_undo(STR("a&amp;&lt;&gt;&#xD;b"), room, &out));
    assert_true(str_equal(out, STR("a&<>\rb")));
}

static void
armour_has_one_spelling_only(void **state)
{
    static const char *const bad[] = {"",         "A",    "AA",   "AAA",  "AAAA=",  "=AAA",
                                      "AA==AAAA", "AB==", "AAB=", " AAA", "AAAA\n", "AA A",
                                      "A===",     "====", "AAA-", "AA_A"};
    struct arena            *arena = arena_create(MEMORY);

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        char       room[64];
        struct str out = {0};
        EXPECT(!armour_undo(str_of(bad[i]), room, &out), bad[i]);
    }
    for (size_t size = 1; size < 2200; size += size < 800 ? 1 : 97) {
        unsigned char bytes[2200];
        struct dice   dice = {size};
        char         *room = ARENA_NEW(arena, char, 2 * size + 8);
        struct buf    text = buf_create(arena, MEMORY);
        struct str    out = {0};
        for (size_t i = 0; i < size; i++) {
            bytes[i] = (unsigned char)dice_below(&dice, 256);
        }
        armour_append(&text, (struct str){(const char *)bytes, size});
        assert_int_equal(text.size, (size + 2) / 3 * 4);
        assert_true(armour_undo(buf_str(&text), room, &out));
        assert_true(str_equal(out, (struct str){(const char *)bytes, size}));
    }
    arena_destroy(arena);
}

static void
verdicts_have_polish_words_and_unknown_ones_none(void **state)
{
    (void)state;
    assert_true(str_equal(receipt_verdict_text(STR("accepted")), STR("przyjęte przez bramę")));
    assert_true(str_equal(receipt_verdict_text(STR("rejected")), STR("zwrócone do poprawy")));
    assert_true(receipt_verdict_text(STR("held")).size > 0);
    assert_true(receipt_verdict_text(STR("undecided")).size > 0);
    assert_int_equal(receipt_verdict_text(STR("Accepted")).size, 0);
    assert_int_equal(receipt_verdict_text((struct str){0}).size, 0);
}

static void
the_same_facts_give_the_same_bytes(void **state)
{
    struct arena        *arena = arena_create(MEMORY);
    struct receipt_facts facts = receipts_typical(arena);
    struct str           text = written(arena, &facts);

    (void)state;
    assert_true(str_equal(text, written(arena, &facts)));
    assert_true(str_starts_with(text, LAYOUT_HEAD) && str_ends_with(text, LAYOUT_END));
    assert_true(contains(text, "<DataWplywu>2026-07-10T09:00:00.412+02:00</DataWplywu>"
                               "<DataWplywuUTC>2026-07-10T07:00:00.412Z</DataWplywuUTC>"));
    assert_true(contains(text, "<Werdykt>rejected</Werdykt>"
                               "<WerdyktSlownie>zwrócone do poprawy</WerdyktSlownie>"));
    assert_true(contains(text, "Gmina Próbna &amp; Spółka"));
    assert_true(contains(text, "pierwszy&#xD;\nwiersz"));
    assert_true(contains(text, "<RozmiarBajtow>26412</RozmiarBajtow>"));
    assert_true(contains(text, "<UwagPominieto>7</UwagPominieto>"));
    assert_true(contains(text, "<Termin>2026-07-10</Termin><Terminowosc>in_time</Terminowosc>"
                               "<TerminowoscSlownie>w terminie</TerminowoscSlownie>"
                               "<WersjaKalendarza>1</WersjaKalendarza><PodstawaTerminu>"));
    arena_destroy(arena);
}

static void
spoil_outage_begin(struct receipt_facts *facts)
{
    ((struct receipt_outage *)facts->outages)[0].began = 0;
}

static void
spoil_outage_try(struct receipt_facts *facts)
{
    ((struct receipt_outage *)facts->outages)[1].tried = INT64_MAX;
}

static void
outages_are_stated_with_the_first_attempt_where_one_is_known(void **state)
{
    struct arena        *arena = arena_create(MEMORY);
    struct receipt_facts facts = receipts_typical(arena);
    struct str           text = written(arena, &facts);
    struct str           html = page(arena, &facts);

    (void)state;
    assert_true(contains(text,
                         "</Dziennik><Niedostepnosci><Niedostepnosc>"
                         "<Poczatek>2026-07-09T19:10:00.412+02:00</Poczatek>"
                         "<PoczatekUTC>2026-07-09T17:10:00.412Z</PoczatekUTC>"
                         "<Koniec>2026-07-09T19:20:00.412+02:00</Koniec>"
                         "<KoniecUTC>2026-07-09T17:20:00.412Z</KoniecUTC>"
                         "<Opis>strona nie odpowiadała</Opis></Niedostepnosc><Niedostepnosc>"));
    assert_true(contains(text, "<PierwszaProba>2026-07-09T21:22:00.412+02:00</PierwszaProba>"
                               "<PierwszaProbaUTC>2026-07-09T19:22:00.412Z</PierwszaProbaUTC>"
                               "<Opis>nie dało się składać plików &lt;przerwa"));
    assert_true(contains(html, "od 9 lipca 2026 r., 21:10:00 do 9 lipca 2026 r., 22:40:00<br>"
                               "pierwsza próba: <strong>9 lipca 2026 r., 21:22:00</strong>"));
    assert_true(contains(html, "Ten fakt nie przesuwa terminu."));
    facts.outage_count = 0;
    assert_false(contains(written(arena, &facts), "Niedostepnosc"));
    assert_false(contains(page(arena, &facts), "iedostępność"));
    arena_destroy(arena);
}

static void
empty_parts_are_left_out(void **state)
{
    struct arena        *arena = arena_create(MEMORY);
    struct receipt_facts facts = receipts_typical(arena);

    (void)state;
    facts.kind = RECEIPT_DELIVERY;
    facts.unit_name = facts.unit_regon = facts.unit_codes = facts.note = (struct str){0};
    facts.report_count = 0;
    facts.outage_count = 0;
    memset(facts.calendar_sha256, 0, sizeof facts.calendar_sha256);
    facts.verdict = STR("undecided");
    struct str text = written(arena, &facts);
    assert_false(contains(text, "Jednostka"));
    assert_false(contains(text, "Sprawozdani"));
    assert_false(contains(text, "PierwszeZlozenie"));
    assert_false(contains(text, "Uwag"));
    assert_false(contains(text, "Zastrzezenie"));
    assert_false(contains(text, "Kalendarza"));
    facts.first_submission.bytes[0] = 1;
    facts.first_arrived = RECEIPTS_MORNING;
    assert_true(contains(written(arena, &facts), "<PierwszeZlozenie><Identyfikator>01000000-"));
    arena_destroy(arena);
}

static void
spoil_kind(struct receipt_facts *facts)
{
    facts->kind = 0;
}

static void
spoil_kind_above(struct receipt_facts *facts)
{
    facts->kind = (enum receipt_kind)(RECEIPT_DELIVERY + 1);
}

static void
spoil_verdict(struct receipt_facts *facts)
{
    facts->verdict = STR("przyjęte");
}

static void
spoil_no_verdict(struct receipt_facts *facts)
{
    facts->verdict = (struct str){0};
}

static void
spoil_arrival(struct receipt_facts *facts)
{
    facts->arrived = 0;
}

static void
spoil_future(struct receipt_facts *facts)
{
    facts->decided = INT64_MAX;
}

static void
spoil_past(struct receipt_facts *facts)
{
    facts->decided = INT64_MIN;
}

static void
spoil_n(struct receipt_facts *facts)
{
    facts->n = -1;
}

static void
spoil_size(struct receipt_facts *facts)
{
    facts->document_size = UINT64_MAX;
}

static void
spoil_first(struct receipt_facts *facts)
{
    facts->first_submission.bytes[3] = 1;
}

static void
spoil_report(struct receipt_facts *facts)
{
    ((struct receipt_report *)facts->reports)[1].verdict = STR("x");
}

static void
spoil_timeliness(struct receipt_facts *facts)
{
    ((struct receipt_report *)facts->reports)[1].timeliness = STR("w terminie");
}

static void
spoil_due_year(struct receipt_facts *facts)
{
    ((struct receipt_report *)facts->reports)[1].due.year = 1995;
}

static void
spoil_due_month(struct receipt_facts *facts)
{
    ((struct receipt_report *)facts->reports)[1].due.year = 0;
}

static void
spoil_due_day(struct receipt_facts *facts)
{
    ((struct receipt_report *)facts->reports)[1].due = (struct date){2026, 2, 30};
}

static const struct {
    const char *name;
    void (*spoil)(struct receipt_facts *facts);
} spoilings[] = {
    {"no kind",                        spoil_kind        },
    {"an unknown kind",                spoil_kind_above  },
    {"a verdict in words",             spoil_verdict     },
    {"no verdict",                     spoil_no_verdict  },
    {"no arrival",                     spoil_arrival     },
    {"a time after all calendars",     spoil_future      },
    {"a time before all calendars",    spoil_past        },
    {"a decision below zero",          spoil_n           },
    {"a size above all files",         spoil_size        },
    {"a first submission without day", spoil_first       },
    {"a report's unknown timeliness",  spoil_timeliness  },
    {"a day before all calendars",     spoil_due_year    },
    {"a month without a year",         spoil_due_month   },
    {"30 February",                    spoil_due_day     },
    {"an outage without a beginning",  spoil_outage_begin},
    {"an attempt after all calendars", spoil_outage_try  },
    {"a report's unknown verdict",     spoil_report      },
};

static void
facts_that_no_receipt_can_state_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(spoilings); i++) {
        struct arena        *arena = arena_create(MEMORY);
        struct receipt_facts facts = receipts_typical(arena);
        struct buf           out = buf_create(arena, RECEIPT_SIZE_MAX);
        struct fault         fault = {0};
        spoilings[i].spoil(&facts);
        EXPECT(receipt_write(&out, &facts, &fault) == ERR_USAGE, spoilings[i].name);
        EXPECT(fault.text[0] != '\0', spoilings[i].name);
        arena_destroy(arena);
    }
}

static void
a_receipt_larger_than_its_room_is_refused(void **state)
{
    struct arena        *arena = arena_create(MEMORY);
    struct receipt_facts facts = receipts_typical(arena);
    size_t               size = written(arena, &facts).size;

    (void)state;
    for (size_t room = size - 1; room <= size + 1; room++) {
        struct buf   out = buf_create(arena, room);
        struct fault fault = {0};
        assert_int_equal(receipt_write(&out, &facts, &fault), room < size ? ERR_LIMIT : ERR_OK);
    }
    arena_destroy(arena);
}

static void
facts_survive_the_parcel(void **state)
{
    struct dice dice = {1};

    (void)state;
    for (size_t i = 0; i < 300; i++) {
        struct arena        *arena = arena_create(MEMORY);
        struct receipt_facts facts = receipts_random(arena, &dice);
        struct receipt_facts again = {0};
        struct buf           parcel = buf_create(arena, MEMORY);
        struct fault         fault = {0};
        size_t               used = 0;
        receipt_facts_encode(&parcel, &facts);
        size_t size = parcel.size;
        buf_byte(&parcel, 'x'); /* what follows is not its own */
        assert_int_equal(receipt_facts_decode(arena, buf_str(&parcel), &used, &again, &fault),
                         ERR_OK);
        assert_int_equal(used, size);
        assert_true(str_equal(written(arena, &facts), written(arena, &again)));
        arena_destroy(arena);
    }
}

static void
a_parcel_cut_off_anywhere_is_refused(void **state)
{
    struct arena        *arena = arena_create(MEMORY);
    struct receipt_facts facts = receipts_typical(arena);
    struct buf           parcel = buf_create(arena, MEMORY);

    (void)state;
    receipt_facts_encode(&parcel, &facts);
    for (size_t size = 0; size < parcel.size; size++) {
        struct arena        *small = arena_create(MEMORY);
        struct receipt_facts again = {.n = 77};
        struct fault         fault = {0};
        size_t               used = 0;
        assert_int_equal(
            receipt_facts_decode(small, (struct str){parcel.data, size}, &used, &again, &fault),
            ERR_WIRE);
        assert_true(again.n == 77 && used == 0);
        arena_destroy(small);
    }
    arena_destroy(arena);
}

static void
a_parcel_survives_every_memory_ceiling(void **state)
{
    struct arena        *arena = arena_create(MEMORY);
    struct receipt_facts facts = receipts_typical(arena);
    struct buf           parcel = buf_create(arena, MEMORY);
    enum err             last = ERR_MEMORY;

    (void)state;
    receipt_facts_encode(&parcel, &facts);
    for (size_t ceiling = 0; last == ERR_MEMORY; ceiling += 16) {
        struct arena        *small = arena_create(ceiling);
        struct receipt_facts again = {0};
        struct fault         fault = {0};
        size_t               used = 0;
        last = receipt_facts_decode(small, buf_str(&parcel), &used, &again, &fault);
        assert_true(last == ERR_OK || (last == ERR_MEMORY && used == 0));
        arena_destroy(small);
    }
    assert_int_equal(last, ERR_OK);
    arena_destroy(arena);
}

static void
bytes_that_are_not_utf8_do_not_stop_the_parcel(void **state)
{
    struct arena        *arena = arena_create(MEMORY);
    struct receipt_facts facts = receipts_typical(arena);
    struct receipt_facts again = {0};
    struct buf           parcel = buf_create(arena, MEMORY);
    struct fault         fault = {0};
    size_t               used = 0;

    (void)state;
    facts.sender_name = STR("Gmina \xB3\xBF");
    receipt_facts_encode(&parcel, &facts);
    assert_int_equal(receipt_facts_decode(arena, buf_str(&parcel), &used, &again, &fault), ERR_OK);
    assert_true(str_equal(again.sender_name, STR("Gmina \xEF\xBF\xBD\xEF\xBF\xBD")));
    assert_true(str_equal(written(arena, &facts), written(arena, &again)));
    arena_destroy(arena);
}

static void
the_page_says_what_a_person_needs(void **state)
{
    static const char *const parts[] = {
        "<!DOCTYPE html>",
        "<html lang=\"pl\">",
        "<title>UPO 990001018-20260710-00000000002A-6E</title>",
        "<h1>Urzędowe poświadczenie odbioru (UPO)</h1>",
        "10 lipca 2026 r., 09:00:00",
        "liczy się data wpływu",
        "10 lipca 2026 r. — <strong>w terminie</strong>, bo liczy się data wpływu",
        "wg kalendarza v1, podstawa: rozporządzenie (Dz.U. 2025 poz. 133)",
        "Skrót kalendarza",
        "2026-07-10T07:00:00.412Z",
        "zwrócone do poprawy",
        "przyjęte przez bramę",
        "RB27S-001",
        "wiersz 41, znak 18",
        "Uwag, których tu nie wypisano: 7.",
        "Czego UPO nie mówi",
        "<th scope=\"row\">",
        "<caption>",
        "@media print",
        "Środowisko TEST: próba",
        "Nie zastępuje przekazania w BeSTi@",
        "</html>\n",
    };
    struct arena        *arena = arena_create(MEMORY);
    struct receipt_facts facts = receipts_typical(arena);
    struct str           text = page(arena, &facts);

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(parts); i++) {
        EXPECT(contains(text, parts[i]), parts[i]);
    }
    facts.environment = STR("PROD");
    assert_false(contains(page(arena, &facts), "próba, a nie złożenie"));
    arena_destroy(arena);
}

/* No fact can become markup, and the page asks for nothing from anywhere. */
static void
the_page_is_inert_whatever_the_facts(void **state)
{
    static const char *const parts[] = {"<script", "<img",  "<link", "<iframe", "src=",
                                        "href=",   "http:", "url(",  "@import", "onload"};
    struct arena            *arena = arena_create(MEMORY);
    struct receipt_facts     facts = receipts_typical(arena);
    const struct str         evil = STR("</title></style><script>x</script><img >");
    struct receipt_report   *report = (struct receipt_report *)facts.reports;
    struct receipt_finding   finding = {evil, STR("error"), evil, evil, 1, 1};

    (void)state;
    facts.number = facts.receiver = facts.sender_name = facts.unit_name = facts.unit_codes = evil;
    facts.sender_regon = facts.unit_regon = facts.reason = facts.note = facts.engine = evil;
    facts.environment = evil;
    report[0] = (struct receipt_report){
        .form = evil,
        .form_name = evil,
        .form_version = evil,
        .unit_name = evil,
        .unit_regon = evil,
        .period = evil,
        .level = evil,
        .version = evil,
        .verdict = STR("held"),
        .reason = evil,
        .due = {2026, 7, 10},
        .timeliness = evil,
        .calendar = evil,
        .due_basis = evil,
        .signers = evil,
        .findings = &finding,
        .finding_count = 1
    };
    facts.findings = &finding;
    facts.finding_count = 1;
    struct str text = page(arena, &facts);
    for (size_t i = 0; i < ARRAY_COUNT(parts); i++) {
        EXPECT(!contains(text, parts[i]), parts[i]);
    }
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(escape_writes_what_canonical_xml_writes),
        cmocka_unit_test(escape_undo_takes_only_the_four),
        cmocka_unit_test(armour_has_one_spelling_only),
        cmocka_unit_test(verdicts_have_polish_words_and_unknown_ones_none),
        cmocka_unit_test(the_same_facts_give_the_same_bytes),
        cmocka_unit_test(outages_are_stated_with_the_first_attempt_where_one_is_known),
        cmocka_unit_test(empty_parts_are_left_out),
        cmocka_unit_test(facts_that_no_receipt_can_state_are_refused),
        cmocka_unit_test(a_receipt_larger_than_its_room_is_refused),
        cmocka_unit_test(facts_survive_the_parcel),
        cmocka_unit_test(a_parcel_cut_off_anywhere_is_refused),
        cmocka_unit_test(a_parcel_survives_every_memory_ceiling),
        cmocka_unit_test(bytes_that_are_not_utf8_do_not_stop_the_parcel),
        cmocka_unit_test(the_page_says_what_a_person_needs),
        cmocka_unit_test(the_page_is_inert_whatever_the_facts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
