#include "gateway/courier/mail_trade.h"

#include "gateway/failpoint/failpoint.h"
#include "gateway/fingerprint/fingerprint.h"
#include "gateway/letter/letter.h"
#include "gateway/letter/letter_text.h"
#include "gateway/log/log.h"
#include "gateway/metrics/metrics.h"
#include "gateway/outbox/mailing.h"
#include "gateway/people/secret.h"
#include "gateway/ticks/ticks.h"

#define CLAIM_MEMORY ((size_t)4 * 1024 * 1024)
#define END_MEMORY ((size_t)256 * 1024)

enum {
    STATUS_LATER = 400,
    STATUS_NEVER = 500,
    STATUS_TOO_BIG = 552, /* to MAIL with its SIZE (RFC 1870) */
    STATUS_END = 600,
    PAUSE_FIRST_MS = 5000,
    PAUSE_MAX_MS = 600000,
    ANSWER_MAX = 16384,
};

/* 5 s, 10 s, ... 10 min. */
static int64_t
relay_pause(int failures)
{
    int64_t pause = PAUSE_FIRST_MS;

    for (int i = 1; i < failures && pause < PAUSE_MAX_MS; i++) {
        pause *= 2;
    }
    return pause < PAUSE_MAX_MS ? pause : PAUSE_MAX_MS;
}

/* From the recipient on whatever happens is this letter's, silence too: another address may do
 * better, and one that does not must not keep the others waiting. */
static bool
is_of_the_letter(const struct carrier_answer *answer)
{
    return answer->step >= SMTP_RECIPIENT
           || (answer->step == SMTP_SENDER && answer->status == STATUS_TOO_BIG);
}

static struct str
refusal_of(const struct carrier_answer *answer, struct arena *arena)
{
    const char *what = answer->step == SMTP_DATA        ? "treści listu"
                       : answer->step == SMTP_RECIPIENT ? "adresata"
                                                        : "listu tej wielkości";

    return str_format(arena, "serwer poczty nie przyjął %s: kod %d", what, answer->status);
}

void
mail_trade_judge(const struct carrier_answer *answer, struct arena *arena,
                 struct mailing_attempt *out)
{
    int  status = answer->status;
    bool refused = status >= STATUS_LATER && status < STATUS_END;

    *out = (struct mailing_attempt){.end = MAILING_WAITS, .status = status};
    if (answer->whole) {
        out->end = MAILING_SENT;
        out->outcome = STR("przyjęty przez serwer poczty");
    } else if (!is_of_the_letter(answer)) {
        out->outcome = refused ? str_format(arena, "serwer poczty odmówił nam kodem %d", status)
                               : str_of(answer->trouble);
    } else if (!refused) {
        out->end = MAILING_LATER;
        out->outcome = answer->step == SMTP_DATA
                           ? STR("połączenie urwało się w czasie przekazywania listu")
                           : STR("serwer poczty nie odpowiedział na adres odbiorcy");
    } else {
        /* A relay may say 552 of its own room as well, and that changes. */
        out->end =
            status < STATUS_NEVER || answer->step == SMTP_SENDER ? MAILING_LATER : MAILING_REFUSED;
        out->outcome = refusal_of(answer, arena);
    }
}

static void
note_relay(struct trade_tools *tools, struct mailing_attempt *attempt)
{
    int64_t now = ticks_ms();

    if (attempt->end != MAILING_WAITS) {
        if (tools->mail_failures > 0) {
            log_begin(LOG_INFO, "mail.relay_back");
            log_number("failures", tools->mail_failures);
            log_end();
        }
        tools->mail_failures = 0;
        tools->mail_resume_at = 0;
        return;
    }
    metrics_add(METRIC_MAIL_RELAY_FAILURES, 1);
    if (now >= tools->mail_resume_at) { /* others that ran beside it are the same failure */
        tools->mail_failures++;
        attempt->pause_ms = trade_jitter(relay_pause(tools->mail_failures));
        tools->mail_resume_at = now + attempt->pause_ms;
        log_begin(LOG_WARNING, "mail.relay_failed");
        log_number("failures", tools->mail_failures);
        log_number("status", attempt->status);
        log_text("outcome", attempt->outcome);
        log_end();
    }
    attempt->pause_ms = tools->mail_resume_at - now;
}

static enum err
record(struct trade_tools *tools, struct arena *arena, const struct mailing *mailing,
       const struct mailing_attempt *attempt, struct fault *fault)
{
    static const enum metric metrics[] = {
        [MAILING_SENT] = METRIC_LETTERS_SENT,       [MAILING_LATER] = METRIC_LETTERS_LATER,
        [MAILING_WAITS] = METRIC_LETTERS_LATER,     [MAILING_REFUSED] = METRIC_LETTERS_REFUSED,
        [MAILING_DROPPED] = METRIC_LETTERS_DROPPED,
    };
    bool over = false;

    metrics_add(metrics[attempt->end], 1);
    TRY(mailing_record(tools->store, arena, mailing, attempt, &over, fault));
    if (over) {
        log_begin(LOG_WARNING, "mail.given_up");
        log_uuid("letter", mailing->letter);
        log_text("kind", mailing->kind);
        log_number("status", attempt->status);
        log_end();
    }
    return ERR_OK;
}

static void
mail_gone(struct trade_tools *tools, const struct cargo *cargo)
{
    (void)cargo;
    ENSURE(tools->mails_running > 0);
    tools->mails_running--;
}

static enum err
mail_ended(struct trade_tools *tools, struct cargo *cargo, const struct carrier_answer *answer,
           struct fault *fault)
{
    const struct mailing  *mailing = cargo->load;
    struct mailing_attempt attempt = {0};

    mail_trade_judge(answer, cargo->arena, &attempt);
    attempt.pause_ms = trade_jitter(mailing_pause_ms(mailing->attempts + 1));
    note_relay(tools, &attempt);
    FAILPOINT_REACH(COURIER_ANSWERED);
    return record(tools, cargo->arena, mailing, &attempt, fault);
}

/* A letter with a link; *found false: what it is about is over. */
static enum err
compose_link(struct trade_tools *tools, struct arena *arena, const struct mailing *mailing,
             struct letter_text *out, bool *found, struct fault *fault)
{
    struct mailing_link facts = {0};
    unsigned char       digest[SECRET_DIGEST_SIZE];
    struct letter_link  link = {.public_url = tools->config->public_url, .name = mailing->name};

    TRY(secret_make(arena, (struct str){0}, &link.secret, digest, fault));
    TRY(mailing_open_link(tools->store, arena, mailing->letter, fingerprint_str(digest), &facts,
                          fault));
    *found = facts.open;
    link.title = facts.title;
    link.place = facts.place;
    link.giver = facts.giver;
    link.until = facts.until;
    *out = str_equal(mailing->kind, STR("invitation")) ? letter_text_invitation(arena, &link)
                                                       : letter_text_restoration(arena, &link);
    return ERR_OK;
}

/* The whole message. ERR_DENIED: there is no address that it could go to. */
static enum err
write_message(struct trade_tools *tools, struct arena *arena, const struct mailing *mailing,
              const struct letter_text *text, struct buf *out, struct fault *fault)
{
    struct buf id = buf_create(arena, UUID_TEXT_SIZE);
    bool       is_test = tools->config->environment == CONFIG_TEST;

    uuid_write(&id, mailing->letter);
    const struct letter letter = {
        .id = buf_str(&id),
        .from = {tools->config->mail_from, tools->config->mail_name},
        .to = {mailing->email,           mailing->name           },
        .subject = str_format(arena, "%s%.*s", is_test ? "[TEST] " : "", STR_ARG(text->subject)),
        .text = text->text,
        .at = mailing->made / INSTANT_PER_SECOND,
    };
    return letter_write(out, &letter, fault);
}

/* Ended before it was begun, in memory of its own: the letter may have filled the rest. */
static enum err
end_early(struct trade_tools *tools, const struct mailing *mailing, enum mailing_end end,
          struct str outcome, struct fault *fault)
{
    const struct mailing_attempt attempt = {.end = end, .outcome = outcome};
    struct arena                *arena = arena_create(END_MEMORY);
    enum err                     got = record(tools, arena, mailing, &attempt, fault);

    arena_destroy(arena);
    return got;
}

/* What the letter says and the message that bears it. *found false: what it is about is over;
 * ERR_MEMORY: this letter cannot be composed, at no attempt. */
static enum err
compose(struct trade_tools *tools, struct arena *arena, const struct mailing *claimed,
        struct buf *message, bool *found, struct fault *fault)
{
    struct letter_text text = {claimed->subject, claimed->body};

    *found = true;
    if (claimed->has_link) {
        TRY(compose_link(tools, arena, claimed, &text, found, fault));
    } else if (str_equal(claimed->kind, STR("test"))) {
        text = letter_text_test(arena, tools->config->public_url);
    }
    if (!*found) {
        return ERR_OK;
    }
    return text.text.data == NULL ? FAIL(fault, ERR_MEMORY, "a letter")
                                  : write_message(tools, arena, claimed, &text, message, fault);
}

static enum err
begin(struct trade_tools *tools, struct cargo *cargo, struct str message, struct fault *fault)
{
    const struct config   *config = tools->config;
    const struct mailing  *mailing = cargo->load;
    struct arena          *arena = cargo->arena;
    struct str             domain = letter_domain(config->mail_from);
    struct carrier_request request = {
        .way = CARRIER_MAIL,
        .url = str_format(arena, "%.*s/%.*s", STR_ARG(config->mail_url), STR_ARG(domain)).data,
        .body = message,
        .time_max_ms = MAIL_TRADE_MS,
        .answer_max = ANSWER_MAX,
        .envelope = {.from = str_copy(arena, config->mail_from).data,
                     .to = str_copy(arena, mailing->email).data,
                     .user = config->mail_user.size == 0 ? NULL
                                                         : str_copy(arena, config->mail_user).data,
                     .password = tools->mail_password,
                     .starttls = config->mail_starttls != 0},
    };

    if (request.url == NULL || request.envelope.from == NULL || request.envelope.to == NULL) {
        return FAIL(fault, ERR_MEMORY, "a letter");
    }
    cargo->gone = mail_gone;
    cargo->ended = mail_ended;
    TRY(trade_carry(tools, cargo, &request, fault));
    tools->mails_running++;
    return ERR_OK;
}

/* Everything that the exchange borrows lives in the cargo, and so does the secret of a link. */
static enum err
send_one(struct trade_tools *tools, struct cargo *cargo, const void *row, struct fault *fault)
{
    const struct mailing *claimed = row;
    struct arena         *arena = cargo->arena;
    struct mailing       *mailing = ARENA_NEW(arena, struct mailing, 1);
    struct buf            message = buf_create(arena, LETTER_SIZE_MAX);
    bool                  found = true;

    if (mailing == NULL) {
        return FAIL(fault, ERR_MEMORY, "a letter");
    }
    *mailing = *claimed;
    mailing->email = str_copy(arena, claimed->email);
    mailing->kind = str_copy(arena, claimed->kind);
    cargo->load = mailing;
    if (!letter_address_ok(claimed->email)) {
        return end_early(tools, claimed, MAILING_REFUSED,
                         STR("na ten adres nie da się wysłać listu"), fault);
    }
    enum err got = compose(tools, arena, claimed, &message, &found, fault);
    if (got == ERR_MEMORY) {
        return end_early(tools, claimed, MAILING_REFUSED,
                         STR("listu nie da się utworzyć, bo jest za długi"), fault);
    }
    TRY(got);
    if (!found) {
        return end_early(tools, claimed, MAILING_DROPPED,
                         STR("odnośnik wykorzystano, wycofano albo minął jego czas"), fault);
    }
    return begin(tools, cargo, buf_str(&message), fault);
}

static enum err
drop_stale(struct trade_tools *tools, struct arena *arena, struct fault *fault)
{
    int64_t count = 0;

    TRY(mailing_drop_stale(tools->store, arena, &count, fault));
    metrics_add(METRIC_LETTERS_DROPPED, count);
    return ERR_OK;
}

enum err
mail_trade_claim(struct trade_tools *tools, size_t *begun, struct fault *fault)
{
    size_t          together = tools->mail_failures > 0 ? 1 : MAIL_TRADE_TOGETHER;
    struct mailing *list = NULL;

    *begun = 0;
    if (tools->config->mail_url.size == 0 || tools->mails_running >= together
        || ticks_ms() < tools->mail_resume_at) {
        return ERR_OK;
    }
    struct arena             *arena = arena_create(CLAIM_MEMORY);
    const struct mailing_wish wish = {.count_max = (int64_t)(together - tools->mails_running),
                                      .in_turn = tools->mail_failures > 0};
    enum err                  got = drop_stale(tools, arena, fault);
    if (got == ERR_OK) {
        got = mailing_claim(tools->store, arena, &wish, &list, begun, fault);
    }
    if (got == ERR_OK && *begun > 0) {
        FAILPOINT_REACH(COURIER_CLAIMED);
        const struct trade_claim claim = {
            .rows = list, .row_size = sizeof *list, .count = *begun, .send = send_one};
        got = trade_send(tools, &claim, fault);
    }
    arena_destroy(arena);
    return got;
}
