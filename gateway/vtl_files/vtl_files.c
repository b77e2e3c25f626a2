#include "gateway/vtl_files/vtl_files.h"

#include "gateway/vtl_files/vtl_result.h"
#include "gateway/vtl_files/vtl_structure.h"

#include "validators/vtl/problem.h"

#include "validators/base/buf.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { READ_SIZE = 64 * 1024 };

struct session {
    struct arena            *arena;
    const struct vtl_files  *files;
    const struct vtl_script *script;
    struct vtl_files_report *report;
    struct fault            *fault;
};

static enum err
read_all(struct arena *arena, FILE *file, const char *path, struct str *out, struct fault *fault)
{
    struct buf buf = buf_create(arena, (size_t)VTL_FILES_SIZE_MAX);
    char       chunk[READ_SIZE];
    size_t     got = 0;

    while ((got = fread(chunk, 1, sizeof chunk, file)) > 0 && buf_ok(&buf)) {
        buf_append(&buf, (struct str){chunk, got});
    }
    if (ferror(file) != 0) {
        return FAIL(fault, ERR_FILE, "pliku %s nie udało się odczytać do końca", path);
    }
    if (!buf_ok(&buf)) {
        return FAIL(fault, ERR_FILE, "plik %s jest za duży; brama czyta najwyżej %d MiB", path,
                    VTL_FILES_SIZE_MAX / (1024 * 1024));
    }
    *out = buf_str(&buf);
    return ERR_OK;
}

enum err
vtl_files_read(struct arena *arena, const char *path, struct str *out, struct fault *fault)
{
    FILE *file = fopen(path, "rbe");

    if (file == NULL) {
        return FAIL(fault, ERR_FILE, "nie można otworzyć pliku %s (%s)", path,
                    errno == ENOENT ? "nie ma takiego pliku" : "brak dostępu");
    }
    enum err got = read_all(arena, file, path, out, fault);
    (void)fclose(file); /* it was only read */
    return got;
}

static void
add_message(struct session *session, struct str file, const struct vtl_problem *problem)
{
    struct vtl_files_report *report = session->report;

    if (report->message_count < VTL_FILES_MESSAGES_MAX) {
        report->messages[report->message_count++] =
            (struct vtl_files_message){.file = file, .problem = *problem};
    }
}

/* A fault of a file as a whole: what *fault says, without a place. */
static enum err
report_fault(struct session *session, struct str file, const struct fault *fault)
{
    struct vtl_problem problem = {0};

    (void)snprintf(problem.text, sizeof problem.text, "%.*s", VTL_PROBLEM_TEXT_MAX - 1,
                   fault->text);
    add_message(session, file, &problem);
    return fault->code;
}

/* DIR/name.suffix; a name that would leave DIR is refused. .data == NULL: refused or no memory. */
static struct str
make_path(struct session *session, const char *folder, struct str name, const char *suffix)
{
    bool plain = name.size > 0 && name.data[0] != '.' && memchr(name.data, '/', name.size) == NULL
                 && memchr(name.data, '\0', name.size) == NULL;

    return plain ? str_format(session->arena, "%s/%.*s.%s", folder, STR_ARG(name), suffix)
                 : (struct str){0};
}

/* Read one file of a dataset; what is wrong with it becomes a message. */
static enum err
read_part(struct session *session, struct str name, const char *suffix, struct str *path,
          struct str *out)
{
    struct fault fault = {0};

    *path = make_path(session, session->files->in, name, suffix);
    if (path->data == NULL) {
        fault.code = ERR_FILE;
        (void)snprintf(fault.text, sizeof fault.text,
                       "nazwa „%.*s” nie może być nazwą pliku z danymi", STR_ARG(name));
        return report_fault(session, name, &fault);
    }
    enum err got = vtl_files_read(session->arena, path->data, out, &fault);
    return got == ERR_OK ? ERR_OK : report_fault(session, *path, &fault);
}

static enum err
settle(struct session *session, enum err got, struct str path, const struct vtl_problem *problem)
{
    if (got == ERR_SYNTAX) {
        add_message(session, path, problem);
        return ERR_FILE;
    }
    return got;
}

static enum err
load_dataset(struct session *session, struct str name, struct vtl_dataset *dataset)
{
    struct vtl_problem problem;
    struct str         path = {0};
    struct str         text = {0};

    TRY(read_part(session, name, "json", &path, &text));
    TRY(settle(session, vtl_structure_read(session->arena, text, dataset, &problem, session->fault),
               path, &problem));
    TRY(read_part(session, name, "csv", &path, &text));
    return settle(session,
                  vtl_dataset_rows(session->arena, text, dataset, &problem, session->fault), path,
                  &problem);
}

static enum err
write_part(struct session *session, struct str name, const char *suffix, struct str text)
{
    struct str   path = make_path(session, session->files->out, name, suffix);
    struct fault fault = {.code = ERR_FILE};
    FILE        *file = path.data == NULL ? NULL : fopen(path.data, "wbe");

    (void)snprintf(fault.text, sizeof fault.text,
                   "nie można zapisać wyniku; sprawdź, czy folder istnieje i można w nim pisać");
    if (file == NULL) {
        return report_fault(session, path.data == NULL ? name : path, &fault);
    }
    bool written = fwrite(text.data, 1, text.size, file) == text.size;
    return fclose(file) == 0 && written ? ERR_OK : report_fault(session, path, &fault);
}

static void
report_failures(struct session *session, const struct vtl_result *result)
{
    for (size_t i = 0; i < vtl_rule_count(result->plan); i++) {
        const struct vtl_rule_result *rule = &result->rules[i];
        const struct vtl_rule        *it = vtl_rule(result->plan, i);
        struct vtl_problem problem = {.line = it->place.line, .column = it->place.column};
        if (rule->count[VTL_ERROR] == 0) {
            continue;
        }
        (void)snprintf(problem.text, sizeof problem.text,
                       "reguła „%.*s” nie dała się obliczyć (dzielenie przez zero albo liczba poza "
                       "zakresem); wierszy: %zu, pierwszy to wiersz %u pliku %.*s.csv",
                       STR_ARG(str_slice(it->name, 0, 60)), rule->count[VTL_ERROR],
                       result->dataset->table.lines[rule->error_row + 1],
                       STR_ARG(str_slice(result->check->dataset, 0, 60)));
        add_message(session, session->files->script_name, &problem);
        session->report->failed_rows = true;
    }
}

static enum err
bind_check(struct session *session, const struct vtl_check *check,
           const struct vtl_dataset *dataset, struct vtl_plan **plan)
{
    struct vtl_binding binding = {
        .ruleset = check->ruleset, .structure = {dataset->components, dataset->component_count}
    };
    struct vtl_problem problem;
    enum err           got =
        vtl_bind(session->arena, session->script, &binding, plan, &problem, session->fault);

    if (got == ERR_SYNTAX) {
        add_message(session, session->files->script_name, &problem);
    }
    TRY(got);
    size_t                    count = 0;
    const struct vtl_problem *notices = vtl_notices(*plan, &count);
    for (size_t i = 0; i < count; i++) {
        add_message(session, session->files->script_name, &notices[i]);
    }
    return ERR_OK;
}

static enum err
run_statement(struct session *session, const struct vtl_statement *statement)
{
    static const struct vtl_options options = {.row_max = 1, .outcomes = true};
    struct vtl_check                check = {0};
    struct vtl_dataset             *dataset = ARENA_NEW(session->arena, struct vtl_dataset, 1);
    struct vtl_plan                *plan = NULL;
    struct str                      csv = {0};
    struct str                      json = {0};

    if (dataset == NULL) {
        return FAIL(session->fault, ERR_MEMORY, "dataset");
    }
    if (!vtl_check(session->script, statement, &check)) {
        struct vtl_problem problem;
        enum err           got = problem_set(&problem, statement->place, session->fault,
                                             "wyrażeń na zbiorach danych to wydanie nie oblicza; "
                                                       "oblicza check_datapoint na zbiorze podanym z nazwy");
        add_message(session, session->files->script_name, &problem);
        return got;
    }
    TRY(load_dataset(session, check.dataset, dataset));
    TRY(bind_check(session, &check, dataset, &plan));
    struct vtl_rule_result *rules =
        ARENA_NEW(session->arena, struct vtl_rule_result, vtl_rule_count(plan));
    if (rules == NULL) {
        return FAIL(session->fault, ERR_MEMORY, "results of %zu rules", vtl_rule_count(plan));
    }
    TRY(vtl_run(session->arena, plan, &dataset->data, &options, rules, session->fault));
    struct vtl_result result = {dataset, plan, statement->result, &check, rules};
    TRY(vtl_result_csv(session->arena, &result, &csv, session->fault));
    TRY(vtl_result_json(session->arena, &result, &json, session->fault));
    TRY(write_part(session, statement->result, "csv", csv));
    TRY(write_part(session, statement->result, "json", json));
    report_failures(session, &result);
    session->report->result_count++;
    return ERR_OK;
}

enum err
vtl_files_run(struct arena *arena, const struct vtl_files *files, struct vtl_files_report *report,
              struct fault *fault)
{
    struct session     session = {.arena = arena, .files = files, .report = report, .fault = fault};
    struct vtl_problem problem;
    struct vtl_script *script = NULL;
    enum err           got = vtl_parse(arena, files->script, &script, &problem, fault);

    *report = (struct vtl_files_report){0};
    if (got == ERR_SYNTAX) {
        add_message(&session, files->script_name, &problem);
    }
    TRY(got);
    session.script = script;
    size_t                      count = 0;
    const struct vtl_statement *statements = vtl_statements(script, &count);
    for (size_t i = 0; i < count; i++) {
        TRY(run_statement(&session, &statements[i]));
    }
    return ERR_OK;
}
