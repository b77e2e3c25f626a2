#include "gateway/cli/text_report.h"

#include "gateway/answer/plural.h"
#include "gateway/cli/finding_card.h"
#include "gateway/cli/set_view.h"
#include "gateway/cli/signature_line.h"
#include "gateway/finding_json/file_json.h"
#include "validators/catalogue/placeholder.h"

#include <inttypes.h>

enum {
    MILLISECONDS = 1000,
    MS_PER_HUNDREDTH = 10,
    INFO_LISTED_MAX = 5, /* of one list; a person looks for errors, --json has them all */
};

/* A sign, its colour, and the words that say the same without either. */
struct label {
    enum screen_colour colour;
    const char        *text;
};

static const struct label verdict_labels[] = {
    [VERDICT_UNDECIDED] = {SCREEN_YELLOW, "● nierozstrzygnięte"},
    [VERDICT_ACCEPTED] = {SCREEN_GREEN,  "✔ bez błędów"     },
    [VERDICT_HELD] = {SCREEN_YELLOW, "● do podpisu"        },
    [VERDICT_REJECTED] = {SCREEN_RED,    "✖ do poprawy"        },
};

/* "2 błędy, 1 ostrzeżenie", and what was found beyond the limit; nothing when there is nothing. */
static void
write_counts(struct screen *screen, const struct judgement_tally *tally)
{
    static const struct {
        enum severity        severity;
        const struct plural *noun;
    } kinds[] = {
        {SEVERITY_ERROR,   &plural_error  },
        {SEVERITY_QUERY,   &plural_query  },
        {SEVERITY_WARNING, &plural_warning},
        {SEVERITY_INFO,    &plural_info   },
    };
    const char *separator = "";

    for (size_t i = 0; i < ARRAY_COUNT(kinds); i++) {
        size_t count = tally->by_severity[kinds[i].severity];
        if (count > 0) {
            screen_format(screen, "%s%zu %s", separator, count, plural_form(kinds[i].noun, count));
            separator = ", ";
        }
    }
    if (tally->cut > 0) {
        screen_format(screen, "%sco najmniej %zu %s więcej", separator, tally->cut,
                      plural_form(&plural_finding, tally->cut));
    }
}

static bool
has_any(const struct judgement_tally *tally)
{
    return tally->by_severity[SEVERITY_ERROR] + tally->by_severity[SEVERITY_QUERY]
               + tally->by_severity[SEVERITY_WARNING] + tally->by_severity[SEVERITY_INFO]
           > 0;
}

static void
write_verdict(struct screen *screen, enum verdict verdict, const struct judgement_tally *tally)
{
    screen_coloured(screen, verdict_labels[verdict].colour, verdict_labels[verdict].text);
    if (has_any(tally)) {
        screen_format(screen, " (");
        write_counts(screen, tally);
        screen_format(screen, ")");
    }
}

/* Whether the finding makes a report wait or stay undecided: then its advice matters. */
static bool
decides(const struct told *told)
{
    for (size_t i = 0; i < told->entry->applies_count; i++) {
        if (told->entry->applies[i].has_verdict) {
            return true;
        }
    }
    return false;
}

/* What is only to be known takes one line. */
static enum finding_card_size
card_size(const struct told *told)
{
    return told->severity == SEVERITY_INFO && !decides(told) ? FINDING_CARD_LINE
                                                             : FINDING_CARD_WHOLE;
}

static void
write_findings(struct screen *screen, struct str file, const struct told_list *list)
{
    size_t infos = 0;

    for (size_t i = 0; i < list->count; i++) {
        infos += list->items[i].severity == SEVERITY_INFO ? 1 : 0;
        if (infos <= INFO_LISTED_MAX) {
            struct finding_view view = finding_view_of(&list->items[i]);
            finding_card_write(screen, file, &view, card_size(&list->items[i]));
        }
    }
    if (infos > INFO_LISTED_MAX) {
        screen_format(screen, "      … i jeszcze %zu %s: wszystkie są w --json i --csv\n",
                      infos - INFO_LISTED_MAX, plural_form(&plural_info, infos - INFO_LISTED_MAX));
    }
    if (list->cut > 0) {
        screen_format(screen, "      … i jeszcze co najmniej %zu %s ponad limit\n", list->cut,
                      plural_form(&plural_finding, list->cut));
    }
}

static void
write_signature(struct screen *screen, const struct judgement *judgement,
                const struct package_signature *signature)
{
    bool valid = file_json_signature_valid(signature, judgement->trust_given);

    signature_line_write(
        screen, &(struct signature_line){
                    .role = signature->role,
                    .signer = signature->signer,
                    .failed_step = valid ? (struct str){0}
                                         : str_of(signature_step_name(signature->failed_step)),
                    .valid = valid,
                    .issuer_unchecked = !judgement->trust_given});
}

static void
write_report(struct screen *screen, const struct judgement *judgement,
             const struct decided_file *file, const struct decided_report *report)
{
    struct judgement_tally tally = {0};

    screen_format(screen, "  ");
    screen_text(screen, report->form_title);
    screen_piece(screen, "  ", report->period);
    screen_piece(screen, "  ", report->unit_name);
    screen_piece(screen, ", REGON ", report->unit_regon);
    screen_piece(screen, ", ", report->level);
    screen_piece(screen, ", wariant ", report->variant);
    screen_piece(screen, ", wersja ", report->version);
    screen_format(screen, "  ");
    judgement_count(&tally, &report->findings);
    write_verdict(screen, report->verdict, &tally);
    screen_format(screen, "\n");
    screen_line(screen, "      dlaczego: ", report->reason);
    for (size_t i = 0; i < report->signature_count; i++) {
        write_signature(screen, judgement, &file->package->signatures[report->signatures[i]]);
    }
    write_findings(screen, file->name, &report->findings);
    if (report->not_evaluated > 0) {
        screen_format(screen, "      nieczytelne komórki: %zu %s reguł nie było możliwych\n",
                      report->not_evaluated,
                      plural_form(&plural_evaluation, report->not_evaluated));
    }
}

/* "  Ta sama uwaga w 17 jednostkach: RB28S-001 … (40 uwag)": what to mend once. */
static void
write_group(struct screen *screen, const struct finding_group *group)
{
    screen_format(screen, "  ta sama uwaga w %zu sprawozdaniach (%zu %s", group->reports,
                  group->units, plural_form(&plural_unit, group->units));
    screen_format(screen, ", razem %zu %s): ", group->findings,
                  plural_form(&plural_finding, group->findings));
    screen_text(screen, group->entry->code);
    screen_format(screen, "  ");
    screen_text(screen, placeholder_general(screen->out.arena, group->entry->title));
    if (group->difference_count > 0) {
        screen_format(screen, "; różnica ");
        screen_text(screen, group->difference);
        screen_format(screen, " stoi w %zu z nich", group->difference_count);
    }
    screen_format(screen, "\n");
}

static void
write_file(struct screen *screen, const struct judgement *judgement,
           const struct decided_file *file)
{
    struct judgement_tally tally = {0};

    judgement_count(&tally, &file->findings);
    for (size_t i = 0; i < file->report_count; i++) {
        judgement_count(&tally, &file->reports[i].findings);
    }
    screen_text(screen, file->name);
    screen_format(screen, "  ");
    write_verdict(screen, file->verdict, &tally);
    screen_format(screen, "\n");
    write_findings(screen, file->name, &file->findings);
    for (size_t i = 0; i < file->group_count; i++) {
        write_group(screen, &file->groups[i]);
    }
    for (size_t i = 0; i < file->report_count; i++) {
        write_report(screen, judgement, file, &file->reports[i]);
    }
    screen_format(screen, "\n");
}

/* What rules between reports found; the last line is all that some people read. */
static void
write_between(struct screen *screen, const struct set_groups *groups)
{
    struct judgement_tally tally = {0};

    for (size_t i = 0; i < groups->count; i++) {
        const struct sets_judgement *judged = &groups->sets[i].judged;
        for (size_t j = 0; j < judged->finding_count; j++) {
            tally.by_severity[judged->findings[j].severity]++;
        }
    }
    if (has_any(&tally)) {
        screen_format(screen, "; między sprawozdaniami: ");
        write_counts(screen, &tally);
    }
}

void
text_report_write(struct screen *screen, const struct judgement *judgement,
                  const struct text_report_end *end)
{
    struct judgement_tally tally = judgement_tally(judgement);
    size_t                 files = judgement->file_count;

    for (size_t i = 0; i < files; i++) {
        write_file(screen, judgement, judgement->files[i].decided);
    }
    if (set_view_text(screen->out.arena, screen, &judgement->sets, NULL) != ERR_OK) {
        screen->out.full = true; /* no memory for the rest: what has no end is not written */
    }
    if (tally.proposed > 0) {
        screen_format(screen, "reguły na próbę: %zu %s, bez wpływu na wynik\n", tally.proposed,
                      plural_form(&plural_hit, tally.proposed));
    }
    screen_format(screen, "%zu %s, %zu %s: ", files, plural_form(&plural_file, files),
                  tally.reports, plural_form(&plural_report, tally.reports));
    if (has_any(&tally)) {
        write_counts(screen, &tally);
    } else {
        screen_format(screen, files > 0 ? "bez uwag" : "niczego nie sprawdzono");
    }
    write_between(screen, &judgement->sets);
    screen_format(screen, ", %" PRId64 ",%02" PRId64 " s  (kod wyjścia %d)\n",
                  end->elapsed_ms / MILLISECONDS, end->elapsed_ms % MILLISECONDS / MS_PER_HUNDREDTH,
                  end->exit_code);
}
