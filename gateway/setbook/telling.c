#include "gateway/setbook/telling.h"

#include "gateway/answer/json.h"

/* A byte of a text takes six at most ("\\u001f"); names of members and the amount take the rest. */
enum { CONTRIBUTOR_TEXT = 512, ESCAPED_BYTE = 6 };

bool
telling_has_rule(const struct setbook_tools *tools, const struct sets_rule *rule,
                 enum severity severity)
{
    return severity > SEVERITY_PROPOSED && !str_has_word(tools->switched_off, rule->entry->code);
}

/* All reports that the rule reads, and whether they are of others than the charged one's unit (of
 * the JST at the top everybody below it is its own). */
static enum err
tell_reports(const struct telling *telling, const struct sets_finding *finding,
             struct account_finding *out, struct fault *fault)
{
    const struct holding *holding = telling->holding;
    int64_t               charged = holding->reports[finding->report].unit;
    struct buf            text = buf_create(telling->arena, (holding->report_count + 1) * 24);

    buf_byte(&text, '{');
    for (size_t i = 0; i < holding->report_count; i++) {
        if (holding_reads(telling->tools, holding, finding->rule, &holding->reports[i])) {
            buf_format(&text, "%s%lld", text.size > 1 ? "," : "",
                       (long long)holding->reports[i].report);
            out->shared =
                out->shared
                || (holding->reports[i].unit != charged && charged != holding->place->owner);
        }
    }
    buf_byte(&text, '}');
    if (!buf_ok(&text)) {
        return FAIL(fault, ERR_MEMORY, "reports of a finding");
    }
    out->reports = buf_str(&text);
    return ERR_OK;
}

static void
write_contributor(const struct telling *telling, struct json *json,
                  const struct sets_contributor *contributor)
{
    const struct holding_report *report = &telling->holding->reports[contributor->report];
    struct buf                   amount = buf_create(telling->arena, AMOUNT_TEXT_MAX);
    int64_t                      narrow = 0;

    if (amount_narrow(contributor->amount, &narrow)) {
        amount_write(&amount, narrow, 2);
    }
    json_object_begin(json);
    json_member(json, "unit", report->unit_name);
    json_member(json, "form", report->facts.form->title);
    json_member(json, "level", report->facts.level);
    json_member(json, "period", place_period(telling->arena, &report->facts.period));
    json_member(json, "amount", buf_str(&amount));
    json_object_end(json);
}

/* Names of units are as long as registers have them. */
static size_t
contributors_room(const struct telling *telling, const struct sets_finding *finding)
{
    size_t room = CONTRIBUTOR_TEXT;

    for (size_t i = 0; i < finding->contributor_count; i++) {
        const struct holding_report *report =
            &telling->holding->reports[finding->contributors[i].report];
        room +=
            CONTRIBUTOR_TEXT
            + (report->unit_name.size + report->facts.form->title.size + report->facts.level.size)
                  * ESCAPED_BYTE;
    }
    return room;
}

static enum err
tell_contributors(const struct telling *telling, const struct sets_finding *finding,
                  struct account_finding *out, struct fault *fault)
{
    struct buf  text = buf_create(telling->arena, contributors_room(telling, finding));
    struct json json = json_create(&text);

    json_array_begin(&json);
    for (size_t i = 0; i < finding->contributor_count; i++) {
        write_contributor(telling, &json, &finding->contributors[i]);
    }
    json_array_end(&json);
    if (!buf_ok(&text)) {
        return FAIL(fault, ERR_MEMORY, "contributors of a finding");
    }
    out->contributors = buf_str(&text);
    out->total = (int64_t)finding->contributor_total;
    return ERR_OK;
}

/* The same finding as one that was open before. */
static int64_t
find_kept(const struct holding *holding, const struct account_finding *finding)
{
    for (size_t i = 0; i < holding->finding_count; i++) {
        const struct holding_finding *open = &holding->findings[i];
        if (open->report == finding->report && str_equal(open->code, finding->code)
            && str_equal(open->severity, finding->severity) && str_equal(open->cell, finding->cell)
            && str_equal(open->found, finding->found)
            && str_equal(open->expected, finding->expected)) {
            return open->finding;
        }
    }
    return 0;
}

/* Copies that live as long as the account; false: one could not be made. */
static bool
copy_texts(struct arena *arena, struct account_finding *finding)
{
    struct str *texts[] = {&finding->code,  &finding->cell,     &finding->about,
                           &finding->basis, &finding->title,    &finding->fix,
                           &finding->found, &finding->expected, &finding->difference};
    bool        ok = true;

    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
        *texts[i] = str_copy(arena, *texts[i]);
        ok = ok && texts[i]->data != NULL;
    }
    return ok;
}

static enum err
tell_finding(const struct telling *telling, const struct sets_finding *finding,
             struct account_finding *out, struct fault *fault)
{
    const struct rule_entry *entry = finding->rule->entry;

    *out = (struct account_finding){.report = telling->holding->reports[finding->report].report,
                                    .code = str_of(finding->finding.code),
                                    .severity = str_of(severity_name(finding->severity)),
                                    .cell = finding->finding.cell,
                                    .about = entry->explain,
                                    .basis = entry->basis,
                                    .title = finding->title,
                                    .fix = finding->fix,
                                    .found = finding->finding.found,
                                    .expected = finding->finding.expected,
                                    .difference = finding->finding.difference};
    if (!copy_texts(telling->arena, out)) {
        return FAIL(fault, ERR_MEMORY, "a finding of a set");
    }
    TRY(tell_reports(telling, finding, out, fault));
    TRY(tell_contributors(telling, finding, out, fault));
    out->kept = find_kept(telling->holding, out);
    return ERR_OK;
}

enum err
telling_findings(const struct telling *telling, struct fault *fault)
{
    const struct sets_judgement *judgement = telling->judgement;
    struct account              *out = telling->out;

    out->findings = ARENA_NEW(telling->arena, struct account_finding, judgement->finding_count + 1);
    if (out->findings == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu findings of a set", judgement->finding_count);
    }
    for (size_t i = 0; i < judgement->finding_count; i++) {
        if (telling_has_rule(telling->tools, judgement->findings[i].rule,
                             judgement->findings[i].severity)) {
            TRY(tell_finding(telling, &judgement->findings[i], &out->findings[out->finding_count],
                             fault));
            out->finding_count++;
        }
    }
    return ERR_OK;
}
