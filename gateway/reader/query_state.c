#include "gateway/reader/query_state.h"

#include "gateway/reader/saying.h"

enum { TAG_UNIT = 128 }; /* EXPLANATION_TAG_UNIT of gateway/intake/explanation.h */

enum place { ASKS, IN_FORCE, N, DAYS, UNTIL, LATE, REVISION, CODE, TEXT, GIVEN_AT };

static struct str
text_at(const struct store_rows *rows, size_t row, size_t column)
{
    return store_is_null(rows, row, column) ? (struct str){0} : store_text(rows, row, column);
}

static int64_t
number_at(const struct store_rows *rows, size_t row, size_t column)
{
    return store_is_null(rows, row, column) ? 0 : store_number(rows, row, column);
}

struct query_state
query_state_at(const struct store_rows *rows, size_t row, size_t column)
{
    struct query_state state = {0};

    if (store_is_null(rows, row, column + ASKS) || !store_truth(rows, row, column + ASKS)) {
        return state;
    }
    state.asks = true;
    state.revision = number_at(rows, row, column + REVISION);
    state.tag = number_at(rows, row, column + N) * TAG_UNIT + state.revision;
    state.days = number_at(rows, row, column + DAYS);
    state.until = text_at(rows, row, column + UNTIL);
    state.code = text_at(rows, row, column + CODE);
    state.text = text_at(rows, row, column + TEXT);
    if (!store_is_null(rows, row, column + GIVEN_AT)) {
        state.given_at = store_instant(rows, row, column + GIVEN_AT);
    }
    if (state.revision > 0) {
        state.state = STR("explained");
    } else {
        state.state = store_truth(rows, row, column + IN_FORCE) ? STR("open") : STR("replaced");
    }
    state.late = str_equal(state.state, STR("open")) && !store_is_null(rows, row, column + LATE)
                 && store_truth(rows, row, column + LATE);
    return state;
}

static struct str
words_of(const struct query_state *state)
{
    if (str_equal(state->state, STR("open"))) {
        return state->late ? STR("otwarte po terminie") : STR("otwarte");
    }
    if (str_equal(state->state, STR("explained"))) {
        return STR("wyjaśnione");
    }
    return state->of_set ? STR("zamknięte: zestaw porównano ponownie")
                         : STR("zamknięte: obowiązuje inna wersja");
}

void
query_state_json(struct json *json, const struct query_state *state)
{
    json_key(json, "query");
    if (!state->asks) {
        json_absent(json);
        return;
    }
    json_object_begin(json);
    json_member(json, "state", state->state);
    json_member(json, "state_text", words_of(state));
    json_key(json, "days");
    json_number(json, state->days);
    json_member(json, "until", state->until);
    json_key(json, "late");
    json_truth(json, state->late);
    json_member(json, "tag", str_format(json->out->arena, "%lld", (long long)state->tag));
    json_key(json, "explanation");
    if (state->revision == 0) {
        json_absent(json);
    } else {
        json_object_begin(json);
        json_key(json, "revision");
        json_number(json, state->revision);
        json_member(json, "code", state->code);
        json_member(json, "text", state->text);
        saying_instant(json, "given_at", state->given_at);
        json_object_end(json);
    }
    json_object_end(json);
}

void
query_state_csv_head(struct csv *csv)
{
    static const char *const names[] = {"nr uwagi", "stan zapytania",  "wyjaśnij do",
                                        "wpis",     "kod wyjaśnienia", "wyjaśnienie"};

    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        csv_field(csv, str_of(names[i]));
    }
}

void
query_state_csv(struct csv *csv, int64_t finding, const struct query_state *state)
{
    csv_number(csv, (uint64_t)finding);
    csv_field(csv, state->asks ? words_of(state) : STR(""));
    csv_field(csv, state->until);
    if (state->asks) {
        csv_number(csv, (uint64_t)state->tag);
    } else {
        csv_field(csv, STR(""));
    }
    csv_field(csv, state->code);
    csv_field(csv, state->text);
}
