#include "tests/scenario/cli/program.h"
#include "tests/scenario/client/canned.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { ARENA_MAX = 256 * 1024 * 1024, PROGRAM_FAULTS = 400 };

#define TOKEN "brk_test_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"
#define ID "0199a2c4-7d10-7a31-9c55-0f6f1c2b3d4e"
#define NUMBER "990001018-20260710-00000000002A-6E"
#define FINDINGS "GET /api/v1/submissions/" ID "/findings"

static char token_variable[] = "BRAMA_TOKEN=" TOKEN;
static char no_token[] = "BRAMA_TOKEN=";
static char bad_token[] = "BRAMA_TOKEN=tajne-haslo";

static const char *certificates;

/* What a gateway says of a submission, in the shape that its reader writes. */
#define HEAD(state, state_text, verdict, verdict_text)                        \
    "{\"id\":\"" ID "\",\"state\":\"" state "\",\"state_text\":\"" state_text \
    "\",\"verdict\":" verdict ",\"verdict_text\":" verdict_text               \
    ",\"received_at\":\"2026-07-10T09:00:00.412+02:00\","                     \
    "\"first_received_at\":\"2026-07-10T08:00:00.000+02:00\",\"n\":1,"
#define REPORT(verdict, verdict_text, valid, step)                                                 \
    "\"findings\":{\"error\":1,\"query\":0,\"warning\":0,\"info\":0},\"reports\":[{\"ordinal\":1," \
    "\"form\":\"Rb-28S\",\"unit\":{\"name\":\"SZKOŁA NR 1\",\"regon\":\"990001010\"},"            \
    "\"period\":\"2026-Q2\",\"level\":\"jednostkowe\",\"version\":0,\"verdict\":" verdict          \
    ",\"verdict_text\":" verdict_text ",\"findings\":{\"error\":0},\"receipt\":\"" NUMBER "\","    \
    "\"signatures\":[{\"role\":\"Kierownik jednostki\",\"signer\":\"Jan P.\",\"valid\":" valid     \
    ",\"failed_step\":" step "}]}],"
#define RECEIPTS(number, url) \
    "\"receipts\":[{\"number\":\"" number "\",\"kind\":\"summary\",\"n\":1,\"url\":\"" url "\"}]}"
#define GOOD_RECEIPTS RECEIPTS(NUMBER, "/api/v1/submissions/" ID "/receipt?n=1")

#define ACCEPTED                                                                  \
    HEAD("decided", "Rozstrzygnięte", "\"accepted\"", "\"przyjęte przez bramę\"") \
    REPORT("\"accepted\"", "\"przyjęte przez bramę\"", "true", "null") GOOD_RECEIPTS
#define REJECTED                                                                         \
    HEAD("decided", "Rozstrzygnięte", "\"rejected\"", "\"zwrócone do poprawy\"")         \
    REPORT("\"rejected\"", "\"zwrócone do poprawy\"", "false", "\"skrot-sprawozdania\"") \
    GOOD_RECEIPTS
#define WITHDRAWN_HEAD                                                           \
    HEAD("withdrawn", "Wycofane", "\"held\"", "\"wstrzymane: brakuje podpisu\"") \
    "\"withdrawn_at\":\"2026-07-12T09:00:00.000+02:00\","
#define WITHDRAWN WITHDRAWN_HEAD "\"reports\":[],\"receipts\":[]}"
#define HELD                                                           \
    HEAD("decided", "", "\"held\"", "\"wstrzymane: brakuje podpisu\"") \
    "\"reports\":[],\"receipts\":[]}"
#define SET_REPORT                                                                                 \
    "\"reports\":[{\"ordinal\":1,\"form\":\"Rb-NDS\",\"set\":{\"state\":\"inconsistent\",\"url\":" \
    "\"/api/v1/sets/10\",\"findings\":[{\"id\":4,\"set\":10,\"code\":\"ZESTAW-001\",\"severity\":" \
    "\"query\",\"cell\":\"A\",\"about\":\"Dochody się "                                           \
    "różnią\",\"state\":\"open\"}],\"pending\":[]}}"
#define CHECKING HEAD("checking", "Sprawdzamy", "null", "null") "\"reports\":[],\"receipts\":[]}"
#define NO_FINDINGS "{\"items\":[],\"next_cursor\":null}"
#define ONE_FINDING                                                                         \
    "{\"items\":[{\"report\":1,\"code\":\"PODPIS-005\",\"severity\":\"error\",\"title\":"   \
    "\"Sprawozdanie zmieniono po podpisaniu\",\"line\":41,\"column\":18,\"fix\":\"Podpisz " \
    "jeszcze raz.\"}],\"next_cursor\":null}"
#define PROBLEM(title, slug)                                               \
    "{\"type\":\"https://localhost/problemy/" slug "\",\"title\":\"" title \
    "\",\"detail\":\"Oto szczegół.\",\"status\":0}"

#define POST_GOOD                                                                   \
    {                                                                               \
        "POST /api/v1/submissions ", 0, "201 Created", NULL, ACCEPTED, CANNED_WHOLE \
    }
#define NOT_READ                                                                              \
    {                                                                                         \
        FINDINGS, 0, "403 Forbidden", NULL, PROBLEM("Nie pozwala", "brak-roli"), CANNED_WHOLE \
    }
#define NO_REQUEST                              \
    {                                           \
        NULL, 0, NULL, NULL, NULL, CANNED_WHOLE \
    }
#define GET_NO_FINDINGS                                        \
    {                                                          \
        FINDINGS, 0, "200 OK", NULL, NO_FINDINGS, CANNED_WHOLE \
    }

/* One command against a server with answers out of a can. "@" at the start of err: not asked for.
 */
static const struct {
    const char        *name;
    const char        *arguments[10];
    struct canned_step steps[CANNED_STEPS_MAX];
    int                exit_code;
    const char        *out[4];
    const char        *err[3];
} cases[] = {
  /* clang-format off */
    {"accepted", {"submit", PROGRAM_DOCHODY},
     {POST_GOOD, GET_NO_FINDINGS}, 0,
     {"✔ przyjęte przez bramę", "wpłynęło: 10 lipca 2026 r., 09:00:00", "UPO: " NUMBER, "SZKOŁA NR 1, REGON 990001010"}, {""}},
    {"rejected, with step and place", {"submit", PROGRAM_DOCHODY},
     {{"POST", 0, "201 Created", NULL, REJECTED, CANNED_WHOLE}, {FINDINGS, 0, "200 OK", NULL, ONE_FINDING, CANNED_WHOLE}}, 1,
     {"✖ zwrócone do poprawy", ":41:18  PODPIS-005  ✖ błąd: Sprawozdanie zmieniono", "nieważny: skrót sprawozdania się nie zgadza", "Co zrobić: Podpisz"}, {""}},
    {"repeat", {"submit", PROGRAM_DOCHODY},
     {{"POST", 0, "200 OK", "Idempotent-Replayed: true\r\n", ACCEPTED, CANNED_WHOLE}, GET_NO_FINDINGS}, 0,
     {"Ten sam plik wpłynął już 10 lipca 2026 r., 09:00:00: oto jego UPO", ", wpłynęło: 10 lipca 2026 r., 09:00:00, ten sam plik pierwszy raz: 10 lipca 2026 r., 08:00:00\n"}, {""}},
    {"repeat of what was withdrawn is filed anew", {"submit", PROGRAM_DOCHODY},
     {{"POST", 1, "200 OK", "Idempotent-Replayed: true\r\n", WITHDRAWN, CANNED_WHOLE}, POST_GOOD, GET_NO_FINDINGS}, 0,
     {"✔ przyjęte przez bramę", "Poprzednie złożenie tego pliku (" ID ") wycofano; to jest nowe, z nową datą wpływu."}, {""}},
    {"repeat of what was withdrawn, under a key of one's own", {"submit", PROGRAM_DOCHODY, "--key", "k1"},
     {{"POST", 1, "200 OK", "Idempotent-Replayed: true\r\n", WITHDRAWN, CANNED_WHOLE}, GET_NO_FINDINGS}, 1,
     {"● Wycofane, a wcześniej: wstrzymane: brakuje podpisu", "klucz z --key należy do niego", "nie podawaj --key albo podaj inny klucz"}, {""}},
    {"withdrawn at once is not filed again", {"submit", PROGRAM_DOCHODY, "--strict"},
     {{"POST", 1, "201 Created", NULL, WITHDRAWN, CANNED_WHOLE}, GET_NO_FINDINGS}, 1, {"● Wycofane"}, {""}},
    {"repeat of what was returned says how to go on", {"submit", PROGRAM_DOCHODY},
     {{"POST", 0, "200 OK", "Idempotent-Replayed: true\r\n", REJECTED, CANNED_WHOLE}, GET_NO_FINDINGS}, 1,
     {"Zwrócono go wtedy do poprawy. Poprawiony plik złóż tak samo; niezmieniony złożysz jako nową próbę z nowym kluczem: --key KLUCZ."}, {""}},
    {"objection to what waits already", {"submit", PROGRAM_DOCHODY, "--objection", "RB27S-002", "--reason", "tak"},
     {{"POST", 0, "200 OK", NULL, HELD, CANNED_WHOLE}, GET_NO_FINDINGS}, 1, {"Zastrzeżenia nie złożono: plik jest już złożony bez niego.", "(brama withdraw " ID ") i powtórz polecenie."}, {""}},
    {"objection to what waits already, key of one's own", {"submit", PROGRAM_DOCHODY, "--objection", "RB27S-002", "--reason", "tak", "--key", "o4"},
     {{"POST", 0, "200 OK", NULL, HELD, CANNED_WHOLE}, GET_NO_FINDINGS}, 1, {"powtórz polecenie z innym kluczem (--key)."}, {""}},
    {"objection to what waits for a signature", {"submit", PROGRAM_DOCHODY, "--objection", "RB27S-002", "--reason", "tak"},
     {{"POST", 0, "201 Created", NULL, HELD, CANNED_WHOLE}, GET_NO_FINDINGS}, 1, {"Zastrzeżenie dotyczy tylko tego pliku: plik z brakującym podpisem złóż także z --objection."}, {""}},
    {"objection to what is accepted", {"submit", PROGRAM_DOCHODY, "--objection", "RB27S-002", "--reason", "tak"},
     {{"POST", 0, "200 OK", NULL, ACCEPTED, CANNED_WHOLE}, GET_NO_FINDINGS}, 0, {"Zastrzeżenia nie złożono: plik jest przyjęty"}, {""}},
    {"status of what was withdrawn", {"status", ID},
     {GET_NO_FINDINGS, {"GET /api/v1/submissions/" ID " ", 0, "200 OK", NULL, WITHDRAWN, CANNED_WHOLE}}, 1,
     {"  ● Wycofane, a wcześniej: wstrzymane: brakuje podpisu\n", ", wycofano: 12 lipca 2026 r., 09:00:00\n"}, {""}},
    {"list of what was withdrawn", {"list", "--state", "withdrawn"},
     {{"GET /api/v1/submissions?limit=50&state=withdrawn ", 0, "200 OK", NULL, "{\"items\":[" WITHDRAWN_HEAD "\"reports\":[{\"form\":\"Rb-27S\",\"verdict_text\":\"nierozstrzygnięte\",\"unit\":{\"name\":\"SP 1\",\"regon\":\"1\"}}]}],\"next_cursor\":null}", CANNED_WHOLE}}, 0,
     {ID "  10 lipca 2026 r., 09:00:00  Wycofane, a wcześniej: wstrzymane: brakuje podpisu\n", "REGON 1  Wycofane, a wcześniej: nierozstrzygnięte\n"}, {""}},
    {"may file and not read", {"submit", PROGRAM_DOCHODY}, {POST_GOOD, NOT_READ}, 0, {"✔ przyjęte przez bramę"},
     {PROGRAM_DOCHODY ": złożono pod numerem " ID ";", "nie ma prawa odczytu (read)"}},
    {"may file and not read, rejected", {"submit", PROGRAM_DOCHODY},
     {{"POST", 0, "201 Created", NULL, REJECTED, CANNED_WHOLE}, NOT_READ}, 1, {"✖ zwrócone do poprawy"}, {"złożono"}},
    {"may file and not read: each file", {"submit", PROGRAM_DOCHODY, PROGRAM_DOCHODY},
     {{"POST", 2, "201 Created", NULL, ACCEPTED, CANNED_WHOLE}, {FINDINGS, 2, "403 Forbidden", NULL, PROBLEM("Nie pozwala", "brak-roli"), CANNED_WHOLE}}, 0, {"✔ przyjęte"}, {"złożono"}},
    {"may file and not read what was decided at once", {"submit", PROGRAM_DOCHODY, "--wait"}, {POST_GOOD, NOT_READ}, 0, {"✔ przyjęte przez bramę"}, {"złożono"}},
    {"may file and not wait", {"submit", PROGRAM_DOCHODY, "--wait"},
     {{"POST", 0, "202 Accepted", NULL, CHECKING, CANNED_WHOLE}, {"GET /api/v1/submissions/" ID "?wait=25 ", 0, "403 Forbidden", NULL, PROBLEM("Nie pozwala", "brak-roli"), CANNED_WHOLE}}, 4,
     {"● Sprawdzamy"}, {"złożono pod numerem " ID}},
    {"may file and not fetch", {"submit", PROGRAM_DOCHODY, "--receipts", "/tmp"}, {POST_GOOD, NOT_READ}, 4,
     {"✔ przyjęte przez bramę"}, {"nie ma prawa odczytu (read)", "nie zapisano wszystkich UPO; pobierze je: brama receipt " ID}},
    {"credential ends after filing", {"submit", PROGRAM_DOCHODY, PROGRAM_WYDATKI},
     {{"POST", 0, "201 Created", NULL, ACCEPTED, CANNED_WHOLE}, {FINDINGS, 2, "401 Unauthorized", NULL, PROBLEM("Odwołane", "poswiadczenie-odwolane"), CANNED_WHOLE}}, 4, {"✔ przyjęte"}, {"poswiadczenie-odwolane"}},
    {"not decided yet is no fault", {"submit", PROGRAM_DOCHODY},
     {{"POST", 0, "202 Accepted", NULL, CHECKING, CANNED_WHOLE}, GET_NO_FINDINGS}, 0, {"● Sprawdzamy"}, {""}},
    {"waits until it is decided", {"submit", PROGRAM_DOCHODY, "--wait"},
     {{"POST", 0, "202 Accepted", NULL, CHECKING, CANNED_WHOLE}, GET_NO_FINDINGS,
      {"GET /api/v1/submissions/" ID "?wait=25 ", 2, "200 OK", NULL, CHECKING, CANNED_WHOLE},
      {"GET /api/v1/submissions/" ID "?wait=25 ", 0, "200 OK", NULL, REJECTED, CANNED_WHOLE}}, 1, {"zwrócone do poprawy"}, {""}},
    {"waiting is over", {"submit", PROGRAM_DOCHODY, "--wait=0"},
     {{"POST", 0, "202 Accepted", NULL, CHECKING, CANNED_WHOLE}}, 5, {"● Sprawdzamy"}, {"zapytaj później"}},
    {"dry run", {"submit", PROGRAM_DOCHODY, "--dry-run"},
     {{"POST /api/v1/validations ", 0, "200 OK", NULL, "{\"files\":[{\"verdict\":\"rejected\",\"findings\":[{\"code\":\"XML-001\",\"severity\":\"error\",\"title\":\"To nie jest XML\",\"line\":1,\"column\":1}],\"reports\":[]}]}", CANNED_WHOLE}}, 1,
     {"nic nie złożono", "XML-001  ✖ błąd: To nie jest XML"}, {""}},
    {"dry run without a result", {"submit", PROGRAM_DOCHODY, "--dry-run"},
     {{"POST /api/v1/validations ", 0, "200 OK", NULL, "{\"files\":[]}", CANNED_WHOLE}}, 5, {""}, {"nie jest tym, co przysyła brama"}},
    {"strict", {"submit", PROGRAM_DOCHODY, "--strict"},
     {{"POST /api/v1/submissions?strict=true ", 0, "201 Created", NULL, ACCEPTED, CANNED_WHOLE}, GET_NO_FINDINGS}, 0, {"przyjęte"}, {""}},
    {"JSON", {"submit", PROGRAM_DOCHODY, "--json"}, {POST_GOOD, GET_NO_FINDINGS}, 0,
     {"{\"files\":[{\"file\":\"" PROGRAM_DOCHODY "\",\"exit_code\":0,\"reason\":null,\"submission\":{\"id\":\"" ID "\""}, {""}},
    {"one empty file beside a good one", {"submit", "/dev/null", PROGRAM_DOCHODY}, {POST_GOOD, GET_NO_FINDINGS}, 1,
     {"przyjęte"}, {"plik jest pusty"}},
    {"one file that is not there beside a good one", {"submit", PROGRAM_DOCHODY, "/nonexistent.xml"}, {NO_REQUEST}, 3,
     {""}, {"/nonexistent.xml: nie ma takiego pliku", "nie wysłano niczego"}},
    {"seconds that became a file", {"submit", PROGRAM_DOCHODY, "--wait", "5"}, {NO_REQUEST}, 3, {""}, {"brama: 5: nie ma takiego pliku", "--wait=60"}},
    {"a number that is meant as a file", {"submit", PROGRAM_DOCHODY, "5"}, {NO_REQUEST}, 3, {""}, {"brama: 5: nie ma takiego pliku\nbrama: nie wysłano niczego"}},
    {"dry run that keeps receipts", {"submit", PROGRAM_DOCHODY, "--dry-run", "--receipts", "/tmp"}, {NO_REQUEST}, 2, {""}, {"--dry-run albo --receipts"}},
    {"strict dry run", {"submit", PROGRAM_DOCHODY, "--dry-run", "--strict"}, {NO_REQUEST}, 2, {""}, {"--strict nie ma czego odmówić"}},

    {"token unknown", {"submit", PROGRAM_DOCHODY, PROGRAM_WYDATKI},
     {{"POST", 0, "401 Unauthorized", NULL, PROBLEM("Brama nie zna tego tokenu", "nieznane-poswiadczenie"), CANNED_WHOLE}}, 4,
     {""}, {"Brama nie zna tego tokenu: Oto szczegół. (HTTP 401, https://localhost/problemy/nieznane-poswiadczenie)", "req-1", PROGRAM_WYDATKI ": nie wysłano"}},
    {"scope missing", {"submit", PROGRAM_DOCHODY},
     {{"POST", 0, "403 Forbidden", NULL, PROBLEM("Nie pozwala", "brak-roli"), CANNED_WHOLE}}, 4, {""}, {"brak-roli"}},
    {"key used for another file", {"submit", PROGRAM_DOCHODY, "--key", "k1"},
     {{"POST", 0, "422 Unprocessable Content", NULL, PROBLEM("Ten klucz", "klucz-uzyty-do-innej-tresci"), CANNED_WHOLE}}, 6,
     {""}, {PROGRAM_DOCHODY ": Ten klucz: Oto szczegół.", "klucz-uzyty-do-innej-tresci", "req-1"}},
    {"refusal without words", {"submit", PROGRAM_DOCHODY},
     {{"POST", 0, "413 Too Large", NULL, "<html>", CANNED_WHOLE}}, 6, {""}, {"odmówił bez podania przyczyny (HTTP 413)"}},
    {"redirects are not followed", {"submit", PROGRAM_DOCHODY},
     {{"POST", 0, "307 Temporary Redirect", "Location: https://localhost/elsewhere\r\n", "", CANNED_WHOLE}}, 6, {""}, {"HTTP 307"}},
    {"busy, then not", {"submit", PROGRAM_DOCHODY},
     {{"POST", 2, "503 Service Unavailable", "Retry-After: 0\r\n", "", CANNED_WHOLE}, POST_GOOD, GET_NO_FINDINGS}, 0,
     {"przyjęte"}, {"serwer jest zajęty (HTTP 503); ponowię za"}},
    {"lost answer, then the same again", {"submit", PROGRAM_DOCHODY},
     {{"POST", 1, "", NULL, "", CANNED_SILENT}, {"POST", 0, "200 OK", NULL, ACCEPTED, CANNED_WHOLE}, GET_NO_FINDINGS}, 0,
     {"oto jego UPO"}, {"ponowię za"}},
    {"busy for ever", {"submit", PROGRAM_DOCHODY, "--retry", "0"},
     {{"POST", 0, "503 Service Unavailable", "Retry-After: 0\r\n", PROBLEM("Przerwa", "przerwa-techniczna"), CANNED_WHOLE}}, 5, {""}, {"przerwa-techniczna"}},
    {"too many requests", {"submit", PROGRAM_DOCHODY, "--retry", "0"},
     {{"POST", 0, "429 Too Many Requests", NULL, PROBLEM("Za dużo", "za-duzo-zadan"), CANNED_WHOLE}}, 5, {""}, {"za-duzo-zadan"}},
    {"fault of the server", {"submit", PROGRAM_DOCHODY},
     {{"POST", 0, "500 Internal Server Error", NULL, PROBLEM("Coś nie zadziałało", "blad-bramy"), CANNED_WHOLE}}, 5, {""}, {"blad-bramy", "req-1"}},
    {"answer is no JSON", {"submit", PROGRAM_DOCHODY}, {{"POST", 0, "200 OK", NULL, "<html>hej</html>", CANNED_WHOLE}}, 5, {""}, {"nie jest tym, co przysyła brama"}},
    {"answer is JSON of somebody else", {"submit", PROGRAM_DOCHODY}, {{"POST", 0, "200 OK", NULL, "{\"id\":\"../../x\"}", CANNED_WHOLE}}, 5, {""}, {"nie jest tym, co przysyła brama"}},
    {"answer is cut", {"submit", PROGRAM_DOCHODY, "--retry", "0"}, {{"POST", 0, "201 Created", NULL, ACCEPTED, CANNED_CUT}}, 5, {""}, {"urwała się"}},
    {"no answer", {"submit", PROGRAM_DOCHODY, "--retry", "0"}, {{"POST", 0, "", NULL, "", CANNED_SILENT}}, 5, {""}, {"brama: https://localhost"}},
    {"answer is endless", {"submit", PROGRAM_DOCHODY}, {{"POST", 0, "200 OK", NULL, "", CANNED_ENDLESS}}, 5, {""}, {"dłuższa, niż może być"}},
    {"findings fail after filing", {"submit", PROGRAM_DOCHODY},
     {POST_GOOD, {FINDINGS, 0, "404 Not Found", NULL, PROBLEM("Nie ma", "nie-znaleziono"), CANNED_WHOLE}}, 6, {"UPO: " NUMBER}, {"nie-znaleziono"}},
    {"receipt at another server", {"submit", PROGRAM_DOCHODY, "--receipts", "/tmp"},
     {{"POST", 0, "201 Created", NULL, HEAD("decided", "", "\"accepted\"", "\"ok\"") RECEIPTS(NUMBER, "https://example.org/api/v1/x"), CANNED_WHOLE}, GET_NO_FINDINGS}, 5, {""}, {"nie da się użyć"}},
    {"receipt with a name that is a path", {"submit", PROGRAM_DOCHODY, "--receipts", "/tmp"},
     {{"POST", 0, "201 Created", NULL, HEAD("decided", "", "\"accepted\"", "\"ok\"") RECEIPTS("../../etc/x", "/api/v1/x"), CANNED_WHOLE}, GET_NO_FINDINGS}, 5, {""}, {"nie da się użyć"}},
    {"receipt of another number", {"submit", PROGRAM_DOCHODY, "--receipts", "/tmp"},
     {POST_GOOD, GET_NO_FINDINGS, {"GET", 0, "200 OK", NULL, "<upo>990001018-20260710-00000000002B-71</upo>", CANNED_WHOLE}}, 7, {""}, {"inne UPO; nie zapisano"}},
    {"folder of receipts is a file", {"submit", PROGRAM_DOCHODY, "--receipts", "CMakeLists.txt"}, {NO_REQUEST}, 3, {""},
     {"CMakeLists.txt: to nie jest katalog", "nie wysłano niczego: nie byłoby gdzie zapisać UPO"}},
    {"folder of receipts in a file", {"submit", PROGRAM_DOCHODY, "--receipts", "CMakeLists.txt/upo/2026"}, {NO_REQUEST}, 3, {""},
     {"nie da się utworzyć tego katalogu: część ścieżki nie jest katalogiem"}},
    {"receipts that do not come", {"submit", PROGRAM_DOCHODY, "--receipts", "/tmp"},
     {POST_GOOD, GET_NO_FINDINGS, {"GET", 0, "404 Not Found", NULL, PROBLEM("Nie ma", "nie-znaleziono"), CANNED_WHOLE}}, 6, {"przyjęte"},
     {"plik jest złożony, ale nie zapisano wszystkich UPO; pobierze je: brama receipt " ID}},

    {"status of a submission", {"status", ID},
     {GET_NO_FINDINGS, {"GET /api/v1/submissions/" ID " ", 0, "200 OK", NULL, REJECTED, CANNED_WHOLE}}, 1, {"zwrócone do poprawy"}, {""}},
    {"status of the gateway", {"status"},
     {{"GET /api/v1/status ", 0, "200 OK", NULL, "{\"state_text\":\"Brama działa.\",\"environment\":\"TEST\",\"version\":\"1\",\"backlog\":7}", CANNED_WHOLE}}, 0, {"Brama działa.", "środowisko TEST, wersja 1, w kolejce: 7"}, {""}},
    {"status says who filed, and what is no longer in force", {"status", ID},
     {GET_NO_FINDINGS, {"GET /api/v1/submissions/" ID " ", 0, "200 OK", NULL, HEAD("decided", "", "\"accepted\"", "\"przyjęte przez bramę\"")
       "\"sender\":{\"name\":\"GMINA P.\",\"regon\":\"990000016\"},\"reports\":[{\"form\":\"Rb-28S\",\"verdict\":\"accepted\",\"verdict_text\":\"przyjęte\",\"in_force\":false},"
       "{\"form\":\"Rb-27S\",\"verdict\":\"accepted\",\"verdict_text\":\"przyjęte\",\"in_force\":true},{\"form\":\"Rb-27S\",\"verdict\":\"rejected\",\"verdict_text\":\"zwrócone\",\"in_force\":false}]}", CANNED_WHOLE}}, 0,
     {"nadawca: GMINA P., REGON 990000016\n", "Rb-28S  ✔ przyjęte, nie obowiązuje: jest sprawozdanie w wyższej wersji albo, przy równej, późniejsze\n", "Rb-27S  ✔ przyjęte\n", "Rb-27S  ✖ zwrócone\n"}, {""}},
    {"status says until when a report was due, and whether it was in time", {"status", ID},
     {GET_NO_FINDINGS, {"GET /api/v1/submissions/" ID " ", 0, "200 OK", NULL, HEAD("decided", "", "\"accepted\"", "\"przyjęte przez bramę\"")
       "\"reports\":[{\"form\":\"Rb-27S\",\"due\":\"2026-07-10\",\"timeliness\":\"in_time\",\"calendar\":\"1\"},"
       "{\"form\":\"Rb-28S\",\"due\":\"2026-07-22\",\"timeliness\":\"late\",\"calendar\":\"1\"},"
       "{\"form\":\"Rb-Z\",\"due\":\"2026-07-23\",\"timeliness\":\"correction\",\"calendar\":\"2\"},"
       "{\"form\":\"Rb-N\",\"due\":\"2026-07-24\",\"timeliness\":null,\"calendar\":\"1\"}]}", CANNED_WHOLE}}, 0,
     {"termin 10 lipca 2026 r.: w terminie, bo liczy się data wpływu (wg kalendarza v1)\n",
      "termin 22 lipca 2026 r.: po terminie, bo liczy się data wpływu (wg kalendarza v1)\n",
      "termin 23 lipca 2026 r.: korekta po terminie, o terminowości rozstrzyga pierwsze złożenie (wg kalendarza v2)\n",
      "termin 24 lipca 2026 r. (wg kalendarza v1)\n"}, {""}},
    {"status of the same report again says which one decides, at places that are short", {"status", ID},
     {{FINDINGS, 0, "200 OK", NULL, "{\"items\":[{\"report\":1,\"code\":\"PACZKA-021\",\"severity\":\"info\",\"title\":\"To samo\",\"line\":3,\"column\":4}],\"next_cursor\":null}", CANNED_WHOLE},
      {"GET /api/v1/submissions/" ID " ", 0, "200 OK", NULL, HEAD("decided", "", "\"accepted\"", "\"przyjęte przez bramę\"")
       "\"reports\":[{\"ordinal\":1,\"form\":\"Rb-28S\",\"due\":\"2026-07-10\",\"timeliness\":\"in_time\",\"calendar\":\"1\",\"correction\":null},"
       "{\"ordinal\":2,\"form\":\"Rb-27S\",\"due\":\"2026-07-10\",\"timeliness\":\"in_time\",\"calendar\":\"1\",\"correction\":{\"reason\":null}}]}", CANNED_WHOLE}}, 0,
     {"termin 10 lipca 2026 r.: w terminie, bo to samo sprawozdanie wpłynęło już wcześniej (wg", "\n  plik:3:4  PACZKA-021  i informacja: To samo\n",
      "w terminie, bo liczy się data wpływu (wg kalendarza v1)\n      korekta: przyczyny nie podano"}, {""}},
    {"status numbers the reports and the set, and names what is missing once", {"status", ID},
     {GET_NO_FINDINGS, {"GET /api/v1/submissions/" ID " ", 0, "200 OK", NULL, HEAD("decided", "", "\"accepted\"", "\"przyjęte przez bramę\"")
       "\"reports\":[{\"ordinal\":7,\"form\":\"Rb-28S\",\"set\":{\"state\":\"incomplete\",\"reason\":null,\"url\":\"/api/v1/sets/10\",\"findings\":[],\"pending\":["
       "{\"rule\":\"ZESTAW-001\",\"form\":\"Rb-27S\",\"level\":\"jednostkowe jednostkowe-urzad\",\"period\":\"2026-Q2\",\"unit\":\"\",\"reason\":\"\"},"
       "{\"rule\":\"ZESTAW-002\",\"form\":\"Rb-27S\",\"level\":\"jednostkowe jednostkowe-urzad\",\"period\":\"2026-Q2\",\"unit\":\"\",\"reason\":\"\"},"
       "{\"rule\":\"ZESTAW-003\",\"form\":\"\",\"level\":\"\",\"period\":\"\",\"unit\":\"\",\"reason\":\"dzielenie przez zero\"}]}},"
       "{\"ordinal\":8,\"form\":\"Rb-Z\",\"set\":{\"state\":\"incomplete\",\"reason\":\"nie było czego porównać\",\"url\":\"/api/v1/sets/11\",\"findings\":[],\"pending\":[]}}]}", CANNED_WHOLE}}, 0,
     {"  7.  Rb-28S", "      zestaw 10 niepełny\n        czeka na Rb-27S jednostkowe albo jednostkowe-urzad za 2026-Q2: ZESTAW-001, ZESTAW-002\n        nie sprawdzono: dzielenie przez zero: ZESTAW-003\n",
      "  8.  Rb-Z", "      zestaw 11 niepełny: nie było czego porównać\n"}, {""}},
    {"status says of a set what the set itself says", {"status", ID},
     {GET_NO_FINDINGS, {"GET /api/v1/submissions/" ID " ", 0, "200 OK", NULL, HEAD("decided", "", "\"accepted\"", "\"przyjęte przez bramę\"") SET_REPORT "]}", CANNED_WHOLE},
      {"GET /api/v1/sets/10 ", 1, "200 OK", NULL, "{\"findings\":[{\"id\":3,\"title\":\"Inna\"},{\"id\":4,\"title\":\"120 zamiast 100\",\"found\":\"120,00\",\"expected\":\"100,00\",\"difference\":\"20,00\",\"fix\":\"Sprawdź A.\","
       "\"objection\":{\"reason\":\"r\",\"answer\":{\"outcome\":\"declined\",\"reason\":\"wzór jest dobry\"}}}]}", CANNED_WHOLE}}, 0,
     {"  zestaw 10  ZESTAW-001  ? pytanie: 120 zamiast 100\n      gdzie: A\n      jest 120,00 · porównane z 100,00 · różnica 20,00\n      Co zrobić: Sprawdź A.\n",
      "      zastrzeżenie do ZESTAW-001: nieuznane: wzór jest dobry\n", "zapytanie: brama answer --set 10 --finding 4\n"}, {""}},
    {"status of a set that one may not see", {"status", ID},
     {GET_NO_FINDINGS, {"GET /api/v1/submissions/" ID " ", 0, "200 OK", NULL, HEAD("decided", "", "\"accepted\"", "\"przyjęte przez bramę\"") SET_REPORT "]}", CANNED_WHOLE},
      {"GET /api/v1/sets/10 ", 1, "404 Not Found", NULL, PROBLEM("Nie ma", "nie-znaleziono"), CANNED_WHOLE}}, 0,
     {"  zestaw 10  ZESTAW-001  ? pytanie: Dochody się różnią\n"}, {""}},
    {"answer to a set says what was objected", {"answer", "--set", "10"},
     {{"GET /api/v1/sets/10 ", 0, "200 OK", NULL, "{\"findings\":[{\"id\":4,\"code\":\"ZESTAW-001\",\"title\":\"T\",\"cell\":null,\"report\":{\"form\":\"Rb-NDS\",\"unit\":{\"name\":\"GMINA\"}},\"query\":{\"state_text\":\"otwarte\"},"
       "\"objection\":{\"reason\":\"r\",\"answer\":null}}]}", CANNED_WHOLE}}, 0,
     {"      Rb-NDS, GMINA\n      otwarte\n      zastrzeżenie do ZESTAW-001: nie ma jeszcze odpowiedzi\n"}, {""}},
    {"reason of a report that is not there", {"reason", ID, "--report", "9"},
     {{"GET /api/v1/submissions/" ID " ", 0, "200 OK", NULL, ACCEPTED, CANNED_WHOLE}}, 2, {""}, {ID ": nie ma w nim sprawozdania 9; numery stoją"}},
    {"reason of a file with no correction", {"reason", ID},
     {{"GET /api/v1/submissions/" ID " ", 0, "200 OK", NULL, ACCEPTED, CANNED_WHOLE}}, 2, {""}, {"numery stoją przed sprawozdaniami w wyniku brama status"}},
    {"a code that there is not", {"reason", ID, "--code", "blad", "--report", "1"},
     {{"GET /api/v1/submissions/" ID " ", 0, "200 OK", NULL, ACCEPTED, CANNED_WHOLE},
      {"GET /api/v1/submissions/" ID "/reports/1/reason ", 0, "200 OK", "ETag: \"0\"\r\n", "{}", CANNED_WHOLE},
      {"PUT", 0, "422 Unprocessable Content", NULL, "{\"title\":\"Złe dane\",\"detail\":\"Pole code ma być jednym z kodów, które podaje /api/v1/correction-reasons.\"}", CANNED_WHOLE}}, 6, {""},
     {"Kod (--code) ma być jednym z kodów, które podaje brama reason."}},
    {"a list with rows that are wrong", {"answer", ID, "--file", "README.md"},
     {{"PUT", 0, "422 Unprocessable Content", NULL, "{\"title\":\"Zła lista\",\"detail\":\"Popraw wiersze z pola faults albo wyślij listę z partial=true, a reszta.\",\"faults\":[{\"line\":2,\"detail\":\"Numery podaje /api/v1/submissions/{id}/findings, a zestawu /api/v1/sets/{id}.\"}]}", CANNED_WHOLE}}, 6, {""},
     {"Popraw wiersze wypisane niżej albo wyślij listę z --partial, a reszta.", "wiersz 2: Numery podaje brama answer ZŁOŻENIE, a zestawu brama answer --set ZESTAW."}},
    {"status of nobody's submission", {"status", ID},
     {{"GET", 0, "404 Not Found", NULL, PROBLEM("Nie ma", "nie-znaleziono"), CANNED_WHOLE}}, 6, {""}, {"wypisze: brama list"}},
    {"status of a receipt's number", {"status", NUMBER}, {NO_REQUEST}, 2, {""}, {NUMBER ": to numer UPO", "Identyfikator złożenia", "brama list"}},
    {"status of a number that verifies", {"status", "990001010-20260710-00000000002A-FD"}, {NO_REQUEST}, 2, {""}, {"to numer UPO"}},
    {"status of a mistyped number", {"status", "990001010-20260710-00000000002A-FE"}, {NO_REQUEST}, 2, {""}, {"to numer UPO"}},
    {"status of half a number", {"status", "990001010-20260710"}, {NO_REQUEST}, 2, {""}, {"to nie jest numer złożenia"}},
    {"receipt by its number", {"receipt", NUMBER}, {NO_REQUEST}, 2, {""}, {NUMBER ": to numer UPO"}},
    {"receipt of a REGON with a slip", {"receipt", ID, "--unit", "990001011"}, {NO_REQUEST}, 2, {""}, {"990001011: to nie jest REGON"}},
    {"receipt of no REGON at all", {"receipt", ID, "--unit", ""}, {NO_REQUEST}, 2, {""}, {"--unit jest pusta"}},
    {"empty file", {"submit", "/dev/null"}, {NO_REQUEST}, 1, {""}, {"/dev/null: XML-001: plik jest pusty"}},
    {"empty file, as JSON", {"submit", "/dev/null", "--json"}, {NO_REQUEST}, 1, {"\"exit_code\":1,\"reason\":\"XML-001: plik jest pusty", "\"submission\":null"}, {"/dev/null: XML-001"}},
    {"receipt of a decision that is not there", {"receipt", ID, "--n", "2"},
     {{"GET /api/v1/submissions/" ID "/receipt?format=xml&n=2 ", 0, "404 Not Found", NULL, PROBLEM("Nie ma", "nie-znaleziono"), CANNED_WHOLE}}, 6, {""}, {"bez --n i --unit pobierzesz najnowsze", "brama status " ID}},
    {"empty file, only checked", {"submit", "/dev/null", "--dry-run"}, {NO_REQUEST}, 1, {""}, {"/dev/null: XML-001: plik jest pusty"}},
    {"client certificate refused", {"submit", PROGRAM_DOCHODY},
     {{"POST", 0, "400 Bad Request", NULL, PROBLEM("Certyfikatu klienta", "zly-certyfikat"), CANNED_WHOLE}}, 4, {""}, {PROGRAM_DOCHODY ": Certyfikatu klienta", "zly-certyfikat"}},
    {"status of what is no id", {"status", "../keys"}, {NO_REQUEST}, 2, {""}, {"to nie jest numer złożenia"}},
    {"list over two pages", {"list", "--state", "decided", "--period", "2026-Q2"},
     {{"GET /api/v1/submissions?limit=50&state=decided&period=2026-Q2 ", 0, "200 OK", NULL, "{\"items\":[" ACCEPTED "],\"next_cursor\":\"c1\"}", CANNED_WHOLE},
      {"GET /api/v1/submissions?limit=49&state=decided&period=2026-Q2&cursor=c1 ", 0, "200 OK", NULL, "{\"items\":[" CHECKING "],\"next_cursor\":null}", CANNED_WHOLE}},
     0, {ID "  10 lipca 2026 r., 09:00:00  przyjęte przez bramę", "Sprawdzamy"}, {""}},
    {"list that was cut says so", {"list", "--limit", "1"},
     {{"GET /api/v1/submissions?limit=1 ", 0, "200 OK", NULL, "{\"items\":[" ACCEPTED "],\"next_cursor\":\"c1\"}", CANNED_WHOLE}},
     0, {"To nie wszystko: pokazano 1. Więcej pokaże większe --limit (najwyżej 10000); listę zawężają --period i --state.\n"}, {""}},
    {"obligations that were cut say so to programs", {"obligations", "--limit", "1", "--json"},
     {{"GET /api/v1/obligations?limit=1 ", 0, "200 OK", NULL, "{\"items\":[" ACCEPTED "],\"next_cursor\":\"c1\"}", CANNED_WHOLE}},
     0, {"\"more\":true"}, {""}},
    {"list tells what was filed and by whom", {"list"},
     {{"GET /api/v1/submissions?limit=50 ", 0, "200 OK", NULL, "{\"items\":[{\"id\":\"" ID "\",\"received_at\":\"2026-07-10T09:00:00.412+02:00\",\"verdict_text\":\"przyjęte przez bramę\",\"contents\":\"Rb-27S 2026-Q2\",\"sender\":{\"name\":\"GMINA P.\",\"regon\":\"990000016\"}}],\"next_cursor\":null}", CANNED_WHOLE}},
     0, {ID "  Rb-27S 2026-Q2, GMINA P.  10 lipca 2026 r., 09:00:00  przyjęte przez bramę\n"}, {""}},
    {"list names the unit of each report, and how many are left out", {"list"},
     {{"GET /api/v1/submissions?limit=50 ", 0, "200 OK", NULL, "{\"items\":[{\"id\":\"" ID "\",\"report_count\":3,\"reports\":[{\"form\":\"Rb-27S\",\"period\":\"2026-Q2\",\"unit\":{\"name\":\"SP 1\",\"regon\":\"990001010\"},\"verdict_text\":\"przyjęte przez bramę\"}]}],\"next_cursor\":null}", CANNED_WHOLE}},
     0, {"      Rb-27S  2026-Q2  SP 1, REGON 990001010  przyjęte przez bramę\n", "… i jeszcze 2; wszystkie pokaże brama status\n"}, {""}},
    {"list says what is not in force", {"list"},
     {{"GET /api/v1/submissions?limit=50 ", 0, "200 OK", NULL, "{\"items\":[{\"id\":\"" ID "\",\"report_count\":2,\"reports\":[{\"form\":\"Rb-27S\",\"unit\":{\"name\":\"SP 1\",\"regon\":\"990001010\"},\"verdict\":\"accepted\",\"verdict_text\":\"przyjęte\",\"in_force\":false},{\"form\":\"Rb-28S\",\"unit\":{\"name\":\"SP 1\",\"regon\":\"990001010\"},\"verdict\":\"accepted\",\"verdict_text\":\"przyjęte\",\"in_force\":true}]}],\"next_cursor\":null}", CANNED_WHOLE}},
     0, {"REGON 990001010  przyjęte, nie obowiązuje: jest sprawozdanie w wyższej wersji albo", "REGON 990001010  przyjęte\n"}, {""}},
    {"list by a year", {"list", "--period", "2026"}, {{"GET /api/v1/submissions?limit=50&period=2026 ", 0, "200 OK", NULL, NO_FINDINGS, CANNED_WHOLE}}, 0, {"nie ma takich"}, {""}},
    {"list by a month", {"list", "--period", "2026-12"}, {{"GET /api/v1/submissions?limit=50&period=2026-12 ", 0, "200 OK", NULL, NO_FINDINGS, CANNED_WHOLE}}, 0, {"nie ma takich"}, {""}},
    {"list of another state", {"list", "--state", "accepted"}, {NO_REQUEST}, 2, {""}, {"accepted: takiego stanu nie ma"}},
    {"list of two states", {"list", "--state", "parked decided"}, {NO_REQUEST}, 2, {""}, {"takiego stanu nie ma"}},
    {"list of a fifth quarter", {"list", "--period", "2026-Q5"}, {NO_REQUEST}, 2, {""}, {"2026-Q5: to nie jest okres"}},
    {"list of a quarter by a blank", {"list", "--period", "2026 Q2"}, {NO_REQUEST}, 2, {""}, {"to nie jest okres"}},
    {"list of a thirteenth month", {"list", "--period", "2026-13"}, {NO_REQUEST}, 2, {""}, {"to nie jest okres"}},
    {"list of a half of a year", {"list", "--period", "202"}, {NO_REQUEST}, 2, {""}, {"to nie jest okres"}},
    {"list that never ends is ended", {"list", "--limit", "2"},
     {{"GET /api/v1/submissions", 0, "200 OK", NULL, "{\"items\":[],\"next_cursor\":\"c1\"}", CANNED_WHOLE}}, 0, {"nie ma takich złożeń"}, {""}},
    {"obligations over two pages", {"obligations", "--state", "late", "--period", "2026-Q2"},
     {{"GET /api/v1/obligations?limit=50&period=2026-Q2&state=late ", 0, "200 OK", NULL, "{\"items\":[{\"id\":1,\"due_on\":\"2026-07-10\",\"internal_due_on\":\"2026-07-06\",\"state_text\":\"Po terminie\",\"form_title\":\"Rb-27S\",\"level\":\"jednostkowe\",\"period\":\"2026-Q2\",\"unit\":{\"name\":\"SP 1\"},\"explanation\":\"Nie ma.\"}],\"next_cursor\":\"c1\"}", CANNED_WHOLE},
      {"GET /api/v1/obligations?limit=49&period=2026-Q2&state=late&cursor=c1 ", 0, "200 OK", NULL, "{\"items\":[],\"next_cursor\":null}", CANNED_WHOLE}},
     0, {"2026-07-10 (wewnętrzny 2026-07-06)  Po terminie  Rb-27S jednostkowe 2026-Q2  SP 1\n      Nie ma.\n"}, {""}},
    {"obligations that are missing", {"obligations", "--missing", "--json"}, {{"GET /api/v1/obligations?limit=50&only=missing ", 0, "200 OK", NULL, NO_FINDINGS, CANNED_WHOLE}}, 0, {"{\"items\":[]}"}, {""}},
    {"obligations for a spreadsheet", {"obligations", "--csv"}, {{"GET /api/v1/obligations?limit=500 ", 0, "200 OK", NULL, "a;b\r\n", CANNED_WHOLE}}, 0, {"a;b\r\n"}, {""}},
    {"obligations as a calendar", {"obligations", "--ics", "--period", "2026-06"}, {{"GET /api/v1/obligations.ics?limit=500&period=2026-06 ", 0, "200 OK", NULL, "BEGIN:VCALENDAR\r\n", CANNED_WHOLE}}, 0, {"BEGIN:VCALENDAR\r\n"}, {""}},
    {"obligations of another state", {"obligations", "--state", "overdue"}, {NO_REQUEST}, 2, {""}, {"overdue: takiego stanu nie ma"}},
    {"obligations of no period", {"obligations", "--period", "2026-Q5"}, {NO_REQUEST}, 2, {""}, {"2026-Q5: to nie jest okres"}},
    {"obligations in two forms", {"obligations", "--csv", "--ics"}, {NO_REQUEST}, 2, {""}, {"wybierz jedno"}},
    {"completeness", {"completeness", "--by", "jst", "--period", "2026-Q2"},
     {{"GET /api/v1/completeness?by=jst&period=2026-Q2 ", 0, "200 OK", NULL, "{\"items\":[{\"key\":\"1\",\"title\":\"Gmina\",\"expected\":9,\"in_time\":6,\"late\":1,\"missing\":2}],\"total\":{\"expected\":9}}", CANNED_WHOLE}},
     0, {"Gmina\n      oczekiwane: 9, w terminie: 6, po terminie: 1, czeka na wynik: 0, brak: 2, przed terminem: 0, z zapytaniem: 0\n", "razem\n      oczekiwane: 9"}, {""}},
    {"completeness for a spreadsheet", {"completeness", "--csv"}, {{"GET /api/v1/completeness?by=form ", 0, "200 OK", NULL, "a;b\r\n", CANNED_WHOLE}}, 0, {"a;b\r\n"}, {""}},
    {"completeness by what there is not", {"completeness", "--by", "gmina"}, {NO_REQUEST}, 2, {""}, {"gmina: takiego podziału nie ma"}},
    {"completeness in two forms", {"completeness", "--csv", "--json"}, {NO_REQUEST}, 2, {""}, {"wybierz jedno"}},
    {"receipt", {"receipt", ID, "--n", "2", "--unit", "990001010"},
     {{"GET /api/v1/submissions/" ID "/receipt?format=xml&n=2&unit=990001010 ", 0, "200 OK", NULL, "<upo/>", CANNED_WHOLE}}, 0, {"<upo/>"}, {""}},
    {"receipt for reading", {"receipt", ID, "--html"},
     {{"GET /api/v1/submissions/" ID "/receipt?format=html ", 0, "200 OK", NULL, "<!doctype html>", CANNED_WHOLE}}, 0, {"<!doctype html>"}, {""}},
    {"receipt not ready", {"receipt", ID},
     {{"GET", 0, "404 Not Found", NULL, PROBLEM("UPO jeszcze nie ma", "upo-jeszcze-niegotowe"), CANNED_WHOLE}}, 6, {""}, {"upo-jeszcze-niegotowe"}},
    {"receipt into a folder that is not there", {"receipt", ID, "-o", "/nonexistent/upo.xml"},
     {{"GET", 0, "200 OK", NULL, "<upo/>", CANNED_WHOLE}}, 3, {""}, {"/nonexistent/upo.xml"}},
    {"receipt of what is no unit", {"receipt", ID, "--unit", "1&n=1"}, {NO_REQUEST}, 2, {""}, {"to nie jest REGON"}},
  /* clang-format on */
};

static void
expect_texts(const char *name, const char *const *wanted, size_t count, struct str text)
{
    for (size_t i = 0; i < count && wanted[i] != NULL; i++) {
        if (wanted[i][0] != '\0' && !program_says(text, wanted[i])) {
            fail_msg("%s: \"%s\" is not in:\n%s", name, wanted[i], text.data);
        }
    }
}

/* The token is where it belongs and nowhere else. */
static void
expect_secret(const char *name, const struct program_result *result)
{
    if (program_says(result->out, TOKEN) || program_says(result->err, TOKEN)) {
        fail_msg("%s: the token was printed", name);
    }
}

static struct program
program_for(struct arena *arena, const char *const *arguments, const struct canned *canned)
{
    struct program program = {.environment = token_variable};

    for (size_t i = 0; arguments[i] != NULL; i++) {
        program.arguments[i] = arguments[i];
    }
    canned_aim(arena, certificates, canned, &program);
    return program;
}

static void
every_answer_has_its_words_and_exit_code(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena         *arena = arena_create(ARENA_MAX);
        struct canned         canned = canned_start(certificates, cases[i].steps);
        struct program        program = program_for(arena, cases[i].arguments, &canned);
        struct program_result result = program_run(arena, &program);

        (void)canned_stop(arena, &canned);
        if (result.exit_code != cases[i].exit_code) {
            fail_msg("%s: exit code %d, not %d:\n%s%s", cases[i].name, result.exit_code,
                     cases[i].exit_code, result.out.data, result.err.data);
        }
        expect_texts(cases[i].name, cases[i].out, ARRAY_COUNT(cases[i].out), result.out);
        expect_texts(cases[i].name, cases[i].err, ARRAY_COUNT(cases[i].err), result.err);
        expect_secret(cases[i].name, &result);
        arena_destroy(arena);
    }
}

static size_t
count_of(struct str text, const char *what)
{
    size_t count = 0;

    for (const char *at = memmem(text.data, text.size, what, strlen(what)); at != NULL;) {
        struct str rest = {at + 1, text.size - (size_t)(at + 1 - text.data)};
        count++;
        at = memmem(rest.data, rest.size, what, strlen(what));
    }
    return count;
}

/* One command; everything that the server was sent. */
static struct str
requests_of(struct arena *arena, const char *const *arguments, const struct canned_step *steps)
{
    struct canned         canned = canned_start(certificates, steps);
    struct program        program = program_for(arena, arguments, &canned);
    struct program_result result = program_run(arena, &program);

    assert_int_equal(result.exit_code, 0);
    return canned_stop(arena, &canned);
}

static void
a_repeated_request_carries_the_same_key_and_digest(void **state)
{
    static const struct canned_step steps[CANNED_STEPS_MAX] = {
        {"POST", 2, "503 Service Unavailable", "Retry-After: 0\r\n", "", CANNED_WHOLE},
        POST_GOOD,
        GET_NO_FINDINGS
    };
    static const char *const arguments[] = {"submit", PROGRAM_DOCHODY, NULL};
    struct arena            *arena = arena_create(ARENA_MAX);
    struct str               requests = requests_of(arena, arguments, steps);
    struct str               again = requests_of(arena, arguments, steps + 1);
    const char *key = memmem(requests.data, requests.size, "Idempotency-Key: brama-", 23);

    (void)state;
    assert_non_null(key);
    char line[128] = "";
    assert_int_equal(strcspn(key, "\r"), 23 + 64);
    memcpy(line, key, 23 + 64);
    assert_int_equal(count_of(requests, line), 3);
    assert_int_equal(count_of(again, line), 1);
    assert_int_equal(count_of(requests, "\r\nContent-Digest: sha-256=:"), 3);
    assert_int_equal(count_of(requests, "\r\nAuthorization: Bearer " TOKEN "\r\n"), 4);
    assert_int_equal(count_of(requests, "\r\nContent-Type: application/xml\r\n"), 3);
    arena_destroy(arena);
}

static void
a_key_of_the_callers_own_is_sent_as_it_is(void **state)
{
    static const struct canned_step steps[CANNED_STEPS_MAX] = {POST_GOOD, GET_NO_FINDINGS};
    static const char *const arguments[] = {"submit", PROGRAM_DOCHODY, "--key", "moj-klucz-1",
                                            NULL};
    struct arena            *arena = arena_create(ARENA_MAX);
    struct str               requests = requests_of(arena, arguments, steps);

    (void)state;
    assert_int_equal(count_of(requests, "\r\nIdempotency-Key: moj-klucz-1\r\n"), 1);
    arena_destroy(arena);
}

/* The second attempt follows from the first one's id alone, so it may be lost and made again. */
static void
what_was_withdrawn_is_filed_under_a_key_that_follows_from_it(void **state)
{
    static const struct canned_step steps[CANNED_STEPS_MAX] = {
        {"POST", 1, "200 OK",                  NULL,                 WITHDRAWN, CANNED_WHOLE},
        {"POST", 1, "503 Service Unavailable", "Retry-After: 0\r\n", "",        CANNED_WHOLE},
        POST_GOOD,
        GET_NO_FINDINGS
    };
    static const char *const arguments[] = {"submit", PROGRAM_DOCHODY, NULL};
    struct arena            *arena = arena_create(ARENA_MAX);
    struct str               requests = requests_of(arena, arguments, steps);

    (void)state;
    assert_int_equal(count_of(requests, "\r\nIdempotency-Key: brama-"), 3);
    assert_int_equal(count_of(requests, "-" ID "\r\n"), 2);
    arena_destroy(arena);
}

static void
every_receipt_becomes_a_file(void **state)
{
    static const struct canned_step steps[CANNED_STEPS_MAX] = {
        POST_GOOD,
        GET_NO_FINDINGS,
        {"GET /api/v1/submissions/" ID "/receipt?n=1 ", 0, "200 OK", NULL, "<upo>" NUMBER "</upo>",
          CANNED_WHOLE}
    };
    struct arena *arena = arena_create(ARENA_MAX);
    const char   *folder = str_format(arena, "%s/upo/2026/2", certificates).data;
    const char   *file = str_format(arena, "%s/" NUMBER ".xml", folder).data;
    const char   *arguments[] = {"submit", PROGRAM_DOCHODY, "--receipts", folder, NULL};

    (void)state;
    (void)requests_of(arena, arguments, steps);
    assert_true(str_equal(program_file(arena, file), STR("<upo>" NUMBER "</upo>")));
    arena_destroy(arena);
}

/* Refused before anything is sent: there is no server at all. */
static const struct {
    const char *name;
    const char *arguments[8];
    char       *environment;
    int         exit_code;
    const char *err;
} refusals[] = {
  /* clang-format off */
    {"no server", {"submit", PROGRAM_DOCHODY}, token_variable, 2, "nie wiadomo, dokąd"},
    {"plain http", {"submit", PROGRAM_DOCHODY, "--server", "http://localhost"}, token_variable, 2, "powinien mieć postać https://"},
    {"user in the address", {"submit", PROGRAM_DOCHODY, "--server", "https://a@localhost"}, token_variable, 2, "powinien mieć postać https://"},
    {"path in the address", {"submit", PROGRAM_DOCHODY, "--server", "https://localhost/x"}, token_variable, 2, "powinien mieć postać https://"},
    {"address is empty", {"submit", PROGRAM_DOCHODY, "--server", "https://"}, token_variable, 2, "powinien mieć postać https://"},
    {"no credential", {"submit", PROGRAM_DOCHODY, "--server", "https://localhost:1"}, no_token, 4, "nie wiadomo, kto pyta"},
    {"token is none", {"submit", PROGRAM_DOCHODY, "--server", "https://localhost:1"}, bad_token, 4, "to nie jest token bramy"},
    {"token in the call", {"submit", PROGRAM_DOCHODY, "--token", "x"}, no_token, 2, "nieznana opcja „--token”"},
    {"token in an empty file", {"list", "--server", "https://localhost:1", "--token-file", "@empty"}, no_token, 4, "plik jest pusty: nie ma w nim tokenu"},
    {"certificate missing", {"list", "--server", "https://localhost:1", "--cert", "/nonexistent.pem"}, no_token, 3, "/nonexistent.pem: nie ma takiego pliku (--cert)"},
    {"certificate without a key", {"list", "--server", "https://localhost:1", "--cert", "@certificate"}, no_token, 3, "w nim klucza prywatnego; plik z kluczem do tego certyfikatu podaj w --cert-key"},
    {"key file missing", {"list", "--server", "https://localhost:1", "--cert", "@certificate", "--cert-key", "/nonexistent.key"}, no_token, 3, "/nonexistent.key: nie ma takiego pliku (--cert-key)"},
    {"certificate for a key", {"list", "--server", "https://localhost:1", "--cert", "@certificate", "--cert-key", "@certificate"}, no_token, 3, "klucza prywatnego w postaci PEM (--cert-key)"},
    {"certificate that is none", {"list", "--server", "https://localhost:1", "--cert", "CMakeLists.txt"}, no_token, 3, "CMakeLists.txt: nie ma w nim certyfikatu"},
    {"token file missing", {"list", "--server", "https://localhost:1", "--token-file", "/nonexistent"}, no_token, 3, "/nonexistent: nie ma takiego pliku z tokenem"},
    {"token file is a folder", {"list", "--server", "https://localhost:1", "--token-file", "/tmp"}, no_token, 3, "zwykły plik"},
    {"CA file missing", {"list", "--server", "https://localhost:1", "--ca", "/nonexistent", "--retry", "0"}, token_variable, 3, "/nonexistent: nie ma takiego pliku (--ca)"},
    {"CA file of no certificate", {"list", "--server", "https://localhost:1", "--ca", "CMakeLists.txt", "--retry", "0"}, token_variable, 3, "CMakeLists.txt: nie ma w nim certyfikatu w postaci PEM (--ca)"},
    {"two credentials in one call", {"list", "--server", "https://localhost:1", "--cert", "@certificate", "--token-file", "@empty"}, no_token, 2, "--token-file i --cert naraz"},
    {"certificate instead of the variable", {"list", "--server", "https://localhost:1", "--cert", "@certificate"}, bad_token, 3, "nie ma w nim klucza prywatnego"},
    {"token file instead of the variable", {"list", "--server", "https://localhost:1", "--token-file", "@empty"}, token_variable, 4, "plik jest pusty: nie ma w nim tokenu"},
    {"nobody listens", {"list", "--server", "https://127.0.0.1:1", "--retry", "0"}, token_variable, 5, "nie przyjmuje połączeń"},
    {"no file", {"submit", "--server", "https://localhost:1"}, token_variable, 2, "nie podano żadnego pliku"},
    {"one key, two files", {"submit", "a", "b", "--key", "k", "--server", "https://localhost:1"}, token_variable, 2, "plików kilka"},
    {"key with a blank", {"submit", "a", "--key", "k k", "--server", "https://localhost:1"}, token_variable, 2, "255 drukowalnych"},
    {"file is a folder", {"submit", "tests", "--server", "https://localhost:1"}, token_variable, 3, "katalog"},
    {"seconds are words", {"submit", "a", "--wait=dlugo", "--server", "https://localhost:1"}, token_variable, 2, "--wait"},
    {"limit is zero", {"list", "--limit", "0", "--server", "https://localhost:1"}, token_variable, 2, "--limit"},
    {"limit at its end", {"list", "--limit", "10001", "--server", "https://localhost:1"}, token_variable, 2, "--limit"},
    {"words of a list", {"list", "x", "--server", "https://localhost:1"}, token_variable, 2, "poza opcjami"},
    {"two ids", {"status", ID, ID, "--server", "https://localhost:1"}, token_variable, 2, "najwyżej jeden"},
    {"receipt of nothing", {"receipt", "--server", "https://localhost:1"}, token_variable, 2, "jeden numer"},
    {"option of another", {"receipt", ID, "--wait"}, token_variable, 2, "nieznana opcja „--wait”"},
    {"key without its certificate", {"list", "--cert-key", "x", "--server", "https://localhost:1"}, token_variable, 2, "--cert-key"},
  /* clang-format on */
};

static void
what_cannot_be_sent_is_told_before_it_is(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(refusals); i++) {
        struct arena  *arena = arena_create(ARENA_MAX);
        struct program program = {.environment = refusals[i].environment};

        const char *empty = program_temporary(arena, STR(""));

        memcpy(program.arguments, refusals[i].arguments, sizeof refusals[i].arguments);
        for (size_t k = 0; k < ARRAY_COUNT(refusals[i].arguments); k++) {
            if (program.arguments[k] != NULL && strcmp(program.arguments[k], "@empty") == 0) {
                program.arguments[k] = empty;
            } else if (program.arguments[k] != NULL
                       && strcmp(program.arguments[k], "@certificate") == 0) {
                program.arguments[k] = str_format(arena, "%s/root.pem", certificates).data;
            }
        }
        struct program_result result = program_run(arena, &program);
        if (result.exit_code != refusals[i].exit_code
            || !program_says(result.err, refusals[i].err)) {
            fail_msg("%s: exit code %d, not %d, or \"%s\" is not in:\n%s", refusals[i].name,
                     result.exit_code, refusals[i].exit_code, refusals[i].err, result.err.data);
        }
        assert_false(program_says(result.err, "tajne-haslo"));
        expect_secret(refusals[i].name, &result);
        program_forget(empty);
        arena_destroy(arena);
    }
}

static void
a_server_that_nobody_vouches_for_gets_nothing(void **state)
{
    static const struct canned_step steps[CANNED_STEPS_MAX] = {POST_GOOD, GET_NO_FINDINGS};
    static const char *const        arguments[] = {"submit", PROGRAM_DOCHODY, NULL};
    struct arena                   *arena = arena_create(ARENA_MAX);
    struct canned                   canned = canned_start(certificates, steps);
    struct program                  program = program_for(arena, arguments, &canned);

    (void)state;
    program.arguments[5] = str_format(arena, "%s/client-authority.pem", certificates).data;
    struct program_result result = program_run(arena, &program);
    assert_int_equal(result.exit_code, 5);
    assert_true(program_says(result.err, "nie wystawił nikt zaufany"));
    program.arguments[5] = NULL; /* the system's issuers do not know it either */
    program.arguments[4] = NULL;
    assert_int_equal(program_run(arena, &program).exit_code, 5);
    assert_int_equal(canned_stop(arena, &canned).size, 0);
    arena_destroy(arena);
}

static void
a_token_file_is_for_its_owner_alone(void **state)
{
    static const struct canned_step steps[CANNED_STEPS_MAX] = {
        {"GET", 0, "200 OK", NULL, "{\"items\":[],\"next_cursor\":null}", CANNED_WHOLE}
    };
    struct arena  *arena = arena_create(ARENA_MAX);
    const char    *path = program_temporary(arena, STR(TOKEN "\n"));
    const char    *arguments[] = {"list", "--token-file", path, NULL};
    struct canned  canned = canned_start(certificates, steps);
    struct program program = program_for(arena, arguments, &canned);

    (void)state;
    program.environment = no_token;
    for (mode_t mode = 0; mode <= 0077; mode++) {
        bool is_private = mode == 0;
        if (is_private || mode == 0040 || mode == 0020 || mode == 0004 || mode == 0077) {
            assert_int_equal(chmod(path, 0600 | mode), 0);
            struct program_result result = program_run(arena, &program);
            assert_int_equal(result.exit_code, is_private ? 0 : 3);
            assert_true(is_private || program_says(result.err, "chmod 600"));
        }
    }
    assert_int_equal(count_of(canned_stop(arena, &canned), "Bearer " TOKEN "\r\n"), 1);
    program_forget(path);
    arena_destroy(arena);
}

static int
make_certificates(void **state)
{
    struct arena *arena = arena_create(ARENA_MAX);

    *state = arena;
    certificates = canned_certificates(arena);
    assert_int_equal(unsetenv("BRAMA_SERVER") | unsetenv("BRAMA_CA") | unsetenv("BRAMA_TOKEN_FILE"),
                     0);
    return 0;
}

static int
forget_certificates(void **state)
{
    canned_forget(certificates);
    arena_destroy(*state);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_answer_has_its_words_and_exit_code),
        cmocka_unit_test(a_repeated_request_carries_the_same_key_and_digest),
        cmocka_unit_test(a_key_of_the_callers_own_is_sent_as_it_is),
        cmocka_unit_test(what_was_withdrawn_is_filed_under_a_key_that_follows_from_it),
        cmocka_unit_test(every_receipt_becomes_a_file),
        cmocka_unit_test(what_cannot_be_sent_is_told_before_it_is),
        cmocka_unit_test(a_server_that_nobody_vouches_for_gets_nothing),
        cmocka_unit_test(a_token_file_is_for_its_owner_alone),
    };

    return cmocka_run_group_tests(tests, make_certificates, forget_certificates);
}
