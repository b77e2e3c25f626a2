#include "gateway/finding_json/contributors_view.h"

enum { TEXT_MAX = 64 * 1024 };

static const struct {
    const char *key;
    const char *words;
} sides_told[CONTRIBUTORS_SIDES] = {
    [CONTRIBUTORS_FOUND] = {"found",    "jest"        },
    [CONTRIBUTORS_EXPECTED] = {"expected", "porównane z"},
};

static void
number(struct json *json, const char *key, uint32_t value)
{
    json_key(json, key);
    json_number(json, value);
}

static void
write_item(struct json *json, const struct contributor *item)
{
    json_object_begin(json);
    json_member(json, "cell", item->cell);
    json_member(json, "amount", item->amount);
    number(json, "line", item->line);
    number(json, "column", item->column);
    number(json, "offset", item->offset);
    json_member(json, "xpath", item->xpath);
    json_object_end(json);
}

static void
write_side(struct json *json, const struct contributors *side)
{
    if (side->count == 0) {
        json_absent(json);
        return;
    }
    json_object_begin(json);
    json_key(json, "items");
    json_array_begin(json);
    for (size_t i = 0; i < side->count; i++) {
        write_item(json, &side->items[i]);
    }
    json_array_end(json);
    json_key(json, "more");
    json_number(json, (int64_t)side->more);
    json_member(json, "more_sum", side->rest);
    json_object_end(json);
}

void
contributors_view_json(struct json *json, const struct contributors *sides)
{
    if (sides == NULL) {
        json_absent(json);
        return;
    }
    json_object_begin(json);
    for (size_t i = 0; i < CONTRIBUTORS_SIDES; i++) {
        json_key(json, sides_told[i].key);
        write_side(json, &sides[i]);
    }
    json_object_end(json);
}

static void
put_side(struct buf *out, const struct contributors *side)
{
    for (size_t i = 0; i < side->count; i++) {
        const struct contributor *item = &side->items[i];
        buf_append(out, i == 0 ? STR(" ") : STR(" · "));
        buf_append(out, item->amount.size > 0 ? item->amount : STR("brak"));
        buf_format(out, " %.*s (wiersz %u, znak %u)", STR_ARG(item->cell), item->line,
                   item->column);
    }
    if (side->more > 0) {
        buf_format(out, " · i jeszcze %zu, razem %.*s", side->more, STR_ARG(side->rest));
    }
}

struct str
contributors_view_text(struct arena *arena, const struct contributors *sides)
{
    struct buf out = buf_create(arena, TEXT_MAX);

    for (size_t i = 0; sides != NULL && i < CONTRIBUTORS_SIDES; i++) {
        if (sides[i].count > 0) {
            buf_format(&out, "%s%s:", out.size > 0 ? "; " : "", sides_told[i].words);
            put_side(&out, &sides[i]);
        }
    }
    if (!buf_ok(&out)) {
        return (struct str){0};
    }
    return out.size > 0 ? buf_str(&out) : STR("");
}
