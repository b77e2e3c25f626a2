#include "tests/unit/gateway/vtl_files/mirror.h"

#include "validators/base/ensure.h"

enum { QUOTIENT_DIGITS = 12, SQL_MAX = 6000, TRIES = 30 };

#define TEXT(...) mirror_text(mirror, __VA_ARGS__)

/* What an operator may take its operands from. */
struct choice {
    const struct mirror_set *sets;
    size_t                   count;
};

typedef bool operation(struct mirror *mirror, const struct choice *from, struct mirror_set *out);

static const struct {
    unsigned    id;
    const char *name;
} identifiers[] = {
    {MIRROR_K, "k"     },
    {MIRROR_N, "n"     },
    {MIRROR_Q, "q"     },
    {MIRROR_R, "ruleid"},
};

static void
use(struct mirror *mirror, enum mirror_operator op)
{
    mirror->used[op]++;
}

/* "0 AS o, t.k, t.n": o stands so that there is always a column. */
static struct str
ids_of(struct mirror *mirror, unsigned ids, const char *alias)
{
    struct str list = STR("0 AS o");

    for (size_t i = 0; i < ARRAY_COUNT(identifiers); i++) {
        if ((ids & identifiers[i].id) != 0) {
            list = TEXT("%.*s, %s.%s", STR_ARG(list), alias, identifiers[i].name);
        }
    }
    return list;
}

/* ", t.x, t.y" */
static struct str
items_of(struct mirror *mirror, const struct mirror_set *set, const char *alias)
{
    struct str list = STR("");

    for (size_t i = 0; i < set->count; i++) {
        list = TEXT("%.*s, %s.%.*s", STR_ARG(list), alias, STR_ARG(set->items[i].name));
    }
    return list;
}

static struct str
columns_of(struct mirror *mirror, const struct mirror_set *set, const char *alias)
{
    return TEXT("%.*s%.*s", STR_ARG(ids_of(mirror, set->ids, alias)),
                STR_ARG(items_of(mirror, set, alias)));
}

/* "true AND a.k = b.k" */
static struct str
match(struct mirror *mirror, unsigned ids, const char *a, const char *b)
{
    struct str list = STR("true");

    for (size_t i = 0; i < ARRAY_COUNT(identifiers); i++) {
        if ((ids & identifiers[i].id) != 0) {
            list = TEXT("%.*s AND %s.%s = %s.%s", STR_ARG(list), a, identifiers[i].name, b,
                        identifiers[i].name);
        }
    }
    return list;
}

static size_t
find_item(const struct mirror_set *set, struct str name)
{
    size_t at = 0;

    while (at < set->count && !str_equal(set->items[at].name, name)) {
        at++;
    }
    return at;
}

static bool
same_shape(const struct mirror_set *a, const struct mirror_set *b)
{
    bool same = a->count == b->count && a->ids == b->ids;

    for (size_t i = 0; same && i < a->count; i++) {
        size_t at = find_item(b, a->items[i].name);
        same = at < b->count && a->items[i].kind == b->items[at].kind;
    }
    return same;
}

static bool
all_of(const struct mirror_set *set, enum mirror_kind kind)
{
    bool all = set->count > 0;

    for (size_t i = 0; i < set->count; i++) {
        all = all && set->items[i].kind == kind;
    }
    return all;
}

/* Any dataset with identifiers; the newest half the time. */
static const struct mirror_set *
pick(struct mirror *mirror, const struct choice *from)
{
    const struct mirror_set *set = &from->sets[from->count - 1];

    for (unsigned i = 0; i < TRIES; i++) {
        if (set->ids != 0 && set->count > 0 && (i > 0 || dice_chance(&mirror->dice, 60))) {
            return set;
        }
        set = &from->sets[dice_below(&mirror->dice, from->count)];
    }
    return &from->sets[0];
}

/* One of the same shape, another if there is one. */
static const struct mirror_set *
pick_same(struct mirror *mirror, const struct choice *from, const struct mirror_set *like)
{
    const struct mirror_set *found = like;
    size_t                   first = dice_below(&mirror->dice, from->count);

    for (size_t i = 0; i < from->count; i++) {
        const struct mirror_set *set = &from->sets[(first + i) % from->count];
        if (same_shape(set, like) && !str_equal(set->vtl, like->vtl)) {
            found = set;
        }
    }
    return found;
}

static struct mirror_term
term_of(struct mirror *mirror, const struct mirror_set *set, size_t item, const char *alias)
{
    return (struct mirror_term){
        .vtl = set->vtl,
        .sql = TEXT("%s.%.*s", alias, STR_ARG(set->items[item].name)),
        .what = set->items[item],
    };
}

/* A#x, or A itself if that is all it has. */
static struct mirror_set
member(struct mirror *mirror, const struct mirror_set *set, size_t item)
{
    struct mirror_set made = *set;

    use(mirror, MIRROR_OF_MEMBER);
    made.items[0] = set->items[item];
    made.count = 1;
    struct str name = mirror_name(mirror, set->items[item].name);
    made.vtl = TEXT("%.*s#%.*s", STR_ARG(set->vtl), STR_ARG(name));
    made.sql = TEXT("(SELECT %.*s FROM %.*s AS t)", STR_ARG(columns_of(mirror, &made, "t")),
                    STR_ARG(set->sql));
    return made;
}

static struct mirror_item
item(const char *name, enum mirror_kind kind)
{
    return (struct mirror_item){.name = str_of(name), .kind = kind, .digits = 3};
}

/* A single measure of truth: from the pool, or made by a comparison. */
static struct mirror_set
truth_set(struct mirror *mirror, const struct choice *from)
{
    size_t first = dice_below(&mirror->dice, from->count);

    for (size_t i = 0; i < from->count; i++) {
        const struct mirror_set *set = &from->sets[(first + i) % from->count];
        if (set->count == 1 && set->ids != 0 && set->items[0].kind == MIRROR_TRUTH) {
            return *set;
        }
    }
    const struct mirror_set *of = pick(mirror, from);
    struct mirror_set        one = member(mirror, of, dice_below(&mirror->dice, of->count));
    struct mirror_term       a = term_of(mirror, &one, 0, "t");
    struct mirror_term made = mirror_judge(mirror, a, mirror_constant(mirror, one.items[0].kind));
    one.items[0] = item("bool_var", MIRROR_TRUTH);
    one.vtl = made.vtl;
    one.sql = TEXT("(SELECT %.*s, %.*s AS bool_var FROM %.*s AS t)",
                   STR_ARG(ids_of(mirror, one.ids, "t")), STR_ARG(made.sql), STR_ARG(one.sql));
    return one;
}

/* ", CASE WHEN condition THEN 'NaN'::numeric ELSE t.x END AS x" */
static struct str
failed_items(struct mirror *mirror, const struct mirror_set *set, const char *condition)
{
    struct str list = STR("");

    for (size_t i = 0; i < set->count; i++) {
        list = TEXT("%.*s, CASE WHEN %s THEN 'NaN'::numeric ELSE t.%.*s END AS %.*s", STR_ARG(list),
                    condition, STR_ARG(set->items[i].name), STR_ARG(set->items[i].name));
    }
    return list;
}

static bool
filter(struct mirror *mirror, const struct choice *from, struct mirror_set *out)
{
    const struct mirror_set *set = pick(mirror, from);
    struct mirror_term       c = mirror_term(mirror, set, MIRROR_TRUTH);

    use(mirror, MIRROR_OF_FILTER);
    *out = *set;
    out->vtl = TEXT("%.*s[filter %.*s]", STR_ARG(set->vtl), STR_ARG(c.vtl));
    out->sql = mirror->failing
                   ? TEXT("(SELECT %.*s%.*s FROM (SELECT t.*, %.*s AS holds FROM %.*s AS t) AS t"
                          " WHERE holds = 1 OR holds = 'NaN')",
                          STR_ARG(ids_of(mirror, set->ids, "t")),
                          STR_ARG(failed_items(mirror, set, "holds = 'NaN'")), STR_ARG(c.sql),
                          STR_ARG(set->sql))
                   : TEXT("(SELECT %.*s FROM %.*s AS t WHERE %.*s)",
                          STR_ARG(columns_of(mirror, set, "t")), STR_ARG(set->sql), STR_ARG(c.sql));
    return true;
}

static bool
calc(struct mirror *mirror, const struct choice *from, struct mirror_set *out)
{
    static const char *const names[] = {"v", "w", "x", "y", "s", "f"};
    const struct mirror_set *set = pick(mirror, from);
    struct mirror_item       made = item(names[dice_below(&mirror->dice, ARRAY_COUNT(names))],
                                         (enum mirror_kind)dice_below(&mirror->dice, 3));

    if (mirror->failing && made.kind == MIRROR_TEXT) {
        made.kind = MIRROR_NUMBER;
    }
    struct mirror_term value = mirror_term(mirror, set, made.kind);
    struct mirror_set  rest = *set;
    size_t             at = find_item(set, made.name);
    if (at == MIRROR_ITEMS_MAX - 1) {
        return false;
    }
    if (at < set->count) {
        rest.items[at] = rest.items[--rest.count];
    }
    use(mirror, MIRROR_OF_CALC);
    *out = rest;
    struct str name = made.name;
    made = value.what;
    made.name = name;
    out->items[out->count++] = made;
    out->vtl =
        TEXT("%.*s[calc %.*s := %.*s]", STR_ARG(set->vtl), STR_ARG(name), STR_ARG(value.vtl));
    out->sql =
        TEXT("(SELECT %.*s, %.*s AS %.*s FROM %.*s AS t)", STR_ARG(columns_of(mirror, &rest, "t")),
             STR_ARG(value.sql), STR_ARG(name), STR_ARG(set->sql));
    return true;
}

/* keep and drop of one measure; rename of one. */
static bool
project(struct mirror *mirror, const struct choice *from, struct mirror_set *out)
{
    const struct mirror_set *set = pick(mirror, from);
    size_t                   at = dice_below(&mirror->dice, set->count);
    struct mirror_item       it = set->items[at];
    uint64_t                 which = dice_below(&mirror->dice, 3);
    struct str               shown = mirror_name(mirror, it.name);

    *out = *set;
    if (which == 0) {
        use(mirror, MIRROR_OF_KEEP);
        out->items[0] = it;
        out->count = 1;
        out->vtl = TEXT("%.*s[keep %.*s]", STR_ARG(set->vtl), STR_ARG(shown));
    } else if (which == 1 && set->count > 1) {
        use(mirror, MIRROR_OF_DROP);
        out->items[at] = out->items[--out->count];
        out->vtl = TEXT("%.*s[drop %.*s]", STR_ARG(set->vtl), STR_ARG(shown));
    } else {
        struct str name = find_item(set, STR("z")) < set->count ? STR("u") : STR("z");
        if (find_item(set, name) < set->count) {
            return false;
        }
        use(mirror, MIRROR_OF_RENAME);
        out->items[at].name = name;
        out->vtl =
            TEXT("%.*s[rename %.*s to %.*s]", STR_ARG(set->vtl), STR_ARG(shown), STR_ARG(name));
        struct mirror_set before = *set;
        before.items[at] = before.items[--before.count];
        out->sql = TEXT("(SELECT %.*s, t.%.*s AS %.*s FROM %.*s AS t)",
                        STR_ARG(columns_of(mirror, &before, "t")), STR_ARG(it.name), STR_ARG(name),
                        STR_ARG(set->sql));
        return true;
    }
    out->sql = TEXT("(SELECT %.*s FROM %.*s AS t)", STR_ARG(columns_of(mirror, out, "t")),
                    STR_ARG(set->sql));
    return true;
}

static bool
sub(struct mirror *mirror, const struct choice *from, struct mirror_set *out)
{
    static const struct {
        unsigned    id;
        const char *vtl;
        const char *sql;
    } points[] = {
        {MIRROR_K, "k = \"a\"",      "t.k = 'a'" },
        {MIRROR_N, "n = 2",          "t.n = 2"   },
        {MIRROR_Q, "q = \"2025Q2\"", "t.q = 8101"},
    };
    const struct mirror_set *set = pick(mirror, from);
    uint64_t                 which = dice_below(&mirror->dice, ARRAY_COUNT(points));

    if ((set->ids & points[which].id) == 0 || set->ids == points[which].id) {
        return false;
    }
    use(mirror, MIRROR_OF_SUB);
    *out = *set;
    out->ids &= ~points[which].id;
    out->vtl = TEXT("%.*s[sub %s]", STR_ARG(set->vtl), points[which].vtl);
    out->sql = TEXT("(SELECT %.*s FROM %.*s AS t WHERE %s)", STR_ARG(columns_of(mirror, out, "t")),
                    STR_ARG(set->sql), points[which].sql);
    return true;
}

/* One aggregate of an expression over t, as a term. */
static struct mirror_term
aggregate(struct mirror *mirror, const char *name, struct mirror_term of)
{
    struct mirror_term made = of;
    bool               failing = mirror->failing;
    struct str  nan = failing ? TEXT("bool_or(%.*s = 'NaN')", STR_ARG(of.sql)) : STR("false");
    bool        truth = of.what.kind == MIRROR_TRUTH && !failing;
    const char *sql = !truth ? name : name[1] == 'i' ? "bool_and" : "bool_or";
    const char *order = of.what.kind == MIRROR_TEXT ? " COLLATE \"C\"" : "";

    made.vtl = TEXT("%s(%.*s)", name, STR_ARG(of.vtl));
    if (name[0] == 'c') {
        made.what = (struct mirror_item){.kind = MIRROR_NUMBER, .digits = 6};
        made.sql = TEXT("CASE WHEN %.*s THEN 'NaN'::numeric ELSE count(%.*s)::numeric END",
                        STR_ARG(nan), STR_ARG(of.sql));
    } else if (name[0] == 'a') {
        int scale = of.what.scale > QUOTIENT_DIGITS ? of.what.scale : QUOTIENT_DIGITS;
        made.what.digits += scale - of.what.scale;
        made.what.scale = scale;
        made.sql = TEXT("CASE WHEN %.*s OR vc(sum(%.*s), %d) = 'NaN' THEN 'NaN'::numeric ELSE"
                        " vc(q(sum(%.*s), count(%.*s)::numeric, %d), %d) END",
                        STR_ARG(nan), STR_ARG(of.sql), of.what.scale, STR_ARG(of.sql),
                        STR_ARG(of.sql), scale, scale);
    } else if (name[0] == 's') {
        made.what.digits += 2;
        made.sql = TEXT("vc(sum(%.*s), %d)", STR_ARG(of.sql), of.what.scale);
    } else {
        made.sql = TEXT("CASE WHEN %.*s THEN %s ELSE %s(%.*s%s) END", STR_ARG(nan),
                        failing ? "'NaN'" : "NULL", sql, STR_ARG(of.sql), order);
    }
    return made;
}

/* "group by k" or "group except n", and the identifiers left. */
static struct str
grouping(struct mirror *mirror, unsigned ids, unsigned *kept)
{
    bool        except = dice_chance(&mirror->dice, 40);
    struct str  list = STR("");
    const char *comma = "";

    *kept = 0;
    if (dice_chance(&mirror->dice, 15)) {
        return STR("");
    }
    use(mirror, MIRROR_OF_GROUP);
    for (size_t i = 0; i < ARRAY_COUNT(identifiers); i++) {
        bool chosen = (ids & identifiers[i].id) != 0 && dice_chance(&mirror->dice, 60);
        *kept |= chosen ? identifiers[i].id : 0;
        if (chosen) {
            list = TEXT("%.*s%s%s", STR_ARG(list), comma, identifiers[i].name);
            comma = ", ";
        }
    }
    if (list.size == 0) {
        return STR("");
    }
    if (except) {
        *kept = ids & ~*kept;
    }
    return TEXT(" group %s %.*s", except ? "except" : "by", STR_ARG(list));
}

static struct str
group_by(struct mirror *mirror, unsigned kept)
{
    struct str list = ids_of(mirror, kept, "t");

    return kept == 0 ? STR("") : TEXT(" GROUP BY %.*s", STR_ARG(str_slice(list, 8, SIZE_MAX)));
}

/* " having sum(x) > 3"; of the strict half alone. */
static struct str
having(struct mirror *mirror, const struct mirror_set *set, struct str *sql)
{
    static const char *const names[] = {"min", "max", "count", "sum", "avg"};
    struct mirror_item       it = set->items[dice_below(&mirror->dice, set->count)];
    struct mirror_term       of = {
              .vtl = mirror_name(mirror, it.name), .sql = TEXT("t.%.*s", STR_ARG(it.name)), .what = it};

    *sql = STR("");
    if (mirror->failing || dice_chance(&mirror->dice, 60)) {
        return STR("");
    }
    use(mirror, MIRROR_OF_HAVING);
    struct mirror_term a =
        aggregate(mirror, names[dice_below(&mirror->dice, it.kind == MIRROR_NUMBER ? 5 : 3)], of);
    struct mirror_term c = mirror_comparison(mirror, a, mirror_constant(mirror, a.what.kind));
    if (dice_chance(&mirror->dice, 40)) {
        *sql = TEXT(" HAVING %.*s AND count(*) > 1", STR_ARG(c.sql));
        return TEXT(" having %.*s and count() > 1", STR_ARG(c.vtl));
    }
    *sql = TEXT(" HAVING %.*s", STR_ARG(c.sql));
    return TEXT(" having %.*s", STR_ARG(c.vtl));
}

static bool
aggr(struct mirror *mirror, const struct choice *from, struct mirror_set *out)
{
    static const char *const names[] = {"min", "max", "count", "sum", "avg"};
    const struct mirror_set *set = pick(mirror, from);
    enum mirror_kind         kind =
        mirror->failing ? MIRROR_NUMBER : (enum mirror_kind)dice_below(&mirror->dice, 3);
    const char        *name = names[dice_below(&mirror->dice, kind == MIRROR_NUMBER ? 5 : 3)];
    struct mirror_term of = mirror_term(mirror, set, kind);
    struct mirror_term a = aggregate(mirror, name, of);
    unsigned           kept = 0;
    struct str         by = grouping(mirror, set->ids, &kept);
    struct str         condition = {0};
    struct str         chosen = by.size == 0 ? STR("") : having(mirror, set, &condition);

    if (!mirror_is_safe(mirror, &a)) {
        return false;
    }
    use(mirror, MIRROR_OF_AGGR);
    *out = (struct mirror_set){.ids = kept, .count = 2};
    out->items[0] = a.what;
    out->items[0].name = STR("v");
    out->items[1] = item("w", MIRROR_NUMBER);
    out->vtl = TEXT("%.*s[aggr v := %.*s, w := count()%.*s%.*s]", STR_ARG(set->vtl), STR_ARG(a.vtl),
                    STR_ARG(by), STR_ARG(chosen));
    out->sql = TEXT("(SELECT %.*s, %.*s AS v, count(*)::numeric AS w FROM %.*s AS t%.*s%.*s)",
                    STR_ARG(ids_of(mirror, kept, "t")), STR_ARG(a.sql), STR_ARG(set->sql),
                    STR_ARG(group_by(mirror, kept)), STR_ARG(condition));
    return true;
}

static bool
aggregate_whole(struct mirror *mirror, const struct choice *from, struct mirror_set *out)
{
    static const char *const names[] = {"min", "max", "sum", "avg"};
    const struct mirror_set *set = pick(mirror, from);
    const char *name = names[dice_below(&mirror->dice, all_of(set, MIRROR_NUMBER) ? 4 : 2)];
    unsigned    kept = 0;
    struct str  by = grouping(mirror, set->ids, &kept);
    struct str  condition = {0};
    struct str  chosen = by.size == 0 ? STR("") : having(mirror, set, &condition);
    struct str  list = STR("");
    bool        safe = true;

    *out = *set;
    out->ids = kept;
    for (size_t i = 0; i < set->count; i++) {
        struct mirror_term of = term_of(mirror, set, i, "t");
        struct mirror_term a = aggregate(mirror, name, of);
        safe = safe && mirror_is_safe(mirror, &a);
        a.what.name = set->items[i].name;
        out->items[i] = a.what;
        list = TEXT("%.*s, %.*s AS %.*s", STR_ARG(list), STR_ARG(a.sql), STR_ARG(a.what.name));
    }
    if (dice_chance(&mirror->dice, 15)) {
        name = "count";
        out->items[0] = item("int_var", MIRROR_NUMBER);
        out->count = 1;
        list = STR(", count(*)::numeric AS int_var");
    }
    use(mirror, MIRROR_OF_AGGR);
    out->vtl = TEXT("%s(%.*s%.*s%.*s)", name, STR_ARG(set->vtl), STR_ARG(by), STR_ARG(chosen));
    out->sql =
        TEXT("(SELECT %.*s%.*s FROM %.*s AS t%.*s%.*s)", STR_ARG(ids_of(mirror, kept, "t")),
             STR_ARG(list), STR_ARG(set->sql), STR_ARG(group_by(mirror, kept)), STR_ARG(condition));
    return safe;
}

/* The identifiers of a join: of both sides where either may be missing. */
static struct str
joined_ids(struct mirror *mirror, unsigned of_a, unsigned all, bool full)
{
    struct str list = STR("0 AS o");

    for (size_t i = 0; i < ARRAY_COUNT(identifiers); i++) {
        const char *name = identifiers[i].name;
        if ((all & identifiers[i].id) != 0) {
            list = full ? TEXT("%.*s, coalesce(a.%s, b.%s) AS %s", STR_ARG(list), name, name, name)
                        : TEXT("%.*s, %s.%s", STR_ARG(list),
                               (of_a & identifiers[i].id) != 0 ? "a" : "b", name);
        }
    }
    return list;
}

/* Homonyms are renamed: ", b#x to u1" and ", b.x AS u1". */
static bool
join_items(struct mirror *mirror, const struct mirror_set *a, const struct mirror_set *b,
           struct mirror_set *out, struct str *rename, struct str *list)
{
    *rename = STR("");
    *list = items_of(mirror, a, "a");
    for (size_t i = 0; i < b->count; i++) {
        struct mirror_item it = b->items[i];
        struct str         to = it.name;
        if (find_item(a, it.name) < a->count) {
            to = TEXT("%.*s%zu", STR_ARG(it.name), i + 1);
            struct str shown = mirror_name(mirror, it.name);
            *rename = TEXT("%.*s%s b#%.*s to %.*s", STR_ARG(*rename),
                           rename->size == 0 ? " rename" : ",", STR_ARG(shown), STR_ARG(to));
        }
        if (out->count == MIRROR_ITEMS_MAX || find_item(out, to) < out->count
            || (find_item(b, to) < b->count && !str_equal(to, it.name))) {
            return false;
        }
        *list = TEXT("%.*s, b.%.*s AS %.*s", STR_ARG(*list), STR_ARG(it.name), STR_ARG(to));
        out->items[out->count] = it;
        out->items[out->count++].name = to;
    }
    return true;
}

static bool
join(struct mirror *mirror, const struct choice *from, struct mirror_set *out)
{
    static const char *const words[] = {"inner_join", "left_join", "full_join"};
    static const char *const joins[] = {"JOIN", "LEFT JOIN", "FULL JOIN"};
    const struct mirror_set *a = pick(mirror, from);
    const struct mirror_set *b = &from->sets[dice_below(&mirror->dice, from->count)];
    uint64_t                 which = dice_below(&mirror->dice, 3);
    unsigned                 common = a->ids & b->ids;
    bool                     under = common == b->ids;
    struct str               rename = {0};
    struct str               list = {0};
    struct str using = STR("");

    if (common == 0 || (!under && common != a->ids) || (which == 2 && a->ids != b->ids)
        || (which == 1 && !under)) {
        return false;
    }
    *out = *a;
    out->ids = a->ids | b->ids;
    if (!join_items(mirror, a, b, out, &rename, &list)) {
        return false;
    }
    if ((which == 1 && a->ids != b->ids) || (under && dice_chance(&mirror->dice, 30))) {
        use(mirror, MIRROR_OF_USING);
        using = STR(" using");
        for (size_t i = 0; i < ARRAY_COUNT(identifiers); i++) {
            if ((common & identifiers[i].id) != 0) {
                using = TEXT("%.*s%s %s", STR_ARG(using), using.size > 6 ? "," : "",
                             identifiers[i].name);
            }
        }
    }
    use(mirror, (enum mirror_operator)(MIRROR_OF_INNER_JOIN + which));
    /* The names a and b in a script are those of the join alone. */
    out->vtl = TEXT("%s(%.*s as a, %.*s as b%.*s%.*s)", words[which], STR_ARG(a->vtl),
                    STR_ARG(b->vtl), STR_ARG(using), STR_ARG(rename));
    out->sql = TEXT("(SELECT %.*s%.*s FROM %.*s AS a %s %.*s AS b ON %.*s)",
                    STR_ARG(joined_ids(mirror, a->ids, out->ids, which == 2)), STR_ARG(list),
                    STR_ARG(a->sql), joins[which], STR_ARG(b->sql),
                    STR_ARG(match(mirror, common, "a", "b")));
    return true;
}

static bool
take_member(struct mirror *mirror, const struct choice *from, struct mirror_set *out)
{
    const struct mirror_set *set = pick(mirror, from);

    *out = member(mirror, set, dice_below(&mirror->dice, set->count));
    return true;
}

/* A + B, A and B: measure by measure, over what both have. */
static bool
apply_pair(struct mirror *mirror, const struct choice *from, struct mirror_set *out)
{
    const struct mirror_set *a = pick(mirror, from);
    const struct mirror_set *b = pick_same(mirror, from, a);
    struct str               list = STR("");
    bool                     logical = all_of(a, MIRROR_TRUTH) && a->count == 1;

    if (!all_of(a, MIRROR_NUMBER) && !all_of(a, MIRROR_TEXT) && !logical) {
        return false;
    }
    use(mirror, logical ? MIRROR_OF_SETS_LOGIC : MIRROR_OF_SETS_ADD);
    *out = *a;
    struct dice dice = mirror->dice;
    for (size_t i = 0; i < a->count; i++) {
        size_t at = find_item(b, a->items[i].name);
        mirror->dice = dice; /* the same operator for each */
        struct mirror_term made =
            mirror_pair(mirror, term_of(mirror, a, i, "a"), term_of(mirror, b, at, "b"));
        if (!mirror_is_safe(mirror, &made)) {
            return false;
        }
        out->vtl = made.vtl;
        out->items[i] = made.what;
        out->items[i].name = a->items[i].name;
        list =
            TEXT("%.*s, %.*s AS %.*s", STR_ARG(list), STR_ARG(made.sql), STR_ARG(a->items[i].name));
    }
    out->sql = TEXT("(SELECT %.*s%.*s FROM %.*s AS a JOIN %.*s AS b ON %.*s)",
                    STR_ARG(ids_of(mirror, a->ids, "a")), STR_ARG(list), STR_ARG(a->sql),
                    STR_ARG(b->sql), STR_ARG(match(mirror, a->ids, "a", "b")));
    return true;
}

/* A * 2, nvl(A, 0), A || "x" */
static bool
apply_scalar(struct mirror *mirror, const struct choice *from, struct mirror_set *out)
{
    const struct mirror_set *a = pick(mirror, from);
    struct str               list = STR("");

    bool logical = all_of(a, MIRROR_TRUTH) && a->count == 1;

    if (!all_of(a, MIRROR_NUMBER) && !all_of(a, MIRROR_TEXT) && !logical) {
        return false;
    }
    use(mirror, MIRROR_OF_SETS_SCALAR);
    *out = *a;
    struct dice dice = mirror->dice;
    for (size_t i = 0; i < a->count; i++) {
        mirror->dice = dice;
        struct mirror_term made = mirror_apply(mirror, term_of(mirror, a, i, "a"));
        if (!mirror_is_safe(mirror, &made)) {
            return false;
        }
        out->vtl = made.vtl;
        out->items[i] = made.what;
        out->items[i].name = a->items[i].name;
        list =
            TEXT("%.*s, %.*s AS %.*s", STR_ARG(list), STR_ARG(made.sql), STR_ARG(a->items[i].name));
    }
    out->sql = TEXT("(SELECT %.*s%.*s FROM %.*s AS a)", STR_ARG(ids_of(mirror, a->ids, "a")),
                    STR_ARG(list), STR_ARG(a->sql));
    return true;
}

/* A#x > B#x, A#x > 3 */
static bool
compare(struct mirror *mirror, const struct choice *from, struct mirror_set *out)
{
    const struct mirror_set *a = pick(mirror, from);
    const struct mirror_set *b = pick_same(mirror, from, a);
    size_t                   at = dice_below(&mirror->dice, a->count);
    struct mirror_set        one = member(mirror, a, at);
    struct mirror_set        other = member(mirror, b, find_item(b, a->items[at].name));
    bool                     both = dice_chance(&mirror->dice, 60);

    use(mirror, MIRROR_OF_SETS_COMPARE);
    *out = one;
    struct mirror_term made = mirror_comparison(mirror, term_of(mirror, &one, 0, "a"),
                                                both ? term_of(mirror, &other, 0, "b")
                                                     : mirror_constant(mirror, one.items[0].kind));
    out->items[0] = item("bool_var", MIRROR_TRUTH);
    out->vtl = made.vtl;
    struct str side = both ? other.sql : one.sql;
    out->sql = TEXT("(SELECT %.*s, %.*s AS bool_var FROM %.*s AS a JOIN %.*s AS b ON %.*s)",
                    STR_ARG(ids_of(mirror, a->ids, "a")), STR_ARG(made.sql), STR_ARG(one.sql),
                    STR_ARG(side), STR_ARG(match(mirror, a->ids, "a", "b")));
    return true;
}

/* "EXISTS (...)" of rows with the identifiers of alias c. */
static struct str
exists(struct mirror *mirror, const struct mirror_set *set, const char *alias, const char *of,
       unsigned ids)
{
    return TEXT("EXISTS (SELECT FROM %.*s AS %s WHERE %.*s)", STR_ARG(set->sql), alias,
                STR_ARG(match(mirror, ids, alias, of)));
}

/* ", constant AS x" for each measure. */
static struct str
filled(struct mirror *mirror, const struct mirror_set *like, struct str value)
{
    struct str list = STR("");

    for (size_t i = 0; i < like->count; i++) {
        list =
            TEXT("%.*s, %.*s AS %.*s", STR_ARG(list), STR_ARG(value), STR_ARG(like->items[i].name));
    }
    return list;
}

static bool
choose(struct mirror *mirror, const struct choice *from, struct mirror_set *out)
{
    struct mirror_set        c = truth_set(mirror, from);
    const struct mirror_set *a = pick(mirror, from);
    const struct mirror_set *b = pick_same(mirror, from, a);
    enum mirror_kind         kind = a->items[0].kind;
    bool                     constant = all_of(a, kind) && dice_chance(&mirror->dice, 40);
    struct mirror_term       k = mirror_constant(mirror, kind);
    bool                     by_case = dice_chance(&mirror->dice, 30);
    const char              *f = mirror->failing ? "= 1" : "";

    if (a->ids != c.ids) {
        return false;
    }
    use(mirror, by_case ? MIRROR_OF_SETS_CASE : MIRROR_OF_SETS_IF);
    *out = *a;
    for (size_t i = 0; i < a->count; i++) {
        const struct mirror_item *it =
            constant ? &k.what : &b->items[find_item(b, a->items[i].name)];
        int scale = out->items[i].scale > it->scale ? out->items[i].scale : it->scale;
        int of_a = out->items[i].digits + scale - out->items[i].scale;
        int of_b = it->digits + scale - it->scale;
        out->items[i].scale = scale;
        out->items[i].digits = of_a > of_b ? of_a : of_b;
    }
    struct str otherwise = constant ? k.vtl : b->vtl;
    out->vtl =
        TEXT(by_case ? "(case when %.*s then %.*s else %.*s)" : "(if %.*s then %.*s else %.*s)",
             STR_ARG(c.vtl), STR_ARG(a->vtl), STR_ARG(otherwise));
    struct str name = c.items[0].name;
    struct str first = TEXT("SELECT %.*s FROM %.*s AS c JOIN %.*s AS a ON %.*s WHERE c.%.*s %s",
                            STR_ARG(columns_of(mirror, a, "a")), STR_ARG(c.sql), STR_ARG(a->sql),
                            STR_ARG(match(mirror, c.ids, "a", "c")), STR_ARG(name), f);
    struct str second =
        constant ? TEXT("SELECT %.*s%.*s FROM %.*s AS c WHERE (c.%.*s %s) IS NOT TRUE",
                        STR_ARG(ids_of(mirror, c.ids, "c")), STR_ARG(filled(mirror, a, k.sql)),
                        STR_ARG(c.sql), STR_ARG(name), f)
                 : TEXT("SELECT %.*s%.*s FROM %.*s AS c JOIN %.*s AS b ON %.*s"
                        " WHERE (c.%.*s %s) IS NOT TRUE",
                        STR_ARG(ids_of(mirror, c.ids, "c")), STR_ARG(items_of(mirror, a, "b")),
                        STR_ARG(c.sql), STR_ARG(b->sql), STR_ARG(match(mirror, c.ids, "b", "c")),
                        STR_ARG(name), f);
    if (!mirror->failing) {
        out->sql = TEXT("(%.*s UNION ALL %.*s)", STR_ARG(first), STR_ARG(second));
        return true;
    }
    struct str of_b = constant ? STR("true") : exists(mirror, b, "b", "c", c.ids);
    struct str of_a = exists(mirror, a, "a", "c", c.ids);
    out->sql =
        TEXT("(%.*s UNION ALL %.*s AND c.%.*s IS DISTINCT FROM 'NaN' UNION ALL SELECT %.*s%.*s"
             " FROM %.*s AS c WHERE c.%.*s = 'NaN' AND (%.*s OR %.*s))",
             STR_ARG(first), STR_ARG(second), STR_ARG(name), STR_ARG(ids_of(mirror, c.ids, "c")),
             STR_ARG(filled(mirror, a, STR("'NaN'::numeric"))), STR_ARG(c.sql), STR_ARG(name),
             STR_ARG(of_a), STR_ARG(of_b));
    return true;
}

static bool
combine(struct mirror *mirror, const struct choice *from, struct mirror_set *out)
{
    static const char *const words[] = {"union", "intersect", "setdiff", "symdiff"};
    const struct mirror_set *a = pick(mirror, from);
    const struct mirror_set *b = pick_same(mirror, from, a);
    uint64_t                 which = dice_below(&mirror->dice, 4);
    struct str               in_b = exists(mirror, b, "b", "a", a->ids);
    struct str               in_a = exists(mirror, a, "a", "b", a->ids);
    struct str of_a = TEXT("SELECT %.*s%.*s FROM %.*s AS a", STR_ARG(ids_of(mirror, a->ids, "a")),
                           STR_ARG(items_of(mirror, a, "a")), STR_ARG(a->sql));
    struct str of_b = TEXT("SELECT %.*s%.*s FROM %.*s AS b", STR_ARG(ids_of(mirror, a->ids, "b")),
                           STR_ARG(items_of(mirror, a, "b")), STR_ARG(b->sql));

    use(mirror, (enum mirror_operator)(MIRROR_OF_UNION + which));
    *out = *a;
    for (size_t i = 0; i < a->count; i++) {
        const struct mirror_item *it = &b->items[find_item(b, a->items[i].name)];
        int scale = out->items[i].scale > it->scale ? out->items[i].scale : it->scale;
        int digits_a = out->items[i].digits + scale - out->items[i].scale;
        int digits_b = it->digits + scale - it->scale;
        out->items[i].scale = scale;
        out->items[i].digits = digits_a > digits_b ? digits_a : digits_b;
    }
    out->vtl = TEXT("%s(%.*s, %.*s)", words[which], STR_ARG(a->vtl), STR_ARG(b->vtl));
    if (which == 0 || which == 3) {
        struct str alone = which == 0 ? STR("") : TEXT(" WHERE NOT %.*s", STR_ARG(in_b));
        out->sql = TEXT("(%.*s%.*s UNION ALL %.*s WHERE NOT %.*s)", STR_ARG(of_a), STR_ARG(alone),
                        STR_ARG(of_b), STR_ARG(in_a));
    } else {
        out->sql =
            TEXT("(%.*s WHERE %s %.*s)", STR_ARG(of_a), which == 1 ? "" : "NOT", STR_ARG(in_b));
    }
    return true;
}

static bool
exists_in(struct mirror *mirror, const struct choice *from, struct mirror_set *out)
{
    static const char *const retains[] = {"", ", all", ", true", ", false"};
    static const char *const wanted[] = {"", "", " WHERE bool_var", " WHERE NOT bool_var"};
    const struct mirror_set *a = pick(mirror, from);
    const struct mirror_set *b = &from->sets[dice_below(&mirror->dice, from->count)];
    unsigned                 common = a->ids & b->ids;
    uint64_t                 which = dice_below(&mirror->dice, 4);

    if (common == 0 || (common != a->ids && common != b->ids) || mirror->failing) {
        return false;
    }
    use(mirror, MIRROR_OF_EXISTS_IN);
    *out = (struct mirror_set){.ids = a->ids, .count = 1};
    out->items[0] = item("bool_var", MIRROR_TRUTH);
    out->vtl = TEXT("exists_in(%.*s, %.*s%s)", STR_ARG(a->vtl), STR_ARG(b->vtl), retains[which]);
    out->sql = TEXT("(SELECT * FROM (SELECT %.*s, %.*s AS bool_var FROM %.*s AS a) AS t%s)",
                    STR_ARG(ids_of(mirror, a->ids, "a")),
                    STR_ARG(exists(mirror, b, "b", "a", common)), STR_ARG(a->sql), wanted[which]);
    return true;
}

static bool
timeshift(struct mirror *mirror, const struct choice *from, struct mirror_set *out)
{
    const struct mirror_set *set = pick(mirror, from);
    int                      n = (int)dice_below(&mirror->dice, 11) - 5;

    if ((set->ids & MIRROR_Q) == 0) {
        return false;
    }
    use(mirror, MIRROR_OF_TIMESHIFT);
    *out = *set;
    out->vtl = TEXT("timeshift(%.*s, %d)", STR_ARG(set->vtl), n);
    out->sql = TEXT("(SELECT %.*s, t.q + (%d) AS q%.*s FROM %.*s AS t)",
                    STR_ARG(ids_of(mirror, set->ids & ~(unsigned)MIRROR_Q, "t")), n,
                    STR_ARG(items_of(mirror, set, "t")), STR_ARG(set->sql));
    return true;
}

static bool
check(struct mirror *mirror, const struct choice *from, struct mirror_set *out)
{
    struct mirror_set        c = truth_set(mirror, from);
    const struct mirror_set *set = pick(mirror, from);
    bool                     invalid = dice_chance(&mirror->dice, 50);
    bool                     imbalance = set->ids == c.ids && set->items[0].kind == MIRROR_NUMBER;
    struct mirror_set        i = member(mirror, set, 0);

    if (mirror->failing || (c.ids & MIRROR_R) != 0) {
        return false;
    }
    use(mirror, MIRROR_OF_CHECK);
    *out = (struct mirror_set){.ids = c.ids, .count = 4};
    out->items[0] = item("bool_var", MIRROR_TRUTH);
    out->items[1] = item("imbalance", MIRROR_NUMBER);
    out->items[1].scale = imbalance ? i.items[0].scale : 0;
    out->items[1].digits = imbalance ? i.items[0].digits : 1;
    out->items[2] = item("errorcode", MIRROR_TEXT);
    out->items[3] = item("errorlevel", MIRROR_NUMBER);
    struct str ending = imbalance ? TEXT(" imbalance %.*s", STR_ARG(i.vtl)) : STR("");
    out->vtl = TEXT("check(%.*s errorcode \"E\" errorlevel 2%.*s%s)", STR_ARG(c.vtl),
                    STR_ARG(ending), invalid ? " invalid" : "");
    struct str name = c.items[0].name;
    struct str side = imbalance ? TEXT("LEFT JOIN %.*s AS i ON %.*s", STR_ARG(i.sql),
                                       STR_ARG(match(mirror, c.ids, "i", "c")))
                                : STR("");
    struct str value = imbalance ? TEXT("i.%.*s", STR_ARG(i.items[0].name)) : STR("NULL::numeric");
    out->sql = TEXT("(SELECT %.*s, c.%.*s AS bool_var, %.*s AS imbalance,"
                    " CASE WHEN NOT c.%.*s THEN 'E' END AS errorcode,"
                    " CASE WHEN NOT c.%.*s THEN 2::numeric END AS errorlevel"
                    " FROM %.*s AS c %.*s%s%.*s)",
                    STR_ARG(ids_of(mirror, c.ids, "c")), STR_ARG(name), STR_ARG(value),
                    STR_ARG(name), STR_ARG(name), STR_ARG(c.sql), STR_ARG(side),
                    invalid ? " WHERE NOT c." : "", STR_ARG(invalid ? name : STR("")));
    return true;
}

/* The rows of one rule: its outcome per row. */
static struct str
rule_rows(struct mirror *mirror, const struct mirror_set *set, const char *rule, struct str outcome)
{
    bool first = rule[0] == 'a';

    return TEXT("SELECT %.*s, '%s'::text AS ruleid%.*s, (%.*s) AS bool_var,"
                " CASE WHEN NOT (%.*s) THEN %s END AS errorcode,"
                " CASE WHEN NOT (%.*s) THEN %s END AS errorlevel FROM %.*s AS t",
                STR_ARG(ids_of(mirror, set->ids, "t")), rule, STR_ARG(items_of(mirror, set, "t")),
                STR_ARG(outcome), STR_ARG(outcome), first ? "'C'::text" : "NULL::text",
                STR_ARG(outcome), first ? "NULL::numeric" : "7::numeric", STR_ARG(set->sql));
}

static bool
check_datapoint(struct mirror *mirror, const struct choice *from, struct mirror_set *out)
{
    static const char *const outputs[] = {"", " invalid", " all", " all_measures"};
    struct mirror_set        set = *pick(mirror, from);
    uint64_t                 which = dice_below(&mirror->dice, 4);
    struct str               variables = STR("");

    if (mirror->failing || (set.ids & MIRROR_R) != 0 || find_item(&set, STR("bool_var")) < set.count
        || find_item(&set, STR("errorcode")) < set.count
        || find_item(&set, STR("errorlevel")) < set.count || set.count > MIRROR_ITEMS_MAX - 3) {
        return false;
    }
    use(mirror, MIRROR_OF_CHECK_DATAPOINT);
    struct mirror_set bare = set; /* rules name measures alone */
    bare.ids = 0;
    for (size_t i = 0; i < set.count; i++) {
        variables =
            TEXT("%.*s%s%.*s", STR_ARG(variables), i == 0 ? "" : ", ", STR_ARG(set.items[i].name));
    }
    struct mirror_term when = mirror_term(mirror, &bare, MIRROR_TRUTH);
    struct mirror_term then = mirror_term(mirror, &bare, MIRROR_TRUTH);
    struct mirror_term always = mirror_term(mirror, &bare, MIRROR_TRUTH);
    mirror->definitions =
        TEXT("%.*sdefine datapoint ruleset R%u (variable %.*s) is a: when %.*s then %.*s errorcode"
             " \"C\"; b: %.*s errorlevel 7 end datapoint ruleset;\n",
             STR_ARG(mirror->definitions), ++mirror->rulesets, STR_ARG(variables),
             STR_ARG(when.vtl), STR_ARG(then.vtl), STR_ARG(always.vtl));
    *out = set;
    out->ids |= MIRROR_R;
    out->count = which == 2 ? 0 : set.count;
    if (which >= 2) {
        out->items[out->count++] = item("bool_var", MIRROR_TRUTH);
    }
    out->items[out->count++] = item("errorcode", MIRROR_TEXT);
    out->items[out->count++] = item("errorlevel", MIRROR_NUMBER);
    out->vtl =
        TEXT("check_datapoint(%.*s, R%u%s)", STR_ARG(set.vtl), mirror->rulesets, outputs[which]);
    struct str first = TEXT("CASE WHEN %.*s THEN %.*s WHEN NOT (%.*s) THEN true END",
                            STR_ARG(when.sql), STR_ARG(then.sql), STR_ARG(when.sql));
    out->sql =
        TEXT("(SELECT %.*s FROM (%.*s UNION ALL %.*s) AS t%s)",
             STR_ARG(columns_of(mirror, out, "t")), STR_ARG(rule_rows(mirror, &set, "a", first)),
             STR_ARG(rule_rows(mirror, &set, "b", always.sql)),
             which < 2 ? " WHERE NOT t.bool_var" : "");
    return true;
}

/* Some results get a name, so that scripts have several statements. */
static void
name_result(struct mirror *mirror, struct mirror_set *set)
{
    if (dice_chance(&mirror->dice, 25)) {
        struct str name = TEXT("W%u", ++mirror->results);
        mirror->statements = TEXT("%.*s%.*s := %.*s;\n", STR_ARG(mirror->statements), STR_ARG(name),
                                  STR_ARG(set->vtl));
        set->vtl = name;
    }
}

struct mirror_set
mirror_expression(struct mirror *mirror, struct mirror_set *pool, size_t count, unsigned steps)
{
    static operation *const operations[] = {
        filter,          calc,    calc,    project,     project,    sub,          aggr,
        aggregate_whole, join,    join,    take_member, apply_pair, apply_scalar, compare,
        choose,          combine, combine, exists_in,   timeshift,  check,        check_datapoint,
    };
    struct mirror_set made = pool[0];
    unsigned          done = 0;

    for (unsigned tries = 0; done < steps && tries < 20 * TRIES; tries++) {
        struct choice from = {pool, count};
        struct mirror before = *mirror;
        operation    *chosen = operations[dice_below(&mirror->dice, ARRAY_COUNT(operations))];
        if (!chosen(mirror, &from, &made) || made.sql.size > SQL_MAX) {
            before.dice = mirror->dice;
            *mirror = before; /* what was not used has not been tried */
            continue;
        }
        done++;
        if (done < steps) {
            name_result(mirror, &made);
        }
        ENSURE(count < MIRROR_POOL_MAX);
        pool[count++] = made;
    }
    return pool[count - 1];
}
