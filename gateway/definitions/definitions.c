#include "gateway/definitions/definitions.h"

#include "gateway/definitions/embedded.h"
#include "gateway/definitions/folder.h"
#include "validators/document/document.h"
#include "validators/rules/rules.h"
#include "validators/xml/initialise.h"

enum err
definitions_catalogue(struct arena *arena, const char *folder, const struct catalogue **out,
                      struct fault *fault)
{
    struct bundle *bundle = ARENA_NEW(arena, struct bundle, 1);
    struct str     bytes = embedded_bundle();

    if (bundle == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci");
    }
    if (folder != NULL) {
        TRY(folder_read(arena, folder, &bytes, fault));
    }
    guard_initialise();
    TRY(bundle_parse(arena, bytes, bundle, fault));
    return catalogue_load(arena, bundle, out, fault);
}

enum err
definitions_load(struct arena *arena, const char *folder, struct definitions *out,
                 struct fault *fault)
{
    struct definitions definitions = {0};

    TRY(definitions_catalogue(arena, folder, &definitions.catalogue, fault));
    TRY(document_schemas_compile(arena, definitions.catalogue, &definitions.schemas, fault));
    TRY(rules_compile(arena, definitions.catalogue, &definitions.rules, fault));
    TRY(calendar_load(arena, definitions.catalogue, &definitions.calendar, fault));
    *out = definitions;
    return ERR_OK;
}
