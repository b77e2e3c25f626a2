#include "gateway/reader/obligations_resource.h"

#include "gateway/answer/csv.h"
#include "gateway/answer/ics.h"
#include "gateway/reader/obligation_row.h"
#include "gateway/reader/saying.h"
#include "gateway/receipt/receipt.h"
#include "validators/catalogue/entry.h"

/* Events of one calendar; a program asks for all of them at once. */
enum { CALENDAR_MAX = 5000 };

static void
write_day(struct json *json, const char *key, struct date day)
{
    struct buf text = buf_create(json->out->arena, 16);

    if (day.year != 0) {
        date_write(&text, day);
    }
    json_member(json, key, buf_str(&text));
}

static void
write_truth(struct json *json, const char *key, bool value)
{
    json_key(json, key);
    json_truth(json, value);
}

static void
write_parties(struct json *json, const struct obligation_row *row)
{
    json_key(json, "unit");
    json_object_begin(json);
    json_member(json, "name", row->unit_name);
    json_member(json, "regon", row->unit_regon);
    json_object_end(json);
    json_key(json, "recipient");
    json_object_begin(json);
    json_member(json, "kind", row->recipient);
    json_member(json, "title", row->recipient_title);
    json_member(json, "office", row->office);
    json_member(json, "copies", row->copies);
    json_object_end(json);
}

static void
write_term(struct json *json, const struct obligation_row *row)
{
    write_day(json, "due_on", row->story.due_on);
    write_day(json, "nominal_on", row->story.nominal_on);
    json_member(json, "rule", row->story.rule);
    write_day(json, "internal_due_on", row->internal_on);
    write_day(json, "correction_until", row->story.correction_until);
    json_member(json, "basis", row->story.basis);
    json_member(json, "calendar", row->story.calendar);
    json_member(json, "trait", row->trait);
    write_truth(json, "empty_allowed", row->empty_allowed);
    write_truth(json, "nothing_allowed", row->nothing_allowed);
}

static void
write_item(struct json *json, const struct obligation_row *row)
{
    const struct duty_story *story = &row->story;

    json_object_begin(json);
    json_key(json, "id");
    json_number(json, row->duty);
    write_parties(json, row);
    json_member(json, "form", row->form);
    json_member(json, "form_title", row->form_title);
    json_member(json, "level", row->level);
    json_member(json, "variant", row->variant);
    json_member(json, "period", row->period);
    write_day(json, "period_end", row->period_end);
    write_term(json, row);
    json_member(json, "state", str_of(duty_state_name(row->state)));
    json_member(json, "state_text", str_of(duty_state_label(row->state)));
    json_member(json, "explanation", row->explanation);
    write_truth(json, "filed", story->facts.filed_at != 0);
    saying_instant(json, "filed_at", story->facts.filed_at);
    saying_instant(json, "first_received_at", row->first_arrived);
    saying_instant(json, "last_received_at", story->last_arrived);
    saying_verdict(json, story->last_verdict, story->last_arrived != 0);
    json_key(json, "open_queries");
    json_number(json, row->open_queries);
    write_truth(json, "after_window", story->after_window);
    json_object_end(json);
}

static void
write_json(struct buf *out, const struct obligation_row *rows, size_t count, struct str next)
{
    struct json json = json_create(out);

    json_object_begin(&json);
    json_key(&json, "items");
    json_array_begin(&json);
    for (size_t i = 0; i < count; i++) {
        write_item(&json, &rows[i]);
    }
    json_array_end(&json);
    json_member(&json, "next_cursor", next);
    json_object_end(&json);
}

static struct str
day_text(struct arena *arena, struct date day)
{
    struct buf text = buf_create(arena, 16);

    if (day.year != 0) {
        date_write(&text, day);
    }
    return buf_str(&text);
}

static struct str
verdict_text(const struct obligation_row *row)
{
    int verdict = row->story.last_verdict;

    if (row->story.last_arrived == 0 || verdict > VERDICT_REJECTED) {
        return (struct str){0};
    }
    return receipt_verdict_text(str_of(verdict_name((enum verdict)verdict)));
}

static void
write_csv_row(struct csv *csv, const struct obligation_row *row)
{
    struct arena    *arena = csv->out->arena;
    const struct str fields[] = {row->unit_name,
                                 row->unit_regon,
                                 row->form_title,
                                 row->level,
                                 row->variant,
                                 row->period,
                                 row->recipient_title,
                                 row->office,
                                 day_text(arena, row->story.due_on),
                                 day_text(arena, row->internal_on),
                                 str_of(duty_state_label(row->state)),
                                 saying_time(arena, row->story.facts.filed_at),
                                 saying_time(arena, row->story.last_arrived),
                                 verdict_text(row)};

    for (size_t i = 0; i < ARRAY_COUNT(fields); i++) {
        csv_field(csv, fields[i]);
    }
    csv_number(csv, (uint64_t)row->open_queries);
    csv_field(csv, row->explanation);
    csv_row_end(csv);
}

static void
write_csv(struct buf *out, const struct obligation_row *rows, size_t count)
{
    static const char *const columns[] = {
        "jednostka",  "regon",    "formularz",         "poziom", "wariant",
        "okres",      "odbiorca", "urząd odbiorcy",    "termin", "termin wewnętrzny",
        "stan",       "złożone",  "ostatnio wpłynęło", "wynik",  "otwartych zapytań",
        "wyjaśnienie"};
    struct csv csv = csv_create(out);

    for (size_t i = 0; i < ARRAY_COUNT(columns); i++) {
        csv_field(&csv, str_of(columns[i]));
    }
    csv_row_end(&csv);
    for (size_t i = 0; i < count; i++) {
        write_csv_row(&csv, &rows[i]);
    }
}

static enum err
answer_list(struct asked *asked, struct str list, struct str only, const char *file,
            struct fault *fault)
{
    struct obligation_filter filter = {0};
    struct obligation_row   *rows = NULL;
    size_t                   count = 0;
    bool                     refused = false;
    struct buf               body = asked_body(asked);
    struct str               next = {0};

    TRY(obligation_filter_read(asked, list, &filter, &refused, fault));
    if (refused) {
        return ERR_OK;
    }
    filter.only = only.size > 0 ? only : filter.only;
    TRY(obligation_row_read(asked, &filter, &rows, &count, &next, fault));
    if (asked->format == FORMAT_CSV) {
        asked_header(asked, "Content-Disposition", str_of(file));
        write_csv(&body, rows, count);
    } else {
        write_json(&body, rows, count, next);
    }
    return asked_answer_tagged(asked, &body, fault);
}

enum err
obligations_resource_answer(struct asked *asked, struct fault *fault)
{
    return answer_list(asked, STR("obligations"), (struct str){0},
                       "attachment; filename=\"obowiazki.csv\"", fault);
}

enum err
obligations_resource_answer_missing(struct asked *asked, struct fault *fault)
{
    return answer_list(asked, STR("missing"), STR("missing"), "attachment; filename=\"braki.csv\"",
                       fault);
}

static instant
later(instant a, instant b)
{
    return a > b ? a : b;
}

static void
write_event(struct buf *out, const struct obligation_row *row)
{
    struct arena    *arena = out->arena;
    struct ics_event event = {
        .uid = str_format(arena, "obowiazek-%lld@brama", (long long)row->duty),
        .stamp = later(later(row->story.last_arrived, row->created_at), row->moved_at),
        .sequence = row->moved,
        .on = row->story.due_on,
        .summary = str_format(arena, "%.*s za %.*s: %.*s", STR_ARG(row->form_title),
                              STR_ARG(row->period), STR_ARG(row->unit_name)),
        .description = row->explanation};

    ics_event(out, &event);
    if (row->internal_on.year != 0) {
        event.uid = str_format(arena, "obowiazek-%lld-wewnetrzny@brama", (long long)row->duty);
        event.stamp = later(event.stamp, row->internal_moved_at);
        event.sequence = row->moved + row->internal_moved; /* it never stands behind the term */
        event.on = row->internal_on;
        event.summary = str_format(arena, "Termin wewnętrzny, %.*s", STR_ARG(event.summary));
        ics_event(out, &event);
    }
}

enum err
obligations_resource_answer_calendar(struct asked *asked, struct fault *fault)
{
    struct obligation_filter filter = {0};
    struct obligation_row   *rows = NULL;
    size_t                   count = 0;
    bool                     refused = false;
    struct buf               body = asked_body(asked);
    struct str               next = {0};

    TRY(obligation_filter_read(asked, STR("calendar"), &filter, &refused, fault));
    if (refused) {
        return ERR_OK;
    }
    filter.limit = CALENDAR_MAX;
    filter.only = filter.only.size > 0 ? filter.only : STR("open");
    filter.with_moves = true;
    TRY(obligation_row_read(asked, &filter, &rows, &count, &next, fault));
    ics_begin(&body, STR("-//Brama//obowiązki//PL"), STR("Sprawozdania w bramie"));
    for (size_t i = 0; i < count; i++) {
        write_event(&body, &rows[i]);
    }
    ics_end(&body);
    return asked_answer_tagged(asked, &body, fault);
}
