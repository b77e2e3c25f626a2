#include "gateway/letter/letter.h"
#include "gateway/letter/letter_agenda.h"
#include "gateway/letter/letter_digest.h"
#include "gateway/letter/letter_text.h"
#include "tests/support/expect.h"

#include <string.h>

/* What the letters say, word for word. */
enum { ROOM = 4 << 20, LINES = LETTER_LINES_MAX };

#define URL STR("https://brama.example")
#define UNTIL (INT64_C(1784271600) * INSTANT_PER_SECOND) /* 2026-07-17T09:00:00+02:00 */

static struct arena *arena;

static int
start(void **state)
{
    (void)state;
    arena = arena_create(ROOM);
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

static void
check(const struct letter_text *got, const char *subject, const char *text)
{
    const char *want[2] = {subject, text};
    struct str  have[2] = {got->subject, got->text};

    for (size_t i = 0; i < 2; i++) {
        if (!str_equal(have[i], str_of(want[i]))) {
            print_message("%.*s\n", STR_ARG(have[i]));
        }
        assert_true(str_equal(have[i], str_of(want[i])));
    }
}

static const struct letter_link link_facts = {
    .public_url = STR_INIT("https://brama.example"),
    .secret = STR_INIT("tajne"),
    .name = STR_INIT("Anna Żak"),
    .title = STR_INIT("kierownik jednostki"),
    .place = STR_INIT("Szkoła Podstawowa nr 1"),
    .giver = STR_INIT("Jan Kos"),
    .until = UNTIL,
};

static void
invitation_says_who_where_and_until_when(void **state)
{
    (void)state;
    const struct letter_text text = letter_text_invitation(arena, &link_facts);
    check(&text, "Zaproszenie do Bramy: Szkoła Podstawowa nr 1",
          "Anna Żak,\n"
          "\n"
          "Jan Kos zaprasza Cię do Bramy, przez którą samorządy składają sprawozdania.\n"
          "\n"
          "Rola:     kierownik jednostki\n"
          "Miejsce:  Szkoła Podstawowa nr 1\n"
          "\n"
          "Otwórz odnośnik i przyjmij zaproszenie:\n"
          "\n"
          "https://brama.example/zaproszenie#tajne\n"
          "\n"
          "Odnośnik działa raz, do 17 lipca 2026 r., 09:00:00.\n"
          "Nie przekazuj go nikomu: kto go ma, może wejść zamiast Ciebie.\n"
          "Jeśli zaproszenie nie jest dla Ciebie, nic nie rób: wygaśnie samo.\n"
          "\n"
          "-- \n"
          "Brama, https://brama.example\n"
          "Ten list wysłał program; odpowiedzi nikt nie przeczyta.\n"
          "Takich listów nie da się wyłączyć: zależy od nich dostęp do konta.\n");
}

static void
restoration_says_what_it_ends(void **state)
{
    struct letter_link link = link_facts;

    (void)state;
    link.giver = (struct str){0};
    const struct letter_text text = letter_text_restoration(arena, &link);
    check(&text, "Powrót do konta w Bramie",
          "Anna Żak,\n"
          "\n"
          "Operator bramy daje Ci odnośnik, którym wrócisz do swojego konta w Bramie.\n"
          "\n"
          "Otwórz go, ustaw nowe hasło i połącz aplikację z kodami na nowo:\n"
          "\n"
          "https://brama.example/powrot#tajne\n"
          "\n"
          "Odnośnik działa raz, do 17 lipca 2026 r., 09:00:00.\n"
          "Nie przekazuj go nikomu: kto go ma, może wejść zamiast Ciebie.\n"
          "Po użyciu przestaną działać dotychczasowe hasło, kody, certyfikaty i sesje.\n"
          "Jeśli nie było Ci to potrzebne, nie otwieraj odnośnika i powiedz o tym osobie, która go "
          "dała.\n"
          "\n"
          "-- \n"
          "Brama, https://brama.example\n"
          "Ten list wysłał program; odpowiedzi nikt nie przeczyta.\n"
          "Takich listów nie da się wyłączyć: zależy od nich dostęp do konta.\n");
}

static void
switched_off_receiver_is_named_with_its_reason(void **state)
{
    const struct letter_endpoint facts = {
        .public_url = URL,
        .name = STR("Anna Żak"),
        .unit = STR("Gmina Przykładowo"),
        .label = STR("księgowość"),
        .reason = STR("nie odebrał wiadomości mimo wszystkich prób"),
        .endpoint = 7,
    };

    (void)state;
    const struct letter_text text = letter_text_endpoint(arena, &facts);
    check(&text, "Wyłączony adres webhooków nr 7: Gmina Przykładowo",
          "Anna Żak,\n"
          "\n"
          "Brama przestała wysyłać wiadomości na adres webhooków nr 7 („księgowość”).\n"
          "\n"
          "Jednostka:  Gmina Przykładowo\n"
          "Powód:      nie odebrał wiadomości mimo wszystkich prób.\n"
          "\n"
          "Wiadomości czekają i nic nie ginie. Sprawdź program, który je odbiera,\n"
          "a potem włącz adres w Bramie: wtedy dojdą wszystkie.\n"
          "Włącza go żądanie POST /api/v1/webhooks/7/activation.\n"
          "\n"
          "-- \n"
          "Brama, https://brama.example\n"
          "Ten list wysłał program; odpowiedzi nikt nie przeczyta.\n"
          "Nie chcesz takich listów: wyłącz „webhooki” w ustawieniach konta w Bramie\n"
          "albo powiedz o tym operatorowi bramy.\n");
}

#define TAIL(kind)                                                                  \
    "\n-- \n"                                                                       \
    "Brama, https://brama.example\n"                                                \
    "Ten list wysłał program; odpowiedzi nikt nie przeczyta.\n"                   \
    "Nie chcesz takich listów: wyłącz „" kind "” w ustawieniach konta w Bramie\n" \
    "albo powiedz o tym operatorowi bramy.\n"

static void
digest_says_what_is_late_and_what_is_soon(void **state)
{
    /* clang-format off */
    static const struct letter_line lines[] = {
        {STR_INIT("Szkoła nr 1"), STR_INIT("Rb-27S"), STR_INIT("2026-Q2"), LETTER_MISSING,  {2026, 7, 10}, {0}, true, {0}},
        {STR_INIT("Szkoła nr 2"), STR_INIT("Rb-28S"), STR_INIT("2026-Q2"), LETTER_RETURNED, {2026, 7, 10}, {0}, true, {0}},
        {STR_INIT("Gmina"),       STR_INIT("Rb-27S"), STR_INIT("2026-Q2"), LETTER_HELD,     {2026, 7, 22}, {2026, 7, 20}, false, {0}},
        {STR_INIT("Gmina"),       STR_INIT("Rb-28S"), STR_INIT("2026-Q2"), LETTER_PENDING,  {2026, 7, 22}, {0}, false, {0}},
    };
    /* clang-format on */
    struct letter_digest digest = {
        .public_url = URL,
        .name = STR("Anna Żak"),
        .day = {2026, 7, 15},
        .lines = lines,
        .count = ARRAY_COUNT(lines),
        .late = 2,
        .soon = 2,
        .day_max = 5,
    };

    (void)state;
    struct letter_text text = letter_digest_duties(arena, &digest);
    check(&text, "Sprawozdania: 2 po terminie, 2 z terminem w ciągu 7 dni",
          "Anna Żak,\n"
          "\n"
          "stan na 15 lipca 2026 r.:\n"
          "\n"
          "Po terminie (2)\n"
          "  Rb-27S, 2026-Q2, Szkoła nr 1\n"
          "    termin 10 lipca 2026 r.; nie złożono\n"
          "  Rb-28S, 2026-Q2, Szkoła nr 2\n"
          "    termin 10 lipca 2026 r.; zwrócone do poprawy\n"
          "\n"
          "Termin w ciągu 7 dni (2)\n"
          "  Rb-27S, 2026-Q2, Gmina\n"
          "    termin 22 lipca 2026 r. (wewnętrzny 20 lipca 2026 r.); brakuje podpisu\n"
          "  Rb-28S, 2026-Q2, Gmina\n"
          "    termin 22 lipca 2026 r.; czeka na rozstrzygnięcie\n"
          "\n"
          "Liczy się data wpływu. Co już złożono, zobaczysz w Bramie.\n" TAIL("przypomnienia"));

    /* More than are shown, and letters that were left out. */
    digest.count = 1;
    digest.late = 6;
    digest.soon = 0;
    digest.omitted = 2;
    text = letter_digest_duties(arena, &digest);
    check(&text, "Sprawozdania: 6 po terminie",
          "Anna Żak,\n"
          "\n"
          "stan na 15 lipca 2026 r.:\n"
          "\n"
          "Po terminie (6)\n"
          "  Rb-27S, 2026-Q2, Szkoła nr 1\n"
          "    termin 10 lipca 2026 r.; nie złożono\n"
          "  i jeszcze 5 sprawozdań\n"
          "\n"
          "Pominęliśmy 2 listy, bo dziennie wysyłamy do jednej osoby najwyżej 5.\n"
          "Wszystko, o czym były, jest w Bramie.\n"
          "\n"
          "Liczy się data wpływu. Co już złożono, zobaczysz w Bramie.\n" TAIL("przypomnienia"));

    /* Nothing but what was left out. */
    digest.count = 0;
    digest.late = 0;
    digest.omitted = 1;
    text = letter_digest_duties(arena, &digest);
    assert_true(str_equal(text.subject, STR("Sprawozdania: pominięte listy")));
    assert_non_null(memmem(text.text.data, text.text.size, "Pominęliśmy 1 list,", 21));

    /* Nothing but an invitation that did not arrive. */
    static const struct letter_refused refused[] = {
        {STR_INIT("Zofia\r\nŻółć"), STR_INIT("zofia@szkola.example"), STR_INIT("Szkoła nr 1")}
    };
    digest.omitted = 0;
    digest.refused = refused;
    digest.refused_count = 1;
    text = letter_digest_duties(arena, &digest);
    check(&text, "Sprawozdania: zaproszenia, które nie doszły",
          "Anna Żak,\n"
          "\n"
          "stan na 15 lipca 2026 r.:\n"
          "\n"
          "Zaproszenia, których nie przyjęła poczta odbiorcy (1)\n"
          "  Zofia  Żółć, zofia@szkola.example, Szkoła nr 1\n"
          "  Sprawdź adres, cofnij zaproszenie i wyślij nowe.\n"
          "\n"
          "Liczy się data wpływu. Co już złożono, zobaczysz w Bramie.\n" TAIL("przypomnienia"));
}

static void
results_say_what_became_of_each_and_what_to_do(void **state)
{
    static const struct letter_line lines[] = {
        {.unit = STR_INIT("Szkoła nr 1"),
         .form = STR_INIT("Rb-27S"),
         .period = STR_INIT("2026-Q2"),
         .standing = LETTER_RETURNED                                                               },
        {.form = STR_INIT("Rb-28S"),       .period = STR_INIT("2026-Q2"), .standing = LETTER_HELD},
        {.unit = STR_INIT("Szkoła nr 2"),
         .form = STR_INIT("Rb-28S"),
         .period = STR_INIT("2026-Q2"),
         .standing = LETTER_QUERY},
    };
    const struct letter_results results = {
        .public_url = URL,
        .name = STR("Anna Żak"),
        .lines = lines,
        .count = ARRAY_COUNT(lines),
        .all = 4,
    };

    (void)state;
    const struct letter_text text = letter_digest_results(arena, &results);
    check(&text, "Sprawozdania, które czekają na Ciebie: 4",
          "Anna Żak,\n"
          "\n"
          "brama rozstrzygnęła o sprawozdaniach, z którymi trzeba jeszcze coś zrobić:\n"
          "\n"
          "  Rb-27S, 2026-Q2, Szkoła nr 1\n"
          "    zwrócone do poprawy\n"
          "  Rb-28S, 2026-Q2\n"
          "    brakuje podpisu\n"
          "  Rb-28S, 2026-Q2, Szkoła nr 2\n"
          "    przyjęte, jest pytanie do wyjaśnienia\n"
          "  i jeszcze 1 sprawozdanie\n"
          "\n"
          "Co poprawić, podpisać albo wyjaśnić, pokaże Brama. Zwrócone sprawozdanie nie jest "
          "złożone.\n" TAIL("wyniki"));
}

/* With results before them, and alone; a state that is not theirs to know is not said. */
static void
results_say_how_sets_stand_that_have_turned(void **state)
{
    static const struct letter_line lines[] = {
        {.unit = STR_INIT("Szkoła nr 1"),
         .form = STR_INIT("Rb-27S"),
         .period = STR_INIT("2026-Q2"),
         .standing = LETTER_HELD},
    };
    static const struct letter_line turned[] = {
        {.unit = STR_INIT("Gmina"),
         .form = STR_INIT("Rb-NDS"),
         .period = STR_INIT("2026-Q2"),
         .standing = LETTER_CHARGED,
         .set = STR_INIT("inconsistent")},
        {.unit = STR_INIT("Gmina"),
         .form = STR_INIT("Rb-28S"),
         .period = STR_INIT("2026-Q1"),
         .standing = LETTER_CLEARED,
         .set = STR_INIT("consistent")  },
        {.unit = STR_INIT("Szkoła nr 1"),
         .form = STR_INIT("Rb-28S"),
         .period = STR_INIT("2026-Q2"),
         .standing = LETTER_CLEARED,
         .set = STR_INIT("incomplete")  },
        {.unit = STR_INIT("Szkoła nr 1"),
         .form = STR_INIT("Rb-28S"),
         .period = STR_INIT("2026-Q2"),
         .standing = LETTER_CHARGED,
         .set = STR_INIT("")            },
    };
    struct letter_results results = {.public_url = URL,
                                     .name = STR("Anna Żak"),
                                     .lines = lines,
                                     .count = 1,
                                     .all = 1,
                                     .turned = turned,
                                     .turned_count = 1,
                                     .turned_all = 3};

    (void)state;
    struct letter_text text = letter_digest_results(arena, &results);
    check(&text, "Sprawozdania, które czekają na Ciebie: 1",
          "Anna Żak,\n"
          "\n"
          "brama rozstrzygnęła o sprawozdaniach, z którymi trzeba jeszcze coś zrobić:\n"
          "\n"
          "  Rb-27S, 2026-Q2, Szkoła nr 1\n"
          "    brakuje podpisu\n"
          "\n"
          "Co poprawić, podpisać albo wyjaśnić, pokaże Brama. Zwrócone sprawozdanie nie jest "
          "złożone.\n"
          "\n"
          "Zmieniły się też zestawy, w których są sprawozdania:\n"
          "\n"
          "  Rb-NDS, 2026-Q2, Gmina\n"
          "    przyjęte, jest uwaga z porównania z innymi sprawozdaniami; zestaw niezgodny\n"
          "  i jeszcze 2 sprawozdania\n"
          "\n"
          "Uwaga do zestawu nie zmienia tego, że sprawozdanie jest przyjęte. Co z czym porównano, "
          "pokaże Brama.\n" TAIL("wyniki"));

    results.all = 0;
    results.count = 0;
    results.turned_count = ARRAY_COUNT(turned);
    results.turned_all = ARRAY_COUNT(turned);
    text = letter_digest_results(arena, &results);
    check(&text, "Sprawozdania w zestawach, które się zmieniły: 4",
          "Anna Żak,\n"
          "\n"
          "zmieniły się zestawy, w których są sprawozdania:\n"
          "\n"
          "  Rb-NDS, 2026-Q2, Gmina\n"
          "    przyjęte, jest uwaga z porównania z innymi sprawozdaniami; zestaw niezgodny\n"
          "  Rb-28S, 2026-Q1, Gmina\n"
          "    uwag z porównania z innymi sprawozdaniami już nie ma; zestaw zgodny\n"
          "  Rb-28S, 2026-Q2, Szkoła nr 1\n"
          "    uwag z porównania z innymi sprawozdaniami już nie ma; zestaw niepełny\n"
          "  Rb-28S, 2026-Q2, Szkoła nr 1\n"
          "    przyjęte, jest uwaga z porównania z innymi sprawozdaniami\n"
          "\n"
          "Uwaga do zestawu nie zmienia tego, że sprawozdanie jest przyjęte. Co z czym porównano, "
          "pokaże Brama.\n" TAIL("wyniki"));
}

/* Behind whatever else there is, and alone. */
static void
results_say_what_was_answered_to_an_objection(void **state)
{
    static const struct letter_answer answers[] = {
        {STR_INIT("RB27S-001"), STR_INIT("Rb-27S"), STR_INIT("2026-Q2"), STR_INIT("Gmina"),
         STR_INIT("accepted"), STR_INIT("rule-off")   },
        {STR_INIT("RB27S-001"), STR_INIT("Rb-27S"), STR_INIT("2026-Q2"), STR_INIT(""),
         STR_INIT("accepted"), STR_INIT("rule-change")},
        {STR_INIT("RB27S-001"), STR_INIT("Rb-27S"), STR_INIT("2026-Q2"), STR_INIT("Gmina"),
         STR_INIT("accepted"), STR_INIT("release")    },
        {STR_INIT("RB28S-004"), STR_INIT("Rb-28S"), STR_INIT("2026-Q2"), STR_INIT("Gmina"),
         STR_INIT("declined"), STR_INIT("")           },
    };
    struct letter_results results = {.public_url = URL,
                                     .name = STR("Anna Żak"),
                                     .answers = answers,
                                     .answer_count = ARRAY_COUNT(answers),
                                     .answer_all = 9};

    (void)state;
    struct letter_text text = letter_digest_results(arena, &results);
    check(&text, "Odpowiedzi na zastrzeżenia: 9",
          "Anna Żak,\n"
          "\n"
          "są odpowiedzi właścicieli reguł na zastrzeżenia:\n"
          "\n"
          "  Rb-27S, 2026-Q2, Gmina\n"
          "    RB27S-001: zastrzeżenie uznane: reguła jest wyłączona\n"
          "  Rb-27S, 2026-Q2\n"
          "    RB27S-001: zastrzeżenie uznane: reguła zostanie zmieniona\n"
          "  Rb-27S, 2026-Q2, Gmina\n"
          "    RB27S-001: zastrzeżenie uznane: regułę zmieniło wydanie definicji\n"
          "  Rb-28S, 2026-Q2, Gmina\n"
          "    RB28S-004: zastrzeżenie nieuznane; sprawozdanie pozostaje przyjęte\n"
          "  i jeszcze 5 odpowiedzi\n"
          "\n"
          "Uzasadnienie pokaże Brama przy złożeniu.\n" TAIL("wyniki"));
    results.turned_all = 1;
    text = letter_digest_results(arena, &results);
    assert_true(str_equal(text.subject, STR("Sprawozdania w zestawach, które się zmieniły: 1")));
    assert_non_null(memmem(text.text.data, text.text.size, "\nSą też odpowiedzi", 20));
}

static void
agenda_says_what_is_put_to_its_reader(void **state)
{
    static const struct letter_matter matters[] = {
        {.code = STR_INIT("RB27S-001"), .times = 15},
        { .code = STR_INIT("RB28S-004"),
         .form = STR_INIT("Rb-28S"),
         .period = STR_INIT("2026-Q2"),
         .unit = STR_INIT("Gmina"),
         .times = 1},
        {      .form = STR_INIT("Rb-27S"),
         .period = STR_INIT("2026-Q1"),
         .unit = STR_INIT("Szkoła nr 1"),
         .until = {2026, 5, 10},
         .arrived = {2026, 6, 1},
         .times = 1},
    };
    struct letter_agenda agenda = {.public_url = URL,
                                   .name = STR("Anna Żak"),
                                   .matters = matters,
                                   .count = ARRAY_COUNT(matters),
                                   .objections = 21,
                                   .corrections = 2};

    (void)state;
    struct letter_text text = letter_agenda(arena, &agenda);
    check(&text, "Do rozpatrzenia: 21 zastrzeżeń, 2 korekty po upływie okna",
          "Anna Żak,\n"
          "\n"
          "od poprzedniego takiego listu wpłynęło:\n"
          "\n"
          "Zastrzeżenia do reguł (21)\n"
          "  RB27S-001 (15)\n"
          "  RB28S-004: Rb-28S, 2026-Q2, Gmina\n"
          "  i jeszcze 5 zastrzeżeń\n"
          "\n"
          "Korekty po upływie okna (2)\n"
          "  Rb-27S, 2026-Q1, Szkoła nr 1\n"
          "    okno do 10 maja 2026 r., wpłynęła 1 czerwca 2026 r.\n"
          "  i jeszcze 1 korekta\n"
          "\n"
          "Te sprawozdania są przyjęte. Powody zastrzeżeń i to, co zmieniają korekty, pokaże "
          "Brama.\n" TAIL("zastrzeżenia i korekty"));

    agenda.count = 1;
    agenda.objections = 15;
    agenda.corrections = 0;
    text = letter_agenda(arena, &agenda);
    assert_true(str_equal(text.subject, STR("Do rozpatrzenia: 15 zastrzeżeń")));
    assert_null(memmem(text.text.data, text.text.size, "Korekty po", 10));
    agenda.count = 0;
    agenda.objections = 0;
    agenda.corrections = 1;
    text = letter_agenda(arena, &agenda);
    assert_true(str_equal(text.subject, STR("Do rozpatrzenia: 1 korekta po upływie okna")));
}

/* It is no letter of an account, and nobody has to switch it off. */
static void
letter_of_a_test_has_an_end_of_its_own(void **state)
{
    (void)state;
    const struct letter_text text = letter_text_test(arena, URL);
    check(&text, "Próba poczty Bramy",
          "Ten list wysłał operator bramy poleceniem „brama admin mail test”.\n"
          "Jeśli go czytasz, poczta działa: zażółć gęślą jaźń.\n"
          "\n"
          "-- \n"
          "Brama, https://brama.example\n"
          "Ten list wysłał program; odpowiedzi nikt nie przeczyta.\n"
          "Takie listy wysyła tylko operator, kiedy sprawdza pocztę.\n");
}

/* So many times a character. */
static struct str
repeated(const char *character, size_t count)
{
    struct buf out = buf_create(arena, count * strlen(character) + 1);

    for (size_t i = 0; i < count; i++) {
        buf_append(&out, str_of(character));
    }
    assert_true(buf_ok(&out));
    return buf_str(&out);
}

static void
long_names_are_cut_at_a_whole_character(void **state)
{
    static const char *const characters[] = {"a", "ż", "\xE2\x82\xAC", "\xF0\x9F\x8F\xAB"};
    enum { MAX = LETTER_TEXT_CHARACTERS_MAX, BYTES_MAX = 4096 };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(characters); i++) {
        for (size_t count = MAX - 1; count <= MAX + 1; count++) {
            struct str name = repeated(characters[i], count);
            struct buf got = buf_create(arena, BYTES_MAX);
            struct buf want = buf_create(arena, BYTES_MAX);
            letter_text_plain(&got, name);
            buf_append(&want, count <= MAX ? name : repeated(characters[i], MAX - 1));
            buf_append(&want, count <= MAX ? STR("") : STR("…"));
            EXPECT(buf_ok(&got) && str_equal(buf_str(&got), buf_str(&want)), characters[i]);
        }
    }
}

/* Every text of others as long as the registry takes, of characters that grow the most. */
static void
longest_names_still_make_letters_that_can_be_sent(void **state)
{
    enum { NAME_MAX = 1000 };

    static struct letter_line lines[LINES];
    const struct str          name = repeated("\xF0\x9F\x8F\xAB", NAME_MAX);
    struct letter_link        link = link_facts;

    (void)state;
    link.name = link.title = link.place = link.giver = name;
    for (size_t i = 0; i < LINES; i++) {
        lines[i] = (struct letter_line){
            .unit = name,
            .form = name,
            .period = name,
            .standing = LETTER_QUERY,
            .due = {2026, 9, 22},
            .internal = {2026, 9, 20}
        };
    }
    const struct letter_endpoint endpoint = {URL, name, name, name, name, INT64_MAX};
    const struct letter_digest   digest = {
          .public_url = URL,
          .name = name,
          .day = {2026, 9, 15},
          .lines = lines,
          .count = LINES,
          .late = INT64_MAX,
          .soon = INT64_MAX,
          .omitted = INT64_MAX,
          .day_max = INT64_MAX
    };
    const struct letter_results results = {.public_url = URL,
                                           .name = name,
                                           .lines = lines,
                                           .count = LINES,
                                           .all = INT64_MAX,
                                           .turned = lines,
                                           .turned_count = LETTER_TURNED_MAX,
                                           .turned_all = INT64_MAX};
    struct letter_matter        matters[LINES];
    for (size_t i = 0; i < LINES; i++) {
        matters[i] = (struct letter_matter){
            name, name, name, name, {2026, 9, 22},
                {2026, 9, 22},
                1
        };
    }
    const struct letter_agenda agenda = {URL, name, matters, LINES, INT64_MAX, INT64_MAX};
    const struct letter_text   texts[] = {
          letter_text_invitation(arena, &link),   letter_text_restoration(arena, &link),
          letter_text_endpoint(arena, &endpoint), letter_digest_duties(arena, &digest),
          letter_digest_results(arena, &results), letter_agenda(arena, &agenda),
    };
    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
        struct arena *room = arena_create(ROOM);
        struct buf    out = buf_create(room, LETTER_SIZE_MAX);
        struct fault  fault = {0};
        EXPECT(texts[i].text.data != NULL, "a text");
        const struct letter letter = {
            .id = STR("0"),
            .from = {STR("brama@urzad.example"), STR("Brama")},
            .to = {STR("jan@szkola.example"),  name        },
            .subject = texts[i].subject,
            .text = texts[i].text,
        };
        EXPECT(letter_write(&out, &letter, &fault) == ERR_OK, "a message");
        arena_destroy(room);
    }
}

/* Words of others never make a line of ours. */
static void
words_of_others_stay_on_their_line(void **state)
{
    static const struct str evil = STR_INIT("zły\r\n\r\nhttps://evil.example/zaproszenie#x\n-- \n");
    struct letter_link      link = link_facts;

    (void)state;
    link.name = evil;
    link.title = evil;
    link.place = evil;
    link.giver = evil;
    const struct letter_endpoint endpoint = {
        .public_url = URL, .name = evil, .unit = evil, .label = evil, .reason = evil};
    const struct letter_line line = {
        .unit = evil, .form = evil, .period = evil, .due = {2026, 7, 22}
    };
    const struct letter_digest digest = {
        .public_url = URL,
        .name = evil,
        .day = {2026, 7, 15},
        .lines = &line,
        .count = 1,
        .soon = 1
    };
    const struct letter_answer  answer = {evil, evil, evil, evil, evil, evil};
    const struct letter_results results = {.public_url = URL,
                                           .name = evil,
                                           .lines = &line,
                                           .count = 1,
                                           .all = 1,
                                           .turned = &line,
                                           .turned_count = 1,
                                           .turned_all = 1,
                                           .answers = &answer,
                                           .answer_count = 1,
                                           .answer_all = 1};
    const struct letter_matter  matters[] = {
         {evil, evil, evil, evil, {0},          {0},           1},
         {{0},  evil, evil, evil, {2026, 7, 2}, {2026, 7, 22}, 1},
    };
    const struct letter_agenda agenda = {URL, evil, matters, ARRAY_COUNT(matters), 1, 1};
    const struct letter_text   texts[] = {
          letter_text_invitation(arena, &link),   letter_text_restoration(arena, &link),
          letter_text_endpoint(arena, &endpoint), letter_digest_duties(arena, &digest),
          letter_digest_results(arena, &results), letter_agenda(arena, &agenda),
    };
    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
        struct str text = texts[i].text;
        EXPECT(memchr(texts[i].subject.data, '\n', texts[i].subject.size) == NULL, "subject");
        EXPECT(memchr(text.data, '\r', text.size) == NULL, "text");
        EXPECT(memmem(text.data, text.size, "\nhttps://evil", 13) == NULL, "line");
        const char *first = memmem(text.data, text.size, "\n-- \n", 5);
        EXPECT(first != NULL, "end");
        EXPECT(first != NULL
                   && memmem(first + 1, text.size - (size_t)(first + 1 - text.data), "\n-- \n", 5)
                          == NULL,
               "one end");
    }
}

static void
letters_survive_every_memory_ceiling(void **state)
{
    (void)state;
    for (size_t size_max = 0; size_max < 8192; size_max += 64) {
        struct arena      *small = arena_create(size_max);
        struct letter_text text = letter_text_invitation(small, &link_facts);
        EXPECT((text.text.data == NULL) == (text.subject.data == NULL), "both or none");
        arena_destroy(small);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(invitation_says_who_where_and_until_when),
        cmocka_unit_test(restoration_says_what_it_ends),
        cmocka_unit_test(switched_off_receiver_is_named_with_its_reason),
        cmocka_unit_test(digest_says_what_is_late_and_what_is_soon),
        cmocka_unit_test(results_say_what_became_of_each_and_what_to_do),
        cmocka_unit_test(results_say_how_sets_stand_that_have_turned),
        cmocka_unit_test(results_say_what_was_answered_to_an_objection),
        cmocka_unit_test(agenda_says_what_is_put_to_its_reader),
        cmocka_unit_test(letter_of_a_test_has_an_end_of_its_own),
        cmocka_unit_test(long_names_are_cut_at_a_whole_character),
        cmocka_unit_test(longest_names_still_make_letters_that_can_be_sent),
        cmocka_unit_test(words_of_others_stay_on_their_line),
        cmocka_unit_test(letters_survive_every_memory_ceiling),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
