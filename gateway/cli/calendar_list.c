#include "gateway/cli/calendar_list.h"

#include "gateway/answer/csv.h"
#include "gateway/answer/json.h"
#include "gateway/answer/plural.h"

enum { LIST_TEXT_MAX = 1024, SHA256_BYTES = 32 };

/* One word of a mask by its position, as a name of data or as a title. */
typedef const char *(*calendar_word)(int position);

static const char *
unit_kind_name(int position)
{
    return calendar_unit_kind_name((enum calendar_unit_kind)position);
}

static const char *
unit_kind_title(int position)
{
    return calendar_unit_kind_title((enum calendar_unit_kind)position);
}

static const char *
jst_type_name(int position)
{
    return calendar_jst_type_name((enum calendar_jst_type)position);
}

static const char *
jst_type_title(int position)
{
    return calendar_jst_type_title((enum calendar_jst_type)position);
}

static const char *
recipient_title(int position)
{
    return calendar_recipient_title((enum calendar_recipient)position);
}

static const char *
recipient_name(int position)
{
    return calendar_recipient_name((enum calendar_recipient)position);
}

/* The words of a mask that has count positions, with separator between them. */
static struct str
join(struct arena *arena, unsigned mask, int count, calendar_word word, const char *separator)
{
    struct buf out = buf_create(arena, LIST_TEXT_MAX);

    for (int i = 0; i < count; i++) {
        if ((mask & 1U << i) != 0) {
            buf_format(&out, "%s%s", out.size == 0 ? "" : separator, word(i));
        }
    }
    return buf_str(&out);
}

static struct str
day_text(struct arena *arena, struct date date)
{
    struct buf out = buf_create(arena, LIST_TEXT_MAX);

    if (date.year != 0) {
        date_write(&out, date);
    }
    return buf_str(&out);
}

static struct str
hexadecimal(struct arena *arena, const unsigned char *bytes)
{
    struct buf out = buf_create(arena, LIST_TEXT_MAX);

    buf_hex(&out, bytes, SHA256_BYTES);
    return buf_str(&out);
}

static void
write_line(struct screen *screen, const char *heading, struct str text)
{
    if (text.size > 0) {
        screen_format(screen, "    %s ", heading);
        screen_text(screen, text);
        screen_format(screen, "\n");
    }
}

static struct str
source_of(const struct calendar_term *term)
{
    return term->shift != NULL ? term->shift->source : term->entry->source;
}

static struct str
who(struct arena *arena, const struct calendar_entry *entry)
{
    struct str units = join(arena, entry->units, CALENDAR_UNIT_KINDS, unit_kind_title, ", ");
    struct str types = join(arena, entry->jst_types, CALENDAR_JST_TYPES, jst_type_title, ", ");

    return types.size == 0 ? units
                           : str_format(arena, "%.*s: %.*s", STR_ARG(units), STR_ARG(types));
}

static const char *
emptiness(const struct calendar_entry *entry)
{
    if (!entry->empty_allowed) {
        return "nie składa się; gdy nie ma czego wykazać, wystarcza „nic do wykazania”";
    }
    return entry->nothing_allowed ? "można złożyć; wystarcza też „nic do wykazania”"
                                  : "składa się, także gdy wszystkie kwoty są zerowe";
}

static void
write_term(struct arena *arena, struct screen *screen, const struct calendar *calendar,
           const struct calendar_term *term)
{
    struct buf until = buf_create(arena, LIST_TEXT_MAX);

    if (term->correction_until.year != 0) {
        date_write_polish(&until, term->correction_until);
    }
    screen_text(screen, calendar_sentence(arena, calendar, term));
    screen_format(screen, "\n");
    write_line(screen, "Składa:", who(arena, term->entry));
    write_line(screen, "Puste:", str_of(emptiness(term->entry)));
    write_line(screen, "Korekty do:", buf_str(&until));
    write_line(screen, "Podstawa:", term->basis);
    write_line(screen, "Dzień wg:", source_of(term));
}

void
calendar_list_text(struct arena *arena, struct screen *screen, const struct calendar_list *list)
{
    static const struct plural terms = {"termin", "terminy", "terminów"};

    for (size_t i = 0; i < list->count; i++) {
        write_term(arena, screen, list->calendar, &list->terms[i]);
    }
    screen_format(screen, "%zu %s, kalendarz v%.*s\n", list->count,
                  plural_form(&terms, list->count), STR_ARG(list->calendar->version));
}

/* A mask as an array of its words. */
static void
write_words(struct json *json, const char *key, unsigned mask, int count, calendar_word word)
{
    json_key(json, key);
    json_array_begin(json);
    for (int i = 0; i < count; i++) {
        if ((mask & 1U << i) != 0) {
            json_text(json, str_of(word(i)));
        }
    }
    json_array_end(json);
}

static void
write_truth(struct json *json, const char *key, bool value)
{
    json_key(json, key);
    json_truth(json, value);
}

static void
write_report(struct arena *arena, struct json *json, const struct calendar_term *term)
{
    const struct calendar_entry *entry = term->entry;

    json_member(json, "form", entry->form);
    json_member(json, "title", entry->title);
    json_member(json, "level", entry->level);
    json_member(json, "variant", str_of(calendar_variant_name(entry->variant)));
    json_member(json, "period", calendar_period(arena, term));
    json_member(json, "period_type", entry->period_type->name);
    json_member(json, "period_end", day_text(arena, term->period_end));
    write_words(json, "units", entry->units, CALENDAR_UNIT_KINDS, unit_kind_name);
    json_member(json, "trait", str_of(calendar_trait_name(entry->trait)));
    write_words(json, "jst_types", entry->jst_types, CALENDAR_JST_TYPES, jst_type_name);
}

static void
write_object(struct arena *arena, struct json *json, const struct calendar *calendar,
             const struct calendar_term *term)
{
    json_object_begin(json);
    write_report(arena, json, term);
    json_member(json, "nominal", day_text(arena, term->nominal));
    json_member(json, "due", day_text(arena, term->due));
    json_member(json, "correction_until", day_text(arena, term->correction_until));
    json_member(json, "recipient", str_of(calendar_recipient_name(term->entry->recipient)));
    write_words(json, "copies", term->entry->copies, CALENDAR_RECIPIENTS, recipient_name);
    write_truth(json, "empty_allowed", term->entry->empty_allowed);
    write_truth(json, "nothing_allowed", term->entry->nothing_allowed);
    json_member(json, "status", term->model ? STR("model") : STR("certain"));
    json_member(json, "basis", term->basis);
    json_member(json, "source", source_of(term));
    json_member(json, "sentence", calendar_sentence(arena, calendar, term));
    json_object_end(json);
}

void
calendar_list_json(struct arena *arena, struct buf *out, const struct calendar_list *list)
{
    struct json json = json_create(out);

    json_object_begin(&json);
    json_key(&json, "calendar");
    json_object_begin(&json);
    json_member(&json, "version", list->calendar->version);
    json_member(&json, "sha256", hexadecimal(arena, list->calendar->sha256));
    json_object_end(&json);
    json_key(&json, "terms");
    json_array_begin(&json);
    for (size_t i = 0; i < list->count; i++) {
        write_object(arena, &json, list->calendar, &list->terms[i]);
    }
    json_array_end(&json);
    json_object_end(&json);
    buf_byte(out, '\n');
}

static void
write_row(struct arena *arena, struct csv *csv, const struct calendar *calendar,
          const struct calendar_term *term)
{
    const struct calendar_entry *entry = term->entry;
    const struct str             fields[] = {
                    day_text(arena, term->due),
                    entry->title,
                    entry->level,
                    str_of(calendar_variant_name(entry->variant)),
                    calendar_period(arena, term),
                    join(arena, entry->units, CALENDAR_UNIT_KINDS, unit_kind_name, " "),
                    str_of(calendar_trait_name(entry->trait)),
                    str_of(calendar_recipient_title(entry->recipient)),
                    join(arena, entry->copies, CALENDAR_RECIPIENTS, recipient_title, ", "),
                    day_text(arena, term->nominal),
                    day_text(arena, term->correction_until),
        term->model ? STR("niepotwierdzony") : STR("potwierdzony"),
                    term->basis,
                    source_of(term),
                    calendar_sentence(arena, calendar, term),
    };

    for (size_t i = 0; i < ARRAY_COUNT(fields); i++) {
        csv_field(csv, fields[i]);
    }
    csv_row_end(csv);
}

void
calendar_list_csv(struct arena *arena, struct buf *out, const struct calendar_list *list)
{
    static const char *const heads[] = {"termin",   "formularz",      "poziom",     "wariant",
                                        "okres",    "jednostki",      "cecha",      "odbiorca",
                                        "kopie",    "dzień z reguły", "korekty do", "status",
                                        "podstawa", "źródło dnia",    "zdanie"};
    struct csv               csv = csv_create(out);

    for (size_t i = 0; i < ARRAY_COUNT(heads); i++) {
        csv_field(&csv, str_of(heads[i]));
    }
    csv_row_end(&csv);
    for (size_t i = 0; i < list->count; i++) {
        write_row(arena, &csv, list->calendar, &list->terms[i]);
    }
}
