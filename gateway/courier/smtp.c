#include "gateway/courier/smtp.h"

#include "validators/base/ensure.h"

#include <curl/curl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ANSWER_SECONDS = 60 };

static size_t
give_bytes(char *room, size_t size, size_t count, void *object)
{
    struct smtp *smtp = object;
    struct str   piece = str_slice(smtp->bytes, smtp->sent, size * count);

    if (piece.size > 0) {
        memcpy(room, piece.data, piece.size);
    }
    smtp->sent += piece.size;
    return piece.size;
}

static enum smtp_step
step_of(struct str command)
{
    static const struct {
        struct str     verb;
        enum smtp_step step;
    } steps[] = {
        {STR_INIT("EHLO"), SMTP_HELLO    },
        {STR_INIT("HELO"), SMTP_HELLO    },
        {STR_INIT("MAIL"), SMTP_SENDER   },
        {STR_INIT("RCPT"), SMTP_RECIPIENT},
        {STR_INIT("DATA"), SMTP_DATA     },
    };

    for (size_t i = 0; i < ARRAY_COUNT(steps); i++) {
        if (str_starts_with(command, steps[i].verb)) {
            return steps[i].step;
        }
    }
    return SMTP_BEFORE;
}

/*
 * Each command, after it was sent; only its verb is looked at. libcurl waits for the answer to QUIT
 * without letting anything else go on: nothing more is to be heard from the relay, so that its
 * silence holds up nobody.
 */
static int
/* NOLINTNEXTLINE(readability-non-const-parameter): the type is libcurl's */
watch(CURL *curl, curl_infotype type, char *bytes, size_t size, void *object)
{
    struct smtp *smtp = object;

    (void)curl;
    if (type == CURLINFO_HEADER_OUT) {
        struct str     command = {bytes, size};
        enum smtp_step step = step_of(command);
        bool           is_end = str_starts_with(command, STR("QUIT"));
        smtp->step = step > smtp->step ? step : smtp->step;
        for (size_t i = 0; is_end && i < smtp->socket_count; i++) {
            (void)shutdown(smtp->sockets[i], SHUT_RD); /* it may be gone */
        }
    }
    return 0;
}

static int
close_socket(void *object, curl_socket_t fd)
{
    struct smtp *smtp = object;

    for (size_t i = 0; i < smtp->socket_count; i++) {
        if (smtp->sockets[i] == fd) {
            smtp->sockets[i] = smtp->sockets[--smtp->socket_count];
            break;
        }
    }
    return close(fd);
}

bool
smtp_opened(struct smtp *smtp, int fd)
{
    if (smtp->socket_count == SMTP_SOCKETS_MAX) {
        return false;
    }
    smtp->sockets[smtp->socket_count++] = fd;
    return true;
}

bool
smtp_begin(struct smtp *smtp, void *curl, const struct smtp_envelope *envelope, struct str bytes)
{
    *smtp = (struct smtp){.bytes = bytes, .to = curl_slist_append(NULL, envelope->to)};
    bool good = smtp->to != NULL;

    good =
        good && curl_easy_setopt(curl, CURLOPT_MAIL_FROM, envelope->from) == CURLE_OK
        && curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, smtp->to) == CURLE_OK
        && curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L) == CURLE_OK
        && curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)bytes.size) == CURLE_OK
        && curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_bytes) == CURLE_OK
        && curl_easy_setopt(curl, CURLOPT_READDATA, smtp) == CURLE_OK
        && curl_easy_setopt(curl, CURLOPT_CLOSESOCKETFUNCTION, close_socket) == CURLE_OK
        && curl_easy_setopt(curl, CURLOPT_CLOSESOCKETDATA, smtp) == CURLE_OK
        && curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L) == CURLE_OK
        && curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, watch) == CURLE_OK
        && curl_easy_setopt(curl, CURLOPT_DEBUGDATA, smtp) == CURLE_OK
        && curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)ANSWER_SECONDS) == CURLE_OK
        && curl_easy_setopt(curl, CURLOPT_USE_SSL,
                            (long)(envelope->starttls ? CURLUSESSL_ALL : CURLUSESSL_NONE))
               == CURLE_OK;
    if (good && envelope->user != NULL) {
        good = curl_easy_setopt(curl, CURLOPT_USERNAME, envelope->user) == CURLE_OK
               && curl_easy_setopt(curl, CURLOPT_PASSWORD, envelope->password) == CURLE_OK;
    }
    return good;
}

void
smtp_end(struct smtp *smtp)
{
    curl_slist_free_all(smtp->to);
    smtp->to = NULL;
}
