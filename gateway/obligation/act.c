#include "gateway/obligation/act.h"

/* One duty, as far as a refusal needs it. */
struct found {
    int64_t     duty;
    struct str  title; /* "Rb-28S za 2026-Q2" */
    struct date period_end;
    struct date due;
    bool        empty_allowed;
    bool        nothing_allowed;
    struct str  basis;
    bool        has_report;
    bool        has_nothing;
    bool        has_elsewhere;
    bool        is_over; /* the period */
    struct str  level;
    struct str  superseded;
};

static const char find_sql[] =
    "SELECT s.duty, s.form_title || ' za ' || s.period, s.period_end, s.due_on, s.empty_allowed,"
    " s.nothing_allowed, s.basis, s.report IS NOT NULL, s.nothing_at IS NOT NULL,"
    " s.elsewhere_at IS NOT NULL, s.opens_at <= $5, coalesce(s.superseded_why, ''),"
    " s.level FROM obligation.standing($5) s JOIN obligation.matter m ON m.matter = s.matter"
    " WHERE s.unit = $1 AND s.form = $2 AND s.period = $3 AND ($4 = '' OR s.level = $4)"
    " AND ($6 = '' OR coalesce(nullif(m.several_per, ''), 'plain') = $6 OR s.variant = $6)"
    " AND ($7 = 0 OR s.duty = $7)"
    " ORDER BY s.superseded_why IS NOT NULL, s.level, m.several_per, s.variant LIMIT 2";

enum err
act_need(const struct act *act, struct fault *fault)
{
    if (act->by.size == 0 || act->basis.size == 0) {
        return FAIL(fault, ERR_DENIED,
                    "Każdy wpis ma swojego autora i podstawę; podaj, kto wpisuje i na jakiej "
                    "podstawie");
    }
    return ERR_OK;
}

enum err
act_hold(const struct act *act, int64_t unit, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(act->arena);

    store_put_number(&parameters, unit);
    return store_run(act->store,
                     "SELECT pg_advisory_xact_lock(hashtext('obligation.entry'), hashint8($1))",
                     &parameters, act->arena, NULL, fault);
}

static struct found
read_found(const struct store_rows *rows)
{
    return (struct found){.duty = store_number(rows, 0, 0),
                          .title = store_text(rows, 0, 1),
                          .period_end = store_date(rows, 0, 2),
                          .due = store_date(rows, 0, 3),
                          .empty_allowed = store_truth(rows, 0, 4),
                          .nothing_allowed = store_truth(rows, 0, 5),
                          .basis = store_text(rows, 0, 6),
                          .has_report = store_truth(rows, 0, 7),
                          .has_nothing = store_truth(rows, 0, 8),
                          .has_elsewhere = store_truth(rows, 0, 9),
                          .is_over = store_truth(rows, 0, 10),
                          .superseded = store_text(rows, 0, 11),
                          .level = store_text(rows, 0, 12)};
}

/* Several are owed: what tells them apart. */
static enum err
refuse_several(const struct act_duty *wanted, bool same_level, struct fault *fault)
{
    return FAIL(fault, ERR_DENIED, "%.*s ma kilka obowiązków %.*s za %.*s; podaj też %s",
                STR_ARG(wanted->unit_name), STR_ARG(wanted->form), STR_ARG(wanted->period),
                same_level ? "wariant: plain (jedno sprawozdanie), jop (osobne dla grup osób "
                             "prawnych), dysponent (osobne dla dysponentów) albo kod dysponenta"
                           : "poziom, na przykład jednostkowe");
}

/* The one that is meant; one that is owed no more only when there is no other. */
static enum err
find(const struct act *act, const struct act_duty *wanted, struct found *out, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(act->arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, wanted->unit);
    store_put_text(&parameters, wanted->form);
    store_put_text(&parameters, wanted->period);
    store_put_text(&parameters, wanted->level.size == 0 ? STR("") : wanted->level);
    store_put_instant(&parameters, act->now);
    store_put_text(&parameters, wanted->variant.size == 0 ? STR("") : wanted->variant);
    store_put_number(&parameters, wanted->number);
    TRY(store_run(act->store, find_sql, &parameters, act->arena, &rows, fault));
    if (store_row_count(&rows) == 0) {
        return FAIL(fault, ERR_DENIED,
                    "%.*s nie ma w kalendarzu obowiązku %.*s za %.*s; sprawdź kod formularza "
                    "i okres",
                    STR_ARG(wanted->unit_name), STR_ARG(wanted->form), STR_ARG(wanted->period));
    }
    if (store_row_count(&rows) > 1 && store_text(&rows, 1, 11).size == 0) {
        return refuse_several(wanted, str_equal(read_found(&rows).level, store_text(&rows, 1, 12)),
                              fault);
    }
    *out = read_found(&rows);
    if (out->superseded.size > 0) {
        return FAIL(fault, ERR_DENIED,
                    "%.*s: tego obowiązku ta jednostka już nie ma, więc nie ma czego wpisywać",
                    STR_ARG(out->title));
    }
    return ERR_OK;
}

static struct str
write_iso(struct arena *arena, struct date day)
{
    struct buf text = buf_create(arena, 16);

    date_write(&text, day);
    return day.year == 0 ? (struct str){0} : buf_str(&text);
}

/* Facts of duties from the entries about them. */
static enum err
apply(const struct act *act, const char *sql, const struct store_parameters *parameters,
      int64_t *changed, struct fault *fault)
{
    struct store_rows rows = {0};

    TRY(store_run(act->store, sql, parameters, act->arena, &rows, fault));
    *changed = store_number(&rows, 0, 0);
    return ERR_OK;
}

static enum err
apply_one(const struct act *act, int64_t duty, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(act->arena);
    int64_t                 changed = 0;

    store_put_number(&parameters, duty);
    return apply(act, "SELECT obligation.apply(ARRAY[$1])", &parameters, &changed, fault);
}

static void
put_author(struct store_parameters *parameters, const struct act *act)
{
    store_put_text(parameters, act->basis);
    store_put_text(parameters, act->by);
}

static enum err
insert(const struct act *act, const char *sql, const struct store_parameters *parameters,
       int64_t *number, struct fault *fault)
{
    struct store_rows rows = {0};

    TRY(store_run(act->store, sql, parameters, act->arena, &rows, fault));
    *number = store_number(&rows, 0, 0);
    return ERR_OK;
}

enum err
act_exempt(const struct act *act, const struct act_exemption *exemption, int64_t *number,
           struct fault *fault)
{
    static const char look_sql[] =
        "SELECT EXISTS (SELECT 1 FROM obligation.matter m WHERE m.form = $2), coalesce("
        " (SELECT max(e.exemption) FROM obligation.exemption e WHERE e.unit = $1 AND e.form = $2"
        "  AND daterange(e.first_end, e.last_end, '[]')"
        "   && daterange($3::text::date, $4::text::date, '[]')"
        "  AND NOT EXISTS (SELECT 1 FROM obligation.revocation r"
        "   WHERE r.what = 'exemption' AND r.number = e.exemption)), 0)";
    static const char insert_sql[] =
        "INSERT INTO obligation.exemption (unit, form, first_end, last_end, basis, entered_by)"
        " VALUES ($1, $2, $3::text::date, $4::text::date, $5, $6) RETURNING exemption";
    static const char apply_sql[] =
        "SELECT obligation.apply(ARRAY(SELECT d.duty FROM obligation.duty d"
        " JOIN obligation.matter m ON m.matter = d.matter WHERE d.unit = $1 AND m.form = $2))";
    struct store_parameters parameters = store_parameters_create(act->arena);
    struct store_parameters of_unit = store_parameters_create(act->arena);
    struct store_rows       rows = {0};
    int64_t                 changed = 0;

    TRY(act_need(act, fault));
    TRY(act_hold(act, exemption->unit, fault));
    if (exemption->last.year != 0 && date_compare(exemption->last, exemption->first) < 0) {
        return FAIL(fault, ERR_DENIED, "Zwolnienie kończy się przed swoim początkiem; zamień daty");
    }
    store_put_number(&parameters, exemption->unit);
    store_put_text(&parameters, exemption->form);
    of_unit = parameters;
    store_put_text(&parameters, write_iso(act->arena, exemption->first));
    store_put_text(&parameters, write_iso(act->arena, exemption->last));
    TRY(store_run(act->store, look_sql, &parameters, act->arena, &rows, fault));
    if (!store_truth(&rows, 0, 0)) {
        return FAIL(fault, ERR_DENIED,
                    "Formularza %.*s nie ma w kalendarzu, więc nie ma z czego zwalniać",
                    STR_ARG(exemption->form));
    }
    if (store_number(&rows, 0, 1) != 0) {
        return FAIL(fault, ERR_DENIED,
                    "Ta jednostka jest już w tym czasie zwolniona (zwolnienie nr %lld); jeśli "
                    "było wpisane źle, cofnij je i wpisz nowe",
                    (long long)store_number(&rows, 0, 1));
    }
    put_author(&parameters, act);
    TRY(insert(act, insert_sql, &parameters, number, fault));
    return apply(act, apply_sql, &of_unit, &changed, fault);
}

/* Why a declaration is not taken; NULL: it is. */
static const char *
obstacle_to_nothing(const struct found *found)
{
    const struct {
        bool        stands;
        const char *words;
    } obstacles[] = {
        {found->has_report,                               "sprawozdanie jest już przyjęte; jeśli nie ma czego wykazać, złóż "
                            "korektę"                                                            },
        {found->has_nothing,                              "oświadczenie „nic do wykazania” jest już złożone"         },
        {!found->is_over,                                 "okres jeszcze trwa; oświadczenie można złożyć po jego końcu"},
        {!found->nothing_allowed && found->empty_allowed,
         "to sprawozdanie składa się także wtedy, gdy nie ma nic do wykazania; złóż sprawozdanie "
         "zerowe"                                                                                                            },
        {!found->nothing_allowed,                         "kalendarz nie przewiduje oświadczenia „nic do wykazania”"    },
    };

    for (size_t i = 0; i < ARRAY_COUNT(obstacles); i++) {
        if (obstacles[i].stands) {
            return obstacles[i].words;
        }
    }
    return NULL;
}

enum err
act_declare_nothing(const struct act *act, const struct act_duty *duty, int64_t *number,
                    struct fault *fault)
{
    static const char insert_sql[] =
        "INSERT INTO obligation.nothing_to_report (duty, declared_at, basis, entered_by)"
        " VALUES ($1, $2, $3, $4) RETURNING nothing";
    struct store_parameters parameters = store_parameters_create(act->arena);
    struct found            found = {0};

    TRY(act_need(act, fault));
    TRY(act_hold(act, duty->unit, fault));
    TRY(find(act, duty, &found, fault));
    const char *why_not = obstacle_to_nothing(&found);
    if (why_not != NULL) {
        return FAIL(fault, ERR_DENIED, "%.*s: %s (podstawa: %.*s)", STR_ARG(found.title), why_not,
                    STR_ARG(found.basis));
    }
    store_put_number(&parameters, found.duty);
    store_put_instant(&parameters, act->now);
    put_author(&parameters, act);
    TRY(insert(act, insert_sql, &parameters, number, fault));
    return apply_one(act, found.duty, fault);
}

static const char *
obstacle_to_elsewhere(const struct found *found, struct date on, struct date today)
{
    if (found->has_report) {
        return "sprawozdanie jest już przyjęte w bramie, więc wpis niczego nie zmienia";
    }
    if (found->has_elsewhere) {
        return "dzień przekazania jest już wpisany; jeśli był zły, cofnij wpis i dodaj nowy";
    }
    if (date_compare(on, today) > 0) {
        return "dzień przekazania jest w przyszłości; wpisz go, gdy minie";
    }
    if (date_compare(on, found->period_end) <= 0) {
        return "dzień przekazania jest przed końcem okresu; sprawdź datę";
    }
    return NULL;
}

enum err
act_file_elsewhere(const struct act *act, const struct act_duty *duty, struct str place,
                   struct date on, int64_t *number, struct fault *fault)
{
    static const char insert_sql[] =
        "INSERT INTO obligation.filed_elsewhere (duty, filed_on, place, basis, entered_by)"
        " VALUES ($1, $2::text::date, $3, $4, $5) RETURNING elsewhere";
    struct store_parameters parameters = store_parameters_create(act->arena);
    struct found            found = {0};

    TRY(act_need(act, fault));
    TRY(act_hold(act, duty->unit, fault));
    TRY(find(act, duty, &found, fault));
    const char *why_not =
        obstacle_to_elsewhere(&found, on, moment_warsaw_date(act->now / INSTANT_PER_SECOND));
    if (why_not != NULL) {
        return FAIL(fault, ERR_DENIED, "%.*s: %s", STR_ARG(found.title), why_not);
    }
    store_put_number(&parameters, found.duty);
    store_put_text(&parameters, write_iso(act->arena, on));
    store_put_text(&parameters, place);
    put_author(&parameters, act);
    TRY(insert(act, insert_sql, &parameters, number, fault));
    return apply_one(act, found.duty, fault);
}

enum err
act_revoke(const struct act *act, struct str what, int64_t number, struct fault *fault)
{
    static const char look_sql[] =
        "SELECT x.there, EXISTS (SELECT 1 FROM obligation.revocation r WHERE r.what = $1"
        " AND r.number = $2) FROM (SELECT CASE $1"
        " WHEN 'exemption' THEN EXISTS (SELECT 1 FROM obligation.exemption WHERE exemption = $2)"
        " WHEN 'nothing' THEN EXISTS (SELECT 1 FROM obligation.nothing_to_report WHERE nothing = "
        "$2)"
        " WHEN 'elsewhere' THEN EXISTS (SELECT 1 FROM obligation.filed_elsewhere"
        "  WHERE elsewhere = $2)"
        " WHEN 'outage' THEN EXISTS (SELECT 1 FROM obligation.outage WHERE outage = $2)"
        " ELSE false END) x (there)";
    static const char insert_sql[] =
        "INSERT INTO obligation.revocation (what, number, basis, entered_by)"
        " VALUES ($1, $2, $3, $4) RETURNING number";
    static const char apply_sql[] =
        "SELECT obligation.apply(ARRAY("
        " SELECT d.duty FROM obligation.duty d JOIN obligation.exemption e ON e.unit = d.unit"
        "  WHERE $1 = 'exemption' AND e.exemption = $2 UNION"
        " SELECT n.duty FROM obligation.nothing_to_report n WHERE $1 = 'nothing'"
        "  AND n.nothing = $2 UNION"
        " SELECT f.duty FROM obligation.filed_elsewhere f WHERE $1 = 'elsewhere'"
        "  AND f.elsewhere = $2))";
    struct store_parameters parameters = store_parameters_create(act->arena);
    struct store_parameters entry = store_parameters_create(act->arena);
    struct store_rows       rows = {0};
    int64_t                 changed = 0;

    TRY(act_need(act, fault));
    store_put_text(&parameters, what);
    store_put_number(&parameters, number);
    entry = parameters;
    TRY(store_run(act->store, look_sql, &parameters, act->arena, &rows, fault));
    if (!store_truth(&rows, 0, 0)) {
        return FAIL(fault, ERR_DENIED, "Nie ma takiego wpisu: %.*s nr %lld",
                    STR_ARG(str_slice(what, 0, 40)), (long long)number);
    }
    if (store_truth(&rows, 0, 1)) {
        return FAIL(fault, ERR_DENIED, "Wpis %.*s nr %lld jest już cofnięty", STR_ARG(what),
                    (long long)number);
    }
    put_author(&parameters, act);
    TRY(insert(act, insert_sql, &parameters, &number, fault));
    return apply(act, apply_sql, &entry, &changed, fault);
}
