#include "tests/support/draft.h"

#include "tests/support/autograph.h"
#include "validators/base/buf.h"

enum { SIZE_MAX_UNIT = 16 << 20, REGON_FIRST = 14000000, REGON_DIGITS = 8, NUMBERS = 1000000 };

#define GOOD_ROW                                                                    \
    "<Pozycja><Dzial>801</Dzial><Rozdzial>80101</Rozdzial><Paragraf>421</Paragraf>" \
    "<P4>0</P4><PL>100.00</PL><ZA>100.00</ZA><WW>100.00</WW></Pozycja>"
#define GOOD_ROW_OF_INCOME                                                          \
    "<Pozycja><Dzial>801</Dzial><Rozdzial>80101</Rozdzial><Paragraf>069</Paragraf>" \
    "<P4>0</P4><PL>100.00</PL><NA>100.00</NA><DW>100.00</DW></Pozycja>"

static const char *const amounts[DRAFT_ROWS_COUNT] = {
    [DRAFT_ROWS_QUERIED] = "<PL>100.00</PL><ZA>100.00</ZA><WW>1.00</WW><WFS>1.01</WFS>",
    [DRAFT_ROWS_DOUBTED] = "<PL>100.00</PL><ZA>100.01</ZA><WW>100.02</WW>",
    [DRAFT_ROWS_WARNED] = "<PL>100.00</PL><ZA>100.01</ZA><WW>100.00</WW>",
    [DRAFT_ROWS_BROKEN] = "",
    [DRAFT_ROWS_OVERDUE] = "<PL>100.00</PL><ZO>1.00</ZO><ZW>1.01</ZW><RB>1.01</RB>",
};

static const char *
or_else(const char *text, const char *otherwise)
{
    return text == NULL ? otherwise : text;
}

static struct str
finish(const struct buf *buf)
{
    ENSURE(buf_ok(buf));
    return buf_str(buf);
}

static void
write_period(struct buf *buf, int month)
{
    buf_format(buf, "<Okres><Rok>2026</Rok><TypOkresu>%s</TypOkresu><Okres>%d</Okres></Okres>",
               month == 0 ? "Kwartal" : "Miesiac", month == 0 ? 2 : month);
}

/* Eight digits and the check digit of REGON-9 (domain.md 3). */
struct str
draft_regon(struct arena *arena, size_t number)
{
    static const size_t weights[REGON_DIGITS] = {8, 9, 2, 3, 4, 5, 6, 7};

    size_t rest = REGON_FIRST + number;
    size_t sum = 0;
    for (size_t i = REGON_DIGITS; i > 0; i--) {
        sum += weights[i - 1] * (rest % 10);
        rest /= 10;
    }
    return str_format(arena, "%zu%zu", REGON_FIRST + number, sum % 11 % 10);
}

struct str
draft_id(struct arena *arena, size_t number)
{
    return str_format(arena, "Rb28s_%032zx", number);
}

struct str
draft_other_id(struct arena *arena, size_t number)
{
    return str_format(arena, "Rb27s_%032zx", number);
}

struct str
draft_rows(struct arena *arena, enum draft_rows kind, size_t first, size_t count)
{
    static const int chapters[] = {60016, 75023, 80101, 80103, 80104, 80146,
                                   80148, 80195, 85219, 85401, 90002, 92116};
    static const int paragraphs[] = {265, 302, 324, 401, 404, 411, 412, 414, 417,
                                     421, 422, 424, 426, 427, 428, 430, 436, 439,
                                     441, 444, 448, 453, 470, 471, 605, 606, 621};

    struct buf rows = buf_create(arena, SIZE_MAX_UNIT);

    ENSURE(first + count <= DRAFT_ROWS_MAX);
    for (size_t i = first; i < first + count; i++) {
        int    chapter = chapters[i % ARRAY_COUNT(chapters)];
        size_t rest = i / ARRAY_COUNT(chapters);
        if (kind == DRAFT_ROWS_BROKEN) {
            buf_append(&rows, STR("<Pozycja><Dzial>x</Dzial>"));
        } else {
            buf_format(&rows, "<Pozycja><Dzial>%d</Dzial>", chapter / 100);
        }
        buf_format(&rows, "<Rozdzial>%d</Rozdzial><Paragraf>%d</Paragraf><P4>%zu</P4>%s</Pozycja>",
                   chapter, paragraphs[rest % ARRAY_COUNT(paragraphs)],
                   rest / ARRAY_COUNT(paragraphs), amounts[kind]);
    }
    return finish(&rows);
}

/* The eight fields of the unit, as the shell or as a report has them. */
static void
write_identity(struct buf *buf, const struct draft_unit *unit, bool shell)
{
    struct str regon = draft_regon(buf->arena, unit->number);

    if (shell && unit->shell_name != NULL) {
        buf_format(buf, "<Nazwa>%s</Nazwa>", unit->shell_name);
    } else {
        buf_format(buf, "<Nazwa>SZKOŁA NR %zu</Nazwa>", unit->number);
    }
    buf_format(buf, "<Typ>%s</Typ><Regon>%-14s</Regon>", or_else(unit->kind, "JB"),
               or_else(unit->regon, regon.data));
    const char *type = or_else(unit->type, "1");
    buf_format(buf, "<WK>%s</WK><PK>%s</PK><GK>%s</GK><GT>%s</GT><PT>%s</PT>",
               or_else(unit->province, "14"), or_else(unit->district, "01"),
               or_else(unit->community, "01"), shell ? or_else(unit->shell_type, type) : type,
               or_else(unit->district_type, "0"));
}

/* There is nothing in it that Exclusive C14N would change: these are the bytes that are signed. */
static struct str
write_report(struct arena *arena, const struct draft_unit *unit, bool income, int version)
{
    struct buf  buf = buf_create(arena, SIZE_MAX_UNIT);
    const char *tag = income ? "Rb-27s" : or_else(unit->tag, "Rb-28s");
    struct str  id = income ? draft_other_id(arena, unit->number) : draft_id(arena, unit->number);
    struct str  rows = income ? unit->income_rows : unit->rows;

    if (rows.size == 0) {
        rows = income ? STR(GOOD_ROW_OF_INCOME) : STR(GOOD_ROW);
    }
    buf_format(&buf, "<%s Id=\"%s\">", tag, id.data);
    write_period(&buf, unit->month);
    buf_append(&buf, STR("<Jednostka>"));
    write_identity(&buf, unit, false);
    buf_format(&buf, "</Jednostka><Naglowek><Wersja>%d</Wersja>", version);
    buf_format(&buf, "<DataSprawozdania>%s</DataSprawozdania>", or_else(unit->date, "2026-07-09"));
    if (!income && !unit->bare) {
        buf_append(&buf, STR("<DostepneGrupyParagrafow>false</DostepneGrupyParagrafow>"));
    }
    buf_append(&buf, STR("</Naglowek><Pozycje>"));
    buf_append(&buf, rows);
    buf_format(&buf, "</Pozycje></%s>", tag);
    return finish(&buf);
}

static void
sign(struct buf *buf, const struct authority *authority, const struct draft_unit *unit, bool income)
{
    static const enum authority_person persons[] = {AUTHORITY_ACCOUNTANT, AUTHORITY_HEAD};
    static const struct str            roles[][2] = {
                   {STR_INIT("Główny Księgowy"), STR_INIT("Kierownik jednostki")     },
                   {STR_INIT("Skarbnik"),           STR_INIT("Przewodniczący zarządu")},
    };

    struct str   report = write_report(buf->arena, unit, income, unit->version);
    size_t       counts[] = {[DRAFT_SIGNED] = 2, [DRAFT_UNSIGNED] = 0, [DRAFT_ACCOUNTANT_ONLY] = 1};
    struct fault fault = {0};

    for (size_t i = 0; i < counts[unit->signing]; i++) {
        const struct authority_card *card = authority_card(authority, persons[i]);
        struct str                   out = {0};
        struct autograph             autograph = {
                        .number = str_format(buf->arena, "20260709%06zu%d%zu", unit->number, income, i),
                        .report_id = income ? draft_other_id(buf->arena, unit->number)
                                            : draft_id(buf->arena, unit->number),
                        .data = report,
                        .time = str_format(buf->arena, "%sT17:47:10", or_else(unit->signed_on, "2026-07-09")),
                        .role = roles[unit->by_council ? 1 : 0][i],
                        .signer = card,
                        .named = card,
                        .shown = card};
        ENSURE(autograph_write(buf->arena, &autograph, &out, &fault) == ERR_OK);
        buf_append(buf, out);
    }
}

struct str
draft_unit(struct arena *arena, const struct authority *authority, const struct draft_unit *unit)
{
    struct buf buf = buf_create(arena, SIZE_MAX_UNIT);
    int        version = unit->version + (unit->forged ? 1 : 0);
    bool       has_income = unit->both || unit->income_alone;
    struct str spending = {0};
    struct str income = has_income ? write_report(arena, unit, true, version) : (struct str){0};

    if (!unit->income_alone) {
        spending = write_report(arena, unit, false, version);
    }

    ENSURE(unit->number < NUMBERS);
    buf_append(&buf, STR("<Jednostka>"));
    write_identity(&buf, unit, true);
    buf_format(&buf, "%s<Sprawozdania>", or_else(unit->shell_more, ""));
    buf_append(&buf, unit->swapped ? spending : income);
    buf_append(&buf, unit->swapped ? income : spending);
    buf_append(&buf, STR("</Sprawozdania><Podpisy>"));
    if (has_income) {
        sign(&buf, authority, unit, true);
    }
    if (!unit->income_alone) {
        sign(&buf, authority, unit, false);
    }
    buf_format(&buf, "%s</Podpisy></Jednostka>", or_else(unit->signature_more, ""));
    return finish(&buf);
}

static struct str
write_package(struct arena *arena, int month, const struct str *units, size_t count,
              const char *tail)
{
    struct buf buf = buf_create(arena, (size_t)2 * SIZE_MAX_UNIT);

    buf_append(&buf, STR("<?xml version=\"1.0\" encoding=\"utf-8\"?>"
                         "<PaczkaSprawozdan Wersja=\"0.3\">"));
    write_period(&buf, month);
    buf_append(&buf, STR("<Jednostki>"));
    for (size_t i = 0; i < count; i++) {
        buf_append(&buf, units[i]);
    }
    buf_format(&buf, "</Jednostki>%s</PaczkaSprawozdan>", tail);
    return finish(&buf);
}

struct str
draft_package(struct arena *arena, const struct str *units, size_t count, const char *tail)
{
    return write_package(arena, 0, units, count, tail);
}

struct str
draft_package_of(struct arena *arena, int month, const struct str *units, size_t count)
{
    return write_package(arena, month, units, count, "");
}
