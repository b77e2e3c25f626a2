#include "tests/scenario/http/h2.h"

#include <openssl/ssl.h>
#include <poll.h>
#include <string.h>

enum {
    FRAME_HEAD = 9,
    FRAME_MAX = 16384,
    BODY_MAX = 4 * 1024 * 1024,
    SETTINGS = 4,
    PING = 6,
    ACK = 1,
    PADDED = 8,
};

struct frame {
    unsigned      type;
    unsigned      flags;
    unsigned      stream;
    size_t        size;
    unsigned char payload[FRAME_MAX];
};

void
h2_open(struct h2 *h2, int port)
{
    /* Settings: initial window 2^30; then as much for the connection. */
    static const char    greeting[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
                                      "\0\0\6\4\0\0\0\0\0\0\4\x40\0\0\0"
                                      "\0\0\4\x8\0\0\0\0\0\x3f\0\0\0";
    const unsigned char *chosen = NULL;
    unsigned             size = 0;

    *h2 = (struct h2){.next = 1};
    client_open_alpn(&h2->client, port, "\2h2");
    SSL_get0_alpn_selected(h2->client.tls, &chosen, &size);
    ENSURE(size == 2 && memcmp(chosen, "h2", 2) == 0);
    ENSURE(client_send(&h2->client, (struct str){greeting, sizeof greeting - 1}));
}

void
h2_close(struct h2 *h2)
{
    client_close(&h2->client);
}

/* A number with a prefix of seven bits (RFC 7541, 5.1), then the text as it is. */
static void
put_text(struct buf *block, struct str text)
{
    size_t rest = text.size;

    if (rest < 127) {
        buf_byte(block, (char)rest);
    } else {
        buf_byte(block, 127);
        for (rest -= 127; rest >= 128; rest /= 128) {
            buf_byte(block, (char)(unsigned char)(rest % 128 + 128));
        }
        buf_byte(block, (char)rest);
    }
    buf_append(block, text);
}

void
h2_field(struct buf *block, struct str name, struct str value)
{
    buf_byte(block, 0); /* a literal that is not indexed, with a new name */
    put_text(block, name);
    put_text(block, value);
}

bool
h2_send(struct h2 *h2, enum h2_frame type, unsigned flags, unsigned stream, struct str payload)
{
    char head[FRAME_HEAD] = {(char)(payload.size >> 16),
                             (char)(payload.size >> 8),
                             (char)payload.size,
                             (char)type,
                             (char)flags,
                             (char)(stream >> 24),
                             (char)(stream >> 16),
                             (char)(stream >> 8),
                             (char)stream};

    ENSURE(payload.size <= FRAME_MAX);
    return client_send(&h2->client, (struct str){head, sizeof head})
           && client_send(&h2->client, payload);
}

unsigned
h2_ask(struct h2 *h2, struct str block, struct str body)
{
    unsigned stream = h2->next;
    size_t   first = block.size < FRAME_MAX ? block.size : FRAME_MAX;
    unsigned flags = body.size == 0 ? H2_END_STREAM : 0;
    bool sent = h2_send(h2, H2_HEADERS, flags | (first == block.size ? H2_END_HEADERS : 0), stream,
                        str_slice(block, 0, first));

    h2->next += 2;
    for (size_t at = first; sent && at < block.size; at += FRAME_MAX) {
        size_t end = block.size - at < FRAME_MAX ? block.size : at + FRAME_MAX;
        sent = h2_send(h2, H2_CONTINUATION, end == block.size ? H2_END_HEADERS : 0, stream,
                       str_slice(block, at, end - at));
    }
    for (size_t at = 0; sent && at < body.size; at += FRAME_MAX) {
        size_t end = body.size - at < FRAME_MAX ? body.size : at + FRAME_MAX;
        sent = h2_send(h2, H2_DATA, end == body.size ? H2_END_STREAM : 0, stream,
                       str_slice(body, at, end - at));
    }
    return stream;
}

static bool
take(struct h2 *h2, unsigned char *to, size_t size)
{
    size_t at = 0;

    while (at < size) {
        struct pollfd ready = {.fd = h2->client.fd, .events = POLLIN};
        if (SSL_pending(h2->client.tls) == 0 && poll(&ready, 1, CLIENT_TIMEOUT_MS) <= 0) {
            return false;
        }
        int got = SSL_read(h2->client.tls, to + at, (int)(size - at));
        if (got <= 0) {
            return false;
        }
        at += (size_t)got;
    }
    return true;
}

static bool
read_frame(struct h2 *h2, struct frame *frame)
{
    unsigned char head[FRAME_HEAD];

    if (!take(h2, head, sizeof head)) {
        h2->over = true;
        return false;
    }
    frame->size = (size_t)head[0] << 16 | (size_t)head[1] << 8 | head[2];
    frame->type = head[3];
    frame->flags = head[4];
    frame->stream = (unsigned)head[5] << 24 | (unsigned)head[6] << 16 | (unsigned)head[7] << 8
                    | (unsigned)head[8];
    ENSURE(frame->size <= FRAME_MAX);
    h2->over = !take(h2, frame->payload, frame->size);
    return !h2->over;
}

/* ":status" stands first: of the static table, or three digits behind its name. */
static int
read_status(const struct frame *frame)
{
    static const int indexed[] = {200, 204, 206, 304, 400, 404, 500};
    size_t           at = 0;

    ENSURE((frame->flags & PADDED) == 0);
    while (at < frame->size && (frame->payload[at] & 0xE0) == 0x20) {
        at++; /* a new size of the table */
    }
    ENSURE(at < frame->size);
    if (frame->payload[at] >= 0x88 && frame->payload[at] <= 0x8E) {
        return indexed[frame->payload[at] - 0x88];
    }
    const unsigned char *digits = &frame->payload[at + 2];
    ENSURE(at + 5 <= frame->size && frame->payload[at + 1] == 3);
    return (digits[0] - '0') * 100 + (digits[1] - '0') * 10 + (digits[2] - '0');
}

static void
serve(struct h2 *h2, const struct frame *frame)
{
    struct str payload = {(const char *)frame->payload, frame->size};

    if ((frame->type == SETTINGS || frame->type == PING) && (frame->flags & ACK) == 0) {
        payload.size = frame->type == SETTINGS ? 0 : payload.size;
        (void)h2_send(h2, (enum h2_frame)frame->type, ACK, 0, payload); /* an end is seen later */
    }
    h2->goaway = h2->goaway || frame->type == H2_GOAWAY;
}

struct h2_answer
h2_read(struct h2 *h2, struct arena *arena, unsigned stream)
{
    struct h2_answer answer = {0};
    struct buf       body = buf_create(arena, BODY_MAX);
    struct frame    *frame = ARENA_NEW(arena, struct frame, 1);
    bool             ended = false;

    ENSURE(frame != NULL);
    while (!ended && read_frame(h2, frame)) {
        serve(h2, frame);
        if (frame->stream != stream || stream == 0) {
            continue;
        }
        if (frame->type == H2_HEADERS && answer.status == 0) {
            answer.status = read_status(frame);
        } else if (frame->type == H2_DATA) {
            buf_append(&body, (struct str){(const char *)frame->payload, frame->size});
        }
        answer.reset = frame->type == H2_RESET;
        ended = answer.reset || (frame->type <= H2_HEADERS && (frame->flags & H2_END_STREAM) != 0);
    }
    ENSURE(buf_ok(&body));
    answer.body = buf_str(&body);
    return answer;
}
