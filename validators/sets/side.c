#include "validators/sets/side.h"

#include "validators/sets/scheme.h"
#include "validators/vtl/script.h"

/* A sum is taken apart from a list of what is left of it. */
enum { PIECES_MAX = 64 };

struct piece {
    const struct node *node;
    int                sign;
};

struct reading {
    const struct vtl_script    *script;
    const struct evaluation    *evaluation;
    const struct vtl_statement *statement;
    const struct node          *join;
    struct piece                pieces[PIECES_MAX];
    size_t                      piece_count;
    struct side                 side;
};

/* The one node of a kind (and a text, unless that is empty) in the statement; NULL: none, several.
 */
static const struct node *
find_one(const struct reading *reading, enum node_kind kind, struct str text)
{
    const struct node *found = NULL;

    for (uint32_t i = reading->statement->first; i <= reading->statement->root; i++) {
        const struct node *node = &reading->script->nodes[i];
        if (node->kind != kind || (text.size > 0 && !str_equal(node->text, text))) {
            continue;
        }
        if (found != NULL) {
            return NULL;
        }
        found = node;
    }
    return found;
}

/* An earlier result of this name; NULL: the operand of the join is none. */
static const struct relation *
find_result(const struct reading *reading, struct str name)
{
    size_t last = reading->evaluation->result_count - 1;

    for (size_t i = 0; i < last; i++) {
        if (str_equal(reading->evaluation->results[i].name, name)) {
            return &reading->evaluation->results[i].relation;
        }
    }
    return NULL;
}

static bool
has_measure(const struct relation *relation, struct str name)
{
    size_t at = relation_find(relation, name);

    return at != RELATION_NONE && relation->components[at].role == RELATION_MEASURE;
}

/* The lanes of the operand that has the measure, once. */
static void
take_measure(struct reading *reading, struct str name, int sign)
{
    size_t lane = 0;
    bool   taken = false;

    for (uint32_t i = 0; i < reading->join->count; i++) {
        const struct node *operand = script_child(reading->script, reading->join, i);
        const struct node *of =
            operand->kind == NODE_OPERAND ? script_child(reading->script, operand, 0) : NULL;
        const struct relation *relation =
            of != NULL && of->kind == NODE_NAME ? find_result(reading, of->text) : NULL;
        if (relation == NULL || relation->lane_count > RELATION_LANES_MAX - lane) {
            break;
        }
        bool has = has_measure(relation, name);
        for (size_t j = 0; has && j < relation->lane_count; j++) {
            reading->side.known = reading->side.known && reading->side.signs[lane + j] == 0;
            reading->side.signs[lane + j] = sign;
        }
        taken = taken || has;
        lane += relation->lane_count;
    }
    reading->side.known = reading->side.known && taken;
}

static void
push(struct reading *reading, const struct node *parent, uint32_t child, int sign)
{
    if (reading->piece_count == PIECES_MAX) {
        reading->side.known = false;
        return;
    }
    reading->pieces[reading->piece_count++] =
        (struct piece){script_child(reading->script, parent, child), sign};
}

static bool
is_zero(const struct node *node)
{
    return node->kind == NODE_INTEGER && str_equal(node->text, STR("0"));
}

static void
take(struct reading *reading, struct piece piece)
{
    const struct node *node = piece.node;

    switch (node->kind) {
    case NODE_ADD:
    case NODE_SUBTRACT:
        push(reading, node, 0, piece.sign);
        push(reading, node, 1, node->kind == NODE_ADD ? piece.sign : -piece.sign);
        break;
    case NODE_MINUS:
        push(reading, node, 0, -piece.sign);
        break;
    case NODE_NVL:
        reading->side.known =
            reading->side.known && is_zero(script_child(reading->script, node, 1));
        push(reading, node, 0, piece.sign);
        break;
    case NODE_NAME:
        take_measure(reading, node->text, piece.sign);
        break;
    default:
        reading->side.known = reading->side.known && is_zero(node);
    }
}

struct side
side_find(const struct vtl_script *script, const struct evaluation *evaluation)
{
    struct reading reading = {
        .script = script,
        .evaluation = evaluation,
        .statement = &script->statements[script->statement_count - 1],
        .side.known = true,
    };
    const struct node *assign = find_one(&reading, NODE_ASSIGN, SCHEME_EXPECTED);

    reading.join = find_one(&reading, NODE_JOIN, (struct str){0});
    if (assign == NULL || reading.join == NULL) {
        return (struct side){0};
    }
    push(&reading, assign, 0, 1);
    while (reading.piece_count > 0 && reading.side.known) {
        reading.piece_count--;
        take(&reading, reading.pieces[reading.piece_count]);
    }
    return reading.side.known ? reading.side : (struct side){0};
}
