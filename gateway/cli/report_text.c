#include "gateway/cli/report_text.h"

#include "gateway/cli/finding_card.h"
#include "gateway/cli/finding_member.h"
#include "gateway/cli/member.h"
#include "gateway/cli/objection_text.h"
#include "gateway/cli/set_text.h"
#include "gateway/cli/signature_line.h"
#include "gateway/cli/verdict_line.h"
#include "validators/base/moment.h"

#include <inttypes.h>

enum { TIME_MAX = 128 };

void
report_text_write_findings(struct screen *screen, struct str name, const json_t *findings,
                           int64_t ordinal)
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

void
report_text_write_signatures(struct screen *screen, const json_t *report)
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

void
report_text_write_head(struct screen *screen, const json_t *report)
{
    const json_t *unit = member_object(report, "unit");
    const json_t *version = json_object_get(report, "version");

    screen_format(screen, "  ");
    screen_text(screen, member_text(report, "form"));
    screen_piece(screen, "  ", member_text(report, "period"));
    screen_piece(screen, "  ",
                 member_text(unit == NULL ? report : unit, unit == NULL ? "unit_name" : "name"));
    screen_piece(screen, ", REGON ",
                 member_text(unit == NULL ? report : unit, unit == NULL ? "unit" : "regon"));
    screen_piece(screen, ", ", member_text(report, "level"));
    screen_piece(screen, ", wariant ", member_text(report, "variant"));
    screen_piece(screen, ", wersja ", member_text(report, "version"));
    if (json_is_integer(version)) {
        screen_format(screen, ", wersja %" PRId64, (int64_t)json_integer_value(version));
    }
    verdict_line_write(screen, report);
}

/* Whether the same report had come before, byte for byte: that one decided about the term. */
static bool
is_repeated(const json_t *findings, int64_t ordinal)
{
    size_t        i = 0;
    const json_t *finding = NULL;

    json_array_foreach(findings, i, finding)
    {
        if (member_number(finding, "report") == ordinal
            && str_equal(member_text(finding, "code"), STR("PACZKA-021"))) {
            return true;
        }
    }
    return false;
}

/* "termin 22 lipca 2026 r.: w terminie, bo liczy się data wpływu (wg kalendarza v1)". */
static void
write_due(struct screen *screen, const json_t *report, bool repeats)
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
    static const char *const repeated =
        ": w terminie, bo to samo sprawozdanie wpłynęło już wcześniej";

    struct str  due = member_text(report, "due");
    struct date date = {0};
    struct buf  day = buf_create(screen->out.arena, TIME_MAX);

    if (!date_parse(due, &date)) {
        return;
    }
    date_write_polish(&day, date);
    screen_piece(screen, "      termin ", buf_str(&day));
    for (size_t i = 0; i < ARRAY_COUNT(words); i++) {
        if (str_equal(member_text(report, "timeliness"), words[i].code)) {
            screen_format(screen, "%s", repeats && i == 0 ? repeated : words[i].words);
        }
    }
    screen_piece(screen, " (wg kalendarza v", member_text(report, "calendar"));
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
        screen_piece(screen, "      po oknie korekt, które trwało do ", buf_str(&day));
        screen_line(screen, ": przedstawione odbiorcy: ", member_text(correction, "recipient"));
    }
    if (reason == NULL) {
        screen_format(screen, "      korekta: przyczyny nie podano, poda ją brama reason\n");
    } else {
        screen_piece(screen, "      przyczyna korekty: ", member_text(reason, "code"));
        screen_piece(screen, ": ", member_text(reason, "text"));
        screen_format(screen, "\n");
    }
}

/* Rules that were objected to, and what their owners say of it. */
static void
write_objections(struct screen *screen, const json_t *objections)
{
    size_t        i = 0;
    const json_t *objection = NULL;

    json_array_foreach(objections, i, objection)
    {
        objection_text_write(screen, member_text(objection, "rule"),
                             member_object(objection, "answer"));
    }
}

void
report_text_write_force(struct screen *screen, const json_t *report)
{
    if (str_equal(member_text(report, "verdict"), STR("accepted"))
        && json_is_false(json_object_get(report, "in_force"))) {
        screen_format(screen, ", nie obowiązuje: jest sprawozdanie w wyższej wersji albo, przy "
                              "równej, późniejsze");
    }
}

void
report_text_write(struct screen *screen, struct str name, const json_t *findings,
                  const json_t *report)
{
    int64_t ordinal = member_number(report, "ordinal");

    if (ordinal > 0) {
        screen_format(screen, "  %" PRId64 ".", ordinal);
    }
    report_text_write_head(screen, report);
    report_text_write_force(screen, report);
    verdict_line_write_counts(screen, member_object(report, "findings"));
    screen_line(screen, "      dlaczego: ", member_text(report, "reason"));
    write_due(screen, report, is_repeated(findings, ordinal));
    write_correction(screen, member_object(report, "correction"));
    write_objections(screen, member_object(report, "objections"));
    set_text_write(screen, member_object(report, "set"));
    screen_line(screen, "      UPO: ", member_text(report, "receipt"));
    report_text_write_signatures(screen, report);
    report_text_write_findings(screen, name, findings, ordinal);
}
