#include "gateway/front/feed.h"

#include "gateway/fingerprint/fingerprint.h"

#include <string.h>

enum { TOKEN_SIZE_MAX = 128 };

#define NAME STR("token=")

static bool
is_feed(const struct request *request)
{
    return request->action.access == ROUTE_CALENDAR;
}

/* The letters that a token of ours is made of: no other needs to be decoded. */
static bool
is_token(struct str text)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '\0' || strchr(letters, text.data[i]) == NULL) {
            return false;
        }
    }
    return text.size > 0 && text.size <= TOKEN_SIZE_MAX;
}

/* The query without the token; *count: how often it stood there, *token: the last of them. */
static struct str
take_out(struct arena *arena, struct str query, struct str *token, size_t *count)
{
    struct buf kept = buf_create(arena, query.size + 1);
    struct str piece = {0};

    while (str_cut(&query, '&', &piece)) {
        if (str_starts_with(piece, NAME)) {
            *token = str_slice(piece, NAME.size, piece.size);
            (*count)++;
            continue;
        }
        if (kept.size > 0) {
            buf_byte(&kept, '&');
        }
        buf_append(&kept, piece);
    }
    ENSURE(buf_ok(&kept)); /* the target is bounded, and the arena of a request holds many */
    return buf_str(&kept);
}

const char *
feed_read(struct request *request, bool has_other)
{
    struct str   token = {0};
    struct fault fault = {0};
    size_t       count = 0;

    if (!is_feed(request)) {
        return NULL;
    }
    struct str rest = take_out(request->arena, request->query, &token, &count);
    if (count == 0) {
        return NULL;
    }
    request->query = rest;
    /* The cache must not take it for the same text in a header, which opens other things. */
    if (count > 1 || has_other || !is_token(token)
        || fingerprint_of(token, request->known_by, &fault) != ERR_OK
        || fingerprint_of_two(STR("feed "), token, request->shown, &fault) != ERR_OK) {
        return "Parametr token: adres kalendarza ma mieć jeden token, w całości, tak jak go "
               "wydano; "
               "nagłówka Authorization wtedy się nie podaje.";
    }
    request->credential_kind = QUESTION_FEED;
    return NULL;
}
