#include "gateway/reader/examples.h"

#include "validators/rules/example.h"

enum { SCRATCH_MAX = 512 * 1024 * 1024 };

static enum err
make(struct arena *scratch, struct arena *arena, const struct catalogue *catalogue,
     struct str *examples, struct fault *fault)
{
    const struct rules *rules = NULL;

    TRY(rules_compile(scratch, catalogue, &rules, fault));
    for (size_t i = 0; i < catalogue->form_count; i++) {
        struct example_question question = {
            .catalogue = catalogue, .rules = rules, .form = (int32_t)i};
        struct buf out = buf_create(scratch, EXAMPLE_MAX);
        bool       found = false;
        TRY(example_write(scratch, &question, &out, &found, fault));
        examples[i] = str_copy(arena, buf_str(&out));
        if (examples[i].data == NULL) {
            return FAIL(fault, ERR_MEMORY, "examples of forms");
        }
    }
    return ERR_OK;
}

enum err
examples_make(struct arena *arena, const struct catalogue *catalogue, const struct str **out,
              struct fault *fault)
{
    struct str   *examples = ARENA_NEW(arena, struct str, catalogue->form_count + 1);
    struct arena *scratch = arena_create(SCRATCH_MAX);
    enum err      got = examples == NULL ? FAIL(fault, ERR_MEMORY, "examples of forms")
                                         : make(scratch, arena, catalogue, examples, fault);

    arena_destroy(scratch);
    TRY(got);
    *out = examples;
    return ERR_OK;
}
