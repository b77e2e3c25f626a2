#include "tests/scenario/bad_input/keys.h"

#include "tests/scenario/cli/program.h"

struct authority *keys_authority;
const char       *keys_trust;

static struct arena *arena;

int
keys_make(void **state)
{
    struct fault fault = {0};
    struct str   pem = {0};

    (void)state;
    arena = arena_create((size_t)1 << 20U);
    if (authority_open(arena, KEY_FOLDER, &keys_authority, &fault) != ERR_OK
        || authority_pem(arena, keys_authority, AUTHORITY_CA, &pem, &fault) != ERR_OK) {
        return -1;
    }
    keys_trust = program_temporary(arena, pem);
    return 0;
}

int
keys_drop(void **state)
{
    (void)state;
    program_forget(keys_trust);
    arena_destroy(arena);
    return 0;
}
