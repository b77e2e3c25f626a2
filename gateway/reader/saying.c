#include "gateway/reader/saying.h"

#include "gateway/receipt/receipt.h"
#include "validators/catalogue/entry.h"

#include <inttypes.h>

enum { TIME_SIZE_MAX = 40, MILLISECOND = 1000 };

struct str
saying_set(struct str state)
{
    static const struct {
        const char *state;
        const char *text;
    } states[] = {
        {"incomplete",   "Niepełny: czeka na sprawozdania albo na sprawdzenie"},
        {"consistent",   "Zgodny"                                              },
        {"inconsistent", "Niezgodny"                                           },
    };

    for (size_t i = 0; i < ARRAY_COUNT(states); i++) {
        if (str_equal(state, str_of(states[i].state))) {
            return str_of(states[i].text);
        }
    }
    return state;
}

struct str
saying_state(struct str state)
{
    static const struct {
        const char *state;
        const char *text;
    } states[] = {
        {"received",  "Odebrane"                              },
        {"checking",  "Sprawdzamy"                            },
        {"parked",    "Odłożone: sprawdzi je operator bramy"},
        {"withdrawn", "Wycofane"                              },
        {"decided",   "Rozstrzygnięte"                       },
    };

    for (size_t i = 0; i < ARRAY_COUNT(states); i++) {
        if (str_equal(state, str_of(states[i].state))) {
            return str_of(states[i].text);
        }
    }
    return state;
}

void
saying_verdict(struct json *json, int64_t verdict, bool is_decided)
{
    struct str name = {0};

    if (is_decided && verdict >= VERDICT_UNDECIDED && verdict <= VERDICT_REJECTED) {
        name = str_of(verdict_name((enum verdict)verdict));
    }
    json_key(json, "verdict");
    json_text_or_null(json, name);
    json_key(json, "verdict_text");
    json_text_or_null(json, name.size > 0 ? receipt_verdict_text(name) : name);
}

struct str
saying_time(struct arena *arena, instant at)
{
    struct buf text = buf_create(arena, TIME_SIZE_MAX);

    if (at != 0) {
        instant_write(&text, at);
    }
    return buf_str(&text);
}

void
saying_write_utc(struct buf *out, instant at)
{
    struct buf whole = buf_create(out->arena, TIME_SIZE_MAX);

    if (at == 0) {
        return;
    }
    moment_write_utc(&whole, at / INSTANT_PER_SECOND);
    struct str text = buf_str(&whole);
    buf_append(out, str_slice(text, 0, text.size - 1));
    buf_format(out, ".%03" PRId64 "Z", at % INSTANT_PER_SECOND / MILLISECOND);
}

void
saying_instant(struct json *json, const char *key, instant at)
{
    json_key(json, key);
    json_text_or_null(json, saying_time(json->out->arena, at));
}

void
saying_instant_utc(struct json *json, const char *key, instant at)
{
    struct buf text = buf_create(json->out->arena, TIME_SIZE_MAX);

    saying_write_utc(&text, at);
    json_key(json, key);
    json_text_or_null(json, buf_str(&text));
}

struct str
saying_uuid(struct arena *arena, struct uuid id)
{
    struct buf text = buf_create(arena, UUID_TEXT_SIZE);

    uuid_write(&text, id);
    return buf_str(&text);
}

struct str
saying_hex(struct arena *arena, struct str bytes)
{
    struct buf text = buf_create(arena, 2 * bytes.size);

    buf_hex(&text, (const unsigned char *)bytes.data, bytes.size);
    return buf_str(&text);
}
