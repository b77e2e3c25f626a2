#include "gateway/vtl_files/vtl_files.h"

#include "gateway/vtl_files/vtl_result.h"
#include "gateway/vtl_files/vtl_structure.h"

#include "validators/evaluation/evaluation.h"
#include "validators/relation/vocabulary.h"
#include "validators/vtl/problem.h"

#include "validators/base/buf.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

enum { READ_SIZE = 64 * 1024 };

struct session {
    struct arena            *arena;
    const struct vtl_files  *files;
    const struct vtl_script *script;
    struct vocabulary       *vocabulary;
    struct vtl_dataset      *datasets;
    size_t                   dataset_count;
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
load_dataset(struct session *session, struct str name, uint32_t number, struct vtl_dataset *dataset)
{
    struct vtl_dataset_home home = {session->arena, session->vocabulary, number};
    struct vtl_problem      problem;
    struct str              path = {0};
    struct str              text = {0};

    TRY(read_part(session, name, "json", &path, &text));
    TRY(settle(session, vtl_structure_read(session->arena, text, dataset, &problem, session->fault),
               path, &problem));
    TRY(read_part(session, name, "csv", &path, &text));
    return settle(session, vtl_dataset_rows(&home, text, dataset, &problem, session->fault), path,
                  &problem);
}

/* What is read before it is made would be looked for among the files, and be another one there. */
static enum err
check_order(struct session *session, const struct evaluation_input *input)
{
    size_t                      count = 0;
    const struct vtl_statement *statements = vtl_statements(session->script, &count);
    struct vtl_problem          problem;

    for (size_t i = 0; i < count; i++) {
        if (str_equal(statements[i].result, input->name)) {
            (void)problem_set(&problem, input->place, NULL,
                              "zbiór danych „%.*s” powstaje dopiero w wierszu %u; przenieś tamtą "
                              "instrukcję wyżej albo nadaj wynikowi inną nazwę",
                              STR_ARG(input->name), statements[i].place.line);
            add_message(session, session->files->script_name, &problem);
            return FAIL(session->fault, ERR_SYNTAX, "a dataset is read before it is made");
        }
    }
    return ERR_OK;
}

/* Every dataset that the script reads and does not make. */
static enum err
load_datasets(struct session *session, struct evaluation_world *world)
{
    const struct evaluation_input *inputs = NULL;
    size_t                         count = 0;

    TRY(evaluation_inputs(session->arena, session->script, &inputs, &count, session->fault));
    struct evaluation_dataset *datasets =
        ARENA_NEW(session->arena, struct evaluation_dataset, count + 1);
    session->datasets = ARENA_NEW(session->arena, struct vtl_dataset, count + 1);
    if (datasets == NULL || session->datasets == NULL) {
        return FAIL(session->fault, ERR_MEMORY, "%zu datasets", count);
    }
    for (size_t i = 0; i < count; i++) {
        TRY(check_order(session, &inputs[i]));
    }
    for (size_t i = 0; i < count; i++) {
        TRY(load_dataset(session, inputs[i].name, (uint32_t)i, &session->datasets[i]));
        session->datasets[i].name = inputs[i].name;
        datasets[i].name = inputs[i].name;
        datasets[i].relation = session->datasets[i].relation;
        session->dataset_count++;
    }
    world->vocabulary = session->vocabulary;
    world->datasets = datasets;
    world->dataset_count = count;
    return ERR_OK;
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

/* What could not be worked out, with the line of the data where that is known. */
static void
report_notices(struct session *session, const struct evaluation *evaluation)
{
    for (size_t i = 0; i < evaluation->notice_count; i++) {
        const struct evaluation_notice *notice = &evaluation->notices[i];
        struct vtl_problem              problem = notice->problem;
        size_t                          used = strlen(problem.text);
        (void)snprintf(problem.text + used, sizeof problem.text - used, "; wierszy: %zu",
                       notice->row_count);
        used = strlen(problem.text);
        if (notice->dataset < session->dataset_count) {
            struct str name = str_slice(session->datasets[notice->dataset].name, 0, 60);
            (void)snprintf(problem.text + used, sizeof problem.text - used,
                           ", pierwszy to wiersz %u pliku %.*s.csv",
                           session->datasets[notice->dataset].table.lines[notice->row + 1],
                           STR_ARG(name));
        }
        add_message(session, session->files->script_name, &problem);
        session->report->failed_rows = true;
    }
}

static enum err
write_results(struct session *session, const struct evaluation *evaluation)
{
    for (size_t i = 0; i < evaluation->result_count; i++) {
        const struct evaluation_dataset *dataset = &evaluation->results[i];
        struct vtl_result                result = {dataset->name, &dataset->relation};
        struct str                       csv = {0};
        struct str                       json = {0};
        TRY(vtl_result_csv(session->arena, &result, &csv, session->fault));
        TRY(vtl_result_json(session->arena, &result, &json, session->fault));
        TRY(write_part(session, dataset->name, "csv", csv));
        TRY(write_part(session, dataset->name, "json", json));
        session->report->result_count++;
    }
    return ERR_OK;
}

static enum err
run_script(struct session *session)
{
    struct evaluation_world world = {0};
    struct evaluation      *evaluation = ARENA_NEW(session->arena, struct evaluation, 1);
    struct vtl_problem      problem = {0};
    uint64_t                seed = 0;

    if (evaluation == NULL || getrandom(&seed, sizeof seed, 0) != (ssize_t)sizeof seed) {
        return FAIL(session->fault, ERR_MEMORY, "evaluation of a script");
    }
    TRY(vocabulary_create(session->arena, seed, &session->vocabulary, session->fault));
    TRY(load_datasets(session, &world));
    enum err got = evaluation_run(session->arena, session->script, &world, evaluation, &problem,
                                  session->fault);
    if (problem.text[0] != '\0') {
        add_message(session, session->files->script_name, &problem);
    }
    TRY(got);
    report_notices(session, evaluation);
    return write_results(session, evaluation);
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
    return run_script(&session);
}
