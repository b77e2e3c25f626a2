#include "gateway/registry/unit_import.h"

#include "gateway/registry/refusal.h"

enum { DRAFT_COLUMNS = 17 };

/* The unit that a line means; a new one gets its number now, so that others can stand below it. */
static const char match_sql[] =
    "UPDATE registry.unit_draft d SET is_new = m.unit IS NULL,"
    " unit = coalesce(m.unit, nextval('registry.unit_unit_seq')),"
    " valid_from = coalesce(d.valid_from, m.valid_from, $1),"
    " cause = CASE WHEN m.same > 1 THEN 'w rejestrze są dwie jednostki o tym REGON, Typie i "
    "pierwszym"
    " dniu' ELSE d.cause END"
    " FROM (SELECT DISTINCT ON (d.line) d.line, u.unit, u.valid_from,"
    " count(u.unit) OVER (PARTITION BY d.line, u.valid_from) AS same"
    " FROM registry.unit_draft d LEFT JOIN registry.unit u ON u.regon = d.regon AND u.type = d.type"
    " AND (d.valid_from IS NULL OR u.valid_from = d.valid_from)"
    " ORDER BY d.line, u.valid_from DESC NULLS LAST) m WHERE m.line = d.line";

/* What the registry holds already stays, whatever the caller would say of a new unit. */
static const char refuse_new_sql[] = "UPDATE registry.unit_draft d SET cause = c.cause"
                                     " FROM unnest($1::bigint[], $2::text[]) c (line, cause)"
                                     " WHERE d.line = c.line AND d.is_new AND d.cause IS NULL";

/*
 * A parent is looked for in the registry and in the file; of several units with its REGON a JST,
 * then the newest, is meant, unless the unit stands below another one of them already.
 */
static const char parent_sql[] =
    "WITH known AS (SELECT u.unit, u.regon, u.kind, u.valid_from FROM registry.unit u UNION ALL"
    " SELECT d.unit, d.regon, d.kind, d.valid_from FROM registry.unit_draft d WHERE d.is_new),"
    " best AS (SELECT DISTINCT ON (k.regon) k.regon, k.unit FROM known k"
    " ORDER BY k.regon, k.kind <> 'jst', k.valid_from DESC, k.unit DESC)"
    " UPDATE registry.unit_draft d SET parent = x.parent FROM ("
    " SELECT e.line, CASE WHEN c.regon = e.parent_regon THEN c.unit ELSE b.unit END AS parent"
    " FROM registry.unit_draft e LEFT JOIN best b ON b.regon = e.parent_regon"
    " LEFT JOIN registry.unit u ON u.unit = e.unit LEFT JOIN registry.unit c ON c.unit = u.parent"
    " WHERE e.parent_regon <> '') x WHERE x.line = d.line";

/* Columns whose change makes a new state of the unit, in the registry (u) and in the file (d). */
#define STATE(table)                                                                               \
    "(coalesce(" table ".nip, ''), " table ".wk, " table ".pk, " table ".gk, " table ".gt, " table \
    ".pt, " table ".kind, " table ".name, " table ".jop, coalesce(" table ".parent, 0))"

#define SAME_TIME(a, b)                                     \
    a ".valid_from <= coalesce(" b ".valid_to, 'infinity')" \
      " AND " b ".valid_from <= coalesce(" a ".valid_to, 'infinity')"

/* A new unit may not stand beside another one with its REGON and Typ, whatever the codes. */
#define SAME_CODES(a, b)                                                                  \
    "(" b ".is_new OR (" a ".wk, " a ".pk, " a ".gk, " a ".gt, " a ".pt) = (" b ".wk, " b \
    ".pk, " b ".gk, " b ".gt, " b ".pt))"

/*
 * The first cause for which a line cannot be entered. clash: with a unit of the registry, unless
 * the file itself ends that one before; twin: with another line.
 */
static const char judge_sql[] =
    "WITH clash AS (SELECT DISTINCT d.line FROM registry.unit_draft d"
    " JOIN registry.unit w ON w.regon = d.regon AND w.type = d.type AND w.unit <> d.unit"
    " LEFT JOIN registry.unit_draft v ON v.unit = w.unit AND v.valid_to < d.valid_from"
    " WHERE v.unit IS NULL AND " SAME_TIME("w", "d") " AND " SAME_CODES(
        "w",
        "d") "),"
             " twin AS (SELECT DISTINCT d.line FROM registry.unit_draft d JOIN registry.unit_draft "
             "w"
             " ON w.regon = d.regon AND w.type = d.type AND w.line <> d.line"
             " WHERE " SAME_TIME("w", "d") " AND " SAME_CODES(
                 "w",
                 "d") "),"
                      " alone AS (SELECT d.line, min(o.office) AS office FROM registry.unit_draft "
                      "d,"
                      " LATERAL regexp_split_to_table(nullif(d.offices, ''), ' ') o (office)"
                      " WHERE o.office NOT IN (SELECT f.office FROM registry.office f) GROUP BY "
                      "d.line)"
                      " UPDATE registry.unit_draft t SET cause = x.cause FROM (SELECT d.line, CASE"
                      " WHEN k.kind IS NULL THEN format('rodzaju „%s” nie ma w rejestrze; rodzaje: "
                      "%s', d.kind,"
                      " (SELECT string_agg(q.kind, ', ' ORDER BY q.kind) FROM registry.unit_kind "
                      "q))"
                      " WHEN d.name = '' OR length(d.name) > 1000"
                      " THEN 'nazwa ma mieć od 1 do 1000 znaków'"
                      " WHEN d.jop NOT IN ('', '42', '62', '82')"
                      " THEN format('grupa JOP „%s” jest inna niż 42, 62, 82', d.jop)"
                      " WHEN d.valid_to < d.valid_from THEN 'ostatni dzień jest przed pierwszym'"
                      " WHEN d.parent_regon <> '' AND d.parent IS NULL THEN"
                      " format('jednostki nadrzędnej o REGON %s nie ma ani w pliku, ani w "
                      "rejestrze', d.parent_regon)"
                      " WHEN d.parent = d.unit THEN 'jednostka nie może podlegać samej sobie'"
                      " WHEN u.since > greatest($1, u.valid_from) AND " STATE("u") " <> " STATE(
                          "d") " THEN format('późniejsza zmiana obowiązuje od %s', u.since)"
                               " WHEN d.valid_to IS DISTINCT FROM u.valid_to"
                               " AND f.day <= coalesce(d.valid_to, 'infinity') THEN format("
                               "'ma następcę od %s, ostatni dzień jest wcześniej', f.day)"
                               " WHEN twin.line IS NOT NULL"
                               " THEN 'jednostka o tym REGON i Typie stoi w pliku więcej niż raz w "
                               "tym samym czasie'"
                               " WHEN clash.line IS NOT NULL"
                               " THEN 'jednostka o tym REGON i Typie jest w tym czasie w rejestrze "
                               "od innego dnia'"
                               " WHEN alone.office IS NOT NULL THEN format('urzędu „%s” nie ma w "
                               "rejestrze', alone.office)"
                               " END AS cause FROM registry.unit_draft d"
                               " LEFT JOIN registry.unit u ON u.unit = d.unit LEFT JOIN "
                               "registry.unit_kind k ON k.kind = d.kind"
                               " LEFT JOIN clash ON clash.line = d.line LEFT JOIN twin ON "
                               "twin.line = d.line"
                               " LEFT JOIN alone ON alone.line = d.line"
                               " LEFT JOIN registry.succession f ON f.predecessor = d.unit"
                               ") x WHERE x.line = t.line AND x.cause IS NOT NULL AND t.cause IS "
                               "NULL";

/* Offices of a unit that have no last day, or one that is still to come. */
#define OFFICES_OF(unit)                                                                       \
    "coalesce((SELECT string_agg(o.office, ' ' ORDER BY o.office) FROM registry.unit_office o" \
    " WHERE o.unit = " unit " AND (o.valid_to IS NULL OR o.valid_to > $1)), '')"

enum { KIND, LINE, REGON, NAME, FIELD, OLD, NOW };

/* In the order of enum unit_import_kind; a closed unit may have changed besides. */
static const char list_sql[] =
    "SELECT x.kind, x.line, x.regon, x.name, x.field, x.old, x.now FROM ("
    " SELECT CASE WHEN d.cause IS NOT NULL THEN 3 ELSE 0 END AS kind, d.line, 0 AS place, d.regon,"
    " d.name, '' AS field, '' AS old, coalesce(d.cause, '') AS now FROM registry.unit_draft d"
    " WHERE d.is_new OR d.cause IS NOT NULL UNION ALL"
    " SELECT CASE WHEN f.place = 13 AND u.valid_to IS NULL THEN 2 ELSE 1 END, d.line, f.place,"
    " d.regon, d.name, f.field, f.old, f.now FROM registry.unit_draft d"
    " JOIN registry.unit u ON u.unit = d.unit LEFT JOIN registry.unit p ON p.unit = u.parent,"
    " LATERAL (VALUES (1, 'nip', coalesce(u.nip, ''), d.nip), (2, 'wk', u.wk, d.wk),"
    " (3, 'pk', u.pk, d.pk), (4, 'gk', u.gk, d.gk), (5, 'gt', u.gt, d.gt), (6, 'pt', u.pt, d.pt),"
    " (7, 'rodzaj', u.kind, d.kind), (8, 'nazwa', u.name, d.name),"
    " (9, 'nadrzedna', coalesce(p.regon, ''), d.parent_regon), (10, 'jop', u.jop, d.jop),"
    " (11, 'odbiorcy', " OFFICES_OF(
        "u.unit") ", d.offices),"
                  " (13, 'do', coalesce(u.valid_to::text, ''), coalesce(d.valid_to::text, '')))"
                  " AS f (place, field, old, now)"
                  " WHERE d.cause IS NULL AND NOT d.is_new AND f.old <> f.now) x ORDER BY x.line, "
                  "x.place";

static const char add_sql[] =
    "INSERT INTO registry.unit (unit, regon, nip, wk, pk, gk, gt, pt, type, kind, name, parent,"
    " valid_from, valid_to, since, jop) OVERRIDING SYSTEM VALUE"
    " SELECT d.unit, d.regon, nullif(d.nip, ''), d.wk, d.pk, d.gk, d.gt, d.pt, d.type, d.kind,"
    " d.name, d.parent, d.valid_from, d.valid_to, d.valid_from, d.jop"
    " FROM registry.unit_draft d WHERE d.is_new"
    " ORDER BY d.line";

/* First, so that a unit may begin anew where another one of the file ends. */
static const char close_sql[] =
    "UPDATE registry.unit u SET valid_to = d.valid_to FROM registry.unit_draft d"
    " WHERE d.unit = u.unit AND NOT d.is_new AND u.valid_to IS DISTINCT FROM d.valid_to";

static const char change_sql[] =
    "UPDATE registry.unit u SET nip = nullif(d.nip, ''), wk = d.wk, pk = d.pk, gk = d.gk, gt = "
    "d.gt,"
    " pt = d.pt, kind = d.kind, name = d.name, jop = d.jop, parent = d.parent,"
    " since = greatest($1, u.valid_from) FROM registry.unit_draft d"
    " WHERE d.unit = u.unit AND NOT d.is_new AND " STATE("u") " <> " STATE("d");

/* What began today and is wrong ends today. */
static const char unassign_sql[] =
    "UPDATE registry.unit_office o SET valid_to = greatest($1 - 1, o.valid_from)"
    " FROM registry.unit_draft d WHERE d.unit = o.unit AND NOT d.is_new"
    " AND (o.valid_to IS NULL OR o.valid_to > $1)"
    " AND o.office <> ALL (regexp_split_to_array(d.offices, ' '))";

static const char assign_sql[] =
    "INSERT INTO registry.unit_office (unit, office, valid_from, basis)"
    " SELECT d.unit, w.office, greatest($1, d.valid_from),"
    " coalesce(current_setting('brama.basis', true), '') FROM registry.unit_draft d,"
    " LATERAL regexp_split_to_table(nullif(d.offices, ''), ' ') w (office)"
    " WHERE NOT EXISTS (SELECT 1 FROM registry.unit_office o WHERE o.unit = d.unit"
    " AND o.office = w.office AND (o.valid_to IS NULL OR o.valid_to > $1)) ORDER BY d.line, 2";

/* From the tops down: what is not reached stands above itself, or too deep. */
static const char lost_sql[] =
    "WITH RECURSIVE tree (unit, depth) AS (SELECT u.unit, 0 FROM registry.unit u"
    " WHERE u.parent IS NULL UNION ALL SELECT u.unit, t.depth + 1 FROM tree t"
    " JOIN registry.unit u ON u.parent = t.unit WHERE t.depth < 7),"
    " lost AS (SELECT d.unit FROM registry.unit_draft d EXCEPT SELECT t.unit FROM tree t)"
    " SELECT d.line, d.regon FROM lost l JOIN registry.unit_draft d ON d.unit = l.unit"
    " ORDER BY d.line LIMIT 1";

static const char export_sql[] =
    "SELECT u.regon, coalesce(u.nip, ''), u.wk, u.pk, u.gk, u.gt, u.pt, u.type, u.kind, u.name,"
    " coalesce(p.regon, ''), u.valid_from, u.valid_to, u.jop, " OFFICES_OF(
        "u.unit") " FROM registry.unit u LEFT JOIN registry.unit p ON p.unit = u.parent"
                  " ORDER BY u.regon, u.type, u.valid_from, u.unit";

static void
copy_text(struct store_copy *copy, struct str text)
{
    store_copy_text(copy, text.data == NULL ? STR("") : text);
}

static void
copy_day(struct store_copy *copy, struct date day)
{
    if (day.year == 0) {
        store_copy_null(copy);
    } else {
        store_copy_date(copy, day);
    }
}

static void
copy_row(struct store_copy *copy, const struct unit_import_row *row)
{
    const struct registry_unit *unit = &row->unit;
    const struct str            texts[] = {unit->regon, unit->nip,  unit->wk,   unit->pk,
                                           unit->gk,    unit->gt,   unit->pt,   unit->type,
                                           unit->kind,  unit->name, row->parent};

    store_copy_row(copy);
    store_copy_integer(copy, (int32_t)row->line);
    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
        copy_text(copy, texts[i]);
    }
    copy_day(copy, unit->valid_from);
    copy_day(copy, unit->valid_to);
    copy_text(copy, unit->jop);
    copy_text(copy, row->offices);
    store_copy_text(copy, row->cause.size == 0 ? (struct str){0} : row->cause);
}

static enum err
copy_rows(struct store *store, struct arena *arena, const struct unit_import_row *rows,
          size_t count, struct fault *fault)
{
    struct store_copy *copy = NULL;

    TRY(store_run(store, "DELETE FROM registry.unit_draft", NULL, arena, NULL, fault));
    TRY(store_copy_begin(store, arena,
                         "registry.unit_draft (line, regon, nip, wk, pk, gk, gt, pt, type, kind,"
                         " name, parent_regon, valid_from, valid_to, jop, offices, cause)",
                         DRAFT_COLUMNS, &copy, fault));
    for (size_t i = 0; i < count; i++) {
        copy_row(copy, &rows[i]);
    }
    TRY(store_copy_end(copy, fault));
    TRY(store_run(store,
                  "UPDATE registry.unit_draft SET offices = coalesce((SELECT string_agg(DISTINCT"
                  " w, ' ' ORDER BY w) FROM regexp_split_to_table(offices, '\\s+') w"
                  " WHERE w <> ''), '') WHERE offices LIKE '% %'",
                  NULL, arena, NULL, fault));
    return store_run(store, "SELECT registry.measure_draft()", NULL, arena, NULL, fault);
}

/* One statement that knows nothing but the day. */
static enum err
run_for_day(struct store *store, struct arena *arena, const char *sql, struct date day,
            struct store_rows *rows, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);

    store_put_date(&parameters, day);
    return store_run(store, sql, &parameters, arena, rows, fault);
}

static enum err
read_differences(struct store *store, struct arena *arena, const struct unit_import_file *file,
                 struct unit_import_result *out, struct fault *fault)
{
    struct store_rows rows = {0};
    size_t            last_line = 0;
    size_t            touched = 0;

    TRY(run_for_day(store, arena, list_sql, file->day, &rows, fault));
    size_t                         count = store_row_count(&rows);
    struct unit_import_difference *list = ARENA_NEW(arena, struct unit_import_difference, count);
    if (list == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu differences", count);
    }
    *out = (struct unit_import_result){.differences = list, .count = count};
    for (size_t i = 0; i < count; i++) {
        list[i] = (struct unit_import_difference){
            .kind = (enum unit_import_kind)store_number(&rows, i, KIND),
            .line = (size_t)store_number(&rows, i, LINE),
            .regon = store_text(&rows, i, REGON),
            .name = store_text(&rows, i, NAME),
            .field = store_text(&rows, i, FIELD),
            .old = store_text(&rows, i, OLD),
            .now = store_text(&rows, i, NOW),
        };
        bool is_first = list[i].line != last_line;
        touched += is_first;
        last_line = list[i].line;
        out->units[list[i].kind] += is_first || list[i].kind == UNIT_IMPORT_CLOSED;
    }
    out->untouched = file->count - touched;
    return ERR_OK;
}

static enum err
refuse_new(struct store *store, struct arena *arena, const struct unit_import_file *file,
           struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    int64_t                *lines = ARENA_NEW(arena, int64_t, file->count);
    struct str             *causes = ARENA_NEW(arena, struct str, file->count);
    size_t                  count = 0;

    if (lines == NULL || causes == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu units", file->count);
    }
    for (size_t i = 0; i < file->count; i++) {
        if (file->rows[i].cause_if_new.size > 0) {
            lines[count] = (int64_t)file->rows[i].line;
            causes[count++] = file->rows[i].cause_if_new;
        }
    }
    store_put_numbers(&parameters, lines, count);
    store_put_texts(&parameters, causes, count);
    return store_run(store, refuse_new_sql, &parameters, arena, NULL, fault);
}

enum err
unit_import_stage(struct store *store, struct arena *arena, const struct unit_import_file *file,
                  struct unit_import_result *out, struct fault *fault)
{
    TRY(copy_rows(store, arena, file->rows, file->count, fault));
    TRY(run_for_day(store, arena, match_sql, file->day, NULL, fault));
    TRY(refuse_new(store, arena, file, fault));
    TRY(store_run(store, parent_sql, NULL, arena, NULL, fault));
    TRY(run_for_day(store, arena, judge_sql, file->day, NULL, fault));
    return read_differences(store, arena, file, out, fault);
}

static enum err
check_paths(struct store *store, struct arena *arena, struct fault *fault)
{
    struct store_rows rows = {0};

    TRY(store_run(store, lost_sql, NULL, arena, &rows, fault));
    if (store_row_count(&rows) > 0) {
        return FAIL(fault, ERR_DENIED,
                    "wiersz %lld: jednostka o REGON %.*s wypadałaby pod sobą samą albo głębiej niż "
                    "osiem szczebli",
                    (long long)store_number(&rows, 0, 0), STR_ARG(store_text(&rows, 0, 1)));
    }
    return ERR_OK;
}

enum err
unit_import_apply(struct store *store, struct arena *arena, struct date day, struct fault *fault)
{
    static const struct refusal refusals[] = {
        {"23P01", "z pliku jest w tym samym czasie w rejestrze z tym samym Typem i kodami"},
        {"23514", "z pliku ma numer, nazwę albo daty w złej postaci"                    },
        {NULL,    NULL                                                                    }
    };

    TRY(store_run(store, "SELECT set_config('brama.dated', 'on', true)", NULL, arena, NULL, fault));
    TRY(refusal_tell(store, store_run(store, close_sql, NULL, arena, NULL, fault), refusals,
                     STR("jednej"), fault));
    TRY(refusal_tell(store, store_run(store, add_sql, NULL, arena, NULL, fault), refusals,
                     STR("jednej"), fault));
    TRY(refusal_tell(store, run_for_day(store, arena, change_sql, day, NULL, fault), refusals,
                     STR("jednej"), fault));
    TRY(run_for_day(store, arena, unassign_sql, day, NULL, fault));
    TRY(run_for_day(store, arena, assign_sql, day, NULL, fault));
    TRY(check_paths(store, arena, fault));
    return store_run(store, "DELETE FROM registry.unit_draft", NULL, arena, NULL, fault);
}

enum err
unit_import_export(struct store *store, struct arena *arena, struct date day,
                   struct unit_import_row **out, size_t *count, struct fault *fault)
{
    struct store_rows rows = {0};

    TRY(run_for_day(store, arena, export_sql, day, &rows, fault));
    struct unit_import_row *list = ARENA_NEW(arena, struct unit_import_row, store_row_count(&rows));
    if (list == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu units", store_row_count(&rows));
    }
    for (size_t i = 0; i < store_row_count(&rows); i++) {
        list[i].unit = (struct registry_unit){
            .regon = store_text(&rows, i, 0),
            .nip = store_text(&rows, i, 1),
            .wk = store_text(&rows, i, 2),
            .pk = store_text(&rows, i, 3),
            .gk = store_text(&rows, i, 4),
            .gt = store_text(&rows, i, 5),
            .pt = store_text(&rows, i, 6),
            .type = store_text(&rows, i, 7),
            .kind = store_text(&rows, i, 8),
            .name = store_text(&rows, i, 9),
            .valid_from = store_date(&rows, i, 11),
            .valid_to = store_date(&rows, i, 12),
            .jop = store_text(&rows, i, 13),
        };
        list[i].parent = store_text(&rows, i, 10);
        list[i].offices = store_text(&rows, i, 14);
    }
    *out = list;
    *count = store_row_count(&rows);
    return ERR_OK;
}
