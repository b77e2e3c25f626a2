#include "gateway/obligation/internal_due.h"

static struct str
write_day(struct arena *arena, struct date day)
{
    struct buf text = buf_create(arena, 40);

    date_write_polish(&text, day);
    return buf_str(&text);
}

static struct str
write_iso(struct arena *arena, struct date day)
{
    struct buf text = buf_create(arena, 16);

    date_write(&text, day);
    return buf_str(&text);
}

/* What is to be said when there is no such duty: whether nobody has one yet. */
static enum err
refuse_none(const struct act *act, const struct act_duty *duty, struct fault *fault)
{
    static const char sql[] =
        "SELECT EXISTS (SELECT FROM obligation.matter WHERE form = $1),"
        " EXISTS (SELECT FROM obligation.duty d JOIN obligation.matter m ON m.matter = d.matter"
        "  WHERE m.form = $1 AND m.period = $2)";
    struct store_parameters parameters = store_parameters_create(act->arena);
    struct store_rows       rows = {0};

    store_put_text(&parameters, duty->form);
    store_put_text(&parameters, duty->period);
    TRY(store_run(act->store, sql, &parameters, act->arena, &rows, fault));
    if (store_truth(&rows, 0, 0) && !store_truth(&rows, 0, 1)) {
        return FAIL(fault, ERR_DENIED,
                    "Obowiązków %.*s za %.*s jeszcze nie wyznaczono albo nie ma takiego okresu; "
                    "operator wyznacza je poleceniem brama admin obligations generate --period "
                    "%.*s",
                    STR_ARG(duty->form), STR_ARG(duty->period), STR_ARG(duty->period));
    }
    return FAIL(fault, ERR_DENIED,
                "Ani %.*s, ani jednostki podległe nie składają zarządowi %.*s za %.*s",
                STR_ARG(duty->unit_name), STR_ARG(duty->form), STR_ARG(duty->period));
}

/* The earliest due date that the entry would be about, and the end of the period. */
static enum err
check(const struct act *act, const struct act_duty *duty, struct date on, struct fault *fault)
{
    static const char sql[] =
        "SELECT min(t.due_on), max(m.period_end), count(*) FROM obligation.duty d"
        " JOIN obligation.matter m ON m.matter = d.matter"
        " JOIN obligation.term t ON t.term = d.term"
        " WHERE (d.unit = $1 OR d.jst = $1) AND m.form = $2 AND m.period = $3"
        " AND t.recipient = 'zarzad-jst' AND d.superseded_why IS NULL";
    struct store_parameters parameters = store_parameters_create(act->arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, duty->unit);
    store_put_text(&parameters, duty->form);
    store_put_text(&parameters, duty->period);
    TRY(store_run(act->store, sql, &parameters, act->arena, &rows, fault));
    if (store_number(&rows, 0, 2) == 0) {
        return refuse_none(act, duty, fault);
    }
    if (on.year == 0) {
        return ERR_OK;
    }
    struct date due = store_date(&rows, 0, 0);
    if (date_compare(on, due) > 0) {
        return FAIL(fault, ERR_DENIED,
                    "Termin wewnętrzny nie może być późniejszy niż termin z kalendarza "
                    "(%.*s); podaj ten dzień albo wcześniejszy",
                    STR_ARG(write_day(act->arena, due)));
    }
    if (date_compare(on, store_date(&rows, 0, 1)) <= 0) {
        return FAIL(fault, ERR_DENIED,
                    "Termin wewnętrzny musi być po końcu okresu (%.*s); podaj późniejszy dzień",
                    STR_ARG(write_day(act->arena, store_date(&rows, 0, 1))));
    }
    return ERR_OK;
}

enum err
internal_due_set(const struct act *act, const struct act_duty *duty, struct date on,
                 int64_t *changed, struct fault *fault)
{
    static const char insert_sql[] =
        "INSERT INTO obligation.internal_due (unit, form, period, due_on, basis, entered_by)"
        " VALUES ($1, $2, $3, $4::text::date, $5, $6) RETURNING internal";
    static const char apply_sql[] =
        "SELECT obligation.apply(ARRAY(SELECT d.duty FROM obligation.duty d"
        " JOIN obligation.matter m ON m.matter = d.matter"
        " WHERE (d.unit = $1 OR d.jst = $1) AND m.form = $2 AND m.period = $3))";
    struct store_parameters parameters = store_parameters_create(act->arena);
    struct store_parameters of_units = store_parameters_create(act->arena);
    struct store_rows       rows = {0};

    TRY(act_need(act, fault));
    TRY(check(act, duty, on, fault));
    store_put_number(&parameters, duty->unit);
    store_put_text(&parameters, duty->form);
    store_put_text(&parameters, duty->period);
    of_units = parameters;
    store_put_text(&parameters, on.year == 0 ? (struct str){0} : write_iso(act->arena, on));
    store_put_text(&parameters, act->basis);
    store_put_text(&parameters, act->by);
    TRY(store_run(act->store, insert_sql, &parameters, act->arena, NULL, fault));
    TRY(store_run(act->store, apply_sql, &of_units, act->arena, &rows, fault));
    *changed = store_number(&rows, 0, 0);
    return ERR_OK;
}
