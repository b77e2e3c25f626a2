#include "tests/support/judging.h"

#include "gateway/checker/checker.h"
#include "gateway/definitions/definitions.h"
#include "validators/signature/signature.h"

#include <string.h>

enum { FILES_MAX = 2 };

#define ROOM ((size_t)256 << 20U)
#define ARRIVAL INT64_C(1784930399) /* 2026-07-24 23:59:59 */

static struct arena           *kept;
static struct definitions      definitions;
static struct authority       *authority;
static struct signature_trust *trust;

int
judging_load(void **state)
{
    struct fault fault = {0};
    struct str   pem = {0};

    (void)state;
    kept = arena_create(ROOM);
    ENSURE(definitions_load(kept, NULL, &definitions, &fault) == ERR_OK);
    ENSURE(authority_open(kept, KEY_FOLDER, &authority, &fault) == ERR_OK);
    ENSURE(authority_pem(kept, authority, AUTHORITY_CA, &pem, &fault) == ERR_OK);
    ENSURE(signature_trust_parse(kept, pem, &trust, &fault) == ERR_OK);
    return 0;
}

int
judging_unload(void **state)
{
    (void)state;
    arena_destroy(kept);
    return 0;
}

const struct authority *
judging_authority(void)
{
    return authority;
}

static const struct decided_file *
decide(struct arena *arena, const struct str *files, size_t count,
       const struct decision_unit *units, const struct objection *objection)
{
    struct check_request       requests[FILES_MAX];
    struct checker_answer     *answers = ARENA_NEW(arena, struct checker_answer, FILES_MAX);
    struct decision_file       checked[FILES_MAX];
    const struct decided_file *decided = NULL;
    struct fault               fault = {0};

    ENSURE(count <= FILES_MAX && answers != NULL);
    for (size_t i = 0; i < count; i++) {
        requests[i] = (struct check_request){.bytes = files[i],
                                             .limits = &prescan_limits_default,
                                             .catalogue = definitions.catalogue,
                                             .schemas = definitions.schemas,
                                             .trust = trust,
                                             .at = ARRIVAL};
    }
    const struct checker_request check = {
        .files = requests, .file_count = count, .limits = checker_limits_default};
    checker_run_here(arena, &check, answers);
    for (size_t i = 0; i < count; i++) {
        ENSURE(answers[i].end == CHECKER_DONE);
        checked[i] = (struct decision_file){.name = str_format(arena, "%zu", i),
                                            .bytes = files[i],
                                            .checked = &answers[i].checked,
                                            .units = units};
        checked[i].objection = objection == NULL ? (struct objection){0} : *objection;
    }
    const struct decision_request request = {.catalogue = definitions.catalogue,
                                             .rules = definitions.rules,
                                             .environment = ENVIRONMENT_TEST,
                                             .trust_given = true,
                                             .at = ARRIVAL,
                                             .files = checked,
                                             .file_count = count};
    ENSURE(decision_make(arena, &request, &decided, &fault) == ERR_OK);
    return decided;
}

const struct decided_file *
judging_decide(struct arena *arena, const struct str *files, size_t count)
{
    return decide(arena, files, count, NULL, NULL);
}

const struct decided_file *
judging_decide_registered(struct arena *arena, struct str file, const struct decision_unit *units)
{
    return decide(arena, &file, 1, units, NULL);
}

const struct decided_file *
judging_decide_objected(struct arena *arena, struct str file, const struct objection *objection)
{
    return decide(arena, &file, 1, NULL, objection);
}

const struct decided_file *
judging_tell_predecessors(struct arena *arena, struct str file, const struct decided_file *decided,
                          const struct predecessor *predecessors)
{
    const struct predecessor_request request = {.catalogue = definitions.catalogue,
                                                .environment = ENVIRONMENT_TEST,
                                                .trust_given = true,
                                                .bytes = file,
                                                .arrived = JUDGING_ARRIVED,
                                                .predecessors = predecessors};
    const struct decided_file       *out = NULL;
    struct fault                     fault = {0};

    ENSURE(predecessor_tell(arena, &request, decided, &out, &fault) == ERR_OK);
    return out;
}

const struct decided_report *
judging_report(const struct decided_file *file, struct str id)
{
    size_t i = 0;

    while (i < file->report_count && !str_equal(file->reports[i].report->id, id)) {
        i++;
    }
    ENSURE(i < file->report_count);
    return &file->reports[i];
}

const struct told *
judging_told(const struct told_list *list, const char *code)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i].finding.code, code) == 0) {
            return &list->items[i];
        }
    }
    return NULL;
}

const char *
judging_verdict(enum verdict verdict)
{
    static const char *const names[] = {[VERDICT_ACCEPTED] = "accepted",
                                        [VERDICT_HELD] = "held",
                                        [VERDICT_UNDECIDED] = "undecided",
                                        [VERDICT_REJECTED] = "rejected"};

    return names[verdict];
}
