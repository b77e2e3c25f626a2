#include "gateway/outbox/subscriber.h"

#include "gateway/outbox/reach.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

enum { PORT_MAX = 65535, HOST_MAX = 253 };

static const char add_sql[] = "INSERT INTO courier.endpoint (unit, url, events, label) "
                              "VALUES ($1, $2, string_to_array($3, ' '), $4) RETURNING endpoint";

#define COLUMNS                                                                  \
    "SELECT e.endpoint, e.unit, u.regon, e.url, array_to_string(e.events, ' ')," \
    "  e.label, e.disabled_at, e.reason,"                                        \
    "  (SELECT count(*) FROM courier.delivery d"                                 \
    "   WHERE d.endpoint = e.endpoint AND d.state = 'waiting'),"                 \
    "  e.created_at, e.secret_since "                                            \
    "FROM courier.endpoint e JOIN registry.unit u ON u.unit = e.unit "           \
    "WHERE e.removed_at IS NULL"

static const char list_sql[] = COLUMNS " ORDER BY e.endpoint";
static const char find_sql[] = COLUMNS " AND e.endpoint = $1";

/* The sooner of its end and a day from now: a secret that was to end does not live longer. */
static const char renew_sql[] =
    "WITH kept AS (UPDATE courier.secret s SET expires_at = CASE"
    "   WHEN s.expires_at IS NULL THEN now() + $3 * interval '1 hour' ELSE now() END"
    "  WHERE s.endpoint = $1 AND coalesce(s.expires_at > now(), true)),"
    " made AS (INSERT INTO courier.secret (endpoint, secret) VALUES ($1, $2)) "
    "UPDATE courier.endpoint SET secret_since = now() WHERE endpoint = $1";

static const char remove_sql[] = "UPDATE courier.endpoint SET removed_at = now() "
                                 "WHERE endpoint = $1 AND removed_at IS NULL RETURNING 1";

static const char enable_sql[] =
    "WITH woken AS (UPDATE courier.delivery SET attempts = 0, next_at = now() "
    "  WHERE endpoint = $1 AND state = 'waiting' RETURNING 1) "
    "UPDATE courier.endpoint SET disabled_at = NULL, reason = '' "
    "WHERE endpoint = $1 AND removed_at IS NULL RETURNING 1";

#define SUBMISSIONS                                                           \
    "submission.accepted submission.awaiting_signatures submission.rejected " \
    "submission.undecided submission.parked submission.withdrawn"

struct str
subscriber_usual_events(void)
{
    return STR(SUBMISSIONS);
}

struct str
subscriber_events(void)
{
    return STR(SUBMISSIONS
               " submission.objected submission.objection_answered "
               "obligation.due_soon obligation.late obligation.fulfilled obligation.waived "
               "set.consistent set.inconsistent set.incomplete");
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
subscriber_url_fault(struct str url)
{
    const struct str scheme = STR_INIT("https://");
    struct str       rest = {0};

    if (!str_starts_with(url, scheme)) {
        return "adres ma się zaczynać od https://";
    }
    if (url.size > SUBSCRIBER_URL_MAX) {
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

/* Of an address as text: none, private, public. */
static enum reach
reach_of_text(const char *text)
{
    struct sockaddr_in  four = {.sin_family = AF_INET};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};

    if (inet_pton(AF_INET, text, &four.sin_addr) == 1) {
        return reach_of((const struct sockaddr *)&four, sizeof four);
    }
    if (inet_pton(AF_INET6, text, &six.sin6_addr) == 1) {
        return reach_of((const struct sockaddr *)&six, sizeof six);
    }
    return REACH_NONE;
}

/* What ends with a number is no name (WHATWG URL, "ends in a number"): "127.1", "0x7f.0.0.1". */
static bool
is_name(struct str host)
{
    struct str rest = host;
    struct str last = {0};
    struct str piece = {0};

    while (str_cut(&rest, '.', &piece)) {
        last = piece.size > 0 ? piece : last;
    }
    return last.size > 0 && !(last.data[0] >= '0' && last.data[0] <= '9');
}

/* Names of this machine or of nobody's: RFC 6761, 6762, 8375. */
static bool
is_of_this_net(const char *host)
{
    static const char *const ends[] = {"localhost", "localdomain", "local",
                                       "internal",  "home.arpa",   "lan"};
    size_t                   size = strlen(host);

    for (size_t i = 0; i < ARRAY_COUNT(ends); i++) {
        size_t length = strlen(ends[i]);
        bool   long_enough = size >= length;
        if (long_enough && strcasecmp(host + size - length, ends[i]) == 0
            && (size == length || host[size - length - 1] == '.')) {
            return true;
        }
    }
    return strchr(host, '.') == NULL;
}

const char *
subscriber_host_fault(struct str url)
{
    char       text[HOST_MAX + 1];
    struct str host = str_slice(url, sizeof "https://" - 1, url.size);
    struct str rest = {0};

    ENSURE(subscriber_url_fault(url) == NULL && take_host(host, &rest));
    host = str_slice(host, 0, host.size - rest.size);
    bool is_six = host.data[0] == '[';
    host = is_six ? str_slice(host, 1, host.size - 2) : host;
    while (!is_six && host.size > 1 && host.data[host.size - 1] == '.') {
        host.size--; /* the root of names */
    }
    if (host.size > HOST_MAX) {
        return "nazwa serwera może mieć najwyżej 253 znaki";
    }
    memcpy(text, host.data, host.size);
    text[host.size] = '\0';
    if (is_six || !is_name(host)) {
        return reach_of_text(text) == REACH_PUBLIC
                   ? NULL
                   : "po https:// ma stać publiczny adres IP albo nazwa serwera w internecie";
    }
    return is_of_this_net(text)
               ? "po https:// ma stać pełna nazwa serwera w internecie, na przykład fk.gmina.pl"
               : NULL;
}

enum err
subscriber_add(struct store *store, struct arena *arena, const struct subscriber *subscriber,
               int64_t *out, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, subscriber->unit);
    store_put_text(&parameters, subscriber->url);
    store_put_text(&parameters, subscriber->events);
    store_put_text(&parameters, subscriber->label);
    TRY(store_run(store, add_sql, &parameters, arena, &rows, fault));
    *out = store_number(&rows, 0, 0);
    return ERR_OK;
}

static struct subscriber
read_subscriber(const struct store_rows *rows, size_t i)
{
    return (struct subscriber){.endpoint = store_number(rows, i, 0),
                               .unit = store_number(rows, i, 1),
                               .regon = store_text(rows, i, 2),
                               .url = store_text(rows, i, 3),
                               .events = store_text(rows, i, 4),
                               .label = store_text(rows, i, 5),
                               .disabled = store_instant(rows, i, 6),
                               .reason = store_text(rows, i, 7),
                               .waiting = store_number(rows, i, 8),
                               .created = store_instant(rows, i, 9),
                               .secret_since = store_instant(rows, i, 10)};
}

enum err
subscriber_list(struct store *store, struct arena *arena, struct subscriber **out, size_t *count,
                struct fault *fault)
{
    struct store_rows rows = {0};

    TRY(store_run(store, list_sql, NULL, arena, &rows, fault));
    size_t             found = store_row_count(&rows);
    struct subscriber *list = ARENA_NEW(arena, struct subscriber, found + 1);
    if (list == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu endpoints", found);
    }
    for (size_t i = 0; i < found; i++) {
        list[i] = read_subscriber(&rows, i);
    }
    *out = list;
    *count = found;
    return ERR_OK;
}

enum err
subscriber_find(struct store *store, struct arena *arena, int64_t number, struct subscriber *out,
                bool *found, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, number);
    TRY(store_run(store, find_sql, &parameters, arena, &rows, fault));
    *found = store_row_count(&rows) == 1;
    if (*found) {
        *out = read_subscriber(&rows, 0);
    }
    return ERR_OK;
}

enum err
subscriber_renew(struct store *store, struct arena *arena, int64_t endpoint,
                 const unsigned char secret[SUBSCRIBER_SECRET_SIZE], struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);

    store_put_number(&parameters, endpoint);
    store_put_bytes(&parameters, (struct str){(const char *)secret, SUBSCRIBER_SECRET_SIZE});
    store_put_number(&parameters, SUBSCRIBER_SECRET_HOURS);
    return store_run(store, renew_sql, &parameters, arena, NULL, fault);
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
subscriber_remove(struct store *store, struct arena *arena, int64_t endpoint, bool *found,
                  struct fault *fault)
{
    return change(store, arena, remove_sql, endpoint, found, fault);
}

enum err
subscriber_enable(struct store *store, struct arena *arena, int64_t endpoint, bool *found,
                  struct fault *fault)
{
    return change(store, arena, enable_sql, endpoint, found, fault);
}
