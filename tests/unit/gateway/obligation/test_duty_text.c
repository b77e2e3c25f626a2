#include "gateway/obligation/duty_text.h"
#include "tests/support/expect.h"

#include <string.h>

enum { ARENA_MAX = 1024 * 1024 };

#define AT(text) moment_of(text)
#define TERM " (10 dni po końcu okresu, Dz.U. 2025 poz. 133, wersja 1 kalendarza)"

static instant
moment_of(const char *text)
{
    moment at = 0;

    assert_true(moment_parse(str_of(text), &at));
    return at * INSTANT_PER_SECOND;
}

static struct duty_story
make_story(void)
{
    return (struct duty_story){
        .facts = {.opens_at = AT("2026-07-01T00:00:00+02:00"),
                  .due_before = AT("2026-07-11T00:00:00+02:00")  },
        .due_on = { 2026,                                          7, 10},
        .nominal_on = { 2026,                                          7, 10},
        .rule = STR("d+10"),
        .basis = STR("Dz.U. 2025 poz. 133"),
        .calendar = STR("1"),
    };
}

static void
expect_text(const struct duty_story *story, const char *at, const char *want)
{
    struct arena *arena = arena_create(ARENA_MAX);
    struct str    text = duty_text(arena, story, AT(at));

    if (!str_equal(text, str_of(want))) {
        fail_msg("\"%.*s\"\nnot\n\"%s\"", STR_ARG(text), want);
    }
    arena_destroy(arena);
}

static void
what_was_filed_is_told_with_its_source(void **state)
{
    struct duty_story story = make_story();

    (void)state;
    story.accepted_at = story.facts.filed_at = AT("2026-07-10T23:59:59+02:00");
    expect_text(&story, "2026-07-20T12:00:00+02:00",
                "Wpłynęło 10 lipca 2026 r., 23:59:59, w terminie: termin był do końca dnia "
                "10 lipca 2026 r." TERM ", a liczy się data wpływu pierwszej przyjętej wersji.");
    story.last_verdict = 1;
    story.last_arrived = story.accepted_at;
    expect_text(&story, "2026-07-10T23:59:59+02:00",
                "Wpłynęło 10 lipca 2026 r., 23:59:59, w terminie: termin jest do końca dnia "
                "10 lipca 2026 r." TERM ", a liczy się data wpływu pierwszej przyjętej wersji.");
    story.last_arrived = AT("2026-07-25T09:00:00+02:00");
    expect_text(&story, "2026-08-20T12:00:00+02:00",
                "Wpłynęło 10 lipca 2026 r., 23:59:59, w terminie: termin był do końca dnia "
                "10 lipca 2026 r." TERM ", a liczy się data wpływu pierwszej przyjętej wersji; "
                "późniejsza wersja, która wpłynęła 25 lipca 2026 r., 09:00:00, tego nie zmienia.");
    story.last_arrived = 0;
    story.last_verdict = 0;
    story.accepted_at = story.facts.filed_at = AT("2026-07-11T00:00:00+02:00");
    expect_text(&story, "2026-07-20T12:00:00+02:00",
                "Wpłynęło 11 lipca 2026 r., 00:00:00, po terminie: termin był do końca dnia "
                "10 lipca 2026 r." TERM ", a liczy się data wpływu pierwszej przyjętej wersji.");
    story.nothing_at = story.facts.filed_at = AT("2026-07-09T08:00:00+02:00");
    expect_text(&story, "2026-07-09T12:00:00+02:00",
                "Oświadczenie „nic do wykazania” złożono 9 lipca 2026 r., 08:00:00, w terminie: "
                "termin jest do końca dnia 10 lipca 2026 r." TERM
                ", a kalendarz uznaje takie oświadczenie za sprawozdanie.");
    story.nothing_at = 0;
    story.accepted_at = 0;
    story.elsewhere_on = (struct date){2026, 7, 8};
    expect_text(&story, "2026-07-20T12:00:00+02:00",
                "Przekazano poza bramą, według wpisu, 8 lipca 2026 r., w terminie: termin był do "
                "końca dnia 10 lipca 2026 r." TERM ", a liczy się wpisany dzień przekazania.");
}

static void
a_trait_that_it_follows_from_is_told(void **state)
{
    struct duty_story story = make_story();

    (void)state;
    story.trait = STR("prowadzi rachunek");
    expect_text(&story, "2026-07-05T12:00:00+02:00",
                "Okres się skończył, a termin mija 10 lipca 2026 r." TERM
                ": sprawozdanie jest do złożenia; obowiązek wynika z rejestru: jednostka prowadzi "
                "rachunek.");
    story.trait_below = true;
    expect_text(&story, "2026-07-05T12:00:00+02:00",
                "Okres się skończył, a termin mija 10 lipca 2026 r." TERM
                ": sprawozdanie jest do złożenia; obowiązek wynika z rejestru: JST albo jej "
                "jednostka prowadzi rachunek.");
    story.facts.superseded = true;
    story.superseded_on = (struct date){2026, 7, 4};
    story.superseded_why = STR("trait");
    expect_text(&story, "2026-07-05T12:00:00+02:00",
                "Tego obowiązku jednostka już nie ma, co zapisano 4 lipca 2026 r.: składa je tylko "
                "JST, która "
                "sama albo której jednostka prowadzi rachunek, a rejestr nie podaje tego na "
                "ostatni dzień okresu.");
    story.trait_below = false;
    expect_text(&story, "2026-07-05T12:00:00+02:00",
                "Tego obowiązku jednostka już nie ma, co zapisano 4 lipca 2026 r.: składa je tylko "
                "jednostka, "
                "która prowadzi rachunek, a rejestr nie podaje tego na ostatni dzień okresu.");
    story.trait = STR("");
    expect_text(&story, "2026-07-05T12:00:00+02:00",
                "Tego obowiązku jednostka już nie ma, co zapisano 4 lipca 2026 r.: składają je "
                "tylko jednostki o "
                "pewnej cesze, a według rejestru ostatniego dnia okresu tej cechy tu nie było.");
}

static void
what_is_missing_is_told_with_the_last_attempt(void **state)
{
    struct duty_story story = make_story();

    (void)state;
    expect_text(&story, "2026-06-30T23:59:59+02:00",
                "Okres jeszcze trwa, a termin mija 10 lipca 2026 r." TERM
                ": sprawozdanie składa się po końcu okresu.");
    expect_text(&story, "2026-07-01T00:00:00+02:00",
                "Okres się skończył, a termin mija 10 lipca 2026 r." TERM
                ": sprawozdanie jest do złożenia.");
    story.last_arrived = AT("2026-07-09T10:00:00+02:00");
    story.last_verdict = 3;
    expect_text(&story, "2026-07-11T00:00:00+02:00",
                "Nie ma przyjętego sprawozdania, a termin minął 10 lipca 2026 r." TERM
                ": po terminie; ostatnie wpłynęło 9 lipca 2026 r., 10:00:00 i zwrócono je do "
                "poprawy.");
    story.last_verdict = 2;
    expect_text(&story, "2026-07-09T12:00:00+02:00",
                "Okres się skończył, a termin mija 10 lipca 2026 r." TERM
                ": sprawozdanie jest do złożenia; ostatnie wpłynęło 9 lipca 2026 r., 10:00:00, "
                "ale brakuje podpisu.");
    story.last_verdict = 0;
    story.facts.pending_at = story.last_arrived;
    expect_text(&story, "2026-07-11T00:00:00+02:00",
                "Wpłynęło 9 lipca 2026 r., 10:00:00 i czeka na rozstrzygnięcie bramy, a termin "
                "minął 10 lipca 2026 r." TERM
                ": po przyjęciu będzie w terminie, bo liczy się data wpływu.");
    story.facts.pending_at = AT("2026-07-12T10:00:00+02:00");
    expect_text(&story, "2026-07-13T00:00:00+02:00",
                "Wpłynęło 12 lipca 2026 r., 10:00:00 i czeka na rozstrzygnięcie, a termin minął "
                "10 lipca 2026 r." TERM ": po terminie, bo liczy się data wpływu.");
}

static void
what_is_owed_no_more_is_told_with_its_reason(void **state)
{
    struct duty_story story = make_story();

    (void)state;
    story.facts.waived = true;
    story.exemption_basis = STR("decyzja RIO z 1 czerwca 2026 r.");
    expect_text(&story, "2026-07-20T12:00:00+02:00",
                "Jednostka jest zwolniona z tego obowiązku (decyzja RIO z 1 czerwca 2026 r.), choć "
                "według kalendarza termin minął 10 lipca 2026 r." TERM ".");
    story.facts.superseded = true;
    story.superseded_on = (struct date){2026, 6, 1};
    story.superseded_why = STR("succession");
    story.successor = STR("Szkoła nr 2");
    expect_text(&story, "2026-07-20T12:00:00+02:00",
                "Tego obowiązku jednostka już nie ma, co zapisano 1 czerwca 2026 r.: obowiązek "
                "przeszedł na "
                "następcę jednostki (Szkoła nr 2).");
    story.successor = STR("");
    story.superseded_why = STR("closed");
    expect_text(&story, "2026-07-20T12:00:00+02:00",
                "Tego obowiązku jednostka już nie ma, co zapisano 1 czerwca 2026 r.: jednostki nie "
                "było już "
                "ostatniego dnia okresu.");
}

static void
what_may_be_remarked_stands_behind(void **state)
{
    struct duty_story story = make_story();

    (void)state;
    story.nominal_on = (struct date){2026, 7, 5};
    story.accepted_at = story.facts.filed_at = AT("2026-07-10T09:00:00+02:00");
    story.after_window = true;
    story.correction_until = (struct date){2026, 9, 30};
    story.outage_began = AT("2026-07-10T21:10:00+02:00");
    story.outage_ended = AT("2026-07-10T22:40:00+02:00");
    expect_text(
        &story, "2026-10-20T12:00:00+02:00",
        "Wpłynęło 10 lipca 2026 r., 09:00:00, w terminie: termin był do końca dnia 10 lipca "
        "2026 r. (10 dni po końcu okresu, z dnia wolnego 5 lipca 2026 r. przesunięty, Dz.U. 2025 "
        "poz. 133, wersja 1 kalendarza), a liczy się data wpływu pierwszej przyjętej wersji; "
        "ostatnia korekta "
        "wpłynęła po dniu, do którego kalendarz przewiduje korekty (30 września 2026 r.), "
        "i oceni ją odbiorca; brama była niedostępna od 10 lipca 2026 r., 21:10:00 do 10 "
        "lipca 2026 r., 22:40:00, co nie przesuwa terminu.");
}

/* What calendar.xml says of the day, and which bytes of it, is not what a clerk reads. */
static void
how_the_day_follows_is_told_in_words(void **state)
{
    static const struct {
        const char *rule;
        const char *words;
    } cases[] = {
        {"",      "10 lipca 2026 r. (Dz.U."                 },
        {"d+1",   "(1 dzień po końcu okresu, Dz.U."       },
        {"d+2",   "(2 dni po końcu okresu, Dz.U."          },
        {"d+45",  "(45 dni po końcu okresu, Dz.U."         },
        {"22",    "(22. dzień następnego miesiąca, Dz.U."},
        {"20.02", "(dzień 20.02 następnego roku, Dz.U."   },
        {"m+6",   "(koniec 6. miesiąca po okresie, Dz.U."  },
        {"jutro", "10 lipca 2026 r. (Dz.U."                 },
    };
    struct duty_story story = make_story();

    (void)state;
    story.calendar = STR("1 (27036de6)");
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena *arena = arena_create(ARENA_MAX);
        story.rule = str_of(cases[i].rule);
        struct str text = duty_text(arena, &story, AT("2026-07-05T12:00:00+02:00"));
        EXPECT(memmem(text.data, text.size, cases[i].words, strlen(cases[i].words)) != NULL,
               cases[i].words);
        EXPECT(memmem(text.data, text.size, ", wersja 1 kalendarza): ", 24) != NULL, "calendar");
        arena_destroy(arena);
    }
}

static void
text_survives_every_memory_ceiling(void **state)
{
    struct duty_story story = make_story();

    (void)state;
    for (size_t size_max = 0; size_max < 8192; size_max += 64) {
        struct arena *arena = arena_create(size_max);
        struct str    text = duty_text(arena, &story, AT("2026-07-20T12:00:00+02:00"));
        EXPECT(text.data == NULL || str_ends_with(text, STR("po terminie.")), "ceiling");
        arena_destroy(arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_filed_is_told_with_its_source),
        cmocka_unit_test(a_trait_that_it_follows_from_is_told),
        cmocka_unit_test(what_is_missing_is_told_with_the_last_attempt),
        cmocka_unit_test(what_is_owed_no_more_is_told_with_its_reason),
        cmocka_unit_test(what_may_be_remarked_stands_behind),
        cmocka_unit_test(how_the_day_follows_is_told_in_words),
        cmocka_unit_test(text_survives_every_memory_ceiling),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
