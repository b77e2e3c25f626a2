#include "gateway/people/objection_answer.h"

#include "validators/base/scalar.h"

#include <string.h>

enum { DIGEST_DIGITS = 64 };

#define COLUMNS                                                                    \
    "SELECT t.objection, t.code, t.form_version, t.owner, t.reason, t.decided_at," \
    " t.revision, t.outcome, t.remedy, t.off_since, t.release, t.answer, t.given_at FROM "
#define NEWEST_FIRST " t ORDER BY t.objection DESC"

static const char *const list_sql[] = {
    [OBJECTION_OWNER] = COLUMNS "people.rule_objections(NULL, $2, $1, $3)" NEWEST_FIRST,
    [OBJECTION_OPERATOR] = COLUMNS "intake.objections_told(NULL, NULL, $2, $1, $3)" NEWEST_FIRST,
};
static const char *const find_sql[] = {
    [OBJECTION_OWNER] = COLUMNS "people.rule_objections($1, 0, false, 1) t",
    [OBJECTION_OPERATOR] = COLUMNS "intake.objections_told(NULL, $1, 0, false, 1) t",
};
static const char *const put_sql[] = {
    [OBJECTION_OWNER] = "SELECT p.result, p.answered"
                        " FROM people.answer_objection($1, $2, $3, $4, $5, $6, $7) p",
    [OBJECTION_OPERATOR] = "SELECT p.result, p.answered"
                           " FROM intake.answer_as_operator($1, $2, $3, $4, $5, $6, $7) p",
};

static struct objection_told
read_one(const struct store_rows *rows, size_t row)
{
    return (struct objection_told){
        .objection = store_number(rows, row, 0),
        .code = store_text(rows, row, 1),
        .form_version = store_text(rows, row, 2),
        .owner = store_text(rows, row, 3),
        .reason = store_text(rows, row, 4),
        .decided_at = store_instant(rows, row, 5),
        .revision = store_number(rows, row, 6),
        .outcome = store_text(rows, row, 7),
        .remedy = store_text(rows, row, 8),
        .off_since = store_instant(rows, row, 9),
        .release = store_text(rows, row, 10),
        .answer = store_text(rows, row, 11),
        .given_at = store_instant(rows, row, 12),
    };
}

enum err
objection_answer_list(struct store *store, struct arena *arena, enum objection_answerer who,
                      struct objection_page *page, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_truth(&parameters, page->open);
    store_put_number(&parameters, page->before);
    store_put_integer(&parameters, OBJECTION_PAGE + 1);
    TRY(store_run(store, list_sql[who], &parameters, arena, &rows, fault));
    size_t                 found = store_row_count(&rows);
    struct objection_told *items = ARENA_NEW(arena, struct objection_told, found + 1);
    if (items == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu objections", found);
    }
    page->count = found > OBJECTION_PAGE ? OBJECTION_PAGE : found;
    for (size_t i = 0; i < page->count; i++) {
        items[i] = read_one(&rows, i);
    }
    page->items = items;
    page->next = found > OBJECTION_PAGE ? items[page->count - 1].objection : 0;
    return ERR_OK;
}

enum err
objection_answer_find(struct store *store, struct arena *arena, enum objection_answerer who,
                      struct objection_told *told, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, told->objection);
    TRY(store_run(store, find_sql[who], &parameters, arena, &rows, fault));
    *told = store_row_count(&rows) > 0 ? read_one(&rows, 0) : (struct objection_told){0};
    return ERR_OK;
}

static size_t
count_characters(struct str text)
{
    struct scalar character;
    size_t        count = 0;

    while (scalar_next(&text, &character)) {
        count++;
    }
    return count;
}

const char *
objection_answer_fault(const struct objection_answer *answer)
{
    bool accepted = str_equal(answer->outcome, STR("accepted"));
    bool releases = str_equal(answer->remedy, STR("release"));
    bool digest = answer->release.size == DIGEST_DIGITS;

    if (!accepted && !str_equal(answer->outcome, STR("declined"))) {
        return "odpowiedź ma być accepted (uznane) albo declined (nieuznane)";
    }
    if (!accepted && answer->remedy.size > 0) {
        return "co wynika z odpowiedzi, podaje się tylko wtedy, gdy zastrzeżenie jest uznane";
    }
    if (accepted
        && (answer->remedy.size == 0
            || !str_has_word(STR("rule-change rule-off release"), answer->remedy))) {
        return "uznane zastrzeżenie ma skutek: rule-change (reguła zostanie zmieniona), rule-off "
               "(jest wyłączona) albo release (zmieniło ją wydanie)";
    }
    for (size_t i = 0; i < answer->release.size; i++) {
        digest = digest && strchr("0123456789abcdef", answer->release.data[i]) != NULL;
    }
    if (releases ? !digest : answer->release.size > 0) {
        return releases ? "przy release podaje się skrót wydania (SHA-256 szesnastkowo)"
                        : "skrót wydania podaje się tylko przy release";
    }
    if (answer->reason.size == 0 || count_characters(answer->reason) > OBJECTION_REASON_MAX) {
        return "uzasadnienie ma mieć od 1 do 1000 znaków";
    }
    return NULL;
}

static enum objection_end
end_of(struct str word)
{
    static const struct str words[] = {
        [OBJECTION_ANSWERED] = STR_INIT("done"),
        [OBJECTION_ABSENT] = STR_INIT("absent"),
        [OBJECTION_CHANGED] = STR_INIT("changed"),
        [OBJECTION_RULE_ON] = STR_INIT("rule-on"),
        [OBJECTION_NO_RELEASE] = STR_INIT("no-release"),
        [OBJECTION_TOO_MANY] = STR_INIT("too-many"),
    };
    size_t end = 0;

    while (end < ARRAY_COUNT(words) && !str_equal(words[end], word)) {
        end++;
    }
    ENSURE(end < ARRAY_COUNT(words));
    return (enum objection_end)end;
}

enum err
objection_answer_put(struct store *store, struct arena *arena, enum objection_answerer who,
                     struct objection_answer *answer, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    ENSURE(objection_answer_fault(answer) == NULL);
    store_put_number(&parameters, answer->objection);
    store_put_integer(&parameters, (int32_t)answer->revision);
    store_put_text(&parameters, answer->outcome);
    store_put_text(&parameters, answer->remedy.size == 0 ? STR("") : answer->remedy);
    store_put_text(&parameters, answer->release.size == 0 ? STR("") : answer->release);
    store_put_text(&parameters, answer->reason);
    store_put_truth(&parameters, answer->alike);
    TRY(store_run(store, put_sql[who], &parameters, arena, &rows, fault));
    answer->end = end_of(store_text(&rows, 0, 0));
    answer->count = store_number(&rows, 0, 1);
    return ERR_OK;
}
