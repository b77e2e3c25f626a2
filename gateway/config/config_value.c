#include "gateway/config/config_value.h"

#include <string.h>

enum { PORT_MAX = 65535 };

static bool
is_text(struct str text)
{
    for (size_t i = 0; i < text.size; i++) {
        if ((unsigned char)text.data[i] < ' ' || text.data[i] == '\x7F') {
            return false;
        }
    }
    return text.size >= 1 && text.size <= CONFIG_TEXT_MAX && str_is_utf8(text);
}

static bool
is_name(struct str text)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

    for (size_t i = 0; i < text.size; i++) {
        if (memchr(allowed, text.data[i], sizeof allowed - 1) == NULL) {
            return false;
        }
    }
    return text.size >= 1 && text.size <= CONFIG_NAME_MAX;
}

static bool
is_path(struct str text, size_t size_max)
{
    struct str rest = text;
    struct str piece = {0};

    if (text.size < 2 || text.size > size_max || text.data[0] != '/' || !str_is_utf8(text)) {
        return false;
    }
    while (str_cut(&rest, '/', &piece)) {
        if (str_equal(piece, STR("..")) || memchr(piece.data, '\0', piece.size) != NULL) {
            return false;
        }
    }
    return true;
}

static bool
is_port(struct str text)
{
    int64_t port = 0;

    return str_to_number(text, &port) && port <= PORT_MAX;
}

/* Four numbers below 256, the first of them 127. */
static bool
is_ipv4_loopback(struct str text)
{
    struct str rest = text;
    struct str piece = {0};
    size_t     count = 0;

    while (str_cut(&rest, '.', &piece)) {
        int64_t number = 0;
        if (!str_to_number(piece, &number) || number > UINT8_MAX || (count == 0 && number != 127)) {
            return false;
        }
        count++;
    }
    return count == 4;
}

static bool
is_loopback(struct str text)
{
    const char *colon = text.size == 0 ? NULL : memrchr(text.data, ':', text.size);

    if (colon == NULL) {
        return false;
    }
    size_t     host_size = (size_t)(colon - text.data);
    struct str host = str_slice(text, 0, host_size);
    return is_port(str_slice(text, host_size + 1, text.size))
           && (str_equal(host, STR("[::1]")) || is_ipv4_loopback(host));
}

/* A scheme, a host and perhaps a port; nothing behind them. */
static bool
is_server(struct str text, struct str scheme)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]";

    if (!str_starts_with(text, scheme) || text.size > CONFIG_TEXT_MAX) {
        return false;
    }
    struct str host = str_slice(text, scheme.size, text.size);
    for (size_t i = 0; i < host.size; i++) {
        if (memchr(allowed, host.data[i], sizeof allowed - 1) == NULL) {
            return false;
        }
    }
    return host.size > 0;
}

static bool
is_url(struct str text)
{
    return is_server(text, STR("https://"));
}

static bool
is_relay(struct str text)
{
    return is_server(text, STR("smtp://")) || is_server(text, STR("smtps://"));
}

/* Whether letters may really go there, the letter says (letter_address_ok). */
static bool
is_mailbox(struct str text)
{
    struct str rest = text;
    struct str local = {0};

    return str_cut(&rest, '@', &local) && rest.data != NULL && is_name(local) && is_name(rest);
}

static bool
is_address(struct str text)
{
    static const struct str schemes[] = {STR_INIT("https://"), STR_INIT("http://")};
    bool                    known = false;

    for (size_t i = 0; i < ARRAY_COUNT(schemes); i++) {
        known = known || (str_starts_with(text, schemes[i]) && text.size > schemes[i].size);
    }
    for (size_t i = 0; i < text.size; i++) {
        known = known && text.data[i] > ' ' && text.data[i] <= '~' && text.data[i] != '@';
    }
    return known && text.size <= CONFIG_TEXT_MAX;
}

static bool
fits(enum config_kind kind, struct str text)
{
    switch (kind) {
    case CONFIG_TEXT:
        return is_text(text);
    case CONFIG_NAME:
        return is_name(text);
    case CONFIG_OPTIONAL_NAME:
        return text.size == 0 || is_name(text);
    case CONFIG_PATH:
        return is_path(text, CONFIG_PATH_MAX);
    case CONFIG_OPTIONAL_PATH:
        return text.size == 0 || is_path(text, CONFIG_PATH_MAX);
    case CONFIG_SOCKET:
        return is_path(text, CONFIG_SOCKET_MAX);
    case CONFIG_LOOPBACK:
        return is_loopback(text);
    case CONFIG_URL:
        return is_url(text);
    case CONFIG_OPTIONAL_ADDRESS:
        return text.size == 0 || is_address(text);
    case CONFIG_OPTIONAL_RELAY:
        return text.size == 0 || is_relay(text);
    case CONFIG_OPTIONAL_MAILBOX:
        return text.size == 0 || is_mailbox(text);
    case CONFIG_OPTIONAL_TEXT:
        return text.size == 0 || is_text(text);
    case CONFIG_KIND_COUNT:
        break;
    }
    ENSURE(false);
    return false;
}

const char *
config_value_fault(enum config_kind kind, struct str text)
{
    static const char *const expected[CONFIG_KIND_COUNT] = {
        [CONFIG_TEXT] = "wpisz tekst od 1 do 200 bajtów, bez znaków sterujących",
        [CONFIG_NAME] = "wpisz nazwę z liter bez ogonków, cyfr i znaków . _ -, najwyżej 63 znaki",
        [CONFIG_OPTIONAL_NAME] =
            "wpisz nazwę z liter bez ogonków, cyfr i znaków . _ - albo zostaw puste",
        [CONFIG_PATH] = "wpisz pełną ścieżkę, która zaczyna się od / i nie zawiera ..",
        [CONFIG_OPTIONAL_PATH] = "wpisz pełną ścieżkę albo zostaw puste",
        [CONFIG_SOCKET] = "wpisz pełną ścieżkę gniazda, najwyżej 100 bajtów",
        [CONFIG_LOOPBACK] = "wpisz adres tej maszyny z portem, np. 127.0.0.1:9470",
        [CONFIG_URL] = "wpisz adres https bez ukośnika na końcu, np. https://localhost:8443",
        [CONFIG_OPTIONAL_ADDRESS] =
            ("wpisz adres, np. https://tsa.example/tsp, bez nazwy użytkownika i "
             "hasła, albo zostaw puste"),
        [CONFIG_OPTIONAL_RELAY] =
            "wpisz serwer poczty, np. smtp://poczta.example:587, albo zostaw puste",
        [CONFIG_OPTIONAL_MAILBOX] =
            "wpisz adres, np. brama@urzad.example, bez imienia i nazwiska, albo zostaw puste",
        [CONFIG_OPTIONAL_TEXT] = ("wpisz tekst najwyżej 200 bajtów, bez znaków sterujących, albo "
                                  "zostaw puste"),
    };

    return fits(kind, text) ? NULL : expected[kind];
}
