#include "validators/signature/c14n.h"

#include "validators/signature/bindings.h"
#include "validators/signature/output.h"
#include "validators/signature/plain.h"
#include "validators/signature/tag.h"

#include <stdlib.h>
#include <string.h>

struct walk {
    struct str           bytes;
    size_t               at;
    enum c14n_method     method;
    struct plain_nesting nesting;
    struct tag           tag;
    struct bindings      bindings;
    struct output        output;
};

/* One bit for each index of bindings. */
typedef uint32_t prefix_set;

_Static_assert(C14N_PREFIXES_MAX <= 32, "prefix_set has a bit for each prefix");

static struct str
rest_of(const struct walk *walk)
{
    return (struct str){walk->bytes.data + walk->at, walk->bytes.size - walk->at};
}

static int
compare_attributes(const void *a, const void *b)
{
    const struct tag_attribute *const *left = a;
    const struct tag_attribute *const *right = b;
    int                                by_space = str_compare((*left)->space, (*right)->space);

    return by_space != 0 ? by_space : str_compare((*left)->name, (*right)->name);
}

static enum err
declare_all(struct bindings *bindings, const struct element_declaration *declarations, size_t count,
            prefix_set *seen, struct fault *fault)
{
    for (size_t i = 0; i < count; i++) {
        size_t index = 0;
        TRY(bindings_declare(bindings, &declarations[i], &index, fault));
        *seen |= (prefix_set)1 << index;
    }
    return ERR_OK;
}

/* Give an attribute its namespace and note that the tag uses its prefix. */
static enum err
resolve_attribute(struct walk *walk, struct tag_attribute *attribute, prefix_set *used,
                  struct fault *fault)
{
    size_t index = 0;

    if (attribute->prefix.size == 0) {
        return ERR_OK; /* the default namespace is not for attributes */
    }
    TRY(bindings_find(&walk->bindings, attribute->prefix, &index, fault));
    attribute->space = walk->bindings.items[index].uri;
    if (attribute->space.size == 0) {
        return FAIL(fault, ERR_SYNTAX, "a namespace prefix that nobody declares");
    }
    *used |= (prefix_set)1 << index;
    return ERR_OK;
}

/* The prefixes that a tag visibly uses (Exclusive XML Canonicalization 1.0, 1.1). */
static enum err
resolve_names(struct walk *walk, prefix_set *used, struct fault *fault)
{
    size_t index = 0;

    TRY(bindings_find(&walk->bindings, walk->tag.prefix, &index, fault));
    if (index != BINDINGS_DEFAULT && walk->bindings.items[index].uri.size == 0) {
        return FAIL(fault, ERR_SYNTAX, "a namespace prefix that nobody declares");
    }
    *used |= (prefix_set)1 << index;
    for (size_t i = 0; i < walk->tag.attribute_count; i++) {
        TRY(resolve_attribute(walk, &walk->tag.attributes[i], used, fault));
    }
    return ERR_OK;
}

static bool
must_render(const struct walk *walk, size_t index)
{
    const struct binding *binding = &walk->bindings.items[index];

    return index != BINDINGS_XML && !str_equal(binding->uri, binding->rendered);
}

/* The bindings of `candidates` that the output lacks, sorted by prefix; returns their number. */
static size_t
choose_bindings(const struct walk *walk, prefix_set candidates, size_t *chosen)
{
    const struct binding *items = walk->bindings.items;
    size_t                count = 0;

    for (size_t index = 0; index < walk->bindings.count; index++) {
        if ((candidates >> index & 1U) == 0 || !must_render(walk, index)) {
            continue;
        }
        size_t at = count;
        while (at > 0 && str_compare(items[chosen[at - 1]].prefix, items[index].prefix) > 0) {
            chosen[at] = chosen[at - 1];
            at--;
        }
        chosen[at] = index;
        count++;
    }
    return count;
}

static enum err
write_declarations(struct walk *walk, const size_t *chosen, size_t count, struct fault *fault)
{
    for (size_t i = 0; i < count; i++) {
        const struct binding *binding = &walk->bindings.items[chosen[i]];
        output_bytes(&walk->output, binding->prefix.size == 0 ? STR(" xmlns") : STR(" xmlns:"));
        output_bytes(&walk->output, binding->prefix);
        output_bytes(&walk->output, STR("=\""));
        output_value(&walk->output, binding->uri);
        output_bytes(&walk->output, STR("\""));
        TRY(bindings_render(&walk->bindings, chosen[i], fault));
    }
    return ERR_OK;
}

static void
write_attributes(struct walk *walk)
{
    const struct tag_attribute *sorted[C14N_ATTRIBUTES_MAX];
    size_t                      count = walk->tag.attribute_count;

    for (size_t i = 0; i < count; i++) {
        sorted[i] = &walk->tag.attributes[i];
    }
    if (count > 1) {
        qsort(sorted, count, sizeof(const struct tag_attribute *), compare_attributes);
    }
    for (size_t i = 0; i < count; i++) {
        output_bytes(&walk->output, STR(" "));
        output_piece(&walk->output, sorted[i]->full);
        output_bytes(&walk->output, STR("=\""));
        output_value(&walk->output, sorted[i]->value);
        output_bytes(&walk->output, STR("\""));
    }
}

/* Declares what the tag declares and says which prefixes its output may have to declare. */
static enum err
find_candidates(struct walk *walk, prefix_set *candidates, struct fault *fault)
{
    prefix_set declared = 0;
    prefix_set used = 0;

    TRY(declare_all(&walk->bindings, walk->tag.declarations, walk->tag.declaration_count, &declared,
                    fault));
    TRY(resolve_names(walk, &used, fault));
    if (walk->method == C14N_EXCLUSIVE) {
        *candidates = used;
    } else {
        *candidates = walk->nesting.depth == 0 ? ~(prefix_set)0 : declared;
    }
    return ERR_OK;
}

/* "<a>": nothing between the name and '>'. */
static bool
is_bare(const struct tag *tag)
{
    return tag->raw.size == tag->full.size + 2;
}

static enum err
write_tag(struct walk *walk, struct fault *fault)
{
    struct tag *tag = &walk->tag;
    size_t      chosen[C14N_PREFIXES_MAX];
    prefix_set  candidates = 0;

    TRY(find_candidates(walk, &candidates, fault));
    size_t count = choose_bindings(walk, candidates, chosen);
    if (count == 0 && is_bare(tag)) {
        output_piece(&walk->output, tag->raw);
        return ERR_OK;
    }
    output_piece(&walk->output, str_slice(tag->raw, 0, tag->full.size + 1));
    TRY(write_declarations(walk, chosen, count, fault));
    write_attributes(walk);
    output_bytes(&walk->output, STR(">"));
    if (tag->empty) {
        output_bytes(&walk->output, STR("</"));
        output_piece(&walk->output, tag->full);
        output_bytes(&walk->output, STR(">"));
    }
    return ERR_OK;
}

static enum err
take_start_tag(struct walk *walk, struct fault *fault)
{
    size_t mark = walk->bindings.change_count;

    if (walk->nesting.depth == C14N_DEPTH_MAX) {
        return FAIL(fault, ERR_LIMIT, "elements nested deeper than %d", C14N_DEPTH_MAX);
    }
    TRY(tag_read(rest_of(walk), &walk->tag, fault));
    TRY(write_tag(walk, fault));
    walk->at += walk->tag.raw.size;
    if (walk->tag.empty) {
        bindings_undo(&walk->bindings, mark);
        return ERR_OK;
    }
    walk->nesting.open[walk->nesting.depth] =
        (struct plain_open){.name = walk->tag.full, .mark = mark};
    walk->nesting.depth++;
    return ERR_OK;
}

static enum err
take_end_tag(struct walk *walk, struct fault *fault)
{
    struct str  rest = rest_of(walk);
    const char *end = memchr(rest.data, '>', rest.size);

    ENSURE(walk->nesting.depth > 0);
    const struct plain_open *open = &walk->nesting.open[walk->nesting.depth - 1];
    struct str               name = str_slice(rest, 2, open->name.size);
    if (end == NULL || !str_equal(name, open->name)
        || str_trim(str_slice(rest, 2 + name.size, (size_t)(end - rest.data) - 2 - name.size)).size
               != 0) {
        return FAIL(fault, ERR_SYNTAX, "an end tag that fits no start tag");
    }
    size_t size = (size_t)(end - rest.data) + 1;
    output_piece(&walk->output, str_slice(rest, 0, 2 + name.size));
    output_piece(&walk->output, str_slice(rest, size - 1, 1));
    bindings_undo(&walk->bindings, open->mark);
    walk->nesting.depth--;
    walk->at += size;
    return ERR_OK;
}

/* What stands between two marks; moves behind the second. */
static enum err
take_between(struct walk *walk, struct str begin, struct str end, struct str *inside,
             struct fault *fault)
{
    struct str  rest = rest_of(walk);
    struct str  behind = str_slice(rest, begin.size, rest.size);
    const char *found =
        behind.size == 0 ? NULL : memmem(behind.data, behind.size, end.data, end.size);

    if (found == NULL) {
        return FAIL(fault, ERR_SYNTAX, "\"%.*s\" without \"%.*s\"", STR_ARG(begin), STR_ARG(end));
    }
    *inside = str_slice(behind, 0, (size_t)(found - behind.data));
    walk->at += begin.size + inside->size + end.size;
    return ERR_OK;
}

static enum err
take_instruction(struct walk *walk, struct fault *fault)
{
    struct str inside = {0};

    TRY(take_between(walk, STR("<?"), STR("?>"), &inside, fault));
    struct str target = str_slice(inside, 0, tag_name_size(inside));
    size_t     at = target.size;
    while (at < inside.size && strchr(" \t\r\n", inside.data[at]) != NULL) {
        at++;
    }
    output_bytes(&walk->output, STR("<?"));
    output_piece(&walk->output, target);
    if (at < inside.size) {
        output_bytes(&walk->output, STR(" "));
        output_instruction(&walk->output, str_slice(inside, at, inside.size));
    }
    output_bytes(&walk->output, STR("?>"));
    return ERR_OK;
}

/* "<!": a comment or a CDATA section. */
static enum err
take_section(struct walk *walk, struct fault *fault)
{
    struct str inside = {0};

    if (str_starts_with(rest_of(walk), STR("<!--"))) {
        return take_between(walk, STR("<!--"), STR("-->"), &inside, fault);
    }
    TRY(take_between(walk, STR("<![CDATA["), STR("]]>"), &inside, fault));
    output_section(&walk->output, inside);
    return ERR_OK;
}

static enum err
take_markup(struct walk *walk, struct fault *fault)
{
    struct str rest = rest_of(walk);
    char       kind = rest.data[rest.size > 1 ? 1 : 0];

    if (kind == '/') {
        return take_end_tag(walk, fault);
    }
    if (kind == '!') {
        return take_section(walk, fault);
    }
    return kind == '?' ? take_instruction(walk, fault) : take_start_tag(walk, fault);
}

static enum err
take_text(struct walk *walk, struct fault *fault)
{
    struct str  rest = rest_of(walk);
    const char *markup = memchr(rest.data, '<', rest.size);

    if (markup == NULL) {
        return FAIL(fault, ERR_SYNTAX, "text behind the last tag");
    }
    struct str text = {rest.data, (size_t)(markup - rest.data)};
    output_text(&walk->output, text);
    walk->at += text.size;
    return ERR_OK;
}

static enum err
check_output(const struct walk *walk, struct fault *fault)
{
    enum err failure = output_failure(&walk->output);

    return failure == ERR_OK ? ERR_OK : FAIL(fault, failure, "canonical XML at byte %zu", walk->at);
}

/*
 * The plain part that stands here, if any. A tag without attributes and prefix calls for no
 * declaration when it is not the apex and the default namespace is in the output as it should be.
 */
static void
take_plain(struct walk *walk)
{
    if (walk->method == C14N_INCLUSIVE || !must_render(walk, BINDINGS_DEFAULT)) {
        struct str rest = rest_of(walk);
        size_t     size = plain_take(rest, &walk->nesting, walk->bindings.change_count);
        output_piece(&walk->output, (struct str){rest.data, size});
        walk->at += size;
    }
}

static enum err
take_next(struct walk *walk, struct fault *fault)
{
    take_plain(walk);
    if (walk->nesting.depth == 0) {
        return ERR_OK;
    }
    TRY(check_output(walk, fault));
    if (walk->at >= walk->bytes.size) {
        return FAIL(fault, ERR_SYNTAX, "an element that does not end");
    }
    return walk->bytes.data[walk->at] == '<' ? take_markup(walk, fault) : take_text(walk, fault);
}

enum err
c14n_write(const struct c14n_request *request, const struct c14n_sink *sink, struct fault *fault)
{
    struct walk walk;
    prefix_set  outer = 0;

    walk.bytes = request->bytes;
    walk.at = 0;
    walk.method = request->method;
    walk.nesting.depth = 0;
    output_start(&walk.output, sink, request->bytes.size * C14N_GROWTH_MAX + C14N_GROWTH_FREE);
    bindings_start(&walk.bindings);
    TRY(declare_all(&walk.bindings, request->scope, request->scope_count, &outer, fault));
    if (tag_name_size(str_slice(request->bytes, 1, 1)) == 0 || request->bytes.data[0] != '<') {
        return FAIL(fault, ERR_SYNTAX, "no element");
    }
    TRY(take_start_tag(&walk, fault));
    while (walk.nesting.depth > 0) {
        TRY(take_next(&walk, fault));
        TRY(check_output(&walk, fault));
    }
    if (walk.at != walk.bytes.size) {
        return FAIL(fault, ERR_SYNTAX, "bytes behind the element");
    }
    output_finish(&walk.output);
    return check_output(&walk, fault);
}
