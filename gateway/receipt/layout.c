#include "gateway/receipt/layout.h"

#define FIELD(type, element, beside, shape, member)                         \
    {                                                                       \
        STR_INIT(element), STR_INIT(beside), shape, offsetof(type, member), \
            sizeof(((type *)0)->member)                                     \
    }
#define FACT(element, shape, member) FIELD(struct receipt_facts, element, "", shape, member)
#define FACT2(element, beside, shape, member) \
    FIELD(struct receipt_facts, element, beside, shape, member)
#define TIME(element, member) FACT2(element, element "UTC", LAYOUT_INSTANT, member)
#define REPORT(element, shape, member) FIELD(struct receipt_report, element, "", shape, member)
#define FINDING(element, shape, member) FIELD(struct receipt_finding, element, "", shape, member)
#define OUTAGE(element, shape, member) \
    FIELD(struct receipt_outage, element, element "UTC", shape, member)
#define FIELDS(table)             \
    {                             \
        table, ARRAY_COUNT(table) \
    }

/* One line is one element. */
/* clang-format off */
static const struct layout_field confirmation[] = {
    FACT("Numer", LAYOUT_TEXT, number),
    FACT2("Rodzaj", "RodzajSlownie", LAYOUT_KIND, kind),
    FACT("Srodowisko", LAYOUT_TEXT, environment),
    FACT("PodmiotPrzyjmujacy", LAYOUT_TEXT, receiver),
    FACT("Zastrzezenie", LAYOUT_OPTION, note),
};

static const struct layout_field sender[] = {
    FACT("Nazwa", LAYOUT_TEXT, sender_name),
    FACT("REGON", LAYOUT_OPTION, sender_regon),
};

static const struct layout_field unit[] = {
    FACT("Nazwa", LAYOUT_OPTION, unit_name),
    FACT("REGON", LAYOUT_OPTION, unit_regon),
    FACT("Kody", LAYOUT_OPTION, unit_codes),
};

static const struct layout_field submission[] = {
    FACT("Identyfikator", LAYOUT_UUID, submission),
    FACT("NumerDecyzji", LAYOUT_NUMBER, n),
    FACT("SkrotSHA256", LAYOUT_DIGEST, document_sha256),
    FACT("RozmiarBajtow", LAYOUT_NUMBER, document_size),
};

static const struct layout_field times[] = {
    TIME("PierwszyBajt", first_byte),
    TIME("OstatniBajt", last_byte),
    TIME("DataWplywu", arrived),
    TIME("CzasDecyzji", decided),
};

static const struct layout_field first[] = {
    FACT("Identyfikator", LAYOUT_UUID, first_submission),
    TIME("DataWplywu", first_arrived),
};

static const struct layout_field decision[] = {
    FACT2("Werdykt", "WerdyktSlownie", LAYOUT_VERDICT, verdict),
    FACT("Powod", LAYOUT_OPTION, reason),
    FACT("UwagDoPaczki", LAYOUT_COUNT, listed_count),
    FACT("UwagiDoPaczkiWUPO", LAYOUT_OPTION, listed_on),
};

static const struct layout_field basis[] = {
    FACT("SkrotDefinicji", LAYOUT_DIGEST, definitions_sha256),
    FACT("SkrotZaufania", LAYOUT_DIGEST, trust_sha256),
    FACT("SkrotRejestru", LAYOUT_DIGEST, registry_sha256),
    FACT("SkrotKalendarza", LAYOUT_DIGEST_OPTION, calendar_sha256),
    FACT("SkrotOdniesien", LAYOUT_DIGEST_OPTION, reference_sha256),
    FACT("Program", LAYOUT_TEXT, engine),
};

static const struct layout_field journal[] = {
    FACT("Indeks", LAYOUT_NUMBER, log_index),
    FACT("SkrotLiscia", LAYOUT_DIGEST, log_leaf),
};

static const struct layout_field report[] = {
    REPORT("Formularz", LAYOUT_TEXT, form),
    REPORT("NazwaFormularza", LAYOUT_OPTION, form_name),
    REPORT("WersjaFormularza", LAYOUT_OPTION, form_version),
    REPORT("NazwaJednostki", LAYOUT_OPTION, unit_name),
    REPORT("REGON", LAYOUT_OPTION, unit_regon),
    REPORT("Okres", LAYOUT_TEXT, period),
    REPORT("Poziom", LAYOUT_OPTION, level),
    REPORT("Wariant", LAYOUT_OPTION, variant),
    REPORT("Wersja", LAYOUT_OPTION, version),
    FIELD(struct receipt_report, "Werdykt", "WerdyktSlownie", LAYOUT_VERDICT, verdict),
    REPORT("Powod", LAYOUT_OPTION, reason),
    REPORT("Termin", LAYOUT_DATE, due),
    FIELD(struct receipt_report, "Terminowosc", "TerminowoscSlownie", LAYOUT_TIMELINESS, timeliness),
    REPORT("WersjaKalendarza", LAYOUT_OPTION, calendar),
    REPORT("PodstawaTerminu", LAYOUT_OPTION, due_basis),
    REPORT("PozaOknemKorekt", LAYOUT_OPTION, outside),
    FIELD(struct receipt_report, "StanZestawu", "StanZestawuSlownie", LAYOUT_SET, set_state),
    REPORT("ZestawOczekuje", LAYOUT_OPTION, set_awaited),
    REPORT("SkrotSHA256", LAYOUT_DIGEST, sha256),
    REPORT("Podpisy", LAYOUT_OPTION, signers),
    REPORT("UwagPominieto", LAYOUT_COUNT, finding_cut),
};

static const struct layout_field finding[] = {
    FINDING("Kod", LAYOUT_TEXT, code),
    FIELD(struct receipt_finding, "Waga", "WagaSlownie", LAYOUT_SEVERITY, severity),
    FINDING("Miejsce", LAYOUT_OPTION, cell),
    FINDING("Tytul", LAYOUT_TEXT, title),
    FINDING("Wiersz", LAYOUT_COUNT, line),
    FINDING("Znak", LAYOUT_COUNT, column),
};

static const struct layout_field outage[] = {
    OUTAGE("Poczatek", LAYOUT_INSTANT, began),
    OUTAGE("Koniec", LAYOUT_INSTANT, ended),
    OUTAGE("PierwszaProba", LAYOUT_INSTANT_OPTION, tried),
    FIELD(struct receipt_outage, "Opis", "", LAYOUT_TEXT, what),
};

const struct layout_group layout_groups[LAYOUT_GROUP_COUNT] = {
    {STR_INIT("Potwierdzenie"),    FIELDS(confirmation), false},
    {STR_INIT("Nadawca"),          FIELDS(sender),       false},
    {STR_INIT("Jednostka"),        FIELDS(unit),         true },
    {STR_INIT("Zlozenie"),         FIELDS(submission),   false},
    {STR_INIT("Czas"),             FIELDS(times),        false},
    {STR_INIT("PierwszeZlozenie"), FIELDS(first),        true },
    {STR_INIT("Rozstrzygniecie"),  FIELDS(decision),     false},
    {STR_INIT("Podstawa"),         FIELDS(basis),        false},
    {STR_INIT("Dziennik"),         FIELDS(journal),      false},
};
/* clang-format on */

const struct layout_fields layout_report = FIELDS(report);
const struct layout_fields layout_finding = FIELDS(finding);
const struct layout_fields layout_outage = FIELDS(outage);

static const struct word {
    enum layout_shape shape;
    struct str        code;
    struct str        words;
} words[] = {
    {LAYOUT_KIND,       STR_INIT("unit"),         STR_INIT("potwierdzenie dla jednostki")              },
    {LAYOUT_KIND,       STR_INIT("summary"),      STR_INIT("potwierdzenie zbiorcze dla nadawcy")       },
    {LAYOUT_KIND,       STR_INIT("delivery"),     STR_INIT("potwierdzenie doręczenia")                },
    {LAYOUT_VERDICT,    STR_INIT("accepted"),     STR_INIT("przyjęte przez bramę")                   },
    {LAYOUT_VERDICT,    STR_INIT("held"),         STR_INIT("wstrzymane: brakuje wymaganego podpisu")   },
    {LAYOUT_VERDICT,    STR_INIT("rejected"),     STR_INIT("zwrócone do poprawy")                     },
    {LAYOUT_VERDICT,    STR_INIT("undecided"),    STR_INIT("nierozstrzygnięte")                       },
    {LAYOUT_TIMELINESS, STR_INIT("in_time"),      STR_INIT("w terminie")                               },
    {LAYOUT_TIMELINESS, STR_INIT("late"),         STR_INIT("po terminie")                              },
    {LAYOUT_TIMELINESS, STR_INIT("correction"),
     STR_INIT("korekta po terminie: o terminowości rozstrzyga pierwsze złożenie")                   },
    {LAYOUT_SET,        STR_INIT("consistent"),   STR_INIT("zgodny")                                   },
    {LAYOUT_SET,        STR_INIT("inconsistent"), STR_INIT("niezgodny")                                },
    {LAYOUT_SET,        STR_INIT("incomplete"),   STR_INIT("niepełny")                                },
    {LAYOUT_SEVERITY,   STR_INIT("error"),        STR_INIT("błąd: wymaga poprawy")                   },
    {LAYOUT_SEVERITY,   STR_INIT("query"),        STR_INIT("pytanie: wymaga wyjaśnienia albo korekty")},
    {LAYOUT_SEVERITY,   STR_INIT("warning"),      STR_INIT("ostrzeżenie")                             },
    {LAYOUT_SEVERITY,   STR_INIT("info"),         STR_INIT("informacja")                               },
};

struct str
layout_words(enum layout_shape shape, struct str code)
{
    for (size_t i = 0; i < ARRAY_COUNT(words); i++) {
        if (words[i].shape == shape && str_equal(words[i].code, code)) {
            return words[i].words;
        }
    }
    return (struct str){0};
}

static const struct str kind_codes[] = {
    [RECEIPT_UNIT] = STR_INIT("unit"),
    [RECEIPT_SUMMARY] = STR_INIT("summary"),
    [RECEIPT_DELIVERY] = STR_INIT("delivery"),
};

struct str
layout_kind_code(enum receipt_kind kind)
{
    return kind < RECEIPT_UNIT || kind > RECEIPT_DELIVERY ? (struct str){0} : kind_codes[kind];
}

enum receipt_kind
layout_kind_of(struct str code)
{
    for (enum receipt_kind kind = RECEIPT_UNIT; kind <= RECEIPT_DELIVERY; kind++) {
        if (str_equal(code, kind_codes[kind])) {
            return kind;
        }
    }
    return 0;
}

bool
layout_is_optional(enum layout_shape shape)
{
    static const enum layout_shape optional[] = {
        LAYOUT_OPTION, LAYOUT_COUNT,          LAYOUT_TIMELINESS, LAYOUT_DIGEST_OPTION,
        LAYOUT_DATE,   LAYOUT_INSTANT_OPTION, LAYOUT_SET};

    for (size_t i = 0; i < ARRAY_COUNT(optional); i++) {
        if (optional[i] == shape) {
            return true;
        }
    }
    return false;
}

bool
layout_date_valid(struct date date)
{
    if (date.year == 0) {
        return date.month == 0 && date.day == 0;
    }
    return date.year >= MOMENT_YEAR_MIN && date.year <= MOMENT_YEAR_MAX && date_valid(date);
}

bool
layout_instant_valid(instant at)
{
    const struct date first_day = {MOMENT_YEAR_MIN, 1, 1};
    const struct date last_day = {MOMENT_YEAR_MAX, 12, 31};
    const int64_t     day = (int64_t)86400 * INSTANT_PER_SECOND;

    /* A Warsaw day begins before the day of UTC. */
    return at >= date_days(first_day) * day && at < date_days(last_day) * day;
}

bool
layout_instant_parse(struct str text, instant *out)
{
    static const size_t fraction_at = sizeof "2026-07-10T09:00:00." - 1;
    struct str          fraction = str_slice(text, fraction_at, 3);
    moment              second = 0;
    int64_t             milliseconds = 0;

    if (!moment_parse(text, &second) || text.data[fraction_at - 1] != '.' || fraction.size != 3
        || !str_to_number(fraction, &milliseconds)) {
        return false;
    }
    *out = second * INSTANT_PER_SECOND + milliseconds * (INSTANT_PER_SECOND / 1000);
    return true;
}

struct str
receipt_verdict_text(struct str verdict)
{
    return layout_words(LAYOUT_VERDICT, verdict);
}

struct str
receipt_set_text(struct str state)
{
    return layout_words(LAYOUT_SET, state);
}

struct str
receipt_timeliness_text(struct str timeliness)
{
    return layout_words(LAYOUT_TIMELINESS, timeliness);
}
