#include "gateway/reader/problem_resource.h"

#include "gateway/reader/page.h"

static const struct {
    const char *cause;
    const char *cure;
} pages[PROBLEM_COUNT] = {
#define PAGE(name, cause, cure) [PROBLEM_##name] = {cause, cure},
#include "gateway/reader/problem_page.def"
#undef PAGE
};

static void
write_page(struct buf *out, enum problem problem)
{
    page_begin(out, str_of(problem_title(problem)));
    page_heading(out, STR("Co się stało"));
    page_paragraph(out, str_of(pages[problem].cause));
    page_heading(out, STR("Co zrobić"));
    page_paragraph(out, str_of(pages[problem].cure));
    page_facts_begin(out);
    page_fact(out, "Kod HTTP", str_format(out->arena, "%d", problem_status(problem)));
    page_fact(out, "Nazwa w API", str_of(problem_slug(problem)));
    page_facts_end(out);
    page_end(out);
}

static void
write_json(struct buf *out, enum problem problem)
{
    struct json json = json_create(out);

    json_object_begin(&json);
    json_key(&json, "slug");
    json_text(&json, str_of(problem_slug(problem)));
    json_key(&json, "status");
    json_number(&json, problem_status(problem));
    json_key(&json, "title");
    json_text(&json, str_of(problem_title(problem)));
    json_key(&json, "cause");
    json_text(&json, str_of(pages[problem].cause));
    json_key(&json, "cure");
    json_text(&json, str_of(pages[problem].cure));
    json_object_end(&json);
}

bool
problem_resource_is_complete(void)
{
    for (size_t i = 0; i < PROBLEM_COUNT; i++) {
        if (pages[i].cause == NULL || pages[i].cure == NULL) {
            return false;
        }
    }
    return true;
}

enum err
problem_resource_answer(struct asked *asked, struct fault *fault)
{
    struct str slug = asked_segment(asked, 1);
    struct buf body = asked_body(asked);

    for (int problem = 0; problem < PROBLEM_COUNT; problem++) {
        if (!str_equal(slug, str_of(problem_slug((enum problem)problem)))) {
            continue;
        }
        asked_header(asked, "Vary", STR("Accept"));
        if (asked->format == FORMAT_HTML) {
            asked_header(asked, "Content-Security-Policy", STR(PAGE_POLICY));
            write_page(&body, (enum problem)problem);
        } else {
            write_json(&body, (enum problem)problem);
        }
        return asked_answer_tagged(asked, &body, fault);
    }
    return asked_refuse(asked, PROBLEM_NOT_FOUND, STR("Brama nie ma takiego rodzaju problemu."),
                        fault);
}
