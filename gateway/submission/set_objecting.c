#include "gateway/submission/set_objecting.h"

#include "gateway/intake/set_objection.h"
#include "gateway/log/log.h"
#include "gateway/metrics/metrics.h"
#include "gateway/submission/coded.h"
#include "gateway/submission/refusal.h"
#include "gateway/wire/blob.h"

/* The reason is as long as that of a filing may be (gateway/front/objecting.h). */
enum { BODY_MAX = 64 * 1024, REASON_MAX = 500 /* characters */, TIME_MAX = 48 };

/* What ends an objection that is not kept, for a person. */
static const struct {
    enum problem problem;
    const char  *text;
} ends[] = {
    [SET_OBJECTION_ABSENT] = {PROBLEM_NOT_FOUND,
                              "Nie ma takiej uwagi w tym zestawie albo dotyczy sprawozdania innej "
                              "jednostki. Numery podaje /api/v1/sets/{id}."            },
    [SET_OBJECTION_OTHER] = {PROBLEM_STATE,
                              "Pod tym numerem jest uwaga o innym kodzie. Pobierz zestaw jeszcze "
                             "raz."                                                    },
    [SET_OBJECTION_CLOSED] = {PROBLEM_STATE,
                              "Ta uwaga jest zamknięta: zestaw porównano od tego czasu ponownie. "
                              "Pobierz uwagi jeszcze raz."                             },
    [SET_OBJECTION_TAKEN] =
        {PROBLEM_STATE,     "Do tej uwagi złożono już zastrzeżenie z innym powodem, a zastrzeżenia "
                        "nie zmienia się."},
};

/* "2025-1" of "sets/2025-1/rules.xml" */
static struct str
version_of(const struct rule_entry *entry)
{
    struct str rest = entry->path;
    struct str piece = {0};
    struct str folder = STR("");

    while (str_cut(&rest, '/', &piece)) {
        folder = rest.data == NULL ? folder : piece;
    }
    return folder;
}

/* What is wrong with what was sent, in Polish; empty: nothing. */
static struct str
find_fault(const struct rule_entry *entry, const struct coded *coded)
{
    if (entry == NULL || !entry->of_set) {
        return STR("Pole code ma być kodem reguły zestawu, na przykład ZESTAW-001.");
    }
    if (coded->text.size == 0) {
        return STR("Pole text ma podać powód zastrzeżenia.");
    }
    if (coded_count_characters(coded->text) > REASON_MAX) {
        return STR("Pole text może mieć najwyżej 500 znaków. Skróć powód; szczegóły zostaw w "
                   "aktach.");
    }
    return coded_is_plain(coded->text)
               ? (struct str){0}
               : STR("Pole text ma znak sterujący. Zapisz powód zwykłym tekstem.");
}

static void
tell_kept(const struct filing *filing, const struct coded *coded)
{
    metrics_add(METRIC_OBJECTIONS, 1);
    log_begin(LOG_INFO, "set.objected");
    log_number("set", (int64_t)filing->set);
    log_text("code", coded->code);
    log_uuid("request", filing->request);
    log_end();
}

static enum err
answer_made(const struct refusal *refusal, const struct set_objection *made,
            const struct coded *coded)
{
    struct buf  at = buf_create(refusal->answer->arena, TIME_MAX);
    struct json json = {0};

    if (made->end == SET_OBJECTION_REFUSED) {
        return refusal_mandate(refusal, made->mandate);
    }
    if (made->end != SET_OBJECTION_KEPT && made->end != SET_OBJECTION_SAME) {
        ENSURE((size_t)made->end < ARRAY_COUNT(ends) && ends[made->end].text != NULL);
        return refusal_make(refusal, ends[made->end].problem, str_of(ends[made->end].text));
    }
    json = json_create(refusal->answer);
    instant_write(&at, made->at);
    json_object_begin(&json);
    json_member(&json, "state", STR("objected"));
    json_member(&json, "code", coded->code);
    json_member(&json, "text", coded->text);
    json_member(&json, "objected_at", buf_str(&at));
    json_object_end(&json);
    return ERR_OK;
}

enum err
set_objecting_run(struct bench *bench, struct batch *batch, struct buf *answer,
                  struct filing_news *news, struct fault *fault)
{
    struct submission   *submission = &batch->items[0];
    const struct filing *filing = &submission->filing;
    const struct refusal refusal = {bench, filing, answer, news};
    struct coded         coded = {0};
    struct set_objection made = {0};

    TRY(blob_map(batch->arena, submission->document, BODY_MAX, &submission->bytes, fault));
    if (!coded_read(batch->arena, submission->bytes, &coded)) {
        return refusal_make(&refusal, PROBLEM_BAD_BODY, STR(CODED_SHAPE));
    }
    const struct rule_entry *entry =
        catalogue_entry(bench->definitions.catalogue, ENTRY_OF_NO_FORM, coded.code.data);
    struct str wrong = find_fault(entry, &coded);
    if (wrong.size > 0) {
        return refusal_make(&refusal, PROBLEM_BAD_DATA, wrong);
    }
    const struct set_objection_request request = {.set = filing->set,
                                                  .finding = filing->finding,
                                                  .mandate = refusal_mandate_of(filing),
                                                  .code = coded.code,
                                                  .owner = entry->owner,
                                                  .version = version_of(entry),
                                                  .reason = coded.text};
    TRY(set_objection_make(bench->store, batch->arena, &request, &made, fault));
    if (made.end == SET_OBJECTION_KEPT) {
        tell_kept(filing, &coded);
    }
    return answer_made(&refusal, &made, &coded);
}
