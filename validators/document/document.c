#include "validators/document/document.h"

#include "validators/document/pass.h"
#include "validators/document/schema.h"

enum { CHUNK_SIZE = 16 * 1024 };

enum err
document_schemas_compile(struct arena *arena, const struct catalogue *catalogue,
                         const struct document_schemas **out, struct fault *fault)
{
    struct document_schemas *schemas = ARENA_NEW(arena, struct document_schemas, 1);
    struct schema           *forms = ARENA_NEW(arena, struct schema, catalogue->form_count);

    if (schemas == NULL || forms == NULL) {
        return FAIL(fault, ERR_MEMORY, "schemas");
    }
    TRY(schema_compile(arena, catalogue->package_xsd, STR("package.xsd"), &schemas->package,
                       fault));
    for (size_t i = 0; i < catalogue->form_count; i++) {
        const struct form *form = &catalogue->forms[i];
        const char        *slash = str_ends_with(form->folder, STR("/")) ? "" : "/";
        struct str name = str_format(arena, "%.*s%sreport.xsd", STR_ARG(form->folder), slash);
        TRY(schema_compile(arena, form->xsd, name, &forms[i], fault));
    }
    schemas->forms = forms;
    *out = schemas;
    return ERR_OK;
}

enum err
/* NOLINTNEXTLINE(readability-function-size): memory, four inputs, two outputs, fault. */
document_read(struct arena *arena, struct str bytes, const struct catalogue *catalogue,
              const struct document_schemas *schemas, struct package *out,
              struct findings *findings, struct fault *fault)
{
    struct pass_input input = {
        .bytes = bytes, .catalogue = catalogue, .schemas = schemas, .chunk_size = CHUNK_SIZE};

    return pass_run(arena, &input, out, findings, fault);
}
