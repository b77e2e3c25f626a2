#include "gateway/reader/unexpected_resource.h"

#include "gateway/reader/listing.h"
#include "gateway/reader/saying.h"
#include "gateway/reader/sight.h"
#include "validators/catalogue/entry.h"

enum { EXPLANATION_MAX = 2048 };

#define LIST STR("unexpected")

enum column {
    STRAY,
    UNIT_NAME,
    REGON,
    FORM,
    FORM_TITLE,
    LEVEL,
    VARIANT,
    PERIOD,
    SUBMISSION,
    ARRIVED,
    TRAIT,
    TRAIT_TITLE,
    TRAIT_BELOW,      /* it would do that a unit below has it */
    TRAIT_DYSPONENTS, /* each dysponent that is named is owed a report of his own */
    TRAIT_HELD,       /* the registry says so by now */
    TRAIT_NAMED,      /* ... of these dysponents, and the report is to none of them */
    VERDICT,          /* NULL: none is known */
    PERIOD_END,
    VALID_FROM, /* of the unit */
    VALID_TO,
    IS_OWED,    /* by all of its kind */
    IS_COUNTED, /* there are obligations for that period */
};

/* What a report was decided to be is that of its newest decision; of one that its sender has taken
 * back nothing comes any more. */
static const char list_sql[] =
    "SELECT s.stray, u.name, u.regon, s.form, coalesce(m.form_title, s.form), s.level, s.variant,"
    " s.period, s.submission, s.arrived, coalesce(c.trait, ''), c.title, c.below, c.dysponents,"
    " h.held, h.named, v.verdict, s.period_end, u.valid_from, u.valid_to, EXISTS (SELECT"
    "  FROM obligation.matter o JOIN obligation.term t ON t.matter = o.matter"
    "  WHERE o.form = s.form AND o.period_end = s.period_end AND o.period_type = s.period_type"
    "   AND o.level = s.level AND t.kind = u.kind AND t.trait = '' AND t.jst_types = 0"
    "   AND o.several_per = '' AND s.variant = ''"
    "   AND (NOT t.model OR (SELECT g.environment FROM registry.setting g) = 'TEST')),"
    " EXISTS (SELECT FROM obligation.matter o WHERE o.period_end = s.period_end"
    "  AND o.period_type = s.period_type)"
    " FROM obligation.stray s JOIN registry.unit u ON u.unit = s.unit"
    " LEFT JOIN LATERAL (SELECT o.form_title FROM obligation.matter o"
    "  WHERE o.form = s.form AND o.period_end = s.period_end AND o.period_type = s.period_type"
    "   AND o.level = s.level ORDER BY o.matter LIMIT 1) m ON true"
    " LEFT JOIN LATERAL (SELECT t.trait, r.title, t.kind IN ('jst', 'zwiazek') AS below,"
    "   o.several_per = 'dysponent' AS dysponents FROM obligation.matter o"
    "  JOIN obligation.term t ON t.matter = o.matter AND t.kind = u.kind"
    "  JOIN registry.trait r ON r.trait = t.trait"
    "  WHERE o.form = s.form AND o.period_end = s.period_end AND o.period_type = s.period_type"
    "   AND o.level = s.level ORDER BY t.term DESC LIMIT 1) c ON true"
    " LEFT JOIN LATERAL (SELECT count(*) > 0 AS held, CASE WHEN c.dysponents"
    "   AND bool_or(x.office = split_part(s.variant, '/', 1)) IS NOT TRUE"
    "   THEN string_agg(DISTINCT f.title, ', ') END AS named"
    "  FROM unnest(CASE WHEN c.below THEN registry.below(s.unit, s.period_end)"
    "   ELSE ARRAY[s.unit] END) b (unit)"
    "  JOIN registry.unit_trait x ON x.unit = b.unit AND x.trait = c.trait"
    "   AND daterange(x.valid_from, x.valid_to, '[]') @> s.period_end"
    "  JOIN registry.unit p ON p.unit = b.unit"
    "   AND daterange(p.valid_from, p.valid_to, '[]') @> s.period_end"
    "  LEFT JOIN registry.office f ON f.office = x.office) h ON true"
    " LEFT JOIN LATERAL (SELECT r.verdict FROM intake.report r"
    "  WHERE r.submission = s.submission AND r.unit = s.unit AND r.form = s.form"
    "   AND r.period_end = s.period_end AND r.period_type = s.period_type AND r.level = s.level"
    "   AND r.variant = s.variant ORDER BY r.n DESC, r.ordinal DESC LIMIT 1) v ON true"
    " WHERE s.settled_at IS NULL AND s.unit = " SIGHT_UNITS " AND s.stray < $1"
    " AND NOT EXISTS (SELECT FROM intake.submission w WHERE w.submission = s.submission"
    "  AND w.state = 'withdrawn')"
    " ORDER BY s.stray DESC LIMIT $2";

static bool
is_verdict(const struct store_rows *rows, size_t row, enum verdict verdict)
{
    return !store_is_null(rows, row, VERDICT)
           && store_number(rows, row, VERDICT) == (int64_t)verdict;
}

/* What becomes of the report when there is a duty; only one that was accepted fulfils it. */
static void
write_promise(struct buf *out, const struct store_rows *rows, size_t row)
{
    bool may_be_named =
        store_truth(rows, row, TRAIT_DYSPONENTS) && !store_truth(rows, row, TRAIT_HELD);

    if (!is_verdict(rows, row, VERDICT_ACCEPTED)) {
        buf_append(out, STR("; rozliczy go dopiero sprawozdanie przyjęte."));
        return;
    }
    buf_append(out, STR(", a to sprawozdanie go rozliczy"));
    if (may_be_named && store_text(rows, row, VARIANT).size > 0) {
        buf_append(out, STR(", jeżeli wpis nie wskaże innego dysponenta"));
    } else if (may_be_named) {
        buf_append(out, STR(", jeżeli wpis nie wskaże dysponenta"));
    }
    buf_append(out, STR("."));
}

static void
write_held(struct buf *out, const struct store_rows *rows, size_t row)
{
    struct str named = store_text(rows, row, TRAIT_NAMED);

    if (named.size > 0) {
        buf_format(out,
                   "cecha, z której wynika, jest w rejestrze z dysponentem (%.*s). Obowiązek jest "
                   "wtedy osobny dla każdego dysponenta, a sprawozdanie nie wskazuje żadnego z "
                   "nich, więc go nie rozliczy. Napisz do operatora bramy: on wpisuje cechy i "
                   "dysponentów.",
                   STR_ARG(named));
        return;
    }
    buf_append(out, STR("cecha, z której wynika, jest już w rejestrze. Obowiązek powstanie z "
                        "najbliższym naliczeniem"));
    write_promise(out, rows, row);
}

static void
write_lacking(struct buf *out, const struct store_rows *rows, size_t row)
{
    buf_format(out,
               "składa je tylko %s %.*s, a rejestr nie podaje tego na ostatni dzień okresu. Jeżeli "
               "tak jest, napisz do operatora bramy, bo to on wpisuje cechy; obowiązek powstanie z "
               "najbliższym naliczeniem po wpisie",
               store_truth(rows, row, TRAIT_BELOW) ? "JST, która sama albo której jednostka"
                                                   : "jednostka, która",
               STR_ARG(store_text(rows, row, TRAIT_TITLE)));
    write_promise(out, rows, row);
}

/* Who is not there on the last day of a period owes nothing for it. False: it was there. */
static bool
write_absent(struct buf *out, const struct store_rows *rows, size_t row)
{
    struct date end = store_date(rows, row, PERIOD_END);
    bool        is_later = date_compare(store_date(rows, row, VALID_FROM), end) > 0;
    bool        is_over = !store_is_null(rows, row, VALID_TO)
                   && date_compare(store_date(rows, row, VALID_TO), end) < 0;

    if (!is_later && !is_over) {
        return false;
    }
    buf_append(out, STR("sprawozdanie za okres składa jednostka, która jest w rejestrze jego "
                        "ostatniego dnia ("));
    date_write_polish(out, end);
    buf_append(out, is_later ? STR("), a ta jest w nim dopiero od ")
                             : STR("), a ta była w nim tylko do "));
    date_write_polish(out, store_date(rows, row, is_later ? VALID_FROM : VALID_TO));
    buf_append(out, STR(" Jeżeli to nieprawda, napisz do operatora bramy, bo to on prowadzi "
                        "rejestr; jeżeli prawda, nic nie trzeba robić."));
    return true;
}

/* Nobody owes it yet, because nobody has asked the calendar. */
static void
write_awaited(struct buf *out, const struct store_rows *rows, size_t row)
{
    buf_append(out, store_truth(rows, row, IS_OWED)
                        ? STR("tego obowiązku jeszcze nie naliczono. Powstanie z naliczeniem za "
                              "ten okres")
                        : STR("obowiązków za ten okres jeszcze nie naliczono. Jeżeli kalendarz go "
                              "przewiduje, powstanie z naliczeniem"));
    write_promise(out, rows, row);
}

/* Why no duty has waited for it. */
static void
write_cause(struct buf *out, const struct store_rows *rows, size_t row)
{
    bool has_trait = store_text(rows, row, TRAIT_TITLE).size > 0;
    bool is_owed = store_truth(rows, row, IS_OWED);

    if ((is_owed || has_trait) && write_absent(out, rows, row)) {
        return;
    }
    if (is_owed || !store_truth(rows, row, IS_COUNTED)) {
        write_awaited(out, rows, row);
    } else if (!has_trait) {
        buf_append(out, STR("kalendarz nie przewiduje go od jednostki tego rodzaju za ten okres. "
                            "Sprawdź formularz, poziom i okres."));
    } else if (store_truth(rows, row, TRAIT_HELD)) {
        write_held(out, rows, row);
    } else {
        write_lacking(out, rows, row);
    }
}

static void
write_explanation(struct buf *out, const struct store_rows *rows, size_t row)
{
    buf_append(out, STR("Wpłynęło "));
    moment_write_polish(out, store_instant(rows, row, ARRIVED) / INSTANT_PER_SECOND);
    if (is_verdict(rows, row, VERDICT_ACCEPTED)) {
        buf_append(out, STR(" i jest przyjęte, ale żaden obowiązek na nie nie czekał: "));
    } else if (is_verdict(rows, row, VERDICT_REJECTED)) {
        buf_append(out, STR(" i zostało odrzucone; żaden obowiązek też na nie nie czekał: "));
    } else {
        buf_append(out,
                   STR(" i nie jest jeszcze przyjęte; żaden obowiązek też na nie nie czekał: "));
    }
    write_cause(out, rows, row);
}

static void
write_item(struct json *json, const struct store_rows *rows, size_t row)
{
    struct buf explanation = buf_create(json->out->arena, EXPLANATION_MAX);

    write_explanation(&explanation, rows, row);
    json_object_begin(json);
    json_key(json, "unit");
    json_object_begin(json);
    json_member(json, "name", store_text(rows, row, UNIT_NAME));
    json_member(json, "regon", store_text(rows, row, REGON));
    json_object_end(json);
    json_member(json, "form", store_text(rows, row, FORM));
    json_member(json, "form_title", store_text(rows, row, FORM_TITLE));
    json_member(json, "level", store_text(rows, row, LEVEL));
    json_member(json, "variant", store_text(rows, row, VARIANT));
    json_member(json, "period", store_text(rows, row, PERIOD));
    json_member(json, "submission",
                saying_uuid(json->out->arena, store_uuid(rows, row, SUBMISSION)));
    saying_instant(json, "received_at", store_instant(rows, row, ARRIVED));
    saying_verdict(json, store_number(rows, row, VERDICT), !store_is_null(rows, row, VERDICT));
    json_member(json, "trait", store_text(rows, row, TRAIT));
    json_member(json, "explanation", buf_str(&explanation));
    json_object_end(json);
}

enum err
unexpected_resource_answer(struct asked *asked, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(asked->arena);
    struct store_rows       rows = {0};
    struct str              next = {0};
    struct buf              body = asked_body(asked);
    int64_t                 before = INT64_MAX;
    int64_t                 limit = 0;
    const struct wish_check checks[] = {
        listing_limit(asked, LISTING_USUAL, &limit),
        listing_cursor(asked, LIST, &before),
    };
    struct wish_check wrong = wish_first_bad(checks, ARRAY_COUNT(checks));

    if (wrong.name != NULL) {
        return asked_refuse_parameter(asked, wrong.name, wrong.wanted, fault);
    }
    store_put_number(&parameters, before);
    store_put_number(&parameters, limit + 1);
    TRY(store_run(asked->tools->store, list_sql, &parameters, asked->arena, &rows, fault));
    size_t count = asked_cut(asked, LIST, &rows, STRAY, (size_t)limit, &next);
    listing_write(&body, &rows, count, next, write_item);
    return asked_answer_tagged(asked, &body, fault);
}
