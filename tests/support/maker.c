#include "tests/support/maker.h"

#include "tests/support/defect.h"
#include "tests/support/dice.h"
#include "tests/support/sheet.h"
#include "validators/base/moment.h"

#include <string.h>

/* As in the sample files. */
enum { ROWS_RB27S = 5, ROWS_RB28S = 34, DAYS_TO_REPORT = 9 };

/* The first eight digits of the REGON of the first unit. */
enum { REGON_FIRST = 99000101, REGON_DIGITS = 8 };

static const struct {
    const char *name;
    const char *text;
    unsigned    traits;
} features[] = {
    {"deductions",     "PO in every row of Rb-27s",                               POSTING_DEDUCTIONS   },
    {"taxes",          "tax paragraphs with SO, SU, UZ, OT in Rb-27s",            POSTING_TAXES        },
    {"liabilities",    "ZW, LU, RB, WN, WFS in every row of Rb-28s",              POSTING_LIABILITIES  },
    {"row-remarks",    "Uwagi in the first row of every report",                  POSTING_REMARKS      },
    {"plan-absent",    "no PL in the first row of Rb-27s",                        POSTING_PLAN_ABSENT  },
    {"p4",             "P4 other than 0 in every row",                            POSTING_P4           },
    {"plan-and-done",  "only PL and DW, PL and WW, as in monthly reports",        POSTING_PLAN_AND_DONE},
    {"remarks",        "Uwagi in every Naglowek",                                 ENVELOPE_REMARKS     },
    {"groups",         "DostepneGrupyParagrafow is true",                         ENVELOPE_GROUPS      },
    {"no-groups-flag", "no DostepneGrupyParagrafow",                              ENVELOPE_NO_FLAG     },
    {"one-signature",  "only the accountant has signed",                          ENVELOPE_ONE_SIGN    },
    {"unsigned",       "nobody has signed",                                       ENVELOPE_UNSIGNED    },
    {"on-behalf",      "the second role is Z upoważnienia kierownika jednostki", ENVELOPE_ON_BEHALF   },
};

/* Everything that one run needs at hand. */
struct run {
    struct arena               *arena;
    const struct maker_options *options;
    const struct authority     *authority;
    const struct defect        *defect;
    const struct sheet         *sheet; /* NULL: Rb-27s and Rb-28s */
    const struct sheet_fault   *wrong; /* with its rows; NULL: nothing */
    struct dice                 dice;
    struct date                 date;
    struct envelope             package;
    struct fault               *fault;
};

static const struct defect nothing_wrong = {.name = "none", .says = "nothing is wrong"};

static bool
is_month(const struct run *run)
{
    return strncmp(run->package.period_kind.data, "Mies", 4) == 0;
}

static enum err
choose_date(struct run *run)
{
    int month = is_month(run) ? run->options->period : 3 * run->options->period;

    if (run->options->date != NULL) {
        return date_parse(str_of(run->options->date), &run->date)
                   ? ERR_OK
                   : FAIL(run->fault, ERR_USAGE, "no date: %s", run->options->date);
    }
    if (month < 1 || month > 12) {
        return FAIL(run->fault, ERR_USAGE, "no period %d", run->options->period);
    }
    run->date = date_of_days(date_days(date_month_end(run->options->year, month)) + DAYS_TO_REPORT);
    return ERR_OK;
}

/* Eight digits and the check digit of REGON-9 (domain.md 3). */
struct str
maker_regon(struct arena *arena, size_t unit)
{
    static const int weights[REGON_DIGITS] = {8, 9, 2, 3, 4, 5, 6, 7};

    size_t number = REGON_FIRST + unit;
    int    sum = 0;
    size_t rest = number;
    for (int i = REGON_DIGITS - 1; i >= 0; i--) {
        sum += weights[i] * (int)(rest % 10);
        rest /= 10;
    }
    return str_format(arena, "%zu%d", number, sum % 11 % 10);
}

/* What every report has, whatever its form. */
static enum err
plan_head(struct run *run, const char *tag, const char *stem, struct envelope_report *report)
{
    struct buf date = buf_create(run->arena, 32);

    date_write(&date, run->date);
    struct str guid = dice_guid(&run->dice, run->arena);
    *report = (struct envelope_report){
        .form = POSTING_FORM_COUNT,
        .tag = str_of(tag),
        .id = str_format(run->arena, "%s_%.*s", stem, STR_ARG(guid)),
        .version = str_format(run->arena, "%d", run->options->version),
        .date = buf_str(&date),
        .variant = run->options->variant == NULL ? STR("") : str_of(run->options->variant),
    };
    return report->id.data == NULL || report->version.data == NULL || !buf_ok(&date)
               ? FAIL(run->fault, ERR_MEMORY, "report")
               : ERR_OK;
}

/* All rules inside a form are linear, so that they hold of the multiples too. */
static void
multiply(struct posting *rows, size_t count, int times)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < POSTING_AMOUNTS_MAX; j++) {
            rows[i].amounts[j] *= times;
        }
    }
}

static enum err
plan_report(struct run *run, enum posting_form form, struct envelope_report *report)
{
    bool   income = form == POSTING_RB27S;
    size_t usual = income ? ROWS_RB27S : ROWS_RB28S;

    TRY(plan_head(run, income ? "Rb-27s" : "Rb-28s", income ? "Rb27s" : "Rb28s", report));
    report->form = form;
    report->row_count = run->options->rows == 0 ? usual : run->options->rows;
    TRY(posting_fill(run->arena, &run->dice, form, run->package.traits, report->row_count,
                     &report->rows, run->fault));
    multiply(report->rows, report->row_count, run->options->times == 0 ? 1 : run->options->times);
    return ERR_OK;
}

static enum err
plan_unit(struct run *run, size_t index, struct envelope_unit *unit)
{
    unsigned forms = (run->options->forms == 0 ? MAKER_RB27S | MAKER_RB28S : run->options->forms)
                     | run->defect->forms;

    *unit = (struct envelope_unit){
        .name = str_format(run->arena, "SZKOŁA PODSTAWOWA NR %zu W PRZYKŁADOWIE",
                           run->options->first_unit + index + 1),
        .kind = run->options->kind == NULL ? STR("JB") : str_of(run->options->kind),
        .regon = maker_regon(run->arena, run->options->first_unit + index),
        .wk = STR("99"),
        .pk = STR("01"),
        .gk = STR("02"),
        .gt = STR("3"),
        .pt = STR("0"),
    };
    if (run->sheet != NULL) {
        unit->report_count = 1;
        TRY(plan_head(run, run->sheet->tag, run->sheet->stem, &unit->reports[0]));
        TRY(sheet_rows(run->arena, run->sheet, run->wrong, &unit->reports[0].sheet, run->fault));
    }
    for (int form = 0; run->sheet == NULL && form < POSTING_FORM_COUNT; form++) {
        if ((forms & 1U << (unsigned)form) != 0) {
            TRY(plan_report(run, (enum posting_form)form, &unit->reports[unit->report_count]));
            unit->report_count++;
        }
    }
    return unit->name.data == NULL || unit->regon.data == NULL
               ? FAIL(run->fault, ERR_MEMORY, "unit")
               : ERR_OK;
}

static enum err
plan_package(struct run *run)
{
    const struct maker_options *options = run->options;
    struct envelope            *package = &run->package;
    size_t                      units = options->units == 0 ? 1 : options->units;

    package->traits = options->features | run->defect->traits;
    package->year = str_format(run->arena, "%d", options->year);
    package->period_kind = str_of(options->period_kind);
    package->period = str_format(run->arena, "%d", options->period);
    package->unit_count = units < run->defect->units ? run->defect->units : units;
    if (package->unit_count > MAKER_UNITS_MAX) {
        return FAIL(run->fault, ERR_USAGE, "more than %d units", MAKER_UNITS_MAX);
    }
    package->units = ARENA_NEW(run->arena, struct envelope_unit, package->unit_count);
    if (package->units == NULL || package->year.data == NULL || package->period.data == NULL) {
        return FAIL(run->fault, ERR_MEMORY, "package of %zu units", package->unit_count);
    }
    TRY(choose_date(run));
    for (size_t i = 0; i < package->unit_count; i++) {
        TRY(plan_unit(run, i, &package->units[i]));
    }
    if (run->defect->plan != NULL) {
        run->defect->plan(package);
    }
    return ERR_OK;
}

/* The report that the defect strikes, and the unit's other one. */
static bool
is_struck(const struct run *run, size_t unit, size_t report)
{
    const struct envelope_unit *first = &run->package.units[0];
    size_t                      wanted = 0;

    if (run->defect->forms != 0 && first->reports[0].form != run->defect->form) {
        wanted = 1;
    }
    return unit == 0 && (report == wanted || run->defect->digest_of_other);
}

static enum err
edit_report(struct run *run, struct envelope_report *report, enum edit_stage stage)
{
    struct edit_names names = {report->id, report->id};

    for (size_t i = 0; i < DEFECT_EDITS_MAX; i++) {
        const struct edit *edit = &run->defect->edits[i];
        if (edit->mode == EDIT_NOTHING || edit->stage != stage) {
            continue;
        }
        TRY(edit_apply(run->arena, edit, EDIT_RAW, &names, &report->raw, run->fault));
        TRY(edit_apply(run->arena, edit, EDIT_CANONICAL, &names, &report->canonical, run->fault));
    }
    return ERR_OK;
}

static enum err
write_reports(struct run *run, size_t index)
{
    struct envelope_unit *unit = &run->package.units[index];

    for (size_t i = 0; i < unit->report_count; i++) {
        struct envelope_report *report = &unit->reports[i];
        TRY(envelope_write_report(run->arena, &run->package, unit, report, run->fault));
        if (is_struck(run, index, i)) {
            TRY(edit_report(run, report, EDIT_STAGE_REPORT));
        }
    }
    return ERR_OK;
}

static void
spoil(const struct run *run, struct autograph *autograph)
{
    const struct defect *defect = run->defect;

    if (defect->signer != AUTHORITY_ACCOUNTANT) {
        autograph->signer = authority_card(run->authority, defect->signer);
    }
    autograph->named = defect->named == AUTHORITY_ACCOUNTANT
                           ? autograph->signer
                           : authority_card(run->authority, defect->named);
    autograph->shown = defect->shown == AUTHORITY_ACCOUNTANT
                           ? autograph->signer
                           : authority_card(run->authority, defect->shown);
    autograph->method = defect->method;
    autograph->digest = defect->digest;
    autograph->key_info = defect->key_info;
    autograph->edits = defect->edits;
    autograph->edit_count = DEFECT_EDITS_MAX;
}

/* Names, times and roles as in the sample files: 17:47:1r and 17:48:0r, numbers HHMM u r s. */
static void
describe(const struct run *run, size_t unit, size_t report, size_t signer,
         struct autograph *autograph)
{
    static const struct str roles[][2] = {
        {STR_INIT("Główny Księgowy"), STR_INIT("Kierownik jednostki")     },
        {STR_INIT("Skarbnik"),           STR_INIT("Przewodniczący zarządu")},
    };

    const struct date *date = &run->date;
    int                minute = signer == 0 ? 47 : 48;
    int                second = (signer == 0 ? 10 : 0) + (int)report;
    bool               on_behalf = (run->package.traits & ENVELOPE_ON_BEHALF) != 0 && signer == 1;
    const struct envelope_unit *owner = &run->package.units[unit];
    bool                        council =
        str_equal(owner->kind, STR("ZB-TEST")) || str_equal(owner->kind, STR("ORGAN-TEST"));

    *autograph = (struct autograph){
        .number = str_format(run->arena, "%04d%02d%02d17%02d%zu%zu%zu", date->year, date->month,
                             date->day, minute, unit, report, signer + 1),
        .report_id = owner->reports[report].id,
        .data = owner->reports[report].canonical,
        .time = str_format(run->arena, "%04d-%02d-%02dT17:%02d:%02d", date->year, date->month,
                           date->day, minute, second),
        .role =
            on_behalf ? STR("Z upoważnienia kierownika jednostki") : roles[council ? 1 : 0][signer],
        .declaration = run->package.declaration,
        .inherited = run->package.inherited,
        .signer =
            authority_card(run->authority, signer == 0 ? AUTHORITY_ACCOUNTANT : AUTHORITY_HEAD),
        .names = {owner->reports[report].id, owner->reports[owner->report_count - 1 - report].id},
    };
    autograph->named = autograph->signer;
    autograph->shown = autograph->signer;
}

static bool
signer_is_struck(const struct run *run, size_t signer)
{
    return run->defect->signers == DEFECT_BOTH_SIGNERS || run->defect->digest_of_other
           || (size_t)run->defect->signers == signer;
}

static enum err
sign_report(struct run *run, size_t unit_index, size_t index)
{
    struct envelope_unit   *unit = &run->package.units[unit_index];
    struct envelope_report *report = &unit->reports[index];

    if ((run->package.traits & ENVELOPE_UNSIGNED) != 0) {
        return ERR_OK;
    }
    report->signature_count = (run->package.traits & ENVELOPE_ONE_SIGN) != 0 ? 1 : 2;
    for (size_t i = 0; i < report->signature_count; i++) {
        struct autograph autograph;
        describe(run, unit_index, index, i, &autograph);
        if (is_struck(run, unit_index, index) && signer_is_struck(run, i)) {
            spoil(run, &autograph);
            if (run->defect->digest_of_other) {
                autograph.data = unit->reports[unit->report_count - 1 - index].canonical;
            }
        }
        TRY(autograph_write(run->arena, &autograph, &report->signatures[i], run->fault));
    }
    return is_struck(run, unit_index, index) ? edit_report(run, report, EDIT_STAGE_LATE) : ERR_OK;
}

static enum err
write_package(struct run *run, struct str *out)
{
    struct edit_names names = {{0}, {0}};
    struct str        text = {0};

    TRY(defect_hide(run->arena, run->defect, &run->package, run->fault));
    if (run->defect->rearrange != NULL) {
        TRY(run->defect->rearrange(run->arena, &run->package, run->fault));
    }
    TRY(envelope_write(run->arena, &run->package, &text, run->fault));
    for (size_t i = 0; i < DEFECT_EDITS_MAX; i++) {
        const struct edit *edit = &run->defect->edits[i];
        if (edit->mode != EDIT_NOTHING && edit->stage == EDIT_STAGE_PACKAGE) {
            TRY(edit_apply(run->arena, edit, EDIT_RAW, &names, &text, run->fault));
        }
    }
    *out = text;
    return ERR_OK;
}

/* What is left open is as in the sample files, or as the sheet says. */
static struct maker_options
fill_options(const struct maker_options *options, const struct sheet *sheet,
             const struct defect *defect)
{
    struct maker_options filled = *options;
    bool month = ((options->features | defect->traits) & POSTING_PLAN_AND_DONE) != 0;
    int  quarter = sheet == NULL ? 2 : sheet->quarter;

    if (options->year == 0) {
        filled.year = sheet == NULL ? 2026 : sheet->year;
    }
    if (options->period_kind == NULL) {
        filled.period_kind = month ? "Miesiac" : "Kwartal";
    }
    if (options->period == 0) {
        filled.period = month ? 5 : quarter;
    }
    if (options->kind == NULL && sheet != NULL) {
        filled.kind = sheet->kind;
    }
    return filled;
}

/* The sheet that is asked for, and the fault: one of its own, or one that any report can have. */
static enum err
choose_fault(struct run *run, const struct maker_options *options)
{
    run->defect = &nothing_wrong;
    if (options->sheet != NULL) {
        run->sheet = sheet_find(options->sheet);
        if (run->sheet == NULL) {
            return FAIL(run->fault, ERR_USAGE, "no form named %s", options->sheet);
        }
    }
    if (options->fault == NULL) {
        return ERR_OK;
    }
    run->wrong = run->sheet == NULL ? NULL : sheet_fault_find(run->sheet->tag, options->fault);
    if (run->wrong != NULL) {
        return ERR_OK;
    }
    run->defect = defect_find(options->fault);
    if (run->defect == NULL || (run->sheet != NULL && run->defect->forms != 0)) {
        return FAIL(run->fault, ERR_USAGE, "no fault named %s%s%s", options->fault,
                    run->sheet == NULL ? "" : " of ", run->sheet == NULL ? "" : run->sheet->tag);
    }
    return ERR_OK;
}

enum err
maker_package(struct arena *arena, const struct maker_options *options,
              const struct authority *authority, struct str *out, struct fault *fault)
{
    struct run run = {
        .arena = arena, .authority = authority, .dice = {options->seed}, .fault = fault};

    TRY(choose_fault(&run, options));
    struct maker_options filled = fill_options(options, run.sheet, run.defect);
    run.options = &filled;
    TRY(plan_package(&run));
    for (size_t i = 0; i < run.package.unit_count; i++) {
        TRY(write_reports(&run, i));
        for (size_t j = 0; j < run.package.units[i].report_count; j++) {
            TRY(sign_report(&run, i, j));
        }
    }
    return write_package(&run, out);
}

size_t
maker_feature_count(void)
{
    return ARRAY_COUNT(features);
}

const char *
maker_feature_name(size_t index)
{
    ENSURE(index < ARRAY_COUNT(features));
    return features[index].name;
}

const char *
maker_feature_text(size_t index)
{
    ENSURE(index < ARRAY_COUNT(features));
    return features[index].text;
}

unsigned
maker_feature(const char *name)
{
    for (size_t i = 0; i < ARRAY_COUNT(features); i++) {
        if (strcmp(features[i].name, name) == 0) {
            return features[i].traits;
        }
    }
    return 0;
}

size_t
maker_fault_count(void)
{
    return defect_count();
}

const char *
maker_fault_name(size_t index)
{
    return defect_at(index)->name;
}

const char *
maker_fault_text(size_t index)
{
    return defect_at(index)->says;
}
