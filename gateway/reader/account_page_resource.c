#include "gateway/reader/account_page_resource.h"

#include "gateway/page/page.h"

/* The file ACCOUNT_PAGE_FILE, byte for byte, in the read-only data of the program. */
__asm__(".pushsection .rodata.account_page, \"a\", @progbits\n"
        ".balign 16\n"
        "account_page_from:\n"
        ".incbin \"" ACCOUNT_PAGE_FILE "\"\n"
        "account_page_to:\n"
        ".byte 0\n"
        ".popsection\n");

extern const char account_page_from[] __attribute__((visibility("hidden")));
extern const char account_page_to[] __attribute__((visibility("hidden")));

/* What differs between the two. */
struct way {
    struct str  title;
    struct str  opening;
    const char *address; /* that the secret and the password go to */
    const char *button;
    const char *without; /* scripts: whom to ask instead */
};

/* Each step is there from the beginning, hidden until its turn comes (data-krok). */
static const char password_step[] =
    "<form id=\"nowe\" data-krok=\"nowe\" hidden>\n"
    "<h2 tabindex=\"-1\">Hasło</h2>\n"
    "<p class=\"hint\" id=\"haslo-opis\">Co najmniej 12 znaków; dobre są cztery zwykłe słowa. Kto "
    "ma "
    "już konto w bramie, wpisuje hasło, którego używa.</p>\n"
    "<input autocomplete=\"username\" hidden>\n"
    "<p><label for=\"pierwsze\">Hasło</label><br>\n"
    "<input id=\"pierwsze\" type=\"password\" autocomplete=\"new-password\" required "
    "minlength=\"12\" "
    "maxlength=\"256\" aria-describedby=\"haslo-opis\"></p>\n"
    "<p><label for=\"drugie\">To samo hasło jeszcze raz</label><br>\n"
    "<input id=\"drugie\" type=\"password\" autocomplete=\"new-password\" required "
    "minlength=\"12\" "
    "maxlength=\"256\"></p>\n";

static const char authenticator_step[] =
    "<section data-krok=\"aplikacja\" hidden>\n"
    "<h2 tabindex=\"-1\">Aplikacja z kodami</h2>\n"
    "<p>Przy logowaniu poza hasłem podaje się kod z aplikacji w telefonie. Dodaj w niej konto: "
    "zeskanuj "
    "aparatem aplikacji ten kod:</p>\n"
    "<div id=\"qr\"></div>\n"
    "<p>Na samym telefonie <a id=\"uri\">otwórz ten odnośnik</a>. Bez aparatu przepisz do "
    "aplikacji klucz:</p>\n"
    "<pre tabindex=\"0\"><code id=\"klucz\"></code></pre>\n"
    "<h2>Kody zapasowe</h2>\n"
    "<p>Każdy działa raz, gdy nie masz telefonu. Zapisz je teraz: drugi raz ich nie pokażemy.</p>\n"
    "<ul id=\"kody\"></ul>\n"
    "<p>Zostało zalogować się pierwszy raz, kodem z aplikacji.</p>\n"
    "</section>\n";

static const char entry_step[] =
    "<form id=\"wejscie\" data-krok=\"wejscie aplikacja\" hidden>\n"
    "<h2 tabindex=\"-1\">Zaloguj się</h2>\n"
    "<p id=\"wiadomo\"></p>\n"
    "<p><label for=\"email\">Adres e-mail, na który przyszedł list</label><br>\n"
    "<input id=\"email\" type=\"email\" autocomplete=\"username\" required maxlength=\"254\"></p>\n"
    "<p><label for=\"haslo\">Hasło</label><br>\n"
    "<input id=\"haslo\" type=\"password\" autocomplete=\"current-password\" required "
    "maxlength=\"256\"></p>\n"
    "<p><label for=\"kod\">Kod z aplikacji albo kod zapasowy</label><br>\n"
    "<input id=\"kod\" autocomplete=\"one-time-code\" autocapitalize=\"off\" spellcheck=\"false\" "
    "required maxlength=\"40\"></p>\n"
    "<button>Zaloguj się</button>\n"
    "</form>\n"
    "<section data-krok=\"koniec\" hidden>\n"
    "<h2 tabindex=\"-1\">Gotowe: <span id=\"kto\"></span></h2>\n"
    "<p>Jesteś w bramie. Twoje role:</p>\n"
    "<ul id=\"role\"></ul>\n"
    "<p>Tę kartę możesz zamknąć.</p>\n"
    "</section>\n";

static enum err
answer(struct asked *asked, const struct way *way, struct fault *fault)
{
    struct buf body = asked_body(asked);

    asked_header(asked, "Content-Security-Policy", STR(PAGE_POLICY_SCRIPT));
    asked_header(asked, "Referrer-Policy", STR("no-referrer"));
    page_begin(&body, way->title);
    page_environment(&body, asked->tools->config->environment == CONFIG_TEST);
    page_paragraph(&body, way->opening);
    buf_format(&body,
               "<noscript><p class=\"test\"><strong>Ta strona potrzebuje skryptów.</strong> Tajna "
               "część odnośnika stoi za znakiem # i nie wychodzi z przeglądarki, dopóki nie wyśle "
               "jej skrypt. Włącz skrypty dla tej strony i otwórz odnośnik z listu jeszcze raz, "
               "albo %s.</p></noscript>\n",
               way->without);
    buf_format(&body, "<div id=\"konto\" data-adres=\"%s\">\n", way->address);
    buf_append(&body,
               STR("<p id=\"blad\" class=\"test\" role=\"alert\" tabindex=\"-1\" hidden></p>\n"
                   "<p id=\"stan\" role=\"status\"></p>\n"));
    buf_append(&body, str_of(password_step));
    buf_format(&body, "<button>%s</button>\n</form>\n", way->button);
    buf_append(&body, str_of(authenticator_step));
    buf_append(&body, str_of(entry_step));
    buf_append(&body, STR("</div>\n<script type=\"module\" src=\"/konto.js\"></script>\n"));
    page_end(&body);
    return asked_answer_tagged(asked, &body, fault);
}

enum err
account_page_resource_invitation(struct asked *asked, struct fault *fault)
{
    static const struct way way = {
        .title = STR_INIT("Przyjmij zaproszenie do bramy"),
        .opening = STR_INIT("Ustaw hasło, dodaj aplikację z kodami i zaloguj się. Zaproszenie "
                            "działa raz i przez siedem dni."),
        .address = "/api/v1/invitations/acceptance",
        .button = "Przyjmij zaproszenie",
        .without = "poproś osobę, która Cię zaprosiła, o pomoc",
    };

    return answer(asked, &way, fault);
}

enum err
account_page_resource_return(struct asked *asked, struct fault *fault)
{
    static const struct way way = {
        .title = STR_INIT("Wróć do swojego konta w bramie"),
        .opening = STR_INIT("Ustaw nowe hasło i dodaj aplikację z kodami jeszcze raz. Poprzednie "
                            "hasło, aplikacja, kody zapasowe i certyfikaty przestają działać. "
                            "Odnośnik działa raz i przez siedem dni."),
        .address = "/api/v1/account/restoration",
        .button = "Ustaw nowe hasło",
        .without = "poproś osobę, która dała Ci odnośnik, o pomoc",
    };

    return answer(asked, &way, fault);
}

enum err
account_page_resource_script(struct asked *asked, struct fault *fault)
{
    struct buf body = asked_body(asked);

    buf_append(&body,
               (struct str){account_page_from, (size_t)(account_page_to - account_page_from)});
    asked_header(asked, "X-Content-Type-Options", STR("nosniff"));
    return asked_answer_tagged(asked, &body, fault);
}
