#include "validators/document/signing.h"

#include "validators/document/remark.h"
#include "validators/document/roster.h"
#include "validators/xml/attribute.h"

static struct package_signature *
open_signature(struct pass *pass)
{
    return &pass->package.signatures[pass->package.signature_count - 1];
}

/* Too large for the profile: told once, and forgotten as a signature. */
static void
drop(struct pass *pass)
{
    pass->signature_recorded = false;
    pass->package.signature_count--;
    pass_unit(pass)->signature_count--;
    remark_add(pass, "XSD-063", &(struct finding){.subject = STR("‹Signature›")});
}

/* What a call that fills the table returned; its own text for ERR_LIMIT is not a failure of ours.
 */
static void
settle(struct pass *pass, enum err err, const struct fault *fault)
{
    if (err == ERR_LIMIT) {
        drop(pass);
    } else if (err != ERR_OK) {
        pass_keep(pass, FAIL(pass->fault, err, "signature: %s", fault->text));
    }
}

static bool
collect_attributes(struct pass *pass, const struct start_tag *tag, struct element_attribute *out)
{
    for (size_t i = 0; i < tag->attribute_count; i++) {
        out[i] = attribute_at(tag->attributes, i);
        out[i].value = attribute_value(pass->arena, &out[i]);
        if (out[i].value.data == NULL) {
            return false;
        }
    }
    return true;
}

void
signing_part(struct pass *pass, const struct start_tag *tag)
{
    struct element_attribute   attributes[ATTRIBUTE_COUNT_MAX];
    struct element_declaration declarations[ATTRIBUTE_COUNT_MAX];
    struct fault               fault = {0};

    if (!pass->signature_recorded) {
        return;
    }
    ENSURE(tag->attribute_count <= ATTRIBUTE_COUNT_MAX
           && tag->declaration_count <= ATTRIBUTE_COUNT_MAX);
    if (!collect_attributes(pass, tag, attributes)) {
        pass_keep(pass, FAIL(pass->fault, ERR_MEMORY, "attributes of a signature"));
        return;
    }
    for (size_t i = 0; i < tag->declaration_count; i++) {
        declarations[i] = roster_declaration(tag, i);
    }
    struct element event = {.space = str_of((const char *)tag->space),
                            .name = str_of((const char *)tag->name),
                            .attributes = attributes,
                            .attribute_count = tag->attribute_count,
                            .declarations = declarations,
                            .declaration_count = tag->declaration_count,
                            .start = frame_top(&pass->frames)->start};
    settle(pass, element_open(&open_signature(pass)->table, &event, &fault), &fault);
    pass->signature_elements++;
    if (pass->signature_recorded
        && pass->signature_elements > DOCUMENT_SIGNATURE_ELEMENTS_TOTAL_MAX) {
        drop(pass);
    }
}

void
signing_open(struct pass *pass, const struct start_tag *tag)
{
    bool full = pass->package.signature_count == PACKAGE_SIGNATURES_MAX
                || pass->signature_elements >= DOCUMENT_SIGNATURE_ELEMENTS_TOTAL_MAX;

    pass->signature_recorded = false;
    if (full) {
        if (!pass->signatures_full) {
            pass->signatures_full = true;
            remark_add(pass, "XSD-062", &(struct finding){.subject = STR("‹Podpisy›")});
        }
        return;
    }
    if (!roster_add_signature(pass)) {
        pass_keep(pass, FAIL(pass->fault, ERR_MEMORY, "signatures"));
        return;
    }
    pass->signature_recorded = true;
    signing_part(pass, tag);
}

void
signing_text(struct pass *pass, struct str piece)
{
    struct fault fault = {0};

    if (pass->signature_recorded) {
        settle(pass, element_text(&open_signature(pass)->table, piece, &fault), &fault);
    }
}

void
signing_impure(struct pass *pass)
{
    if (pass->signature_recorded) {
        element_mark_impure(&open_signature(pass)->table);
    }
}

void
signing_part_close(struct pass *pass)
{
    if (pass->signature_recorded) {
        element_close(&open_signature(pass)->table, (uint32_t)pass_position(pass));
    }
}

void
signing_close(struct pass *pass)
{
    signing_part_close(pass);
    if (pass->signature_recorded) {
        open_signature(pass)->end = (uint32_t)pass_position(pass);
    }
    pass->signature_recorded = false;
}
