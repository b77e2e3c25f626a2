#include "gateway/stamp/stamp.h"
#include "tests/support/expect.h"
#include "tests/support/post_keys.h"
#include "tests/support/tsa.h"

#include <string.h>
#include <time.h>

enum { ROOM = 64 << 20, ANSWER_ROOM = 65536 };

static struct arena       *arena;
static const char         *keys;
static struct tsa         *tsa;
static struct stamp_trust *trust;
static const unsigned char imprint[STAMP_IMPRINT_SIZE] = {1, 2, 3};
static const unsigned char nonce[STAMP_NONCE_SIZE] = {0x81, 2, 3, 4, 5, 6, 7, 8};

static struct stamp_trust *
trust_in(struct str pem, const char *policy)
{
    struct stamp_trust *out = NULL;
    struct fault        fault = {0};

    assert_int_equal(stamp_trust_create(arena, pem, str_of(policy), &out, &fault), ERR_OK);
    return out;
}

static struct str
root_of(const char *folder)
{
    return post_keys_read(arena, post_keys_path(arena, folder, "root.pem"));
}

static int
start(void **state)
{
    (void)state;
    arena = arena_create(ROOM);
    keys = post_keys_make(arena);
    tsa =
        tsa_create(post_keys_path(arena, keys, "tsa.pem"), post_keys_path(arena, keys, "tsa.key"));
    trust = trust_in(root_of(keys), "");
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    tsa_destroy(tsa);
    post_keys_remove(arena, keys);
    arena_destroy(arena);
    return 0;
}

static struct stamp_question
ask(const struct stamp_trust *believed)
{
    struct stamp_question question = {.der = {0}};
    struct fault          fault = {0};

    assert_int_equal(stamp_ask(arena, imprint, nonce, believed, &question, &fault), ERR_OK);
    return question;
}

static struct str
answer_to(const struct stamp_question *question, enum tsa_mood mood)
{
    char *room = ARENA_NEW(arena, char, ANSWER_ROOM);

    assert_non_null(room);
    tsa_be(tsa, mood);
    return (struct str){room, tsa_answer(tsa, question->der, room, ANSWER_ROOM)};
}

static void
good_answer_gives_a_stamp_that_holds_later(void **state)
{
    struct stamp_question question = ask(trust);
    struct str            answer = answer_to(&question, TSA_GOOD);
    struct stamp          stamp = {0};
    struct stamp          again = {0};
    struct fault          fault = {0};
    instant               now = (instant)time(NULL) * INSTANT_PER_SECOND;

    (void)state;
    assert_int_equal(stamp_take(arena, trust, &question, answer, &stamp, &fault), ERR_OK);
    assert_true(stamp.at > now - (instant)600 * INSTANT_PER_SECOND);
    assert_true(stamp.at < now + (instant)600 * INSTANT_PER_SECOND);
    assert_int_equal(stamp_check(arena, trust, stamp.token, imprint, &again, &fault), ERR_OK);
    assert_int_equal(again.at, stamp.at);
    assert_true(str_equal(again.token, stamp.token));
}

static void
answer_that_does_not_fit_the_question_is_refused(void **state)
{
    static const struct {
        const char   *name;
        enum tsa_mood mood;
        const char   *says;
    } cases[] = {
        {"refusal",       TSA_REFUSES,       "refuses, status 2"   },
        {"other imprint", TSA_OTHER_IMPRINT, "message imprint mism"},
        {"other nonce",   TSA_OTHER_NONCE,   "nonce mismatch"      },
        {"no nonce",      TSA_NO_NONCE,      "nonce not returned"  },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct stamp_question question = ask(trust);
        struct stamp          stamp = {0};
        struct fault          fault = {0};
        struct str            answer = answer_to(&question, cases[i].mood);
        EXPECT(stamp_take(arena, trust, &question, answer, &stamp, &fault) == ERR_DENIED,
               cases[i].name);
        if (strstr(fault.text, cases[i].says) == NULL) {
            print_message("%s: %s\n", cases[i].name, fault.text);
        }
        EXPECT(strstr(fault.text, cases[i].says) != NULL, cases[i].name);
        EXPECT(stamp.token.data == NULL, cases[i].name);
    }
}

static void
answer_to_an_earlier_question_is_refused(void **state)
{
    const unsigned char   other[STAMP_NONCE_SIZE] = {9};
    struct stamp_question first = ask(trust);
    struct stamp_question second = {.der = {0}};
    struct stamp          stamp = {0};
    struct fault          fault = {0};

    (void)state;
    assert_int_equal(stamp_ask(arena, imprint, other, trust, &second, &fault), ERR_OK);
    assert_int_equal(stamp_take(arena, trust, &second, answer_to(&first, TSA_GOOD), &stamp, &fault),
                     ERR_DENIED);
}

static void
only_who_is_trusted_to_stamp_is_believed(void **state)
{
    struct stamp_question question = ask(trust);
    struct str            answer = answer_to(&question, TSA_GOOD);
    struct stamp          stamp = {0};
    struct fault          fault = {0};
    struct stamp_trust   *others =
        trust_in(post_keys_read(arena, post_keys_path(arena, keys, "client-authority.pem")), "");

    (void)state;
    assert_int_equal(stamp_take(arena, others, &question, answer, &stamp, &fault), ERR_DENIED);
    assert_int_equal(stamp_take(arena, trust, &question, answer, &stamp, &fault), ERR_OK);
    assert_int_equal(stamp_check(arena, others, stamp.token, imprint, &stamp, &fault), ERR_DENIED);
}

static void
policy_that_was_asked_for_is_the_one_that_is_given(void **state)
{
    struct stamp_trust   *right = trust_in(root_of(keys), TSA_POLICY);
    struct stamp_trust   *wrong = trust_in(root_of(keys), "1.2.3.4.9");
    struct stamp_question any = ask(trust);
    struct stamp_question question = ask(right);
    struct stamp          stamp = {0};
    struct fault          fault = {0};

    (void)state;
    assert_int_equal(
        stamp_take(arena, right, &question, answer_to(&question, TSA_GOOD), &stamp, &fault),
        ERR_OK);
    assert_int_equal(stamp_take(arena, wrong, &any, answer_to(&any, TSA_GOOD), &stamp, &fault),
                     ERR_DENIED);
}

static void
every_cut_and_every_addition_is_refused(void **state)
{
    struct stamp_question question = ask(trust);
    struct str            answer = answer_to(&question, TSA_GOOD);
    struct stamp          stamp = {0};
    struct fault          fault = {0};
    char                 *more = ARENA_NEW(arena, char, answer.size + 1);

    (void)state;
    for (size_t size = 0; size < answer.size; size++) {
        enum err got =
            stamp_take(arena, trust, &question, str_slice(answer, 0, size), &stamp, &fault);
        assert_int_equal(got, ERR_SYNTAX);
    }
    memcpy(more, answer.data, answer.size);
    more[answer.size] = '\0';
    assert_int_equal(
        stamp_take(arena, trust, &question, (struct str){more, answer.size + 1}, &stamp, &fault),
        ERR_SYNTAX);
    assert_int_equal(stamp_take(arena, trust, &question, answer, &stamp, &fault), ERR_OK);
}

static void
stamp_of_another_digest_does_not_hold(void **state)
{
    unsigned char         other[STAMP_IMPRINT_SIZE] = {1, 2, 4};
    struct stamp_question question = ask(trust);
    struct stamp          stamp = {0};
    struct fault          fault = {0};

    (void)state;
    assert_int_equal(
        stamp_take(arena, trust, &question, answer_to(&question, TSA_GOOD), &stamp, &fault),
        ERR_OK);
    assert_int_equal(stamp_check(arena, trust, stamp.token, other, &stamp, &fault), ERR_DENIED);
    for (size_t size = 0; size < stamp.token.size; size++) {
        assert_int_equal(
            stamp_check(arena, trust, str_slice(stamp.token, 0, size), imprint, &stamp, &fault),
            ERR_SYNTAX);
    }
}

/* Of every bit of the token: it does not hold, or what it says is the same (unsigned remainders).
 */
static void
no_altered_bit_gives_another_time(void **state)
{
    struct stamp_question question = ask(trust);
    struct stamp          good = {0};
    struct fault          fault = {0};

    (void)state;
    assert_int_equal(
        stamp_take(arena, trust, &question, answer_to(&question, TSA_GOOD), &good, &fault), ERR_OK);
    struct str copy = str_copy(arena, good.token);
    char      *bytes = (char *)copy.data;
    size_t     held = 0;
    for (size_t i = 0; i < copy.size; i++) {
        struct arena *room = arena_create(ROOM);
        struct stamp  stamp = {0};
        bytes[i] = (char)(bytes[i] ^ 1);
        enum err got = stamp_check(room, trust, copy, imprint, &stamp, &fault);
        bytes[i] = (char)(bytes[i] ^ 1);
        held += got == ERR_OK ? 1 : 0;
        EXPECT(got != ERR_OK || stamp.at == good.at, "time");
        arena_destroy(room);
    }
    assert_true(held < copy.size / 10); /* what is not signed: little */
}

static void
trust_that_is_none_is_refused(void **state)
{
    struct stamp_trust *none = NULL;
    struct fault        fault = {0};

    (void)state;
    assert_int_equal(stamp_trust_create(arena, STR("x"), STR(""), &none, &fault), ERR_CRYPTO);
    assert_int_equal(stamp_trust_create(arena, root_of(keys), STR("jeden"), &none, &fault),
                     ERR_CRYPTO);
    assert_null(none);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_answer_gives_a_stamp_that_holds_later),
        cmocka_unit_test(answer_that_does_not_fit_the_question_is_refused),
        cmocka_unit_test(answer_to_an_earlier_question_is_refused),
        cmocka_unit_test(only_who_is_trusted_to_stamp_is_believed),
        cmocka_unit_test(policy_that_was_asked_for_is_the_one_that_is_given),
        cmocka_unit_test(every_cut_and_every_addition_is_refused),
        cmocka_unit_test(stamp_of_another_digest_does_not_hold),
        cmocka_unit_test(no_altered_bit_gives_another_time),
        cmocka_unit_test(trust_that_is_none_is_refused),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
