#include "tests/unit/gateway/vtl_files/mirror.h"

#include "validators/base/ensure.h"

#include <stdarg.h>
#include <stdio.h>

enum { SCALE_MAX = 18, QUOTIENT_DIGITS = 12, DIGITS_MAX = 36, TEXT_MAX = 1 << 16, STEPS = 4 };

const char *const mirror_operator_names[MIRROR_OPERATORS] = {
#define MIRROR_OPERATOR(name) #name,
#include "tests/unit/gateway/vtl_files/mirror.def"
#undef MIRROR_OPERATOR
};

/*
 * q: a / b rounded half away from zero to s digits; m: a remainder of the sign of b. Those that
 * begin with v are of the failing half: c marks what leaves 128 bits in units of scale s.
 */
const char *const mirror_functions =
    "CREATE FUNCTION q(a numeric, b numeric, s int) RETURNS numeric IMMUTABLE STRICT LANGUAGE sql"
    " AS $$ SELECT sign(a) * sign(b) * div(2 * abs(a) * ('1e' || s)::numeric + abs(b), 2 * abs(b))"
    " * ('1e-' || s)::numeric $$;"
    "CREATE FUNCTION m(a numeric, b numeric) RETURNS numeric IMMUTABLE STRICT LANGUAGE sql"
    " AS $$ SELECT CASE WHEN b = 0 THEN a WHEN mod(a, b) * b < 0 THEN mod(a, b) + b"
    " ELSE mod(a, b) END $$;"
    "CREATE FUNCTION vc(a numeric, s int) RETURNS numeric IMMUTABLE LANGUAGE sql AS $$ SELECT CASE"
    " WHEN abs(a) * ('1e' || s)::numeric > 170141183460469231731687303715884105727"
    " THEN 'NaN'::numeric ELSE a END $$;"
    "CREATE FUNCTION vo(op text, a numeric, b numeric, s int) RETURNS numeric IMMUTABLE LANGUAGE "
    "sql"
    " AS $$ SELECT CASE WHEN vc(a, s) = 'NaN' OR vc(b, s) = 'NaN' THEN 'NaN'::numeric ELSE vc(CASE "
    "op"
    " WHEN '+' THEN a + b WHEN '-' THEN a - b WHEN '%' THEN m(a, b) END, s) END $$;"
    "CREATE FUNCTION vm(a numeric, b numeric, s int) RETURNS numeric IMMUTABLE LANGUAGE sql AS $$"
    " SELECT CASE WHEN a = 'NaN' OR b = 'NaN' THEN 'NaN'::numeric ELSE round(vc(a * b, s), 18) END "
    "$$;"
    "CREATE FUNCTION vq(a numeric, b numeric, s int, p int) RETURNS numeric IMMUTABLE LANGUAGE sql"
    " AS $$ SELECT CASE WHEN a = 'NaN' OR b = 'NaN' THEN 'NaN'::numeric WHEN a IS NULL OR b IS "
    "NULL THEN "
    "NULL"
    " WHEN b = 0 OR vc(a, p) = 'NaN' THEN 'NaN'::numeric ELSE q(a, b, s) END $$;"
    "CREATE FUNCTION vb(op text, a numeric, b numeric, s int) RETURNS numeric IMMUTABLE LANGUAGE "
    "sql"
    " AS $$ SELECT CASE WHEN vc(a, s) = 'NaN' OR vc(b, s) = 'NaN' THEN 'NaN'::numeric ELSE CASE op"
    " WHEN '=' THEN a = b WHEN '<>' THEN a <> b WHEN '<' THEN a < b WHEN '<=' THEN a <= b"
    " WHEN '>' THEN a > b WHEN '>=' THEN a >= b END::int::numeric END $$;"
    "CREATE FUNCTION vl(op text, a numeric, b numeric) RETURNS numeric IMMUTABLE LANGUAGE sql"
    " AS $$ SELECT CASE WHEN a = 'NaN' OR b = 'NaN' THEN 'NaN'::numeric ELSE CASE op"
    " WHEN 'and' THEN a = 1 AND b = 1 WHEN 'or' THEN a = 1 OR b = 1 WHEN 'xor' THEN a <> b"
    " END::int::numeric END $$;"
    "CREATE FUNCTION vn(a numeric, b numeric, s int) RETURNS numeric IMMUTABLE LANGUAGE sql"
    " AS $$ SELECT CASE WHEN a IS NOT NULL THEN vc(a, s) ELSE vc(b, s) END $$;"
    "CREATE FUNCTION vi(c numeric, a numeric, b numeric, s int) RETURNS numeric IMMUTABLE"
    " LANGUAGE sql AS $$ SELECT CASE WHEN c = 'NaN' THEN 'NaN'::numeric WHEN c = 1 THEN vc(a, s)"
    " ELSE vc(b, s) END $$;";

struct str
mirror_text(struct mirror *mirror, const char *format, ...)
{
    static char text[TEXT_MAX];
    va_list     arguments;

    va_start(arguments, format);
    int size = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    ENSURE(size >= 0 && size < TEXT_MAX);
    struct str copy = str_copy(mirror->arena, (struct str){text, (size_t)size});
    ENSURE(copy.data != NULL);
    return copy;
}

#define TEXT(...) mirror_text(mirror, __VA_ARGS__)

struct str
mirror_name(struct mirror *mirror, struct str name)
{
    bool word = str_equal(name, STR("errorcode")) || str_equal(name, STR("errorlevel"))
                || str_equal(name, STR("imbalance"));

    return word ? TEXT("'%.*s'", STR_ARG(name)) : name;
}

static int
larger(int a, int b)
{
    return a > b ? a : b;
}

static struct mirror_term
make(enum mirror_kind kind, int scale, int digits, struct str vtl, struct str sql)
{
    return (struct mirror_term){
        .vtl = vtl, .sql = sql, .what = {.kind = kind, .scale = scale, .digits = digits}
    };
}

static struct mirror_term
number_constant(struct mirror *mirror)
{
    static const struct {
        const char *text;
        int         scale;
        int         digits;
    } numbers[] = {
        {"0",       0, 1},
        {"1",       0, 1},
        {"2",       0, 1},
        {"3",       0, 1},
        {"10",      0, 2},
        {"-1",      0, 1},
        {"-7",      0, 1},
        {"0.5",     1, 1},
        {"-0.5",    1, 1},
        {"0.01",    2, 1},
        {"1.005",   3, 4},
        {"-2.5",    1, 2},
        {"99.995",  3, 5},
        {"1000",    0, 4},
        {"0.0001",  4, 1},
        {"12345.6", 1, 6},
        {"1.50",    2, 3},
        {"100",     0, 3},
    };
    static const struct {
        const char *text;
        int         scale;
        int         digits;
    } large[] = {
        {"99999999999999999",   0,  17},
        {"-99999999999999999",  0,  17},
        {"12345678901.234567",  6,  17},
        {"0.00000000000000001", 17, 1 },
    };
    uint64_t roll = dice_below(&mirror->dice, ARRAY_COUNT(numbers));

    if (mirror->failing && dice_chance(&mirror->dice, 25)) {
        roll = dice_below(&mirror->dice, ARRAY_COUNT(large));
        return make(MIRROR_NUMBER, large[roll].scale, large[roll].digits,
                    TEXT("(%s)", large[roll].text), TEXT("(%s)::numeric", large[roll].text));
    }
    return make(MIRROR_NUMBER, numbers[roll].scale, numbers[roll].digits,
                TEXT("(%s)", numbers[roll].text), TEXT("(%s)::numeric", numbers[roll].text));
}

struct mirror_term
mirror_constant(struct mirror *mirror, enum mirror_kind kind)
{
    static const char *const texts[] = {"a", "b", "abc", " b ", "AbC", "zz", "", "x y"};
    struct mirror_term       made = {0};

    if (kind == MIRROR_NUMBER) {
        made = number_constant(mirror);
    } else if (kind == MIRROR_TEXT) {
        const char *text = texts[dice_below(&mirror->dice, ARRAY_COUNT(texts))];
        made = make(MIRROR_TEXT, 0, 0, TEXT("\"%s\"", text), TEXT("'%s'::text", text));
    } else {
        bool truth = dice_chance(&mirror->dice, 50);
        made = make(MIRROR_TRUTH, 0, 0, truth ? STR("true") : STR("false"),
                    mirror->failing ? truth ? STR("1::numeric") : STR("0::numeric")
                    : truth ? STR("true")
                                    : STR("false"));
    }
    made.constant = true;
    return made;
}

/* Terms to choose from: the components of a row, some constants, and what was made of them. */
struct pool {
    struct mirror_term terms[MIRROR_TERM_POOL_MAX];
    size_t             count;
};

static void
add(struct pool *pool, struct mirror_term term)
{
    ENSURE(pool->count < MIRROR_TERM_POOL_MAX);
    pool->terms[pool->count++] = term;
}

/* A term of the kind; the newer half the time. */
static struct mirror_term
pick(struct mirror *mirror, const struct pool *pool, enum mirror_kind kind)
{
    size_t found[MIRROR_TERM_POOL_MAX];
    size_t count = 0;

    for (size_t i = 0; i < pool->count; i++) {
        if (pool->terms[i].what.kind == kind) {
            found[count++] = i;
        }
    }
    if (count == 0) {
        return mirror_constant(mirror, kind);
    }
    return pool->terms[dice_chance(&mirror->dice, 50) ? found[count - 1]
                                                      : found[dice_below(&mirror->dice, count)]];
}

/* Not a constant, if there is another: constants alone are no test. */
static struct mirror_term
pick_varying(struct mirror *mirror, const struct pool *pool, enum mirror_kind kind)
{
    struct mirror_term picked = pick(mirror, pool, kind);

    for (unsigned i = 0; picked.constant && i < 4; i++) {
        picked = pick(mirror, pool, kind);
    }
    return picked;
}

static void
use(struct mirror *mirror, enum mirror_operator op)
{
    mirror->used[op]++;
}

static struct mirror_term
sum(struct mirror *mirror, struct mirror_term a, struct mirror_term b, bool minus)
{
    int scale = larger(a.what.scale, b.what.scale);
    int digits =
        larger(a.what.digits + scale - a.what.scale, b.what.digits + scale - b.what.scale) + 1;
    const char *sign = minus ? "-" : "+";
    struct str  vtl = TEXT("(%.*s %s %.*s)", STR_ARG(a.vtl), sign, STR_ARG(b.vtl));

    use(mirror, minus ? MIRROR_OF_SUBTRACT : MIRROR_OF_ADD);
    return make(MIRROR_NUMBER, scale, digits, vtl,
                mirror->failing
                    ? TEXT("vo('%s', %.*s, %.*s, %d)", sign, STR_ARG(a.sql), STR_ARG(b.sql), scale)
                    : TEXT("(%.*s %s %.*s)", STR_ARG(a.sql), sign, STR_ARG(b.sql)));
}

static struct mirror_term
product(struct mirror *mirror, struct mirror_term a, struct mirror_term b)
{
    int        raw = a.what.scale + b.what.scale;
    int        scale = raw > SCALE_MAX ? SCALE_MAX : raw;
    struct str vtl = TEXT("(%.*s * %.*s)", STR_ARG(a.vtl), STR_ARG(b.vtl));

    use(mirror, MIRROR_OF_MULTIPLY);
    return make(MIRROR_NUMBER, scale, a.what.digits + b.what.digits, vtl,
                mirror->failing ? TEXT("vm(%.*s, %.*s, %d)", STR_ARG(a.sql), STR_ARG(b.sql), raw)
                                : TEXT("round(%.*s * %.*s, 18)", STR_ARG(a.sql), STR_ARG(b.sql)));
}

/* In the strict half the divisor is a constant that is not zero. */
static struct mirror_term
quotient(struct mirror *mirror, struct mirror_term a, struct mirror_term b)
{
    int        scale = larger(larger(a.what.scale, b.what.scale), QUOTIENT_DIGITS);
    int        digits = a.what.digits + scale - a.what.scale + b.what.scale + 1;
    struct str vtl = TEXT("(%.*s / %.*s)", STR_ARG(a.vtl), STR_ARG(b.vtl));

    use(mirror, MIRROR_OF_DIVIDE);
    if (mirror->failing) {
        return make(MIRROR_NUMBER, scale, digits, vtl,
                    TEXT("vq(%.*s, %.*s, %d, %d)", STR_ARG(a.sql), STR_ARG(b.sql), scale,
                         scale + b.what.scale));
    }
    return make(MIRROR_NUMBER, scale, digits, vtl,
                TEXT("q(%.*s, %.*s, %d)", STR_ARG(a.sql), STR_ARG(b.sql), scale));
}

static struct mirror_term
remainder_of(struct mirror *mirror, struct mirror_term a, struct mirror_term b)
{
    int scale = larger(a.what.scale, b.what.scale);
    int digits = larger(a.what.digits + scale - a.what.scale, b.what.digits + scale - b.what.scale);
    struct str vtl = TEXT("mod(%.*s, %.*s)", STR_ARG(a.vtl), STR_ARG(b.vtl));

    use(mirror, MIRROR_OF_MOD);
    return make(MIRROR_NUMBER, scale, digits, vtl,
                mirror->failing
                    ? TEXT("vo('%%', %.*s, %.*s, %d)", STR_ARG(a.sql), STR_ARG(b.sql), scale)
                    : TEXT("m(%.*s, %.*s)", STR_ARG(a.sql), STR_ARG(b.sql)));
}

/* round and trunc to -1 .. 3 digits, floor and ceil. */
static struct mirror_term
rounding(struct mirror *mirror, struct mirror_term a)
{
    static const char *const names[] = {"round", "trunc", "floor", "ceil"};
    uint64_t                 which = dice_below(&mirror->dice, 4);
    int                      places = which < 2 ? (int)dice_below(&mirror->dice, 5) - 1 : 0;
    int                      scale = places < 0 ? 0 : places;

    if (mirror->failing && places < 0) {
        places = scale = 1; /* 10 times as much may not fit, which is another rule */
    }
    use(mirror, (enum mirror_operator)(MIRROR_OF_ROUND + which));
    scale = scale > a.what.scale ? a.what.scale : scale;
    struct str vtl = which < 2 ? TEXT("%s(%.*s, %d)", names[which], STR_ARG(a.vtl), places)
                               : TEXT("%s(%.*s)", names[which], STR_ARG(a.vtl));
    struct str sql = which < 2 ? TEXT("%s(%.*s, %d)", names[which], STR_ARG(a.sql), places)
                               : TEXT("%s(%.*s)", names[which], STR_ARG(a.sql));
    return make(MIRROR_NUMBER, scale, a.what.digits - a.what.scale + scale + 2, vtl, sql);
}

static struct mirror_term
sign_change(struct mirror *mirror, struct mirror_term a)
{
    bool magnitude = dice_chance(&mirror->dice, 50);

    use(mirror, magnitude ? MIRROR_OF_ABS : MIRROR_OF_NEGATE);
    return make(MIRROR_NUMBER, a.what.scale, a.what.digits,
                TEXT(magnitude ? "abs(%.*s)" : "(-%.*s)", STR_ARG(a.vtl)),
                TEXT(magnitude ? "abs(%.*s)" : "(-%.*s)", STR_ARG(a.sql)));
}

/* A constant that is not zero. */
static struct mirror_term
divisor(struct mirror *mirror)
{
    static const char *const divisors[] = {"3", "7", "0.3", "-11", "100", "1.25"};
    static const int         scales[] = {0, 0, 1, 0, 0, 2};
    uint64_t                 i = dice_below(&mirror->dice, ARRAY_COUNT(divisors));

    return make(MIRROR_NUMBER, scales[i], 3, TEXT("(%s)", divisors[i]),
                TEXT("(%s)::numeric", divisors[i]));
}

static struct mirror_term
number_step(struct mirror *mirror, const struct pool *pool)
{
    struct mirror_term a = pick_varying(mirror, pool, MIRROR_NUMBER);
    struct mirror_term b = pick(mirror, pool, MIRROR_NUMBER);
    uint64_t           which = dice_below(&mirror->dice, mirror->failing ? 7 : 8);

    if (which <= 1) {
        return sum(mirror, a, b, which == 1);
    }
    if (which == 2) {
        return product(mirror, a, b);
    }
    if (which == 3) {
        return quotient(mirror, a, mirror->failing ? b : divisor(mirror));
    }
    if (which == 4) {
        return remainder_of(mirror, a, b);
    }
    if (which <= 6) {
        return which == 5 ? rounding(mirror, a) : sign_change(mirror, a);
    }
    struct mirror_term text = pick_varying(mirror, pool, MIRROR_TEXT);
    use(mirror, MIRROR_OF_LENGTH);
    return make(MIRROR_NUMBER, 0, 5, TEXT("length(%.*s)", STR_ARG(text.vtl)),
                TEXT("length(%.*s)::numeric", STR_ARG(text.sql)));
}

struct mirror_term
mirror_comparison(struct mirror *mirror, struct mirror_term a, struct mirror_term b)
{
    static const char *const signs[] = {"=", "<>", "<", "<=", ">", ">="};
    uint64_t                 which = dice_below(&mirror->dice, a.what.kind == MIRROR_TRUTH ? 2 : 6);
    const char              *sign = signs[which];
    struct str               vtl = TEXT("(%.*s %s %.*s)", STR_ARG(a.vtl), sign, STR_ARG(b.vtl));

    use(mirror, (enum mirror_operator)(MIRROR_OF_EQUAL + which));
    if (mirror->failing) {
        int scale = larger(a.what.scale, b.what.scale);
        return make(MIRROR_TRUTH, 0, 0, vtl,
                    TEXT("vb('%s', %.*s, %.*s, %d)", sign, STR_ARG(a.sql), STR_ARG(b.sql), scale));
    }
    return make(MIRROR_TRUTH, 0, 0, vtl,
                TEXT(a.what.kind == MIRROR_TEXT ? "(%.*s %s %.*s COLLATE \"C\")" : "(%.*s %s %.*s)",
                     STR_ARG(a.sql), sign, STR_ARG(b.sql)));
}

static struct mirror_term
logic(struct mirror *mirror, uint64_t which, struct mirror_term a, struct mirror_term b)
{
    static const char *const words[] = {"and", "or", "xor"};

    use(mirror, (enum mirror_operator)(MIRROR_OF_AND + which));
    if (which == 3) {
        return make(MIRROR_TRUTH, 0, 0, TEXT("(not %.*s)", STR_ARG(a.vtl)),
                    TEXT(mirror->failing ? "(1 - %.*s)" : "(NOT %.*s)", STR_ARG(a.sql)));
    }
    struct str vtl = TEXT("(%.*s %s %.*s)", STR_ARG(a.vtl), words[which], STR_ARG(b.vtl));
    if (mirror->failing) {
        return make(MIRROR_TRUTH, 0, 0, vtl,
                    TEXT("vl('%s', %.*s, %.*s)", words[which], STR_ARG(a.sql), STR_ARG(b.sql)));
    }
    return make(
        MIRROR_TRUTH, 0, 0, vtl,
        TEXT("(%.*s %s %.*s)", STR_ARG(a.sql), which == 2 ? "<>" : words[which], STR_ARG(b.sql)));
}

static struct mirror_term
membership(struct mirror *mirror, const struct pool *pool)
{
    enum mirror_kind   kind = dice_chance(&mirror->dice, 50) ? MIRROR_NUMBER : MIRROR_TEXT;
    struct mirror_term a = pick_varying(mirror, pool, kind);
    bool               negated = dice_chance(&mirror->dice, 30);
    const char        *vtl = kind == MIRROR_NUMBER ? "1, 2.5, 0, -3" : "\"a\", \"abc\", \"zz\"";
    const char        *sql = kind == MIRROR_NUMBER ? "1, 2.5, 0, -3" : "'a', 'abc', 'zz'";

    use(mirror, negated ? MIRROR_OF_NOT_IN : MIRROR_OF_IN);
    return make(MIRROR_TRUTH, 0, 0,
                TEXT("(%.*s %s {%s})", STR_ARG(a.vtl), negated ? "not_in" : "in", vtl),
                TEXT("(%.*s %s (%s))", STR_ARG(a.sql), negated ? "NOT IN" : "IN", sql));
}

static struct mirror_term
range(struct mirror *mirror, const struct pool *pool)
{
    enum mirror_kind   kind = dice_chance(&mirror->dice, 70) ? MIRROR_NUMBER : MIRROR_TEXT;
    struct mirror_term a = pick_varying(mirror, pool, kind);
    struct mirror_term low = pick(mirror, pool, kind);
    struct mirror_term high = pick(mirror, pool, kind);

    use(mirror, MIRROR_OF_BETWEEN);
    return make(
        MIRROR_TRUTH, 0, 0,
        TEXT("between(%.*s, %.*s, %.*s)", STR_ARG(a.vtl), STR_ARG(low.vtl), STR_ARG(high.vtl)),
        TEXT(kind == MIRROR_TEXT ? "(%.*s COLLATE \"C\" BETWEEN %.*s AND %.*s)"
                                 : "(%.*s BETWEEN %.*s AND %.*s)",
             STR_ARG(a.sql), STR_ARG(low.sql), STR_ARG(high.sql)));
}

static struct mirror_term
truth_step(struct mirror *mirror, const struct pool *pool)
{
    uint64_t         which = dice_below(&mirror->dice, mirror->failing ? 5 : 8);
    enum mirror_kind kind =
        mirror->failing ? MIRROR_NUMBER : (enum mirror_kind)dice_below(&mirror->dice, 3);

    if (which <= 1) {
        return mirror_comparison(mirror, pick_varying(mirror, pool, kind),
                                 pick(mirror, pool, kind));
    }
    if (which <= 3) {
        struct mirror_term a = pick_varying(mirror, pool, MIRROR_TRUTH);
        return logic(mirror, dice_below(&mirror->dice, 4), a,
                     pick_varying(mirror, pool, MIRROR_TRUTH));
    }
    if (which == 4) {
        struct mirror_term a = pick_varying(mirror, pool, kind);
        use(mirror, MIRROR_OF_ISNULL);
        return make(
            MIRROR_TRUTH, 0, 0, TEXT("isnull(%.*s)", STR_ARG(a.vtl)),
            mirror->failing ? TEXT(
                "CASE WHEN %.*s = 'NaN' THEN 'NaN'::numeric ELSE (%.*s IS NULL)::int::numeric END",
                STR_ARG(a.sql), STR_ARG(a.sql))
                            : TEXT("(%.*s IS NULL)", STR_ARG(a.sql)));
    }
    return which == 5 ? range(mirror, pool) : membership(mirror, pool);
}

static struct mirror_term
concatenation(struct mirror *mirror, struct mirror_term a, struct mirror_term b)
{
    use(mirror, MIRROR_OF_CONCAT);
    return make(MIRROR_TEXT, 0, 0, TEXT("(%.*s || %.*s)", STR_ARG(a.vtl), STR_ARG(b.vtl)),
                TEXT("(%.*s || %.*s)", STR_ARG(a.sql), STR_ARG(b.sql)));
}

/* A function of a, or a and b. */
static struct mirror_term
text_of(struct mirror *mirror, struct mirror_term a, struct mirror_term b)
{
    static const struct {
        const char          *vtl;
        const char          *sql;
        enum mirror_operator op;
    } functions[] = {
        {"upper", "upper", MIRROR_OF_UPPER},
        {"lower", "lower", MIRROR_OF_LOWER},
        {"trim",  "btrim", MIRROR_OF_TRIM },
        {"ltrim", "ltrim", MIRROR_OF_LTRIM},
        {"rtrim", "rtrim", MIRROR_OF_RTRIM},
    };
    uint64_t which = dice_below(&mirror->dice, 8);

    if (which < ARRAY_COUNT(functions)) {
        use(mirror, functions[which].op);
        return make(MIRROR_TEXT, 0, 0, TEXT("%s(%.*s)", functions[which].vtl, STR_ARG(a.vtl)),
                    TEXT("%s(%.*s)", functions[which].sql, STR_ARG(a.sql)));
    }
    if (which == 5) {
        unsigned start = (unsigned)dice_below(&mirror->dice, 3) + 1;
        unsigned length = (unsigned)dice_below(&mirror->dice, 4);
        use(mirror, MIRROR_OF_SUBSTR);
        return make(MIRROR_TEXT, 0, 0, TEXT("substr(%.*s, %u, %u)", STR_ARG(a.vtl), start, length),
                    TEXT("substr(%.*s, %u, %u)", STR_ARG(a.sql), start, length));
    }
    return concatenation(mirror, a, b);
}

static struct mirror_term
text_step(struct mirror *mirror, const struct pool *pool)
{
    struct mirror_term a = pick_varying(mirror, pool, MIRROR_TEXT);

    return text_of(mirror, a, pick(mirror, pool, MIRROR_TEXT));
}

/* nvl, if, case: of any kind. */
static struct mirror_term
choice(struct mirror *mirror, const struct pool *pool, enum mirror_kind kind)
{
    struct mirror_term a = pick_varying(mirror, pool, kind);
    struct mirror_term b = pick(mirror, pool, kind);
    struct mirror_term c = pick_varying(mirror, pool, MIRROR_TRUTH);
    int                scale = larger(a.what.scale, b.what.scale);
    int digits = larger(a.what.digits + scale - a.what.scale, b.what.digits + scale - b.what.scale);
    struct mirror_term made = make(kind, scale, digits, a.vtl, a.sql);

    if (dice_chance(&mirror->dice, 40)) {
        use(mirror, MIRROR_OF_NVL);
        made.vtl = TEXT("nvl(%.*s, %.*s)", STR_ARG(a.vtl), STR_ARG(b.vtl));
        made.sql = mirror->failing
                       ? TEXT("vn(%.*s, %.*s, %d)", STR_ARG(a.sql), STR_ARG(b.sql), scale)
                       : TEXT("coalesce(%.*s, %.*s)", STR_ARG(a.sql), STR_ARG(b.sql));
        return made;
    }
    if (dice_chance(&mirror->dice, 15)) {
        use(mirror, MIRROR_OF_NULL);
        b.vtl = STR("null");
        b.sql = STR("NULL");
        scale = made.what.scale = a.what.scale;
    }
    bool by_case = dice_chance(&mirror->dice, 30);
    use(mirror, by_case ? MIRROR_OF_CASE : MIRROR_OF_IF);
    made.vtl =
        TEXT(by_case ? "(case when %.*s then %.*s else %.*s)" : "(if %.*s then %.*s else %.*s)",
             STR_ARG(c.vtl), STR_ARG(a.vtl), STR_ARG(b.vtl));
    made.sql = mirror->failing ? TEXT("vi(%.*s, %.*s, %.*s, %d)", STR_ARG(c.sql), STR_ARG(a.sql),
                                      STR_ARG(b.sql), scale)
                               : TEXT("(CASE WHEN %.*s THEN %.*s ELSE %.*s END)", STR_ARG(c.sql),
                                      STR_ARG(a.sql), STR_ARG(b.sql));
    return made;
}

static struct mirror_term
step(struct mirror *mirror, const struct pool *pool, enum mirror_kind kind)
{
    if (dice_chance(&mirror->dice, 20)) {
        return choice(mirror, pool, kind);
    }
    return kind == MIRROR_NUMBER  ? number_step(mirror, pool)
           : kind == MIRROR_TRUTH ? truth_step(mirror, pool)
                                  : text_step(mirror, pool);
}

/* Whether it may be used: the strict half has no number that could leave 128 bits. */
static bool
is_safe(const struct mirror *mirror, const struct mirror_term *term)
{
    bool narrow = term->what.digits + SCALE_MAX - term->what.scale <= DIGITS_MAX;

    return (mirror->failing || narrow) && term->sql.size < 1500;
}

struct mirror_term
mirror_term(struct mirror *mirror, const struct mirror_set *set, enum mirror_kind wanted)
{
    struct pool        pool = {0};
    unsigned           steps = 1 + (unsigned)dice_below(&mirror->dice, STEPS);
    struct mirror_term made = {0};

    for (size_t i = 0; i < set->count; i++) {
        struct str name = set->items[i].name;
        add(&pool, (struct mirror_term){mirror_name(mirror, name), TEXT("t.%.*s", STR_ARG(name)),
                                        set->items[i], false});
    }
    if ((set->ids & MIRROR_K) != 0 && !mirror->failing) {
        add(&pool, make(MIRROR_TEXT, 0, 0, STR("k"), STR("t.k")));
    }
    if ((set->ids & MIRROR_N) != 0) {
        add(&pool, make(MIRROR_NUMBER, 0, 2, STR("n"), STR("t.n::numeric")));
    }
    add(&pool, mirror_constant(mirror, MIRROR_NUMBER));
    for (unsigned tries = 0; tries < 40; tries++) {
        bool             last = steps <= 1;
        enum mirror_kind kind = last ? wanted : (enum mirror_kind)dice_below(&mirror->dice, 3);
        if (mirror->failing && kind == MIRROR_TEXT) {
            kind = MIRROR_NUMBER;
        }
        made = step(mirror, &pool, kind);
        if (!is_safe(mirror, &made)) {
            continue;
        }
        if (last) {
            return made;
        }
        add(&pool, made);
        steps--;
    }
    return mirror_constant(mirror, wanted);
}

static struct mirror_term
nvl(struct mirror *mirror, struct mirror_term a, struct mirror_term b)
{
    struct mirror_term made = a;

    use(mirror, MIRROR_OF_NVL);
    made.what.scale = larger(a.what.scale, b.what.scale);
    made.what.digits = larger(a.what.digits + made.what.scale - a.what.scale,
                              b.what.digits + made.what.scale - b.what.scale);
    made.vtl = TEXT("nvl(%.*s, %.*s)", STR_ARG(a.vtl), STR_ARG(b.vtl));
    made.sql = mirror->failing
                   ? TEXT("vn(%.*s, %.*s, %d)", STR_ARG(a.sql), STR_ARG(b.sql), made.what.scale)
                   : TEXT("coalesce(%.*s, %.*s)", STR_ARG(a.sql), STR_ARG(b.sql));
    return made;
}

/* An operator of a number that gives one. */
static struct mirror_term
number_of(struct mirror *mirror, struct mirror_term a, struct mirror_term b)
{
    uint64_t which = dice_below(&mirror->dice, 6);
    return which <= 1   ? sum(mirror, a, b, which == 1)
           : which == 2 ? product(mirror, a, b)
           : which == 3 ? rounding(mirror, a)
           : which == 4 ? sign_change(mirror, a)
                        : quotient(mirror, a, mirror->failing ? b : divisor(mirror));
}

struct mirror_term
mirror_apply(struct mirror *mirror, struct mirror_term a)
{
    struct mirror_term b = mirror_constant(mirror, a.what.kind);

    if (dice_chance(&mirror->dice, 15)) {
        return nvl(mirror, a, b);
    }
    if (a.what.kind == MIRROR_TRUTH) {
        return logic(mirror, dice_below(&mirror->dice, 4), a, b);
    }
    if (a.what.kind == MIRROR_TEXT) {
        return text_of(mirror, a, b);
    }
    return number_of(mirror, a, b);
}

struct mirror_term
mirror_pair(struct mirror *mirror, struct mirror_term a, struct mirror_term b)
{
    uint64_t which = dice_below(&mirror->dice, 3);

    if (a.what.kind == MIRROR_TEXT) {
        return concatenation(mirror, a, b);
    }
    if (a.what.kind == MIRROR_TRUTH) {
        return logic(mirror, which, a, b);
    }
    return which == 0   ? product(mirror, a, b)
           : which == 1 ? remainder_of(mirror, a, b)
                        : sum(mirror, a, b, dice_chance(&mirror->dice, 50));
}

struct mirror_term
mirror_judge(struct mirror *mirror, struct mirror_term a, struct mirror_term b)
{
    if (dice_chance(&mirror->dice, 20)) {
        use(mirror, MIRROR_OF_ISNULL);
        return make(
            MIRROR_TRUTH, 0, 0, TEXT("isnull(%.*s)", STR_ARG(a.vtl)),
            mirror->failing ? TEXT(
                "CASE WHEN %.*s = 'NaN' THEN 'NaN'::numeric ELSE (%.*s IS NULL)::int::numeric END",
                STR_ARG(a.sql), STR_ARG(a.sql))
                            : TEXT("(%.*s IS NULL)", STR_ARG(a.sql)));
    }
    return mirror_comparison(mirror, a, b);
}

bool
mirror_is_safe(const struct mirror *mirror, const struct mirror_term *term)
{
    return is_safe(mirror, term);
}
