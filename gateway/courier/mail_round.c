#include "gateway/courier/mail_round.h"

#include "gateway/letter/letter_digest.h"
#include "gateway/metrics/metrics.h"
#include "gateway/outbox/notice.h"

#define ROUND_MEMORY ((size_t)16 * 1024 * 1024)

enum { VERDICT_ACCEPTED = 1, VERDICT_HELD = 2, VERDICT_REJECTED = 3 };

static enum err
write_letter(struct trade_tools *tools, struct arena *arena, const struct notice_reader *reader,
             struct str kind, const struct letter_text *text, struct fault *fault)
{
    const struct str parts[2] = {text->subject, text->text};

    if (text->text.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "a letter");
    }
    if (reader->room <= 0) {
        metrics_add(METRIC_LETTERS_OMITTED, 1);
    }
    return notice_write(tools->store, arena, reader, kind, parts, fault);
}

static enum letter_standing
standing_of(const struct notice_duty *duty)
{
    if (duty->last_verdict == VERDICT_HELD) {
        return LETTER_HELD;
    }
    if (duty->last_verdict == VERDICT_REJECTED) {
        return LETTER_RETURNED;
    }
    return duty->pending ? LETTER_PENDING : LETTER_MISSING;
}

static enum err
write_digest(struct trade_tools *tools, struct arena *arena, const struct notice_reader *reader,
             const struct notice_round *round, const struct notice_duties *duties, int64_t omitted,
             struct fault *fault)
{
    struct letter_line   lines[LETTER_LINES_MAX] = {0};
    struct letter_digest digest = {
        .public_url = tools->config->public_url,
        .name = reader->name,
        .day = round->day,
        .lines = lines,
        .count = duties->count,
        .late = duties->late,
        .soon = duties->soon,
        .omitted = omitted,
        .day_max = tools->config->mail_day_max,
    };

    for (size_t i = 0; i < duties->count; i++) {
        const struct notice_duty *duty = &duties->items[i];
        lines[i] = (struct letter_line){.unit = duty->unit,
                                        .form = duty->form,
                                        .period = duty->period,
                                        .standing = standing_of(duty),
                                        .due = duty->due,
                                        .internal = duty->internal,
                                        .late = duty->late};
    }
    const struct letter_text text = letter_digest_duties(arena, &digest);
    TRY(write_letter(tools, arena, reader, STR("digest"), &text, fault));
    return reader->room > 0 && omitted > 0
               ? notice_tell_omitted(tools->store, arena, reader->person, fault)
               : ERR_OK;
}

/* One person's; nothing when there is nothing to say. */
static enum err
digest_one(struct trade_tools *tools, struct arena *arena, struct uuid person,
           const struct notice_round *round, struct fault *fault)
{
    struct notice_reader reader = {0};
    struct notice_duties duties = {0};
    int64_t              omitted = 0;
    bool                 found = false;

    TRY(notice_reader_of(tools->store, arena, person, STR("digest"), tools->config->mail_day_max,
                         &reader, &found, fault));
    if (!found) {
        return ERR_OK;
    }
    TRY(notice_duties_of(tools->store, arena, person, LETTER_LINES_MAX, &duties, fault));
    TRY(notice_omitted(tools->store, arena, person, &omitted, fault));
    if (!duties.news && omitted == 0) {
        return ERR_OK;
    }
    return write_digest(tools, arena, &reader, round, &duties, omitted, fault);
}

static enum err
write_digests(struct trade_tools *tools, struct arena *arena, bool *more, struct fault *fault)
{
    struct notice_round round = {0};
    struct uuid        *people = NULL;
    size_t              count = 0;
    bool                found = false;

    TRY(notice_round_take(tools->store, arena, tools->config->mail_digest_hour, &round, &found,
                          fault));
    if (!found) {
        return ERR_OK;
    }
    TRY(notice_round_people(tools->store, arena, round.after, MAIL_ROUND_PEOPLE, &people, &count,
                            fault));
    for (size_t i = 0; i < count; i++) {
        TRY(digest_one(tools, arena, people[i], &round, fault));
        round.after = people[i];
    }
    *more = count == MAIL_ROUND_PEOPLE;
    return notice_round_move(tools->store, arena, &round, !*more, fault);
}

static enum err
tell_results(struct trade_tools *tools, struct arena *arena, struct uuid person,
             struct fault *fault)
{
    static const enum letter_standing standings[] = {[VERDICT_ACCEPTED] = LETTER_QUERY,
                                                     [VERDICT_HELD] = LETTER_HELD,
                                                     [VERDICT_REJECTED] = LETTER_RETURNED};
    struct letter_line                lines[LETTER_LINES_MAX] = {0};
    struct notice_result             *list = NULL;
    struct notice_reader              reader = {0};
    struct letter_results             results = {.lines = lines};
    bool                              found = false;

    TRY(notice_take_results(tools->store, arena, person, LETTER_LINES_MAX, &list, &results.count,
                            &results.all, fault));
    TRY(notice_reader_of(tools->store, arena, person, STR("results"), tools->config->mail_day_max,
                         &reader, &found, fault));
    if (!found || results.all == 0) {
        return ERR_OK;
    }
    for (size_t i = 0; i < results.count; i++) {
        ENSURE(list[i].verdict >= VERDICT_ACCEPTED && list[i].verdict <= VERDICT_REJECTED);
        lines[i] = (struct letter_line){.unit = list[i].unit,
                                        .form = list[i].form,
                                        .period = list[i].period,
                                        .standing = standings[list[i].verdict]};
    }
    results.public_url = tools->config->public_url;
    results.name = reader.name;
    const struct letter_text text = letter_digest_results(arena, &results);
    return write_letter(tools, arena, &reader, STR("results"), &text, fault);
}

static enum err
write_results(struct trade_tools *tools, struct arena *arena, bool *more, struct fault *fault)
{
    struct uuid *people = NULL;
    size_t       count = 0;

    TRY(notice_result_people(tools->store, arena, tools->config->mail_results_minutes,
                             MAIL_ROUND_PEOPLE, &people, &count, fault));
    for (size_t i = 0; i < count; i++) {
        TRY(tell_results(tools, arena, people[i], fault));
    }
    *more = count == MAIL_ROUND_PEOPLE;
    return ERR_OK;
}

static enum err
write_endpoints(struct trade_tools *tools, struct arena *arena, bool *more, struct fault *fault)
{
    struct notice_endpoint *list = NULL;
    size_t                  count = 0;

    *more = false;
    TRY(notice_take_endpoints(tools->store, arena, &list, &count, fault));
    for (size_t i = 0; i < count; i++) {
        struct notice_reader reader = {0};
        bool                 found = false;
        TRY(notice_reader_of(tools->store, arena, list[i].person, STR("endpoint"),
                             tools->config->mail_day_max, &reader, &found, fault));
        if (!found) {
            continue;
        }
        const struct letter_endpoint facts = {.public_url = tools->config->public_url,
                                              .name = reader.name,
                                              .unit = list[i].unit,
                                              .label = list[i].label,
                                              .reason = list[i].reason,
                                              .endpoint = list[i].endpoint};
        const struct letter_text     text = letter_text_endpoint(arena, &facts);
        TRY(write_letter(tools, arena, &reader, STR("endpoint"), &text, fault));
    }
    return ERR_OK;
}

/* One lot, in one transaction. */
static enum err
write_lot(struct trade_tools *tools,
          enum err (*write)(struct trade_tools *tools, struct arena *arena, bool *more,
                            struct fault *fault),
          bool *more, struct fault *fault)
{
    struct arena *arena = arena_create(ROUND_MEMORY);
    bool          again = false;
    enum err      got = store_begin(tools->store, fault);

    if (got == ERR_OK) {
        got = write(tools, arena, &again, fault);
        if (got == ERR_OK) {
            got = store_commit(tools->store, fault);
        } else {
            store_rollback(tools->store);
        }
    }
    arena_destroy(arena);
    *more = *more || again;
    return got;
}

enum err
mail_round_turn(struct trade_tools *tools, bool *more, struct fault *fault)
{
    *more = false;
    TRY(write_lot(tools, write_results, more, fault));
    TRY(write_lot(tools, write_endpoints, more, fault));
    return write_lot(tools, write_digests, more, fault);
}
