#include "gateway/cli/judgement.h"

#include "gateway/checker/checker.h"
#include "gateway/definitions/definitions.h"
#include "validators/signature/signature.h"

#include <unistd.h>

enum { MEBIBYTE = 1024 * 1024, TRUST_SIZE_MAX = 4 * MEBIBYTE };

/* What the files are judged by. */
struct bench {
    struct definitions      definitions;
    struct signature_trust *trust;
    moment                  at;
};

static enum err
read_trust(struct arena *arena, const char *path, struct bench *bench, struct fault *fault)
{
    struct input pem = {0};
    struct fault why = {0};

    if (path == NULL) {
        return ERR_OK;
    }
    enum err got = input_read(arena, path, TRUST_SIZE_MAX, &pem, &why);
    if (got == ERR_OK && !pem.whole) {
        got = FAIL(&why, ERR_SYNTAX, "plik ma więcej niż %d MiB", TRUST_SIZE_MAX / MEBIBYTE);
    }
    if (got == ERR_OK) {
        got = signature_trust_parse(arena, pem.bytes, &bench->trust, &why);
    }
    /* What holds no certificates is as unreadable as what is not there. */
    got = got == ERR_SYNTAX || got == ERR_CRYPTO || got == ERR_LIMIT ? ERR_FILE : got;
    return got == ERR_OK ? ERR_OK : FAIL(fault, got, "--trust %.200s: %s", path, why.text);
}

static enum err
prepare(struct arena *arena, const struct validate_options *options, moment now,
        struct bench *bench, struct fault *fault)
{
    bench->at = options->at_given ? options->at : now;
    signature_warm_up();
    struct fault why = {0};

    enum err got = definitions_load(arena, options->rules, &bench->definitions, &why);
    if (got != ERR_OK) {
        return options->rules == NULL
                   ? FAIL(fault, got, "%s", why.text)
                   : FAIL(fault, got, "--rules %.200s: %s", options->rules, why.text);
    }
    return read_trust(arena, options->trust, bench, fault);
}

/* Files that cannot be read are told at once and kept apart. */
static enum err
read_files(struct arena *arena, const struct validate_options *options, struct input *inputs,
           struct judgement *judgement, struct fault *fault)
{
    struct unreadable_file *unreadable =
        ARENA_NEW(arena, struct unreadable_file, options->file_count);

    if (unreadable == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci");
    }
    judgement->unreadable = unreadable;
    for (size_t i = 0; i < options->file_count; i++) {
        struct fault why = {0};
        enum err     got = input_read(arena, options->files[i], prescan_limits_default.bytes_max,
                                      &inputs[judgement->file_count], &why);
        if (got == ERR_FILE) {
            screen_complain(str_of(options->files[i]), why.text);
            unreadable[judgement->unreadable_count++] = (struct unreadable_file){
                str_of(options->files[i]), str_format(arena, "%s", why.text)};
        } else if (got != ERR_OK) {
            return FAIL(fault, got, "%s", why.text);
        } else {
            judgement->file_count++;
        }
    }
    return ERR_OK;
}

static size_t
processors(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);

    if (count < 1) {
        return 1;
    }
    return count > CHECKER_PARALLEL_MAX ? CHECKER_PARALLEL_MAX : (size_t)count;
}

/* Let the checkers read the files; what they say becomes the decision's input. */
static enum err
check_files(struct arena *arena, const struct bench *bench, const struct input *inputs,
            struct decision_request *decision, struct fault *fault)
{
    size_t                 count = decision->file_count;
    struct check_request  *requests = ARENA_NEW(arena, struct check_request, count);
    struct checker_answer *answers = ARENA_NEW(arena, struct checker_answer, count);
    struct decision_file  *files = ARENA_NEW(arena, struct decision_file, count);
    struct checker_request request = {
        .files = requests, .file_count = count, .limits = checker_limits_default};

    if (requests == NULL || answers == NULL || files == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci");
    }
    for (size_t i = 0; i < count; i++) {
        requests[i] = (struct check_request){.bytes = inputs[i].bytes,
                                             .limits = &prescan_limits_default,
                                             .catalogue = bench->definitions.catalogue,
                                             .schemas = bench->definitions.schemas,
                                             .trust = bench->trust,
                                             .at = bench->at};
    }
    request.limits.parallel = processors();
    TRY(checker_run(arena, &request, answers, fault));
    for (size_t i = 0; i < count; i++) {
        bool done = answers[i].end == CHECKER_DONE;
        files[i] = (struct decision_file){.name = inputs[i].name,
                                          .bytes = inputs[i].bytes,
                                          .checked = done ? &answers[i].checked : NULL,
                                          .failure = str_of(checker_end_text(answers[i].end))};
        if (!done) {
            screen_complain(inputs[i].name, answers[i].fault.text);
        }
    }
    decision->files = files;
    return ERR_OK;
}

static enum err
join(struct arena *arena, const struct input *inputs, const struct decided_file *decided,
     struct judgement *judgement, struct fault *fault)
{
    struct judged_file *files = ARENA_NEW(arena, struct judged_file, judgement->file_count);

    if (files == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci");
    }
    for (size_t i = 0; i < judgement->file_count; i++) {
        files[i] = (struct judged_file){.input = &inputs[i], .decided = &decided[i]};
    }
    judgement->files = files;
    return ERR_OK;
}

/* The reports of all files together, by the rules between reports. */
static enum err
judge_sets(struct arena *arena, const struct bench *bench, enum environment environment,
           struct judgement *judgement, struct fault *fault)
{
    struct set_member *members = NULL;
    struct set_request request = {.catalogue = bench->definitions.catalogue,
                                  .rules = bench->definitions.sets,
                                  .environment = environment};
    size_t             count = 0;

    ENSURE(judgement->files != NULL);
    for (size_t i = 0; i < judgement->file_count; i++) {
        count += judgement->files[i].decided->report_count;
    }
    members = ARENA_NEW(arena, struct set_member, count + 1);
    if (members == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci");
    }
    request.members = members;
    for (size_t i = 0; i < judgement->file_count; i++) {
        const struct judged_file *file = &judgement->files[i];
        for (size_t r = 0; r < file->decided->report_count; r++) {
            members[request.member_count++] =
                (struct set_member){file->input, &file->decided->reports[r]};
        }
    }
    return set_groups_make(arena, &request, &judgement->sets, fault);
}

enum err
judgement_make(struct arena *arena, const struct validate_options *options, moment now,
               struct judgement *out, struct fault *fault)
{
    struct bench               bench = {0};
    struct judgement           judgement = {.trust_given = options->trust != NULL};
    struct input              *inputs = ARENA_NEW(arena, struct input, options->file_count);
    const struct decided_file *decided = NULL;

    if (inputs == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci");
    }
    TRY(prepare(arena, options, now, &bench, fault));
    TRY(read_files(arena, options, inputs, &judgement, fault));
    struct decision_request request = {.catalogue = bench.definitions.catalogue,
                                       .rules = bench.definitions.rules,
                                       .environment = options->environment,
                                       .trust_given = judgement.trust_given,
                                       .at = bench.at,
                                       .file_count = judgement.file_count};
    TRY(check_files(arena, &bench, inputs, &request, fault));
    TRY(decision_make(arena, &request, &decided, fault));
    TRY(join(arena, inputs, decided, &judgement, fault));
    TRY(judge_sets(arena, &bench, options->environment, &judgement, fault));
    judgement.at = bench.at;
    judgement.catalogue = bench.definitions.catalogue;
    *out = judgement;
    return ERR_OK;
}

void
judgement_count(struct judgement_tally *tally, const struct told_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        tally->by_severity[list->items[i].severity]++;
    }
    tally->proposed += list->proposed;
    tally->cut += list->cut;
}

struct judgement_tally
judgement_tally(const struct judgement *judgement)
{
    struct judgement_tally tally = {0};

    for (size_t i = 0; i < judgement->file_count; i++) {
        const struct decided_file *file = judgement->files[i].decided;
        judgement_count(&tally, &file->findings);
        for (size_t r = 0; r < file->report_count; r++) {
            judgement_count(&tally, &file->reports[r].findings);
        }
        tally.reports += file->report_count;
    }
    return tally;
}
