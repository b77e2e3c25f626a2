#include "gateway/cli/member.h"

struct str
member_text(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);

    return json_is_string(value) ? (struct str){json_string_value(value), json_string_length(value)}
                                 : (struct str){0};
}

int64_t
member_number(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key)); /* 0 for what is no integer */
}

bool
member_truth(const json_t *object, const char *key)
{
    return json_is_true(json_object_get(object, key));
}

const json_t *
member_object(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);

    return json_is_object(value) || json_is_array(value) ? value : NULL;
}

void
member_release(void *object)
{
    json_decref(object);
}
