#include "gateway/letter/letter.h"

#include "gateway/answer/plain.h"
#include "validators/base/scalar.h"

#include <string.h>

enum {
    LOCAL_MAX = 64,
    LABEL_MAX = 63,
    ATOM_MAX = 40,  /* a longer text is encoded, so that it can be folded */
    WORD_MAX = 50,  /* of the encoded bytes between "=?UTF-8?Q?" and "?=" */
    QUOTED_MAX = 3, /* "=C5" */
    DAY_SECONDS = 86400,
    HOUR_SECONDS = 3600,
    MINUTE_SECONDS = 60,
    EPOCH_WEEKDAY = 4, /* 1 January 1970 was a Thursday */
    WEEK = 7,
};

static bool
is_alphanumeric(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z')
           || (byte >= '0' && byte <= '9');
}

/* One run between dots: of such bytes, not empty. */
static bool
is_run(struct str text, const char *also)
{
    bool good = text.size > 0;

    for (size_t i = 0; i < text.size; i++) {
        good = good
               && (is_alphanumeric(text.data[i])
                   || (text.data[i] != '\0' && strchr(also, text.data[i]) != NULL));
    }
    return good;
}

static bool
is_host(struct str text)
{
    struct str label = {0};
    bool       good = text.size > 0 && text.data[text.size - 1] != '.';

    while (good && str_cut(&text, '.', &label)) {
        good = is_run(label, "-") && label.size <= LABEL_MAX && label.data[0] != '-'
               && label.data[label.size - 1] != '-';
    }
    return good;
}

static bool
is_local(struct str text)
{
    struct str atom = {0};
    bool       good = text.size > 0 && text.size <= LOCAL_MAX && text.data[text.size - 1] != '.';

    while (good && str_cut(&text, '.', &atom)) {
        good = is_run(atom, "!#$%&'*+-/=?^_`{|}~");
    }
    return good;
}

bool
letter_address_ok(struct str address)
{
    struct str rest = address;
    struct str local = {0};

    return address.size <= LETTER_ADDRESS_MAX && str_cut(&rest, '@', &local) && rest.data != NULL
           && is_local(local) && is_host(rest);
}

struct str
letter_domain(struct str address)
{
    struct str local = {0};

    (void)str_cut(&address, '@', &local); /* there is one */
    return address;
}

static void
append_quoted(struct buf *out, char byte)
{
    static const char digits[] = "0123456789ABCDEF";
    unsigned          value = (unsigned char)byte;

    buf_byte(out, '=');
    buf_byte(out, digits[value >> 4]);
    buf_byte(out, digits[value & 15U]);
}

/* Short, and of nothing that means something in a header. */
static bool
is_atoms(struct str text)
{
    return text.size <= ATOM_MAX && is_run(text, " .-,;:") && !str_starts_with(text, STR(" "))
           && !str_ends_with(text, STR(" "));
}

/* Words of a phrase end with a letter or a digit, so that no dot and no comma is read as syntax. */
static bool
is_phrase(struct str text)
{
    return is_atoms(text) && is_run(text, " -");
}

/* How many characters a character takes in an encoded word. */
static size_t
encoded_size(struct str bytes)
{
    return bytes.size == 1 && is_alphanumeric(bytes.data[0]) ? 1 : QUOTED_MAX * bytes.size;
}

/* RFC 2047, "Q": words of whole characters, each on a line of its own. */
static void
append_encoded(struct buf *out, struct str text)
{
    struct scalar character = {0};
    size_t        size = 0;

    buf_append(out, STR("=?UTF-8?Q?"));
    while (scalar_next(&text, &character)) {
        size_t needed = encoded_size(character.bytes);
        if (size + needed > WORD_MAX) {
            buf_append(out, STR("?=\r\n =?UTF-8?Q?"));
            size = 0;
        }
        for (size_t i = 0; i < character.bytes.size; i++) {
            if (needed == 1) {
                buf_byte(out, character.bytes.data[i]);
            } else {
                append_quoted(out, character.bytes.data[i]);
            }
        }
        size += needed;
    }
    buf_append(out, STR("?="));
}

static void
append_box(struct buf *out, const char *header, const struct letter_box *box)
{
    struct str name = str_trim(plain_copy(out->arena, box->name));

    buf_format(out, "%s: ", header);
    if (name.size > 0) {
        if (is_phrase(name)) {
            buf_append(out, name);
        } else {
            append_encoded(out, name);
        }
        buf_append(out, STR("\r\n "));
    }
    buf_format(out, "<%.*s>\r\n", STR_ARG(box->address));
}

static void
append_subject(struct buf *out, struct str subject)
{
    struct str text = str_trim(plain_copy(out->arena, subject));

    buf_append(out, STR("Subject: "));
    if (is_atoms(text)) {
        buf_append(out, text);
    } else {
        append_encoded(out, text);
    }
    buf_append(out, STR("\r\n"));
}

/* "Fri, 10 Jul 2026 09:00:00 +0200" */
static void
append_date(struct buf *out, moment at)
{
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int                      offset = moment_warsaw_offset(at);
    struct date              date = moment_warsaw_date(at);
    int64_t                  day = date_days(date);
    int64_t                  second = at + offset - day * DAY_SECONDS;

    buf_format(out, "Date: %s, %d %s %d %02d:%02d:%02d +%02d00\r\n",
               days[((day + EPOCH_WEEKDAY) % WEEK + WEEK) % WEEK], date.day, months[date.month - 1],
               date.year, (int)(second / HOUR_SECONDS),
               (int)(second / MINUTE_SECONDS % MINUTE_SECONDS), (int)(second % MINUTE_SECONDS),
               offset / HOUR_SECONDS);
}

/* One line of the text, soft-broken where it is too long (RFC 2045, 6.7). */
static void
append_line(struct buf *out, struct str line)
{
    size_t column = 0;

    for (size_t i = 0; i < line.size; i++) {
        char   byte = line.data[i];
        bool   blank_end = byte == ' ' && i + 1 == line.size;
        bool   plain = byte >= ' ' && byte <= '~' && byte != '=' && !blank_end;
        size_t needed = plain ? 1 : QUOTED_MAX;
        if (column + needed >= LETTER_LINE_MAX) { /* the last column is for the break */
            buf_append(out, STR("=\r\n"));
            column = 0;
        }
        if (plain) {
            buf_byte(out, byte);
        } else {
            append_quoted(out, byte);
        }
        column += needed;
    }
    buf_append(out, STR("\r\n"));
}

static void
append_text(struct buf *out, struct str text)
{
    struct str line = {0};

    if (str_ends_with(text, STR("\n"))) {
        text = str_slice(text, 0, text.size - 1);
    }
    while (str_cut(&text, '\n', &line)) {
        append_line(out, plain_copy(out->arena, line));
    }
}

enum err
letter_write(struct buf *out, const struct letter *letter, struct fault *fault)
{
    if (!letter_address_ok(letter->from.address) || !letter_address_ok(letter->to.address)
        || !is_run(letter->id, "-")) {
        return FAIL(fault, ERR_DENIED, "an address that no letter can be sent to");
    }
    append_date(out, letter->at);
    append_box(out, "From", &letter->from);
    append_box(out, "To", &letter->to);
    append_subject(out, letter->subject);
    buf_format(out, "Message-ID: <%.*s@%.*s>\r\n", STR_ARG(letter->id),
               STR_ARG(letter_domain(letter->from.address)));
    buf_append(out, STR("MIME-Version: 1.0\r\n"
                        "Content-Type: text/plain; charset=UTF-8\r\n"
                        "Content-Transfer-Encoding: quoted-printable\r\n"
                        "Content-Language: pl\r\n"
                        "Auto-Submitted: auto-generated\r\n" /* RFC 3834: no answers by programs */
                        "\r\n"));
    append_text(out, letter->text);
    return buf_ok(out) ? ERR_OK : FAIL(fault, ERR_MEMORY, "a letter that is too long");
}
