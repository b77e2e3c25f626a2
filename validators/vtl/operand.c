#include "validators/vtl/operand.h"

#include "validators/vtl/formula.h"

enum { CONSTANT_DIGITS_MAX = AMOUNT_DIGITS_MAX };

static const struct plan_instruction blank = {.a = PLAN_NONE, .b = PLAN_NONE, .c = PLAN_NONE};

/* "-12.50": 1250 negated, scale 2. */
static enum err
read_number(struct typing *typing, const struct node *node, amount_wide *number, int *scale)
{
    struct str fraction = node->text;
    struct str whole;
    int64_t    value = 0;
    int        digits = 0;

    (void)str_cut(&fraction, '.', &whole); /* an integer leaves no fraction */
    for (size_t i = 0; i < node->text.size && digits <= CONSTANT_DIGITS_MAX; i++) {
        char byte = node->text.data[i];
        if (byte >= '0' && byte <= '9') {
            digits += value == 0 && byte == '0' ? 0 : 1;
            value = value * 10 + (byte - '0');
        }
    }
    if (digits > CONSTANT_DIGITS_MAX || fraction.size > CONSTANT_DIGITS_MAX) {
        return problem_set(typing->problem, node->place, typing->fault,
                           "stała liczbowa ma więcej niż %d cyfr", CONSTANT_DIGITS_MAX);
    }
    *scale = (int)fraction.size;
    *number = node->text.data[0] == '-' ? -value : value;
    return ERR_OK;
}

enum err
operand_constant(struct typing *typing, const struct node *node, struct meaning *out)
{
    struct plan_instruction constant = blank;
    amount_wide             number = 0;
    int                     scale = 0;

    switch (node->kind) {
    case NODE_INTEGER:
    case NODE_NUMBER:
        TRY(read_number(typing, node, &number, &scale));
        out->type = node->kind == NODE_INTEGER ? MEANING_INTEGER : MEANING_NUMBER;
        out->at = code_number(typing->code, number, scale);
        return ERR_OK;
    case NODE_STRING:
        constant.op = PLAN_TEXT;
        constant.text = node->text;
        *out = (struct meaning){MEANING_STRING, code_emit(typing->code, constant)};
        return ERR_OK;
    case NODE_TRUE:
    case NODE_FALSE:
        constant.op = PLAN_TRUTH;
        constant.number = node->kind == NODE_TRUE ? VTL_TRUE : VTL_FALSE;
        *out = (struct meaning){MEANING_BOOLEAN, code_emit(typing->code, constant)};
        return ERR_OK;
    default:
        out->type = node->kind == NODE_NULL ? MEANING_NULL : MEANING_OMITTED;
        out->at = PLAN_NONE;
        return ERR_OK;
    }
}

enum err
operand_load(struct typing *typing, const struct node *node, uint32_t component,
             struct meaning *out)
{
    static const struct {
        enum plan_op      op;
        enum meaning_type type;
    } loads[] = {
        [VTL_NUMBER] = {PLAN_LOAD_NUMBER, MEANING_NUMBER },
        [VTL_INTEGER] = {PLAN_LOAD_NUMBER, MEANING_INTEGER},
        [VTL_STRING] = {PLAN_LOAD_TEXT,   MEANING_STRING },
        [VTL_BOOLEAN] = {PLAN_LOAD_TRUTH,  MEANING_BOOLEAN},
        [VTL_TIME_PERIOD] = {PLAN_LOAD_NUMBER, MEANING_PERIOD },
    };
    static const plan_bound bounds[] = {
        [VTL_WIDTH_AMOUNT] = (plan_bound)AMOUNT_MAX,
        [VTL_WIDTH_LONG] = (plan_bound)INT64_MAX,
        [VTL_WIDTH_WIDE] = PLAN_WIDE_MAX,
    };
    const uint8_t              *widths = typing->binding->widths;
    uint8_t                     width = widths == NULL ? VTL_WIDTH_AMOUNT : widths[component];
    const struct vtl_component *it = &typing->binding->structure.components[component];
    struct plan_instruction     instruction = blank;

    ENSURE((size_t)it->type < ARRAY_COUNT(loads));
    if (it->scale < 0 || it->scale > VTL_SCALE_MAX) {
        return problem_set(typing->problem, node->place, typing->fault,
                           "składowa „%.*s” ma więcej niż %d miejsc po przecinku",
                           STR_ARG(it->name), VTL_SCALE_MAX);
    }
    instruction.op = width == VTL_WIDTH_WIDE ? PLAN_LOAD_WIDE : loads[it->type].op;
    instruction.index = component;
    instruction.scale = it->type == VTL_NUMBER ? it->scale : 0;
    instruction.bound = bounds[width];
    *out = (struct meaning){loads[it->type].type, code_emit(typing->code, instruction)};
    typing->components |= component < VTL_COMPONENTS_MAX ? UINT64_C(1) << component : 0;
    return ERR_OK;
}

/* A name that is no variable of the ruleset: say why. */
static enum err
refuse_name(struct typing *typing, const struct node *node)
{
    for (size_t i = 0; i < typing->ruleset->variable_count; i++) {
        const struct script_variable *variable = &typing->ruleset->variables[i];
        if (str_equal(variable->name, node->text)) {
            return problem_set(typing->problem, node->place, typing->fault,
                               "zmienna „%.*s” ma w nagłówku zestawu nazwę zastępczą „%.*s”; użyj "
                               "jej",
                               STR_ARG(node->text), STR_ARG(variable->alias));
        }
    }
    return problem_set(typing->problem, node->place, typing->fault,
                       "„%.*s” nie jest zmienną z nagłówka zestawu; dopisz ją po „variable” albo "
                       "popraw nazwę",
                       STR_ARG(node->text));
}

/* A name in a formula. */
static enum err
find_component(struct typing *typing, const struct node *node, struct meaning *out)
{
    const struct formula_source *source = typing->source;
    bool                         qualified = node->kind == NODE_QUALIFIED;
    struct str alias = qualified ? script_child(typing->script, node, 0)->text : (struct str){0};
    size_t     component = source->find(source->names, alias, node->text);

    if (component != SIZE_MAX) {
        return operand_load(typing, node, (uint32_t)component, out);
    }
    return problem_set(typing->problem, node->place, typing->fault,
                       "zbiór danych nie ma składowej „%.*s%s%.*s”; wielkie i małe litery się "
                       "różnią",
                       STR_ARG(alias), qualified ? "#" : "", STR_ARG(node->text));
}

enum err
operand_variable(struct typing *typing, const struct node *node, struct meaning *out)
{
    const struct vtl_structure *structure = &typing->binding->structure;
    struct str                  name = {0};

    if (typing->source != NULL) {
        return find_component(typing, node, out);
    }
    if (node->kind == NODE_QUALIFIED) {
        return problem_set(typing->problem, node->place, typing->fault,
                           "w regule stoi sama nazwa zmiennej, bez nazwy zbioru i „#”");
    }
    for (size_t i = 0; i < typing->ruleset->variable_count; i++) {
        if (str_equal(typing->ruleset->variables[i].alias, node->text)) {
            name = typing->ruleset->variables[i].name;
        }
    }
    for (uint32_t i = 0; name.data != NULL && i < structure->count; i++) {
        if (str_equal(structure->components[i].name, name)) {
            return operand_load(typing, node, i, out);
        }
    }
    return refuse_name(typing, node);
}

/* start >= 1 and length >= 0, if written as constants. */
static enum err
check_range(struct typing *typing, const struct node *node, size_t argument, uint32_t at)
{
    const struct plan_instruction *value = &typing->code->instructions[at];

    if (value->op == PLAN_NUMBER && !value->null && value->number < (argument == 1 ? 1 : 0)) {
        return problem_set(typing->problem, meaning_place(typing, node, argument), typing->fault,
                           argument == 1 ? "„substr” liczy znaki od 1"
                                         : "„substr” nie przyjmuje ujemnej liczby znaków");
    }
    return ERR_OK;
}

/* start or length: an integer that is proven to be narrow. */
static enum err
substr_argument(struct typing *typing, const struct node *node, size_t argument, uint32_t *out)
{
    if (meaning_child(typing, node, argument).type == MEANING_OMITTED) {
        return ERR_OK;
    }
    TRY(meaning_need(typing, node, argument, MEANING_INTEGER, out));
    if (typing->code->full) { /* *out names nothing; whoever binds asks at the end */
        return ERR_OK;
    }
    if (plan_class(typing->code->instructions[*out].op) != PLAN_CLASS_NARROW) {
        return problem_set(typing->problem, meaning_place(typing, node, argument), typing->fault,
                           "wyrażenie jest za szerokie na liczbę znaków w „substr”");
    }
    return check_range(typing, node, argument, *out);
}

static enum err
type_substr(struct typing *typing, const struct node *node, struct meaning *out)
{
    uint32_t arguments[3] = {PLAN_NONE, PLAN_NONE, PLAN_NONE};

    TRY(meaning_need(typing, node, 0, MEANING_STRING, &arguments[0]));
    for (size_t i = 1; i < node->count; i++) {
        TRY(substr_argument(typing, node, i, &arguments[i]));
    }
    if (arguments[1] == PLAN_NONE) {
        arguments[1] = code_number(typing->code, 1, 0);
    }
    *out = (struct meaning){MEANING_STRING, code_other(typing->code, PLAN_SUBSTR, arguments[0],
                                                       arguments[1], arguments[2])};
    return ERR_OK;
}

static uint32_t
emit_length(struct typing *typing, uint32_t a)
{
    struct plan_instruction length = blank;

    length.op = PLAN_LENGTH;
    length.a = a;
    length.bound = (plan_bound)UINT32_MAX;
    return code_emit(typing->code, length);
}

enum err
operand_string(struct typing *typing, const struct node *node, struct meaning *out)
{
    static const enum plan_op ops[] = {
        [NODE_CONCAT] = PLAN_CONCAT, [NODE_UPPER] = PLAN_UPPER, [NODE_LOWER] = PLAN_LOWER,
        [NODE_TRIM] = PLAN_TRIM,     [NODE_LTRIM] = PLAN_LTRIM, [NODE_RTRIM] = PLAN_RTRIM,
    };
    uint32_t a = 0;
    uint32_t b = PLAN_NONE;

    if (node->kind == NODE_SUBSTR) {
        return type_substr(typing, node, out);
    }
    TRY(meaning_need(typing, node, 0, MEANING_STRING, &a));
    if (node->kind == NODE_LENGTH) {
        *out = (struct meaning){MEANING_INTEGER, emit_length(typing, a)};
        return ERR_OK;
    }
    if (node->kind == NODE_CONCAT) {
        TRY(meaning_need(typing, node, 1, MEANING_STRING, &b));
    }
    *out = (struct meaning){MEANING_STRING, code_truth(typing->code, ops[node->kind], a, b)};
    return ERR_OK;
}

static void
sort_texts(struct str *texts, size_t count)
{
    /* Shell's sort: sets are written by hand, and qsort may allocate. */
    for (size_t gap = count / 2; gap > 0; gap /= 2) {
        for (size_t i = gap; i < count; i++) {
            struct str moved = texts[i];
            size_t     at = i;
            for (; at >= gap && str_compare(texts[at - gap], moved) > 0; at -= gap) {
                texts[at] = texts[at - gap];
            }
            texts[at] = moved;
        }
    }
}

static enum err
string_set(struct typing *typing, const struct node *node, uint32_t *out)
{
    struct plan_instruction in = blank;
    size_t                  count = node->count - 1;
    struct str             *texts = ARENA_NEW(typing->code->arena, struct str, count);

    if (texts == NULL) {
        return FAIL(typing->fault, ERR_MEMORY, "set of %zu strings", count);
    }
    TRY(meaning_need(typing, node, 0, MEANING_STRING, &in.a));
    for (size_t i = 0; i < count; i++) {
        uint32_t ignored = 0;
        TRY(meaning_need(typing, node, i + 1, MEANING_STRING, &ignored));
        texts[i] = typing->script->nodes[typing->script->links[node->first + i + 1]].text;
    }
    sort_texts(texts, count);
    in.op = PLAN_IN_SET;
    in.index = (uint32_t)typing->set_count;
    typing->sets[typing->set_count++] = (struct vtl_domain_values){texts, count};
    *out = code_emit(typing->code, in);
    return ERR_OK;
}

/* x = 1 or x = 2 or ... */
static enum err
other_set(struct typing *typing, const struct node *node, enum meaning_type type, uint32_t *out)
{
    uint32_t operand = 0;
    uint32_t found = PLAN_NONE;

    TRY(meaning_need(typing, node, 0, type, &operand));
    for (size_t i = 1; i < node->count; i++) {
        uint32_t member = 0;
        TRY(meaning_need(typing, node, i, type, &member));
        uint32_t equal = type == MEANING_BOOLEAN
                             ? code_truth(typing->code, PLAN_TRUTH_EQUAL, operand, member)
                             : code_compare(typing->code, PLAN_EQUAL, operand, member);
        found = found == PLAN_NONE ? equal : code_truth(typing->code, PLAN_OR, found, equal);
    }
    *out = found;
    return ERR_OK;
}

static enum err
in_set(struct typing *typing, const struct node *node, uint32_t *out)
{
    enum meaning_type type = meaning_child(typing, node, 0).type;

    for (size_t i = 1; i < node->count; i++) {
        if (meaning_child(typing, node, i).type == MEANING_NULL) {
            return problem_set(typing->problem, meaning_place(typing, node, i), typing->fault,
                               "zbiór nie może zawierać null; do pytania o brak wartości służy "
                               "„isnull”");
        }
    }
    if (type == MEANING_NULL) {
        type = meaning_child(typing, node, 1).type;
    }
    if (type == MEANING_STRING) {
        return string_set(typing, node, out);
    }
    return other_set(typing, node, meaning_is_number(type) ? MEANING_NUMBER : type, out);
}

static enum err
in_domain(struct typing *typing, const struct node *node, uint32_t *out)
{
    const struct vtl_domains *domains = &typing->binding->domains;
    struct plan_instruction   in = blank;
    struct node               named = *node; /* messages name the operator, not the domain */

    named.text = node->kind == NODE_IN_DOMAIN ? STR("in") : STR("not_in");
    TRY(meaning_need(typing, &named, 0, MEANING_STRING, &in.a));
    in.op = PLAN_IN_DOMAIN;
    for (uint32_t i = 0; i < domains->count; i++) {
        if (str_equal(domains->names[i], node->text)) {
            in.index = i;
            *out = code_emit(typing->code, in);
            return ERR_OK;
        }
    }
    return problem_set(
        typing->problem, node->place, typing->fault,
        "dziedzina wartości „%.*s” nie jest znana; popraw nazwę albo wypisz wartości "
        "w nawiasach { }",
        STR_ARG(node->text));
}

enum err
operand_membership(struct typing *typing, const struct node *node, struct meaning *out)
{
    bool negated = node->kind == NODE_NOT_IN_SET || node->kind == NODE_NOT_IN_DOMAIN;

    out->type = MEANING_BOOLEAN;
    if (node->kind == NODE_IN_SET || node->kind == NODE_NOT_IN_SET) {
        TRY(in_set(typing, node, &out->at));
    } else {
        TRY(in_domain(typing, node, &out->at));
    }
    if (negated) {
        out->at = code_truth(typing->code, PLAN_NOT, out->at, PLAN_NONE);
    }
    return ERR_OK;
}
