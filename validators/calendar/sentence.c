#include "validators/calendar/calendar.h"
#include "validators/calendar/workday.h"

enum { SENTENCE_MAX = 4096, QUARTERS = 4, MONTHS = 12 };

/* "III kwartał 2024 r.", "wrzesień 2024 r." */
static void
write_period(struct buf *out, const struct calendar_term *term)
{
    static const char *const  quarters[QUARTERS] = {"I", "II", "III", "IV"};
    static const char *const  months[MONTHS] = {"styczeń",  "luty",        "marzec",   "kwiecień",
                                                "maj",      "czerwiec",    "lipiec",   "sierpień",
                                                "wrzesień", "październik", "listopad", "grudzień"};
    const struct period_type *type = term->entry->period_type;

    if (type->count == QUARTERS) {
        buf_format(out, "%s kwartał %d r.", quarters[term->number - 1], term->year);
    } else if (type->count == MONTHS) {
        buf_format(out, "%s %d r.", months[term->number - 1], term->year);
    } else {
        buf_format(out, "%.*s %d w %d r.", STR_ARG(type->name), term->number, term->year);
    }
}

static void
write_day(struct buf *out, struct date date)
{
    const char *holiday = workday_holiday(date);

    date_write_polish(out, date);
    buf_format(out, " (%s)", holiday != NULL ? holiday : workday_name(date));
}

static void
write_recipients(struct buf *out, const struct calendar_entry *entry)
{
    const char *separator = ", kopia: ";

    buf_format(out, ", odbiorca: %s", calendar_recipient_title(entry->recipient));
    for (int i = 0; i < CALENDAR_RECIPIENTS; i++) {
        if ((entry->copies & 1U << i) != 0) {
            buf_format(out, "%s%s", separator,
                       calendar_recipient_title((enum calendar_recipient)i));
            separator = ", ";
        }
    }
    buf_byte(out, '.');
}

static void
write_head(struct buf *out, const struct calendar_term *term)
{
    static const char *const variants[] = {[CALENDAR_PLAIN] = "",
                                           [CALENDAR_PER_DYSPONENT] = " (dla każdego dysponenta)",
                                           [CALENDAR_PER_JOP] = " (osób prawnych)"};

    ENSURE((size_t)term->entry->variant < ARRAY_COUNT(variants));
    buf_format(out, "%.*s %.*s%s za ", STR_ARG(term->entry->title), STR_ARG(term->entry->level),
               variants[term->entry->variant]);
    write_period(out, term);
    buf_append(out, STR(": do "));
    write_day(out, term->due);
    write_recipients(out, term->entry);
}

struct str
calendar_period(struct arena *arena, const struct calendar_term *term)
{
    if (term->entry->period_type->months == 1) {
        return str_format(arena, "%d-%02d", term->year, term->number);
    }
    return str_format(arena, "%d-Q%d", term->year, term->number);
}

struct str
calendar_sentence(struct arena *arena, const struct calendar *calendar,
                  const struct calendar_term *term)
{
    struct buf out = buf_create(arena, SENTENCE_MAX);

    write_head(&out, term);
    if (term->entry->trait != CALENDAR_OF_ALL) {
        buf_format(&out, " Składa je tylko jednostka, która %s.",
                   calendar_trait_title(term->entry->trait));
    }
    if (term->shift != NULL) {
        buf_append(&out, STR(" Termin zmienił przepis szczególny."));
    }
    if (date_compare(term->nominal, term->due) != 0) {
        buf_append(&out, STR(" Termin kończyłby się "));
        write_day(&out, term->nominal);
        buf_format(&out, ", dlatego jest nim najbliższy dzień roboczy (%.*s).",
                   STR_ARG(calendar->workday_basis));
    }
    if (term->model) {
        buf_append(&out,
                   STR(" Pozycja kalendarza nie jest jeszcze potwierdzona tekstem przepisu."));
    }
    return buf_ok(&out) ? buf_str(&out) : (struct str){0};
}
