#include "gateway/admin/admin.h"

/* What the registry notes (registry.note_change), in words. */
#define CHANGES                                                                                     \
    "('unit added', 'dopisano jednostkę'), ('unit changed', 'zmieniono jednostkę'),"              \
    " ('unit_office added', 'dopisano odbiorcę'), ('unit_office changed', 'zmieniono odbiorcę')," \
    " ('service added', 'dopisano obsługę'), ('service changed', 'zmieniono obsługę'),"         \
    " ('succession added', 'zapisano następcę'), ('succession changed', 'zmieniono następcę')," \
    " ('unit_trait added', 'dopisano cechę'), ('unit_trait changed', 'zmieniono cechę')"
#define FIELDS                                                                                    \
    "(1, 'name', 'nazwa'), (2, 'regon', 'REGON'), (3, 'nip', 'NIP'), (4, 'type', 'Typ'),"         \
    " (5, 'kind', 'rodzaj'), (6, 'wk', 'WK'), (7, 'pk', 'PK'), (8, 'gk', 'GK'), (9, 'gt', 'GT')," \
    " (10, 'pt', 'PT'), (11, 'jop', 'JOP'), (12, 'parent', 'nadrzędna'),"                        \
    " (13, 'office', 'odbiorca'), (14, 'provider', 'obsługuje'), (15, 'trait', 'cecha'),"        \
    " (16, 'successor', 'następca'), (17, 'day', 'dzień'), (18, 'valid_from', 'od'),"           \
    " (19, 'valid_to', 'do'), (20, 'since', 'obowiązuje od')"
/* "nazwa: Szkoła → Zespół; nadrzędna: 990000016 → 990000022": other units by their REGON; of what
 * was added only what it is. */
#define VALUE(of)                                                                 \
    "CASE WHEN f.key IN ('parent', 'provider', 'successor') THEN (SELECT x.regon" \
    "  FROM registry.unit x WHERE x.unit = (" of " ->> f.key)::bigint) ELSE " of " ->> f.key END"
#define CHANGED_FIELDS                                                                     \
    "LATERAL (SELECT string_agg(f.title || ': ' || CASE WHEN c.old IS NULL THEN '' ELSE"   \
    "  coalesce(" VALUE("c.old") ", 'brak') || ' → ' END || coalesce(" VALUE(              \
        "c.new") ", 'brak'),"                                                              \
                 "  '; ' ORDER BY f.place) FROM (VALUES " FIELDS ") f (place, key, title)" \
                 "  WHERE c.new ? f.key OR c.old ? f.key) d (fields)"

/* $1: REGON, $2: the day. Each answer is a table of texts; a heading stands before its first row.
 */
static const struct {
    const char *heading;
    const char *sql;
    size_t      columns;
} parts[] = {
    {"REGON\tNIP\tTyp\tWK/PK/GK/GT/PT\trodzaj\tJOP\tnadrzędna\tod – do\tw rejestrze\tnazwa",
     "SELECT a.regon, a.nip, a.type, concat_ws('/', a.wk, a.pk, a.gk, a.gt, a.pt), a.kind, a.jop,"
     " p.regon, concat_ws(' – ', a.valid_from, a.valid_to),"
     " CASE WHEN a.is_valid THEN 'tak' ELSE 'nie' END, a.name"
     " FROM registry.units_at($2) a LEFT JOIN registry.unit p ON p.unit = a.parent"
     " WHERE a.regon = $1 ORDER BY a.is_valid DESC, a.valid_from DESC, a.unit",                    10},
    {"Odbiorcy (od – do, podstawa):",
     "SELECT o.office, f.title, concat_ws(' – ', o.valid_from, o.valid_to), o.basis"
     " FROM registry.unit u JOIN registry.unit_office o USING (unit)"
     " JOIN registry.office f USING (office)"
     " WHERE u.regon = $1 AND daterange(o.valid_from, o.valid_to, '[]') @> $2"
     " ORDER BY o.office, o.unit_office",                                                          4 },
    {"Cechy (dysponent, od – do, podstawa):",
     "SELECT x.trait, x.office, concat_ws(' – ', x.valid_from, x.valid_to), x.basis"
     " FROM registry.unit u JOIN registry.unit_trait x USING (unit)"
     " WHERE u.regon = $1 AND daterange(x.valid_from, x.valid_to, '[]') @> $2"
     " ORDER BY x.trait, x.office, x.unit_trait",                                                  4 },
    {"Obsługuje ją:",
     "SELECT p.regon, p.name, concat_ws(' – ', s.valid_from, s.valid_to), s.basis"
     " FROM registry.unit u JOIN registry.service s USING (unit)"
     " JOIN registry.unit p ON p.unit = s.provider"
     " WHERE u.regon = $1 AND daterange(s.valid_from, s.valid_to, '[]') @> $2 ORDER BY s.service", 4 },
    {"Obsługuje:",
     "SELECT u.regon, u.name, concat_ws(' – ', s.valid_from, s.valid_to), s.basis"
     " FROM registry.unit p JOIN registry.service s ON s.provider = p.unit"
     " JOIN registry.unit u ON u.unit = s.unit"
     " WHERE p.regon = $1 AND daterange(s.valid_from, s.valid_to, '[]') @> $2 ORDER BY s.service", 4 },
    {"Następca (rodzaj, od dnia, podstawa):",
     "SELECT n.regon, n.name, s.kind, s.day::text, s.basis FROM registry.unit u"
     " JOIN registry.succession s ON s.predecessor = u.unit"
     " JOIN registry.unit n ON n.unit = s.successor WHERE u.regon = $1 AND $2 IS NOT NULL"
     " ORDER BY s.succession",                                                                     5 },
    {"Poprzednik (rodzaj, od dnia, podstawa):",
     "SELECT n.regon, n.name, s.kind, s.day::text, s.basis FROM registry.unit u"
     " JOIN registry.succession s ON s.successor = u.unit"
     " JOIN registry.unit n ON n.unit = s.predecessor WHERE u.regon = $1 AND $2 IS NOT NULL"
     " ORDER BY s.succession",                                                                     5 },
    {"Wcześniej (do dnia; NIP, Typ, kody, rodzaj, JOP, nadrzędna, nazwa):",
     "SELECT h.held_to::text, h.nip, h.type, concat_ws('/', h.wk, h.pk, h.gk, h.gt, h.pt), h.kind,"
     " h.jop, p.regon, h.name FROM registry.unit u JOIN registry.unit_history h USING (unit)"
     " LEFT JOIN registry.unit p ON p.unit = h.parent WHERE u.regon = $1 AND $2 IS NOT NULL"
     " ORDER BY h.unit, h.held_from",                                                              8 },
    {"Zmiany w rejestrze (kiedy, kto, co, było → jest, podstawa):",
     "SELECT to_char(c.at AT TIME ZONE 'Europe/Warsaw', 'YYYY-MM-DD HH24:MI:SS'),"
     " concat_ws(' / ', c.login, nullif(c.operator, '')),"
     " coalesce(w.words, c.what), d.fields, c.basis"
     " FROM registry.unit u JOIN registry.change c USING (unit)"
     " LEFT JOIN (VALUES " CHANGES ") w (what, words) USING (what), " CHANGED_FIELDS
     " WHERE u.regon = $1 AND $2 IS NOT NULL ORDER BY c.change",                                   5 },
};

static enum err
show_part(struct admin *admin, size_t part, struct str regon, struct date day, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(admin->arena);
    struct store_rows       rows = {0};

    store_put_text(&parameters, regon);
    store_put_date(&parameters, day);
    TRY(store_run(admin->store, parts[part].sql, &parameters, admin->arena, &rows, fault));
    if (store_row_count(&rows) > 0) {
        buf_format(&admin->out, "%s\n", parts[part].heading);
    }
    for (size_t i = 0; i < store_row_count(&rows); i++) {
        for (size_t column = 0; column < parts[part].columns; column++) {
            admin_print(admin, store_text(&rows, i, column), column + 1 == parts[part].columns);
        }
    }
    return ERR_OK;
}

enum err
unit_show_task(struct admin *admin, struct fault *fault)
{
    struct registry_unit unit = {0};
    struct date          day = {0};

    TRY(admin_find_unit(admin, admin->options.argument, &unit, fault));
    TRY(admin_today(admin, &day, fault));
    TRY(admin_date(admin, OPTION_AT, &day, fault));
    buf_append(&admin->out, STR("Stan na dzień "));
    admin_print_date(admin, day, true);
    for (size_t part = 0; part < ARRAY_COUNT(parts); part++) {
        TRY(show_part(admin, part, unit.regon, day, fault));
    }
    return ERR_OK;
}
