#include "gateway/cli/set_view.h"

#include "gateway/cli/finding_card.h"
#include "gateway/cli/set_text.h"
#include "validators/decision/place.h"
#include "validators/rules/inspection.h"

#include <inttypes.h>

enum { MONEY_SCALE = 2 };

/* A file whose lines have been counted. */
struct counted {
    const struct input *input;
    struct place_index  index;
};

struct viewing {
    struct arena   *arena;
    struct counted *files;
    size_t          file_count;
    size_t          file_capacity;
};

static enum err
find_place(struct viewing *viewing, const struct input *input, uint32_t offset, struct place *out,
           struct fault *fault)
{
    for (size_t i = viewing->file_count; i > 0; i--) {
        if (viewing->files[i - 1].input == input) {
            *out = place_at(&viewing->files[i - 1].index, offset);
            return ERR_OK;
        }
    }
    struct counted *files = arena_reserve(viewing->arena, viewing->files, viewing->file_count,
                                          &viewing->file_capacity, sizeof *files);
    if (files == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci");
    }
    viewing->files = files;
    files[viewing->file_count].input = input;
    TRY(place_index_create(viewing->arena, input->bytes, &files[viewing->file_count].index, fault));
    *out = place_at(&files[viewing->file_count].index, offset);
    viewing->file_count++;
    return ERR_OK;
}

static struct str
xpath_of(struct arena *arena, const struct report *report, const struct sets_finding *finding)
{
    return finding->row == SETS_NO_ROW
               ? package_report_xpath(arena, report, STR(""))
               : package_cell_xpath(arena, report, finding->row, finding->column);
}

/* The reports that the charged one is held against, as contributors of that side. */
static enum err
view_contributors(struct viewing *viewing, const struct judged_set *set,
                  const struct sets_finding *finding, const struct contributors **out,
                  struct fault *fault)
{
    struct arena        *arena = viewing->arena;
    struct contributors *sides = ARENA_NEW(arena, struct contributors, CONTRIBUTORS_SIDES);
    struct contributor  *items = ARENA_NEW(arena, struct contributor, CONTRIBUTORS_MAX);

    if (sides == NULL || items == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci");
    }
    for (size_t i = 0; i < finding->contributor_count; i++) {
        const struct set_member     *member = &set->members[finding->contributors[i].report];
        const struct decided_report *report = member->report;
        struct place                 place = {0};
        bool elsewhere = member->input != set->members[finding->report].input;
        TRY(find_place(viewing, member->input, report->report->start, &place, fault));
        items[i] = (struct contributor){
            .cell = str_format(arena, "%.*s %.*s, %.*s%s%.*s", STR_ARG(report->form_title),
                               STR_ARG(report->period), STR_ARG(report->unit_name),
                               elsewhere ? ", plik " : "",
                               STR_ARG(elsewhere ? member->input->name : STR(""))),
            .file = elsewhere ? member->input->name : STR(""),
            .amount = inspection_amount(arena, finding->contributors[i].amount, MONEY_SCALE),
            .xpath = package_report_xpath(arena, report->report, STR("")),
            .offset = report->report->start,
            .line = place.line,
            .column = place.column};
        if (items[i].cell.data == NULL || items[i].xpath.data == NULL) {
            return FAIL(fault, ERR_MEMORY, "brak pamięci");
        }
    }
    sides[CONTRIBUTORS_EXPECTED] = (struct contributors){
        .items = items,
        .count = finding->contributor_count,
        .more = finding->contributor_total - finding->contributor_count,
        .rest = inspection_amount(arena, finding->contributor_rest, MONEY_SCALE)};
    *out = sides;
    return ERR_OK;
}

static enum err
view_finding(struct viewing *viewing, const struct judged_set *set,
             const struct sets_finding *finding, struct finding_view *out, struct fault *fault)
{
    const struct set_member *member = &set->members[finding->report];
    const struct report     *report = member->report->report;
    uint32_t     offset = finding->finding.offset > 0 ? finding->finding.offset : report->start;
    struct place place = {0};

    TRY(find_place(viewing, member->input, offset, &place, fault));
    *out = (struct finding_view){.code = str_of(finding->finding.code),
                                 .severity = str_of(severity_name(finding->severity)),
                                 .title = finding->title,
                                 .cell = finding->finding.cell,
                                 .line = place.line,
                                 .column = place.column,
                                 .offset = offset,
                                 .xpath = xpath_of(viewing->arena, report, finding),
                                 .found = finding->finding.found,
                                 .expected = finding->finding.expected,
                                 .difference = finding->finding.difference,
                                 .fix = finding->fix,
                                 .basis = finding->rule->entry->basis};
    if (out->xpath.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci");
    }
    return view_contributors(viewing, set, finding, &out->contributors, fault);
}

/* "2026-Q1" */
static struct str
period_text(struct arena *arena, const struct period *period)
{
    return str_format(arena, period->kind == PERIOD_MONTH ? "%d-%02d" : "%d-Q%d", period->year,
                      period->number);
}

static void
write_json_report(struct json *json, const struct set_member *member)
{
    json_key(json, "report");
    json_object_begin(json);
    json_member(json, "file", member->input->name);
    json_member(json, "form", member->report->form_title);
    json_member(json, "regon", member->report->unit_regon);
    json_member(json, "unit", member->report->unit_name);
    json_member(json, "period", member->report->period);
    json_member(json, "level", member->report->level);
    json_member(json, "variant", member->report->variant);
    json_member(json, "version", member->report->version);
    json_object_end(json);
}

static enum err
write_json_findings(struct viewing *viewing, struct json *json, const struct judged_set *set,
                    struct fault *fault)
{
    json_key(json, "findings");
    json_array_begin(json);
    for (size_t i = 0; i < set->judged.finding_count; i++) {
        const struct sets_finding *finding = &set->judged.findings[i];
        struct finding_view        view = {0};
        if (finding->severity < SEVERITY_INFO) {
            continue;
        }
        TRY(view_finding(viewing, set, finding, &view, fault));
        json_object_begin(json);
        finding_view_members(json, &view);
        write_json_report(json, &set->members[finding->report]);
        json_object_end(json);
    }
    json_array_end(json);
    return ERR_OK;
}

static enum err
write_json_missing(struct arena *arena, struct json *json, const struct sets_answer *answer,
                   struct fault *fault)
{
    json_key(json, "missing");
    json_array_begin(json);
    for (size_t i = 0; i < answer->missing_count; i++) {
        const struct sets_missing *missing = &answer->missing[i];
        struct str                 period = period_text(arena, &missing->period);
        if (period.data == NULL) {
            return FAIL(fault, ERR_MEMORY, "brak pamięci");
        }
        json_object_begin(json);
        json_member(json, "form", missing->operand->title);
        json_member(json, "levels", missing->operand->levels);
        json_member(json, "period", period);
        json_object_end(json);
    }
    json_array_end(json);
    return ERR_OK;
}

static enum err
write_json_rules(struct arena *arena, struct json *json, const struct judged_set *set,
                 struct fault *fault)
{
    json_key(json, "rules");
    json_array_begin(json);
    for (size_t i = 0; i < set->judged.answer_count; i++) {
        const struct sets_answer *answer = &set->judged.answers[i];
        if (answer->severity < SEVERITY_INFO || answer->outcome == SETS_IDLE) {
            continue;
        }
        json_object_begin(json);
        json_member(json, "code", answer->rule->entry->code);
        json_member(json, "severity", str_of(severity_name(answer->severity)));
        json_member(json, "outcome", str_of(sets_outcome_name(answer->outcome)));
        json_member(json, "reason", answer->reason);
        TRY(write_json_missing(arena, json, answer, fault));
        json_object_end(json);
    }
    json_array_end(json);
    return ERR_OK;
}

enum err
set_view_json(struct arena *arena, struct json *json, const struct set_groups *groups,
              struct fault *fault)
{
    struct viewing viewing = {.arena = arena};

    json_array_begin(json);
    for (size_t i = 0; i < groups->count; i++) {
        const struct judged_set *set = &groups->sets[i];
        json_object_begin(json);
        json_member(json, "scope", set->scope == SETS_OF_JST ? STR("jst") : STR("unit"));
        json_member(json, "holder", set->holder);
        json_member(json, "regon", set->regon);
        json_member(json, "period", set->period);
        json_member(json, "state", str_of(sets_state_name(set->judged.state)));
        TRY(write_json_findings(&viewing, json, set, fault));
        TRY(write_json_rules(arena, json, set, fault));
        json_object_end(json);
    }
    json_array_end(json);
    return ERR_OK;
}

static enum err
export_finding(struct viewing *viewing, const struct judged_set *set,
               const struct sets_finding *finding, struct export_run *run, struct fault *fault)
{
    const struct set_member     *member = &set->members[finding->report];
    const struct decided_report *report = member->report;
    struct export_finding        out = {
               .entry = finding->rule->entry,
               .artifact = export_artifact_of(run, member->input->name),
               .place = {.file = member->input->name,
                         .form = report->form_title,
                         .period = report->period,
                         .regon = report->unit_regon,
                         .unit = report->unit_name,
                         .version = report->version,
                         .verdict = str_of(verdict_name(report->verdict))},
    };

    TRY(view_finding(viewing, set, finding, &out.view, fault));
    return export_add(viewing->arena, run, &out) ? ERR_OK : FAIL(fault, ERR_MEMORY, "brak pamięci");
}

enum err
set_view_export(struct arena *arena, const struct set_groups *groups, struct export_run *run,
                struct fault *fault)
{
    struct viewing viewing = {.arena = arena};

    for (size_t i = 0; i < groups->count; i++) {
        const struct judged_set *set = &groups->sets[i];
        for (size_t j = 0; j < set->judged.finding_count; j++) {
            const struct sets_finding *finding = &set->judged.findings[j];
            if (finding->severity >= SEVERITY_INFO) {
                TRY(export_finding(&viewing, set, finding, run, fault));
            }
        }
    }
    return ERR_OK;
}

/* Whether the report that a rule charges is among the files. */
static bool
has_charged(const struct judged_set *set, const struct sets_operand *charged)
{
    for (size_t i = 0; i < set->member_count; i++) {
        const struct decided_report *report = set->members[i].report;
        if (str_equal(report->form->code, charged->form)
            && str_has_word(charged->levels, report->level)
            && str_equal(report->period, set->period)) {
            return true;
        }
    }
    return false;
}

/* What a person is told of a rule that has no finding: that it waits, or could not be computed. */
static bool
is_open(const struct set_groups *groups, const struct judged_set *set,
        const struct sets_answer *answer)
{
    size_t                     count = 0;
    const struct sets_operand *operands = sets_operands(groups->rules, &count);

    return answer->severity >= SEVERITY_WARNING
           && (answer->outcome == SETS_NOT_EVALUATED
               || (answer->outcome == SETS_PENDING
                   && has_charged(set, &operands[answer->rule->charges])));
}

static bool
says_anything(const struct set_groups *groups, const struct judged_set *set)
{
    for (size_t i = 0; i < set->judged.answer_count; i++) {
        const struct sets_answer *answer = &set->judged.answers[i];
        if ((answer->severity >= SEVERITY_INFO && answer->outcome == SETS_FAILS)
            || is_open(groups, set, answer)) {
            return true;
        }
    }
    return false;
}

/* "  ZESTAW-001 czeka na: Rb-27S zbiorcze za 2026-Q2" */
static void
write_open(struct screen *screen, struct arena *arena, const struct sets_answer *answer)
{
    const char *separator = " czeka na: ";

    screen_format(screen, "  ");
    screen_text(screen, answer->rule->entry->code);
    if (answer->outcome == SETS_NOT_EVALUATED) {
        screen_format(screen, " nie dało się policzyć: ");
        screen_text(screen, answer->reason);
    }
    for (size_t i = 0; answer->outcome == SETS_PENDING && i < answer->missing_count; i++) {
        const struct sets_missing *missing = &answer->missing[i];
        screen_format(screen, "%s", separator);
        screen_text(screen, missing->operand->title);
        screen_format(screen, missing->operand->many ? " wszystkich jednostek," : "");
        set_text_levels(screen, missing->operand->levels);
        screen_format(screen, " za ");
        screen_text(screen, period_text(arena, &missing->period));
        separator = ", ";
    }
    screen_format(screen, "\n");
}

static enum err
write_set(struct viewing *viewing, struct screen *screen, const struct set_groups *groups,
          const struct judged_set *set, struct fault *fault)
{
    static const enum screen_colour colours[SETS_STATES] = {
        [SETS_INCOMPLETE] = SCREEN_YELLOW,
        [SETS_CONSISTENT] = SCREEN_GREEN,
        [SETS_INCONSISTENT] = SCREEN_RED,
    };

    screen_format(screen, "Zestaw ");
    screen_text(screen, set->holder);
    screen_format(screen, "  ");
    screen_text(screen, set->period);
    screen_format(screen, "  ");
    screen_coloured(screen, colours[set->judged.state], sets_state_words(set->judged.state));
    screen_format(screen, "\n");
    for (size_t i = 0; i < set->judged.finding_count; i++) {
        const struct sets_finding *finding = &set->judged.findings[i];
        struct finding_view        view = {0};
        if (finding->severity >= SEVERITY_INFO) {
            TRY(view_finding(viewing, set, finding, &view, fault));
            finding_card_write(screen, set->members[finding->report].input->name, &view,
                               FINDING_CARD_WHOLE);
        }
    }
    for (size_t i = 0; i < set->judged.answer_count; i++) {
        if (is_open(groups, set, &set->judged.answers[i])) {
            write_open(screen, viewing->arena, &set->judged.answers[i]);
        }
    }
    screen_format(screen, "\n");
    return ERR_OK;
}

enum err
set_view_text(struct arena *arena, struct screen *screen, const struct set_groups *groups,
              struct fault *fault)
{
    struct viewing viewing = {.arena = arena};

    for (size_t i = 0; i < groups->count; i++) {
        if (says_anything(groups, &groups->sets[i])) {
            TRY(write_set(&viewing, screen, groups, &groups->sets[i], fault));
        }
    }
    return ERR_OK;
}
