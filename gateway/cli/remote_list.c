#include "gateway/cli/remote_list.h"

#include "gateway/cli/member.h"
#include "validators/identifier/identifier.h"

#include <inttypes.h>

static enum exit_code
ask_page(const struct remote *remote, const struct remote_list *list, int64_t limit,
         struct str cursor, json_t **page)
{
    struct transfer_answer answer = {0};
    struct buf             path = buf_create(remote->arena, REMOTE_LIST_ADDRESS_MAX);
    enum exit_code         code = list->address(
                remote, limit < REMOTE_LIST_PAGE_MAX ? limit : REMOTE_LIST_PAGE_MAX, cursor, &path);

    if (code != EXIT_ACCEPTED) {
        return code;
    }
    return remote_ask(remote,
                      &(struct client_request){.path = path.data, .accept = "application/json"},
                      &answer, page);
}

/* *more: the gateway has further ones behind the last. */
static enum exit_code
fetch(const struct remote *remote, const struct remote_list *list, json_t *all, bool *more)
{
    int64_t    limit = remote->options->limit;
    struct str cursor = {0};

    do {
        json_t        *page = NULL;
        int64_t        had = (int64_t)json_array_size(all);
        enum exit_code code = ask_page(remote, list, limit - had, cursor, &page);

        if (code != EXIT_ACCEPTED) {
            return code;
        }
        (void)json_array_extend(all, json_object_get(page, "items")); /* -1: there are none */
        /* A page without anything on it ends the list, whatever its cursor says. */
        cursor = (int64_t)json_array_size(all) > had ? member_text(page, "next_cursor")
                                                     : (struct str){0};
    } while (cursor.size > 0 && (int64_t)json_array_size(all) < limit);
    *more = cursor.size > 0;
    return EXIT_ACCEPTED;
}

static void
write_items(struct screen *screen, const struct remote_list *list, const json_t *all)
{
    size_t        i = 0;
    const json_t *item = NULL;

    json_array_foreach(all, i, item)
    {
        list->write_item(screen, item);
    }
    if (json_array_size(all) == 0) {
        screen_format(screen, "%s\n", list->none);
    }
}

/* A list that was cut says so, and how to go on. */
static void
write_more(struct screen *screen, int64_t limit)
{
    screen_format(screen, "To nie wszystko: pokazano %" PRId64 ". ", limit);
    screen_format(screen,
                  limit < REMOTE_LIST_LIMIT_MAX
                      ? "Więcej pokaże większe --limit (najwyżej %d); listę zawężają --period i "
                        "--state.\n"
                      : "Więcej niż %d naraz nie wypisze; zawęź listę: --period, --state.\n",
                  REMOTE_LIST_LIMIT_MAX);
}

static void
write_json(struct screen *screen, json_t *all, bool more)
{
    json_t *document = json_pack("{s:O}", "items", all);

    if (more) {
        (void)json_object_set_new(document, "more", json_true());
    }
    remote_write_json(screen, document);
    json_decref(document);
}

enum exit_code
remote_list_write(const struct remote *remote, struct screen *screen,
                  const struct remote_list *list)
{
    json_t        *all = json_array();
    bool           more = false;
    enum exit_code code = fetch(remote, list, all, &more);

    if (code == EXIT_ACCEPTED && remote->options->json) {
        write_json(screen, all, more);
    } else if (code == EXIT_ACCEPTED) {
        write_items(screen, list, all);
        if (more) {
            write_more(screen, remote->options->limit);
        }
    }
    json_decref(all);
    return code;
}

enum exit_code
remote_list_check_period(const struct remote_options *options)
{
    if (options->period != NULL && !identifier_period(str_of(options->period))) {
        screen_complain(str_of(options->period),
                        "to nie jest okres; --period ma postać 2026-Q2, 2026-06 albo 2026");
        return EXIT_USAGE;
    }
    return EXIT_ACCEPTED;
}
