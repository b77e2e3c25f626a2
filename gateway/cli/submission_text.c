#include "gateway/cli/submission_text.h"

#include "gateway/answer/plural.h"
#include "gateway/cli/finding_card.h"
#include "gateway/cli/finding_member.h"
#include "gateway/cli/member.h"
#include "gateway/cli/set_text.h"
#include "gateway/cli/signature_line.h"
#include "validators/base/moment.h"

#include <inttypes.h>

enum { TIME_MAX = 128, DIGEST_SHOWN = 12 };

static const struct {
    const char        *verdict;
    enum screen_colour colour;
    const char        *sign;
    const char        *words; /* when the gateway sends none of its own */
} verdicts[] = {
    {"accepted",  SCREEN_GREEN,  "✔", "bez błędów"     },
    {"held",      SCREEN_YELLOW, "●", "do podpisu"        },
    {"rejected",  SCREEN_RED,    "✖", "do poprawy"        },
    {"undecided", SCREEN_YELLOW, "●", "nierozstrzygnięte"},
};

static void
write_piece(struct screen *screen, const char *prefix, struct str text)
{
    if (text.size > 0) {
        screen_format(screen, "%s", prefix);
        screen_text(screen, text);
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

void
submission_text_write_time(struct screen *screen, const char *prefix, struct str text)
{
    moment     at = 0;
    struct buf words = buf_create(screen->out.arena, TIME_MAX);

    if (!moment_parse(text, &at)) {
        write_piece(screen, prefix, text);
        return;
    }
    moment_write_polish(&words, at);
    write_piece(screen, prefix, buf_str(&words));
}

/* " (2 błędy, 1 ostrzeżenie)" of an object of counts; nothing when there is nothing. */
static void
write_counts(struct screen *screen, const json_t *counts)
{
    static const struct {
        const char          *key;
        const struct plural *noun;
    } kinds[] = {
        {"error",   &plural_error  },
        {"query",   &plural_query  },
        {"warning", &plural_warning},
        {"info",    &plural_info   },
    };
    const char *separator = " (";

    for (size_t i = 0; i < ARRAY_COUNT(kinds); i++) {
        int64_t count = member_number(counts, kinds[i].key);
        if (count > 0) {
            screen_format(screen, "%s%" PRId64 " %s", separator, count,
                          plural_form(kinds[i].noun, (size_t)count));
            separator = ", ";
        }
    }
    screen_format(screen, separator[0] == ',' ? ")\n" : "\n");
}

/* Sign and words of the verdict of a submission or report. */
static void
write_verdict(struct screen *screen, const json_t *object)
{
    struct str verdict = member_text(object, "verdict");
    struct str text = member_text(object, "verdict_text");

    screen_format(screen, "  ");
    for (size_t i = 0; i < ARRAY_COUNT(verdicts); i++) {
        if (str_equal(verdict, str_of(verdicts[i].verdict))) {
            screen_coloured(screen, verdicts[i].colour, verdicts[i].sign);
            screen_format(screen, " ");
            screen_text(screen, text.size > 0 ? text : str_of(verdicts[i].words));
            return;
        }
    }
    screen_coloured(screen, SCREEN_YELLOW, "●");
    screen_format(screen, " ");
    screen_text(screen, member_text(object, "state_text"));
}

/* Those findings of the list that stand at this report; 0 is the file as a whole. */
static void
write_findings(struct screen *screen, struct str name, const json_t *findings, int64_t ordinal)
{
    size_t        i = 0;
    const json_t *finding = NULL;

    json_array_foreach(findings, i, finding)
    {
        struct finding_view view = finding_member_view(screen->out.arena, finding);
        if (member_number(finding, "report") == ordinal) {
            finding_card_write(screen, name, &view,
                               str_equal(view.severity, STR("info")) ? FINDING_CARD_LINE
                                                                     : FINDING_CARD_WHOLE);
        }
    }
}

static void
write_signatures(struct screen *screen, const json_t *report)
{
    size_t        i = 0;
    const json_t *signature = NULL;

    json_array_foreach(member_object(report, "signatures"), i, signature)
    {
        signature_line_write(
            screen, &(struct signature_line){.role = member_text(signature, "role"),
                                             .signer = member_text(signature, "signer"),
                                             .failed_step = member_text(signature, "failed_step"),
                                             .valid = member_truth(signature, "valid")});
    }
}

/* What a report is: form, period, unit, level, version. */
static void
write_report_head(struct screen *screen, const json_t *report)
{
    const json_t *unit = member_object(report, "unit");
    const json_t *version = json_object_get(report, "version");

    screen_format(screen, "  ");
    screen_text(screen, member_text(report, "form"));
    write_piece(screen, "  ", member_text(report, "period"));
    write_piece(screen, "  ",
                member_text(unit == NULL ? report : unit, unit == NULL ? "unit_name" : "name"));
    write_piece(screen, ", REGON ",
                member_text(unit == NULL ? report : unit, unit == NULL ? "unit" : "regon"));
    write_piece(screen, ", ", member_text(report, "level"));
    write_piece(screen, ", wariant ", member_text(report, "variant"));
    write_piece(screen, ", wersja ", member_text(report, "version"));
    if (json_is_integer(version)) {
        screen_format(screen, ", wersja %" PRId64, (int64_t)json_integer_value(version));
    }
    write_verdict(screen, report);
}

/* "termin 22 lipca 2026 r.: w terminie, bo liczy się data wpływu (wg kalendarza v1)". */
static void
write_due(struct screen *screen, const json_t *report)
{
    static const struct {
        struct str  code;
        const char *words;
    } words[] = {
        {STR_INIT("in_time"),    ": w terminie, bo liczy się data wpływu"     },
        {STR_INIT("late"),       ": po terminie, bo liczy się data wpływu"    },
        {STR_INIT("correction"),
         ": korekta po terminie, o terminowości rozstrzyga pierwsze złożenie"},
    };
    struct str  due = member_text(report, "due");
    struct date date = {0};
    struct buf  day = buf_create(screen->out.arena, TIME_MAX);

    if (!date_parse(due, &date)) {
        return;
    }
    date_write_polish(&day, date);
    write_piece(screen, "      termin ", buf_str(&day));
    for (size_t i = 0; i < ARRAY_COUNT(words); i++) {
        if (str_equal(member_text(report, "timeliness"), words[i].code)) {
            screen_format(screen, "%s", words[i].words);
        }
    }
    write_piece(screen, " (wg kalendarza v", member_text(report, "calendar"));
    screen_format(screen, ")\n");
}

/* What is asked of, and told about, a correction. */
static void
write_correction(struct screen *screen, const json_t *correction)
{
    const json_t *reason = member_object(correction, "reason");
    struct date   date = {0};
    struct buf    day = buf_create(screen->out.arena, TIME_MAX);

    if (correction == NULL) {
        return;
    }
    if (member_truth(correction, "outside_window")
        && date_parse(member_text(correction, "window_until"), &date)) {
        date_write_polish(&day, date);
        write_piece(screen, "      po oknie korekt, które trwało do ", buf_str(&day));
        write_line(screen, ": przedstawione odbiorcy: ", member_text(correction, "recipient"));
    }
    if (reason == NULL) {
        screen_format(screen, "      korekta: przyczyny nie podano, poda ją brama reason\n");
    } else {
        write_piece(screen, "      przyczyna korekty: ", member_text(reason, "code"));
        write_piece(screen, ": ", member_text(reason, "text"));
        screen_format(screen, "\n");
    }
}

void
submission_text_write_force(struct screen *screen, const json_t *report)
{
    if (str_equal(member_text(report, "verdict"), STR("accepted"))
        && json_is_false(json_object_get(report, "in_force"))) {
        screen_format(screen, ", nie obowiązuje: jest sprawozdanie w wyższej wersji albo, przy "
                              "równej, późniejsze");
    }
}

static void
write_report(struct screen *screen, const struct submission_text *text, const json_t *report)
{
    write_report_head(screen, report);
    submission_text_write_force(screen, report);
    write_counts(screen, member_object(report, "findings"));
    write_line(screen, "      dlaczego: ", member_text(report, "reason"));
    write_due(screen, report);
    write_correction(screen, member_object(report, "correction"));
    set_text_write(screen, member_object(report, "set"));
    write_line(screen, "      UPO: ", member_text(report, "receipt"));
    write_signatures(screen, report);
    write_findings(screen, text->name, text->findings, member_number(report, "ordinal"));
}

/* Receipts that belong to no single unit; the units' stand at their reports. */
static void
write_receipts(struct screen *screen, const json_t *submission)
{
    size_t        i = 0;
    const json_t *receipt = NULL;

    json_array_foreach(member_object(submission, "receipts"), i, receipt)
    {
        struct str kind = member_text(receipt, "kind");
        if (member_number(receipt, "n") != member_number(submission, "n")) {
            continue;
        }
        if (str_equal(kind, STR("summary"))) {
            write_line(screen, "  UPO całego pliku: ", member_text(receipt, "number"));
        } else if (str_equal(kind, STR("delivery"))) {
            write_line(screen, "  potwierdzenie wpływu: ", member_text(receipt, "number"));
        }
    }
}

/* Whoever asks may be somebody else than who filed. */
static void
write_sender(struct screen *screen, const json_t *sender)
{
    struct str name = member_text(sender, "name");

    if (name.size > 0) {
        write_piece(screen, "  nadawca: ", name);
        write_line(screen, ", REGON ", member_text(sender, "regon"));
    }
}

static void
write_times(struct screen *screen, const struct submission_text *text)
{
    const json_t *submission = text->submission;
    struct str    received = member_text(submission, "received_at");
    struct str    first = member_text(submission, "first_received_at");

    if (text->news == SUBMISSION_TEXT_REPEATED) {
        submission_text_write_time(screen, "  Ten sam plik wpłynął już ", received);
        screen_format(screen, member_object(submission, "receipts") != NULL
                                      && json_array_size(member_object(submission, "receipts")) > 0
                                  ? ": oto jego UPO.\n"
                                  : ".\n");
    }
    write_piece(screen, "  złożenie ", member_text(submission, "id"));
    submission_text_write_time(screen, ", wpłynęło: ", received);
    if (!str_equal(first, received)) {
        submission_text_write_time(screen, ", ten sam plik pierwszy raz: ", first);
    }
    submission_text_write_time(screen, ", rozstrzygnięto: ", member_text(submission, "decided_at"));
    submission_text_write_time(screen, ", wycofano: ", member_text(submission, "withdrawn_at"));
    screen_format(screen, "\n");
}

void
submission_text_write(struct screen *screen, const struct submission_text *text)
{
    struct submission_text told = *text;
    size_t                 i = 0;
    const json_t          *report = NULL;

    if (told.name.size == 0) {
        told.name = member_text(text->submission, "id");
    }
    screen_text(screen, told.name);
    write_verdict(screen, text->submission);
    write_counts(screen, member_object(text->submission, "findings"));
    write_times(screen, text);
    if (text->news == SUBMISSION_TEXT_ASKED) {
        write_sender(screen, member_object(text->submission, "sender"));
    }
    write_line(screen, "  dlaczego: ", member_text(text->submission, "reason"));
    write_receipts(screen, text->submission);
    write_findings(screen, told.name, text->findings, 0);
    json_array_foreach(member_object(text->submission, "reports"), i, report)
    {
        write_report(screen, &told, report);
    }
    screen_format(screen, "\n");
}

/* What is in force for the report now, and whether this one would take its place. */
static void
write_in_force(struct screen *screen, const json_t *version)
{
    const json_t *in_force = member_object(version, "in_force");

    write_piece(screen, "      wzór formularza: ", member_text(version, "form_version"));
    if (in_force == NULL) {
        screen_format(screen, version == NULL ? "" : "; za ten okres nic jeszcze nie obowiązuje\n");
        return;
    }
    screen_format(screen, "; obowiązuje wersja %" PRId64, member_number(in_force, "version"));
    submission_text_write_time(screen, ", wpłynęło: ", member_text(in_force, "received_at"));
    screen_format(screen, member_truth(in_force, "would_be_superseded")
                              ? "; ta by ją zastąpiła\n"
                              : "; ta jej nie zastąpi, bo ma niższą Wersję\n");
}

static void
write_judged_by(struct screen *screen, const json_t *judged_by)
{
    write_piece(screen, "  sprawdzono według definicji sha256:",
                str_slice(member_text(judged_by, "definitions"), 0, DIGEST_SHOWN));
    write_line(screen, " i kalendarza v", member_text(judged_by, "calendar"));
}

void
submission_text_write_dry(struct screen *screen, struct str name, const json_t *judged,
                          const json_t *answer)
{
    size_t        i = 0;
    const json_t *report = NULL;

    screen_text(screen, name);
    write_verdict(screen, judged);
    screen_format(screen, "  (tylko sprawdzono, nic nie złożono)\n");
    write_line(screen, "  dlaczego: ", member_text(judged, "reason"));
    write_findings(screen, name, member_object(judged, "findings"), 0);
    json_array_foreach(member_object(judged, "reports"), i, report)
    {
        write_report_head(screen, report);
        screen_format(screen, "\n");
        write_line(screen, "      dlaczego: ", member_text(report, "reason"));
        write_signatures(screen, report);
        write_in_force(screen, json_array_get(json_object_get(answer, "versions"), i));
        write_findings(screen, name, member_object(report, "findings"), 0);
    }
    write_judged_by(screen, member_object(answer, "judged_by"));
    screen_format(screen, "\n");
}
