#include "tests/support/envelope.h"

enum { ENVELOPE_SIZE_MAX = 1024 * 1024 * 1024 };

static void
write_period(struct twin *twin, const struct envelope *package)
{
    twin_format(twin,
                "<Okres><Rok>%.*s</Rok><TypOkresu>%.*s</TypOkresu><Okres>%.*s</Okres></Okres>",
                STR_ARG(package->year), STR_ARG(package->period_kind), STR_ARG(package->period));
}

/* The eight fields that say which unit it is, in the package and once more in every report. */
static void
write_identity(struct twin *twin, const struct envelope_unit *unit)
{
    twin_format(twin, "<Nazwa>%.*s</Nazwa><Typ>%.*s</Typ><Regon>%-14.*s</Regon>",
                STR_ARG(unit->name), STR_ARG(unit->kind), STR_ARG(unit->regon));
    twin_format(twin, "<WK>%.*s</WK><PK>%.*s</PK><GK>%.*s</GK><GT>%.*s</GT><PT>%.*s</PT>",
                STR_ARG(unit->wk), STR_ARG(unit->pk), STR_ARG(unit->gk), STR_ARG(unit->gt),
                STR_ARG(unit->pt));
}

static void
write_header(struct twin *twin, const struct envelope *package,
             const struct envelope_report *report)
{
    twin_format(twin, "<Naglowek><Wersja>%.*s</Wersja><DataSprawozdania>%.*s</DataSprawozdania>",
                STR_ARG(report->version), STR_ARG(report->date));
    twin_both(twin, report->variant);
    if (report->form == POSTING_RB28S && (package->traits & ENVELOPE_NO_FLAG) == 0) {
        twin_format(twin, "<DostepneGrupyParagrafow>%s</DostepneGrupyParagrafow>",
                    (package->traits & ENVELOPE_GROUPS) != 0 ? "true" : "false");
    }
    if ((package->traits & ENVELOPE_REMARKS) != 0) {
        twin_both(twin, STR("<Uwagi>Sprawozdanie sporządzono po zmianie planu.</Uwagi>"));
    }
    twin_both(twin, STR("</Naglowek>"));
}

enum err
envelope_write_report(struct arena *arena, const struct envelope *package,
                      const struct envelope_unit *unit, struct envelope_report *report,
                      struct fault *fault)
{
    struct twin twin = twin_create(arena, ENVELOPE_SIZE_MAX);
    bool        remarks = (package->traits & POSTING_REMARKS) != 0;

    twin_format(&twin, "<%.*s Id=\"%.*s\">", STR_ARG(report->tag), STR_ARG(report->id));
    write_period(&twin, package);
    twin_both(&twin, STR("<Jednostka>"));
    write_identity(&twin, unit);
    twin_both(&twin, STR("</Jednostka>"));
    write_header(&twin, package, report);
    twin_both(&twin, STR("<Pozycje>"));
    twin_both(&twin, report->sheet);
    for (size_t i = 0; i < report->row_count; i++) {
        posting_write(&twin, report->form, &report->rows[i], remarks && i == 0);
    }
    twin_both(&twin, STR("</Pozycje>"));
    twin_format(&twin, "</%.*s>", STR_ARG(report->tag));
    if (!twin_ok(&twin)) {
        return FAIL(fault, ERR_MEMORY, "report of %zu rows", report->row_count);
    }
    report->raw = buf_str(&twin.raw);
    report->canonical = buf_str(&twin.canonical);
    return ERR_OK;
}

static void
write_unit(struct twin *twin, const struct envelope_unit *unit)
{
    twin_both(twin, STR("<Jednostka>"));
    write_identity(twin, unit);
    twin_both(twin, STR("<Sprawozdania>"));
    for (size_t i = 0; i < unit->report_count; i++) {
        buf_append(&twin->raw, unit->reports[i].raw);
    }
    buf_append(&twin->raw, unit->more_reports);
    twin_both(twin, STR("</Sprawozdania><Podpisy>"));
    for (size_t i = 0; i < unit->report_count; i++) {
        const struct envelope_report *report = &unit->reports[i];
        for (size_t j = 0; j < report->signature_count; j++) {
            buf_append(&twin->raw, report->signatures[j]);
        }
    }
    twin_both(twin, STR("</Podpisy></Jednostka>"));
}

enum err
envelope_write(struct arena *arena, const struct envelope *package, struct str *out,
               struct fault *fault)
{
    struct twin twin = twin_create(arena, ENVELOPE_SIZE_MAX);

    twin_format(&twin,
                "\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"utf-8\"?>"
                "<PaczkaSprawozdan Wersja=\"0.3\"%.*s>",
                STR_ARG(package->root_attributes));
    write_period(&twin, package);
    twin_both(&twin, STR("<Jednostki>"));
    for (size_t i = 0; i < package->unit_count; i++) {
        write_unit(&twin, &package->units[i]);
    }
    twin_both(&twin, STR("</Jednostki>"));
    buf_append(&twin.raw, package->tail);
    twin_both(&twin, STR("</PaczkaSprawozdan>"));
    if (!twin_ok(&twin)) {
        return FAIL(fault, ERR_MEMORY, "package of %zu units", package->unit_count);
    }
    *out = buf_str(&twin.raw);
    return ERR_OK;
}
