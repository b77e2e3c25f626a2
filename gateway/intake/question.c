#include "gateway/intake/question.h"

#include "validators/calendar/workday.h"

enum { DAY_TEXT_SIZE = 16 };

static const char note_sql[] =
    "INSERT INTO intake.question AS k"
    "  (submission, report, asked_at, days, until, calendar, unit, subject) "
    "SELECT q.submission, q.report, timestamptz 'epoch' + q.asked_at * interval '1 microsecond', "
    "  $5, q.until::date, $6, nullif(q.unit, 0), q.subject "
    "FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::text[], $7::bigint[], $8::bigint[])"
    "    AS q (submission, report, asked_at, until, unit, subject) "
    "ON CONFLICT (submission, report) DO UPDATE SET unit = excluded.unit"
    "    WHERE k.unit IS DISTINCT FROM excluded.unit";

struct questions {
    struct uuid *ids;
    int64_t     *reports;
    int64_t     *asked;
    struct str  *until;
    int64_t     *units;
    int64_t     *subjects;
    size_t       count;
};

static bool
asks(const struct decided_report *report)
{
    for (size_t i = 0; report->verdict == VERDICT_ACCEPTED && i < report->findings.count; i++) {
        if (report->findings.items[i].severity == SEVERITY_QUERY) {
            return true;
        }
    }
    return false;
}

static size_t
count_asking(const struct concluding *items, size_t count)
{
    size_t found = 0;

    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < conclusion_report_count(&items[i]); j++) {
            found += asks(&items[i].decided->reports[j]) ? 1 : 0;
        }
    }
    return found;
}

static enum err
questions_create(struct arena *arena, size_t room, struct questions *out, struct fault *fault)
{
    *out = (struct questions){.ids = ARENA_NEW(arena, struct uuid, room),
                              .reports = ARENA_NEW(arena, int64_t, room),
                              .asked = ARENA_NEW(arena, int64_t, room),
                              .until = ARENA_NEW(arena, struct str, room),
                              .units = ARENA_NEW(arena, int64_t, room),
                              .subjects = ARENA_NEW(arena, int64_t, room)};
    if (out->ids == NULL || out->reports == NULL || out->asked == NULL || out->until == NULL
        || out->units == NULL || out->subjects == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu reports with queries", room);
    }
    return ERR_OK;
}

static enum err
add(struct arena *arena, const struct calendar *calendar, const struct concluding *item,
    size_t report, struct questions *questions, struct fault *fault)
{
    struct buf  text = buf_create(arena, DAY_TEXT_SIZE);
    struct date day = moment_warsaw_date(item->decided_at / INSTANT_PER_SECOND);
    size_t      at = questions->count;

    date_write(&text, workday_after(day, calendar->question_days));
    if (!buf_ok(&text)) {
        return FAIL(fault, ERR_MEMORY, "the last day of a query");
    }
    questions->ids[at] = item->queued->id;
    questions->reports[at] = (int64_t)report;
    questions->asked[at] = item->decided_at;
    questions->until[at] = buf_str(&text);
    questions->units[at] = item->filed[report].unit;
    questions->subjects[at] = item->queued->subject;
    questions->count++;
    return ERR_OK;
}

static enum err
collect(struct arena *arena, const struct calendar *calendar, const struct concluding *items,
        size_t count, struct questions *out, struct fault *fault)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < conclusion_report_count(&items[i]); j++) {
            if (asks(&items[i].decided->reports[j])) {
                TRY(add(arena, calendar, &items[i], j, out, fault));
            }
        }
    }
    return ERR_OK;
}

enum err
question_note(struct store *store, struct arena *arena, const struct calendar *calendar,
              const struct concluding *items, size_t count, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct questions        questions = {0};
    size_t                  asking = count_asking(items, count);

    if (asking == 0 || calendar == NULL || calendar->question_days == 0) {
        return ERR_OK;
    }
    TRY(questions_create(arena, asking, &questions, fault));
    TRY(collect(arena, calendar, items, count, &questions, fault));
    store_put_uuids(&parameters, questions.ids, questions.count);
    store_put_numbers(&parameters, questions.reports, questions.count);
    store_put_numbers(&parameters, questions.asked, questions.count);
    store_put_texts(&parameters, questions.until, questions.count);
    store_put_integer(&parameters, calendar->question_days);
    store_put_text(&parameters, calendar->version);
    store_put_numbers(&parameters, questions.units, questions.count);
    store_put_numbers(&parameters, questions.subjects, questions.count);
    return store_run(store, note_sql, &parameters, arena, NULL, fault);
}
