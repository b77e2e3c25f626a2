#include "gateway/fingerprint/fingerprint.h"
#include "gateway/receipt/seal.h"
#include "gateway/receipt/stamped.h"
#include "tests/support/expect.h"
#include "tests/support/receipts.h"

#include <libxml/c14n.h>
#include <libxml/parser.h>
#include <string.h>

enum { ROOM = 64 << 20 };

static struct arena *arena;
static struct str    receipt;

static int
start(void **state)
{
    struct receipts_seal keys = {.key = {0}};
    struct seal         *seal = NULL;
    struct fault         fault = {0};

    (void)state;
    arena = arena_create(ROOM);
    struct receipt_facts facts = receipts_typical(arena);
    assert_int_equal(receipts_seal(arena, RECEIPTS_ECDSA, &keys, &fault), ERR_OK);
    assert_int_equal(seal_create(arena, keys.key, keys.chain, &seal, &fault), ERR_OK);
    assert_int_equal(seal_receipt(arena, seal, &facts, RECEIPTS_MORNING, &receipt, &fault), ERR_OK);
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    arena_destroy(arena);
    xmlCleanupParser();
    return 0;
}

static struct str
stamped_with(struct str token)
{
    struct str   out = {0};
    struct fault fault = {0};

    assert_int_equal(stamped_write(arena, receipt, token, &out, &fault), ERR_OK);
    return out;
}

/* In the order of the document. */
static xmlNodePtr
next_of(xmlNodePtr node)
{
    if (node->children != NULL) {
        return node->children;
    }
    while (node != NULL && node->next == NULL) {
        node = node->parent;
    }
    return node == NULL ? NULL : node->next;
}

/* The first of this name from here on. */
static xmlNodePtr
find(xmlNodePtr node, const char *name)
{
    while (node != NULL && (node->name == NULL || strcmp((const char *)node->name, name) != 0)) {
        node = next_of(node);
    }
    return node;
}

static int
is_within(void *element, xmlNodePtr node, xmlNodePtr parent)
{
    (void)parent;
    for (xmlNodePtr at = node; at != NULL; at = at->parent) {
        if (at == element) {
            return 1;
        }
        if (at->type == XML_NAMESPACE_DECL) {
            return 1; /* which of them are written is for Exclusive C14N to say */
        }
    }
    return 0;
}

static void
what_is_stamped_is_the_value_as_exclusive_c14n_writes_it(void **state)
{
    struct str         whole = stamped_with(STR("token"));
    xmlDocPtr          document = xmlParseMemory(whole.data, (int)whole.size);
    xmlOutputBufferPtr out = xmlAllocOutputBuffer(NULL);
    unsigned char      ours[STAMPED_IMPRINT_SIZE];
    unsigned char      theirs[STAMPED_IMPRINT_SIZE];
    struct fault       fault = {0};

    (void)state;
    assert_non_null(document);
    xmlNodePtr value = find(xmlDocGetRootElement(document), "SignatureValue");
    assert_non_null(value);
    assert_true(xmlC14NExecute(document, is_within, value, XML_C14N_EXCLUSIVE_1_0, NULL, 0, out)
                >= 0);
    struct str text = {(const char *)xmlOutputBufferGetContent(out), xmlOutputBufferGetSize(out)};
    assert_int_equal(fingerprint_of(text, theirs, &fault), ERR_OK);
    assert_int_equal(stamped_imprint(arena, receipt, ours, &fault), ERR_OK);
    assert_memory_equal(ours, theirs, sizeof ours);
    assert_int_equal(stamped_imprint(arena, whole, ours, &fault), ERR_OK);
    assert_memory_equal(ours, theirs, sizeof ours);
    assert_non_null(find(xmlDocGetRootElement(document), "EncapsulatedTimeStamp"));
    (void)xmlOutputBufferClose(out);
    xmlFreeDoc(document);
}

static void
receipt_and_token_come_back_byte_for_byte(void **state)
{
    static const char token[] = "\x30\x03\x02\x01\x00\xff<>&";
    struct str        given = {token, sizeof token - 1};
    struct str        whole = stamped_with(given);
    struct str        again = {0};
    struct str        back = {0};
    struct fault      fault = {0};

    (void)state;
    assert_int_equal(stamped_split(arena, whole, &again, &back, &fault), ERR_OK);
    assert_true(str_equal(again, receipt));
    assert_true(str_equal(back, given));
    assert_int_equal(stamped_split(arena, receipt, &again, &back, &fault), ERR_OK);
    assert_true(str_equal(again, receipt));
    assert_int_equal(back.size, 0);
}

/* An altered byte outside the token is in the receipt or in the form: nothing is taken out unseen.
 */
static void
no_other_form_is_taken_apart(void **state)
{
    struct str whole = stamped_with(STR("znacznik"));
    struct str copy = str_copy(arena, whole);
    char      *bytes = (char *)copy.data;

    (void)state;
    for (size_t i = 0; i < copy.size; i++) {
        struct arena *room = arena_create(ROOM);
        struct str    again = {0};
        struct str    token = {0};
        struct fault  fault = {0};
        bytes[i] = (char)(bytes[i] ^ 1);
        assert_int_equal(stamped_split(room, copy, &again, &token, &fault), ERR_OK);
        EXPECT(token.size == 0 || !str_equal(again, receipt) || !str_equal(token, STR("znacznik")),
               "altered");
        bytes[i] = (char)(bytes[i] ^ 1);
        arena_destroy(room);
    }
}

static void
what_is_no_receipt_is_refused(void **state)
{
    unsigned char sha256[STAMPED_IMPRINT_SIZE];
    struct str    out = {0};
    struct fault  fault = {0};
    char         *large = ARENA_NEW(arena, char, STAMPED_TOKEN_MAX + 1);

    (void)state;
    assert_int_equal(stamped_imprint(arena, STR("<UPO/>"), sha256, &fault), ERR_SYNTAX);
    assert_int_equal(stamped_imprint(arena, STR("<ds:SignatureValue>x"), sha256, &fault),
                     ERR_SYNTAX);
    assert_int_equal(stamped_write(arena, STR("<UPO/>"), STR("t"), &out, &fault), ERR_SYNTAX);
    assert_int_equal(stamped_write(arena, receipt, STR(""), &out, &fault), ERR_LIMIT);
    memset(large, 'x', STAMPED_TOKEN_MAX + 1);
    for (size_t size = STAMPED_TOKEN_MAX - 1; size <= STAMPED_TOKEN_MAX + 1; size++) {
        assert_int_equal(stamped_write(arena, receipt, (struct str){large, size}, &out, &fault),
                         size <= STAMPED_TOKEN_MAX ? ERR_OK : ERR_LIMIT);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_stamped_is_the_value_as_exclusive_c14n_writes_it),
        cmocka_unit_test(receipt_and_token_come_back_byte_for_byte),
        cmocka_unit_test(no_other_form_is_taken_apart),
        cmocka_unit_test(what_is_no_receipt_is_refused),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
