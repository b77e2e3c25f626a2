#include "gateway/cli/verify_command.h"

#include "gateway/cli/input.h"
#include "gateway/cli/member.h"
#include "gateway/cli/remote.h"
#include "gateway/cli/verify_json.h"
#include "gateway/cli/verify_reading.h"
#include "gateway/cli/verify_text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define MEMORY_MAX ((size_t)512 * 1024 * 1024)

enum {
    MEBIBYTE = 1024 * 1024,
    DOCUMENT_MAX = 64 * MEBIBYTE,
    TRUST_MAX = MEBIBYTE,
    DIGEST_SIZE = 32
};

static const char help[] =
    "Użycie: brama verify UPO.xml [SPRAWOZDANIE.xml] [opcje]\n"
    "\n"
    "Sprawdza, czy UPO wystawiła brama i czy nikt go nie zmienił, oraz czy dotyczy podanego "
    "pliku;\n"
    "do tego nie potrzebuje sieci. Gdy zna adres bramy, pyta ją jeszcze, czy UPO jest aktualne: "
    "bez\n"
    "konta, ale UPO jest przy tym wysyłane.\n"
    "\n"
    "Opcje:\n"
    "  --trust PLIK      certyfikaty pieczęci bramy albo ich wystawców (PEM)\n"
    "  --stamp-trust PLIK  wystawcy znaczników czasu (PEM); bez nich znacznika brama verify nie "
    "sprawdza\n"
    "  --server ADRES    adres bramy, https://nazwa[:port]; albo zmienna BRAMA_SERVER\n"
    "  --ca PEM          wystawcy certyfikatu serwera; albo zmienna BRAMA_CA\n"
    "  --retry SEKUNDY   jak długo ponawiać pytanie do bramy; domyślnie 60\n"
    "  --offline         nie pytaj bramy, także gdy jej adres jest znany\n"
    "  --json            wynik w JSON\n"
    "  --no-color        bez kolorów (tak samo zmienna NO_COLOR)\n"
    "  -h, --help        ta pomoc\n"
    "\n"
    "Kody wyjścia: 0 UPO jest ważne, 7 nie jest, dotyczy innego pliku albo nie wiadomo, czyja to\n"
    "pieczęć, 3 pliku nie da się odczytać, także z --ca, 2 błędne wywołanie; gdy UPO jest ważne,\n"
    "ale brama nie powiedziała, czy aktualne:\n"
    "5 nie odpowiedziała, 6 odmówiła.\n";

struct verify_options {
    struct remote_options remote;
    const char           *receipt;
    const char           *document; /* NULL: none */
};

static enum err
read_options(struct arena *arena, int argc, char **argv, struct verify_options *out,
             struct fault *fault)
{
    struct verify_options  options = {0};
    struct remote_options *remote = &options.remote;

    TRY(remote_options_read(arena, REMOTE_VERIFY, argc, argv, remote, fault));
    if (!remote->help && (remote->word_count < 1 || remote->word_count > 2)) {
        return FAIL(fault, ERR_USAGE, "podaj plik UPO i najwyżej jeden plik sprawozdania");
    }
    options.receipt = remote->word_count > 0 ? remote->words[0] : NULL;
    options.document = remote->word_count > 1 ? remote->words[1] : NULL;
    if (options.document != NULL && strcmp(options.document, "-") == 0
        && strcmp(options.receipt, "-") == 0) {
        return FAIL(fault, ERR_USAGE, "wejście standardowe (-) można podać tylko raz");
    }
    /* Anybody may ask, so nobody's token is needed, or sent. */
    remote->token = remote->token_file = NULL;
    *out = options;
    return ERR_OK;
}

/* What a file is given as: how large it can be, and what to say of a larger one. */
struct kind {
    int         mebibytes_max;
    const char *remark;
};

static const struct kind as_receipt = {
    RECEIPT_SIZE_MAX / MEBIBYTE,
    "żadne UPO nie jest tak duże; najpierw podaj UPO, potem plik, którego dotyczy"};
static const struct kind as_document = {DOCUMENT_MAX / MEBIBYTE,
                                        "brama tak dużych nie przyjmuje: to nie jest plik z UPO"};
static const struct kind as_trust = {
    TRUST_MAX / MEBIBYTE, "--trust i --stamp-trust mają być plikami z certyfikatami w postaci PEM"};

/* A named file, or a complaint. */
static bool
take_file(struct arena *arena, const char *path, const struct kind *kind, struct input *out)
{
    size_t size_max = (size_t)kind->mebibytes_max * MEBIBYTE;

    struct fault fault = {0};

    if (input_read(arena, path, size_max, out, &fault) != ERR_OK) {
        screen_complain(str_of(path), fault.text);
        return false;
    }
    if (!out->whole) {
        screen_complain(str_of(path), str_format(arena, "plik ma więcej niż %d MiB, a %s",
                                                 kind->mebibytes_max, kind->remark)
                                          .data);
        return false;
    }
    return true;
}

static bool
is_good(const struct verification *told)
{
    return told->reading.step == READING_GOOD && told->stamp != VERIFY_STAMP_BAD
           && (!told->has_document || told->matches);
}

/*
 * Which reports of a superseded receipt are no longer in force. What a gateway of another version
 * does not say is left out: whether the receipt is current has been told without it. Asked once:
 * nobody waits for it.
 */
static void
ask_lost(struct arena *arena, const struct remote_options *options, struct verification *told)
{
    struct str path =
        str_format(arena, "/api/v1/receipts/%.*s", STR_ARG(told->reading.facts.number));
    struct client_request  request = {.path = path.data, .accept = "application/json"};
    struct transfer_answer answer = {0};
    json_t                *said = NULL;
    struct remote_options  once = *options;
    struct remote          remote = {0};

    once.retry_seconds = 0;
    if (path.data == NULL || remote_open(arena, &once, REMOTE_ANYBODY, &remote) != EXIT_ACCEPTED
        || remote_ask(&remote, &request, &answer, &said) != EXIT_ACCEPTED) {
        return;
    }
    const json_t             *reports = member_object(said, "reports");
    size_t                    count = json_array_size(reports);
    struct verification_lost *lost = ARENA_NEW(arena, struct verification_lost, count);
    for (size_t i = 0; lost != NULL && i < count; i++) {
        const json_t *report = json_array_get(reports, i);
        if (str_equal(member_text(report, "verdict"), STR("accepted"))
            && !member_truth(report, "in_force")) {
            lost[told->lost_count++] =
                (struct verification_lost){.form = member_text(report, "form"),
                                           .period = member_text(report, "period"),
                                           .regon = member_text(report, "regon")};
        }
    }
    told->lost = lost;
}

/* What the gateway says of a receipt that is good; its texts live as long as arena. */
static enum exit_code
ask_status(struct arena *arena, const struct remote_options *options, const struct input *receipt,
           struct verification *told)
{
    struct remote               remote = {0};
    struct transfer_answer      answer = {0};
    json_t                     *said = NULL;
    const struct client_request request = {.path = "/api/v1/receipts/verification",
                                           .accept = "application/json",
                                           .body = receipt->bytes,
                                           .sha256 = receipt->sha256};
    enum exit_code              code = remote_open(arena, options, REMOTE_ANYBODY, &remote);

    if (code == EXIT_ACCEPTED) {
        code = remote_ask(&remote, &request, &answer, &said);
    }
    if (code != EXIT_ACCEPTED) {
        return code;
    }
    told->status = member_text(said, "status");
    if (told->status.size == 0) {
        remote_complain("odpowiedź nie jest tym, co przysyła brama", answer.request_id);
        return EXIT_UNAVAILABLE;
    }
    if (str_equal(told->status, STR("superseded"))) {
        ask_lost(arena, options, told);
    }
    return EXIT_ACCEPTED;
}

/* Why the gateway is not asked; NULL when it is. */
static const char *
reason_not_to_ask(const struct remote_options *options, const struct verification *told)
{
    if (told->reading.step != READING_GOOD) {
        return told->reading.step == READING_ISSUER ? "nie wiadomo, czyja to pieczęć"
                                                    : "UPO nie jest ważne";
    }
    if (options->offline) {
        return "--offline";
    }
    return options->server == NULL ? "podaj --server albo zmienną BRAMA_SERVER" : NULL;
}

/* Nothing came of the asking; what exactly is told already. */
static void
tell_no_status(struct screen *screen, enum exit_code asked)
{
    if (asked == EXIT_USAGE || asked == EXIT_UNREADABLE) {
        verify_text_not_asked(screen, "nie było jak, przyczyna obok");
    } else if (asked == EXIT_UNAVAILABLE) {
        verify_text_not_told(screen, "brama nie odpowiedziała");
    } else {
        verify_text_not_told(screen, "brama odmówiła, przyczyna obok");
    }
}

static enum exit_code
tell_json(struct arena *arena, const struct remote_options *options, const struct input *receipt,
          struct verification *told)
{
    struct screen  screen = screen_create(arena, SCREEN_COLOUR_NEVER);
    enum exit_code asked = EXIT_ACCEPTED;

    if (reason_not_to_ask(options, told) == NULL) {
        asked = ask_status(arena, options, receipt, told);
    }
    verify_json_write(&screen, told);
    return screen_flush(&screen) ? asked : EXIT_UNREADABLE;
}

/* What is known without the gateway comes first: its answer may take its time. */
static enum exit_code
tell_text(struct arena *arena, const struct remote_options *options, const struct input *receipt,
          struct verification *told)
{
    enum screen_colouring colour = options->no_colour ? SCREEN_COLOUR_NEVER : SCREEN_COLOUR_AS_FITS;
    struct screen         screen = screen_create(arena, colour);
    struct screen         more = screen_create(arena, colour);
    const char           *reason = reason_not_to_ask(options, told);
    enum exit_code        asked = EXIT_ACCEPTED;

    verify_text_write(&screen, told);
    if (!screen_flush(&screen)) {
        return EXIT_UNREADABLE;
    }
    if (reason == NULL) {
        asked = ask_status(arena, options, receipt, told);
    }
    if (told->status.size > 0) {
        verify_text_status(&more, told);
    } else if (reason != NULL) {
        verify_text_not_asked(&more, reason);
    } else {
        tell_no_status(&more, asked);
    }
    return screen_flush(&more) ? asked : EXIT_UNREADABLE;
}

/* Why there is nothing to tell; EXIT_ACCEPTED when there is. */
static enum exit_code
read_receipt(struct arena *arena, const struct input *receipt, const struct input *trust,
             const struct input *stamp_trust, struct verification *told)
{
    const struct verify_input input = {receipt->bytes, trust->bytes, stamp_trust->bytes};
    struct verify_output      found = {0};
    struct fault              fault = {0};
    enum err                  got = verify_reading(arena, &input, &found, &fault);

    if (got == ERR_OK) {
        told->reading = found.reading;
        told->stamp = found.stamp;
        told->stamped_at = found.stamped_at;
        return EXIT_ACCEPTED;
    }
    if (got == ERR_CRYPTO && (trust->bytes.size > 0 || stamp_trust->bytes.size > 0)) {
        screen_complain(trust->bytes.size > 0 ? trust->name : stamp_trust->name,
                        "to nie są certyfikaty w postaci PEM");
    } else {
        screen_complain(receipt->name, got == ERR_CHECKER ? fault.text
                                                          : "UPO nie udało się sprawdzić: zabrakło "
                                                            "pamięci albo zawiódł system");
    }
    return EXIT_UNREADABLE;
}

/* Whether the file, near its beginning, has this text; letters may be of either case. */
static bool
begins_like(struct str file, const char *text)
{
    enum { BEGINNING = 256 };

    struct str beginning = str_slice(file, 0, BEGINNING);
    size_t     size = strlen(text);

    for (size_t i = 0; i + size <= beginning.size; i++) {
        if (strncasecmp(beginning.data + i, text, size) == 0) {
            return true;
        }
    }
    return false;
}

/* What the person most likely did, when it shows; NULL when it does not. */
static const char *
hint_of(enum reading_step step, struct str receipt, struct str document)
{
    if (step != READING_SHAPE) {
        return NULL;
    }
    if (begins_like(document, "<UPO ")) {
        return "pliki stoją w odwrotnej kolejności; podaj: brama verify UPO.xml PLIK.xml";
    }
    if (begins_like(receipt, "<PaczkaSprawozdan")) {
        return "to jest złożony plik, a nie UPO; podaj: brama verify UPO.xml PLIK.xml";
    }
    if (begins_like(receipt, "%PDF-") || begins_like(receipt, "<!doctype html")
        || begins_like(receipt, "<html")) {
        return "to wydruk: potrzebny jest plik XML; pobierze go brama receipt";
    }
    return NULL;
}

/* Where the certificates of the seal are: of the gateway that was named, if one was. */
static const char *
hint_of_trust(struct arena *arena, const char *server)
{
    return str_format(arena,
                      "pobierz certyfikaty pieczęci bramy z %s/api/v1/keys?format=pem i wskaż "
                      "plik w --trust PLIK",
                      server == NULL ? "ADRES-BRAMY" : server)
        .data;
}

static enum exit_code
verify(struct arena *arena, const struct verify_options *options)
{
    const struct remote_options *remote = &options->remote;
    struct input                 receipt = {0};
    struct input                 document = {0};
    struct input                 trust = {0};
    struct input                 stamp_trust = {0};
    struct verification          told = {.has_document = options->document != NULL,
                                         .has_trust = options->remote.trust != NULL};

    if (!take_file(arena, options->receipt, &as_receipt, &receipt)
        || (remote->trust != NULL && !take_file(arena, remote->trust, &as_trust, &trust))
        || (remote->stamp_trust != NULL
            && !take_file(arena, remote->stamp_trust, &as_trust, &stamp_trust))
        || (told.has_document && !take_file(arena, options->document, &as_document, &document))) {
        return EXIT_UNREADABLE;
    }
    enum exit_code code = read_receipt(arena, &receipt, &trust, &stamp_trust, &told);
    if (code != EXIT_ACCEPTED) {
        return code;
    }
    told.hint = told.reading.step == READING_ISSUER
                    ? hint_of_trust(arena, remote->server)
                    : hint_of(told.reading.step, receipt.bytes, document.bytes);
    told.receipt_name = receipt.name;
    told.document_name = document.name;
    memcpy(told.sha256, document.sha256, DIGEST_SIZE);
    told.matches = told.has_document && told.reading.has_facts
                   && memcmp(document.sha256, told.reading.facts.document_sha256, DIGEST_SIZE) == 0;
    if (told.has_document && !told.matches && told.reading.step == READING_GOOD
        && begins_like(document.bytes, "<UPO ")) {
        told.document_hint = "to też jest UPO; po UPO podaj plik, który został złożony";
    }
    code = remote->json ? tell_json(arena, remote, &receipt, &told)
                        : tell_text(arena, remote, &receipt, &told);
    return is_good(&told) || code == EXIT_UNREADABLE ? code : EXIT_UNVERIFIED;
}

int
verify_command(int argc, char **argv)
{
    struct arena         *arena = arena_create(MEMORY_MAX);
    struct verify_options options = {0};
    struct fault          fault = {0};
    enum exit_code        code = EXIT_USAGE;

    if (read_options(arena, argc, argv, &options, &fault) != ERR_OK) {
        screen_complain((struct str){0}, fault.text);
        (void)fputs("zobacz: brama verify --help\n", stderr); /* only a hint */
    } else if (options.remote.help) {
        (void)fputs(help, stdout); /* whether it arrived is looked at by the caller */
        code = EXIT_ACCEPTED;
    } else {
        code = verify(arena, &options);
    }
    arena_destroy(arena);
    return code;
}
