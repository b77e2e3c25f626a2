#include "gateway/cli/entry_remote.h"

#include "gateway/cli/member.h"

enum { CODE_WIDTH = 22 };

enum exit_code
entry_remote_ask(const struct remote *remote, struct client_request *request, struct str path,
                 struct transfer_answer *answer, json_t **out)
{
    request->path = path.data;
    request->accept = "application/json";
    if (request->path == NULL) {
        remote_complain("brak pamięci", (struct str){0});
        return EXIT_NOT_ACCEPTED;
    }
    return remote_ask(remote, request, answer, out);
}

enum exit_code
entry_remote_tell_codes(const struct remote *remote, struct screen *screen, struct str path)
{
    struct client_request  request = {0};
    struct transfer_answer answer = {0};
    json_t                *codes = NULL;
    size_t                 i = 0;
    const json_t          *item = NULL;
    enum exit_code         code = entry_remote_ask(remote, &request, path, &answer, &codes);

    if (code != EXIT_ACCEPTED) {
        return code;
    }
    if (remote->options->json) {
        remote_write_json(screen, codes);
        return EXIT_ACCEPTED;
    }
    json_array_foreach(member_object(codes, "items"), i, item)
    {
        struct str name = member_text(item, "code");
        screen_format(screen, "  ");
        screen_text(screen, name);
        screen_format(screen, "%*s  ", name.size < CODE_WIDTH ? (int)(CODE_WIDTH - name.size) : 0,
                      "");
        screen_text(screen, member_text(item, "title"));
        screen_format(screen, "\n");
    }
    return EXIT_ACCEPTED;
}

/* {"code","text"} as bytes; empty: it is no UTF-8. */
static struct str
write_entry(const struct remote *remote)
{
    const struct remote_options *options = remote->options;
    json_t    *entered = json_pack("{s:s, s:s*}", "code", options->code, "text", options->text);
    size_t     size = json_dumpb(entered, NULL, 0, JSON_COMPACT); /* 0: it is no UTF-8 */
    char      *body = ARENA_NEW(remote->arena, char, size + 1);
    struct str out = {0};

    if (size > 0 && body != NULL && json_dumpb(entered, body, size, JSON_COMPACT) == size) {
        out = (struct str){body, size};
    }
    json_decref(entered);
    return out;
}

enum exit_code
entry_remote_give(const struct remote *remote, struct str path, struct str etag, json_t **kept)
{
    struct transfer_answer answer = {0};
    struct client_request  request = {
         .change = CLIENT_PUT_JSON, .if_match = etag, .body = write_entry(remote)};

    if (request.body.size == 0) {
        screen_complain(STR("--text"), "tego opisu nie da się zapisać: ma być tekstem UTF-8");
        return EXIT_USAGE;
    }
    return entry_remote_ask(remote, &request, path, &answer, kept);
}
