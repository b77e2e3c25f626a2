#include "gateway/courier/mail_round.h"

#include "gateway/letter/letter_agenda.h"
#include "gateway/letter/letter_digest.h"
#include "gateway/log/log.h"
#include "gateway/metrics/metrics.h"
#include "gateway/outbox/agenda.h"
#include "gateway/outbox/answered.h"
#include "gateway/outbox/notice.h"
#include "gateway/outbox/refused.h"
#include "gateway/outbox/turning.h"

#define ROUND_MEMORY ((size_t)16 * 1024 * 1024)
#define LETTER_MEMORY ((size_t)4 * 1024 * 1024) /* of one letter and what it tells */

enum { REFUSED_MAX = 20 }; /* invitations in one digest; the others in the next */
enum { VERDICT_ACCEPTED = 1, VERDICT_HELD = 2, VERDICT_REJECTED = 3 };

/* One that cannot be composed is not written, and the others of its lot are. */
static enum err
write_letter(struct trade_tools *tools, struct arena *arena, const struct notice_reader *reader,
             struct str kind, const struct letter_text *text, struct fault *fault)
{
    const struct str parts[2] = {text->subject, text->text};

    if (text->text.data == NULL) {
        metrics_add(METRIC_LETTERS_DROPPED, 1);
        log_begin(LOG_ERROR, "mail.not_composed");
        log_uuid("person", reader->person);
        log_text("kind", kind);
        log_end();
        return ERR_OK;
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

/* What there is to tell a person on a day. */
struct news {
    struct date          day;
    struct notice_reader reader;
    struct notice_duties duties;
    int64_t              omitted; /* letters */
    struct refused_list  refused;
};

/* What the digest said besides duties. */
static enum err
mark_told(struct trade_tools *tools, struct arena *arena, const struct news *news,
          struct fault *fault)
{
    if (news->omitted > 0) {
        TRY(notice_tell_omitted(tools->store, arena, news->reader.person, fault));
    }
    return news->refused.count > 0 ? refused_tell(tools->store, arena, &news->refused, fault)
                                   : ERR_OK;
}

static enum err
write_digest(struct trade_tools *tools, struct arena *arena, const struct news *news,
             struct fault *fault)
{
    struct letter_line    lines[LETTER_LINES_MAX] = {0};
    struct letter_refused lost[REFUSED_MAX] = {0};
    struct letter_digest  digest = {
         .public_url = tools->config->public_url,
         .name = news->reader.name,
         .day = news->day,
         .lines = lines,
         .count = news->duties.count,
         .late = news->duties.late,
         .soon = news->duties.soon,
         .omitted = news->omitted,
         .day_max = tools->config->mail_day_max,
         .refused = lost,
         .refused_count = news->refused.count,
    };

    for (size_t i = 0; i < news->duties.count; i++) {
        const struct notice_duty *duty = &news->duties.items[i];
        lines[i] = (struct letter_line){.unit = duty->unit,
                                        .form = duty->form,
                                        .period = duty->period,
                                        .standing = standing_of(duty),
                                        .due = duty->due,
                                        .internal = duty->internal,
                                        .late = duty->late};
    }
    for (size_t i = 0; i < news->refused.count; i++) {
        const struct refused *refused = &news->refused.items[i];
        lost[i] = (struct letter_refused){refused->name, refused->email, refused->place};
    }
    const struct letter_text text = letter_digest_duties(arena, &digest);
    TRY(write_letter(tools, arena, &news->reader, STR("digest"), &text, fault));
    return text.text.data != NULL && news->reader.room > 0 ? mark_told(tools, arena, news, fault)
                                                           : ERR_OK;
}

/* Who is told of a kind. */
static enum err
find_reader(struct trade_tools *tools, struct arena *arena, struct uuid person, struct str kind,
            struct notice_reader *out, struct fault *fault)
{
    const struct notice_wish wish = {person, kind, tools->config->mail_day_max};

    return notice_reader_of(tools->store, arena, &wish, out, fault);
}

/* One person's; nothing when there is nothing to say. */
static enum err
digest_one(struct trade_tools *tools, struct arena *arena, struct uuid person, struct date day,
           struct fault *fault)
{
    struct news news = {.day = day};

    TRY(find_reader(tools, arena, person, STR("digest"), &news.reader, fault));
    if (!news.reader.wants) {
        return ERR_OK;
    }
    TRY(notice_duties_of(tools->store, arena, person, LETTER_LINES_MAX, &news.duties, fault));
    TRY(notice_omitted(tools->store, arena, person, &news.omitted, fault));
    TRY(refused_of(tools->store, arena, person, REFUSED_MAX, &news.refused, fault));
    return news.duties.news || news.omitted > 0 || news.refused.count > 0
               ? write_digest(tools, arena, &news, fault)
               : ERR_OK;
}

/* What is put to one person; beyond the letters of a day it waits for the next one. */
static enum err
agenda_one(struct trade_tools *tools, struct arena *arena, struct uuid person, struct fault *fault)
{
    struct letter_matter matters[LETTER_LINES_MAX] = {0};
    struct notice_reader reader = {0};
    struct agenda        agenda = {0};

    TRY(find_reader(tools, arena, person, STR("agenda"), &reader, fault));
    if (reader.wants && reader.room <= 0) {
        return ERR_OK;
    }
    TRY(agenda_take(tools->store, arena, person, LETTER_LINES_MAX, &agenda, fault));
    if (!reader.wants || agenda.count == 0) {
        return ERR_OK;
    }
    for (size_t i = 0; i < agenda.count; i++) {
        const struct agenda_item *item = &agenda.items[i];
        matters[i] = (struct letter_matter){item->code,  item->form,    item->period, item->unit,
                                            item->until, item->arrived, item->times};
    }
    const struct letter_agenda facts = {.public_url = tools->config->public_url,
                                        .name = reader.name,
                                        .matters = matters,
                                        .count = agenda.count,
                                        .objections = agenda.objections,
                                        .corrections = agenda.corrections};
    const struct letter_text   text = letter_agenda(arena, &facts);
    return write_letter(tools, arena, &reader, STR("agenda"), &text, fault);
}

static enum err
write_digests(struct trade_tools *tools, struct arena *arena, bool *more, struct fault *fault)
{
    struct notice_round  round = {0};
    struct notice_people people = {0};
    bool                 found = false;

    TRY(notice_round_take(tools->store, arena, tools->config->mail_digest_hour, &round, &found,
                          fault));
    if (!found) {
        return ERR_OK;
    }
    TRY(notice_round_people(tools->store, arena, round.after, MAIL_ROUND_PEOPLE, &people, fault));
    for (size_t i = 0; i < people.count; i++) {
        struct arena *own = arena_create(LETTER_MEMORY);
        enum err      got = digest_one(tools, own, people.items[i], round.day, fault);
        got = got == ERR_OK ? agenda_one(tools, own, people.items[i], fault) : got;
        arena_destroy(own);
        TRY(got);
        round.after = people.items[i];
    }
    *more = people.count == MAIL_ROUND_PEOPLE;
    return notice_round_move(tools->store, arena, &round, !*more, fault);
}

static void
say_results(const struct notice_results *taken, struct letter_line *lines)
{
    static const enum letter_standing standings[] = {[VERDICT_ACCEPTED] = LETTER_QUERY,
                                                     [VERDICT_HELD] = LETTER_HELD,
                                                     [VERDICT_REJECTED] = LETTER_RETURNED};

    for (size_t i = 0; i < taken->count; i++) {
        const struct notice_result *result = &taken->items[i];
        ENSURE(result->verdict >= VERDICT_ACCEPTED && result->verdict <= VERDICT_REJECTED);
        lines[i] = (struct letter_line){.unit = result->unit,
                                        .form = result->form,
                                        .period = result->period,
                                        .standing = standings[result->verdict]};
    }
}

static void
say_turnings(const struct turnings *taken, struct letter_line *lines)
{
    for (size_t i = 0; i < taken->count; i++) {
        const struct turning *turning = &taken->items[i];
        lines[i] = (struct letter_line){.unit = turning->unit,
                                        .form = turning->form,
                                        .period = turning->period,
                                        .standing = turning->open ? LETTER_CHARGED : LETTER_CLEARED,
                                        .set = turning->state};
    }
}

static void
say_answers(const struct answered_list *taken, struct letter_answer *answers)
{
    for (size_t i = 0; i < taken->count; i++) {
        const struct answered *item = &taken->items[i];
        answers[i] = (struct letter_answer){item->code, item->form,    item->period,
                                            item->unit, item->outcome, item->remedy};
    }
}

static enum err
tell_results(struct trade_tools *tools, struct arena *arena, struct uuid person,
             struct fault *fault)
{
    struct letter_line    lines[LETTER_LINES_MAX] = {0};
    struct letter_line    turned[LETTER_TURNED_MAX] = {0};
    struct letter_answer  answers[LETTER_TURNED_MAX] = {0};
    struct answered_list  answered = {0};
    struct notice_results taken = {0};
    struct turnings       turnings = {0};
    struct notice_reader  reader = {0};

    TRY(notice_take_results(tools->store, arena, person, LETTER_LINES_MAX, &taken, fault));
    TRY(turning_take(tools->store, arena, person, LETTER_TURNED_MAX, &turnings, fault));
    TRY(answered_take(tools->store, arena, person, LETTER_TURNED_MAX, &answered, fault));
    TRY(find_reader(tools, arena, person, STR("results"), &reader, fault));
    if (!reader.wants || taken.all + turnings.all + answered.all == 0) {
        return ERR_OK;
    }
    say_results(&taken, lines);
    say_turnings(&turnings, turned);
    say_answers(&answered, answers);
    const struct letter_results results = {.public_url = tools->config->public_url,
                                           .name = reader.name,
                                           .lines = lines,
                                           .count = taken.count,
                                           .all = taken.all,
                                           .turned = turned,
                                           .turned_count = turnings.count,
                                           .turned_all = turnings.all,
                                           .answers = answers,
                                           .answer_count = answered.count,
                                           .answer_all = answered.all};
    const struct letter_text    text = letter_digest_results(arena, &results);
    return write_letter(tools, arena, &reader, STR("results"), &text, fault);
}

static enum err
write_results(struct trade_tools *tools, struct arena *arena, bool *more, struct fault *fault)
{
    struct notice_people people = {0};

    TRY(notice_result_people(tools->store, arena, tools->config->mail_results_minutes,
                             MAIL_ROUND_PEOPLE, &people, fault));
    for (size_t i = 0; i < people.count; i++) {
        struct arena *own = arena_create(LETTER_MEMORY);
        enum err      got = tell_results(tools, own, people.items[i], fault);
        arena_destroy(own);
        TRY(got);
    }
    *more = people.count == MAIL_ROUND_PEOPLE;
    return ERR_OK;
}

static enum err
tell_endpoint(struct trade_tools *tools, struct arena *arena, const struct notice_endpoint *told,
              struct fault *fault)
{
    struct notice_reader reader = {0};

    TRY(find_reader(tools, arena, told->person, STR("endpoint"), &reader, fault));
    if (!reader.wants) {
        return ERR_OK;
    }
    const struct letter_endpoint facts = {.public_url = tools->config->public_url,
                                          .name = reader.name,
                                          .unit = told->unit,
                                          .label = told->label,
                                          .reason = told->reason,
                                          .endpoint = told->endpoint};
    const struct letter_text     text = letter_text_endpoint(arena, &facts);
    return write_letter(tools, arena, &reader, STR("endpoint"), &text, fault);
}

static enum err
write_endpoints(struct trade_tools *tools, struct arena *arena, bool *more, struct fault *fault)
{
    struct notice_endpoint *list = NULL;
    size_t                  count = 0;

    *more = false;
    TRY(notice_take_endpoints(tools->store, arena, &list, &count, fault));
    for (size_t i = 0; i < count; i++) {
        struct arena *own = arena_create(LETTER_MEMORY);
        enum err      got = tell_endpoint(tools, own, &list[i], fault);
        arena_destroy(own);
        TRY(got);
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
