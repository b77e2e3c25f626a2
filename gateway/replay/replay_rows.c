#include "gateway/replay/replay_rows.h"

#include "gateway/replay/replay_row.h"

#define COLUMN(name) "'" #name "=', " #name ", E'\\n', "
#define HEX(name) "'" #name "=', encode(" #name ", 'hex'), E'\\n', "
#define OF_DECISION " WHERE submission = $1 AND n = $2 "

static const char decision_sql[] =
    "SELECT concat(" COLUMN(kind) COLUMN(verdict) COLUMN(reason) HEX(registry) HEX(calendar)
        HEX(reference) COLUMN(finding_count) COLUMN(cut) "'') FROM intake.decision" OF_DECISION;

static const char reports_sql[] = "SELECT concat(" COLUMN(unit) COLUMN(unit_name) COLUMN(regon)
    COLUMN(type) COLUMN(wk) COLUMN(pk) COLUMN(gk) COLUMN(gt)
        COLUMN(pt) "'') || concat(" COLUMN(element) COLUMN(form) COLUMN(form_version)
            COLUMN(form_title) COLUMN(year) COLUMN(period_type) COLUMN(period_number) COLUMN(period)
                COLUMN(period_end) COLUMN(level) COLUMN(variant) COLUMN(version) COLUMN(verdict)
                    COLUMN(reason) HEX(sha256) COLUMN(start_byte) COLUMN(end_byte) COLUMN(row_count)
                        COLUMN(due) COLUMN(timeliness) COLUMN(calendar) COLUMN(corrects)
                            COLUMN(window_until) COLUMN(outside_window) COLUMN(recipient)
                                COLUMN(window_basis)
                                    COLUMN(addressed_to) "'') FROM intake.report" OF_DECISION
                                                         "ORDER BY ordinal";

/* What a finding of before these columns had is not known: it has a difference in no cell at all,
 * and they are left out at the end of its row. */
#define SINCE_CONTRIBUTORS                                       \
    "CASE WHEN difference_repeats > 0 OR difference = '' THEN"   \
    " concat('difference_repeats=', difference_repeats, E'\\n'," \
    " 'contributors=', translate(contributors, E'\\n', ' '), E'\\n') END, "

/* clang-format off */
static const char findings_sql[] =
    "SELECT concat(" COLUMN(report) COLUMN(code) COLUMN(severity) COLUMN(line)
    "'column=', \"column\", E'\\n', " COLUMN(byte_offset) COLUMN(xpath) COLUMN(cell)
    COLUMN(subject) COLUMN(found) COLUMN(expected) COLUMN(difference) COLUMN(title) COLUMN(fix)
    COLUMN(basis) COLUMN(technical) COLUMN(suspect) SINCE_CONTRIBUTORS
    "'') FROM intake.finding" OF_DECISION "ORDER BY ordinal";
/* clang-format on */

static const char signatures_sql[] =
    "SELECT concat(" COLUMN(report) COLUMN(role) COLUMN(signer) COLUMN(valid) COLUMN(failed_step)
        HEX(certificate) "'') FROM intake.report_signature" OF_DECISION "ORDER BY ordinal";

#define CELLS                                                                             \
    "l.c1, '|', l.c2, '|', l.c3, '|', l.c4, '|', l.c5, '|', l.c6, '|', l.c7, '|', l.c8, " \
    "'|', l.a1, '|', l.a2, '|', l.a3, '|', l.a4, '|', l.a5, '|', l.a6, '|', l.a7, '|', "  \
    "l.a8, '|', l.a9, '|', l.a10, '|', l.a11, '|', l.a12, '|', l.a13, '|', l.a14, '|', "  \
    "l.a15, '|', l.a16, '|', l.a17, '|', l.a18, '|', l.a19, '|', l.a20, '|', l.a21, "     \
    "'|', l.a22, '|', l.a23, '|', l.a24, '|'"

/* Of each report: how many lines, and a digest of all their cells in order. */
static const char lines_sql[] =
    "SELECT concat('lines=', count(l.report), E'\\n', 'cells=',"
    " encode(sha256(convert_to(coalesce(string_agg(concat(l.ordinal, '|', " CELLS "), ''"
    " ORDER BY l.ordinal) FILTER (WHERE l.report IS NOT NULL), ''), 'UTF8')), 'hex'), E'\\n') "
    "FROM intake.report r LEFT JOIN intake.line l"
    " ON l.report = r.report AND l.period_end = r.period_end "
    "WHERE r.submission = $1 AND r.n = $2 GROUP BY r.ordinal ORDER BY r.ordinal";

static const struct {
    const char       *what;
    const char       *sql;
    replay_row_write *write;
} kinds[] = {
    {"wiersz rozstrzygnięcia", decision_sql,   replay_row_decision  },
    {"wiersz sprawozdania",     reports_sql,    replay_row_reports   },
    {"wiersz uwagi",            findings_sql,   replay_row_findings  },
    {"wiersz podpisu",          signatures_sql, replay_row_signatures},
    {"pozycje sprawozdania",    lines_sql,      replay_row_lines     },
};

/* The value of the first column that differs; a value may hold line feeds, so that names are found
 * by what both have in common. */
static enum err
tell_column(struct replay_remarks *remarks, const char *what, size_t at, struct str stored,
            struct str again, struct fault *fault)
{
    struct str one = {0};
    struct str other = {0};
    bool       same = true;

    while (same && str_cut(&stored, '\n', &one) && str_cut(&again, '\n', &other)) {
        same = str_equal(one, other);
    }
    struct str name = one;
    struct str value = one;
    if (str_cut(&value, '=', &name) && str_starts_with(other, name)) {
        other = str_slice(other, name.size + 1, other.size);
    }
    struct str place =
        str_format(remarks->arena, "%s %zu: %.*s", what, at + 1, STR_ARG(str_slice(name, 0, 40)));
    if (place.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci");
    }
    return replay_remarks_differ(remarks, place, value, other, fault);
}

/* What was stored is whole lines; columns that were not kept then are missing at their end. */
static enum err
compare(const struct store_rows *stored, const struct replay_row_list *again, const char *what,
        struct replay_remarks *remarks, struct fault *fault)
{
    size_t count = store_row_count(stored);

    if (count != again->count) {
        struct str then = str_format(remarks->arena, "%zu", count);
        struct str now = str_format(remarks->arena, "%zu", again->count);
        struct str name = str_format(remarks->arena, "%s: ile ich jest", what);
        return replay_remarks_differ(remarks, name, then, now, fault);
    }
    for (size_t i = 0; i < count; i++) {
        if (!str_starts_with(again->items[i], store_text(stored, i, 0))) {
            TRY(tell_column(remarks, what, i, store_text(stored, i, 0), again->items[i], fault));
        }
    }
    return ERR_OK;
}

enum err
replay_rows_compare(struct store *store, struct arena *arena, const struct replay_target *target,
                    const struct concluding *item, struct replay_remarks *remarks,
                    struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);

    store_put_uuid(&parameters, target->submission);
    store_put_number(&parameters, target->n);
    for (size_t i = 0; i < ARRAY_COUNT(kinds); i++) {
        struct store_rows      stored = {0};
        struct replay_row_list again = {0};
        TRY(kinds[i].write(arena, item, &again, fault));
        TRY(store_run(store, kinds[i].sql, &parameters, arena, &stored, fault));
        TRY(compare(&stored, &again, kinds[i].what, remarks, fault));
    }
    return ERR_OK;
}
