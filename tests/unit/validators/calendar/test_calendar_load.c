#include "tests/support/expect.h"
#include "validators/calendar/calendar.h"

#include <string.h>

/* A little calendar in pieces; each case below replaces the whole of it. */
#define HEAD "<calendar version='7' workday-basis='KPA'>"
#define FORM(inner) "<form code='F' title='Rb-F' basis='b'>" inner "</form>"
#define REST \
    "correction='open' recipient='rio' empty='yes' nothing='no' status='certain' source='s'/>"
#define TERM_WITH(attributes) "<term " attributes " " REST
#define PLAIN "level='zbiorcze' units='jst' period-type='Kwartal' numbers='1 2' due='22'"
#define TERM TERM_WITH(PLAIN)
#define MOVE(attributes) "<shift " attributes " status='certain' basis='b' source='s'/>"
#define WHOLE(inner) HEAD inner "</calendar>"
#define TOO_LONG_10 "0123456789"
#define TOO_LONG_100                                                                    \
    TOO_LONG_10 TOO_LONG_10 TOO_LONG_10 TOO_LONG_10 TOO_LONG_10 TOO_LONG_10 TOO_LONG_10 \
        TOO_LONG_10 TOO_LONG_10 TOO_LONG_10
#define TEXT_500 TOO_LONG_100 TOO_LONG_100 TOO_LONG_100 TOO_LONG_100 TOO_LONG_100

static const struct period_type types[] = {
    {STR_INIT("Kwartal"), STR_INIT("kwartał"), 4,  3, false},
    {STR_INIT("Miesiac"), STR_INIT("miesiąc"), 12, 1, true },
};

static enum err
load(struct arena *arena, struct str text, const struct calendar **out, struct fault *fault)
{
    struct catalogue   *catalogue = ARENA_NEW(arena, struct catalogue, 1);
    struct bundle      *bundle = ARENA_NEW(arena, struct bundle, 1);
    struct bundle_file  file = {STR("calendar.xml"), text};
    struct bundle_file *files = ARENA_NEW(arena, struct bundle_file, 1);

    if (catalogue == NULL || bundle == NULL || files == NULL) {
        return FAIL(fault, ERR_MEMORY, "test");
    }
    *files = file;
    *bundle = (struct bundle){.files = files, .file_count = 1};
    *catalogue = (struct catalogue){.bundle = bundle,
                                    .calendar_path = STR("calendar.xml"),
                                    .period_types = types,
                                    .period_type_count = ARRAY_COUNT(types)};
    return calendar_load(arena, catalogue, out, fault);
}

/* clang-format off */
static const struct {
    const char *name;
    const char *text;
    const char *complaint;
} refusals[] = {
    {"not XML", "<calendar>", "źle zapisany"},
    {"empty", "", "calendar.xml"},
    {"another top", "<kalendarz/>", "element główny ma się nazywać"},
    {"no version", "<calendar workday-basis='x'/>", "brakuje atrybutu „version”"},
    {"no basis of working days", "<calendar version='1'/>", "brakuje atrybutu „workday-basis”"},
    {"unknown attribute at the top", "<calendar version='1' workday-basis='x' status='x'/>", "nieznany atrybut „status”"},
    {"days of queries of nobody", "<calendar version='1' workday-basis='x' question-days='7'/>", "brakuje atrybutu „question-basis”"},
    {"a basis of no days", "<calendar version='1' workday-basis='x' question-basis='x'/>", "brakuje atrybutu „question-days”"},
    {"no days of queries", "<calendar version='1' workday-basis='x' question-days='0' question-basis='x'/>", "question-days ma być liczbą od 1"},
    {"too many days of queries", "<calendar version='1' workday-basis='x' question-days='61' question-basis='x'/>", "to nie jest liczba z dozwolonego zakresu: „61”"},
    {"unknown element", WHOLE("<formularz/>"), "tu nie może stać element: „formularz”"},
    {"a term at the top", WHOLE(TERM), "tu nie może stać element: „term”"},
    {"a form in a form", WHOLE(FORM(FORM(TERM))), "tu nie może stać element: „form”"},
    {"an element of a namespace", WHOLE("<x:form xmlns:x='u'/>"), "tu nie może stać"},
    {"an attribute of a namespace", WHOLE("<form xmlns:x='u' x:code='F' title='t' basis='b'/>"), "nieznany atrybut"},
    {"text", WHOLE("tekst"), "tekst w elemencie: „tekst”"},
    {"text too long", "<calendar version='1' workday-basis='" TEXT_500 "1'/>", "za długi tekst w „workday-basis”"},
    {"no code", WHOLE("<form title='t' basis='b'>" TERM "</form>"), "brakuje atrybutu „code”"},
    {"no title", WHOLE("<form code='F' basis='b'>" TERM "</form>"), "brakuje atrybutu „title”"},
    {"no basis", WHOLE("<form code='F' title='t'>" TERM "</form>"), "brakuje atrybutu „basis”"},
    {"no terms", WHOLE(FORM("")), "formularz bez terminów: „F”"},
    {"a form twice", WHOLE(FORM(TERM) FORM(TERM)), "formularz podany dwa razy: „F”"},
    {"no level", WHOLE(FORM(TERM_WITH("units='jst' period-type='Kwartal' numbers='1' due='22'"))), "brakuje atrybutu „level”"},
    {"unknown level", WHOLE(FORM(TERM_WITH("level='zbiorczo' units='jst' period-type='Kwartal' numbers='1' due='22'"))), "nieznane słowo „zbiorczo”"},
    {"level without accents", WHOLE(FORM(TERM_WITH("level='laczne' units='jst' period-type='Kwartal' numbers='1' due='22'"))), "nieznane słowo „laczne”"},
    {"no units", WHOLE(FORM(TERM_WITH("level='zbiorcze' period-type='Kwartal' numbers='1' due='22'"))), "brakuje atrybutu „units”"},
    {"blank units", WHOLE(FORM(TERM_WITH("level='zbiorcze' units=' ' period-type='Kwartal' numbers='1' due='22'"))), "brakuje atrybutu „units”"},
    {"unknown unit", WHOLE(FORM(TERM_WITH("level='zbiorcze' units='gmina' period-type='Kwartal' numbers='1' due='22'"))), "nieznane słowo „gmina”"},
    {"unknown variant", WHOLE(FORM(TERM_WITH(PLAIN " variant='x'"))), "nieznane słowo „x”"},
    {"unknown trait", WHOLE(FORM(TERM_WITH(PLAIN " trait='rachunek'"))), "nieznane słowo „rachunek”"},
    {"unknown JST", WHOLE(FORM(TERM_WITH(PLAIN " jst='wieś'"))), "nieznane słowo „wieś”"},
    {"type of JST for a związek", WHOLE(FORM(TERM_WITH("level='zbiorcze' units='jst zwiazek' jst='gmina' period-type='Kwartal' numbers='1' due='22'"))), "rodzaje JST są tylko przy"},
    {"unknown period", WHOLE(FORM(TERM_WITH("level='zbiorcze' units='jst' period-type='Rok' numbers='1' due='22'"))), "nieznany typ okresu: „Rok”"},
    {"no numbers", WHOLE(FORM(TERM_WITH("level='zbiorcze' units='jst' period-type='Kwartal' due='22'"))), "brakuje atrybutu „numbers”"},
    {"number 0", WHOLE(FORM(TERM_WITH("level='zbiorcze' units='jst' period-type='Kwartal' numbers='0' due='22'"))), "każdy raz: „0”"},
    {"number 5", WHOLE(FORM(TERM_WITH("level='zbiorcze' units='jst' period-type='Kwartal' numbers='4 5' due='22'"))), "każdy raz: „5”"},
    {"month 13", WHOLE(FORM(TERM_WITH("level='zbiorcze' units='jst' period-type='Miesiac' numbers='12 13' due='22'"))), "każdy raz: „13”"},
    {"number twice", WHOLE(FORM(TERM_WITH("level='zbiorcze' units='jst' period-type='Kwartal' numbers='1 1' due='22'"))), "każdy raz: „1”"},
    {"numbers with a comma", WHOLE(FORM(TERM_WITH("level='zbiorcze' units='jst' period-type='Kwartal' numbers='1,2' due='22'"))), "każdy raz: „1,2”"},
    {"two spaces", WHOLE(FORM(TERM_WITH("level='zbiorcze' units='jst' period-type='Kwartal' numbers='1  2' due='22'"))), "każdy raz: „”"},
    {"no due", WHOLE(FORM(TERM_WITH("level='zbiorcze' units='jst' period-type='Kwartal' numbers='1'"))), "brakuje atrybutu „due”"},
    {"no rule", WHOLE(FORM(TERM_WITH("level='zbiorcze' units='jst' period-type='Kwartal' numbers='1' due='29'"))), "to nie jest reguła dnia: „29”"},
    {"due open", WHOLE(FORM(TERM_WITH("level='zbiorcze' units='jst' period-type='Kwartal' numbers='1' due='open'"))), "sprawozdanie potrzebuje dnia: „open”"},
    {"due due", WHOLE(FORM(TERM_WITH("level='zbiorcze' units='jst' period-type='Kwartal' numbers='1' due='due'"))), "sprawozdanie potrzebuje dnia: „due”"},
    {"no correction", WHOLE(FORM("<term " PLAIN " recipient='rio' empty='yes' nothing='no' status='certain' source='s'/>")), "brakuje atrybutu „correction”"},
    {"no recipient", WHOLE(FORM("<term " PLAIN " correction='open' empty='yes' nothing='no' status='certain' source='s'/>")), "brakuje atrybutu „recipient”"},
    {"unknown recipient", WHOLE(FORM("<term " PLAIN " correction='open' recipient='wojewoda' empty='yes' nothing='no' status='certain' source='s'/>")), "nieznane słowo „wojewoda”"},
    {"unknown copy", WHOLE(FORM(TERM_WITH(PLAIN " copies='mf nik'"))), "nieznane słowo „nik”"},
    {"copy for the recipient", WHOLE(FORM(TERM_WITH(PLAIN " copies='mf rio'"))), "odbiorca nie dostaje też odpisu: „mf rio”"},
    {"no empty", WHOLE(FORM("<term " PLAIN " correction='open' recipient='rio' nothing='no' status='certain' source='s'/>")), "brakuje atrybutu „empty”"},
    {"empty perhaps", WHOLE(FORM("<term " PLAIN " correction='open' recipient='rio' empty='maybe' nothing='no' status='certain' source='s'/>")), "nieznane słowo „maybe”"},
    {"no nothing", WHOLE(FORM("<term " PLAIN " correction='open' recipient='rio' empty='yes' status='certain' source='s'/>")), "brakuje atrybutu „nothing”"},
    {"no status", WHOLE(FORM("<term " PLAIN " correction='open' recipient='rio' empty='yes' nothing='no' source='s'/>")), "brakuje atrybutu „status”"},
    {"unknown status", WHOLE(FORM("<term " PLAIN " correction='open' recipient='rio' empty='yes' nothing='no' status='sure' source='s'/>")), "nieznane słowo „sure”"},
    {"no source", WHOLE(FORM("<term " PLAIN " correction='open' recipient='rio' empty='yes' nothing='no' status='certain'/>")), "brakuje atrybutu „source”"},
    {"misspelt attribute", WHOLE(FORM(TERM_WITH(PLAIN " copy='mf'"))), "nieznany atrybut „copy”"},
    {"bad date", WHOLE(FORM(TERM_WITH(PLAIN " from='2025-02-30'"))), "to nie jest data w postaci RRRR-MM-DD: „2025-02-30”"},
    {"ends before it begins", WHOLE(FORM(TERM_WITH(PLAIN " from='2025-01-02' to='2025-01-01'"))), "kończy się, zanim się zacznie"},
    {"the same term twice", WHOLE(FORM(TERM TERM)), "termin tego samego sprawozdania stoi w wierszu 1"},
    {"one number in both", WHOLE(FORM(TERM "\n" TERM_WITH("level='zbiorcze' units='jst' period-type='Kwartal' numbers='2 3' due='23'"))), ":2: termin tego samego sprawozdania stoi w wierszu 1"},
    {"one unit in both", WHOLE(FORM(TERM TERM_WITH("level='zbiorcze' units='zwiazek jst' period-type='Kwartal' numbers='2' due='23'"))), "termin tego samego sprawozdania stoi"},
    {"one day in both", WHOLE(FORM(TERM_WITH(PLAIN " to='2025-03-31'") TERM_WITH(PLAIN " from='2025-03-31'"))), "termin tego samego sprawozdania stoi"},
    {"all types and one", WHOLE(FORM(TERM TERM_WITH(PLAIN " jst='gmina'"))), "termin tego samego sprawozdania stoi"},
    {"shift of nothing", WHOLE(FORM(TERM) MOVE("forms='G' period-type='Kwartal' year='2020' numbers='1' days='1'")), "nie przesuwa niczego w „G”"},
    {"shift of one thing and nothing", WHOLE(FORM(TERM) MOVE("forms='F G' period-type='Kwartal' year='2020' numbers='1' days='1'")), "nie przesuwa niczego w „G”"},
    {"shift of another quarter", WHOLE(FORM(TERM) MOVE("forms='F' period-type='Kwartal' year='2020' numbers='3' days='1'")), "nie przesuwa niczego w „F”"},
    {"shift of another level", WHOLE(FORM(TERM) MOVE("forms='F' levels='łączne' period-type='Kwartal' year='2020' numbers='1' days='1'")), "nie przesuwa niczego w „F”"},
    {"shift of no level", WHOLE(FORM(TERM) MOVE("forms='F' levels='zbiorcze suma' period-type='Kwartal' year='2020' numbers='1' days='1'")), "nieznane słowo „suma”"},
    {"shift of another type", WHOLE(FORM(TERM) MOVE("forms='F' period-type='Miesiac' year='2020' numbers='1' days='1'")), "nie przesuwa niczego w „F”"},
    {"shift without forms", WHOLE(FORM(TERM) MOVE("period-type='Kwartal' year='2020' numbers='1' days='1'")), "brakuje atrybutu „forms”"},
    {"shift without year", WHOLE(FORM(TERM) MOVE("forms='F' period-type='Kwartal' numbers='1' days='1'")), "brakuje atrybutu „year”"},
    {"shift of a year too early", WHOLE(FORM(TERM) MOVE("forms='F' period-type='Kwartal' year='1995' numbers='1' days='1'")), "to nie jest rok z zakresu: 1995"},
    {"shift of a year too late", WHOLE(FORM(TERM) MOVE("forms='F' period-type='Kwartal' year='2200' numbers='1' days='1'")), "to nie jest liczba z dozwolonego zakresu: „2200”"},
    {"shift by nothing", WHOLE(FORM(TERM) MOVE("forms='F' period-type='Kwartal' year='2020' numbers='1'")), "albo days, albo on"},
    {"shift by both", WHOLE(FORM(TERM) MOVE("forms='F' period-type='Kwartal' year='2020' numbers='1' days='1' on='2020-05-01'")), "albo days, albo on"},
    {"shift by no day", WHOLE(FORM(TERM) MOVE("forms='F' period-type='Kwartal' year='2020' numbers='1' days='0'")), "przesunięcie o zero dni"},
    {"shift by too much", WHOLE(FORM(TERM) MOVE("forms='F' period-type='Kwartal' year='2020' numbers='1' days='367'")), "to nie jest liczba z dozwolonego zakresu: „367”"},
    {"shift to no date", WHOLE(FORM(TERM) MOVE("forms='F' period-type='Kwartal' year='2020' numbers='1' on='2020-13-01'")), "to nie jest data"},
    {"shift without basis", WHOLE(FORM(TERM) "<shift forms='F' period-type='Kwartal' year='2020' numbers='1' days='1' status='model' source='s'/>"), "brakuje atrybutu „basis”"},
    {"shift without source", WHOLE(FORM(TERM) "<shift forms='F' period-type='Kwartal' year='2020' numbers='1' days='1' status='model' basis='s'/>"), "brakuje atrybutu „source”"},
    {"two shifts of one term", WHOLE(FORM(TERM) MOVE("forms='F' period-type='Kwartal' year='2020' numbers='1 2' days='1'") "\n" MOVE("forms='F' levels='zbiorcze' period-type='Kwartal' year='2020' numbers='2' days='2'")), ":2: ten sam termin przesuwa wiersz 1"},
};
/* clang-format on */

static void
faulty_data_are_refused_with_their_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(refusals); i++) {
        struct arena          *arena = arena_create((size_t)16 << 20U);
        const struct calendar *calendar = NULL;
        struct fault           fault = {0};
        enum err               got = load(arena, str_of(refusals[i].text), &calendar, &fault);
        if (got != ERR_CATALOGUE || strstr(fault.text, refusals[i].complaint) == NULL) {
            fail_msg("%s: %s '%s'", refusals[i].name, err_name(got), fault.text);
        }
        EXPECT(calendar == NULL, refusals[i].name);
        arena_destroy(arena);
    }
}

static void
a_catalogue_that_names_no_calendar_or_a_missing_file_has_none(void **state)
{
    struct arena          *arena = arena_create((size_t)16 << 20U);
    const struct calendar *calendar = NULL;
    struct fault           fault = {0};
    struct bundle          bundle = {0};
    struct catalogue       catalogue = {.bundle = &bundle};

    (void)state;
    assert_int_equal(calendar_load(arena, &catalogue, &calendar, &fault), ERR_CATALOGUE);
    assert_non_null(strstr(fault.text, "brakuje elementu calendar"));
    catalogue.calendar_path = STR("c.xml");
    assert_int_equal(calendar_load(arena, &catalogue, &calendar, &fault), ERR_CATALOGUE);
    assert_non_null(strstr(fault.text, "c.xml: nie ma takiego pliku"));
    arena_destroy(arena);
}

/* Good data that stand one step from a refusal above. */
static void
data_that_do_not_meet_are_taken(void **state)
{
    static const struct {
        const char *text;
        size_t      entries;
        size_t      shifts;
    } rows[] = {
        {WHOLE(""),                                                                                           0, 0},
        {WHOLE(FORM(TERM)),                                                                                   1, 0},
        {"<calendar version='1' workday-basis='" TEXT_500 "'/>",                                              0, 0},
        {WHOLE(FORM(TERM_WITH(PLAIN " to='2025-03-30'") TERM_WITH(PLAIN " from='2025-03-31'"))),              2,
         0                                                                                                        },
        {WHOLE(FORM(TERM_WITH(PLAIN " jst='powiat'") TERM_WITH(PLAIN " jst='gmina'"))),                       2, 0},
        {WHOLE(FORM(TERM TERM_WITH(PLAIN " variant='jop'"))),                                                 2, 0},
        {WHOLE(FORM(TERM) MOVE("forms='F' period-type='Kwartal' year='2020' numbers='1' days='366'")
                   MOVE("forms='F' period-type='Kwartal' year='2020' numbers='2' on='2020-05-02'")),
         1,                                                                                                      2},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct arena          *arena = arena_create((size_t)16 << 20U);
        const struct calendar *calendar = NULL;
        struct fault           fault = {0};
        EXPECT(load(arena, str_of(rows[i].text), &calendar, &fault) == ERR_OK, fault.text);
        assert_int_equal(calendar->entry_count, rows[i].entries);
        assert_int_equal(calendar->shift_count, rows[i].shifts);
        arena_destroy(arena);
    }
}

static struct date
due_of(const struct calendar *calendar, int year, int number)
{
    struct calendar_question question = {.form = STR("F"),
                                         .level = STR("zbiorcze"),
                                         .unit = CALENDAR_JST,
                                         .period_type = STR("Kwartal"),
                                         .year = year,
                                         .number = number};
    struct calendar_term     term = {0};

    assert_true(calendar_due(calendar, &question, &term));
    return term.due;
}

static void
a_shift_moves_its_term_alone_and_then_off_days_off(void **state)
{
    struct arena          *arena = arena_create((size_t)16 << 20U);
    const struct calendar *calendar = NULL;
    struct fault           fault = {0};
    struct str             text = STR(
                    WHOLE(FORM(TERM) MOVE("forms='F' period-type='Kwartal' year='2020' numbers='1' days='10'")
                              MOVE("forms='F' period-type='Kwartal' year='2020' numbers='2' on='2020-08-15'")));

    (void)state;
    assert_int_equal(load(arena, text, &calendar, &fault), ERR_OK);
    /* 22 April and 10 days is 2 May, a Saturday; 3 May is a holiday; 15 August 2020 a Saturday. */
    assert_int_equal(date_compare(due_of(calendar, 2020, 1), (struct date){2020, 5, 4}), 0);
    assert_int_equal(date_compare(due_of(calendar, 2020, 2), (struct date){2020, 8, 17}), 0);
    assert_int_equal(date_compare(due_of(calendar, 2021, 1), (struct date){2021, 4, 22}), 0);
    arena_destroy(arena);
}

/* forms x terms entries that do not meet, then shifts. */
static struct str
big(struct arena *arena, int forms, int terms, int shifts)
{
    struct buf out = buf_create(arena, (size_t)4 << 20U);

    buf_append(&out, STR(HEAD));
    for (int i = 0; i < forms; i++) {
        buf_format(&out, "<form code='F%d' title='t' basis='b'>", i);
        for (int j = 0; j < terms; j++) {
            buf_format(&out, "<term " PLAIN " from='%d-01-01' to='%d-12-31' " REST, 2000 + j,
                       2000 + j);
        }
        buf_append(&out, STR("</form>"));
    }
    for (int i = 0; i < shifts; i++) {
        buf_format(&out,
                   "<shift forms='F0' period-type='Kwartal' year='%d' numbers='%d' days='1' "
                   "status='model' basis='b' source='s'/>",
                   2000 + i / 2, 1 + i % 2);
    }
    buf_append(&out, STR("</calendar>"));
    assert_true(buf_ok(&out));
    return buf_str(&out);
}

static void
limits_hold_to_the_last_one(void **state)
{
    static const struct {
        const char *name;
        int         forms;
        int         terms;
        int         shifts;
        bool        fits;
    } rows[] = {
        {"forms - 1",   CALENDAR_FORMS_MAX - 1, 1,   0,                       true },
        {"forms",       CALENDAR_FORMS_MAX,     1,   0,                       true },
        {"forms + 1",   CALENDAR_FORMS_MAX + 1, 1,   0,                       false},
        {"entries - 1", 9,                      111, 0,                       true },
        {"entries",     10,                     100, 0,                       true },
        {"entries + 1", 11,                     91,  0,                       false},
        {"shifts - 1",  1,                      150, CALENDAR_SHIFTS_MAX - 1, true },
        {"shifts",      1,                      150, CALENDAR_SHIFTS_MAX,     true },
        {"shifts + 1",  1,                      150, CALENDAR_SHIFTS_MAX + 1, false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct arena          *arena = arena_create((size_t)64 << 20U);
        const struct calendar *calendar = NULL;
        struct fault           fault = {0};
        struct str             text = big(arena, rows[i].forms, rows[i].terms, rows[i].shifts);
        enum err               got = load(arena, text, &calendar, &fault);
        EXPECT(got == (rows[i].fits ? ERR_OK : ERR_CATALOGUE), rows[i].name);
        EXPECT(rows[i].fits || strstr(fault.text, "za dużo") != NULL, fault.text);
        arena_destroy(arena);
    }
}

/* 16 forms, each due in 12 months of 100 years, and 800 + extra more. */
static struct str
many_terms(struct arena *arena, int extra)
{
    struct buf out = buf_create(arena, (size_t)1 << 20U);

    buf_append(&out, STR(HEAD));
    for (int i = 0; i < 16; i++) {
        buf_format(&out,
                   "<form code='F%d' title='t' basis='b'><term level='zbiorcze' units='jst' "
                   "period-type='Miesiac' numbers='1 2 3 4 5 6 7 8 9 10 11 12' due='22' "
                   "from='2000-01-01' to='2099-12-31' " REST "</form>",
                   i);
    }
    buf_append(&out, STR("<form code='X' title='t' basis='b'><term level='zbiorcze' units='jst' "
                         "period-type='Miesiac' numbers='1 2 3 4 5 6 7 8' due='22' "
                         "from='2000-01-01' to='2099-12-31' " REST "</form>"));
    buf_format(&out,
               "<form code='Y' title='t' basis='b'><term level='zbiorcze' units='jst' "
               "period-type='Miesiac' numbers='1' due='22' from='2000-01-01' to='2000-0%d-01' " REST
               "</form></calendar>",
               extra > 0 ? 2 : 1);
    assert_true(buf_ok(&out));
    return buf_str(&out);
}

static void
an_enumeration_of_too_many_terms_is_refused(void **state)
{
    (void)state;
    for (int extra = 0; extra <= 1; extra++) {
        struct arena               *arena = arena_create((size_t)64 << 20U);
        const struct calendar      *calendar = NULL;
        const struct calendar_term *terms = NULL;
        size_t                      count = 0;
        struct fault                fault = {0};
        struct calendar_span        span = {
                   .due_from = {1996, 1,  1 },
                     .due_to = {2199, 12, 31}
        };
        assert_int_equal(load(arena, many_terms(arena, extra), &calendar, &fault), ERR_OK);
        enum err got = calendar_terms(arena, calendar, &span, &terms, &count, &fault);
        assert_int_equal(got, extra == 0 ? ERR_OK : ERR_LIMIT);
        assert_int_equal(count, extra == 0 ? CALENDAR_TERMS_MAX : 0);
        arena_destroy(arena);
    }
}

static void
the_digest_is_that_of_the_bytes(void **state)
{
    struct arena          *arena = arena_create((size_t)16 << 20U);
    const struct calendar *one = NULL;
    const struct calendar *same = NULL;
    const struct calendar *other = NULL;
    struct fault           fault = {0};

    (void)state;
    assert_int_equal(load(arena, STR(WHOLE(FORM(TERM))), &one, &fault), ERR_OK);
    assert_int_equal(load(arena, STR(WHOLE(FORM(TERM))), &same, &fault), ERR_OK);
    assert_int_equal(load(arena, STR(WHOLE(FORM(TERM) " ")), &other, &fault), ERR_OK);
    assert_memory_equal(one->sha256, same->sha256, sizeof one->sha256);
    assert_memory_not_equal(one->sha256, other->sha256, sizeof one->sha256);
    assert_true(str_equal(one->version, STR("7")));
    arena_destroy(arena);
}

static void
loading_survives_every_memory_ceiling(void **state)
{
    struct str text = STR(WHOLE(FORM(TERM)));
    bool       done = false;

    (void)state;
    for (size_t room = 0; !done; room += 1021) {
        struct arena          *arena = arena_create(room);
        const struct calendar *calendar = NULL;
        struct fault           fault = {0};
        enum err               got = load(arena, text, &calendar, &fault);
        assert_true(got == ERR_OK || (got == ERR_MEMORY && calendar == NULL));
        done = got == ERR_OK;
        arena_destroy(arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faulty_data_are_refused_with_their_line),
        cmocka_unit_test(a_catalogue_that_names_no_calendar_or_a_missing_file_has_none),
        cmocka_unit_test(data_that_do_not_meet_are_taken),
        cmocka_unit_test(a_shift_moves_its_term_alone_and_then_off_days_off),
        cmocka_unit_test(limits_hold_to_the_last_one),
        cmocka_unit_test(an_enumeration_of_too_many_terms_is_refused),
        cmocka_unit_test(the_digest_is_that_of_the_bytes),
        cmocka_unit_test(loading_survives_every_memory_ceiling),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
