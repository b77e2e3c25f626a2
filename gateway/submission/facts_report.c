#include "gateway/submission/facts_report.h"

#include "gateway/intake/timeliness.h"

#include <string.h>

enum { SIGNERS_MAX = 4096 };

bool
facts_report_states(const struct told *told)
{
    return told->severity > SEVERITY_INFO;
}

enum err
facts_report_findings(struct arena *arena, const struct told_list *list,
                      const struct receipt_finding **out, size_t *count, struct fault *fault)
{
    struct receipt_finding *findings = ARENA_NEW(arena, struct receipt_finding, list->count);
    size_t                  kept = 0;

    if (findings == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu findings of a receipt", list->count);
    }
    for (size_t i = 0; i < list->count; i++) {
        const struct told *told = &list->items[i];
        if (!facts_report_states(told)) {
            continue;
        }
        findings[kept] = (struct receipt_finding){.code = str_of(told->finding.code),
                                                  .severity = str_of(severity_name(told->severity)),
                                                  .cell = told->finding.cell,
                                                  .title = told->title,
                                                  .line = told->line,
                                                  .column = told->column};
        kept++;
    }
    *out = findings;
    *count = kept;
    return ERR_OK;
}

/* "główny księgowy: Anna P.; kierownik jednostki: Jan P.", of valid signatures. */
static enum err
name_signers(struct arena *arena, const struct decided_file *file,
             const struct decided_report *report, struct str *out, struct fault *fault)
{
    struct buf text = buf_create(arena, SIGNERS_MAX);

    for (size_t i = 0; i < report->signature_count && !text.full; i++) {
        const struct package_signature *signature =
            &file->package->signatures[report->signatures[i]];
        if (signature->failed_step == SIGNATURE_STEP_NONE) {
            struct str role =
                signature->policy_role.size > 0 ? signature->policy_role : signature->role;
            buf_append(&text, text.size > 0 ? STR("; ") : STR(""));
            buf_append(&text, role);
            buf_append(&text, STR(": "));
            buf_append(&text, signature->signer);
        }
    }
    struct str copy = str_copy(arena, buf_str(&text)); /* cut where a name would not fit */
    if (copy.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "signers of a report");
    }
    *out = copy;
    return ERR_OK;
}

/* "okno korekt trwało do 30 września 2026 r.; przyjęto i przedstawiono odbiorcy: RIO". */
static enum err
tell_outside(struct arena *arena, const struct filed_term *term, struct str *out,
             struct fault *fault)
{
    enum { OUTSIDE_MAX = 512 };

    struct buf text = buf_create(arena, OUTSIDE_MAX);

    if (!term->outside) {
        return ERR_OK;
    }
    buf_append(&text, STR("okno korekt trwało do "));
    date_write_polish(&text, term->window_until);
    buf_append(&text, STR("; przyjęto i przedstawiono odbiorcy: "));
    buf_append(&text, term->recipient);
    if (!buf_ok(&text)) {
        return FAIL(fault, ERR_MEMORY, "the window of a correction");
    }
    *out = buf_str(&text);
    return ERR_OK;
}

/* What is found in the report, and behind it what its set charges it with: one list. */
static enum err
tell_findings(struct arena *arena, const struct concluding *item, size_t ordinal,
              struct receipt_report *out, struct fault *fault)
{
    const struct filed_set *set = &item->filed[ordinal].set;

    TRY(facts_report_findings(arena, &item->decided->reports[ordinal].findings, &out->findings,
                              &out->finding_count, fault));
    if (set->charge_count == 0) {
        return ERR_OK;
    }
    struct receipt_finding *all =
        ARENA_NEW(arena, struct receipt_finding, out->finding_count + set->charge_count);
    if (all == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu findings of a receipt", set->charge_count);
    }
    for (size_t i = 0; i < out->finding_count; i++) {
        all[i] = out->findings[i];
    }
    for (size_t i = 0; i < set->charge_count; i++) {
        const struct filed_charge *charge = &set->charges[i];
        if (!str_equal(charge->severity, str_of(severity_name(SEVERITY_INFO)))) {
            all[out->finding_count] = (struct receipt_finding){.code = charge->code,
                                                               .severity = charge->severity,
                                                               .cell = charge->cell,
                                                               .title = charge->title};
            out->finding_count++;
        }
    }
    out->findings = all;
    return ERR_OK;
}

enum err
facts_report_make(struct arena *arena, const struct concluding *item, size_t ordinal,
                  struct receipt_report *out, struct fault *fault)
{
    const struct decided_report *report = &item->decided->reports[ordinal];
    const struct form           *form = report->form;
    struct receipt_report        facts = {.form = report->form_title,
                                          .unit_name = report->unit_name,
                                          .unit_regon = report->unit_regon,
                                          .period = report->period,
                                          .level = report->level,
                                          .variant = report->variant,
                                          .version = report->version,
                                          .verdict = str_of(verdict_name(report->verdict)),
                                          .reason = report->reason,
                                          .finding_cut = report->findings.cut};

    if (form != NULL) {
        facts.form_name = form->name;
        facts.form_version = form->version;
    }
    const struct filed_term *term = &item->filed[ordinal].term;

    facts.due = term->due;
    facts.timeliness = timeliness_code(term->timeliness);
    facts.calendar = term->calendar;
    facts.due_basis = term->basis;
    TRY(tell_outside(arena, term, &facts.outside, fault));
    memcpy(facts.sha256, item->filed[ordinal].sha256, sizeof facts.sha256);
    TRY(name_signers(arena, item->decided, report, &facts.signers, fault));
    facts.set_state = item->filed[ordinal].set.state;
    facts.set_awaited = item->filed[ordinal].set.awaited;
    TRY(tell_findings(arena, item, ordinal, &facts, fault));
    *out = facts;
    return ERR_OK;
}
