#include "gateway/people/guessable.h"
#include "gateway/people/password.h"
#include "tests/support/expect.h"

#include <sodium.h>
#include <string.h>

enum { ARENA_MAX = 1 << 20 };

#define GOOD STR("poprawna klacz bateria")

static struct arena *arena;
static struct fault  fault;

static int
start(void **state)
{
    (void)state;
    arena = arena_create(ARENA_MAX);
    return password_warm_up(&fault) == ERR_OK ? 0 : -1;
}

static int
stop(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

static void
hash_says_its_parameters_and_verifies(void **state)
{
    struct str hash = {0};
    struct str again = {0};

    (void)state;
    assert_int_equal(password_hash(arena, GOOD, &hash, &fault), ERR_OK);
    assert_int_equal(password_hash(arena, GOOD, &again, &fault), ERR_OK);
    assert_true(str_starts_with(hash, STR("$argon2id$v=19$m=19456,t=2,p=1$")));
    assert_false(str_equal(hash, again)); /* salted */
    assert_true(password_verify(hash, GOOD));
    assert_true(password_verify(again, GOOD));
    assert_false(password_is_dated(hash));
}

static void
wrong_passwords_and_hashes_of_nobody_are_refused(void **state)
{
    char       longest[PASSWORD_SIZE_MAX + 1];
    struct str hash = {0};

    (void)state;
    memset(longest, 'a', sizeof longest);
    assert_int_equal(password_hash(arena, GOOD, &hash, &fault), ERR_OK);
    assert_false(password_verify(hash, STR("poprawna klacz baterie")));
    assert_false(password_verify(hash, STR("poprawna klacz bateria ")));
    assert_false(password_verify(hash, STR("poprawna klacz bateri")));
    assert_false(password_verify(hash, STR("")));
    assert_false(password_verify(hash, (struct str){longest, sizeof longest}));
    assert_false(password_verify((struct str){0}, GOOD));
    assert_false(password_verify((struct str){0}, STR("")));
    assert_false(password_verify(STR("$argon2id$"), GOOD));
    assert_false(password_verify(STR("not a hash at all"), GOOD));
}

static void
hash_of_older_parameters_verifies_and_is_dated(void **state)
{
    char old[crypto_pwhash_STRBYTES];

    (void)state;
    assert_int_equal(crypto_pwhash_str_alg(old, GOOD.data, GOOD.size, 1, (size_t)8 << 20U,
                                           crypto_pwhash_ALG_ARGON2ID13),
                     0);
    assert_true(password_verify(str_of(old), GOOD));
    assert_true(password_is_dated(str_of(old)));
    assert_true(password_is_dated(STR("")));
}

static void
new_password_is_judged_at_every_limit(void **state)
{
    static const struct {
        const char         *password;
        enum password_fault want;
    } cases[] = {
        {"",                           PASSWORD_TOO_SHORT},
        {"klacz-wozik",                PASSWORD_TOO_SHORT},
        {"klacz-wozika",               PASSWORD_GOOD     },
        {"klacz-wozikas",              PASSWORD_GOOD     },
        {"żółćżółćżóą",     PASSWORD_TOO_SHORT}, /* 22 bytes, 11 characters */
        {"zażółć gęślą jaźń", PASSWORD_GOOD     },
        {"aaaabbbbccccdddd",           PASSWORD_OBVIOUS  },
        {"aaaabbbbccccdddde",          PASSWORD_GUESSABLE},
        {"akakbkbkckckdkdke",          PASSWORD_GOOD     },
        {"123456789012",               PASSWORD_GUESSABLE},
        {"Brama2026!!!",               PASSWORD_GUESSABLE},
        {"Anna Nowak 1987",            PASSWORD_GUESSABLE},
        {"kowalska kowalska kow",      PASSWORD_OBVIOUS  },
        {"moje haslo to KOWALSKA",     PASSWORD_OBVIOUS  },
        {"abcdefgh\tijklmn",           PASSWORD_NOT_TEXT },
        {"abcdefgh\x7fijklmn",         PASSWORD_NOT_TEXT },
        {"abcdefghijklmn\xff",         PASSWORD_NOT_TEXT },
    };
    char longest[PASSWORD_SIZE_MAX + 1];

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        EXPECT(password_judge(str_of(cases[i].password), STR("kowalska@example.test"),
                              STR("Anna Nowak"))
                   == cases[i].want,
               cases[i].password);
    }
    for (size_t i = 0; i < sizeof longest; i++) {
        longest[i] = (char)('a' + i * 7 % 26);
    }
    assert_int_equal(password_judge((struct str){longest, PASSWORD_SIZE_MAX}, STR("a@b"), STR("")),
                     PASSWORD_GOOD);
    assert_int_equal(
        password_judge((struct str){longest, PASSWORD_SIZE_MAX + 1}, STR("a@b"), STR("")),
        PASSWORD_TOO_LONG);
    /* A short name forbids nothing, but letters in a row are letters in a row. */
    assert_int_equal(password_judge(STR("kot kot wozik burza"), STR("kot@example.test"), STR("")),
                     PASSWORD_GOOD);
    assert_int_equal(password_judge(STR("abc abc defgh"), STR("abc@example.test"), STR("")),
                     PASSWORD_GUESSABLE);
}

static void
what_anybody_would_try_first_leaves_little(void **state)
{
    static const struct {
        const char *password;
        size_t      left;
    } cases[] = {
        {"",                       0 },
        {"klacz",                  5 },
        {"kl acz w",               6 },
        {"12",                     2 },
        {"123",                    0 },
        {"1234x",                  1 },
        {"8901",                   0 },
        {"1098",                   0 },
        {"135",                    3 },
        {"abcba",                  0 },
        {"aabbcc",                 6 },
        {"aaa",                    0 },
        {"!!!x",                   1 },
        {"HASŁO",                 0 },
        {"Hasło1!",               2 },
        {"QWERTYasdf",             0 },
        {"qwerklacz",              9 },
        {"1949",                   4 },
        {"1950",                   0 },
        {"2049",                   0 },
        {"2050",                   4 },
        {"20x6",                   4 },
        {"Żółw",                4 },
        {"Zofia-Żółć",         1 },
        {"zolc.zofia",             1 },
        {"urzad.example",          1 },
        {"bramabramabrama",        0 },
        {"poprawna klacz bateria", 20},
    };
    char most[PASSWORD_SIZE_MAX + 10];

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        size_t left =
            guessable_left(str_of(cases[i].password), STR("zz@urzad.example"), STR("Zofia Żółć"));
        if (left != cases[i].left) {
            fail_msg("%s leaves %zu", cases[i].password, left);
        }
    }
    memset(most, 'x', sizeof most);
    assert_int_equal(guessable_left((struct str){most, sizeof most}, STR(""), STR("")), 0);
    /* A sign of two bytes may be cut in two at the end: it is no letter then. */
    assert_int_equal(guessable_left(STR("\xC5"), STR("\xC5"), STR("\xC5\xBC")), 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hash_says_its_parameters_and_verifies),
        cmocka_unit_test(wrong_passwords_and_hashes_of_nobody_are_refused),
        cmocka_unit_test(hash_of_older_parameters_verifies_and_is_dated),
        cmocka_unit_test(what_anybody_would_try_first_leaves_little),
        cmocka_unit_test(new_password_is_judged_at_every_limit),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
