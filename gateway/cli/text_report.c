#include "gateway/cli/text_report.h"

#include "gateway/answer/plural.h"

#include <inttypes.h>
#include <string.h>

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

static const struct label severity_labels[] = {
    [SEVERITY_OFF] = {SCREEN_BOLD,   ""              },
    [SEVERITY_PROPOSED] = {SCREEN_BOLD,   ""              },
    [SEVERITY_INFO] = {SCREEN_BOLD,   "i informacja"  },
    [SEVERITY_WARNING] = {SCREEN_YELLOW, "! ostrzeżenie"},
    [SEVERITY_QUERY] = {SCREEN_YELLOW, "? pytanie"     },
    [SEVERITY_ERROR] = {SCREEN_RED,    "✖ błąd"    },
};

static const char *const step_words[SIGNATURE_STEP_COUNT] = {
    [SIGNATURE_STEP_NONE] = "",
    [SIGNATURE_STEP_PROFILE] = "podpis ma inną postać niż ta, którą brama przyjmuje",
    [SIGNATURE_STEP_REFERENCE] = "nie wiadomo, którego sprawozdania dotyczy",
    [SIGNATURE_STEP_REPORT] = "skrót sprawozdania się nie zgadza",
    [SIGNATURE_STEP_PROPERTIES] = "skrót właściwości podpisu się nie zgadza",
    [SIGNATURE_STEP_CERTIFICATE] = "podpis wskazuje inny certyfikat niż dołączony",
    [SIGNATURE_STEP_VALUE] = "wartość podpisu się nie zgadza",
    [SIGNATURE_STEP_TIME] = "czasu podpisu brak, jest nieczytelny albo z przyszłości",
    [SIGNATURE_STEP_VALIDITY] =
        "certyfikat nie był ważny w tym czasie albo nie służy do podpisywania",
    [SIGNATURE_STEP_ISSUER] = "nieznany wystawca certyfikatu",
    [SIGNATURE_STEP_ROLE] = "roli podpisującego brak albo jest nieznana",
};

/* One piece of a line, "prefix text", if there is a text. */
static void
write_piece(struct screen *screen, const char *prefix, struct str text)
{
    if (text.size > 0) {
        screen_format(screen, "%s", prefix);
        screen_text(screen, text);
    }
}

/* "2 błędy, 1 ostrzeżenie"; nothing when there is nothing. */
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

/*
 * Found, expected, difference on one line. Two amounts are only set side by side: whether the one,
 * the other or neither is wrong is the accountant's knowledge, not ours (design.md 2.9).
 */
static void
write_values(struct screen *screen, const struct finding *finding)
{
    bool compared = finding->difference.size > 0;
    const struct {
        const char *prefix;
        struct str  text;
    } values[] = {
        {"jest ",                                     finding->found     },
        {compared ? "porównane z " : "oczekiwane: ", finding->expected  },
        {"różnica ",                                finding->difference},
    };
    const char *separator = "      ";
    bool        started = false;

    for (size_t i = 0; i < ARRAY_COUNT(values); i++) {
        if (values[i].text.size > 0) {
            screen_format(screen, "%s", separator);
            write_piece(screen, values[i].prefix, values[i].text);
            separator = " · ";
            started = true;
        }
    }
    if (started) {
        screen_format(screen, "\n");
    }
}

static void
write_line(struct screen *screen, const char *prefix, struct str text)
{
    if (text.size > 0) {
        write_piece(screen, prefix, text);
        screen_format(screen, "\n");
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

/* Whether the sentence says both values already. */
static bool
says_values(const struct told *told)
{
    const struct finding *finding = &told->finding;

    return finding->difference.size == 0 && finding->found.size > 0
           && memmem(told->title.data, told->title.size, finding->found.data, finding->found.size)
                  != NULL
           && (finding->expected.size == 0
               || memmem(told->title.data, told->title.size, finding->expected.data,
                         finding->expected.size)
                      != NULL);
}

static void
write_finding(struct screen *screen, struct str file, const struct told *told)
{
    const struct finding *finding = &told->finding;
    const struct label   *label = &severity_labels[told->severity];

    screen_format(screen, "  ");
    screen_text(screen, file);
    screen_format(screen, ":%" PRIu32 ":%" PRIu32 "  %s  ", told->line, told->column,
                  finding->code);
    screen_coloured(screen, label->colour, label->text);
    write_line(screen, ": ", told->title);
    if (told->severity == SEVERITY_INFO && !decides(told)) {
        return;
    }
    write_line(screen, "      gdzie: ", finding->cell);
    if (!says_values(told)) {
        write_values(screen, finding);
    }
    write_line(screen, "      Co zrobić: ", told->fix);
    write_piece(screen, "      Podstawa: ", told->entry->basis);
    screen_format(screen, "%swięcej: brama explain %s\n",
                  told->entry->basis.size > 0 ? "   " : "      ", finding->code);
}

static void
write_findings(struct screen *screen, struct str file, const struct told_list *list)
{
    size_t infos = 0;

    for (size_t i = 0; i < list->count; i++) {
        infos += list->items[i].severity == SEVERITY_INFO ? 1 : 0;
        if (infos <= INFO_LISTED_MAX) {
            write_finding(screen, file, &list->items[i]);
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
    bool valid = judgement_signature_valid(judgement, signature);

    screen_format(screen, "      podpis: ");
    screen_text(screen, signature->role.size > 0 ? signature->role : STR("bez roli"));
    screen_format(screen, ", ");
    screen_text(screen, signature->signer.size > 0 ? signature->signer : STR("nieznana osoba"));
    screen_format(screen, " — ");
    screen_coloured(screen, valid ? SCREEN_GREEN : SCREEN_RED, valid ? "ważny" : "nieważny");
    if (!valid) {
        screen_format(screen, ": %s", step_words[signature->failed_step]);
    } else if (!judgement->trust_given) {
        screen_format(screen, " (wystawcy nie sprawdzono: nie podano --trust)");
    }
    screen_format(screen, "\n");
}

static void
write_report(struct screen *screen, const struct judgement *judgement,
             const struct decided_file *file, const struct decided_report *report)
{
    struct judgement_tally tally = {0};

    screen_format(screen, "  ");
    screen_text(screen, report->form_title);
    write_piece(screen, "  ", report->period);
    write_piece(screen, "  ", report->unit_name);
    write_piece(screen, ", REGON ", report->unit_regon);
    write_piece(screen, ", ", report->level);
    write_piece(screen, ", wersja ", report->version);
    screen_format(screen, "  ");
    judgement_count(&tally, &report->findings);
    write_verdict(screen, report->verdict, &tally);
    screen_format(screen, "\n");
    write_line(screen, "      dlaczego: ", report->reason);
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
    for (size_t i = 0; i < file->report_count; i++) {
        write_report(screen, judgement, file, &file->reports[i]);
    }
    screen_format(screen, "\n");
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
    if (tally.proposed > 0) {
        screen_format(screen, "reguły na próbę: %zu %s, bez wpływu na wynik\n", tally.proposed,
                      plural_form(&plural_hit, tally.proposed));
    }
    screen_format(screen, "%zu %s, %zu %s: ", files, plural_form(&plural_file, files),
                  tally.reports, plural_form(&plural_report, tally.reports));
    if (has_any(&tally)) {
        write_counts(screen, &tally);
    } else {
        screen_format(screen, "bez uwag");
    }
    screen_format(screen, ", %" PRId64 ",%02" PRId64 " s  (kod wyjścia %d)\n",
                  end->elapsed_ms / MILLISECONDS, end->elapsed_ms % MILLISECONDS / MS_PER_HUNDREDTH,
                  end->exit_code);
}
