#include "gateway/reader/problem_resource.h"

#include "gateway/page/page.h"

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
write_members(struct json *json, enum problem problem)
{
    json_object_begin(json);
    json_member(json, "slug", str_of(problem_slug(problem)));
    json_key(json, "status");
    json_number(json, problem_status(problem));
    json_member(json, "title", str_of(problem_title(problem)));
    json_member(json, "cause", str_of(pages[problem].cause));
    json_member(json, "cure", str_of(pages[problem].cure));
    json_object_end(json);
}

static void
write_json(struct buf *out, enum problem problem)
{
    struct json json = json_create(out);

    write_members(&json, problem);
}

static void
write_index_json(struct buf *out)
{
    struct json json = json_create(out);

    json_object_begin(&json);
    json_key(&json, "items");
    json_array_begin(&json);
    for (int i = 0; i < PROBLEM_COUNT; i++) {
        write_members(&json, (enum problem)i);
    }
    json_array_end(&json);
    json_object_end(&json);
}

static void
write_index(struct buf *out)
{
    page_begin(out, STR("Problemy, które zgłasza brama"));
    page_paragraph(out, STR("Gdy brama nie może zrobić tego, o co prosi żądanie, odpowiada opisem "
                            "problemu (application/problem+json). Jego pole type prowadzi na jedną "
                            "z tych stron. Błędy w sprawozdaniu to co innego: są uwagami w wyniku "
                            "sprawdzenia i na UPO."));
    page_list_begin(out);
    for (int i = 0; i < PROBLEM_COUNT; i++) {
        const char *slug = problem_slug((enum problem)i);
        page_link(out, str_format(out->arena, "/problemy/%s", slug), problem_title((enum problem)i),
                  str_format(out->arena, "%d %s", problem_status((enum problem)i), slug));
    }
    page_list_end(out);
    page_end(out);
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

/* As a page or as JSON, whichever was chosen. */
static bool
wants_page(struct asked *asked)
{
    asked_header(asked, "Vary", STR("Accept"));
    if (asked->format == FORMAT_HTML) {
        asked_header(asked, "Content-Security-Policy", STR(PAGE_POLICY));
    }
    return asked->format == FORMAT_HTML;
}

enum err
problem_resource_answer_all(struct asked *asked, struct fault *fault)
{
    struct buf body = asked_body(asked);

    if (wants_page(asked)) {
        write_index(&body);
    } else {
        write_index_json(&body);
    }
    return asked_answer_tagged(asked, &body, fault);
}

enum err
problem_resource_answer_one(struct asked *asked, struct fault *fault)
{
    struct str slug = asked_segment(asked, 1);
    struct buf body = asked_body(asked);

    for (int problem = 0; problem < PROBLEM_COUNT; problem++) {
        if (!str_equal(slug, str_of(problem_slug((enum problem)problem)))) {
            continue;
        }
        if (wants_page(asked)) {
            write_page(&body, (enum problem)problem);
        } else {
            write_json(&body, (enum problem)problem);
        }
        return asked_answer_tagged(asked, &body, fault);
    }
    return asked_refuse(asked, PROBLEM_NOT_FOUND,
                        STR("Brama nie ma takiego rodzaju problemu; wszystkie wymienia /problemy."),
                        fault);
}
