#include "validators/sets/judge.h"

#include "validators/evaluation/evaluation.h"
#include "validators/rules/domains.h"
#include "validators/sets/telling.h"

/* Datasets and registers of one set. Beyond it a rule is not evaluated. */
static const size_t scratch_max = (size_t)512 * 1024 * 1024;

struct session {
    struct arena                   *arena; /* of the judgement */
    const struct sets              *sets;
    const struct sets_facts        *facts;
    size_t                          only; /* rule, or JUDGE_ALL */
    struct presence                 presence;
    struct arena                   *scratch;
    struct vocabulary              *vocabulary;
    const struct vtl_domain_values *domain_values;
    struct dataset                  datasets[SETS_OPERANDS_MAX];
    bool                            filled[SETS_OPERANDS_MAX];
    struct sets_answer             *answers;
    size_t                          answer_count;
    struct sets_finding            *findings;
    size_t                          finding_count;
    size_t                          finding_capacity;
};

/* The rule's level is that of the report that it charges; any of its levels, if none is there. */
static enum severity
severity_of(const struct session *session, const struct sets_rule *rule)
{
    const struct presence_operand *charged = &session->presence.operands[rule->charges];
    struct str                     rest = session->sets->operands[rule->charges].levels;
    struct str                     level = {0};
    struct circumstances           circumstances = {.environment = (int)session->facts->environment,
                                                    .period_kind = (int)session->facts->key.period.kind,
                                                    .period_end = session->facts->key.period.end};

    (void)str_cut(&rest, ' ', &level);
    circumstances.level =
        charged->report_count > 0 ? session->facts->reports[charged->reports[0]].level : level;
    const struct applies *applies = entry_applies(rule->entry, &circumstances);
    return applies == NULL ? SEVERITY_OFF : applies->severity;
}

/* Whether this is the trouble of one rule, and no failure of the whole. */
static enum err
give_up(struct session *session, struct sets_answer *answer, const char *reason,
        struct fault *fault)
{
    answer->outcome = SETS_NOT_EVALUATED;
    answer->reason = str_copy(session->arena, str_of(reason));
    return answer->reason.data != NULL ? ERR_OK : FAIL(fault, ERR_MEMORY, "reason of a rule");
}

/* The columns of amounts that some rule of this judgement looks at. */
static uint32_t
columns_of(const struct session *session, size_t operand)
{
    const struct sets *sets = session->sets;
    uint32_t           columns = 0;

    for (size_t i = 0; i < sets->rule_count; i++) {
        const struct sets_rule *rule = &sets->rules[i];
        bool                    asked = session->only == JUDGE_ALL || session->only == i;
        if (asked && (rule->operands >> operand & 1) != 0
            && scheme_applies(sets, rule, &session->facts->key)) {
            columns |= rule->columns[operand];
        }
    }
    return columns;
}

/* ERR_LIMIT, ERR_MEMORY: of the engine. */
static enum err
fill_datasets(struct session *session, const struct sets_rule *rule,
              struct evaluation_dataset *datasets, size_t *count, struct fault *fault)
{
    for (size_t i = 0; i < session->sets->operand_count; i++) {
        const struct presence_operand *operand = &session->presence.operands[i];
        struct dataset                *dataset = &session->datasets[i];
        if ((rule->operands >> i & 1) == 0) {
            continue;
        }
        if (!session->filled[i]) {
            *dataset = (struct dataset){.reports = operand->reports,
                                        .report_count = operand->report_count,
                                        .all = session->facts->reports,
                                        .columns = columns_of(session, i)};
            TRY(dataset_fill(session->scratch, session->sets, i, session->vocabulary, dataset,
                             fault));
            session->filled[i] = true;
        }
        datasets[(*count)++] =
            (struct evaluation_dataset){session->sets->operands[i].name, dataset->relation, false};
    }
    return ERR_OK;
}

/* Why an operand cannot be read; NULL: all can. */
static const char *
find_unfit(const struct session *session, const struct sets_rule *rule)
{
    for (size_t i = 0; i < session->sets->operand_count; i++) {
        if ((rule->operands >> i & 1) != 0 && session->datasets[i].unfit != NULL) {
            return session->datasets[i].unfit;
        }
    }
    return NULL;
}

static enum err
prepare(struct session *session, struct fault *fault)
{
    if (session->vocabulary != NULL) {
        return ERR_OK;
    }
    TRY(vocabulary_create(session->scratch, session->facts->seed, &session->vocabulary, fault));
    return domains_values(session->scratch, session->sets->catalogue,
                          session->facts->key.period.end, &session->domain_values, fault);
}

/* Run the script of a rule. What fails here fails this rule alone. */
static enum err
run_rule(struct session *session, size_t number, struct relation *out, struct vtl_problem *problem)
{
    const struct sets_rule   *rule = &session->sets->rules[number];
    struct evaluation_dataset datasets[SETS_OPERANDS_MAX];
    struct evaluation         evaluation;
    struct fault              fault = {0};
    struct evaluation_world   world = {.datasets = datasets, .domains = session->sets->domains};

    TRY(prepare(session, &fault));
    TRY(fill_datasets(session, rule, datasets, &world.dataset_count, &fault));
    world.vocabulary = session->vocabulary;
    world.domain_values = session->domain_values;
    TRY(evaluation_run(session->scratch, session->sets->scripts[number], &world, &evaluation,
                       problem, &fault));
    *out = evaluation.results[evaluation.result_count - 1].relation;
    return ERR_OK;
}

/* Room for the rows of a result that do not agree: none, usually. */
static enum err
reserve_findings(struct session *session, const struct relation *result, struct fault *fault)
{
    size_t agrees = relation_find(result, SCHEME_AGREES);
    size_t failing = 0;

    for (size_t row = 0; row < result->row_count && failing < SETS_FINDINGS_OF_RULE_MAX; row++) {
        struct relation_value value = relation_value(result, agrees, row);
        failing += value.state == RELATION_PRESENT && value.number == 0 ? 1 : 0;
    }
    size_t room = session->finding_count + failing;
    if (room <= session->finding_capacity) {
        return ERR_OK;
    }
    struct sets_finding *findings = arena_extend(
        session->arena, session->findings, session->finding_capacity, room * 2, sizeof *findings);
    if (findings == NULL) {
        return FAIL(fault, ERR_MEMORY, "findings of a set");
    }
    session->findings = findings;
    session->finding_capacity = room * 2;
    return ERR_OK;
}

static enum err
evaluate(struct session *session, size_t number, struct sets_answer *answer, struct fault *fault)
{
    const struct sets_rule *rule = &session->sets->rules[number];
    struct relation         result = {0};
    struct vtl_problem      problem = {0};
    enum err                got = run_rule(session, number, &result, &problem);
    struct telling          telling = {.arena = session->arena,
                                       .scratch = session->scratch,
                                       .presence = &session->presence,
                                       .rule = rule,
                                       .severity = answer->severity,
                                       .datasets = session->datasets,
                                       .side = &session->sets->sides[number],
                                       .result = &result};

    if (got != ERR_OK) {
        return give_up(session, answer,
                       problem.line > 0 ? problem.text
                                        : "obliczenie przekroczyło granice silnika reguł",
                       fault);
    }
    if (find_unfit(session, rule) != NULL) {
        return give_up(session, answer, find_unfit(session, rule), fault);
    }
    TRY(reserve_findings(session, &result, fault));
    size_t before = session->finding_count;
    got = telling_result(&telling, answer, session->findings, &session->finding_count, fault);
    if (got == ERR_MEMORY) {
        session->finding_count = before;
        answer->compared = 0;
        answer->failing = 0;
        return give_up(session, answer, "różnic nie dało się opisać w przeznaczonej na to pamięci",
                       fault);
    }
    return got;
}

static enum err
judge_rule(struct session *session, size_t number, struct fault *fault)
{
    const struct sets_rule *rule = &session->sets->rules[number];
    struct sets_answer     *answer = &session->answers[session->answer_count];

    *answer = (struct sets_answer){.rule = rule, .severity = severity_of(session, rule)};
    if (answer->severity == SEVERITY_OFF) {
        return ERR_OK;
    }
    session->answer_count++;
    TRY(presence_outcome(session->arena, &session->presence, rule, answer, fault));
    return answer->outcome == SETS_HOLDS ? evaluate(session, number, answer, fault) : ERR_OK;
}

static enum sets_state
state_of(const struct session *session)
{
    enum sets_state state = SETS_CONSISTENT;
    bool            compared = false;

    for (size_t i = 0; i < session->answer_count; i++) {
        const struct sets_answer *answer = &session->answers[i];
        compared = compared || (answer->severity >= SEVERITY_WARNING && answer->compared > 0);
        if (answer->outcome == SETS_FAILS && answer->severity >= SEVERITY_WARNING) {
            return SETS_INCONSISTENT;
        }
        if (answer->severity >= SEVERITY_WARNING
            && (answer->outcome == SETS_PENDING || answer->outcome == SETS_NOT_EVALUATED)) {
            state = SETS_INCOMPLETE;
        }
    }
    return compared ? state : SETS_INCOMPLETE;
}

static enum err
judge(struct session *session, struct sets_judgement *out, struct fault *fault)
{
    const struct sets *sets = session->sets;

    session->answers = ARENA_NEW(session->arena, struct sets_answer, sets->rule_count + 1);
    if (session->answers == NULL) {
        return FAIL(fault, ERR_MEMORY, "answers of %zu rules", sets->rule_count);
    }
    TRY(presence_find(session->arena, sets, session->facts, &session->presence, fault));
    for (size_t i = 0; i < sets->rule_count; i++) {
        if ((session->only == JUDGE_ALL || session->only == i)
            && scheme_applies(sets, &sets->rules[i], &session->facts->key)) {
            TRY(judge_rule(session, i, fault));
        }
    }
    *out = (struct sets_judgement){.state = state_of(session),
                                   .answers = session->answers,
                                   .answer_count = session->answer_count,
                                   .findings = session->findings,
                                   .finding_count = session->finding_count};
    return ERR_OK;
}

enum err
judge_run(struct arena *arena, const struct sets *sets, const struct sets_facts *facts, size_t only,
          struct sets_judgement *out, struct fault *fault)
{
    struct session *session = ARENA_NEW(arena, struct session, 1);

    if (session == NULL) {
        return FAIL(fault, ERR_MEMORY, "a judgement");
    }
    session->arena = arena;
    session->sets = sets;
    session->facts = facts;
    session->only = only;
    session->scratch = arena_create(scratch_max);
    enum err got = judge(session, out, fault);
    arena_destroy(session->scratch);
    return got;
}

enum err
sets_judge(struct arena *arena, const struct sets *sets, const struct sets_facts *facts,
           struct sets_judgement *out, struct fault *fault)
{
    return judge_run(arena, sets, facts, JUDGE_ALL, out, fault);
}

enum err
sets_needs(struct arena *arena, const struct sets *sets, const struct sets_facts *facts,
           bool *needs, struct fault *fault)
{
    struct presence *presence = ARENA_NEW(arena, struct presence, 1);

    if (presence == NULL) {
        return FAIL(fault, ERR_MEMORY, "what a set reads");
    }
    TRY(presence_find(arena, sets, facts, presence, fault));
    for (size_t i = 0; i < facts->report_count; i++) {
        needs[i] = false;
    }
    for (size_t i = 0; i < sets->rule_count; i++) {
        struct sets_answer answer = {0};
        if (!scheme_applies(sets, &sets->rules[i], &facts->key)) {
            continue;
        }
        TRY(presence_outcome(arena, presence, &sets->rules[i], &answer, fault));
        for (size_t j = 0; answer.outcome == SETS_HOLDS && j < sets->operand_count; j++) {
            const struct presence_operand *operand = &presence->operands[j];
            bool                           read = (sets->rules[i].operands >> j & 1) != 0;
            for (size_t k = 0; read && k < operand->report_count; k++) {
                needs[operand->reports[k]] = true;
            }
        }
    }
    return ERR_OK;
}
