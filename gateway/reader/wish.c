#include "gateway/reader/wish.h"

#include "validators/identifier/identifier.h"

enum { DATE_SIZE = 10, REGON_SHORT = 9, REGON_LONG = 14 };

/* Beyond all times that a database row can have here. */
#define INSTANT_NEVER (INT64_C(8000000000) * INSTANT_PER_SECOND)

bool
wish_number(const struct asked *asked, const char *name, int64_t min, int64_t max,
            int64_t otherwise, int64_t *out)
{
    struct str text = asked_parameter(asked, name);
    int64_t    value = otherwise;

    if (text.size == 0) {
        *out = otherwise;
        return true;
    }
    if ((text.size > 1 && text.data[0] == '0') || !str_to_number(text, &value) || value < min
        || value > max) {
        return false;
    }
    *out = value;
    return true;
}

bool
wish_word(const struct asked *asked, const char *name, struct str list, struct str *out)
{
    struct str text = asked_parameter(asked, name);

    if (text.size > 0 && !str_has_word(list, text)) {
        return false;
    }
    *out = text.size > 0 ? text : STR("");
    return true;
}

bool
wish_regon(const struct asked *asked, const char *name, struct str *out)
{
    struct str text = asked_parameter(asked, name);

    if (text.size > 0
        && (!str_all_digits(text) || (text.size != REGON_SHORT && text.size != REGON_LONG))) {
        return false;
    }
    *out = text.size > 0 ? text : STR("");
    return true;
}

bool
wish_period(const struct asked *asked, const char *name, struct str *out)
{
    struct str text = asked_parameter(asked, name);

    if (text.size > 0 && !identifier_period(text)) {
        return false;
    }
    *out = text.size > 0 ? text : STR("");
    return true;
}

bool
wish_text(const struct asked *asked, const char *name, size_t size_max, struct str *out)
{
    struct str text = asked_parameter(asked, name);

    if (text.size > size_max) {
        return false;
    }
    *out = text.size > 0 ? text : STR("");
    return true;
}

/* The first moment of a day in Warsaw: one second after the end of the day before it. */
static bool
day_begin(struct asked const *asked, struct date day, moment *out)
{
    struct buf  text = buf_create(asked->arena, DATE_SIZE);
    struct date before = date_of_days(date_days(day) - 1);
    moment      end = 0;

    date_write(&text, before);
    if (!buf_ok(&text) || !moment_parse_when(buf_str(&text), &end)) {
        return false;
    }
    *out = end + 1;
    return true;
}

bool
wish_instant(const struct asked *asked, const char *name, enum wish_edge edge, instant *out)
{
    struct str  text = asked_parameter(asked, name);
    struct date day = {0};
    moment      at = 0;

    if (text.size == 0) {
        *out = edge == WISH_FROM ? 0 : INSTANT_NEVER;
        return true;
    }
    if (date_parse(text, &day)) {
        struct date first = edge == WISH_FROM ? day : date_of_days(date_days(day) + 1);
        if (!day_begin(asked, first, &at)) {
            return false;
        }
    } else if (!moment_parse(text, &at)) {
        return false;
    }
    *out = at * INSTANT_PER_SECOND;
    return true;
}

struct wish_check
wish_first_bad(const struct wish_check *checks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!checks[i].good) {
            return checks[i];
        }
    }
    return (struct wish_check){0};
}
