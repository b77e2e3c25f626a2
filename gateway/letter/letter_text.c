#include "gateway/letter/letter_text.h"

#include "gateway/answer/plain.h"
#include "validators/base/scalar.h"

/* A subject holds at most one text of others. */
enum { TEXT_MAX = 16 * 1024, SUBJECT_MAX = 1024 };

void
letter_text_plain(struct buf *out, struct str text)
{
    struct str    rest = text;
    struct scalar character;
    size_t        kept = 0; /* bytes of all but the last character that there is room for */
    size_t        count = 0;

    while (count < LETTER_TEXT_CHARACTERS_MAX && scalar_next(&rest, &character)) {
        count++;
        kept = count < LETTER_TEXT_CHARACTERS_MAX ? text.size - rest.size : kept;
    }
    if (rest.size == 0) {
        plain_append(out, text);
    } else {
        plain_append(out, str_trim(str_slice(text, 0, kept)));
        buf_append(out, STR("…"));
    }
}

static void
append_sender(struct buf *out, struct str public_url)
{
    buf_append(out, STR("\n-- \n"));
    buf_format(out, "Brama, %.*s\n", STR_ARG(public_url));
    buf_append(out, STR("Ten list wysłał program; odpowiedzi nikt nie przeczyta.\n"));
}

void
letter_text_end(struct buf *out, struct str public_url, struct str kind)
{
    append_sender(out, public_url);
    if (kind.size > 0) {
        buf_format(out,
                   "Nie chcesz takich listów: wyłącz „%.*s” w ustawieniach konta w Bramie\n"
                   "albo powiedz o tym operatorowi bramy.\n",
                   STR_ARG(kind));
    } else {
        buf_append(out,
                   STR("Takich listów nie da się wyłączyć: zależy od nich dostęp do konta.\n"));
    }
}

struct letter_text
letter_text_finish(const struct buf *subject, const struct buf *text)
{
    if (!buf_ok(subject) || !buf_ok(text)) {
        return (struct letter_text){0};
    }
    return (struct letter_text){buf_str(subject), buf_str(text)};
}

static void
append_greeting(struct buf *out, struct str name)
{
    letter_text_plain(out, name);
    buf_append(out, STR(",\n\n"));
}

static void
append_giver(struct buf *out, struct str giver)
{
    if (giver.size == 0) {
        buf_append(out, STR("Operator bramy"));
    } else {
        letter_text_plain(out, giver);
    }
}

static void
append_link(struct buf *out, const struct letter_link *link, const char *page)
{
    buf_format(out, "\n%.*s/%s#%.*s\n\n", STR_ARG(link->public_url), page, STR_ARG(link->secret));
    buf_append(out, STR("Odnośnik działa raz, do "));
    moment_write_polish(out, link->until / INSTANT_PER_SECOND);
    buf_append(out, STR(".\nNie przekazuj go nikomu: kto go ma, może wejść zamiast Ciebie.\n"));
}

struct letter_text
letter_text_invitation(struct arena *arena, const struct letter_link *link)
{
    struct buf subject = buf_create(arena, SUBJECT_MAX);
    struct buf text = buf_create(arena, TEXT_MAX);

    buf_append(&subject, STR("Zaproszenie do Bramy"));
    if (link->place.size > 0) {
        buf_append(&subject, STR(": "));
        letter_text_plain(&subject, link->place);
    }
    append_greeting(&text, link->name);
    append_giver(&text, link->giver);
    buf_append(&text, STR(" zaprasza Cię do Bramy, przez którą samorządy składają sprawozdania.\n\n"
                          "Rola:     "));
    letter_text_plain(&text, link->title);
    if (link->place.size > 0) {
        buf_append(&text, STR("\nMiejsce:  "));
        letter_text_plain(&text, link->place);
    }
    buf_append(&text, STR("\n\nOtwórz odnośnik i przyjmij zaproszenie:\n"));
    append_link(&text, link, "zaproszenie");
    buf_append(&text, STR("Jeśli zaproszenie nie jest dla Ciebie, nic nie rób: wygaśnie samo.\n"));
    letter_text_end(&text, link->public_url, (struct str){0});
    return letter_text_finish(&subject, &text);
}

struct letter_text
letter_text_restoration(struct arena *arena, const struct letter_link *link)
{
    struct buf subject = buf_create(arena, SUBJECT_MAX);
    struct buf text = buf_create(arena, TEXT_MAX);

    buf_append(&subject, STR("Powrót do konta w Bramie"));
    append_greeting(&text, link->name);
    append_giver(&text, link->giver);
    buf_append(&text, STR(" daje Ci odnośnik, którym wrócisz do swojego konta w Bramie.\n\n"
                          "Otwórz go, ustaw nowe hasło i połącz aplikację z kodami na nowo:\n"));
    append_link(&text, link, "powrot");
    buf_append(&text, STR("Po użyciu przestaną działać dotychczasowe hasło, kody, certyfikaty i "
                          "sesje.\n"
                          "Jeśli nie było Ci to potrzebne, nie otwieraj odnośnika i powiedz o tym "
                          "osobie, która go dała.\n"));
    letter_text_end(&text, link->public_url, (struct str){0});
    return letter_text_finish(&subject, &text);
}

struct letter_text
letter_text_test(struct arena *arena, struct str public_url)
{
    struct buf subject = buf_create(arena, SUBJECT_MAX);
    struct buf text = buf_create(arena, TEXT_MAX);

    buf_append(&subject, STR("Próba poczty Bramy"));
    buf_append(&text, STR("Ten list wysłał operator bramy poleceniem „brama admin mail test”.\n"
                          "Jeśli go czytasz, poczta działa: zażółć gęślą jaźń.\n"));
    append_sender(&text, public_url);
    buf_append(&text, STR("Takie listy wysyła tylko operator, kiedy sprawdza pocztę.\n"));
    return letter_text_finish(&subject, &text);
}

struct letter_text
letter_text_endpoint(struct arena *arena, const struct letter_endpoint *facts)
{
    struct buf subject = buf_create(arena, SUBJECT_MAX);
    struct buf text = buf_create(arena, TEXT_MAX);

    buf_format(&subject, "Wyłączony adres webhooków nr %lld: ", (long long)facts->endpoint);
    letter_text_plain(&subject, facts->unit);
    append_greeting(&text, facts->name);
    buf_format(&text, "Brama przestała wysyłać wiadomości na adres webhooków nr %lld",
               (long long)facts->endpoint);
    if (facts->label.size > 0) {
        buf_append(&text, STR(" („"));
        letter_text_plain(&text, facts->label);
        buf_append(&text, STR("”)"));
    }
    buf_append(&text, STR(".\n\nJednostka:  "));
    letter_text_plain(&text, facts->unit);
    buf_append(&text, STR("\nPowód:      "));
    letter_text_plain(&text, facts->reason);
    buf_append(&text, STR(".\n\nWiadomości czekają i nic nie ginie. Sprawdź program, który je "
                          "odbiera,\n"
                          "a potem włącz adres w Bramie: wtedy dojdą wszystkie.\n"));
    buf_format(&text, "Włącza go żądanie POST /api/v1/webhooks/%lld/activation.\n",
               (long long)facts->endpoint);
    letter_text_end(&text, facts->public_url, STR("webhooki"));
    return letter_text_finish(&subject, &text);
}
