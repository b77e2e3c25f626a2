#include "gateway/cli/remote.h"

#include "gateway/cli/input.h"
#include "gateway/cli/member.h"
#include "gateway/client/token.h"

#include <inttypes.h>
#include <string.h>

enum {
    MILLISECONDS = 1000,
    TENTH_MS = 100,
    STATUS_MULTIPLE = 100,
    PEM_SIZE_MAX = 1024 * 1024,
    ROOM_FOR_WORDS = 256
};

static void
complain(struct str about, const char *message, struct str request_id)
{
    screen_complain(about, message);
    if (request_id.size > 0) {
        screen_complain(STR("numer żądania (podaj go, gdy pytasz o pomoc)"), request_id.data);
    }
}

void
remote_complain(const char *message, struct str request_id)
{
    complain((struct str){0}, message, request_id);
}

/* Told while the program waits, so that nobody takes it for dead. */
static void
tell_pause(void *object, const char *why, int64_t pause_ms)
{
    (void)object;
    (void)fprintf(stderr, "brama: %s; ponowię za %" PRId64 ",%" PRId64 " s\n", why,
                  pause_ms / MILLISECONDS, pause_ms % MILLISECONDS / TENTH_MS);
}

static enum exit_code
exit_code_of(enum err got)
{
    switch (got) {
    case ERR_OK:
        return EXIT_ACCEPTED;
    case ERR_USAGE:
        return EXIT_USAGE;
    case ERR_FILE:
        return EXIT_UNREADABLE;
    default:
        return EXIT_UNAVAILABLE;
    }
}

/* The token from where the options say. Its text appears in no message. */
static enum exit_code
take_token(struct arena *arena, const struct remote_options *options, struct str *out)
{
    struct fault fault = {0};
    const char  *where = options->token != NULL ? "BRAMA_TOKEN" : options->token_file;
    enum err     got = ERR_OK;

    if (options->token != NULL) {
        got = token_check(str_of(options->token), out, &fault);
    } else if (options->token_file != NULL) {
        got = token_read(arena, options->token_file, out, &fault);
    }
    if (got == ERR_OK) {
        return EXIT_ACCEPTED;
    }
    screen_complain(str_of(where), fault.text);
    return got == ERR_SYNTAX ? EXIT_DENIED : EXIT_UNREADABLE;
}

/* A PEM of ours; what of it must be there, and what to say when it is not. */
struct pem {
    const char *path;
    const char *option;
    const char *mark;
    const char *absence;
};

/* Told by the name of the file, before libcurl says less. */
static enum exit_code
check_pem(struct arena *arena, const struct pem *pem)
{
    struct fault fault = {0};
    struct input input = {0};

    if (input_read(arena, pem->path, PEM_SIZE_MAX, &input, &fault) != ERR_OK) {
        screen_complain(str_of(pem->path),
                        str_format(arena, "%s (%s)", fault.text, pem->option).data);
        return EXIT_UNREADABLE;
    }
    if (input.bytes.size == 0
        || memmem(input.bytes.data, input.bytes.size, pem->mark, strlen(pem->mark)) == NULL) {
        screen_complain(str_of(pem->path), pem->absence);
        return EXIT_UNREADABLE;
    }
    return EXIT_ACCEPTED;
}

static enum exit_code
check_issuers(struct arena *arena, const struct remote_options *options)
{
    const struct pem issuers = {.path = options->ca,
                                .option = "--ca",
                                .mark = "-----BEGIN CERTIFICATE-----",
                                .absence = "nie ma w nim certyfikatu w postaci PEM (--ca)"};

    return options->ca == NULL ? EXIT_ACCEPTED : check_pem(arena, &issuers);
}

static enum exit_code
check_certificate(struct arena *arena, const struct remote_options *options)
{
    const struct pem certificate = {.path = options->certificate,
                                    .option = "--cert",
                                    .mark = "-----BEGIN CERTIFICATE-----",
                                    .absence = "nie ma w nim certyfikatu w postaci PEM (--cert)"};
    struct pem       key = {.path = options->certificate_key,
                            .option = "--cert-key",
                            .mark = "PRIVATE KEY-----",
                            .absence = "nie ma w nim klucza prywatnego w postaci PEM (--cert-key)"};

    if (options->certificate == NULL) {
        return EXIT_ACCEPTED;
    }
    if (key.path == NULL) {
        key.path = options->certificate;
        key.absence = "nie ma w nim klucza prywatnego; plik z kluczem do tego certyfikatu podaj "
                      "w --cert-key";
    }
    enum exit_code code = check_pem(arena, &certificate);
    return code == EXIT_ACCEPTED ? check_pem(arena, &key) : code;
}

enum exit_code
remote_open(struct arena *arena, const struct remote_options *options,
            enum remote_identity identity, struct remote *out)
{
    struct fault           fault = {0};
    struct client_settings settings = {
        .server = str_of(options->server),
        .transfer = {.ca = options->ca,
                     .certificate = options->certificate,
                     .key = options->certificate_key},
        .retry_ms = options->retry_seconds * MILLISECONDS,
        .notice = tell_pause,
    };

    *out = (struct remote){.arena = arena, .options = options};
    if (options->server == NULL) {
        screen_complain((struct str){0},
                        "nie wiadomo, dokąd: podaj --server https://... albo zmienną BRAMA_SERVER");
        return EXIT_USAGE;
    }
    enum exit_code code = take_token(arena, options, &settings.token);
    if (code != EXIT_ACCEPTED) {
        return code;
    }
    if (identity == REMOTE_SENDER && settings.token.size == 0 && options->certificate == NULL) {
        screen_complain((struct str){0}, "nie wiadomo, kto pyta: podaj --token-file albo --cert, "
                                         "albo zmienną BRAMA_TOKEN");
        return EXIT_DENIED;
    }
    code = check_certificate(arena, options);
    if (code == EXIT_ACCEPTED) {
        code = check_issuers(arena, options);
    }
    if (code != EXIT_ACCEPTED) {
        return code;
    }
    enum err got = client_create(arena, &settings, &out->client, &fault);
    if (got != ERR_OK) {
        screen_complain((struct str){0}, fault.text);
    }
    return exit_code_of(got);
}

/* A certificate that the edge does not accept is a status 400 of its own type. */
static bool
is_denial(const struct transfer_answer *answer, struct str type)
{
    return answer->status == 401 || answer->status == 403
           || str_ends_with(type, STR("/zly-certyfikat"));
}

/*
 * A refusal is written for whoever calls the API; who typed a command knows its options and the
 * commands beside it.
 */
static struct str
in_our_words(struct arena *arena, struct str text)
{
    static const struct {
        struct str theirs;
        struct str ours;
    } words[] = {
        {STR_INIT("/api/v1/correction-reasons"),                                     STR_INIT("brama reason")             },
        {STR_INIT("/api/v1/explanation-codes"),                                      STR_INIT("brama answer")             },
        {STR_INIT("/api/v1/submissions/{id}/findings, a zestawu /api/v1/sets/{id}"),
         STR_INIT("brama answer ZŁOŻENIE, a zestawu brama answer --set ZESTAW")                                         },
        {STR_INIT("/api/v1/submissions/{id} w polu reports"),                        STR_INIT("brama status ZŁOŻENIE")  },
        {STR_INIT("na liście /api/v1/sets"),                                        STR_INIT("w wyniku brama status")    },
        {STR_INIT("/api/v1/sets/{id}"),                                              STR_INIT("brama answer --set ZESTAW")},
        {STR_INIT("wiersze z pola faults"),                                          STR_INIT("wiersze wypisane niżej")  },
        {STR_INIT("partial=true"),                                                   STR_INIT("--partial")                },
        {STR_INIT("Pole code"),                                                      STR_INIT("Kod (--code)")             },
        {STR_INIT("Pole text"),                                                      STR_INIT("Opis (--text)")            },
    };
    struct buf out = buf_create(arena, 2 * text.size + ROOM_FOR_WORDS);

    for (size_t i = 0; i < text.size;) {
        size_t     at = 0;
        struct str rest = str_slice(text, i, text.size - i);
        while (at < ARRAY_COUNT(words) && !str_starts_with(rest, words[at].theirs)) {
            at++;
        }
        if (at < ARRAY_COUNT(words)) {
            buf_append(&out, words[at].ours);
            i += words[at].theirs.size;
        } else {
            buf_byte(&out, text.data[i]);
            i++;
        }
    }
    return buf_ok(&out) ? buf_str(&out) : text;
}

/* What is wrong with single rows of a list that was sent. */
static void
tell_rows(const struct remote *remote, const json_t *problem)
{
    size_t        i = 0;
    const json_t *wrong = NULL;

    json_array_foreach(json_object_get(problem, "faults"), i, wrong)
    {
        struct str detail = in_our_words(remote->arena, member_text(wrong, "detail"));
        struct str line = str_format(remote->arena, "  wiersz %lld: %.*s",
                                     (long long)member_number(wrong, "line"), STR_ARG(detail));
        complain((struct str){0}, line.data, (struct str){0});
    }
}

/* An answer that is a refusal: its own words, when it has them. */
static enum exit_code
tell_refusal(const struct remote *remote, const struct transfer_answer *answer)
{
    enum { FORBIDDEN = 403 };

    if (answer->status == FORBIDDEN && remote->right != NULL) {
        remote->right->lacking = true;
        complain(remote->about, remote->right->absence, answer->request_id);
        return EXIT_DENIED;
    }
    json_t    *problem = json_loadb(answer->body.data, answer->body.size, 0, NULL);
    struct str title = member_text(problem, "title");
    struct str detail = in_our_words(remote->arena, member_text(problem, "detail"));
    struct str type = member_text(problem, "type");
    struct str line =
        str_format(remote->arena, "%.*s%s%.*s (HTTP %d%s%.*s)%s",
                   STR_ARG(title.size > 0 ? title : STR("serwer odmówił bez podania przyczyny")),
                   detail.size > 0 ? ": " : "", STR_ARG(detail), answer->status,
                   type.size > 0 ? ", " : "", STR_ARG(type),
                   str_ends_with(type, STR("/nie-znaleziono"))
                       ? "; swoje złożenia i ich numery wypisze: brama list"
                       : "");
    bool denied = is_denial(answer, type);

    complain(remote->about, line.data, answer->request_id);
    tell_rows(remote, problem);
    json_decref(problem); /* accepts NULL */
    if (denied) {
        return EXIT_DENIED;
    }
    return answer->status / STATUS_MULTIPLE == 5 || answer->status == 429 ? EXIT_UNAVAILABLE
                                                                          : EXIT_REFUSED;
}

enum exit_code
remote_send(const struct remote *remote, const struct client_request *request,
            struct transfer_answer *out)
{
    struct fault fault = {0};
    enum err     got = client_send(remote->client, remote->arena, request, out, &fault);

    if (got != ERR_OK) {
        screen_complain(str_of(remote->options->server), fault.text);
        return exit_code_of(got);
    }
    if (out->status != 200 && out->status != 201 && out->status != 202) {
        return tell_refusal(remote, out);
    }
    return EXIT_ACCEPTED;
}

enum exit_code
remote_ask(const struct remote *remote, const struct client_request *request,
           struct transfer_answer *answer, json_t **out)
{
    enum exit_code code = remote_send(remote, request, answer);

    if (code != EXIT_ACCEPTED) {
        return code;
    }
    json_t *json = json_loadb(answer->body.data, answer->body.size, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(json) || !arena_defer(remote->arena, member_release, json)) {
        json_decref(json);
        remote_complain("odpowiedź serwera nie jest tym, co przysyła brama; sprawdź --server",
                        answer->request_id);
        return EXIT_UNAVAILABLE;
    }
    *out = json;
    return EXIT_ACCEPTED;
}

static int
take_text(const char *bytes, size_t size, void *object)
{
    buf_append(object, (struct str){bytes, size});
    return 0;
}

void
remote_write_json(struct screen *screen, const json_t *value)
{
    if (json_dump_callback(value, take_text, &screen->out, JSON_COMPACT | JSON_ENCODE_ANY) != 0) {
        screen->out.full = true; /* told as any output that is not whole */
    }
    buf_byte(&screen->out, '\n');
}
