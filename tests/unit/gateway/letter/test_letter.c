#include "gateway/answer/plain.h"
#include "gateway/letter/letter.h"
#include "tests/support/dice.h"
#include "tests/support/expect.h"

#include <string.h>

/* Bytes of letters, read back by a small reader of its own (RFC 5322, 2047, 2045). */
enum { ROOM = 64 << 20, ROUNDS = 3000, TEXT_MAX = 300, HEADERS = 10 };

#define AT 1783666800 /* 2026-07-10T09:00:00+02:00 */

static const struct {
    const char *address;
    bool        good;
} addresses[] = {
    {"jan@przyklad.pl",                                                        true },
    {"jan.kowalski+brama@urzad.example",                                       true },
    {"a@b",                                                                    true },
    {"o'neil@x-y.pl",                                                          true },
    {"",                                                                       false},
    {"@",                                                                      false},
    {"jan",                                                                    false},
    {"jan@",                                                                   false},
    {"@przyklad.pl",                                                           false},
    {"jan@przyklad..pl",                                                       false},
    {"jan@.pl",                                                                false},
    {"jan@przyklad.pl.",                                                       false},
    {".jan@przyklad.pl",                                                       false},
    {"jan.@przyklad.pl",                                                       false},
    {"jan@-przyklad.pl",                                                       false},
    {"jan@przyklad-.pl",                                                       false},
    {"jan@a@b.pl",                                                             false},
    {"jan kowalski@b.pl",                                                      false},
    {"jan@b.pl\r\nRCPT TO:<zly@b.pl>",                                         false},
    {"jan\n@b.pl",                                                             false},
    {"jan@b.pl>",                                                              false},
    {"<jan@b.pl",                                                              false},
    {"\"jan\"@b.pl",                                                           false},
    {"jan,ola@b.pl",                                                           false},
    {"jan@[127.0.0.1]",                                                        false},
    {"zażółć@b.pl",                                                        false},
    {"jan@żółw.pl",                                                         false},
    {"jan@b.pl SIZE=1",                                                        false},
    {"aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff1234@b.pl",  true },
    {"aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff12345@b.pl", false},
    {"a@aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff123.pl",   true },
    {"a@aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff1234.pl",  false},
};

static void
address_is_plain_or_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(addresses); i++) {
        EXPECT(letter_address_ok(str_of(addresses[i].address)) == addresses[i].good,
               addresses[i].address);
    }
}

static void
no_letter_goes_to_an_address_that_is_none(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(addresses); i++) {
        struct arena       *arena = arena_create(ROOM);
        struct fault        fault = {0};
        struct buf          out = buf_create(arena, LETTER_SIZE_MAX);
        const struct letter letter = {
            .id = STR("a1"),
            .from = {STR("brama@x.pl"),            STR("Brama")},
            .to = {str_of(addresses[i].address), STR("Jan")  },
            .subject = STR("s"),
            .text = STR("t"),
            .at = AT
        };
        enum err got = letter_write(&out, &letter, &fault);
        EXPECT(got == (addresses[i].good ? ERR_OK : ERR_DENIED), addresses[i].address);
        EXPECT((out.size > 0) == addresses[i].good, addresses[i].address);
        arena_destroy(arena);
    }
}

static struct str
write(struct arena *arena, struct str name, struct str subject, struct str text)
{
    struct fault        fault = {0};
    struct buf          out = buf_create(arena, LETTER_SIZE_MAX);
    const struct letter letter = {
        .id = STR("0199a2c4-7d10"),
        .from = {STR("brama@urzad.example"), STR("Brama")},
        .to = {STR("jan@przyklad.pl"),     name        },
        .subject = subject,
        .text = text,
        .at = AT,
    };

    assert_int_equal(letter_write(&out, &letter, &fault), ERR_OK);
    return buf_str(&out);
}

static void
letter_is_as_it_is_written_down(void **state)
{
    static const char expected[] = "Date: Fri, 10 Jul 2026 09:00:00 +0200\r\n"
                                   "From: Brama\r\n"
                                   " <brama@urzad.example>\r\n"
                                   "To: =?UTF-8?Q?Zofia=20=C5=BB=C3=B3=C5=82=C4=87?=\r\n"
                                   " <jan@przyklad.pl>\r\n"
                                   "Subject: Zaproszenie do Bramy\r\n"
                                   "Message-ID: <0199a2c4-7d10@urzad.example>\r\n"
                                   "MIME-Version: 1.0\r\n"
                                   "Content-Type: text/plain; charset=UTF-8\r\n"
                                   "Content-Transfer-Encoding: quoted-printable\r\n"
                                   "Content-Language: pl\r\n"
                                   "Auto-Submitted: auto-generated\r\n"
                                   "\r\n"
                                   "Za=C5=BC=C3=B3=C5=82=C4=87\r\n"
                                   ".\r\n"
                                   "-- =20\r\n";
    struct arena     *arena = arena_create(ROOM);

    (void)state;
    struct str got =
        write(arena, STR("Zofia Żółć"), STR("Zaproszenie do Bramy"), STR("Zażółć\n.\n--  \n"));
    struct str want = str_of(expected);
    assert_true(str_equal(got, want));
    arena_destroy(arena);
}

/* ------------------------------------------------------------------------------------------- */

static int
hex(char digit)
{
    static const char digits[] = "0123456789ABCDEF";
    const char       *found = memchr(digits, digit, sizeof digits - 1);

    assert_non_null(found);
    return (int)(found - digits);
}

/* The value of a header, unfolded and decoded; fails the test when it is not there just once. */
static struct str
header(struct arena *arena, struct str head, const char *name)
{
    struct buf value = buf_create(arena, LETTER_SIZE_MAX);
    struct str line = {0};
    struct str prefix = str_format(arena, "%s: ", name);
    size_t     count = 0;
    bool       inside = false;

    while (str_cut(&head, '\n', &line)) {
        struct str text = str_slice(line, 0, line.size - 1);
        bool       more = str_starts_with(text, STR(" "));
        if (!more) {
            inside = str_starts_with(text, prefix);
            count += inside ? 1 : 0;
            text = str_slice(text, prefix.size, text.size);
        }
        if (inside) {
            buf_append(&value, text);
        }
    }
    assert_int_equal(count, 1);
    return buf_str(&value);
}

static struct str
decode_words(struct arena *arena, struct str value)
{
    const struct str begin = STR("=?UTF-8?Q?");
    struct buf       out = buf_create(arena, LETTER_SIZE_MAX);

    while (value.size > 0) {
        if (!str_starts_with(value, begin)) {
            buf_byte(&out, value.data[0]);
            value = str_slice(value, 1, value.size);
            continue;
        }
        const char *end = memmem(value.data + begin.size, value.size - begin.size, "?=", 2);
        assert_non_null(end);
        size_t size = (size_t)(end - value.data) + 2;
        assert_true(size <= 75); /* RFC 2047, 2 */
        struct str word = str_slice(value, begin.size, size - begin.size - 2);
        struct buf piece = buf_create(arena, TEXT_MAX);
        for (size_t i = 0; i < word.size; i++) {
            if (word.data[i] == '=') {
                buf_byte(&piece, (char)(hex(word.data[i + 1]) * 16 + hex(word.data[i + 2])));
                i += 2;
            } else {
                buf_byte(&piece, word.data[i]);
            }
        }
        assert_true(str_is_utf8(buf_str(&piece))); /* whole characters */
        buf_append(&out, buf_str(&piece));
        value = str_slice(value, size, value.size);
        if (str_starts_with(value, STR(" =?"))) {
            value = str_slice(value, 1, value.size); /* blanks between words are none */
        }
    }
    return buf_str(&out);
}

static struct str
decode_text(struct arena *arena, struct str body)
{
    struct buf out = buf_create(arena, LETTER_SIZE_MAX);

    for (size_t i = 0; i < body.size; i++) {
        if (body.data[i] != '=') {
            buf_byte(&out, body.data[i]);
        } else if (body.data[i + 1] == '\r') {
            i += 2;
        } else {
            buf_byte(&out, (char)(hex(body.data[i + 1]) * 16 + hex(body.data[i + 2])));
            i += 2;
        }
    }
    return buf_str(&out);
}

/* The lines of a text as a letter shows them, ended by CR LF. */
static struct str
shown(struct arena *arena, struct str text)
{
    struct buf out = buf_create(arena, LETTER_SIZE_MAX);
    struct str line = {0};

    if (str_ends_with(text, STR("\n"))) {
        text = str_slice(text, 0, text.size - 1);
    }
    while (str_cut(&text, '\n', &line)) {
        buf_append(&out, plain_copy(arena, line));
        buf_append(&out, STR("\r\n"));
    }
    return buf_str(&out);
}

static void
check_lines(struct str bytes, const char *name)
{
    struct str line = {0};
    size_t     left = bytes.size;

    EXPECT(str_ends_with(bytes, STR("\r\n")), name);
    bytes = str_slice(bytes, 0, left - 1);
    while (str_cut(&bytes, '\n', &line)) {
        EXPECT(line.size > 0 && line.data[line.size - 1] == '\r', name);
        EXPECT(line.size <= LETTER_LINE_MAX + 1, name);
        for (size_t i = 0; i + 1 < line.size; i++) {
            EXPECT(line.data[i] >= ' ' && line.data[i] <= '~', name);
        }
    }
}

/* Whatever stands in the three texts: the letter has its ten headers, each once, and reads back. */
static void
check_letter(struct str name, struct str subject, struct str text, const char *what)
{
    struct arena *arena = arena_create(ROOM);
    struct str    bytes = write(arena, name, subject, text);
    const char   *gap = memmem(bytes.data, bytes.size, "\r\n\r\n", 4);
    struct str    line = {0};
    size_t        headers = 0;

    assert_non_null(gap);
    check_lines(bytes, what);
    struct str head = str_slice(bytes, 0, (size_t)(gap - bytes.data) + 2);
    struct str body = str_slice(bytes, head.size + 2, bytes.size);
    struct str to = decode_words(arena, header(arena, head, "To"));
    struct str wanted = str_trim(plain_copy(arena, name));
    struct str box =
        str_format(arena, "%.*s%s<jan@przyklad.pl>", STR_ARG(wanted), wanted.size > 0 ? " " : "");
    EXPECT(str_equal(to, wanted.size > 0 ? box : STR(" <jan@przyklad.pl>"))
               || str_equal(to, STR("<jan@przyklad.pl>")),
           what);
    EXPECT(str_equal(decode_words(arena, header(arena, head, "Subject")),
                     str_trim(plain_copy(arena, subject))),
           what);
    EXPECT(str_equal(decode_text(arena, body), shown(arena, text)), what);
    struct str rest = str_slice(head, 0, head.size - 1);
    while (str_cut(&rest, '\n', &line)) {
        headers += line.data[0] == ' ' ? 0 : 1;
    }
    EXPECT(headers == HEADERS, what);
    arena_destroy(arena);
}

static void
evil_names_and_subjects_stay_in_their_place(void **state)
{
    static const char *const evil[] = {
        "",
        " ",
        "Jan",
        "Jan Kowalski",
        "Kowalski, Jan",
        "\"Jan\" <zly@b.pl>",
        "Jan\r\nBcc: zly@b.pl",
        "Jan\nBcc: zly@b.pl\n\nTreść",
        "Jan\r\n\r\nzła treść",
        "Jan\rBcc: zly@b.pl",
        "=?UTF-8?B?WsWCeQ==?=",
        "?=",
        "=",
        "(komentarz)",
        "Zażółć gęślą jaźń",
        "\xF0\x9F\x98\x80\xF0\x9F\x98\x80 uśmiech",
        "\342\200\256odwrócone\342\200\254",
        "\xFF\xFE niczyje bajty \xC5",
        "\xC2\x85 koniec wiersza C1",
        "\xE2\x80\xA8 koniec wiersza Unicode",
        "\x1B[31mczerwone",
        ("Żółćżółćżółćżółćżółćżółćżółćżółćżółćżółćżółćżółćżółćżółćżółćżółćżółćżółćżółćżółćżółćżółć"
         "żółćżółćżółćżółćżółćżółćżółćżółćżółćżółćżółćżółćżółćżółćżółćżółćżółćżółćżółćżółćżółćżół"
         "ć"),
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "........................................................................................",
        "wiersz\n.\nkropka",
        "From nadawcy\n.From",
        "blank na końcu \ni tabulator\t\n",
        "\n\n\n",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(evil); i++) {
        check_letter(str_of(evil[i]), str_of(evil[i]), str_of(evil[i]), evil[i]);
    }
}

/* The break of a line of the text at 75, 76 and 77 characters. */
static void
long_line_is_broken_softly(void **state)
{
    char line[TEXT_MAX];

    (void)state;
    memset(line, 'x', sizeof line);
    for (size_t size = 73; size <= 78; size++) {
        check_letter(STR("Jan"), STR("s"), (struct str){line, size}, "x");
        line[size - 1] = ' ';
        check_letter(STR("Jan"), STR("s"), (struct str){line, size}, "blank");
        line[size - 1] = '=';
        check_letter(STR("Jan"), STR("s"), (struct str){line, size}, "quoted");
        line[size - 1] = 'x';
    }
}

static void
whatever_bytes_there_are_a_letter_reads_back(void **state)
{
    static const char pieces[][5] = {"\r\n", "\n", ".",  "=",    "?=",   "=?", " ",    "\t",
                                     "ż",    "<",  "\"", "\xFF", "\x01", "a",  "From", ": "};
    struct dice       dice = {20260710};
    char              texts[3][TEXT_MAX];

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        size_t sizes[3] = {0};
        for (size_t t = 0; t < 3; t++) {
            size_t wanted = dice_below(&dice, 60);
            for (size_t i = 0; i < wanted; i++) {
                const char *piece = pieces[dice_below(&dice, ARRAY_COUNT(pieces))];
                size_t      size = strnlen(piece, sizeof pieces[0]);
                if (sizes[t] + size < TEXT_MAX) {
                    memcpy(texts[t] + sizes[t], piece, size);
                    sizes[t] += size;
                }
            }
        }
        check_letter((struct str){texts[0], sizes[0]}, (struct str){texts[1], sizes[1]},
                     (struct str){texts[2], sizes[2]}, "dice");
    }
}

static void
letter_survives_every_memory_ceiling(void **state)
{
    (void)state;
    for (size_t size_max = 64; size_max < 16384; size_max += 128) {
        struct arena       *arena = arena_create(size_max);
        struct fault        fault = {0};
        struct buf          out = buf_create(arena, LETTER_SIZE_MAX);
        const struct letter letter = {
            .id = STR("a1"),
            .from = {STR("brama@x.pl"), STR("Brama")   },
            .to = {STR("jan@x.pl"),   STR("Żółć")},
            .subject = STR("Żółć"),
            .text = STR("Zażółć gęślą jaźń\n"),
            .at = AT
        };
        enum err got = letter_write(&out, &letter, &fault);
        EXPECT(got == ERR_OK || got == ERR_MEMORY, "ceiling");
        arena_destroy(arena);
    }
}

static void
date_is_of_warsaw(void **state)
{
    static const struct {
        moment      at;
        const char *date;
    } cases[] = {
        {1783666800, "Fri, 10 Jul 2026 09:00:00 +0200"},
        {1767222000, "Thu, 1 Jan 2026 00:00:00 +0100" },
        {1774745999, "Sun, 29 Mar 2026 01:59:59 +0100"},
        {1774746000, "Sun, 29 Mar 2026 03:00:00 +0200"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena       *arena = arena_create(ROOM);
        struct fault        fault = {0};
        struct buf          out = buf_create(arena, LETTER_SIZE_MAX);
        const struct letter letter = {
            .id = STR("a1"),
            .from = {STR("brama@x.pl"), STR("")},
            .to = {STR("jan@x.pl"),   STR("")},
            .at = cases[i].at
        };
        assert_int_equal(letter_write(&out, &letter, &fault), ERR_OK);
        EXPECT(str_equal(str_slice(buf_str(&out), 6, strlen(cases[i].date)), str_of(cases[i].date)),
               cases[i].date);
        arena_destroy(arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(address_is_plain_or_refused),
        cmocka_unit_test(no_letter_goes_to_an_address_that_is_none),
        cmocka_unit_test(letter_is_as_it_is_written_down),
        cmocka_unit_test(evil_names_and_subjects_stay_in_their_place),
        cmocka_unit_test(long_line_is_broken_softly),
        cmocka_unit_test(whatever_bytes_there_are_a_letter_reads_back),
        cmocka_unit_test(letter_survives_every_memory_ceiling),
        cmocka_unit_test(date_is_of_warsaw),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
