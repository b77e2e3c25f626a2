#include "gateway/submission/change.h"

#include "gateway/answer/json.h"
#include "gateway/intake/correction_reason.h"
#include "gateway/intake/withdrawal.h"
#include "gateway/log/log.h"
#include "gateway/submission/coded.h"
#include "gateway/submission/refusal.h"
#include "gateway/wire/blob.h"

enum { BODY_MAX = 64 * 1024, TIME_MAX = 48 };

static const struct coded_source reasons = {"przyczyny-korekt", "/api/v1/correction-reasons",
                                            "Pole code", "Pole text"};

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
    const struct withdrawal_request request = {.id = filing->about,
                                               .mandate = refusal_mandate_of(filing)};
    const struct refusal            refusal = {bench, filing, answer, news};
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
        return refusal_make(
            &refusal, PROBLEM_STATE,
            STR("Sprawozdanie z tego złożenia jest już przyjęte, a przyjętego nie można "
                "wycofać. Żeby je zastąpić, złóż korektę z wyższą Wersją."));
    case WITHDRAWAL_REJECTED:
        return refusal_make(
            &refusal, PROBLEM_STATE,
            STR("To złożenie zwrócono już do poprawy: nie jest złożone, więc nie ma "
                "czego wycofywać."));
    case WITHDRAWAL_REFUSED:
        return refusal_mandate(&refusal, withdrawal.mandate);
    case WITHDRAWAL_FOREIGN:
        return refusal_make(
            &refusal, PROBLEM_NO_SCOPE,
            str_format(answer->arena,
                       "To złożenie wysłała jednostka %.*s, a wycofać może je tylko nadawca. "
                       "Poproś tę jednostkę o wycofanie.",
                       STR_ARG(withdrawal.sender)));
    case WITHDRAWAL_ABSENT:
        break;
    }
    return refusal_make(
        &refusal, PROBLEM_NOT_FOUND,
        STR("Nie ma takiego złożenia albo nie złożyła go jednostka, w której imieniu "
            "działasz. Wycofać może tylko nadawca."));
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
answer_reason(const struct refusal *refusal, const struct correction_reason_request *request,
              const struct correction_reason *reason)
{
    switch (reason->end) {
    case CORRECTION_REASON_KEPT:
    case CORRECTION_REASON_SAME:
        write_kept(refusal->answer, request, reason);
        refusal->news->revision = reason->revision;
        return ERR_OK;
    case CORRECTION_REASON_NO_CORRECTION:
        return refusal_make(
            refusal, PROBLEM_STATE,
            STR("To sprawozdanie nie jest przyjętą korektą: nic wcześniejszego za ten okres nie "
                "przyjęto albo jest takie samo, bajt w bajt. Przyczyny nie podaje się."));
    case CORRECTION_REASON_CHANGED:
        return refusal_make(refusal, PROBLEM_CHANGED,
                            str_format(refusal->answer->arena,
                                       "Obowiązuje wpis numer %u. Pobierz go i zdecyduj, "
                                       "czy go zastąpić.",
                                       (unsigned)reason->revision));
    case CORRECTION_REASON_FULL:
        return refusal_make(
            refusal, PROBLEM_STATE,
            STR("Przyczynę tej korekty zmieniono już 100 razy; dalszych zmian brama nie "
                "zapisuje."));
    case CORRECTION_REASON_REFUSED:
        return refusal_mandate(refusal, reason->mandate);
    case CORRECTION_REASON_ABSENT:
        break;
    }
    return refusal_make(
        refusal, PROBLEM_NOT_FOUND,
        STR("Nie ma takiego sprawozdania albo nie należy do jednostki, w której imieniu "
            "działasz. Numery podaje /api/v1/submissions/{id} w polu reports."));
}

enum err
change_reason(struct bench *bench, struct batch *batch, struct buf *answer,
              struct filing_news *news, struct fault *fault)
{
    struct submission               *submission = &batch->items[0];
    const struct filing             *filing = &submission->filing;
    struct correction_reason_request request = {.id = filing->about,
                                                .report = filing->report,
                                                .mandate = refusal_mandate_of(filing),
                                                .revision = filing->revision};
    struct correction_reason         reason = {0};
    struct coded                     coded = {0};
    const struct refusal             refusal = {bench, filing, answer, news};

    TRY(blob_map(batch->arena, submission->document, BODY_MAX, &submission->bytes, fault));
    if (!coded_read(batch->arena, submission->bytes, &coded)) {
        return refusal_make(&refusal, PROBLEM_BAD_BODY, STR(CODED_SHAPE));
    }
    struct str wrong = coded_find_fault(bench, batch->arena, &reasons, filing->last_byte, &coded);
    if (wrong.size > 0) {
        return refusal_make(&refusal, PROBLEM_BAD_DATA, wrong);
    }
    if (filing->revision == FILING_REVISION_NONE) {
        return refusal_make(&refusal, PROBLEM_NO_IF_MATCH,
                            STR("Podaj nagłówek If-Match z ETag, który zwróciło GET tego adresu; "
                                "gdy przyczyny jeszcze nie podano, jest to \"0\"."));
    }
    request.code = coded.code;
    request.text = coded.text;
    TRY(correction_reason_give(bench->store, batch->arena, &request, &reason, fault));
    return answer_reason(&refusal, &request, &reason);
}
