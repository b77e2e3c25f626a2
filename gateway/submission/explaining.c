#include "gateway/submission/explaining.h"

#include "gateway/log/log.h"
#include "gateway/obligation/settling.h"
#include "gateway/submission/coded.h"
#include "gateway/submission/explaining_list.h"
#include "gateway/submission/refusal.h"
#include "gateway/wire/blob.h"

enum { ONE_MAX = 64 * 1024, LIST_MAX = 16 * 1024 * 1024 };

static const struct coded_source codes = {"wyjasnienia-zapytan", "/api/v1/explanation-codes",
                                          "Pole code", "Pole text"};

/* What ends an entry that is not kept, for a person; of which problem it is when it stands alone.
 */
static const struct {
    enum problem problem;
    const char  *text;
} ends[] = {
    [EXPLANATION_ABSENT] =
        {PROBLEM_NOT_FOUND,
                              "Nie ma takiej uwagi albo sprawozdanie nie należy do jednostki, w "
         "której imieniu działasz. Numery podaje /api/v1/submissions/{id}/findings, a "
         "zestawu /api/v1/sets/{id}."                                                                                                    },
    [EXPLANATION_NO_QUERY] = {PROBLEM_STATE,     "Ta uwaga nie jest zapytaniem do przyjętego "
                                             "sprawozdania, więc nie czeka na wyjaśnienie."},
    [EXPLANATION_CHANGED] =
        {PROBLEM_CHANGED,
                              "Wyjaśnienie zmieniono albo złożenie rozstrzygnięto na nowo po pobraniu tego "
         "stanu. Pobierz uwagi jeszcze raz i zdecyduj."                                                                                  },
    [EXPLANATION_OTHER] = {PROBLEM_STATE,
                              "Pod tym numerem jest uwaga o innym kodzie. Pobierz listę jeszcze raz."                                   },
    [EXPLANATION_TWICE] = {PROBLEM_STATE,
                              "Taka sama uwaga stoi w pliku wcześniej z innym wyjaśnieniem, a brama "
                           "zapisuje jedno dla obu. Podaj przy obu to samo albo zostaw jedno."                                           },
    [EXPLANATION_CLOSED] = {PROBLEM_STATE,
                              "Ta uwaga jest zamknięta: zestaw porównano od tego czasu ponownie. "
                            "Pobierz uwagi jeszcze raz."                                                                                 },
    [EXPLANATION_FULL] = {PROBLEM_STATE,
                              "To wyjaśnienie zmieniono już 100 razy; dalszych zmian brama nie "
                          "zapisuje."                                                                                                    },
};

/* What was written is counted in what is owed, if it is of a submission, and committed. */
static enum err
commit(struct bench *bench, struct arena *arena, const struct filing *filing,
       const struct explanation *made, struct fault *fault)
{
    enum err got =
        filing->set > 0 ? ERR_OK : settling_run(bench->store, arena, &filing->about, 1, fault);

    got = got == ERR_OK ? store_commit(bench->store, fault) : got;
    if (got != ERR_OK) {
        store_rollback(bench->store);
        return got;
    }
    if (filing->set > 0) {
        log_begin(LOG_INFO, "set.explained");
        log_number("set", (int64_t)filing->set);
    } else {
        log_begin(LOG_INFO, "submission.explained");
        log_uuid("submission", filing->about);
    }
    log_uuid("request", filing->request);
    log_number("explanations", (int64_t)made->kept);
    log_end();
    return ERR_OK;
}

static void
write_one(struct buf *answer, const struct explanation_entry *entry)
{
    struct json json = json_create(answer);

    json_object_begin(&json);
    json_member(&json, "state", STR("explained"));
    json_key(&json, "revision");
    json_number(&json, entry->now % EXPLANATION_TAG_UNIT);
    json_member(&json, "code", entry->code);
    json_member(&json, "text", entry->text);
    json_object_end(&json);
}

static enum err
answer_one(const struct refusal *refusal, const struct explanation *made,
           const struct explanation_entry *entry)
{
    if (made->mandate != MANDATE_HOLDS) {
        return refusal_mandate(refusal, made->mandate);
    }
    if (entry->end == EXPLANATION_KEPT || entry->end == EXPLANATION_SAME) {
        write_one(refusal->answer, entry);
        refusal->news->revision = entry->now;
        return ERR_OK;
    }
    ENSURE((size_t)entry->end < ARRAY_COUNT(ends) && ends[entry->end].text != NULL);
    return refusal_make(refusal, ends[entry->end].problem, str_of(ends[entry->end].text));
}

enum err
explaining_one(struct bench *bench, struct batch *batch, struct buf *answer,
               struct filing_news *news, struct fault *fault)
{
    struct submission       *submission = &batch->items[0];
    const struct filing     *filing = &submission->filing;
    const struct refusal     refusal = {bench, filing, answer, news};
    struct coded             coded = {0};
    struct explanation       made = {0};
    struct explanation_entry entry = {
        .report = filing->report, .finding = filing->finding, .tag = filing->revision};
    struct explanation_request request = {.id = filing->about,
                                          .set = filing->set,
                                          .mandate = refusal_mandate_of(filing),
                                          .entries = &entry,
                                          .count = 1};

    TRY(blob_map(batch->arena, submission->document, ONE_MAX, &submission->bytes, fault));
    if (!coded_read(batch->arena, submission->bytes, &coded)) {
        return refusal_make(&refusal, PROBLEM_BAD_BODY, STR(CODED_SHAPE));
    }
    struct str wrong = coded_find_fault(bench, batch->arena, &codes, filing->last_byte, &coded);
    if (wrong.size > 0) {
        return refusal_make(&refusal, PROBLEM_BAD_DATA, wrong);
    }
    if (filing->revision == FILING_REVISION_NONE) {
        return refusal_make(&refusal, PROBLEM_NO_IF_MATCH,
                            STR("Podaj nagłówek If-Match z ETag, który zwróciło GET tego adresu."));
    }
    entry.code = coded.code;
    entry.text = coded.text;
    TRY(explanation_give(bench->store, batch->arena, &request, &made, fault));
    if (made.open) {
        TRY(commit(bench, batch->arena, filing, &made, fault));
    }
    return answer_one(&refusal, &made, &entry);
}

static void
write_faults(struct json *json, const struct explaining_list *list)
{
    json_key(json, "faults");
    json_array_begin(json);
    for (size_t i = 0; i < list->fault_count; i++) {
        const struct explaining_fault *wrong = &list->faults[i];
        json_object_begin(json);
        json_key(json, "line");
        json_number(json, (int64_t)wrong->line);
        json_key(json, "finding");
        if (wrong->finding == 0) {
            json_absent(json);
        } else {
            json_number(json, (int64_t)wrong->finding);
        }
        json_member(json, "detail", wrong->detail);
        json_object_end(json);
    }
    json_array_end(json);
}

/* What the store said of the rows joins what was wrong with them before. */
static void
collect_faults(struct explaining_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct explanation_entry *entry = &list->entries[i];
        if (entry->end != EXPLANATION_KEPT && entry->end != EXPLANATION_SAME) {
            ENSURE((size_t)entry->end < ARRAY_COUNT(ends) && ends[entry->end].text != NULL);
            (void)explaining_list_add_fault(list, list->lines[i], entry->finding,
                                            str_of(ends[entry->end].text));
        }
    }
}

/* By line, as they stand in the file: two runs, each in that order. */
static void
sort_faults(struct explaining_list *list)
{
    for (size_t i = 1; i < list->fault_count; i++) {
        struct explaining_fault moved = list->faults[i];
        size_t                  at = i;
        for (; at > 0 && list->faults[at - 1].line > moved.line; at--) {
            list->faults[at] = list->faults[at - 1];
        }
        list->faults[at] = moved;
    }
}

static enum err
answer_all(const struct refusal *refusal, const struct explanation *made,
           const struct explaining_list *list, bool written)
{
    struct json json = {0};

    if (list->fault_count > 0 && !refusal->filing->partial) {
        json = refusal_begin(refusal, PROBLEM_BAD_DATA,
                             STR("Nie zapisano żadnego wyjaśnienia, bo nie każde da się przyjąć. "
                                 "Popraw wiersze z pola faults albo wyślij listę z partial=true, a "
                                 "brama zapisze pozostałe."));
    } else {
        json = json_create(refusal->answer);
        json_object_begin(&json);
        json_key(&json, "kept");
        json_number(&json, written ? (int64_t)made->kept : 0);
        json_key(&json, "same");
        json_number(&json, (int64_t)made->same);
        json_key(&json, "left");
        json_number(&json, (int64_t)list->left);
    }
    write_faults(&json, list);
    json_object_end(&json);
    return ERR_OK;
}

enum err
explaining_all(struct bench *bench, struct batch *batch, struct buf *answer,
               struct filing_news *news, struct fault *fault)
{
    struct submission     *submission = &batch->items[0];
    const struct filing   *filing = &submission->filing;
    const struct refusal   refusal = {bench, filing, answer, news};
    struct explaining_list list = {0};
    struct explanation     made = {0};

    TRY(blob_map(batch->arena, submission->document, LIST_MAX, &submission->bytes, fault));
    const struct explaining_sent sent = {bench, filing->about, filing->set, filing->last_byte,
                                         submission->bytes};
    TRY(explaining_list_read(batch->arena, &sent, &list, fault));
    if (list.refused.size > 0) {
        return refusal_make(&refusal, PROBLEM_BAD_BODY, list.refused);
    }
    const struct explanation_request request = {.id = filing->about,
                                                .set = filing->set,
                                                .mandate = refusal_mandate_of(filing),
                                                .entries = list.entries,
                                                .count = list.count,
                                                .partial = filing->partial,
                                                .look_only =
                                                    list.fault_count > 0 && !filing->partial};
    TRY(explanation_give(bench->store, batch->arena, &request, &made, fault));
    if (made.open) {
        TRY(commit(bench, batch->arena, filing, &made, fault));
    }
    if (made.mandate != MANDATE_HOLDS) {
        return refusal_mandate(&refusal, made.mandate);
    }
    collect_faults(&list);
    sort_faults(&list);
    return answer_all(&refusal, &made, &list, made.open);
}
