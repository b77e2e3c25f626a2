#include "gateway/page/page.h"
#include "gateway/people/totp.h"
#include "tests/scenario/gateway/office.h"
#include "tests/support/browser.h"
#include "tests/support/command.h"
#include "tests/support/expect.h"
#include "tests/support/post_keys.h"
#include "tests/support/relay.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/*
 * From the link of a letter into the gateway, as a person does it: a real desk, courier and relay,
 * nginx and TLS, and a real browser with a keyboard. The secret of a link stands in the letter, and
 * in the body of one request: in no address and in no log.
 */
enum { ROOM = 256 << 20, TRIES_MAX = 2400, PAUSE_NS = 25 * 1000 * 1000, TOTP_TEXT = 64 };

#define PASSWORD "cztery zwykle slowa tu"
#define OTHER_PASSWORD "inne cztery slowa tutaj"

static struct cluster *cluster;
static struct arena   *arena;
static const char     *keys;
static struct relay   *relay;
static struct office   office;
static struct browser *browser;
static char            folder[] = "/tmp/brama-browser.XXXXXX";

static int
start(void **state)
{
    (void)state;
    arena = arena_create(ROOM);
    cluster = cluster_start(CLUSTER_FAST);
    keys = post_keys_make(arena);
    const char *path = post_keys_path(arena, keys, "mail.password");
    int         fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    assert_true(fd >= 0 && write(fd, "tajne\n", 6) == 6 && close(fd) == 0);
    relay = relay_start(post_keys_path(arena, keys, "server.pem"),
                        post_keys_path(arena, keys, "server.key"));
    struct str settings =
        str_format(arena,
                   "courier_trust = %s/root.pem\nmail_url = smtp://localhost:%u\n"
                   "mail_from = brama@urzad.example\nmail_name = Brama\nmail_user = brama\n"
                   "mail_password = %s/mail.password\n",
                   keys, relay_port(relay), keys);
    const struct station_options options = {.settings = settings.data};
    office_open(&office, cluster, "pages", &options, true);
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static int
stop(void **state)
{
    const char *const words[] = {"rm", "-rf", folder, NULL};
    struct buf        told = buf_create(arena, 1024);

    (void)state;
    office_close(&office);
    relay_stop(relay);
    (void)command_run(words, (struct str){0}, &told);
    post_keys_remove(arena, keys);
    cluster_stop(cluster);
    arena_destroy(arena);
    return 0;
}

static int
open_browser(void **state)
{
    static int number;
    struct str profile = str_format(arena, "%s/%d", folder, number++);

    (void)state;
    browser = browser_start(arena, profile.data, edge_port(office.edge));
    return 0;
}

static int
close_browser(void **state)
{
    (void)state;
    browser_stop(browser);
    return 0;
}

static struct str
letter_number(size_t index)
{
    static struct relay_letter letter;
    const struct timespec      pause = {.tv_nsec = PAUSE_NS};
    struct buf                 out = buf_create(arena, RELAY_LETTER_MAX);

    for (int i = 0; i < TRIES_MAX && relay_count(relay) <= index; i++) {
        (void)nanosleep(&pause, NULL); /* a condition is asked for again, nothing depends on it */
    }
    assert_true(relay_letter(relay, index, &letter));
    struct str rest = {letter.bytes, letter.size};
    while (rest.size > 0) { /* soft breaks taken out */
        if (str_starts_with(rest, STR("=\r\n"))) {
            rest = str_slice(rest, 3, rest.size);
        } else {
            buf_byte(&out, rest.data[0]);
            rest = str_slice(rest, 1, rest.size);
        }
    }
    return buf_str(&out);
}

/* The whole link of the letter, up to the end of its line. */
static const char *
link_of(size_t index)
{
    struct str  text = letter_number(index);
    const char *found = memmem(text.data, text.size, "https://localhost:8443/", 23);

    assert_non_null(found);
    return str_format(arena, "%.*s", (int)strcspn(found, "\r\n"), found).data;
}

/* By the operator, with brama admin's rights; the letter as the desk would post it. */
static const char *
invite(const char *email, const char *role, int64_t unit, size_t letters)
{
    struct str sql = str_format(
        arena,
        "INSERT INTO people.invitation (digest, email, name, role, unit, valid_from, expires_at)"
        " VALUES (sha256('%zu'), '%s', 'Zofia Żółć', '%s', %lld, '2026-01-01',"
        " now() + interval '7 days');"
        "INSERT INTO courier.letter (kind, email, name, link)"
        " VALUES ('invitation', '%s', 'Zofia Żółć', sha256('%zu'))",
        letters, email, role, (long long)unit, email, letters);

    cluster_run(cluster, office.database, sql.data);
    return link_of(letters);
}

static int
base32(char digit)
{
    return digit >= 'A' && digit <= 'Z' ? digit - 'A' : digit - '2' + 26;
}

/* The code that an authenticator shows for a key as it stands on the page. */
static const char *
code_of(const char *key, int64_t steps)
{
    char         secret[TOTP_SECRET_SIZE] = {0};
    size_t       bits = 0;
    struct fault fault = {0};
    int          code = 0;

    for (const char *at = key; *at != '\0'; at++) {
        for (int bit = 4; *at != ' ' && bit >= 0 && bits < 8 * sizeof secret; bit--, bits++) {
            unsigned set = ((unsigned)base32(*at) >> (unsigned)bit) & 1U;
            secret[bits / 8] = (char)((unsigned char)secret[bits / 8] | set << (7 - bits % 8));
        }
    }
    assert_int_equal(bits, 8 * sizeof secret);
    assert_int_equal(totp_code((struct str){secret, sizeof secret},
                               time(NULL) / TOTP_STEP_SECONDS + steps, &code, &fault),
                     ERR_OK);
    return str_format(arena, "%06d", code).data;
}

static bool
shows(const char *selector, const char *text)
{
    struct str expression =
        str_format(arena,
                   "[...document.querySelectorAll('%s')].some((e) => e.checkVisibility() &&"
                   " e.textContent.includes('%s'))",
                   selector, text);

    return browser_await(browser, expression.data);
}

static void
focused(const char *id)
{
    struct str expression = str_format(arena, "document.activeElement.id === '%s'", id);

    assert_true(browser_await(browser, expression.data));
}

/* From the first field on, with keys alone: Tab, text, Enter. */
static void
choose_password(const char *first, const char *second)
{
    assert_true(browser_await(browser, "!document.getElementById('nowe').hidden"));
    (void)browser_ask(browser, "document.getElementById('nowe').reset()");
    (void)browser_ask(browser, "document.querySelector('#nowe h2').focus()");
    browser_press(browser, "Tab");
    focused("pierwsze");
    browser_type(browser, first);
    browser_press(browser, "Tab");
    focused("drugie");
    browser_type(browser, second);
    browser_press(browser, "Enter");
}

static void
sign_in(const char *email, const char *password, const char *code)
{
    (void)browser_ask(browser, "document.getElementById('wejscie').reset()");
    (void)browser_ask(browser, "document.getElementById('email').focus()");
    browser_type(browser, email);
    browser_press(browser, "Tab");
    focused("haslo");
    (void)browser_ask(browser, "document.getElementById('haslo').value = ''");
    browser_type(browser, password);
    browser_press(browser, "Tab");
    focused("kod");
    browser_type(browser, code);
    browser_press(browser, "Enter");
}

/* Nothing of the secret went out in an address or a header, or stands in a log. */
static void
expect_secret_kept(const char *link)
{
    const char *secret = strchr(link, '#') + 1;
    const char *logs[] = {"nginx-access.log", "nginx-error.log"};

    assert_int_equal(strlen(secret), 43);
    assert_true(browser_request_count(browser) >= 3);
    assert_false(browser_sent(browser, secret));
    struct str log = post_keys_read(arena, station_log(office.station));
    assert_null(memmem(log.data, log.size, secret, strlen(secret)));
    for (size_t i = 0; i < ARRAY_COUNT(logs); i++) {
        struct str path = str_format(arena, "%s/%s", edge_folder(office.edge), logs[i]);
        struct str text = access(path.data, R_OK) == 0 ? post_keys_read(arena, path.data) : STR("");
        assert_true(text.size == 0 || memmem(text.data, text.size, secret, strlen(secret)) == NULL);
    }
    assert_string_equal(browser_complaints(browser), "");
}

static void
invited_person_comes_in_by_the_link_of_the_letter_with_a_keyboard(void **state)
{
    const char *link = invite("zofia@szkola.example", "supervisor", office.gmina, 0);

    (void)state;
    assert_true(strncmp(link, "https://localhost:8443/zaproszenie#", 35) == 0);
    browser_open(browser, link);
    assert_string_equal(browser_ask(browser, "document.title"), "Przyjmij zaproszenie do bramy");
    choose_password(PASSWORD, OTHER_PASSWORD);
    assert_true(shows("#blad", "Hasła się różnią. Wpisz to samo hasło dwa razy."));
    focused("drugie");
    assert_string_equal(browser_ask(browser, "document.title"),
                        "Błąd: Przyjmij zaproszenie do bramy");
    choose_password("zofia@szkola.example", "zofia@szkola.example");
    assert_true(shows("#blad", "Hasło zawiera adres osoby"));
    choose_password(PASSWORD, PASSWORD);
    assert_true(shows("h2", "Aplikacja z kodami"));
    assert_string_equal(browser_ask(browser, "location.hash"), "");
    assert_string_equal(browser_ask(browser, "document.querySelectorAll('#kody li').length"), "10");
    assert_string_equal(
        browser_ask(browser, "document.getElementById('uri').href.startsWith('otpauth://totp/')"),
        "true");
    assert_string_equal(browser_ask(browser, "document.querySelector('#qr svg[role=img] title')"
                                             ".textContent"),
                        "Kod QR z kluczem dla aplikacji z kodami");
    /* Dark on light, some two hundred pixels wide, whatever the page looks like. */
    assert_string_equal(browser_ask(browser, "(r => r.width === r.height && r.width > 180)"
                                             "(document.querySelector('#qr svg')"
                                             ".getBoundingClientRect())"),
                        "true");
    const char *key = browser_ask(browser, "document.getElementById('klucz').textContent");
    sign_in("zofia@szkola.example", PASSWORD, "000000");
    assert_true(shows("#blad", "Sprawdź adres, hasło i kod."));
    sign_in("zofia@szkola.example", PASSWORD, code_of(key, 0));
    assert_true(shows("h2", "Gotowe: Zofia Żółć"));
    assert_true(shows("#role li", "GMINA PRZYK"));
    assert_true(browser_await(browser, "document.cookie === ''")); /* HttpOnly */
    expect_secret_kept(link);

    /* Once: the same link opens nothing more. */
    browser_open(browser, "about:blank");
    browser_open(browser, link);
    choose_password(PASSWORD, PASSWORD);
    assert_true(shows("#blad", "Zaproszenie działa raz i przez siedem dni."));
}

static void
who_has_an_account_signs_in_and_takes_the_invitation(void **state)
{
    const char *link = invite("ewa@gmina.example", "supervisor", office.gmina, 1);

    browser_open(browser, link);
    choose_password(PASSWORD, PASSWORD);
    assert_true(shows("h2", "Aplikacja z kodami"));
    const char *key = browser_ask(browser, "document.getElementById('klucz').textContent");
    sign_in("ewa@gmina.example", PASSWORD, code_of(key, -1));
    assert_true(shows("h2", "Gotowe"));

    /* Signed in here: it is taken at once. */
    link = invite("ewa@gmina.example", "head", office.schools[0], 2);
    browser_open(browser, "about:blank");
    browser_open(browser, link);
    choose_password(PASSWORD, PASSWORD);
    assert_true(shows("#role li", "SZKO"));
    expect_secret_kept(link);

    /* On another machine. */
    (void)close_browser(state);
    (void)open_browser(state);
    link = invite("ewa@gmina.example", "head", office.schools[1], 3);
    browser_open(browser, link);
    choose_password(PASSWORD, PASSWORD);
    assert_true(shows("#wiadomo", "Masz już konto w bramie"));
    sign_in("ewa@gmina.example", PASSWORD, code_of(key, 0));
    assert_true(shows("h2", "Gotowe"));
    assert_true(browser_await(browser, "document.querySelectorAll('#role li').length === 3"));
    expect_secret_kept(link);
}

static void
who_has_lost_everything_gets_back_in(void **state)
{
    (void)state;
    cluster_run(cluster, office.database,
                "INSERT INTO people.restoration (digest, person, expires_at) SELECT sha256('back'),"
                " person, now() + interval '7 days' FROM people.person WHERE email ="
                " 'zofia@szkola.example';"
                "INSERT INTO courier.letter (kind, person, email, name, link) SELECT 'restoration',"
                " person, email, name, sha256('back') FROM people.person WHERE email ="
                " 'zofia@szkola.example'");
    const char *link = link_of(4);
    assert_true(strncmp(link, "https://localhost:8443/powrot#", 30) == 0);
    browser_open(browser, link);
    choose_password(OTHER_PASSWORD, OTHER_PASSWORD);
    assert_true(shows("h2", "Aplikacja z kodami"));
    const char *key = browser_ask(browser, "document.getElementById('klucz').textContent");
    sign_in("zofia@szkola.example", OTHER_PASSWORD, code_of(key, 0));
    assert_true(shows("h2", "Gotowe: Zofia Żółć"));
    expect_secret_kept(link);
}

static void
without_scripts_or_without_the_secret_the_page_says_what_to_do(void **state)
{
    (void)state;
    browser_open(browser, "https://localhost:8443/zaproszenie");
    assert_true(shows("#blad", "Otwórz odnośnik z listu jeszcze raz, w całości."));
    browser_without_scripts(browser);
    browser_open(browser, "https://localhost:8443/powrot#abc");
    assert_true(browser_await(
        browser, "document.body.innerText.includes('Ta strona potrzebuje skryptów.')"));
    assert_string_equal(browser_ask(browser, "document.body.innerText.includes('Hasło')"), "false");
}

/* What a page that somebody slips in could do is bounded by its policy. */
static void
the_page_runs_no_script_but_ours(void **state)
{
    (void)state;
    browser_open(browser, "https://localhost:8443/zaproszenie#x");
    (void)browser_ask(browser, "(() => { const s = document.createElement('script');"
                               " s.textContent = 'window.evil = 1'; document.body.append(s);"
                               " })()");
    assert_true(browser_await(browser, "true"));
    assert_string_equal(browser_ask(browser, "window.evil"), "");
    assert_non_null(strstr(browser_complaints(browser), "Content Security Policy"));
}

#define IN_BROWSER(name) cmocka_unit_test_setup_teardown(name, open_browser, close_browser)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        IN_BROWSER(invited_person_comes_in_by_the_link_of_the_letter_with_a_keyboard),
        IN_BROWSER(who_has_an_account_signs_in_and_takes_the_invitation),
        IN_BROWSER(who_has_lost_everything_gets_back_in),
        IN_BROWSER(without_scripts_or_without_the_secret_the_page_says_what_to_do),
        IN_BROWSER(the_page_runs_no_script_but_ours),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
