#include "gateway/backtest/backtest_set_text.h"

#include "validators/sets/sets.h"

#include <inttypes.h>

enum { BLANKS_BEFORE = 3, BLANKS_BEHIND_CODE = 3 };

/* clang-format off */
static const struct {
    const char *key;
    const char *column;
    const char *words;
} outcomes[BACKTEST_OUTCOMES] = {
    [BACKTEST_HOLDS]         = {"holds",         "zgodne",              "zgodnych"},
    [BACKTEST_QUERIES]       = {"queries",       "z pytaniem",          "z pytaniem"},
    [BACKTEST_WARNS]         = {"warnings",      "z ostrzeżeniem",      "z ostrzeżeniem"},
    [BACKTEST_PROPOSED]      = {"proposed",      "niezgodne na próbę",  "niezgodnych na próbę"},
    [BACKTEST_PENDING]       = {"pending",       "czekają",             "czeka na sprawozdanie"},
    [BACKTEST_IDLE]          = {"idle",          "bez porównania",      "bez porównania"},
    [BACKTEST_NOT_EVALUATED] = {"not_evaluated", "nieobliczone",        "nieobliczonych"},
};
static const struct {
    const char *key;
    const char *column;
    const char *words;
} turns[BACKTEST_TURNS] = {
    [BACKTEST_NEW]  = {"new",  "nowe niezgodności",      "nowe"},
    [BACKTEST_GONE] = {"gone", "ustające niezgodności",  "ustają"},
    [BACKTEST_SAME] = {"same", "niezgodności bez zmian", "bez zmian"},
};
/* clang-format on */

void
backtest_set_text_count(struct json *json, const char *key, uint64_t count)
{
    json_key(json, key);
    json_number(json, (int64_t)count);
}

static void
json_turns(struct json *json, const uint64_t counts[BACKTEST_TURNS])
{
    for (size_t i = 0; i < BACKTEST_TURNS; i++) {
        backtest_set_text_count(json, turns[i].key, counts[i]);
    }
}

static void
json_states(struct json *json, const struct backtest_set_totals *totals)
{
    json_key(json, "states");
    json_array_begin(json);
    for (size_t i = 0; i < (size_t)SETS_STATES * SETS_STATES; i++) {
        enum sets_state before = (enum sets_state)(i / SETS_STATES);
        enum sets_state after = (enum sets_state)(i % SETS_STATES);
        if (totals->states[before][after] > 0) {
            json_object_begin(json);
            json_member(json, "before", str_of(sets_state_name(before)));
            json_member(json, "after", str_of(sets_state_name(after)));
            backtest_set_text_count(json, "sets", totals->states[before][after]);
            json_object_end(json);
        }
    }
    json_array_end(json);
}

/* Whether a rule between reports, or what became of one, is told of this code. */
static bool
is_of_sets(const struct backtest_code *code)
{
    return code->sets + code->turns[BACKTEST_GONE] > 0;
}

static void
json_rules(struct json *json, const struct backtest_tally *tally)
{
    json_key(json, "rules");
    json_array_begin(json);
    for (size_t i = 0; i < tally->code_count; i++) {
        const struct backtest_code *code = &tally->codes[i];
        if (!is_of_sets(code)) {
            continue;
        }
        json_object_begin(json);
        json_member(json, "code", code->code);
        backtest_set_text_count(json, "sets", code->sets);
        for (size_t j = 0; j < BACKTEST_OUTCOMES; j++) {
            backtest_set_text_count(json, outcomes[j].key, code->outcomes[j]);
        }
        json_turns(json, code->turns);
        json_object_end(json);
    }
    json_array_end(json);
}

static void
json_groups(struct json *json, const struct backtest_tally *tally)
{
    json_key(json, "groups");
    json_array_begin(json);
    for (size_t i = 0; i < tally->group_count; i++) {
        const struct backtest_group *group = &tally->groups[i];
        if (group->sets == 0) {
            continue;
        }
        json_object_begin(json);
        json_member(json, "form", group->form);
        json_member(json, "kind", group->kind);
        json_member(json, "region", group->region);
        backtest_set_text_count(json, "sets", group->sets);
        json_turns(json, group->turns);
        json_object_end(json);
    }
    json_array_end(json);
}

void
backtest_set_text_json(struct json *json, const struct backtest_tally *tally)
{
    const struct backtest_set_totals *totals = &tally->sets;

    json_key(json, "sets");
    json_object_begin(json);
    backtest_set_text_count(json, "sets", totals->sets);
    backtest_set_text_count(json, "unread", totals->unread);
    json_states(json, totals);
    json_groups(json, tally);
    json_rules(json, tally);
    json_key(json, "strict");
    json_object_begin(json);
    backtest_set_text_count(json, "reports", totals->reports);
    json_turns(json, totals->stopped);
    backtest_set_text_count(json, "asked_for", totals->strict);
    json_object_end(json);
    json_object_end(json);
}

static void
csv_blanks(struct csv *csv, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        csv_field(csv, STR(""));
    }
}

static void
csv_turns(struct csv *csv, const uint64_t counts[BACKTEST_TURNS])
{
    for (size_t i = 0; i < BACKTEST_TURNS; i++) {
        csv_number(csv, counts[i]);
    }
}

void
backtest_set_text_csv_head(struct csv *csv)
{
    csv_field(csv, STR("zestawów"));
    for (size_t i = 0; i < BACKTEST_OUTCOMES; i++) {
        csv_field(csv, str_of(outcomes[i].column));
    }
    for (size_t i = 0; i < BACKTEST_TURNS; i++) {
        csv_field(csv, str_of(turns[i].column));
    }
}

void
backtest_set_text_csv_group(struct csv *csv, const struct backtest_group *group)
{
    csv_number(csv, group->sets);
    csv_blanks(csv, BACKTEST_OUTCOMES);
    csv_turns(csv, group->turns);
}

void
backtest_set_text_csv_code(struct csv *csv, const struct backtest_code *code)
{
    csv_number(csv, code->sets);
    for (size_t i = 0; i < BACKTEST_OUTCOMES; i++) {
        csv_number(csv, code->outcomes[i]);
    }
    csv_turns(csv, code->turns);
}

void
backtest_set_text_csv_strict(struct csv *csv, const struct backtest_tally *tally)
{
    if (tally->sets.reports == 0) {
        return;
    }
    csv_blanks(csv, BLANKS_BEFORE);
    csv_field(csv, STR("strict=true"));
    csv_number(csv, tally->sets.reports);
    csv_blanks(csv, BLANKS_BEHIND_CODE);
    csv_blanks(csv, 1 + BACKTEST_OUTCOMES);
    csv_turns(csv, tally->sets.stopped);
    csv_row_end(csv);
}

static void
write_turns(struct buf *out, const uint64_t counts[BACKTEST_TURNS])
{
    for (size_t i = 0; i < BACKTEST_TURNS; i++) {
        buf_format(out, "%s%s %" PRIu64, i == 0 ? "" : ", ", turns[i].words, counts[i]);
    }
    buf_byte(out, '\n');
}

static void
write_rule(struct buf *out, const struct backtest_code *code)
{
    buf_format(out, "%.*s: zestawów %" PRIu64, STR_ARG(code->code), code->sets);
    for (size_t i = 0; i < BACKTEST_OUTCOMES; i++) {
        if (code->outcomes[i] > 0) {
            buf_format(out, ", %s %" PRIu64, outcomes[i].words, code->outcomes[i]);
        }
    }
    buf_append(out, STR("; niezgodności: "));
    write_turns(out, code->turns);
}

/* Of a set that was and is inconsistent: the same; of the others by which side it is. */
static void
count_states(const struct backtest_set_totals *totals, uint64_t out[BACKTEST_TURNS])
{
    for (size_t i = 0; i < SETS_STATES; i++) {
        out[BACKTEST_NEW] += i == SETS_INCONSISTENT ? 0 : totals->states[i][SETS_INCONSISTENT];
        out[BACKTEST_GONE] += i == SETS_INCONSISTENT ? 0 : totals->states[SETS_INCONSISTENT][i];
    }
    out[BACKTEST_SAME] = totals->states[SETS_INCONSISTENT][SETS_INCONSISTENT];
}

static void
write_totals(struct buf *out, const struct backtest_set_totals *totals)
{
    uint64_t states[BACKTEST_TURNS] = {0};

    count_states(totals, states);
    buf_format(out,
               "Zestawów %" PRIu64 ": szkic uczyniłby niezgodnymi %" PRIu64
               ", przestałoby nimi być %" PRIu64 ", niezgodnych tak jak teraz %" PRIu64
               ". Nie do porównania tutaj: %" PRIu64 "\n",
               totals->sets, states[BACKTEST_NEW], states[BACKTEST_GONE], states[BACKTEST_SAME],
               totals->unread);
    buf_format(out,
               "Sprawozdań z tych dni w zestawach %" PRIu64
               ": złożone dziś ze strict=true zatrzymałby sam szkic %" PRIu64
               ", same reguły obowiązujące %" PRIu64 ", jedno i drugie %" PRIu64
               ". Z zatrzymanych przez sam szkic strict=true miało %" PRIu64 "\n",
               totals->reports, totals->stopped[BACKTEST_NEW], totals->stopped[BACKTEST_GONE],
               totals->stopped[BACKTEST_SAME], totals->strict);
}

void
backtest_set_text_write(struct buf *out, const struct backtest_tally *tally)
{
    for (size_t i = 0; i < tally->group_count; i++) {
        const struct backtest_group *group = &tally->groups[i];
        if (group->turns[BACKTEST_NEW] + group->turns[BACKTEST_GONE] > 0) {
            buf_format(out, "%.*s, %.*s, województwo %.*s: zestawów %" PRIu64 "; niezgodności: ",
                       STR_ARG(group->form), STR_ARG(group->kind), STR_ARG(group->region),
                       group->sets);
            write_turns(out, group->turns);
        }
    }
    for (size_t i = 0; i < tally->code_count; i++) {
        const struct backtest_code *code = &tally->codes[i];
        if (is_of_sets(code)
            && (code->sets > code->outcomes[BACKTEST_IDLE] || code->turns[BACKTEST_GONE] > 0)) {
            write_rule(out, code);
        }
    }
    write_totals(out, &tally->sets);
}
