#include "gateway/reader/listing.h"

#include "gateway/reader/cursor.h"

enum { FORM_MAX = 40 };

struct wish_check
listing_limit(const struct asked *asked, int64_t otherwise, int64_t *out)
{
    return (struct wish_check){"limit", "ma być liczbą od 1 do 500",
                               wish_number(asked, "limit", 1, LISTING_MAX, otherwise, out)};
}

struct wish_check
listing_cursor(const struct asked *asked, struct str list, int64_t *out)
{
    struct str cursor = asked_parameter(asked, "cursor");

    return (struct wish_check){"cursor",
                               "ma być wartością next_cursor z poprzedniej strony tej listy",
                               cursor.size == 0 || cursor_parse(cursor, list, out)};
}

struct wish_check
listing_form(const struct asked *asked, struct str *out)
{
    return (struct wish_check){"form", "ma być kodem formularza z /api/v1/forms, na przykład RB27S",
                               wish_text(asked, "form", FORM_MAX, out)};
}

struct wish_check
listing_period(const struct asked *asked, struct str *out)
{
    return (struct wish_check){"period",
                               "ma wyglądać jak 2026-Q2, 2026-03 albo 2026 (wszystkie okresy roku)",
                               wish_period(asked, "period", out)};
}

struct wish_check
listing_unit(const struct asked *asked, struct str *out)
{
    return (struct wish_check){"unit", "ma być numerem REGON: 9 albo 14 cyfr",
                               wish_regon(asked, "unit", out)};
}

void
listing_members(struct json *json, const struct store_rows *rows, size_t count, struct str next,
                listing_item *write)
{
    json_key(json, "items");
    json_array_begin(json);
    for (size_t row = 0; row < count; row++) {
        write(json, rows, row);
    }
    json_array_end(json);
    json_member(json, "next_cursor", next);
}

void
listing_write(struct buf *out, const struct store_rows *rows, size_t count, struct str next,
              listing_item *write)
{
    struct json json = json_create(out);

    json_object_begin(&json);
    listing_members(&json, rows, count, next, write);
    json_object_end(&json);
}
