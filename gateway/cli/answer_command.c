#include "gateway/cli/answer_command.h"

#include "gateway/cli/input.h"
#include "gateway/cli/member.h"
#include "gateway/cli/query.h"
#include "gateway/cli/remote_command.h"
#include "gateway/cli/submission_remote.h"
#include "gateway/cli/submission_text.h"

#include <inttypes.h>

enum { LIST_SIZE_MAX = 16 * 1024 * 1024 };

static const char help[] =
    "Użycie: brama answer [ZŁOŻENIE] [opcje]\n"
    "\n"
    "Zapytania bramy do przyjętych sprawozdań ze złożenia: co brama pyta, do kiedy odpowiedzieć\n"
    "i co już odpowiedziano. Zapytanie nie wstrzymuje przyjęcia: wyjaśnij je albo złóż korektę.\n"
    "Bez numeru złożenia wypisuje kody wyjaśnień do wyboru.\n"
    "\n"
    "Opcje:\n"
    "  --finding LICZBA   numer uwagi z listy; razem z --code odpowiada na nią\n"
    "  --code KOD         wyjaśnienie: jeden z kodów, które wypisuje brama answer\n"
    "  --text TEKST       opis słowami, najwyżej 1000 znaków; konieczny przy kodzie inna\n"
    "  --csv              lista zapytań do wypełnienia w arkuszu: kolumny „kod wyjaśnienia”\n"
    "                     i „wyjaśnienie”\n"
    "  --file PLIK        wyślij wypełnioną listę; zapisuje wszystkie wyjaśnienia albo żadnego\n"
    "  --partial          z --file: zapisz te, które da się przyjąć, resztę wypisz\n"
    "  --json             odpowiedź bramy jako dokument JSON\n";

static enum exit_code
ask(const struct remote *remote, struct client_request *request, struct str path,
    struct transfer_answer *answer, json_t **out)
{
    request->path = path.data;
    request->accept = "application/json";
    if (request->path == NULL) {
        remote_complain("brak pamięci", (struct str){0});
        return EXIT_NOT_ACCEPTED;
    }
    return remote_ask(remote, request, answer, out);
}

static enum exit_code
tell_codes(const struct remote *remote, struct screen *screen)
{
    enum { CODE_WIDTH = 22 };

    struct client_request  request = {0};
    struct transfer_answer answer = {0};
    json_t                *codes = NULL;
    size_t                 i = 0;
    const json_t          *item = NULL;
    enum exit_code code = ask(remote, &request, STR("/api/v1/explanation-codes"), &answer, &codes);

    if (code != EXIT_ACCEPTED) {
        return code;
    }
    if (remote->options->json) {
        remote_write_json(screen, codes);
        return EXIT_ACCEPTED;
    }
    json_array_foreach(member_object(codes, "items"), i, item)
    {
        struct str name = member_text(item, "code");
        screen_format(screen, "  ");
        screen_text(screen, name);
        screen_format(screen, "%*s  ", name.size < CODE_WIDTH ? (int)(CODE_WIDTH - name.size) : 0,
                      "");
        screen_text(screen, member_text(item, "title"));
        screen_format(screen, "\n");
    }
    return EXIT_ACCEPTED;
}

static void
write_query(struct screen *screen, const json_t *finding)
{
    const json_t *query = member_object(finding, "query");
    const json_t *explanation = member_object(query, "explanation");

    screen_format(screen, "%4" PRId64 "  ", member_number(finding, "ordinal"));
    screen_text(screen, member_text(finding, "code"));
    screen_format(screen, "  ");
    screen_text(screen, member_text(finding, "title"));
    screen_format(screen, "\n      sprawozdanie %" PRId64 ", ", member_number(finding, "report"));
    screen_text(screen, member_text(finding, "cell"));
    screen_format(screen, "\n      ");
    screen_text(screen, member_text(query, "state_text"));
    if (member_text(query, "until").size > 0) {
        screen_format(screen, ", do ");
        screen_text(screen, member_text(query, "until"));
    }
    if (explanation != NULL) {
        screen_format(screen, ": ");
        screen_text(screen, member_text(explanation, "code"));
        screen_format(screen, member_text(explanation, "text").size > 0 ? ", " : "");
        screen_text(screen, member_text(explanation, "text"));
    }
    screen_format(screen, "\n");
}

static enum exit_code
show(const struct remote *remote, struct screen *screen)
{
    struct submission_remote submission = {0};
    size_t                   i = 0;
    size_t                   count = 0;
    const json_t            *finding = NULL;
    enum exit_code code = submission_remote_get(remote, remote->options->words[0], &submission);

    code = code == EXIT_ACCEPTED ? submission_remote_findings(&submission) : code;
    if (code != EXIT_ACCEPTED) {
        return code;
    }
    if (remote->options->json) {
        remote_write_json(screen, submission.findings);
        return EXIT_ACCEPTED;
    }
    json_array_foreach(submission.findings, i, finding)
    {
        if (member_object(finding, "query") != NULL) {
            write_query(screen, finding);
            count++;
        }
    }
    if (count == 0) {
        screen_format(screen, "Brama o nic nie pyta.\n");
    }
    return EXIT_ACCEPTED;
}

/* A page of the list; the path of its two forms differs in format alone. */
static struct str
queries_path(const struct remote *remote, const char *format, struct str cursor)
{
    enum { PATH_MAX_SIZE = 1024 };

    struct buf path = buf_create(remote->arena, PATH_MAX_SIZE);

    buf_format(&path, "/api/v1/submissions/%s/findings?%sseverity=query&limit=500",
               remote->options->words[0], format);
    query_write(&path, "cursor", cursor);
    buf_byte(&path, '\0');
    return buf_ok(&path) ? buf_str(&path) : (struct str){0};
}

/* Every page; the names of the columns stand above the first one alone. */
static enum exit_code
show_csv(const struct remote *remote, struct screen *screen)
{
    enum { PAGES_MAX = 100 };

    struct str cursor = {0};

    for (size_t page = 0; page < PAGES_MAX && (page == 0 || cursor.size > 0); page++) {
        struct transfer_answer answer = {0};
        struct client_request  request = {.accept = "text/csv"};
        struct client_request  look = {0};
        json_t                *told = NULL;
        struct str             names = {0};

        request.path = queries_path(remote, "format=csv&", cursor).data;
        if (request.path == NULL) {
            remote_complain("serwer podał adres dalszego ciągu uwag, którego nie da się użyć",
                            (struct str){0});
            return EXIT_UNAVAILABLE;
        }
        enum exit_code code = remote_send(remote, &request, &answer);
        if (code != EXIT_ACCEPTED) {
            return code;
        }
        struct str rows = answer.body;
        if (page > 0) {
            (void)str_cut(&rows, '\n', &names);
        }
        buf_append(&screen->out, rows);
        code = ask(remote, &look, queries_path(remote, "", cursor), &answer, &told);
        if (code != EXIT_ACCEPTED) {
            return code;
        }
        cursor = member_text(told, "next_cursor");
    }
    return EXIT_ACCEPTED;
}

/* {"code","text"} as bytes; empty: it is no UTF-8. */
static struct str
write_entry(const struct remote *remote)
{
    const struct remote_options *options = remote->options;
    json_t    *entered = json_pack("{s:s, s:s*}", "code", options->code, "text", options->text);
    size_t     size = json_dumpb(entered, NULL, 0, JSON_COMPACT); /* 0: it is no UTF-8 */
    char      *body = ARENA_NEW(remote->arena, char, size + 1);
    struct str out = {0};

    if (size > 0 && body != NULL && json_dumpb(entered, body, size, JSON_COMPACT) == size) {
        out = (struct str){body, size};
    }
    json_decref(entered);
    return out;
}

/* Which report a finding is of. */
static enum exit_code
find_report(const struct remote *remote, int64_t *out)
{
    struct submission_remote submission = {0};
    size_t                   i = 0;
    const json_t            *finding = NULL;
    enum exit_code code = submission_remote_get(remote, remote->options->words[0], &submission);

    code = code == EXIT_ACCEPTED ? submission_remote_findings(&submission) : code;
    if (code != EXIT_ACCEPTED) {
        return code;
    }
    json_array_foreach(submission.findings, i, finding)
    {
        if (member_number(finding, "ordinal") == remote->options->finding) {
            *out = member_number(finding, "report");
        }
    }
    if (*out <= 0) {
        screen_complain(str_of(remote->options->words[0]),
                        "nie ma w nim zapytania o tym numerze; numery wypisuje brama answer");
        return EXIT_USAGE;
    }
    return EXIT_ACCEPTED;
}

static enum exit_code
give(const struct remote *remote, struct screen *screen)
{
    struct client_request  look = {0};
    struct transfer_answer answer = {0};
    json_t                *told = NULL;
    int64_t                report = 0;
    enum exit_code         code = find_report(remote, &report);

    if (code != EXIT_ACCEPTED) {
        return code;
    }
    struct str path =
        str_format(remote->arena,
                   "/api/v1/submissions/%s/reports/%" PRId64 "/findings/%" PRId64 "/explanation",
                   remote->options->words[0], report, remote->options->finding);
    code = ask(remote, &look, path, &answer, &told);
    if (code != EXIT_ACCEPTED) {
        return code;
    }
    struct client_request request = {
        .change = CLIENT_PUT_JSON, .if_match = answer.etag, .body = write_entry(remote)};
    if (request.body.size == 0) {
        screen_complain(STR("--text"), "tego opisu nie da się zapisać: ma być tekstem UTF-8");
        return EXIT_USAGE;
    }
    code = ask(remote, &request, path, &answer, &told);
    if (code == EXIT_ACCEPTED && remote->options->json) {
        remote_write_json(screen, told);
    } else if (code == EXIT_ACCEPTED) {
        screen_format(screen, "Zapisano wyjaśnienie uwagi %" PRId64 ", wpis %" PRId64 "\n",
                      remote->options->finding, member_number(told, "revision"));
    }
    return code;
}

static void
write_kept(struct screen *screen, const json_t *told)
{
    size_t        i = 0;
    const json_t *wrong = NULL;

    screen_format(screen,
                  "Zapisano wyjaśnień: %" PRId64 ", bez zmian: %" PRId64
                  ", wierszy bez wyjaśnienia: %" PRId64 "\n",
                  member_number(told, "kept"), member_number(told, "same"),
                  member_number(told, "left"));
    json_array_foreach(member_object(told, "faults"), i, wrong)
    {
        screen_format(screen, "  wiersz %" PRId64 ": ", member_number(wrong, "line"));
        screen_text(screen, member_text(wrong, "detail"));
        screen_format(screen, "\n");
    }
}

static enum exit_code
send_list(const struct remote *remote, struct screen *screen)
{
    const struct remote_options *options = remote->options;
    struct remote                about = *remote;
    struct client_request        request = {.change = CLIENT_PUT_CSV};
    struct transfer_answer       answer = {0};
    struct fault                 fault = {0};
    struct input                 input = {0};
    json_t                      *told = NULL;

    about.about = str_of(options->file);
    if (input_read(remote->arena, options->file, LIST_SIZE_MAX, &input, &fault) != ERR_OK) {
        screen_complain(str_of(options->file), fault.text);
        return EXIT_UNREADABLE;
    }
    request.body = input.bytes;
    enum exit_code code =
        ask(&about, &request,
            str_format(remote->arena, "/api/v1/submissions/%s/explanations%s", options->words[0],
                       options->partial ? "?partial=true" : ""),
            &answer, &told);
    if (code == EXIT_ACCEPTED && options->json) {
        remote_write_json(screen, told);
    } else if (code == EXIT_ACCEPTED) {
        write_kept(screen, told);
    }
    return code == EXIT_ACCEPTED && json_array_size(member_object(told, "faults")) > 0
               ? EXIT_NOT_ACCEPTED
               : code;
}

/* What cannot be meant together; NULL: nothing. */
static const char *
find_fault(const struct remote_options *options)
{
    bool gives = options->code != NULL || options->text != NULL || options->finding != 0;

    if (options->word_count == 0 && (gives || options->csv || options->file != NULL)) {
        return "podaj numer złożenia";
    }
    if (gives && (options->code == NULL || options->finding == 0)) {
        return "odpowiedź na jedną uwagę wymaga --finding i --code";
    }
    if (options->partial && options->file == NULL) {
        return "--partial dotyczy listy z --file";
    }
    if (gives + (options->file != NULL) + options->csv > 1) {
        return "podaj jedno: --finding z --code, --file albo --csv";
    }
    return options->csv && options->json ? "podaj --csv albo --json" : NULL;
}

static enum exit_code
run(const struct remote *remote, struct screen *screen)
{
    const struct remote_options *options = remote->options;
    const char                  *wrong = find_fault(options);

    if (wrong != NULL) {
        screen_complain((struct str){0}, wrong);
        return EXIT_USAGE;
    }
    if (options->word_count == 0) {
        return tell_codes(remote, screen);
    }
    if (!submission_remote_is_id(options->words[0])) {
        return EXIT_USAGE;
    }
    if (options->file != NULL) {
        return send_list(remote, screen);
    }
    if (options->code != NULL) {
        return give(remote, screen);
    }
    return options->csv ? show_csv(remote, screen) : show(remote, screen);
}

int
answer_command(int argc, char **argv)
{
    static const struct remote_command command = {
        .name = "answer",
        .help = help,
        .group = REMOTE_ANSWER,
        .identity = REMOTE_ANYBODY,
        .words_min = 0,
        .words_max = 1,
        .words_fault = "podaj najwyżej jeden numer złożenia",
        .run = run,
    };

    return remote_command_run(&command, argc, argv);
}
