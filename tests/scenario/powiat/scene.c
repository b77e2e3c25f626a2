#include "tests/scenario/powiat/scene.h"

#include "gateway/obligation/generation.h"
#include "gateway/registry/credential.h"
#include "gateway/registry/event.h"
#include "tests/support/dice.h"
#include "tests/support/draft.h"
#include "tests/support/judging.h"

#include <stdio.h>
#include <string.h>

#define ROOM ((size_t)1 << 30U)

enum { BATCH_MAX = 24, CODE_ROOM = 4 };

/* With the words of the fault: without them nobody could tell what is missing. */
#define NEED(call, fault) need((call), &(fault))

static void
need(enum err err, const struct fault *fault)
{
    if (err != ERR_OK) {
        (void)fprintf(stderr, "%s\n", fault->text);
    }
    ENSURE(err == ERR_OK);
}

/* The five codes of a JST and of all below it. */
struct codes {
    char        community[CODE_ROOM];
    const char *type;
    const char *district_type;
};

static struct codes
codes_of(size_t jst)
{
    static const char *const types[] = {"0", "1", "3", "3", "2", "2", "2", "3", "2"};
    struct codes             codes = {.type = types[jst], .district_type = jst == 0 ? "1" : "0"};

    (void)snprintf(codes.community, sizeof codes.community, "%02zu", jst % 100);
    return codes;
}

/* A month says what is planned and done, and nothing else. */
static struct str
income_row(struct arena *arena, int amount, bool monthly)
{
    struct str due = monthly ? STR("") : str_format(arena, "<NA>%d.00</NA>", amount);

    return str_format(arena,
                      "<Pozycja><Dzial>801</Dzial><Rozdzial>80101</Rozdzial>"
                      "<Paragraf>069</Paragraf><P4>0</P4><PL>%d.00</PL>%.*s"
                      "<DW>%d.00</DW></Pozycja>",
                      amount, STR_ARG(due), amount);
}

/* Queried: a month that says more than that, a quarter with more spent of the village fund than in
 * all. */
static struct str
spending_row(struct arena *arena, const struct quarter_filing *filing, bool monthly)
{
    struct str due = str_format(arena, "<ZA>%d.00</ZA>", filing->amount);
    struct str fund = filing->queried && !monthly ? STR("<WFS>99999.00</WFS>") : STR("");

    if (monthly && !filing->queried) {
        due = STR("");
    }
    return str_format(arena,
                      "<Pozycja><Dzial>801</Dzial><Rozdzial>80101</Rozdzial>"
                      "<Paragraf>421</Paragraf><P4>0</P4><PL>%d.00</PL>%.*s"
                      "<WW>%d.00</WW>%.*s</Pozycja>",
                      filing->amount, STR_ARG(due), filing->amount - 1, STR_ARG(fund));
}

static struct str
write_filing(struct arena *arena, const struct quarter *quarter,
             const struct quarter_document *document, const struct quarter_filing *filing)
{
    static const enum draft_signing signings[QUARTER_FAULT_COUNT] = {[QUARTER_ONE_SIGNED] =
                                                                         DRAFT_ACCOUNTANT_ONLY};
    const struct quarter_unit      *unit = &quarter->units[filing->unit];
    struct codes                    codes = codes_of(unit->jst);
    struct buf                      day = buf_create(arena, 16);
    int                             month = quarter_month(document->period);

    /* A held report comes again as it was, so its date is not that of the package. */
    date_write(&day, date_of_days(date_days(quarter_period_end(document->period)) + 1));
    buf_byte(&day, '\0');
    const struct draft_unit draft = {
        .number = filing->unit,
        .signing = signings[filing->fault],
        .both = filing->income && filing->spending,
        .income_alone = !filing->spending,
        .version = filing->version,
        .forged = filing->fault == QUARTER_FORGED,
        .date = day.data,
        .signed_on = day.data,
        .kind = unit->is_jst ? "ZB-TEST" : "JB",
        .by_council = unit->is_jst,
        .community = codes.community,
        .type = codes.type,
        .district_type = codes.district_type,
        .month = month,
        .rows = spending_row(arena, filing, month != 0),
        .income_rows = income_row(arena, filing->amount, month != 0),
    };
    return draft_unit(arena, judging_authority(), &draft);
}

struct str *
scene_packages(struct arena *arena, const struct quarter *quarter)
{
    struct str *packages = ARENA_NEW(arena, struct str, quarter->document_count);

    ENSURE(packages != NULL);
    for (size_t i = 0; i < quarter->document_count; i++) {
        const struct quarter_document *document = &quarter->documents[i];
        struct arena                  *scratch = arena_create(ROOM);
        struct str                     units[QUARTER_DOCUMENT_FILINGS];
        for (size_t j = 0; j < document->count; j++) {
            units[j] = write_filing(scratch, quarter, document, &document->filings[j]);
        }
        packages[i] = str_copy(arena, draft_package_of(scratch, quarter_month(document->period),
                                                       units, document->count));
        ENSURE(packages[i].data != NULL);
        arena_destroy(scratch);
    }
    return packages;
}

struct scene
scene_open(const struct quarter *quarter, struct str *packages)
{
    struct scene scene = {.quarter = quarter,
                          .packages = packages,
                          .workshop = workshop_open(),
                          .arena = arena_create(ROOM)};
    struct fault fault = {0};

    NEED(store_open(scene.arena, &scene.workshop->address, STORE_ADMIN, &scene.admin, &fault),
         fault);
    return scene;
}

void
scene_close(struct scene *scene)
{
    arena_destroy(scene->arena);
    workshop_close(scene->workshop);
}

static void
begin(struct scene *scene)
{
    struct fault fault = {0};

    NEED(store_begin(scene->admin, &fault), fault);
    NEED(event_sign(scene->admin, scene->arena, STR(SCENE_OPERATOR), STR(SCENE_BASIS), &fault),
         fault);
}

static void
commit(struct scene *scene)
{
    struct fault fault = {0};

    NEED(store_commit(scene->admin, &fault), fault);
}

static const char *
kind_of(const struct quarter_unit *unit)
{
    if (unit->is_jst) {
        return "jst";
    }
    return unit->is_cuw ? "cuw" : "jednostka-budzetowa";
}

static struct registry_unit
describe(const struct scene *scene, size_t number)
{
    const struct quarter_unit *unit = &scene->quarter->units[number];
    struct codes               codes = codes_of(unit->jst);

    return (struct registry_unit){
        .unit = scene->units[number],
        .regon = draft_regon(scene->arena, number),
        .wk = STR("14"),
        .pk = STR("01"),
        .gk = str_copy(scene->arena, str_of(codes.community)),
        .gt = str_of(codes.type),
        .pt = str_of(codes.district_type),
        .type = str_of(unit->is_jst ? "ZB-TEST" : "JB"),
        .kind = str_of(kind_of(unit)),
        .name = str_format(scene->arena, "Jednostka nr %zu", number),
        .parent = unit->is_jst ? 0 : scene->units[unit->jst],
        .valid_from = unit->valid_from,
    };
}

/* A unit and the token of its programs. */
static void
add_unit(struct scene *scene, size_t number)
{
    struct registry_unit       unit = describe(scene, number);
    struct registry_credential credential = {.scopes =
                                                 SCOPE_SUBMIT | SCOPE_READ | SCOPE_OBLIGATIONS,
                                             .label = STR("program finansowy"),
                                             .expires = INT64_C(4070908800) * INSTANT_PER_SECOND};
    unsigned char              digest[FINGERPRINT_SIZE] = {0};
    struct fault               fault = {0};

    NEED(registry_add_unit(scene->admin, scene->arena, &unit, &scene->units[number], &fault),
         fault);
    memcpy(digest, &number, sizeof number);
    credential.unit = scene->units[number];
    NEED(registry_bind(scene->admin, scene->arena, &credential, digest, &scene->credentials[number],
                       &fault),
         fault);
}

void
scene_register(struct scene *scene)
{
    begin(scene);
    for (size_t i = 0; i < QUARTER_MERGED; i++) {
        if (!scene->quarter->units[i].is_late) {
            add_unit(scene, i);
        }
    }
    commit(scene);
}

static void
serve(struct scene *scene, size_t number)
{
    const struct quarter_unit *unit = &scene->quarter->units[number];
    struct registry_unit       served = describe(scene, number);
    struct registry_unit       provider = describe(scene, unit->provider);
    struct event_service       service = {.unit = &served,
                                          .provider = &provider,
                                          .from = unit->served_from,
                                          .basis = STR(SCENE_BASIS)};
    struct fault               fault = {0};

    NEED(event_serve(scene->admin, scene->arena, &service, &fault), fault);
    if (unit->served_to.year != 0) {
        service.to = unit->served_to;
        NEED(event_release(scene->admin, scene->arena, &service, &fault), fault);
    }
}

static void
merge(struct scene *scene, size_t number)
{
    struct registry_unit          before = describe(scene, number);
    struct registry_unit          after = describe(scene, QUARTER_MERGED);
    const struct event_succession succession = {.predecessor = &before,
                                                .successor = &after,
                                                .kind = STR("merge"),
                                                .day = scene->quarter->units[number].merged_on,
                                                .basis = STR(SCENE_BASIS)};
    struct fault                  fault = {0};

    NEED(event_succeed(scene->admin, scene->arena, &succession, &fault), fault);
}

void
scene_change(struct scene *scene)
{
    struct fault fault = {0};

    begin(scene);
    add_unit(scene, QUARTER_MERGED);
    for (size_t i = 0; i < QUARTER_MERGED; i++) {
        const struct quarter_unit *unit = &scene->quarter->units[i];
        if (unit->provider != 0) {
            serve(scene, i);
        }
        if (unit->merged_on.year != 0) {
            merge(scene, i);
        } else if (unit->valid_to.year != 0) {
            NEED(registry_close_unit(scene->admin, scene->arena, scene->units[i], unit->valid_to,
                                     &fault),
                 fault);
        }
    }
    commit(scene);
}

void
scene_register_late(struct scene *scene)
{
    size_t       woken = 0;
    struct fault fault = {0};

    begin(scene);
    for (size_t i = 0; i < QUARTER_MERGED; i++) {
        if (scene->quarter->units[i].is_late) {
            add_unit(scene, i);
        }
    }
    NEED(registry_wake(scene->admin, scene->arena, &woken, &fault), fault);
    commit(scene);
    ENSURE(woken > 0);
}

void
scene_generate(struct scene *scene)
{
    const struct generation_wish wish = {.first_end = quarter_period_end(0),
                                         .last_end = quarter_period_end(QUARTER_PERIODS - 1),
                                         .by = STR(SCENE_OPERATOR)};
    struct generation_counts     counts = {0};
    struct fault                 fault = {0};

    begin(scene);
    NEED(generation_run(scene->admin, scene->arena, scene->workshop->bench.definitions.calendar,
                        &wish, &counts, &fault),
         fault);
    commit(scene);
}

static void
shuffle(size_t *order, size_t count, struct dice *dice)
{
    for (size_t i = count; i > 1; i--) {
        size_t j = dice_below(dice, i);
        size_t kept = order[i - 1];
        order[i - 1] = order[j];
        order[j] = kept;
    }
}

static void
take_all(struct scene *scene)
{
    while (workshop_take(scene->workshop) > 0) {
        scene->workshop->told_count = 0;
    }
}

static void
send_batch(struct scene *scene, const size_t *order, size_t count)
{
    struct batch batch = workshop_batch();

    for (size_t i = 0; i < count; i++) {
        const struct quarter_document *document = &scene->quarter->documents[order[i]];
        struct str                     key = str_format(batch.arena, "k%zu", order[i]);
        struct submission             *submission =
            workshop_file(scene->workshop, &batch, scene->units[document->sender], order[i] + 1,
                          key.data, scene->packages[order[i]]);
        submission->filing.credential = scene->credentials[document->sender];
        submission->filing.first_byte = document->arrived;
        submission->filing.last_byte = document->arrived;
    }
    stage_run(&scene->workshop->bench, &batch, STAGE_ADMIT);
    batch_destroy(&batch);
    scene->workshop->told_count = 0;
}

void
scene_send(struct scene *scene, uint64_t seed)
{
    size_t      count = scene->quarter->document_count;
    size_t     *order = ARENA_NEW(scene->arena, size_t, count);
    struct dice dice = {seed};
    bool        is_complete = false;

    ENSURE(order != NULL);
    for (size_t i = 0; i < count; i++) {
        order[i] = i;
    }
    shuffle(order, count, &dice);
    for (size_t sent = 0; sent < count;) {
        size_t some = 1 + dice_below(&dice, BATCH_MAX);
        some = some > count - sent ? count - sent : some;
        send_batch(scene, &order[sent], some);
        sent += some;
        if (!is_complete && sent > count * 2 / 3) {
            is_complete = true;
            scene_register_late(scene);
        }
        if (dice_chance(&dice, 30)) {
            take_all(scene);
        }
    }
    take_all(scene);
}
