#include "gateway/front/parameter.h"

/* How often the name stands there; *value is that of the last. */
static size_t
find(struct str query, struct str name, struct str *value)
{
    struct str piece;
    size_t     count = 0;

    while (str_cut(&query, '&', &piece)) {
        struct str key;
        struct str rest = piece;
        if (str_cut(&rest, '=', &key) && str_equal(key, name)) {
            *value = rest;
            count++;
        }
    }
    return count;
}

enum parameter_found
parameter_number(struct str query, struct str name, int64_t max, int64_t *out)
{
    struct str value = {0};
    int64_t    number = 0;
    size_t     count = find(query, name, &value);

    if (count == 0) {
        return PARAMETER_ABSENT;
    }
    if (count > 1 || !str_to_number(value, &number) || number > max) {
        return PARAMETER_BAD;
    }
    *out = number;
    return PARAMETER_GOOD;
}

enum parameter_found
parameter_truth(struct str query, struct str name, bool *out)
{
    struct str value = {0};
    size_t     count = find(query, name, &value);

    if (count == 0) {
        return PARAMETER_ABSENT;
    }
    bool is_true = str_equal(value, STR("true"));
    if (count > 1 || (!is_true && !str_equal(value, STR("false")))) {
        return PARAMETER_BAD;
    }
    *out = is_true;
    return PARAMETER_GOOD;
}
