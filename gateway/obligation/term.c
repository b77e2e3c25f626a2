#include "gateway/obligation/term.h"

/* Columns of what the calendar says, one array each. */
enum text_column {
    FORM,
    TITLE,
    LEVEL,
    SEVERAL_PER,
    PERIOD_TYPE,
    PERIOD,
    PERIOD_END,
    KIND,
    RECIPIENT,
    RECIPIENT_TITLE,
    COPIES,
    RULE,
    NOMINAL,
    DUE,
    CORRECTION,
    BASIS,
    TRAIT,
    TEXT_COLUMNS
};
enum number_column {
    YEAR,
    NUMBER,
    JST_TYPES,
    EMPTY_ALLOWED,
    NOTHING_ALLOWED,
    MODEL,
    NUMBER_COLUMNS
};

struct said {
    struct str *texts[TEXT_COLUMNS];
    int64_t    *numbers[NUMBER_COLUMNS];
    size_t      count;
    size_t      count_max;
};

#define SAID                                                                                     \
    "said AS MATERIALIZED (SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]," \
    " $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[],"     \
    " $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[],"             \
    " $18::bigint[], $19::bigint[], $20::bigint[], $21::bigint[], $22::bigint[], $23::bigint[])" \
    " q (form, title, level, several_per, period_type, period, period_end, kind, recipient,"     \
    "    recipient_title, copies, rule, nominal, due, correction, basis, trait, year, number,"   \
    "    jst_types, empty_allowed, nothing_allowed, model)) "

/* The moment when a day begins, in Warsaw. */
#define BEGINS(day) "((" day ")::timestamp AT TIME ZONE 'Europe/Warsaw')"

static const char matter_sql[] =
    "WITH " SAID
    "INSERT INTO obligation.matter (form, form_title, level, several_per, year, period_type,"
    " period_number, period, period_end, opens_at) "
    "SELECT DISTINCT ON (form, period_end, period_type, level, several_per)"
    " form, title, level, several_per, year, period_type, number, period, period_end::date,"
    " " BEGINS("period_end::date + 1") " FROM said ON CONFLICT DO NOTHING";

/* What stands there already, whichever version said it, and what is said for the first time. */
/* clang-format off */
static const char term_sql[] =
    "WITH " SAID ", wanted AS MATERIALIZED ("
    "    SELECT m.matter, s.kind, s.jst_types::integer, s.recipient, s.recipient_title, s.copies,"
    "        s.rule, s.nominal::date AS nominal_on, s.due::date AS due_on,"
    "        nullif(s.correction, '')::date AS correction_until, s.empty_allowed = 1 AS empty,"
    "        s.nothing_allowed = 1 AS nothing, s.model = 1 AS model, s.basis, s.trait "
    "    FROM said s JOIN obligation.matter m ON m.form = s.form AND m.level = s.level"
    "        AND m.period_end = s.period_end::date AND m.period_type = s.period_type"
    "        AND m.several_per = s.several_per), "
    "known AS MATERIALIZED ("
    "    SELECT w.*, (SELECT max(t.term) FROM obligation.term t"
    "        WHERE t.matter = w.matter AND t.kind = w.kind AND t.jst_types = w.jst_types"
    "          AND (t.recipient, t.recipient_title, t.copies, t.rule, t.nominal_on, t.due_on,"
    "               t.correction_until, t.empty_allowed, t.nothing_allowed, t.model, t.basis,"
    "               t.trait)"
    "              IS NOT DISTINCT FROM"
    "              (w.recipient, w.recipient_title, w.copies, w.rule, w.nominal_on, w.due_on,"
    "               w.correction_until, w.empty, w.nothing, w.model, w.basis, w.trait)) AS term "
    "    FROM wanted w), "
    "added AS ("
    "    INSERT INTO obligation.term (calendar, matter, kind, jst_types, recipient,"
    "        recipient_title, copies, rule, nominal_on, due_on, due_before, correction_until,"
    "        correction_before, empty_allowed, nothing_allowed, model, basis, trait) "
    "    SELECT $24, matter, kind, jst_types, recipient, recipient_title, copies, rule, nominal_on,"
    "        due_on, " BEGINS("due_on + 1") ", correction_until, " BEGINS("correction_until + 1")
    "        , empty, nothing, model, basis, trait FROM known WHERE term IS NULL RETURNING term) "
    "SELECT term FROM known WHERE term IS NOT NULL UNION ALL SELECT term FROM added";
/* clang-format on */

static struct str
write_date(struct arena *arena, struct date date)
{
    struct buf text = buf_create(arena, 16);

    if (date.year != 0) {
        date_write(&text, date);
    }
    return date.year == 0 ? STR("") : buf_str(&text);
}

/* As calendar.xml writes it. */
static struct str
write_rule(struct arena *arena, const struct due_rule *rule)
{
    switch (rule->kind) {
    case DUE_RULE_DAYS:
        return str_format(arena, "d+%d", rule->count);
    case DUE_RULE_DAY_OF_MONTH:
        return str_format(arena, "%d", rule->count);
    case DUE_RULE_DAY_OF_YEAR:
        return str_format(arena, "%02d.%02d", rule->count, rule->month);
    case DUE_RULE_MONTHS:
        return str_format(arena, "m+%d", rule->count);
    case DUE_RULE_OPEN:
    case DUE_RULE_SAME:
        break;
    }
    return STR("");
}

static struct str
write_copies(struct arena *arena, unsigned copies)
{
    struct str all = STR("");

    for (int i = 0; i < CALENDAR_RECIPIENTS; i++) {
        if ((copies & (1U << i)) != 0) {
            all = str_format(arena, "%.*s%s%s", STR_ARG(all), all.size == 0 ? "" : " ",
                             calendar_recipient_name((enum calendar_recipient)i));
        }
    }
    return all;
}

static void
say(struct arena *arena, struct said *said, const struct calendar_term *term,
    enum calendar_unit_kind kind)
{
    const struct calendar_entry *entry = term->entry;
    size_t                       at = said->count;
    const struct str             texts[TEXT_COLUMNS] = {
                    [FORM] = entry->form,
                    [TITLE] = entry->title,
                    [LEVEL] = entry->level,
                    [SEVERAL_PER] = str_of(calendar_variant_name(entry->variant)),
                    [PERIOD_TYPE] = entry->period_type->name,
                    [PERIOD] = calendar_period(arena, term),
                    [PERIOD_END] = write_date(arena, term->period_end),
                    [KIND] = str_of(calendar_unit_kind_name(kind)),
                    [RECIPIENT] = str_of(calendar_recipient_name(entry->recipient)),
                    [RECIPIENT_TITLE] = str_of(calendar_recipient_title(entry->recipient)),
                    [COPIES] = write_copies(arena, entry->copies),
                    [RULE] = write_rule(arena, &entry->due),
                    [NOMINAL] = write_date(arena, term->nominal),
                    [DUE] = write_date(arena, term->due),
                    [CORRECTION] = write_date(arena, term->correction_until),
                    [BASIS] = term->basis,
                    [TRAIT] = str_of(calendar_trait_name(entry->trait))};
    const int64_t numbers[NUMBER_COLUMNS] = {[YEAR] = term->year,
                                             [NUMBER] = term->number,
                                             [JST_TYPES] = entry->jst_types,
                                             [EMPTY_ALLOWED] = entry->empty_allowed,
                                             [NOTHING_ALLOWED] = entry->nothing_allowed,
                                             [MODEL] = term->model};

    said->count++;
    for (size_t i = 0; at < said->count_max && i < TEXT_COLUMNS; i++) {
        said->texts[i][at] = texts[i];
    }
    for (size_t i = 0; at < said->count_max && i < NUMBER_COLUMNS; i++) {
        said->numbers[i][at] = numbers[i];
    }
}

static enum err
said_create(struct arena *arena, size_t count_max, struct said *out, struct fault *fault)
{
    *out = (struct said){.count_max = count_max};
    for (size_t i = 0; i < TEXT_COLUMNS; i++) {
        out->texts[i] = ARENA_NEW(arena, struct str, count_max + 1);
    }
    for (size_t i = 0; i < NUMBER_COLUMNS; i++) {
        out->numbers[i] = ARENA_NEW(arena, int64_t, count_max + 1);
    }
    if (out->numbers[NUMBER_COLUMNS - 1] == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu terms", count_max);
    }
    return ERR_OK;
}

static bool
is_wanted(const struct calendar_term *term, enum calendar_unit_kind kind,
          const struct term_span *span)
{
    return (term->entry->units & (1U << kind)) != 0
           && date_compare(term->period_end, span->first) >= 0
           && date_compare(term->period_end, span->last) <= 0;
}

/* One year of the calendar. */
static enum err
say_year(struct arena *arena, const struct calendar *calendar, int year,
         const struct term_span *span, struct said *said, struct fault *fault)
{
    const struct calendar_term *terms = NULL;
    size_t                      count = 0;

    TRY(calendar_terms(arena, calendar, &(struct calendar_span){.year = year}, &terms, &count,
                       fault));
    for (size_t i = 0; i < count; i++) {
        for (int kind = 0; kind < CALENDAR_UNIT_KINDS; kind++) {
            if (is_wanted(&terms[i], (enum calendar_unit_kind)kind, span)) {
                say(arena, said, &terms[i], (enum calendar_unit_kind)kind);
            }
        }
    }
    return said->count > said->count_max
               ? FAIL(fault, ERR_LIMIT, "more than %zu terms", said->count_max)
               : ERR_OK;
}

static void
put(struct store_parameters *parameters, const struct said *said)
{
    for (size_t i = 0; i < TEXT_COLUMNS; i++) {
        store_put_texts(parameters, said->texts[i], said->count);
    }
    for (size_t i = 0; i < NUMBER_COLUMNS; i++) {
        store_put_numbers(parameters, said->numbers[i], said->count);
    }
}

static enum err
write_terms(struct store *store, struct arena *arena, const struct said *said, struct str version,
            struct term_rows *out, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    put(&parameters, said);
    TRY(store_run(store, matter_sql, &parameters, arena, NULL, fault));
    store_put_text(&parameters, version);
    TRY(store_run(store, term_sql, &parameters, arena, &rows, fault));
    out->count = store_row_count(&rows);
    out->terms = ARENA_NEW(arena, int64_t, out->count + 1);
    if (out->terms == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu terms", out->count);
    }
    for (size_t i = 0; i < out->count; i++) {
        out->terms[i] = store_number(&rows, i, 0);
    }
    return ERR_OK;
}

/* "1 (0f3a99c1)": what a version says may be mended before it is released. */
static struct str
version_of(struct arena *arena, const struct calendar *calendar)
{
    const unsigned char *digest = calendar->sha256;

    return str_format(arena, "%.*s (%02x%02x%02x%02x)", STR_ARG(calendar->version), digest[0],
                      digest[1], digest[2], digest[3]);
}

enum err
term_fill(struct store *store, struct arena *arena, const struct calendar *calendar,
          const struct term_span *span, struct term_rows *out, struct fault *fault)
{
    struct said      said = {0};
    struct term_rows rows = {0};

    TRY(said_create(arena, CALENDAR_TERMS_MAX, &said, fault));
    for (int year = span->first.year; year <= span->last.year; year++) {
        TRY(say_year(arena, calendar, year, span, &said, fault));
    }
    TRY(write_terms(store, arena, &said, version_of(arena, calendar), &rows, fault));
    *out = rows;
    return ERR_OK;
}
