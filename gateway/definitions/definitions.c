#include "gateway/definitions/definitions.h"

#include "gateway/definitions/embedded.h"
#include "gateway/definitions/folder.h"
#include "validators/document/document.h"
#include "validators/rules/rules.h"
#include "validators/sets/sets.h"
#include "validators/xml/initialise.h"

static enum err
parse(struct arena *arena, struct str bytes, const struct catalogue **out, struct fault *fault)
{
    struct bundle *bundle = ARENA_NEW(arena, struct bundle, 1);

    if (bundle == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci");
    }
    guard_initialise();
    TRY(bundle_parse(arena, bytes, bundle, fault));
    return catalogue_load(arena, bundle, out, fault);
}

static enum err
compile(struct arena *arena, const struct catalogue *catalogue, struct definitions *out,
        struct fault *fault)
{
    struct definitions definitions = {.catalogue = catalogue};

    TRY(document_schemas_compile(arena, catalogue, &definitions.schemas, fault));
    TRY(rules_compile(arena, catalogue, &definitions.rules, fault));
    TRY(sets_compile(arena, catalogue, &definitions.sets, fault));
    TRY(calendar_load(arena, catalogue, &definitions.calendar, fault));
    *out = definitions;
    return ERR_OK;
}

enum err
definitions_catalogue(struct arena *arena, const char *folder, const struct catalogue **out,
                      struct fault *fault)
{
    struct str bytes = embedded_bundle();

    if (folder != NULL) {
        TRY(folder_read(arena, folder, &bytes, fault));
    }
    return parse(arena, bytes, out, fault);
}

enum err
definitions_survey(struct arena *arena, const char *folder, struct complaints *out,
                   struct fault *fault)
{
    struct str    bytes = embedded_bundle();
    struct bundle bundle = {0};

    if (folder != NULL) {
        TRY(folder_read(arena, folder, &bytes, fault));
    }
    guard_initialise();
    TRY(bundle_parse(arena, bytes, &bundle, fault));
    return catalogue_survey(arena, &bundle, out, fault);
}

enum err
definitions_load(struct arena *arena, const char *folder, struct definitions *out,
                 struct fault *fault)
{
    const struct catalogue *catalogue = NULL;

    TRY(definitions_catalogue(arena, folder, &catalogue, fault));
    return compile(arena, catalogue, out, fault);
}

enum err
definitions_load_bundle(struct arena *arena, struct str bundle, struct definitions *out,
                        struct fault *fault)
{
    const struct catalogue *catalogue = NULL;

    TRY(parse(arena, bundle, &catalogue, fault));
    return compile(arena, catalogue, out, fault);
}
