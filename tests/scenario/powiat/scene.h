#ifndef TESTS_SCENARIO_POWIAT_SCENE_H
#define TESTS_SCENARIO_POWIAT_SCENE_H

#include "tests/scenario/powiat/quarter.h"
#include "tests/unit/gateway/submission/workshop.h"

/*
 * A quarter in the gateway: the registry as its operator enters it, duties as they are generated,
 * packages as the worker takes them. In a database of its own, over the workshop. Aborts when
 * something cannot be had.
 */
struct scene {
    const struct quarter *quarter;
    struct workshop      *workshop;
    struct store         *admin;
    struct arena         *arena;
    struct str           *packages;              /* of each document of the quarter */
    int64_t               units[QUARTER_PLACES]; /* 0: not registered yet */
    int64_t               credentials[QUARTER_PLACES];
};

/* Who enters what follows, and the ground: in the trail of every change. */
#define SCENE_OPERATOR "Operator Kwartału"
#define SCENE_BASIS "uchwała nr 1"

/* The signed packages of a quarter, once for every scene that it is played in; in arena. */
struct str *scene_packages(struct arena *arena, const struct quarter *quarter);

struct scene scene_open(const struct quarter *quarter, struct str *packages);
void         scene_close(struct scene *scene);

/* All units but the late ones, nobody and the school that is not there yet. */
void scene_register(struct scene *scene);

/* What happens to units in the quarter. */
void scene_change(struct scene *scene);

/* The late ones; what waited for them is set to work. */
void scene_register_late(struct scene *scene);

/* Duties of the three periods. */
void scene_generate(struct scene *scene);

/* All packages in an order and in batches that the seed tells; the late units are registered when
 * two thirds of them have come. Nothing is left to be done. */
void scene_send(struct scene *scene, uint64_t seed);

#endif
