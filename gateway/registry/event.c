#include "gateway/registry/event.h"

#include "gateway/registry/refusal.h"

enum { DAY_MAX = 40 }; /* "1 października 2026 r." */

static void
put_text(struct store_parameters *parameters, struct str text)
{
    store_put_text(parameters, text.data == NULL ? STR("") : text);
}

enum err
event_sign(struct store *store, struct arena *arena, struct str operator_name, struct str basis,
           struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);

    put_text(&parameters, operator_name);
    put_text(&parameters, basis);
    return store_run(store,
                     "SELECT set_config('brama.operator', $1, true),"
                     " set_config('brama.basis', $2, true)",
                     &parameters, arena, NULL, fault);
}

enum err
event_hold(struct store *store, struct arena *arena, struct str regon, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);

    put_text(&parameters, regon);
    return store_run(store, "SELECT pg_advisory_xact_lock(hashtext('registry.unit'), hashtext($1))",
                     &parameters, arena, NULL, fault);
}

/* A unit that stands above itself, or deeper than registry.path goes, would be seen by nobody: on
 * the day, on any later day on which one that is above it moves, and as the rows stand, by which
 * filings are locked. */
static enum err
check_path(struct store *store, struct arena *arena, const struct registry_unit *unit,
           struct date day, struct fault *fault)
{
    static const char sql[] =
        "WITH RECURSIVE above (unit) AS (SELECT $1 UNION SELECT x.parent FROM above a"
        "  CROSS JOIN LATERAL (SELECT u.parent FROM registry.unit u WHERE u.unit = a.unit UNION ALL"
        "   SELECT h.parent FROM registry.unit_history h WHERE h.unit = a.unit) x"
        "  WHERE x.parent IS NOT NULL),"
        " days (day) AS (SELECT $2 UNION SELECT u.since FROM above JOIN registry.unit u USING"
        "  (unit) WHERE u.since > $2 UNION SELECT h.held_from FROM above JOIN registry.unit_history"
        "  h USING (unit) WHERE h.held_from > $2)"
        " SELECT bool_and(cardinality(p.path) < 9 AND NOT $1 = ANY (p.path[2:]))"
        " FROM (SELECT registry.path($1) UNION ALL SELECT registry.path($1, day) FROM days) p"
        "  (path)";
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, unit->unit);
    store_put_date(&parameters, day);
    TRY(store_run(store, sql, &parameters, arena, &rows, fault));
    if (!store_truth(&rows, 0, 0)) {
        return FAIL(fault, ERR_DENIED,
                    "Jednostka o REGON %.*s nie może stać pod tą jednostką: wypadałaby pod sobą "
                    "samą albo głębiej niż osiem szczebli",
                    STR_ARG(unit->regon));
    }
    return ERR_OK;
}

static void
put_unit(struct store_parameters *parameters, const struct registry_unit *unit)
{
    const struct str texts[] = {unit->wk,   unit->pk,   unit->gk,   unit->gt, unit->pt,
                                unit->type, unit->kind, unit->name, unit->jop};

    store_put_number(parameters, unit->unit);
    store_put_text(parameters, unit->nip.size == 0 ? (struct str){0} : unit->nip);
    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
        put_text(parameters, texts[i]);
    }
    store_put_number(parameters, unit->parent);
}

enum err
event_change(struct store *store, struct arena *arena, const struct registry_unit *unit,
             struct date since, struct fault *fault)
{
    static const char sql[] =
        "UPDATE registry.unit SET nip = $2, wk = $3, pk = $4, gk = $5, gt = $6, pt = $7, type = $8,"
        " kind = $9, name = $10, jop = $11, parent = nullif($12, 0), since = $13"
        " WHERE unit = $1 AND valid_from <= $13 RETURNING unit";
    static const struct refusal refusals[] = {
        {"23P01", "jest już w rejestrze z tym samym Typem i kodami w tym samym czasie"},
        {"23503", "ma rodzaj albo jednostkę nadrzędną, których nie ma w rejestrze" },
        {"23514",
         "ma numer, nazwę albo grupę JOP w złej postaci, albo późniejszą zmianę, niż podany "
         "dzień"                                                                      },
        {NULL,    NULL                                                                 }
    };
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    /* Of two that move at once, the second sees where the first has gone. */
    TRY(store_run(store,
                  "SELECT set_config('brama.dated', 'on', true),"
                  " pg_advisory_xact_lock(hashtext('registry.path'), 0)",
                  NULL, arena, NULL, fault));
    put_unit(&parameters, unit);
    store_put_date(&parameters, since);
    TRY(refusal_tell(store, store_run(store, sql, &parameters, arena, &rows, fault), refusals,
                     unit->regon, fault));
    if (store_row_count(&rows) == 0) {
        return FAIL(fault, ERR_DENIED, "Jednostki o REGON %.*s nie było tego dnia w rejestrze",
                    STR_ARG(unit->regon));
    }
    return check_path(store, arena, unit, since, fault);
}

enum err
event_serve(struct store *store, struct arena *arena, const struct event_service *service,
            struct fault *fault)
{
    static const char sql[] =
        "INSERT INTO registry.service (unit, provider, valid_from, valid_to, basis)"
        " VALUES ($1, $2, $3, $4, $5)";
    static const struct refusal refusals[] = {
        {"23P01", "jest już w tym czasie obsługiwana przez tę jednostkę"                     },
        {"23514", "nie może obsługiwać sama siebie ani kończyć obsługi, zanim się zacznie"},
        {NULL,    NULL                                                                           }
    };
    struct store_parameters parameters = store_parameters_create(arena);

    store_put_number(&parameters, service->unit->unit);
    store_put_number(&parameters, service->provider->unit);
    store_put_date(&parameters, service->from);
    store_put_day(&parameters, service->to);
    put_text(&parameters, service->basis);
    return refusal_tell(store, store_run(store, sql, &parameters, arena, NULL, fault), refusals,
                        service->unit->regon, fault);
}

enum err
event_release(struct store *store, struct arena *arena, const struct event_service *service,
              struct fault *fault)
{
    static const struct refusal refusals[] = {
        {"23514", "zaczęła być obsługiwana później, niż podany ostatni dzień"},
        {NULL,    NULL                                                               }
    };
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, service->unit->unit);
    store_put_number(&parameters, service->provider->unit);
    store_put_date(&parameters, service->to);
    TRY(refusal_tell(store,
                     store_run(store,
                               "UPDATE registry.service SET valid_to = $3 WHERE service ="
                               " (SELECT s.service FROM registry.service s WHERE s.unit = $1"
                               " AND s.provider = $2 AND coalesce(s.valid_to, 'infinity') > $3"
                               " ORDER BY s.valid_from DESC LIMIT 1) RETURNING service",
                               &parameters, arena, &rows, fault),
                     refusals, service->unit->regon, fault));
    if (store_row_count(&rows) == 0) {
        return FAIL(fault, ERR_DENIED,
                    "Jednostka o REGON %.*s nie jest obsługiwana przez %.*s po tym dniu",
                    STR_ARG(service->unit->regon), STR_ARG(service->provider->regon));
    }
    return ERR_OK;
}

enum err
event_assign(struct store *store, struct arena *arena, const struct event_office *assignment,
             struct fault *fault)
{
    static const char sql[] =
        "INSERT INTO registry.unit_office (unit, office, valid_from, valid_to, basis)"
        " VALUES ($1, $2, $3, $4, $5)";
    static const struct refusal refusals[] = {
        {"23P01", "jest już w tym czasie przypisana do tego urzędu"             },
        {"23503", "nie może być przypisana: takiego urzędu nie ma w rejestrze" },
        {"23514", "nie może być przypisana do dnia, który jest przed pierwszym"},
        {NULL,    NULL                                                            }
    };
    struct store_parameters parameters = store_parameters_create(arena);

    store_put_number(&parameters, assignment->unit->unit);
    put_text(&parameters, assignment->office);
    store_put_date(&parameters, assignment->from);
    store_put_day(&parameters, assignment->to);
    put_text(&parameters, assignment->basis);
    return refusal_tell(store, store_run(store, sql, &parameters, arena, NULL, fault), refusals,
                        assignment->unit->regon, fault);
}

enum err
event_unassign(struct store *store, struct arena *arena, const struct event_office *assignment,
               struct fault *fault)
{
    static const struct refusal refusals[] = {
        {"23514", "została przypisana później, niż podany ostatni dzień"},
        {NULL,    NULL                                                       }
    };
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, assignment->unit->unit);
    put_text(&parameters, assignment->office);
    store_put_date(&parameters, assignment->to);
    TRY(refusal_tell(store,
                     store_run(store,
                               "UPDATE registry.unit_office SET valid_to = $3 WHERE unit_office ="
                               " (SELECT o.unit_office FROM registry.unit_office o"
                               " WHERE o.unit = $1 AND o.office = $2"
                               " AND coalesce(o.valid_to, 'infinity') > $3"
                               " ORDER BY o.valid_from DESC LIMIT 1) RETURNING unit_office",
                               &parameters, arena, &rows, fault),
                     refusals, assignment->unit->regon, fault));
    if (store_row_count(&rows) == 0) {
        return FAIL(fault, ERR_DENIED,
                    "Jednostka o REGON %.*s nie jest przypisana do %.*s po tym dniu",
                    STR_ARG(assignment->unit->regon), STR_ARG(assignment->office));
    }
    return ERR_OK;
}

/* Its last day is the day before; what ended earlier stays as it ended. */
static enum err
close_predecessor(struct store *store, struct arena *arena,
                  const struct event_succession *succession, struct fault *fault)
{
    static const struct refusal refusals[] = {
        {"23514", "jest w rejestrze dopiero od tego dnia albo od późniejszego"},
        {NULL,    NULL                                                          }
    };
    struct store_parameters parameters = store_parameters_create(arena);

    store_put_number(&parameters, succession->predecessor->unit);
    store_put_date(&parameters, succession->day);
    return refusal_tell(store,
                        store_run(store,
                                  "UPDATE registry.unit SET valid_to = $2::date - 1"
                                  " WHERE unit = $1 AND (valid_to IS NULL OR valid_to >= $2)",
                                  &parameters, arena, NULL, fault),
                        refusals, succession->predecessor->regon, fault);
}

/* In a circle everybody has a successor, and nobody is the last. */
static enum err
check_line(struct store *store, struct arena *arena, const struct event_succession *succession,
           struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, succession->predecessor->unit);
    TRY(store_run(store, "SELECT count(*) FROM registry.successors_at($1, 'infinity')", &parameters,
                  arena, &rows, fault));
    if (store_number(&rows, 0, 0) == 0) {
        return FAIL(fault, ERR_DENIED,
                    "Jednostka o REGON %.*s nie może zastąpić jednostki %.*s, którą sama zastąpiła",
                    STR_ARG(succession->successor->regon), STR_ARG(succession->predecessor->regon));
    }
    return ERR_OK;
}

/* What neither of the two owes would be lost. */
static enum err
check_successor(struct store *store, struct arena *arena, const struct event_succession *succession,
                struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, succession->successor->unit);
    store_put_date(&parameters, succession->day);
    TRY(store_run(store,
                  "SELECT count(*) FROM registry.unit WHERE unit = $1"
                  " AND daterange(valid_from, valid_to, '[]') @> $2",
                  &parameters, arena, &rows, fault));
    if (store_number(&rows, 0, 0) == 0) {
        return FAIL(
            fault, ERR_DENIED,
            "Następcy, jednostki o REGON %.*s, nie ma na ten dzień w rejestrze; podaj dzień, "
            "w którym już w nim jest, albo innego następcę",
            STR_ARG(succession->successor->regon));
    }
    return ERR_OK;
}

enum err
event_succeed(struct store *store, struct arena *arena, const struct event_succession *succession,
              struct fault *fault)
{
    static const char sql[] =
        "INSERT INTO registry.succession (predecessor, successor, kind, day, basis)"
        " VALUES ($1, $2, $3, $4, $5)";
    static const struct refusal refusals[] = {
        {"23P01", "ma już następcę z innego dnia albo innego rodzaju"},
        {"23505", "ma już następcę"                                  },
        {"23514", "nie może być zastąpiona przez samą siebie ani w sposób inny niż merge, split, "
                  "rename, new-regon, takeover"        },
        {NULL,    NULL                                                  }
    };
    struct store_parameters parameters = store_parameters_create(arena);

    store_put_number(&parameters, succession->predecessor->unit);
    store_put_number(&parameters, succession->successor->unit);
    put_text(&parameters, succession->kind);
    store_put_date(&parameters, succession->day);
    put_text(&parameters, succession->basis);
    TRY(refusal_tell(store, store_run(store, sql, &parameters, arena, NULL, fault), refusals,
                     succession->predecessor->regon, fault));
    TRY(check_line(store, arena, succession, fault));
    TRY(check_successor(store, arena, succession, fault));
    return close_predecessor(store, arena, succession, fault);
}

/*
 * What stands beside a unit in tables of their own, from the day on: of those that it did books
 * for, too. Under its old number it serves nobody any more; of a service that was to begin later,
 * one day is left, as none can end before it begins. Whoever serves it goes on with its old number,
 * too: last reports come after the last day. The answer: from which days units below, and the unit
 * itself, have a change ahead.
 */
static const char inherit_sql[] =
    "WITH traits AS (INSERT INTO registry.unit_trait (unit, trait, office, valid_from, valid_to,"
    "  basis) SELECT $2, t.trait, t.office, greatest(t.valid_from, $3), t.valid_to, $4"
    "  FROM registry.unit_trait t WHERE t.unit = $1 AND coalesce(t.valid_to, 'infinity') >= $3), "
    "services AS (INSERT INTO registry.service (unit, provider, valid_from, valid_to, basis)"
    "  SELECT CASE s.unit WHEN $1 THEN $2 ELSE s.unit END, CASE s.unit WHEN $1 THEN s.provider"
    "   ELSE $2 END, greatest(s.valid_from, $3), s.valid_to, $4 FROM registry.service s"
    "  WHERE $1 IN (s.unit, s.provider) AND coalesce(s.valid_to, 'infinity') >= $3), "
    "ended AS (UPDATE registry.service s SET valid_to = greatest(s.valid_from, $3::date - 1)"
    "  WHERE s.provider = $1 AND coalesce(s.valid_to, 'infinity') >= $3), "
    "offices AS (INSERT INTO registry.unit_office (unit, office, valid_from, valid_to, basis)"
    "  SELECT $2, o.office, greatest(o.valid_from, $3), o.valid_to, $4 FROM registry.unit_office o"
    "  WHERE o.unit = $1 AND coalesce(o.valid_to, 'infinity') >= $3), "
    "below AS (UPDATE registry.unit u SET parent = $2, since = greatest(u.since, $3)"
    "  WHERE u.parent = $1 AND coalesce(u.valid_to, 'infinity') >= $3) "
    "SELECT (SELECT max(u.since) FROM registry.unit u WHERE coalesce(u.valid_to, 'infinity') >= $3"
    "  AND ((u.parent = $1 AND u.since > $3 AND u.since <> u.valid_from) OR u.unit IN"
    "   (SELECT h.unit FROM registry.unit_history h WHERE h.parent = $1 AND h.held_to >= $3))),"
    " (SELECT u.since FROM registry.unit u WHERE u.unit = $1 AND u.since > $3"
    "  AND u.since <> u.valid_from)";

/* What is entered from a later day would be as it is then from the day on, or be left behind. */
static enum err
refuse_ahead(struct arena *arena, bool is_below, struct str regon, struct date since,
             struct fault *fault)
{
    struct buf day = buf_create(arena, DAY_MAX);

    date_write_polish(&day, since);
    return FAIL(fault, ERR_DENIED,
                "%s o REGON %.*s %s późniejszą zmianę niż podany dzień: od %.*s; podaj dzień nie "
                "wcześniejszy niż ta zmiana",
                is_below ? "Jednostki pod jednostką" : "Jednostka", STR_ARG(regon),
                is_below ? "mają" : "ma", STR_ARG(buf_str(&day)));
}

enum err
event_inherit(struct store *store, struct arena *arena, const struct event_succession *succession,
              struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, succession->predecessor->unit);
    store_put_number(&parameters, succession->successor->unit);
    store_put_date(&parameters, succession->day);
    put_text(&parameters, succession->basis);
    TRY(store_run(store,
                  "SELECT set_config('brama.dated', 'on', true),"
                  " pg_advisory_xact_lock(hashtext('registry.path'), 0)",
                  NULL, arena, NULL, fault));
    TRY(store_run(store, inherit_sql, &parameters, arena, &rows, fault));
    for (size_t i = 0; i < 2; i++) {
        if (!store_is_null(&rows, 0, i)) {
            return refuse_ahead(arena, i == 0, succession->predecessor->regon,
                                store_date(&rows, 0, i), fault);
        }
    }
    return ERR_OK;
}
