#include "gateway/admin/admin.h"
#include "gateway/obligation/generation.h"
#include "gateway/obligation/internal_due.h"
#include "gateway/obligation/outage.h"

enum { MONTHS_OF_QUARTER = 3, MONTHS_OF_YEAR = 12, QUARTERS = 4 };

/* "2026-Q2", "2026-06" or "2026": the run of days in which its periods end. */
static bool
read_period(struct str text, struct generation_wish *out)
{
    struct str rest = text;
    struct str year_text = {0};
    int64_t    year = 0;
    int64_t    number = 0;

    if (!str_cut(&rest, '-', &year_text) || year_text.size != 4 || !str_to_number(year_text, &year)
        || year < MOMENT_YEAR_MIN || year > MOMENT_YEAR_MAX) {
        return false;
    }
    if (rest.data == NULL) {
        out->first_end = (struct date){(int)year, 1, 1};
        out->last_end = (struct date){(int)year, MONTHS_OF_YEAR, 31};
        return true;
    }
    bool is_quarter = str_starts_with(rest, STR("Q"));
    if (rest.size != 2 || !str_to_number(is_quarter ? str_slice(rest, 1, 1) : rest, &number)
        || number < 1 || number > (is_quarter ? QUARTERS : MONTHS_OF_YEAR)) {
        return false;
    }
    int month = (int)number * (is_quarter ? MONTHS_OF_QUARTER : 1);
    out->last_end = date_month_end((int)year, month);
    out->first_end = out->last_end; /* of a quarter: what ends with it, its last month too */
    return true;
}

static enum err
read_wish(struct admin *admin, struct generation_wish *out, struct fault *fault)
{
    const struct str *values = admin->options.values;
    instant           now = 0;

    *out = (struct generation_wish){.by = values[OPTION_BY].data == NULL ? STR("brama admin")
                                                                         : values[OPTION_BY]};
    TRY(admin_now(admin, &now, fault));
    if (values[OPTION_PERIOD].data == NULL) {
        generation_current(moment_warsaw_date(now / INSTANT_PER_SECOND), out);
        return ERR_OK;
    }
    if (!read_period(values[OPTION_PERIOD], out)) {
        return FAIL(fault, ERR_USAGE,
                    "--period: „%.*s” to nie jest okres w postaci 2026-Q2, "
                    "2026-06 albo 2026",
                    STR_ARG(str_slice(values[OPTION_PERIOD], 0, 40)));
    }
    return ERR_OK;
}

static void
print_count(struct admin *admin, const char *what, int64_t count)
{
    buf_format(&admin->out, "%s\t%lld\n", what, (long long)count);
}

enum err
obligation_task_generate(struct admin *admin, struct fault *fault)
{
    bool                     dry = admin->options.values[OPTION_DRY_RUN].data != NULL;
    struct definitions       definitions = {0};
    struct generation_wish   wish = {0};
    struct generation_counts counts = {0};

    TRY(read_wish(admin, &wish, fault));
    TRY(admin_definitions(admin, &definitions, fault));
    TRY(store_script(admin->store, "SAVEPOINT dry", fault));
    TRY(generation_run(admin->store, admin->arena, definitions.calendar, &wish, &counts, fault));
    if (dry) {
        TRY(store_script(admin->store, "ROLLBACK TO SAVEPOINT dry", fault));
        buf_append(&admin->out, STR("Próba, niczego nie zapisano\n"));
    }
    print_count(admin, "terminów w kalendarzu", counts.terms);
    print_count(admin, "dodano", counts.added);
    print_count(admin, "zmieniono", counts.altered);
    print_count(admin, "przejęto albo wygasło", counts.superseded);
    print_count(admin, "przywrócono", counts.restored);
    print_count(admin, "uzgodniono z tym, co wpłynęło", counts.settled);
    print_count(admin, "obowiązków razem", counts.all);
    return ERR_OK;
}

static enum err
read_act(struct admin *admin, struct act *out, struct fault *fault)
{
    TRY(admin_options_need(&admin->options, OPTION_BY, fault));
    TRY(admin_options_need(&admin->options, OPTION_BASIS, fault));
    out->store = admin->store;
    out->arena = admin->arena;
    out->by = admin->options.values[OPTION_BY];
    out->basis = admin->options.values[OPTION_BASIS];
    return admin_now(admin, &out->now, fault);
}

/* --unit, --form, --period and, where they are needed, --level and --variant. */
static enum err
read_duty(struct admin *admin, struct act_duty *out, struct fault *fault)
{
    static const enum admin_option needed[] = {OPTION_UNIT, OPTION_FORM, OPTION_PERIOD};
    const struct str              *values = admin->options.values;
    struct registry_unit           unit = {0};

    for (size_t i = 0; i < ARRAY_COUNT(needed); i++) {
        TRY(admin_options_need(&admin->options, needed[i], fault));
    }
    TRY(admin_find_unit(admin, values[OPTION_UNIT], &unit, fault));
    *out = (struct act_duty){.unit = unit.unit,
                             .unit_name = unit.name,
                             .form = values[OPTION_FORM],
                             .period = values[OPTION_PERIOD],
                             .level = values[OPTION_LEVEL],
                             .variant = values[OPTION_VARIANT]};
    return ERR_OK;
}

enum err
obligation_task_exempt(struct admin *admin, struct fault *fault)
{
    struct registry_unit unit = {0};
    struct act           act = {0};
    struct act_exemption exemption = {0};
    int64_t              number = 0;

    TRY(read_act(admin, &act, fault));
    TRY(admin_options_need(&admin->options, OPTION_UNIT, fault));
    TRY(admin_options_need(&admin->options, OPTION_FORM, fault));
    TRY(admin_options_need(&admin->options, OPTION_FROM, fault));
    TRY(admin_date(admin, OPTION_FROM, &exemption.first, fault));
    TRY(admin_date(admin, OPTION_TO, &exemption.last, fault));
    TRY(admin_find_unit(admin, admin->options.values[OPTION_UNIT], &unit, fault));
    exemption.unit = unit.unit;
    exemption.form = admin->options.values[OPTION_FORM];
    TRY(act_exempt(&act, &exemption, &number, fault));
    buf_format(&admin->out, "Zwolniono: wpis exemption/%lld\n", (long long)number);
    return ERR_OK;
}

enum err
obligation_task_nothing(struct admin *admin, struct fault *fault)
{
    struct act      act = {0};
    struct act_duty duty = {0};
    int64_t         number = 0;

    TRY(read_act(admin, &act, fault));
    TRY(read_duty(admin, &duty, fault));
    TRY(act_declare_nothing(&act, &duty, &number, fault));
    buf_format(&admin->out, "Zapisano „nic do wykazania”: wpis nothing/%lld\n", (long long)number);
    return ERR_OK;
}

enum err
obligation_task_elsewhere(struct admin *admin, struct fault *fault)
{
    struct str      place = admin->options.values[OPTION_PLACE];
    struct act      act = {0};
    struct act_duty duty = {0};
    struct date     on = {0};
    int64_t         number = 0;

    TRY(read_act(admin, &act, fault));
    TRY(read_duty(admin, &duty, fault));
    TRY(admin_options_need(&admin->options, OPTION_ON, fault));
    TRY(admin_date(admin, OPTION_ON, &on, fault));
    TRY(act_file_elsewhere(&act, &duty, place.data == NULL ? STR("BeSTi@") : place, on, &number,
                           fault));
    buf_format(&admin->out, "Zapisano przekazanie poza bramą: wpis elsewhere/%lld\n",
               (long long)number);
    return ERR_OK;
}

enum err
obligation_task_internal(struct admin *admin, struct fault *fault)
{
    struct act      act = {0};
    struct act_duty duty = {0};
    struct date     on = {0};
    int64_t         changed = 0;

    TRY(read_act(admin, &act, fault));
    TRY(read_duty(admin, &duty, fault));
    TRY(admin_date(admin, OPTION_ON, &on, fault));
    TRY(internal_due_set(&act, &duty, on, &changed, fault));
    buf_format(&admin->out, "%s; zmieniono obowiązków: %lld\n",
               on.year == 0 ? "Cofnięto termin wewnętrzny" : "Ustawiono termin wewnętrzny",
               (long long)changed);
    return ERR_OK;
}

/* "exemption/12" */
enum err
obligation_task_revoke(struct admin *admin, struct fault *fault)
{
    struct str what = {0};
    struct str rest = admin->options.argument;
    struct act act = {0};
    int64_t    number = 0;

    TRY(read_act(admin, &act, fault));
    if (!str_cut(&rest, '/', &what) || !str_to_number(rest, &number)) {
        return FAIL(fault, ERR_USAGE,
                    "wpis do cofnięcia ma postać exemption/12, nothing/12, "
                    "elsewhere/12 albo outage/12");
    }
    TRY(act_revoke(&act, what, number, fault));
    buf_format(&admin->out, "Cofnięto wpis %.*s\n", STR_ARG(admin->options.argument));
    return ERR_OK;
}

static enum err
read_moment(const struct admin *admin, enum admin_option option, instant *out, struct fault *fault)
{
    struct str text = admin->options.values[option];
    moment     at = 0;

    TRY(admin_options_need(&admin->options, option, fault));
    if (!moment_parse(text, &at)) {
        return FAIL(fault, ERR_USAGE,
                    "%s: „%.*s” to nie jest chwila w postaci "
                    "2026-07-10T21:10:00+02:00",
                    admin_option_name(option), STR_ARG(str_slice(text, 0, 40)));
    }
    *out = at * INSTANT_PER_SECOND;
    return ERR_OK;
}

static enum err
add_outage(struct admin *admin, struct fault *fault)
{
    const struct str *values = admin->options.values;
    struct outage     outage = {.description = values[OPTION_DESCRIPTION],
                                .evidence = values[OPTION_EVIDENCE]};
    struct act        act = {.store = admin->store,
                             .arena = admin->arena,
                             .by = values[OPTION_BY],
                             .basis = values[OPTION_EVIDENCE]};
    int64_t           number = 0;

    TRY(admin_options_need(&admin->options, OPTION_BY, fault));
    TRY(admin_options_need(&admin->options, OPTION_DESCRIPTION, fault));
    TRY(admin_options_need(&admin->options, OPTION_EVIDENCE, fault));
    TRY(read_moment(admin, OPTION_FROM, &outage.began, fault));
    TRY(read_moment(admin, OPTION_TO, &outage.ended, fault));
    TRY(admin_now(admin, &act.now, fault));
    TRY(outage_add(&act, &outage, &number, fault));
    buf_format(&admin->out, "Zapisano przerwę: wpis outage/%lld; nie przesuwa żadnego terminu\n",
               (long long)number);
    return ERR_OK;
}

static enum err
list_outages(struct admin *admin, struct fault *fault)
{
    struct outage *all = NULL;
    size_t         count = 0;

    TRY(outage_list(admin->store, admin->arena, &all, &count, fault));
    buf_append(&admin->out, STR("wpis\tod\tdo\tco\tdowód\tkto\tcofnięty\n"));
    for (size_t i = 0; i < count; i++) {
        buf_format(&admin->out, "outage/%lld\t", (long long)all[i].number);
        admin_print_instant(admin, all[i].began, false);
        admin_print_instant(admin, all[i].ended, false);
        admin_print(admin, all[i].description, false);
        admin_print(admin, all[i].evidence, false);
        admin_print(admin, all[i].by, false);
        admin_print(admin, all[i].revoked ? STR("tak") : STR("nie"), true);
    }
    return ERR_OK;
}

enum err
obligation_task_outage(struct admin *admin, struct fault *fault)
{
    if (str_equal(admin->options.argument, STR("add"))) {
        return add_outage(admin, fault);
    }
    if (str_equal(admin->options.argument, STR("list"))) {
        return list_outages(admin, fault);
    }
    return FAIL(fault, ERR_USAGE, "po outage ma stać add albo list");
}
