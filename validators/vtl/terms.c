#include "validators/vtl/terms.h"

#include "validators/vtl/plan.h"

/* What is still to be taken apart. */
struct piece {
    uint32_t    instruction;
    struct term term; /* with its signs so far; the component is not known yet */
};

/* One side while it is taken apart, the leftmost piece on top. */
struct walk {
    const struct vtl_plan *plan;
    struct piece           pieces[TERMS_MAX];
    size_t                 piece_count;
    struct term           *terms;
    size_t                 term_count;
    bool                   linear; /* nothing but a sum was found so far */
};

static void
push(struct walk *walk, uint32_t instruction, struct term term)
{
    if (walk->piece_count + walk->term_count == TERMS_MAX) {
        walk->linear = false;
        return;
    }
    walk->pieces[walk->piece_count] = (struct piece){.instruction = instruction, .term = term};
    walk->piece_count++;
}

static bool
is_constant(const struct plan_instruction *in)
{
    return (in->op == PLAN_NUMBER || in->op == PLAN_WIDE_NUMBER) && !in->null;
}

static bool
is_zero(const struct plan_instruction *in)
{
    return is_constant(in) && in->number == 0;
}

/* The number one, whatever its scale: how a plan gives a number more digits. */
static bool
is_one(const struct plan_instruction *in)
{
    amount_wide one = 1;

    for (int i = 0; i < in->scale; i++) {
        one *= 10;
    }
    return is_constant(in) && in->number == one;
}

static void
split(struct walk *walk, const struct piece *piece, const struct plan_instruction *in, bool taken)
{
    struct term other = piece->term;

    /* |a + b| is not |a| + |b|. */
    walk->linear = walk->linear && !piece->term.absolute;
    other.negative ^= taken;
    push(walk, in->b, other);
    push(walk, in->a, piece->term);
}

static void
keep(struct walk *walk, struct term term, uint32_t component)
{
    term.component = component;
    walk->terms[walk->term_count] = term;
    walk->term_count++;
}

/* What an instruction means for a sum; whatever is not named here is none. */
enum step {
    STEP_END,
    STEP_CONSTANT,
    STEP_LOAD,
    STEP_ADD,
    STEP_SUBTRACT,
    STEP_WIDEN,
    STEP_NVL,
    STEP_MULTIPLY,
    STEP_ABS
};

static const uint8_t steps[PLAN_OPS] = {
    [PLAN_NUMBER] = STEP_CONSTANT,   [PLAN_WIDE_NUMBER] = STEP_CONSTANT,
    [PLAN_LOAD_NUMBER] = STEP_LOAD,  [PLAN_LOAD_WIDE] = STEP_LOAD,
    [PLAN_ADD] = STEP_ADD,           [PLAN_WIDE_ADD] = STEP_ADD,
    [PLAN_SUBTRACT] = STEP_SUBTRACT, [PLAN_WIDE_SUBTRACT] = STEP_SUBTRACT,
    [PLAN_NVL] = STEP_NVL,           [PLAN_WIDE_NVL] = STEP_NVL,
    [PLAN_MULTIPLY] = STEP_MULTIPLY, [PLAN_WIDE_MULTIPLY] = STEP_MULTIPLY,
    [PLAN_ABS] = STEP_ABS,           [PLAN_WIDE_ABS] = STEP_ABS,
    [PLAN_WIDEN] = STEP_WIDEN,
};

/* The same piece without what stands round it; an end of the sum where that would change it. */
static void
unwrap(struct walk *walk, const struct piece *piece, const struct plan_instruction *in, bool same)
{
    struct term term = piece->term;

    term.absolute = term.absolute || steps[in->op] == STEP_ABS;
    walk->linear = walk->linear && same;
    push(walk, in->a, term);
}

static void
take(struct walk *walk, const struct piece *piece)
{
    const struct plan_instruction *in = &walk->plan->instructions[piece->instruction];
    const struct plan_instruction *second =
        &walk->plan->instructions[in->b == PLAN_NONE ? 0 : in->b];

    switch (steps[in->op]) {
    case STEP_CONSTANT:
        walk->linear = walk->linear && is_zero(in);
        break;
    case STEP_LOAD:
        keep(walk, piece->term, in->index);
        break;
    case STEP_ADD:
        split(walk, piece, in, false);
        break;
    case STEP_SUBTRACT:
        split(walk, piece, in, true);
        break;
    case STEP_WIDEN:
    case STEP_ABS:
        unwrap(walk, piece, in, true);
        break;
    case STEP_NVL:
        unwrap(walk, piece, in, is_zero(second));
        break;
    case STEP_MULTIPLY:
        unwrap(walk, piece, in, is_one(second));
        break;
    default:
        walk->linear = false;
    }
}

size_t
terms_find(const struct vtl_plan *plan, size_t rule, enum terms_side side, struct term *out)
{
    const struct plan_rule *of = &plan->rules[rule];
    struct walk             walk = {.plan = plan, .terms = out, .linear = of->rule.compares};

    if (walk.linear) {
        push(&walk, side == TERMS_LEFT ? of->left : of->right, (struct term){0});
    }
    while (walk.linear && walk.piece_count > 0) {
        struct piece piece = walk.pieces[--walk.piece_count];
        take(&walk, &piece);
    }
    return walk.linear && walk.term_count > 1 ? walk.term_count : 0;
}
