#include "gateway/submission/change.h"

#include "gateway/answer/json.h"
#include "gateway/intake/correction_reason.h"
#include "gateway/intake/withdrawal.h"
#include "gateway/log/log.h"
#include "gateway/problem/problem.h"
#include "gateway/wire/blob.h"

#include <jansson.h>

enum { BODY_MAX = 64 * 1024, TIME_MAX = 48, ASCII_SPACE = 0x20, CONTINUATION = 0x80 };

#define REASONS STR("przyczyny-korekt")
#define REASON_OTHER STR("inna") /* says nothing without words */

static enum err
refuse(const struct bench *bench, const struct filing *filing, enum problem problem,
       struct str detail, struct buf *answer, struct filing_news *news)
{
    problem_write(answer, problem, bench->config->public_url, detail, (struct str){0},
                  filing->request);
    news->status = problem_status(problem);
    return ERR_OK;
}

static struct mandate
mandate_of(const struct filing *filing)
{
    return (struct mandate){.subject = filing->subject,
                            .credential = filing->credential,
                            .appointment = filing->appointment};
}

/* Who asks may not, or no more. */
static enum err
refuse_mandate(const struct bench *bench, const struct filing *filing, enum mandate_state state,
               struct buf *answer, struct filing_news *news)
{
    static const struct {
        enum problem problem;
        const char  *detail;
    } refusals[] = {
        [MANDATE_EXPIRED] = {PROBLEM_EXPIRED_CREDENTIAL,
                             "Nic nie zostało zmienione. Administrator jednostki może wydać nowe."          },
        [MANDATE_REVOKED] = {PROBLEM_REVOKED_CREDENTIAL,
                             "Nic nie zostało zmienione. Zapytaj administratora jednostki, "
                             "dlaczego je odwołano."                                                          },
        [MANDATE_ENDED] = {PROBLEM_NO_SESSION,
                             "Powołanie, w którym działasz, już się skończyło, więc nic nie zostało "
                           "zmienione. Zaloguj się ponownie i wybierz inne: PUT /api/v1/session."             },
        [MANDATE_LACKING] = {PROBLEM_NO_SCOPE,           "W roli, w której działasz, nie można tego robić."},
    };

    ENSURE((size_t)state < ARRAY_COUNT(refusals) && refusals[state].detail != NULL);
    return refuse(bench, filing, refusals[state].problem, str_of(refusals[state].detail), answer,
                  news);
}

static void
write_instant(struct json *json, const char *key, instant at)
{
    struct buf text = buf_create(json->out->arena, TIME_MAX);

    instant_write(&text, at);
    json_member(json, key, buf_str(&text));
}

static void
write_id(struct json *json, const char *key, struct uuid id)
{
    struct buf text = buf_create(json->out->arena, UUID_TEXT_SIZE);

    uuid_write(&text, id);
    json_member(json, key, buf_str(&text));
}

static void
write_withdrawn(struct buf *answer, struct uuid id, const struct withdrawal *withdrawal)
{
    struct json json = json_create(answer);

    json_object_begin(&json);
    write_id(&json, "id", id);
    json_member(&json, "state", STR("withdrawn"));
    json_member(&json, "state_text", STR("Wycofane"));
    write_instant(&json, "withdrawn_at", withdrawal->at);
    json_key(&json, "log_index");
    json_number(&json, (int64_t)withdrawal->log_index);
    json_object_end(&json);
}

/* The record of the operator, and whoever waits for it. */
static void
tell_withdrawn(struct bench *bench, const struct filing *filing,
               const struct withdrawal *withdrawal)
{
    const struct filing_news changed = {.kind = FILING_DECIDED, .id = filing->about};

    log_begin(LOG_INFO, "submission.withdrawn");
    log_uuid("submission", filing->about);
    log_uuid("request", filing->request);
    log_number("log_index", (int64_t)withdrawal->log_index);
    log_end();
    bench->neighbours.tell_all(bench->neighbours.self, &changed);
}

enum err
change_withdraw(struct bench *bench, struct batch *batch, struct buf *answer,
                struct filing_news *news, struct fault *fault)
{
    const struct filing            *filing = &batch->items[0].filing;
    const struct withdrawal_request request = {.id = filing->about, .mandate = mandate_of(filing)};
    struct withdrawal               withdrawal = {0};

    TRY(withdrawal_make(bench->store, batch->arena, &request, &withdrawal, fault));
    switch (withdrawal.end) {
    case WITHDRAWAL_DONE:
        tell_withdrawn(bench, filing, &withdrawal);
        write_withdrawn(answer, filing->about, &withdrawal);
        return ERR_OK;
    case WITHDRAWAL_REPEATED:
        write_withdrawn(answer, filing->about, &withdrawal);
        return ERR_OK;
    case WITHDRAWAL_ACCEPTED:
        return refuse(bench, filing, PROBLEM_STATE,
                      STR("Sprawozdanie z tego złożenia jest już przyjęte, a przyjętego nie można "
                          "wycofać. Żeby je zastąpić, złóż korektę z wyższą Wersją."),
                      answer, news);
    case WITHDRAWAL_REJECTED:
        return refuse(bench, filing, PROBLEM_STATE,
                      STR("To złożenie zwrócono już do poprawy: nie jest złożone, więc nie ma "
                          "czego wycofywać."),
                      answer, news);
    case WITHDRAWAL_REFUSED:
        return refuse_mandate(bench, filing, withdrawal.mandate, answer, news);
    case WITHDRAWAL_ABSENT:
        break;
    }
    return refuse(bench, filing, PROBLEM_NOT_FOUND,
                  STR("Nie ma takiego złożenia albo nie złożyła go jednostka, w której imieniu "
                      "działasz. Wycofać może tylko nadawca."),
                  answer, news);
}

static size_t
count_characters(struct str text)
{
    size_t count = 0;

    for (size_t i = 0; i < text.size; i++) {
        count += ((unsigned char)text.data[i] & 0xC0U) != CONTINUATION ? 1 : 0;
    }
    return count;
}

static bool
is_plain(struct str text)
{
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if ((byte < ASCII_SPACE && byte != '\n' && byte != '\t') || byte == 0x7F) {
            return false;
        }
    }
    return true;
}

/* What is wrong with a reason that can be read; empty: nothing. */
static struct str
find_fault(const struct bench *bench, instant now, struct str code, struct str text)
{
    const struct dictionary *reasons = catalogue_dictionary(bench->definitions.catalogue, REASONS);
    struct date              today = moment_warsaw_date(now / INSTANT_PER_SECOND);

    if (reasons == NULL || dictionary_find(reasons, code, today) == NULL) {
        return STR("Pole code ma być jednym z kodów, które podaje /api/v1/correction-reasons.");
    }
    if (count_characters(text) > CORRECTION_REASON_TEXT_MAX) {
        return STR(
            "Pole text może mieć najwyżej 1000 znaków. Skróć opis; szczegóły zostaw w aktach.");
    }
    if (!is_plain(text)) {
        return STR("Pole text ma znak sterujący. Zapisz opis zwykłym tekstem.");
    }
    if (str_equal(code, REASON_OTHER) && text.size == 0) {
        return STR("Przy kodzie inna opisz przyczynę w polu text.");
    }
    return (struct str){0};
}

/* The members of {"code":"...","text":"..."}; text may be left out or null. False: not such. */
static bool
read_reason(struct arena *arena, const json_t *entered, struct str *code, struct str *text)
{
    const json_t *code_value = json_object_get(entered, "code");
    const json_t *text_value = json_object_get(entered, "text");

    if (!json_is_string(code_value)
        || (text_value != NULL && !json_is_null(text_value) && !json_is_string(text_value))) {
        return false;
    }
    *code = str_copy(arena,
                     (struct str){json_string_value(code_value), json_string_length(code_value)});
    *text = STR("");
    if (json_is_string(text_value)) {
        *text = str_copy(arena, str_trim((struct str){json_string_value(text_value),
                                                      json_string_length(text_value)}));
    }
    return code->data != NULL && text->data != NULL;
}

static bool
read_body(struct arena *arena, struct str body, struct str *code, struct str *text)
{
    json_t *entered = json_loadb(body.data, body.size, JSON_REJECT_DUPLICATES, NULL);
    bool    read = json_is_object(entered) && read_reason(arena, entered, code, text);

    json_decref(entered); /* accepts NULL */
    return read;
}

static void
write_kept(struct buf *answer, const struct correction_reason_request *request,
           const struct correction_reason *reason)
{
    struct json json = json_create(answer);

    json_object_begin(&json);
    json_key(&json, "revision");
    json_number(&json, (int64_t)reason->revision);
    json_member(&json, "code", request->code);
    json_member(&json, "text", request->text);
    json_object_end(&json);
}

static enum err
answer_reason(const struct bench *bench, const struct filing *filing,
              const struct correction_reason_request *request,
              const struct correction_reason *reason, struct buf *answer, struct filing_news *news)
{
    switch (reason->end) {
    case CORRECTION_REASON_KEPT:
    case CORRECTION_REASON_SAME:
        write_kept(answer, request, reason);
        news->revision = reason->revision;
        return ERR_OK;
    case CORRECTION_REASON_NO_CORRECTION:
        return refuse(bench, filing, PROBLEM_STATE,
                      STR("To sprawozdanie nie jest przyjętą korektą: nic wcześniejszego za ten "
                          "okres nie przyjęto, więc przyczyny nie podaje się."),
                      answer, news);
    case CORRECTION_REASON_CHANGED:
        return refuse(bench, filing, PROBLEM_CHANGED,
                      str_format(answer->arena,
                                 "Obowiązuje wpis numer %u. Pobierz go i zdecyduj, "
                                 "czy go zastąpić.",
                                 (unsigned)reason->revision),
                      answer, news);
    case CORRECTION_REASON_FULL:
        return refuse(bench, filing, PROBLEM_STATE,
                      STR("Przyczynę tej korekty zmieniono już 100 razy; dalszych zmian brama nie "
                          "zapisuje."),
                      answer, news);
    case CORRECTION_REASON_REFUSED:
        return refuse_mandate(bench, filing, reason->mandate, answer, news);
    case CORRECTION_REASON_ABSENT:
        break;
    }
    return refuse(bench, filing, PROBLEM_NOT_FOUND,
                  STR("Nie ma takiego sprawozdania albo nie należy do jednostki, w której imieniu "
                      "działasz. Numery podaje /api/v1/submissions/{id} w polu reports."),
                  answer, news);
}

enum err
change_reason(struct bench *bench, struct batch *batch, struct buf *answer,
              struct filing_news *news, struct fault *fault)
{
    struct submission               *submission = &batch->items[0];
    const struct filing             *filing = &submission->filing;
    struct correction_reason_request request = {.id = filing->about,
                                                .report = filing->report,
                                                .mandate = mandate_of(filing),
                                                .revision = filing->revision};
    struct correction_reason         reason = {0};

    TRY(blob_map(batch->arena, submission->document, BODY_MAX, &submission->bytes, fault));
    if (!read_body(batch->arena, submission->bytes, &request.code, &request.text)) {
        return refuse(bench, filing, PROBLEM_BAD_BODY,
                      STR("Treść ma być obiektem JSON: {\"code\": \"...\", \"text\": \"...\"}."),
                      answer, news);
    }
    struct str wrong = find_fault(bench, filing->last_byte, request.code, request.text);
    if (wrong.size > 0) {
        return refuse(bench, filing, PROBLEM_BAD_DATA, wrong, answer, news);
    }
    if (filing->revision == FILING_REVISION_NONE) {
        return refuse(bench, filing, PROBLEM_NO_IF_MATCH,
                      STR("Podaj nagłówek If-Match z ETag, który zwróciło GET tego adresu; gdy "
                          "przyczyny jeszcze nie podano, jest to \"0\"."),
                      answer, news);
    }
    TRY(correction_reason_give(bench->store, batch->arena, &request, &reason, fault));
    return answer_reason(bench, filing, &request, &reason, answer, news);
}
