#ifndef GATEWAY_FRONT_QUEUE_H
#define GATEWAY_FRONT_QUEUE_H

#include "gateway/front/request.h"

/*
 * Documents that wait for a worker, fair by credential: each sender has its own line, and the next
 * document is the first of the next sender, so that one who sends thousands delays others by one.
 * Filings and errands stand in lines of their own. Also counts what each sender has in flight and
 * what the bodies of its requests take.
 */
enum queue_lane { QUEUE_FILINGS, QUEUE_ERRANDS, QUEUE_LANES };

/* In place of a credential: all who have none, by what they do. */
enum { QUEUE_PUBLIC_READING = 0, QUEUE_PUBLIC_POSTING = -1 };

struct queue;

/* Room for so many senders at once; NULL when arena is full. */
struct queue *queue_create(struct arena *arena, size_t senders_max);

/* Count a request of this credential. False when it has max in flight. */
MUST_USE bool queue_admit(struct queue *queue, struct request *request, int64_t credential,
                          size_t max);

/* What the sender of a request that was admitted may take of whole. Its use ends with the request.
 */
struct spool_budget *queue_share(struct request *request, struct spool_budget *whole,
                                 int64_t size_max);

/* It is over. A request that was not admitted: nothing. */
void queue_dismiss(struct queue *queue, struct request *request);

void   queue_push(struct queue *queue, enum queue_lane lane, struct request *request);
void   queue_push_again(struct queue *queue, enum queue_lane lane, struct request *request);
size_t queue_count(const struct queue *queue);

/* The next one in this lane, without taking it; NULL: none waits. */
struct request *queue_next(const struct queue *queue, enum queue_lane lane);

/* Take what queue_next has shown; the turn goes to the next sender. */
void queue_pop(struct queue *queue, enum queue_lane lane);

/* Take this one out of the line, wherever it stands. */
void queue_remove(struct queue *queue, struct request *request);

#endif
