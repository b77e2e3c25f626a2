#include "gateway/cli/csv_report.h"

#include "gateway/answer/csv.h"

static const char *const columns[] = {
    "plik",  "formularz", "okres",       "regon",   "jednostka", "wersja",   "wynik",
    "kod",   "waga",      "tytuł",       "gdzie",   "wiersz",    "znak",     "bajt",
    "xpath", "jest",      "powinno być", "różnica", "co zrobić", "podstawa", "szczegóły techniczne",
};

/* What the lines of one report have in common; empty texts for the package. */
struct subject {
    struct str file;
    struct str form;
    struct str period;
    struct str regon;
    struct str unit;
    struct str version;
    struct str verdict;
};

static void
write_finding(struct csv *csv, const struct subject *subject, const struct told *told)
{
    const struct finding *finding = &told->finding;

    csv_field(csv, subject->file);
    csv_field(csv, subject->form);
    csv_field(csv, subject->period);
    csv_field(csv, subject->regon);
    csv_field(csv, subject->unit);
    csv_field(csv, subject->version);
    csv_field(csv, subject->verdict);
    csv_field(csv, str_of(finding->code));
    csv_field(csv, str_of(severity_name(told->severity)));
    csv_field(csv, told->title);
    csv_field(csv, finding->cell);
    csv_number(csv, told->line);
    csv_number(csv, told->column);
    csv_number(csv, finding->offset);
    csv_field(csv, finding->xpath);
    csv_field(csv, finding->found);
    csv_field(csv, finding->expected);
    csv_field(csv, finding->difference);
    csv_field(csv, told->fix);
    csv_field(csv, told->entry->basis);
    csv_field(csv, finding->technical);
    csv_row_end(csv);
}

static void
write_findings(struct csv *csv, const struct subject *subject, const struct told_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        write_finding(csv, subject, &list->items[i]);
    }
}

static void
write_file(struct csv *csv, const struct judged_file *file)
{
    const struct decided_file *decided = file->decided;
    const struct subject       package = {.file = file->input->name,
                                          .verdict = str_of(verdict_name(decided->verdict))};

    write_findings(csv, &package, &decided->findings);
    for (size_t i = 0; i < decided->report_count; i++) {
        const struct decided_report *report = &decided->reports[i];
        const struct subject         subject = {.file = file->input->name,
                                                .form = report->form_title,
                                                .period = report->period,
                                                .regon = report->unit_regon,
                                                .unit = report->unit_name,
                                                .version = report->version,
                                                .verdict = str_of(verdict_name(report->verdict))};
        write_findings(csv, &subject, &report->findings);
    }
}

void
csv_report_write(struct buf *out, const struct judgement *judgement)
{
    struct csv csv = csv_create(out);

    for (size_t i = 0; i < ARRAY_COUNT(columns); i++) {
        csv_field(&csv, str_of(columns[i]));
    }
    csv_row_end(&csv);
    for (size_t i = 0; i < judgement->file_count; i++) {
        write_file(&csv, &judgement->files[i]);
    }
}
