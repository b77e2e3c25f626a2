#include "tests/support/expect.h"
#include "tests/unit/gateway/intake/setting.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { LEASE_SECONDS = 30, RACES = 40 };

static enum err
admit(const struct setting *setting, struct store *store, const struct arrival *arrivals,
      size_t count, struct admitted *out)
{
    struct admission_batch batch = {
        arrivals, count, {STR("test/0"), LEASE_SECONDS}
    };
    struct fault fault = {0};

    enum err failed = admission_run(store, setting->arena, &batch, out, &fault);
    if (failed != ERR_OK) {
        print_message("%s\n", fault.text);
    }
    return failed;
}

static struct admitted
admit_one(const struct setting *setting, struct store *store, struct arrival arrival)
{
    struct admitted admitted = {0};

    assert_int_equal(admit(setting, store, &arrival, 1, &admitted), ERR_OK);
    return admitted;
}

/* Decide a submission so that it is over. */
static void
decide(const struct setting *setting, struct uuid id, enum verdict verdict)
{
    struct queued         queued = {0};
    struct fault          fault = {0};
    struct setting_report report = {.unit = 1, .version = 0, .verdict = verdict, .rows = 1};

    assert_int_equal(queue_look(setting->store, setting->arena, &id, 1, &queued, &fault), ERR_OK);
    struct concluding item = setting_decide(setting, &queued, &report, 1);
    enum err          failed = setting_conclude(setting, setting->store, &item, 1, 0, &fault);
    if (failed != ERR_OK) {
        fail_msg("%s", fault.text);
    }
}

/* An arrival handed in one after another, and what must come of it. */
struct step {
    const char    *name;
    uint64_t       id;
    const char    *key;
    const char    *body;
    enum verdict   decided; /* before: the newest submission of "one" is decided so; 0: no */
    enum admission want;
    uint64_t       answered_by;
    bool           final;
};

static const struct step steps[] = {
    {"new",                            1,  "a", "one",   0,                ADMISSION_NEW,         1,  false},
    {"handed over again",              1,  "a", "one",   0,                ADMISSION_AGAIN,       1,  false},
    {"same key and body",              2,  "a", "one",   0,                ADMISSION_REPEAT_KEY,  1,  false},
    {"same key, other body",           3,  "a", "two",   0,                ADMISSION_KEY_REUSED,  3,  false},
    {"same body, other key",           4,  "b", "one",   0,                ADMISSION_REPEAT_BODY, 1,  false},
    {"that other key is taken too",    5,  "b", "two",   0,                ADMISSION_KEY_REUSED,  5,  false},
    {"refused body left no claim",     6,  "c", "two",   0,                ADMISSION_NEW,         6,  false},
    {"accepted: the original",         7,  "d", "one",   VERDICT_ACCEPTED, ADMISSION_REPEAT_BODY, 1,  true },
    {"accepted: handed over again",    1,  "a", "one",   0,                ADMISSION_AGAIN,       1,  true },
    {"accepted: same key",             8,  "a", "one",   0,                ADMISSION_REPEAT_KEY,  1,  true },
    {"key of a repeat stays its",      9,  "d", "one",   0,                ADMISSION_REPEAT_KEY,  1,  true },
    {"one space more is another body", 10, "e", "one ",  0,                ADMISSION_NEW,         10, false},
    {"keys differ by case",            11, "A", "three", 0,                ADMISSION_NEW,         11, false},
};

static void
admission_follows_the_table(void **state)
{
    struct setting setting = setting_open();

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(steps); i++) {
        const struct step *step = &steps[i];
        if (step->decided != 0) {
            decide(&setting, setting_id(1), step->decided);
        }
        struct admitted got =
            admit_one(&setting, setting.store,
                      setting_arrival(&setting, step->id, step->key, str_of(step->body)));
        EXPECT(got.admission == step->want, step->name);
        EXPECT(uuid_equal(got.id, setting_id(step->answered_by)), step->name);
        EXPECT(got.final == step->final, step->name);
    }
    assert_int_equal(setting_number(&setting, "SELECT count(*) FROM intake.submission"), 4);
    assert_int_equal(setting_number(&setting, "SELECT count(*) FROM intake.document"), 4);
    assert_int_equal(setting_number(&setting, "SELECT count(*) FROM intake.claim_digest"), 4);
    setting_close(&setting);
}

/* The same steps with everything in one batch, where nothing is decided in between. */
static void
admission_of_one_batch_gives_the_same_as_one_after_another(void **state)
{
    struct setting  setting = setting_open();
    struct arrival  arrivals[7];
    struct admitted out[7] = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(arrivals); i++) {
        arrivals[i] = setting_arrival(&setting, steps[i].id, steps[i].key, str_of(steps[i].body));
    }
    assert_int_equal(admit(&setting, setting.store, arrivals, ARRAY_COUNT(arrivals), out), ERR_OK);
    for (size_t i = 0; i < ARRAY_COUNT(arrivals); i++) {
        EXPECT(out[i].admission == steps[i].want, steps[i].name);
        EXPECT(uuid_equal(out[i].id, setting_id(steps[i].answered_by)), steps[i].name);
        EXPECT(!out[i].final, steps[i].name);
    }
    assert_int_equal(setting_number(&setting, "SELECT count(*) FROM intake.submission"), 2);
    setting_close(&setting);
}

static void
admission_does_not_repeat_across_senders(void **state)
{
    struct setting setting = setting_open();

    (void)state;
    struct arrival first = setting_arrival(&setting, 1, "a", STR("one"));
    struct arrival other = setting_arrival(&setting, 2, "a", STR("one"));
    other.subject = 2;
    assert_int_equal(admit_one(&setting, setting.store, first).admission, ADMISSION_NEW);
    assert_int_equal(admit_one(&setting, setting.store, other).admission, ADMISSION_NEW);
    setting_close(&setting);
}

static void
admission_follows_a_rejected_one(void **state)
{
    struct setting setting = setting_open();
    struct queued  queued = {0};
    struct fault   fault = {0};

    (void)state;
    struct admitted first =
        admit_one(&setting, setting.store, setting_arrival(&setting, 1, "a", STR("one")));
    decide(&setting, setting_id(1), VERDICT_REJECTED);
    /* The old key stays the original's, whatever its verdict. */
    struct admitted old =
        admit_one(&setting, setting.store, setting_arrival(&setting, 2, "a", STR("one")));
    assert_int_equal(old.admission, ADMISSION_REPEAT_KEY);
    assert_true(old.final);
    struct admitted second =
        admit_one(&setting, setting.store, setting_arrival(&setting, 3, "b", STR("one")));
    assert_int_equal(second.admission, ADMISSION_NEW);
    assert_int_equal(queue_look(setting.store, setting.arena, &second.id, 1, &queued, &fault),
                     ERR_OK);
    assert_true(uuid_equal(queued.follows, first.id));
    assert_true(queued.first_arrived == first.arrived);
    assert_true(queued.arrived == second.arrived);
    /* While the second is under way, it answers. */
    struct admitted third =
        admit_one(&setting, setting.store, setting_arrival(&setting, 4, "c", STR("one")));
    assert_int_equal(third.admission, ADMISSION_REPEAT_BODY);
    assert_true(uuid_equal(third.id, second.id));
    assert_true(third.arrived == second.arrived);
    /* Rejected again: the line goes on, its first arrival stays. */
    decide(&setting, second.id, VERDICT_REJECTED);
    struct admitted fourth =
        admit_one(&setting, setting.store, setting_arrival(&setting, 5, "d", STR("one")));
    assert_int_equal(queue_look(setting.store, setting.arena, &fourth.id, 1, &queued, &fault),
                     ERR_OK);
    assert_true(uuid_equal(queued.follows, second.id));
    assert_true(queued.first_arrived == first.arrived);
    setting_close(&setting);
}

static void
admission_does_not_follow_what_is_not_rejected(void **state)
{
    static const enum verdict verdicts[] = {VERDICT_ACCEPTED, VERDICT_HELD, VERDICT_UNDECIDED};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(verdicts); i++) {
        struct setting setting = setting_open();
        (void)admit_one(&setting, setting.store, setting_arrival(&setting, 1, "a", STR("one")));
        decide(&setting, setting_id(1), verdicts[i]);
        struct admitted got =
            admit_one(&setting, setting.store, setting_arrival(&setting, 2, "b", STR("one")));
        EXPECT(got.admission == ADMISSION_REPEAT_BODY && got.final, verdict_name(verdicts[i]));
        setting_close(&setting);
    }
}

static void
admission_adds_the_offset_and_never_arrives_before_the_first_byte(void **state)
{
    struct setting setting = setting_open();
    struct queued  queued = {0};
    struct fault   fault = {0};
    const instant  hour = INT64_C(3600) * INSTANT_PER_SECOND;

    (void)state;
    setting_run(&setting, "UPDATE registry.setting SET clock_offset = '-1 hour'");
    struct arrival arrival = setting_arrival(&setting, 1, "a", STR("one"));
    arrival.last_byte = arrival.first_byte - 1;
    struct admitted got = admit_one(&setting, setting.store, arrival);
    assert_true(got.arrived == arrival.first_byte - hour);
    assert_int_equal(queue_look(setting.store, setting.arena, &got.id, 1, &queued, &fault), ERR_OK);
    assert_true(queued.first_byte == arrival.first_byte - hour);
    assert_true(queued.arrived == queued.first_byte);
    /* A repeat tells the original's arrival, not its own. */
    arrival.id = setting_id(2);
    arrival.last_byte += hour;
    assert_true(admit_one(&setting, setting.store, arrival).arrived == got.arrived);
    setting_close(&setting);
}

static void
admission_refuses_what_is_no_key_or_no_batch(void **state)
{
    static const struct {
        const char *name;
        struct str  key;
        size_t      size; /* of a key of letters; 0: key as it stands */
        enum err    want;
    } cases[] = {
        {"no byte",      STR_INIT(""),             0,                     ERR_USAGE},
        {"one byte",     STR_INIT("k"),            0,                     ERR_OK   },
        {"n - 1",        STR_INIT(""),             ADMISSION_KEY_MAX - 1, ERR_OK   },
        {"n",            STR_INIT(""),             ADMISSION_KEY_MAX,     ERR_OK   },
        {"n + 1",        STR_INIT(""),             ADMISSION_KEY_MAX + 1, ERR_USAGE},
        {"a NUL inside", STR_INIT("a\0b"),         0,                     ERR_USAGE},
        {"no UTF-8",     STR_INIT("a\xff"),        0,                     ERR_USAGE},
        {"Polish",       STR_INIT("zażółć-1"), 0,                     ERR_OK   },
    };
    static char     letters[ADMISSION_KEY_MAX + 1];
    struct setting  setting = setting_open();
    struct admitted out = {0};

    (void)state;
    memset(letters, 'k', sizeof letters);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arrival arrival =
            setting_arrival(&setting, i, "", str_format(setting.arena, "body %zu", i));
        arrival.key = cases[i].size == 0 ? cases[i].key : (struct str){letters, cases[i].size};
        EXPECT(admit(&setting, setting.store, &arrival, 1, &out) == cases[i].want, cases[i].name);
    }
    assert_int_equal(setting_number(&setting, "SELECT count(*) FROM intake.submission"), 4);
    setting_close(&setting);
}

static void
admission_takes_sixty_four_and_not_one_more(void **state)
{
    static const struct {
        size_t   count;
        enum err want;
    } cases[] = {
        {0,                       ERR_OK   },
        {ADMISSION_BATCH_MAX - 1, ERR_OK   },
        {ADMISSION_BATCH_MAX,     ERR_OK   },
        {ADMISSION_BATCH_MAX + 1, ERR_USAGE},
    };
    struct setting  setting = setting_open();
    struct arrival  arrivals[ADMISSION_BATCH_MAX + 1];
    struct admitted out[ADMISSION_BATCH_MAX + 1];
    size_t          before = 0;

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        for (size_t j = 0; j < cases[i].count; j++) {
            struct str name = str_format(setting.arena, "%zu/%zu", i, j);
            arrivals[j] = setting_arrival(&setting, i * 1000 + j, name.data, name);
        }
        assert_int_equal(admit(&setting, setting.store, arrivals, cases[i].count, out),
                         cases[i].want);
        before += cases[i].want == ERR_OK ? cases[i].count : 0;
        assert_int_equal(setting_number(&setting, "SELECT count(*) FROM intake.submission"),
                         before);
    }
    setting_close(&setting);
}

static void
admission_says_nothing_of_a_document_in_a_fault(void **state)
{
    struct setting  setting = setting_open();
    struct arrival  arrival = setting_arrival(&setting, 1, "tajny-klucz", STR("sekret"));
    struct admitted out = {.admission = ADMISSION_AGAIN};
    struct fault    fault = {0};

    (void)state;
    arrival.subject = 99; /* no such unit */
    struct admission_batch batch = {
        &arrival, 1, {STR("test/0"), LEASE_SECONDS}
    };
    assert_int_equal(admission_run(setting.store, setting.arena, &batch, &out, &fault), ERR_STORE);
    assert_int_equal(out.admission, ADMISSION_AGAIN); /* untouched */
    assert_null(strstr(fault.text, "tajny"));
    assert_null(strstr(fault.text, "sekret"));
    assert_non_null(strstr(fault.text, "23503"));
    assert_int_equal(setting_number(&setting, "SELECT count(*) FROM intake.claim_key"), 0);
    arrival.subject = 1;
    assert_int_equal(admission_run(setting.store, setting.arena, &batch, &out, &fault), ERR_OK);
    setting_close(&setting);
}

/* Whatever is cut, nothing is half there, and the same call afterwards gives what it would have. */
static void
admission_cut_anywhere_leaves_nothing_and_can_be_repeated(void **state)
{
    static const struct {
        const char *table;
        const char *when;
        enum err    want;
    } cuts[] = {
        {"intake.claim_digest", "INSERT", ERR_STORE_LOST     },
        {"intake.claim_key",    "INSERT", ERR_STORE_LOST     },
        {"intake.submission",   "INSERT", ERR_STORE_LOST     },
        {"intake.document",     "INSERT", ERR_STORE_LOST     },
        {"intake.document",     "COMMIT", ERR_STORE_UNCERTAIN},
    };
    struct setting setting = setting_open();
    int64_t        stored = 0;

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cuts); i++) {
        struct str      name = str_format(setting.arena, "%zu", i);
        struct arrival  arrival = setting_arrival(&setting, i, name.data, name);
        struct admitted out = {0};
        struct fault    fault = {0};
        setting_cut_at(&setting, cuts[i].table, cuts[i].when);
        EXPECT(admit(&setting, setting.store, &arrival, 1, &out) == cuts[i].want, cuts[i].table);
        setting_mend(&setting, cuts[i].table);
        assert_int_equal(setting_number(&setting, "SELECT count(*) FROM intake.claim_key"), stored);
        assert_int_equal(setting_number(&setting, "SELECT count(*) FROM intake.claim_digest"),
                         stored);
        assert_int_equal(setting_number(&setting, "SELECT count(*) FROM intake.submission"),
                         stored);
        assert_int_equal(store_reopen(setting.store, &fault), ERR_OK);
        EXPECT(admit_one(&setting, setting.store, arrival).admission == ADMISSION_NEW,
               cuts[i].table);
        EXPECT(admit_one(&setting, setting.store, arrival).admission == ADMISSION_AGAIN,
               cuts[i].table);
        stored++;
    }
    setting_close(&setting);
}

static void
documents_come_back_byte_by_byte(void **state)
{
    struct setting     setting = setting_open();
    static char        noise[70000];
    static char        zeros[1 << 20];
    uint64_t           mix = 1;
    struct queued     *queued = NULL;
    struct fault       fault = {0};
    size_t             count = 0;
    static const char *encodings[] = {"identity", "identity", "zstd", "identity"};

    (void)state;
    for (size_t i = 0; i < sizeof noise; i++) {
        mix = mix * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        noise[i] = (char)(mix >> 56U);
    }
    struct str bodies[] = {
        STR(""), STR("x"), {zeros, sizeof zeros},
          {noise, sizeof noise}
    };
    struct arrival  arrivals[ARRAY_COUNT(bodies)];
    struct admitted out[ARRAY_COUNT(bodies)];
    for (size_t i = 0; i < ARRAY_COUNT(bodies); i++) {
        arrivals[i] =
            setting_arrival(&setting, i, str_format(setting.arena, "%zu", i).data, bodies[i]);
    }
    assert_int_equal(admit(&setting, setting.store, arrivals, ARRAY_COUNT(bodies), out), ERR_OK);
    struct queue_wish wish = {
        .lease = {STR("test/0"), LEASE_SECONDS},
          .count_max = 8, .bytes_max = (size_t)8 << 20U
    };
    assert_int_equal(queue_take(setting.store, setting.arena, &wish, &queued, &count, &fault),
                     ERR_OK);
    assert_int_equal(count, ARRAY_COUNT(bodies));
    for (size_t i = 0; i < count; i++) {
        assert_true(str_equal(queued[i].bytes, bodies[i]));
        assert_false(queued[i].damaged);
        assert_int_equal(queued[i].size, bodies[i].size);
        struct str sql = str_format(setting.arena,
                                    "SELECT encoding FROM intake.document JOIN intake.submission "
                                    "USING (submission) WHERE key = '%zu'",
                                    i);
        assert_string_equal(setting_ask(&setting, sql.data).data, encodings[i]);
    }
    setting_close(&setting);
}

/* Two workers at once: the same body under keys of their own, or a body that was rejected. */
struct racer {
    const struct setting *setting;
    pthread_barrier_t    *start;
    struct store         *store;
    struct arena         *arena;
    struct arrival        arrivals[RACES];
    struct admitted       out[RACES];
    enum err              failed[RACES];
};

static void *
race(void *argument)
{
    struct racer *racer = argument;

    for (size_t i = 0; i < RACES; i++) {
        struct admission_batch batch = {
            &racer->arrivals[i], 1, {STR("racer"), LEASE_SECONDS}
        };
        struct fault fault = {0};
        (void)pthread_barrier_wait(racer->start);
        racer->failed[i] =
            admission_run(racer->store, racer->arena, &batch, &racer->out[i], &fault);
    }
    return NULL;
}

static void
run_race(struct racer *racers, const struct setting *setting, const char *const *keys,
         uint64_t id_from)
{
    pthread_barrier_t start;
    pthread_t         threads[2];

    assert_int_equal(pthread_barrier_init(&start, NULL, 2), 0);
    for (size_t i = 0; i < 2; i++) {
        racers[i].setting = setting;
        racers[i].start = &start;
        for (size_t j = 0; j < RACES; j++) {
            struct str body = str_format(setting->arena, "race %zu", j);
            struct str key = str_format(setting->arena, "%s-%zu", keys[i], j);
            racers[i].arrivals[j] =
                setting_arrival(setting, id_from + i * RACES + j, key.data, body);
        }
        assert_int_equal(pthread_create(&threads[i], NULL, race, &racers[i]), 0);
    }
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    assert_int_equal(pthread_barrier_destroy(&start), 0);
}

static void
check_race(const struct racer *racers, enum admission loser)
{
    for (size_t j = 0; j < RACES; j++) {
        size_t winner = racers[0].out[j].admission == ADMISSION_NEW ? 0 : 1;
        assert_int_equal(racers[0].failed[j], ERR_OK);
        assert_int_equal(racers[1].failed[j], ERR_OK);
        assert_int_equal(racers[winner].out[j].admission, ADMISSION_NEW);
        assert_int_equal(racers[1 - winner].out[j].admission, loser);
        assert_true(uuid_equal(racers[0].out[j].id, racers[1].out[j].id));
        assert_true(racers[0].out[j].arrived == racers[1].out[j].arrived);
    }
}

static void
of_two_workers_with_one_body_exactly_one_wins(void **state)
{
    static const char *const own_keys[] = {"left", "right"};
    static const char *const later_keys[] = {"left-later", "right-later"};
    static const char *const same_keys[] = {"same", "same"};
    struct setting           setting = setting_open();
    static struct racer      racers[2];

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        racers[i].store = setting_connect(&setting);
        racers[i].arena = arena_create((size_t)64 << 20U);
    }
    run_race(racers, &setting, own_keys, 1000);
    check_race(racers, ADMISSION_REPEAT_BODY);
    for (size_t j = 0; j < RACES; j++) {
        decide(&setting, racers[0].out[j].id, VERDICT_REJECTED);
    }
    /* Both would follow the rejected one. */
    run_race(racers, &setting, later_keys, 2000);
    check_race(racers, ADMISSION_REPEAT_BODY);
    assert_int_equal(
        setting_number(&setting,
                       "SELECT count(*) FROM intake.submission WHERE follows IS NOT NULL"),
        RACES);
    for (size_t j = 0; j < RACES; j++) {
        decide(&setting, racers[0].out[j].id, VERDICT_REJECTED);
    }
    run_race(racers, &setting, same_keys, 3000);
    check_race(racers, ADMISSION_REPEAT_KEY);
    for (size_t i = 0; i < 2; i++) {
        arena_destroy(racers[i].arena);
    }
    setting_close(&setting);
}

/* The front may know a credential for some seconds longer than it lives. */
static void
nothing_is_stored_for_a_credential_that_has_ended(void **state)
{
    static const struct {
        const char    *name;
        const char    *change;
        enum admission want;
    } cases[] = {
        {"lives",          "label = label",                          ADMISSION_NEW    },
        {"is over",        "expires_at = now()",                     ADMISSION_EXPIRED},
        {"was revoked",    "revoked_at = now()",                     ADMISSION_REVOKED},
        {"both",           "expires_at = now(), revoked_at = now()", ADMISSION_REVOKED},
        {"ends next year", "expires_at = now() + interval '1 year'", ADMISSION_NEW    },
        {"is not there",   "credential = DEFAULT",                   ADMISSION_REVOKED},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct setting setting = setting_open();
        struct str     sql =
            str_format(setting.arena, "UPDATE registry.credential SET %s", cases[i].change);
        setting_run(&setting, sql.data);
        struct admitted got =
            admit_one(&setting, setting.store, setting_arrival(&setting, 1, "a", STR("one")));
        int64_t stored = setting_number(&setting, "SELECT count(*) FROM intake.submission");
        int64_t claims = setting_number(&setting, "SELECT (SELECT count(*) FROM intake.claim_key)"
                                                  " + (SELECT count(*) FROM intake.claim_digest)");
        EXPECT(got.admission == cases[i].want, cases[i].name);
        EXPECT(stored == (cases[i].want == ADMISSION_NEW ? 1 : 0), cases[i].name);
        EXPECT(claims == 2 * stored, cases[i].name);
        setting_close(&setting);
    }
}

/* So may it an appointment; a body that comes slowly outlives it. */
static void
nothing_is_stored_for_an_appointment_that_has_ended(void **state)
{
    static const struct {
        const char    *name;
        const char    *change;
        enum admission want;
    } cases[] = {
        {"holds",              "basis = basis",                          ADMISSION_NEW    },
        {"ends today",         "valid_to = registry.today()",            ADMISSION_NEW    },
        {"ended yesterday",    "valid_to = registry.today() - 1",        ADMISSION_EXPIRED},
        {"was ended",          "ended_at = now()",                       ADMISSION_REVOKED},
        {"is at another unit", "unit = 2",                               ADMISSION_REVOKED},
        {"begins tomorrow",    "valid_from = registry.today() + 1",      ADMISSION_REVOKED},
        {"is another one",     "appointment = lpad('2', 32, '0')::uuid", ADMISSION_REVOKED},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct setting setting = setting_open();
        struct arrival arrival = setting_arrival(&setting, 1, "a", STR("one"));
        setting_run(&setting,
                    "INSERT INTO people.person (person, email, name) VALUES"
                    " (lpad('1', 32, '0')::uuid, 'p@example.test', 'Osoba');"
                    "INSERT INTO people.appointment (appointment, person, role, unit, valid_from)"
                    " SELECT person, person, 'sender', 1, '2020-01-01' FROM people.person");
        setting_run(&setting, str_format(setting.arena,
                                         "SET session_replication_role = replica;"
                                         "UPDATE people.appointment SET %s",
                                         cases[i].change)
                                  .data);
        arrival.credential = 0;
        arrival.appointment.bytes[UUID_SIZE - 1] = 1;
        struct admitted got = admit_one(&setting, setting.store, arrival);
        EXPECT(got.admission == cases[i].want, cases[i].name);
        EXPECT(setting_number(&setting, "SELECT count(*) FROM intake.submission")
                   == (cases[i].want == ADMISSION_NEW ? 1 : 0),
               cases[i].name);
        setting_close(&setting);
    }
}

static void
a_credential_that_has_ended_repeats_nothing_but_what_it_had_handed_over(void **state)
{
    struct setting  setting = setting_open();
    struct arrival  arrivals[3];
    struct admitted out[3] = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(arrivals); i++) {
        arrivals[i] = setting_arrival(&setting, i + 1, i == 2 ? "b" : "a", STR("one"));
    }
    assert_int_equal(admit_one(&setting, setting.store, arrivals[0]).admission, ADMISSION_NEW);
    setting_run(&setting, "UPDATE registry.credential SET revoked_at = now()");
    assert_int_equal(admit(&setting, setting.store, arrivals, ARRAY_COUNT(arrivals), out), ERR_OK);
    assert_int_equal(out[0].admission, ADMISSION_AGAIN);
    assert_int_equal(out[1].admission, ADMISSION_REVOKED);
    assert_int_equal(out[2].admission, ADMISSION_REVOKED);
    setting_close(&setting);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(admission_follows_the_table),
        cmocka_unit_test(admission_of_one_batch_gives_the_same_as_one_after_another),
        cmocka_unit_test(admission_does_not_repeat_across_senders),
        cmocka_unit_test(admission_follows_a_rejected_one),
        cmocka_unit_test(admission_does_not_follow_what_is_not_rejected),
        cmocka_unit_test(admission_adds_the_offset_and_never_arrives_before_the_first_byte),
        cmocka_unit_test(admission_refuses_what_is_no_key_or_no_batch),
        cmocka_unit_test(admission_takes_sixty_four_and_not_one_more),
        cmocka_unit_test(admission_says_nothing_of_a_document_in_a_fault),
        cmocka_unit_test(admission_cut_anywhere_leaves_nothing_and_can_be_repeated),
        cmocka_unit_test(documents_come_back_byte_by_byte),
        cmocka_unit_test(of_two_workers_with_one_body_exactly_one_wins),
        cmocka_unit_test(nothing_is_stored_for_a_credential_that_has_ended),
        cmocka_unit_test(nothing_is_stored_for_an_appointment_that_has_ended),
        cmocka_unit_test(a_credential_that_has_ended_repeats_nothing_but_what_it_had_handed_over),
    };

    return cmocka_run_group_tests(tests, setting_start, setting_stop);
}
