#include "gateway/cli/answer_command.h"

#include "gateway/cli/entry_remote.h"
#include "gateway/cli/input.h"
#include "gateway/cli/member.h"
#include "gateway/cli/query.h"
#include "gateway/cli/query_text.h"
#include "gateway/cli/remote_command.h"
#include "gateway/cli/submission_remote.h"
#include "gateway/cli/submission_text.h"

#include <inttypes.h>

enum { LIST_SIZE_MAX = 16 * 1024 * 1024 };

static const char help[] =
    "Użycie: brama answer [ZŁOŻENIE] [opcje]\n"
    "        brama answer --set ZESTAW [opcje]\n"
    "\n"
    "Zapytania bramy do przyjętych sprawozdań ze złożenia: co brama pyta, do kiedy odpowiedzieć\n"
    "i co już odpowiedziano. Zapytanie nie wstrzymuje przyjęcia: wyjaśnij je albo złóż korektę.\n"
    "Z --set to, o co pytają reguły zestawu, czyli reguły między sprawozdaniami; numer zestawu\n"
    "podaje brama status. Bez numeru wypisuje kody wyjaśnień do wyboru.\n"
    "\n"
    "Opcje:\n"
    "  --finding LICZBA   numer uwagi z listy; razem z --code odpowiada na nią\n"
    "  --code KOD         wyjaśnienie: jeden z kodów, które wypisuje brama answer\n"
    "  --text TEKST       opis słowami, najwyżej 1000 znaków; konieczny przy kodzie inna\n"
    "  --object           z --set, --finding, --code i --text: zastrzeżenie do reguły zestawu;\n"
    "                     KOD jest kodem reguły, TEKST powodem, najwyżej 500 znaków\n"
    "  --csv              lista zapytań do wypełnienia w arkuszu: kolumny „kod wyjaśnienia”\n"
    "                     i „wyjaśnienie”\n"
    "  --file PLIK        wyślij wypełnioną listę; zapisuje wszystkie wyjaśnienia albo żadnego\n"
    "  --partial          z --file: zapisz te, które da się przyjąć, resztę wypisz\n"
    "  --json             odpowiedź bramy jako dokument JSON\n";

/* What is answered: a submission, or a set. */
static struct str
base_of(const struct remote *remote)
{
    const struct remote_options *options = remote->options;

    return options->set > 0
               ? str_format(remote->arena, "/api/v1/sets/%" PRId64, options->set)
               : str_format(remote->arena, "/api/v1/submissions/%s", options->words[0]);
}

/* All findings, of all pages; a set has them at once. */
static enum exit_code
read_findings(const struct remote *remote, const json_t **out)
{
    struct submission_remote submission = {0};
    struct client_request    request = {0};
    struct transfer_answer   answer = {0};
    json_t                  *told = NULL;
    enum exit_code           code = EXIT_ACCEPTED;

    if (remote->options->set > 0) {
        code = entry_remote_ask(remote, &request, base_of(remote), &answer, &told);
        *out = member_object(told, "findings");
        return code;
    }
    code = submission_remote_get(remote, remote->options->words[0], &submission);
    code = code == EXIT_ACCEPTED ? submission_remote_findings(&submission) : code;
    *out = submission.findings;
    return code;
}

static enum exit_code
show(const struct remote *remote, struct screen *screen)
{
    size_t         i = 0;
    size_t         count = 0;
    const json_t  *findings = NULL;
    const json_t  *finding = NULL;
    enum exit_code code = read_findings(remote, &findings);

    if (code != EXIT_ACCEPTED) {
        return code;
    }
    if (remote->options->json) {
        remote_write_json(screen, findings);
        return EXIT_ACCEPTED;
    }
    json_array_foreach(findings, i, finding)
    {
        if (member_object(finding, "query") != NULL) {
            query_text_write(screen, finding);
            count++;
        }
    }
    if (count == 0) {
        screen_format(screen, "Brama o nic nie pyta.\n");
    }
    return EXIT_ACCEPTED;
}

/* The list of a set is one page. */
static enum exit_code
show_set_csv(const struct remote *remote, struct screen *screen)
{
    struct transfer_answer answer = {0};
    struct str             base = base_of(remote);
    struct client_request  request = {.accept = "text/csv", .path = base.data};

    if (base.data == NULL) {
        remote_complain("brak pamięci", (struct str){0});
        return EXIT_NOT_ACCEPTED;
    }
    enum exit_code code = remote_send(remote, &request, &answer);
    if (code == EXIT_ACCEPTED) {
        buf_append(&screen->out, answer.body);
    }
    return code;
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
        code = entry_remote_ask(remote, &look, queries_path(remote, "", cursor), &answer, &told);
        if (code != EXIT_ACCEPTED) {
            return code;
        }
        cursor = member_text(told, "next_cursor");
    }
    return EXIT_ACCEPTED;
}

/* Where a finding stands: of a set by itself, else in the report that it is of. */
static enum exit_code
find_path(const struct remote *remote, struct str *out)
{
    size_t        i = 0;
    int64_t       report = 0;
    const json_t *findings = NULL;
    const json_t *finding = NULL;

    if (remote->options->set > 0) {
        *out = str_format(remote->arena, "%s/findings/%" PRId64 "/%s", base_of(remote).data,
                          remote->options->finding,
                          remote->options->object ? "objection" : "explanation");
        return EXIT_ACCEPTED;
    }
    enum exit_code code = read_findings(remote, &findings);
    if (code != EXIT_ACCEPTED) {
        return code;
    }
    json_array_foreach(findings, i, finding)
    {
        if (member_number(finding, "ordinal") == remote->options->finding) {
            report = member_number(finding, "report");
        }
    }
    if (report <= 0) {
        screen_complain(str_of(remote->options->words[0]),
                        "nie ma w nim zapytania o tym numerze; numery wypisuje brama answer");
        return EXIT_USAGE;
    }
    *out = str_format(remote->arena, "%s/reports/%" PRId64 "/findings/%" PRId64 "/explanation",
                      base_of(remote).data, report, remote->options->finding);
    return EXIT_ACCEPTED;
}

/* An explanation follows the state that was seen; an objection is given once. */
static enum exit_code
give(const struct remote *remote, struct screen *screen)
{
    struct client_request  look = {0};
    struct transfer_answer answer = {0};
    json_t                *told = NULL;
    struct str             path = {0};
    enum exit_code         code = find_path(remote, &path);

    if (code == EXIT_ACCEPTED && !remote->options->object) {
        code = entry_remote_ask(remote, &look, path, &answer, &told);
    }
    if (code == EXIT_ACCEPTED) {
        code = entry_remote_give(remote, path, answer.etag, &told);
    }
    if (code == EXIT_ACCEPTED && remote->options->json) {
        remote_write_json(screen, told);
    } else if (code == EXIT_ACCEPTED && remote->options->object) {
        screen_format(screen, "Zapisano zastrzeżenie do uwagi %" PRId64 "\n",
                      remote->options->finding);
    } else if (code == EXIT_ACCEPTED) {
        screen_format(screen, "Zapisano wyjaśnienie uwagi %" PRId64 ", zapis %" PRId64 "\n",
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
        entry_remote_ask(&about, &request,
                         str_format(remote->arena, "%s/explanations%s", base_of(remote).data,
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
    bool nowhere = options->word_count == 0 && options->set == 0;
    int  deeds = gives + (options->file != NULL) + options->csv;
    const struct {
        bool        holds;
        const char *text;
    } faults[] = {
        {options->set > 0 && options->word_count > 0,                     "podaj numer złożenia albo --set"                 },
        {nowhere && deeds > 0,                                            "podaj numer złożenia albo --set"                 },
        {options->object && (options->set == 0 || options->text == NULL),
         "zastrzeżenie wymaga --set, --finding, --code z kodem reguły i --text z powodem"                                   },
        {gives && (options->code == NULL || options->finding == 0),
         "odpowiedź na jedną uwagę wymaga --finding i --code"                                                              },
        {options->partial && options->file == NULL,                       "--partial dotyczy listy z --file"                  },
        {deeds > 1,                                                       "podaj jedno: --finding z --code, --file albo --csv"},
        {options->csv && options->json,                                   "podaj --csv albo --json"                           },
    };

    for (size_t i = 0; i < ARRAY_COUNT(faults); i++) {
        if (faults[i].holds) {
            return faults[i].text;
        }
    }
    return NULL;
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
    if (options->word_count == 0 && options->set == 0) {
        return entry_remote_tell_codes(remote, screen, STR("/api/v1/explanation-codes"));
    }
    if (options->set == 0 && !submission_remote_is_id(options->words[0])) {
        return EXIT_USAGE;
    }
    if (options->file != NULL) {
        return send_list(remote, screen);
    }
    if (options->code != NULL) {
        return give(remote, screen);
    }
    if (options->csv) {
        return options->set > 0 ? show_set_csv(remote, screen) : show_csv(remote, screen);
    }
    return show(remote, screen);
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
