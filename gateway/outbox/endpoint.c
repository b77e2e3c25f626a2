#include "gateway/outbox/endpoint.h"

#include <string.h>

enum { PORT_MAX = 65535, HOST_MAX = 253 };

static const char add_sql[] = "INSERT INTO courier.endpoint (unit, url, events, label) "
                              "VALUES ($1, $2, string_to_array($3, ' '), $4) RETURNING endpoint";

static const char list_sql[] =
    "SELECT e.endpoint, e.unit, u.regon, e.url, array_to_string(e.events, ' '), e.label,"
    "  e.disabled_at, e.reason,"
    "  (SELECT count(*) FROM courier.delivery d"
    "   WHERE d.endpoint = e.endpoint AND d.state = 'waiting') "
    "FROM courier.endpoint e JOIN registry.unit u ON u.unit = e.unit "
    "WHERE e.removed_at IS NULL ORDER BY e.endpoint";

static const char remove_sql[] = "UPDATE courier.endpoint SET removed_at = now() "
                                 "WHERE endpoint = $1 AND removed_at IS NULL RETURNING 1";

static const char enable_sql[] =
    "WITH woken AS (UPDATE courier.delivery SET attempts = 0, next_at = now() "
    "  WHERE endpoint = $1 AND state = 'waiting' RETURNING 1) "
    "UPDATE courier.endpoint SET disabled_at = NULL, reason = '' "
    "WHERE endpoint = $1 AND removed_at IS NULL RETURNING 1";

struct str
endpoint_events(void)
{
    return STR("submission.accepted submission.awaiting_signatures submission.rejected "
               "submission.undecided submission.parked submission.withdrawn");
}

static bool
has_only(struct str text, const char *allowed)
{
    for (size_t i = 0; i < text.size; i++) {
        if (strchr(allowed, text.data[i]) == NULL || text.data[i] == '\0') {
            return false;
        }
    }
    return true;
}

/* A name or an IPv4 address, or [an IPv6 address]; *rest: what follows it. */
static bool
take_host(struct str text, struct str *rest)
{
    size_t end = 0;

    if (text.size > 0 && text.data[0] == '[') {
        const char *close = memchr(text.data, ']', text.size);
        end = close == NULL ? 0 : (size_t)(close - text.data) + 1;
        *rest = str_slice(text, end, text.size);
        return end > 2 && has_only(str_slice(text, 1, end - 2), "0123456789abcdefABCDEF:.");
    }
    while (end < text.size && text.data[end] != ':' && text.data[end] != '/') {
        end++;
    }
    *rest = str_slice(text, end, text.size);
    return end > 0 && end <= HOST_MAX
           && has_only(str_slice(text, 0, end), "abcdefghijklmnopqrstuvwxyz"
                                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-");
}

/* ":8443" or nothing; *rest: what follows it. */
static bool
take_port(struct str text, struct str *rest)
{
    size_t  end = 1;
    int64_t port = 0;

    *rest = text;
    if (text.size == 0 || text.data[0] != ':') {
        return true;
    }
    while (end < text.size && text.data[end] != '/') {
        end++;
    }
    *rest = str_slice(text, end, text.size);
    return str_to_number(str_slice(text, 1, end - 1), &port) && port >= 1 && port <= PORT_MAX;
}

const char *
endpoint_url_fault(struct str url)
{
    const struct str scheme = STR_INIT("https://");
    struct str       rest = {0};

    if (!str_starts_with(url, scheme)) {
        return "adres ma się zaczynać od https://";
    }
    if (url.size > ENDPOINT_URL_MAX) {
        return "adres może mieć najwyżej 1000 znaków";
    }
    if (!take_host(str_slice(url, scheme.size, url.size), &rest)) {
        return "po https:// ma stać nazwa serwera, bez nazwy użytkownika i hasła";
    }
    if (!take_port(rest, &rest)) {
        return "po dwukropku ma stać numer portu od 1 do 65535";
    }
    for (size_t i = 0; i < rest.size; i++) {
        if (rest.data[i] <= ' ' || rest.data[i] > '~' || rest.data[i] == '#' || rest.data[i] == '\\'
            || (i == 0 && rest.data[i] != '/')) {
            return "po nazwie serwera może stać ścieżka z liter bez ogonków, cyfr i znaków, bez "
                   "spacji, # i \\";
        }
    }
    return NULL;
}

enum err
endpoint_add(struct store *store, struct arena *arena, const struct endpoint *endpoint,
             int64_t *out, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, endpoint->unit);
    store_put_text(&parameters, endpoint->url);
    store_put_text(&parameters, endpoint->events);
    store_put_text(&parameters, endpoint->label);
    TRY(store_run(store, add_sql, &parameters, arena, &rows, fault));
    *out = store_number(&rows, 0, 0);
    return ERR_OK;
}

enum err
endpoint_list(struct store *store, struct arena *arena, struct endpoint **out, size_t *count,
              struct fault *fault)
{
    struct store_rows rows = {0};

    TRY(store_run(store, list_sql, NULL, arena, &rows, fault));
    size_t           found = store_row_count(&rows);
    struct endpoint *list = ARENA_NEW(arena, struct endpoint, found + 1);
    if (list == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu endpoints", found);
    }
    for (size_t i = 0; i < found; i++) {
        list[i] = (struct endpoint){.endpoint = store_number(&rows, i, 0),
                                    .unit = store_number(&rows, i, 1),
                                    .regon = store_text(&rows, i, 2),
                                    .url = store_text(&rows, i, 3),
                                    .events = store_text(&rows, i, 4),
                                    .label = store_text(&rows, i, 5),
                                    .disabled = store_instant(&rows, i, 6),
                                    .reason = store_text(&rows, i, 7),
                                    .waiting = store_number(&rows, i, 8)};
    }
    *out = list;
    *count = found;
    return ERR_OK;
}

static enum err
change(struct store *store, struct arena *arena, const char *sql, int64_t endpoint, bool *found,
       struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, endpoint);
    TRY(store_run(store, sql, &parameters, arena, &rows, fault));
    *found = store_row_count(&rows) == 1;
    return ERR_OK;
}

enum err
endpoint_remove(struct store *store, struct arena *arena, int64_t endpoint, bool *found,
                struct fault *fault)
{
    return change(store, arena, remove_sql, endpoint, found, fault);
}

enum err
endpoint_enable(struct store *store, struct arena *arena, int64_t endpoint, bool *found,
                struct fault *fault)
{
    return change(store, arena, enable_sql, endpoint, found, fault);
}
