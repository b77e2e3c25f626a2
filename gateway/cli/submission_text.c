#include "gateway/cli/submission_text.h"

#include "gateway/cli/member.h"
#include "gateway/cli/report_text.h"
#include "gateway/cli/verdict_line.h"
#include "validators/base/moment.h"

#include <inttypes.h>

enum { TIME_MAX = 128, DIGEST_SHOWN = 12 };

void
submission_text_write_time(struct screen *screen, const char *prefix, struct str text)
{
    moment     at = 0;
    struct buf words = buf_create(screen->out.arena, TIME_MAX);

    if (!moment_parse(text, &at)) {
        screen_piece(screen, prefix, text);
        return;
    }
    moment_write_polish(&words, at);
    screen_piece(screen, prefix, buf_str(&words));
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
            screen_line(screen, "  UPO całego pliku: ", member_text(receipt, "number"));
        } else if (str_equal(kind, STR("delivery"))) {
            screen_line(screen, "  potwierdzenie wpływu: ", member_text(receipt, "number"));
        }
    }
}

/* Whoever asks may be somebody else than who filed. */
static void
write_sender(struct screen *screen, const json_t *sender)
{
    struct str name = member_text(sender, "name");

    if (name.size > 0) {
        screen_piece(screen, "  nadawca: ", name);
        screen_line(screen, ", REGON ", member_text(sender, "regon"));
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
    screen_line(screen, "  ", text->advice);
    screen_piece(screen, "  złożenie ", member_text(submission, "id"));
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

    /* Without a name of its own the file is headed by its number, once; places in it are short. */
    screen_text(screen, told.name.size > 0 ? told.name : member_text(text->submission, "id"));
    told.name = told.name.size > 0 ? told.name : STR("plik");
    verdict_line_write(screen, text->submission);
    verdict_line_write_counts(screen, member_object(text->submission, "findings"));
    write_times(screen, text);
    if (text->news == SUBMISSION_TEXT_ASKED) {
        write_sender(screen, member_object(text->submission, "sender"));
    }
    screen_line(screen, "  dlaczego: ", member_text(text->submission, "reason"));
    write_receipts(screen, text->submission);
    report_text_write_findings(screen, told.name, text->findings, 0);
    json_array_foreach(member_object(text->submission, "reports"), i, report)
    {
        report_text_write(screen, told.name, told.findings, report);
    }
    screen_format(screen, "\n");
}

/* What is in force for the report now, and whether this one would take its place. */
static void
write_in_force(struct screen *screen, const json_t *version)
{
    const json_t *in_force = member_object(version, "in_force");

    screen_piece(screen, "      wzór formularza: ", member_text(version, "form_version"));
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
    screen_piece(screen, "  sprawdzono według definicji sha256:",
                 str_slice(member_text(judged_by, "definitions"), 0, DIGEST_SHOWN));
    screen_line(screen, " i kalendarza v", member_text(judged_by, "calendar"));
}

void
submission_text_write_dry(struct screen *screen, struct str name, const json_t *judged,
                          const json_t *answer)
{
    size_t        i = 0;
    const json_t *report = NULL;

    screen_text(screen, name);
    verdict_line_write(screen, judged);
    screen_format(screen, "  (tylko sprawdzono, nic nie złożono)\n");
    screen_line(screen, "  dlaczego: ", member_text(judged, "reason"));
    report_text_write_findings(screen, name, member_object(judged, "findings"), 0);
    json_array_foreach(member_object(judged, "reports"), i, report)
    {
        report_text_write_head(screen, report);
        screen_format(screen, "\n");
        screen_line(screen, "      dlaczego: ", member_text(report, "reason"));
        report_text_write_signatures(screen, report);
        write_in_force(screen, json_array_get(json_object_get(answer, "versions"), i));
        report_text_write_findings(screen, name, member_object(report, "findings"), 0);
    }
    write_judged_by(screen, member_object(answer, "judged_by"));
    screen_format(screen, "\n");
}
