#include "gateway/submission/batch.h"
#include "gateway/wire/blob.h"
#include "tests/support/expect.h"

#include <fcntl.h>

enum { BYTES_MAX = 1000 };

static const struct {
    const char *name;
    size_t      documents_max;
    size_t      before; /* documents of size each */
    size_t      each;
    size_t      size; /* of the next one */
    bool        fits;
} cases[] = {
    {"an empty batch takes anything",        64, 0,  0,    1,             true },
    {"an empty batch takes one of the size", 64, 0,  0,    BYTES_MAX,     true },
    {"a longer one goes alone",              64, 0,  0,    BYTES_MAX + 1, true },
    {"nothing goes with a longer one",       64, 1,  1001, 0,             false},
    {"nothing more beside one of the size",  64, 1,  1000, 1,             false},
    {"an empty one does",                    64, 1,  1000, 0,             true },
    {"one byte below",                       64, 2,  400,  199,           true },
    {"the last byte",                        64, 2,  400,  200,           true },
    {"one byte above",                       64, 2,  400,  201,           false},
    {"a size that would wrap round",         64, 1,  1,    SIZE_MAX,      false},
    {"one document below",                   64, 62, 1,    1,             true },
    {"the last document",                    64, 63, 1,    1,             true },
    {"one document above",                   64, 64, 1,    1,             false},
    {"one at a time",                        1,  1,  1,    1,             false},
};

static void
batch_has_room_follows_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const struct batch_limits limits = {.documents_max = cases[i].documents_max,
                                            .bytes_max = BYTES_MAX};
        struct batch              batch = {0};
        struct fault              fault = {0};
        EXPECT(batch_create(&batch, &fault) == ERR_OK, cases[i].name);
        for (size_t j = 0; j < cases[i].before; j++) {
            EXPECT(batch_add(&batch, cases[i].each)->document == -1, cases[i].name);
        }
        EXPECT(batch_has_room(&batch, &limits, cases[i].size) == cases[i].fits, cases[i].name);
        batch_destroy(&batch);
    }
}

static void
a_batch_closes_its_documents(void **state)
{
    struct batch batch = {0};
    struct fault fault = {0};
    int          document = -1;

    (void)state;
    assert_int_equal(batch_create(&batch, &fault), ERR_OK);
    assert_int_equal(blob_of("test", STR("x"), &document, &fault), ERR_OK);
    batch_add(&batch, 1)->document = document;
    (void)batch_add(&batch, 1); /* a row of the queue has none yet */
    batch_destroy(&batch);
    assert_int_equal(fcntl(document, F_GETFD), -1);
    assert_int_equal(batch.count, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(batch_has_room_follows_the_table),
        cmocka_unit_test(a_batch_closes_its_documents),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
