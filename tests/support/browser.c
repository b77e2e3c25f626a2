#include "tests/support/browser.h"

#include "validators/base/buf.h"

#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    READ_FD = 3, /* that the browser reads commands from, and */
    WRITE_FD = 4,
    KEPT_FD = 10, /* above those two */
    WAIT_MS = 60000,
    NOTES_MAX = 1 << 20,
    CHUNK = 65536,
    TRIES_MAX = 1200,
    PAUSE_NS = 50 * 1000 * 1000,
};

struct browser {
    struct arena *arena;
    pid_t         pid;
    int           to;
    int           from;
    int           number;  /* of the newest command */
    const char   *session; /* of the page */
    char         *inbox;   /* what came and is no whole message yet */
    size_t        held;
    struct buf    requests;
    size_t        request_count;
    struct buf    complaints;
};

/* In the child: the pipes at their places, and Chromium. */
static void
become(const int *commands, const int *answers, const char *folder, int port)
{
    char profile[512];
    char rules[64];
    int  in = dup(commands[0]);
    int  out = dup(answers[1]);

    while (in < KEPT_FD) {
        in = dup(in);
    }
    while (out < KEPT_FD) {
        out = dup(out);
    }
    (void)snprintf(rules, sizeof rules, "--host-resolver-rules=MAP localhost:8443 127.0.0.1:%d",
                   port);
    (void)snprintf(profile, sizeof profile, "--user-data-dir=%s", folder);
    if (dup2(in, READ_FD) == READ_FD && dup2(out, WRITE_FD) == WRITE_FD
        && freopen("/dev/null", "w", stderr) != NULL) {
        (void)execlp("chromium", "chromium", "--headless=new", "--no-sandbox", "--disable-gpu",
                     "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions",
                     "--disable-background-networking", "--disable-component-update",
                     "--disable-sync", "--ignore-certificate-errors", profile, rules,
                     "--remote-debugging-pipe", "about:blank", (char *)NULL);
    }
    _exit(127);
}

static void
note(struct buf *notes, const char *text)
{
    buf_append(notes, str_of(text == NULL ? "" : text));
    buf_byte(notes, '\n');
    ENSURE(!notes->full);
}

/* As text in the arena. */
static struct str
text_of(struct browser *browser, const json_t *value)
{
    size_t size = json_dumpb(value, NULL, 0, JSON_COMPACT);
    char  *text = ARENA_NEW(browser->arena, char, size + 1);

    ENSURE(text != NULL && json_dumpb(value, text, size, JSON_COMPACT) == size);
    return (struct str){text, size};
}

static void
note_request(struct browser *browser, json_t *params, const char *key)
{
    json_t *request = json_object_get(params, "request");
    json_t *headers = json_object_get(request == NULL ? params : request, "headers");

    note(&browser->requests, json_string_value(json_object_get(request, "url")));
    buf_append(&browser->requests, text_of(browser, headers));
    browser->request_count += strcmp(key, "Network.requestWillBeSent") == 0 ? 1 : 0;
}

/* An event; anything else is none of ours. */
static void
take_event(struct browser *browser, json_t *message)
{
    const char *method = json_string_value(json_object_get(message, "method"));
    json_t     *params = json_object_get(message, "params");

    if (method == NULL) {
        return;
    }
    if (strcmp(method, "Network.requestWillBeSent") == 0
        || strcmp(method, "Network.requestWillBeSentExtraInfo") == 0) {
        note_request(browser, params, method);
    } else if (strcmp(method, "Runtime.exceptionThrown") == 0) {
        json_t *details = json_object_get(params, "exceptionDetails");
        note(&browser->complaints, json_string_value(json_object_get(details, "text")));
    } else if (strcmp(method, "Log.entryAdded") == 0) {
        json_t     *entry = json_object_get(params, "entry");
        const char *source = json_string_value(json_object_get(entry, "source"));
        if (strcmp(source, "network") != 0) { /* a refusal of ours is no complaint of the page */
            note(&browser->complaints, json_string_value(json_object_get(entry, "text")));
        }
    }
}

/* The next whole message; they are parted by NUL. */
static json_t *
next_message(struct browser *browser)
{
    for (;;) {
        char *end = memchr(browser->inbox, '\0', browser->held);
        if (end != NULL) {
            size_t  size = (size_t)(end - browser->inbox);
            json_t *message = json_loadb(browser->inbox, size, 0, NULL);
            browser->held -= size + 1;
            memmove(browser->inbox, end + 1, browser->held);
            ENSURE(message != NULL);
            return message;
        }
        struct pollfd waits = {.fd = browser->from, .events = POLLIN};
        ENSURE(browser->held + CHUNK <= NOTES_MAX && poll(&waits, 1, WAIT_MS) == 1);
        ssize_t got = read(browser->from, browser->inbox + browser->held, CHUNK);
        ENSURE(got > 0);
        browser->held += (size_t)got;
    }
}

/* One command and its result, a new reference. Takes params. */
static json_t *
command(struct browser *browser, const char *method, json_t *params)
{
    json_t *call =
        json_pack("{s:i,s:s,s:o}", "id", ++browser->number, "method", method, "params", params);

    ENSURE(call != NULL);
    if (browser->session != NULL) {
        (void)json_object_set_new(call, "sessionId", json_string(browser->session));
    }
    struct str text = text_of(browser, call); /* a NUL stands behind it */
    for (size_t sent = 0; sent < text.size + 1;) {
        ssize_t some = write(browser->to, text.data + sent, text.size + 1 - sent);
        ENSURE(some > 0);
        sent += (size_t)some;
    }
    json_decref(call);
    for (;;) {
        json_t *message = next_message(browser);
        if (json_integer_value(json_object_get(message, "id")) == browser->number) {
            json_t *result = json_incref(json_object_get(message, "result"));
            if (result == NULL) {
                (void)fprintf(stderr, "browser: %s is refused\n", method);
            }
            ENSURE(result != NULL);
            json_decref(message);
            return result;
        }
        take_event(browser, message);
        json_decref(message);
    }
}

static void
tell(struct browser *browser, const char *method, json_t *params)
{
    json_decref(command(browser, method, params));
}

static void
attach(struct browser *browser)
{
    json_t *made =
        command(browser, "Target.createTarget", json_pack("{s:s}", "url", "about:blank"));
    json_t *attached = command(
        browser, "Target.attachToTarget",
        json_pack("{s:O,s:b}", "targetId", json_object_get(made, "targetId"), "flatten", 1));
    struct str session =
        str_copy(browser->arena, str_of(json_string_value(json_object_get(attached, "sessionId"))));

    browser->session = str_format(browser->arena, "%.*s", STR_ARG(session)).data;
    json_decref(attached);
    json_decref(made);
    static const char *const domains[] = {"Page.enable", "Runtime.enable", "Network.enable",
                                          "Log.enable"};
    for (size_t i = 0; i < ARRAY_COUNT(domains); i++) {
        tell(browser, domains[i], json_object());
    }
}

struct browser *
browser_start(struct arena *arena, const char *folder, int port)
{
    struct browser *browser = ARENA_NEW(arena, struct browser, 1);
    int             commands[2];
    int             answers[2];

    /* Of this process alone, so that the browser ends with it, whatever becomes of the test. */
    ENSURE(browser != NULL && pipe2(commands, O_CLOEXEC) == 0 && pipe2(answers, O_CLOEXEC) == 0);
    *browser = (struct browser){.arena = arena,
                                .to = commands[1],
                                .from = answers[0],
                                .inbox = ARENA_NEW(arena, char, NOTES_MAX),
                                .requests = buf_create(arena, NOTES_MAX),
                                .complaints = buf_create(arena, NOTES_MAX)};
    ENSURE(browser->inbox != NULL);
    browser->pid = fork();
    ENSURE(browser->pid >= 0);
    if (browser->pid == 0) {
        become(commands, answers, folder, port);
    }
    (void)close(commands[0]);
    (void)close(answers[1]);
    attach(browser);
    return browser;
}

void
browser_stop(struct browser *browser)
{
    browser->session = NULL;
    tell(browser, "Browser.close", json_object());
    (void)close(browser->to);
    (void)close(browser->from);
    (void)waitpid(browser->pid, NULL, 0);
}

void
browser_without_scripts(struct browser *browser)
{
    tell(browser, "Emulation.setScriptExecutionDisabled", json_pack("{s:b}", "value", 1));
}

void
browser_open(struct browser *browser, const char *url)
{
    tell(browser, "Page.navigate", json_pack("{s:s}", "url", url));
    ENSURE(browser_await(browser, "document.readyState === 'complete'"));
}

const char *
browser_ask(struct browser *browser, const char *expression)
{
    struct str wrapped = str_format(browser->arena, "String((%s) ?? '')", expression);
    json_t    *answer =
        command(browser, "Runtime.evaluate",
                json_pack("{s:s,s:b}", "expression", wrapped.data, "returnByValue", 1));
    const char *value =
        json_string_value(json_object_get(json_object_get(answer, "result"), "value"));
    struct str kept = str_format(browser->arena, "%s", value == NULL ? "" : value);

    json_decref(answer);
    ENSURE(kept.data != NULL);
    return kept.data;
}

bool
browser_await(struct browser *browser, const char *expression)
{
    const struct timespec pause = {.tv_nsec = PAUSE_NS};

    for (int i = 0; i < TRIES_MAX; i++) {
        if (strcmp(browser_ask(browser, expression), "true") == 0) {
            return true;
        }
        (void)nanosleep(&pause, NULL); /* a condition is asked for again, nothing depends on it */
    }
    return false;
}

void
browser_type(struct browser *browser, const char *text)
{
    tell(browser, "Input.insertText", json_pack("{s:s}", "text", text));
}

void
browser_press(struct browser *browser, const char *key)
{
    static const struct {
        const char *key;
        int         code;
        const char *text;
    } keys[] = {
        {"Tab",   9,  ""  },
        {"Enter", 13, "\r"},
    };

    for (size_t i = 0; i < ARRAY_COUNT(keys); i++) {
        if (strcmp(keys[i].key, key) == 0) {
            tell(browser, "Input.dispatchKeyEvent",
                 json_pack("{s:s,s:s,s:s,s:i,s:s}", "type", "keyDown", "key", key, "code", key,
                           "windowsVirtualKeyCode", keys[i].code, "text", keys[i].text));
            tell(browser, "Input.dispatchKeyEvent",
                 json_pack("{s:s,s:s,s:s,s:i}", "type", "keyUp", "key", key, "code", key,
                           "windowsVirtualKeyCode", keys[i].code));
            return;
        }
    }
    ENSURE(false);
}

bool
browser_sent(const struct browser *browser, const char *text)
{
    return memmem(browser->requests.data, browser->requests.size, text, strlen(text)) != NULL;
}

size_t
browser_request_count(const struct browser *browser)
{
    return browser->request_count;
}

const char *
browser_complaints(const struct browser *browser)
{
    return str_format(browser->arena, "%.*s", STR_ARG(buf_str(&browser->complaints))).data;
}
