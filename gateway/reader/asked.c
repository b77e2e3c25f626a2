#include "gateway/reader/asked.h"

#include "gateway/problem/problem_page.h"
#include "gateway/reader/cursor.h"

#include <inttypes.h>

enum { LINKED_PARAMETER_MAX = 80 };

struct buf
asked_body(const struct asked *asked)
{
    return buf_create(asked->arena, ASKED_BODY_MAX);
}

void
asked_header(struct asked *asked, const char *name, struct str value)
{
    buf_format(&asked->headers, "%s: %.*s\r\n", name, STR_ARG(value));
}

enum err
asked_answer(struct asked *asked, const struct buf *body, struct fault *fault)
{
    if (!buf_ok(body) || !buf_ok(&asked->headers)) {
        return FAIL(fault, ERR_MEMORY, "an answer of more than %zu bytes", body->size);
    }
    asked->reply->status = 200;
    asked->reply->content_type = str_of(format_type(asked->format));
    asked->reply->headers = buf_str(&asked->headers);
    asked->reply->body = buf_str(body);
    return ERR_OK;
}

bool
asked_has_tag(const struct asked *asked, struct str tag)
{
    struct str rest = asked->question->if_none_match;
    struct str piece = {0};

    while (rest.size > 0 && str_cut(&rest, ',', &piece)) {
        struct str one = str_trim(piece);
        if (str_equal(one, STR("*"))) {
            return true;
        }
        if (str_starts_with(one, STR("W/"))) {
            one = str_slice(one, 2, one.size);
        }
        if (one.size == tag.size + 2 && one.data[0] == '"' && str_ends_with(one, STR("\""))
            && str_equal(str_slice(one, 1, tag.size), tag)) {
            return true;
        }
    }
    return false;
}

bool
asked_is_known(struct asked *asked, struct str tag)
{
    buf_format(&asked->headers, "ETag: \"%.*s\"\r\n", STR_ARG(tag));
    asked_header(asked, "Cache-Control", STR("private, no-cache"));
    if (!asked_has_tag(asked, tag)) {
        return false;
    }
    asked->reply->status = 304;
    asked->reply->headers = buf_str(&asked->headers);
    return true;
}

/* FNV-1a: tells one state of a resource from another; nothing depends on its strength. */
static uint64_t
sum_of(struct str bytes)
{
    uint64_t sum = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < bytes.size; i++) {
        sum = (sum ^ (unsigned char)bytes.data[i]) * UINT64_C(0x100000001b3);
    }
    return sum;
}

enum err
asked_answer_tagged(struct asked *asked, const struct buf *body, struct fault *fault)
{
    struct buf tag = buf_create(asked->arena, ASKED_TAG_SIZE);

    buf_format(&tag, "%016" PRIx64, sum_of(buf_str(body)));
    if (!buf_ok(body) || !buf_ok(&tag)) {
        return FAIL(fault, ERR_MEMORY, "an answer of more than %zu bytes", body->size);
    }
    if (asked_is_known(asked, buf_str(&tag))) {
        return ERR_OK;
    }
    return asked_answer(asked, body, fault);
}

enum err
asked_refuse(struct asked *asked, enum problem problem, struct str detail, struct fault *fault)
{
    struct buf body = asked_body(asked);
    bool       as_page = problem_page_is_wanted(asked->question->accept);

    if (as_page) {
        problem_page_write(&body, problem, detail, asked->question->request);
        asked_header(asked, "Content-Security-Policy", STR(PROBLEM_PAGE_POLICY));
    } else {
        problem_write(&body, problem, asked->tools->config->public_url, detail,
                      asked->question->path, asked->question->request);
    }
    if (!buf_ok(&body)) {
        return FAIL(fault, ERR_MEMORY, "no room for a refusal");
    }
    asked->reply->status = problem_status(problem);
    asked->reply->content_type = as_page ? STR(PROBLEM_PAGE_TYPE) : STR("application/problem+json");
    asked->reply->headers = buf_str(&asked->headers);
    asked->reply->body = buf_str(&body);
    return ERR_OK;
}

enum err
asked_refuse_parameter(struct asked *asked, const char *name, const char *wanted,
                       struct fault *fault)
{
    struct str detail = str_format(asked->arena, "Parametr %s: %s.", name, wanted);

    return asked_refuse(asked, PROBLEM_BAD_PARAMETER, detail, fault);
}

enum err
asked_refuse_submission(struct asked *asked, struct fault *fault)
{
    return asked_refuse(asked, PROBLEM_NOT_FOUND,
                        STR("Nie ma złożenia o tym identyfikatorze albo złożyła je jednostka, "
                            "której spraw to poświadczenie nie obejmuje. Listę swoich złożeń "
                            "znajdziesz pod /api/v1/submissions."),
                        fault);
}

static bool
is_unreserved(char character)
{
    return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'z')
           || (character >= 'A' && character <= 'Z') || character == '-' || character == '.'
           || character == '_' || character == '~';
}

/* text as it may stand in an address (RFC 3986, 2.3). */
static void
write_escaped(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (is_unreserved(text.data[i])) {
            buf_byte(out, text.data[i]);
        } else {
            buf_format(out, "%%%02X", (unsigned)(unsigned char)text.data[i]);
        }
    }
}

/* Link: <...>; rel="next", the same address with this cursor. */
static void
link_next(struct asked *asked, struct str cursor)
{
    struct buf *out = &asked->headers;

    buf_append(out, STR("Link: <"));
    for (size_t i = 0; i < asked->address.segment_count; i++) {
        buf_byte(out, '/');
        write_escaped(out, asked->address.segments[i]);
    }
    buf_format(out, "?cursor=%.*s", STR_ARG(cursor));
    for (size_t i = 0; i < asked->address.parameter_count; i++) {
        const struct address_parameter *parameter = &asked->address.parameters[i];
        /* No parameter of ours is longer; what is, is not ours to repeat. */
        if (parameter->name.size + parameter->value.size <= LINKED_PARAMETER_MAX
            && !str_equal(parameter->name, STR("cursor"))) {
            buf_byte(out, '&');
            write_escaped(out, parameter->name);
            buf_byte(out, '=');
            write_escaped(out, parameter->value);
        }
    }
    buf_append(out, STR(">; rel=\"next\"\r\n"));
}

struct str
asked_segment(const struct asked *asked, size_t i)
{
    return i < asked->address.segment_count ? asked->address.segments[i] : (struct str){0};
}

struct str
asked_parameter(const struct asked *asked, const char *name)
{
    return address_parameter(&asked->address, name);
}

size_t
asked_cut(struct asked *asked, struct str list, const struct store_rows *rows, size_t ordinal,
          size_t limit, struct str *next)
{
    struct buf cursor = buf_create(asked->arena, CURSOR_SIZE);
    size_t     count = store_row_count(rows);

    if (count <= limit) {
        return count == 0 || store_is_null(rows, 0, ordinal) ? 0 : count;
    }
    cursor_write(&cursor, list, store_number(rows, limit - 1, ordinal));
    *next = buf_str(&cursor);
    link_next(asked, *next);
    return limit;
}
