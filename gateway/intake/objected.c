#include "gateway/intake/objected.h"

#include "gateway/intake/race.h"

static const char note_sql[] =
    "WITH kept AS ("
    "  INSERT INTO intake.objection (submission, n, report, code, form_version, owner, reason,"
    "    decided_at)"
    "  SELECT q.submission, q.n, q.report, q.code, q.form_version, q.owner, q.reason,"
    "    timestamptz 'epoch' + q.decided_at * interval '1 microsecond'"
    "  FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[],"
    "    $7::text[], $8::bigint[])"
    "    q (submission, n, report, code, form_version, owner, reason, decided_at)"
    "  RETURNING submission, n, report, code) "
    "INSERT INTO intake.outbox (kind, submission, n) "
    "SELECT DISTINCT 'submission.objected', k.submission, k.n FROM kept k "
    "WHERE NOT EXISTS (SELECT 1 FROM intake.objection o WHERE o.submission = k.submission"
    "  AND o.n < k.n AND o.report = k.report AND o.code = k.code)";

/* A row for each rule of each report. */
struct notes {
    struct uuid *ids;
    int64_t     *numbers;
    int64_t     *reports;
    struct str  *codes;
    struct str  *versions;
    struct str  *owners;
    struct str  *reasons;
    int64_t     *decided;
    size_t       count;
};

size_t
objected_count(const struct concluding *item)
{
    size_t count = 0;

    for (size_t i = 0; i < conclusion_report_count(item); i++) {
        count += item->decided->reports[i].objected.size > 0 ? 1 : 0;
    }
    return count;
}

static enum err
notes_create(struct arena *arena, size_t room, struct notes *out, struct fault *fault)
{
    *out = (struct notes){.ids = ARENA_NEW(arena, struct uuid, room),
                          .numbers = ARENA_NEW(arena, int64_t, room),
                          .reports = ARENA_NEW(arena, int64_t, room),
                          .codes = ARENA_NEW(arena, struct str, room),
                          .versions = ARENA_NEW(arena, struct str, room),
                          .owners = ARENA_NEW(arena, struct str, room),
                          .reasons = ARENA_NEW(arena, struct str, room),
                          .decided = ARENA_NEW(arena, int64_t, room)};
    if (out->ids == NULL || out->numbers == NULL || out->reports == NULL || out->codes == NULL
        || out->versions == NULL || out->owners == NULL || out->reasons == NULL
        || out->decided == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu objections", room);
    }
    return ERR_OK;
}

static void
add_report(const struct concluding *item, size_t ordinal, struct notes *notes)
{
    const struct decided_report *report = &item->decided->reports[ordinal];
    struct str                   rest = report->objected;
    struct str                   owners = report->objected_owners;
    struct str                   code = {0};
    struct str                   owner = {0};

    while (rest.size > 0 && str_cut(&rest, ',', &code)) {
        size_t at = notes->count;
        code = str_trim(code);
        (void)str_cut(&owners, ',', &owner);
        notes->ids[at] = item->queued->id;
        notes->numbers[at] = item->n;
        notes->reports[at] = (int64_t)ordinal;
        notes->codes[at] = code;
        notes->versions[at] = report->form == NULL ? STR("") : report->form->version;
        notes->owners[at] = owner.data == NULL ? STR("") : owner;
        notes->reasons[at] = item->queued->objection.reason;
        notes->decided[at] = item->decided_at;
        notes->count++;
    }
}

enum err
objected_note(struct store *store, struct arena *arena, const struct concluding *items,
              size_t count, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct notes            notes = {0};
    size_t                  reports = 0;

    for (size_t i = 0; i < count; i++) {
        reports += objected_count(&items[i]);
    }
    if (reports == 0) {
        return ERR_OK;
    }
    TRY(notes_create(arena, reports * OBJECTION_CODES_MAX, &notes, fault));
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < conclusion_report_count(&items[i]); j++) {
            add_report(&items[i], j, &notes);
        }
    }
    store_put_uuids(&parameters, notes.ids, notes.count);
    store_put_numbers(&parameters, notes.numbers, notes.count);
    store_put_numbers(&parameters, notes.reports, notes.count);
    store_put_texts(&parameters, notes.codes, notes.count);
    store_put_texts(&parameters, notes.versions, notes.count);
    store_put_texts(&parameters, notes.owners, notes.count);
    store_put_texts(&parameters, notes.reasons, notes.count);
    store_put_numbers(&parameters, notes.decided, notes.count);
    return race_tell(store, store_run(store, note_sql, &parameters, arena, NULL, fault), fault);
}
