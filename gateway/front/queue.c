#include "gateway/front/queue.h"

enum { BUCKETS = 1024 };

struct line {
    struct request *first;
    struct request *last;
    struct sender  *next; /* in the ring of those who have somebody in line */
};

struct sender {
    int64_t             credential;
    size_t              in_flight;
    struct spool_budget share;
    struct line         lines[QUEUE_LANES];
    struct sender      *next; /* in its bucket, or among the free */
};

/* Senders whose turn comes, in order. */
struct ring {
    struct sender *first;
    struct sender *last;
};

struct queue {
    struct sender *buckets[BUCKETS];
    struct sender *free;
    struct ring    rings[QUEUE_LANES];
    size_t         count;
};

struct queue *
queue_create(struct arena *arena, size_t senders_max)
{
    struct queue  *queue = ARENA_NEW(arena, struct queue, 1);
    struct sender *senders = ARENA_NEW(arena, struct sender, senders_max);

    if (queue == NULL || senders == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < senders_max; i++) {
        senders[i].next = queue->free;
        queue->free = &senders[i];
    }
    return queue;
}

static struct sender **
bucket_of(struct queue *queue, int64_t credential)
{
    return &queue->buckets[(uint64_t)credential % BUCKETS];
}

static struct sender *
find_sender(struct queue *queue, int64_t credential)
{
    struct sender *sender = *bucket_of(queue, credential);

    while (sender != NULL && sender->credential != credential) {
        sender = sender->next;
    }
    return sender;
}

static struct sender *
add_sender(struct queue *queue, int64_t credential)
{
    struct sender  *sender = queue->free;
    struct sender **bucket = bucket_of(queue, credential);

    /* There are as many as requests, and each one here has a request. */
    ENSURE(sender != NULL);
    queue->free = sender->next;
    *sender = (struct sender){.credential = credential, .next = *bucket};
    *bucket = sender;
    return sender;
}

bool
queue_admit(struct queue *queue, struct request *request, int64_t credential, size_t max)
{
    struct sender *sender = find_sender(queue, credential);

    if (sender != NULL && sender->in_flight >= max) {
        return false;
    }
    if (sender == NULL) {
        sender = add_sender(queue, credential);
    }
    sender->in_flight++;
    request->sender = sender;
    return true;
}

struct spool_budget *
queue_share(struct request *request, struct spool_budget *whole, int64_t size_max)
{
    struct spool_budget *share = &request->sender->share;

    share->whole = whole;
    share->size_max = size_max;
    return share;
}

void
queue_dismiss(struct queue *queue, struct request *request)
{
    struct sender *sender = request->sender;

    if (sender == NULL) {
        return;
    }
    request->sender = NULL;
    sender->in_flight--;
    if (sender->in_flight > 0) {
        return;
    }
    struct sender **at = bucket_of(queue, sender->credential);
    while (*at != sender) {
        at = &(*at)->next;
    }
    *at = sender->next;
    sender->next = queue->free;
    queue->free = sender;
}

static void
ring_append(struct ring *ring, enum queue_lane lane, struct sender *sender)
{
    sender->lines[lane].next = NULL;
    if (ring->last == NULL) {
        ring->first = sender;
    } else {
        ring->last->lines[lane].next = sender;
    }
    ring->last = sender;
}

static void
ring_remove(struct ring *ring, enum queue_lane lane, struct sender *sender)
{
    struct sender *before = NULL;
    struct sender *at = ring->first;

    while (at != sender) {
        before = at;
        at = at->lines[lane].next;
    }
    if (before == NULL) {
        ring->first = sender->lines[lane].next;
    } else {
        before->lines[lane].next = sender->lines[lane].next;
    }
    if (ring->last == sender) {
        ring->last = before;
    }
}

void
queue_push(struct queue *queue, enum queue_lane lane, struct request *request)
{
    struct line *line = &request->sender->lines[lane];

    request->next = NULL;
    if (line->first == NULL) {
        line->first = request;
        ring_append(&queue->rings[lane], lane, request->sender);
    } else {
        line->last->next = request;
    }
    line->last = request;
    queue->count++;
}

/* Back to the head of its line: its worker died, and it was here first. */
void
queue_push_again(struct queue *queue, enum queue_lane lane, struct request *request)
{
    struct line *line = &request->sender->lines[lane];

    if (line->first == NULL) {
        queue_push(queue, lane, request);
        return;
    }
    request->next = line->first;
    line->first = request;
    queue->count++;
}

size_t
queue_count(const struct queue *queue)
{
    return queue->count;
}

struct request *
queue_next(const struct queue *queue, enum queue_lane lane)
{
    const struct sender *sender = queue->rings[lane].first;

    return sender == NULL ? NULL : sender->lines[lane].first;
}

void
queue_pop(struct queue *queue, enum queue_lane lane)
{
    struct sender *sender = queue->rings[lane].first;
    struct line   *line = &sender->lines[lane];

    line->first = line->first->next;
    queue->count--;
    ring_remove(&queue->rings[lane], lane, sender);
    if (line->first != NULL) {
        ring_append(&queue->rings[lane], lane, sender);
    }
}

/* Take it out of this line; false when it is not there. */
static bool
unlink_request(struct line *line, const struct request *request)
{
    struct request *before = NULL;
    struct request *at = line->first;

    while (at != NULL && at != request) {
        before = at;
        at = at->next;
    }
    if (at == NULL) {
        return false;
    }
    if (before == NULL) {
        line->first = at->next;
    } else {
        before->next = at->next;
    }
    if (line->last == at) {
        line->last = before;
    }
    return true;
}

void
queue_remove(struct queue *queue, struct request *request)
{
    for (size_t i = 0; i < QUEUE_LANES; i++) {
        struct line *line = &request->sender->lines[i];
        if (!unlink_request(line, request)) {
            continue;
        }
        queue->count--;
        if (line->first == NULL) {
            ring_remove(&queue->rings[i], (enum queue_lane)i, request->sender);
        }
    }
}
