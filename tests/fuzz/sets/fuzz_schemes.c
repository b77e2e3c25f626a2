#include "tests/unit/validators/rules/shelf.h"

#include "validators/sets/scheme.h"

#include <string.h>

/*
 * Input: what stands in rules.xml of a set (operands and rules), a line "---", the script of the
 * rule TEST-001. Property: it compiles, and then every rule charges an operand that it reads, of
 * its own scope, what is wanted for a set is what its rules read, and a set of no reports is
 * incomplete with no rule that holds; or it is refused with a file and words. Twice says the same.
 */
enum { FILES_MAX = 16, TRIES = 2 };

static const size_t arena_max = (size_t)64 << 20;

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size);

/* The two forms that the rules may speak of, without rules of their own. */
static struct bundle_file files[FILES_MAX];
static size_t             file_count;
static struct arena      *kept;

static void
add_file(const char *path, struct str bytes)
{
    ENSURE(file_count < FILES_MAX);
    files[file_count++] = (struct bundle_file){.path = str_of(path), .bytes = bytes};
}

/* Where a piece begins in a text; its size when it does not stand there. */
static size_t
find(struct str text, struct str piece)
{
    for (size_t i = 0; i + piece.size <= text.size; i++) {
        if (memcmp(text.data + i, piece.data, piece.size) == 0) {
            return i;
        }
    }
    return text.size;
}

static bool
holds(struct str text, struct str piece)
{
    return find(text, piece) < text.size;
}

/* The catalogue without other forms and what is theirs, without texts, calendar, and dictionaries
 * but one. */
static struct str
trim(struct str text)
{
    struct buf out = buf_create(kept, text.size + 1);
    struct str line = {0};

    while (str_cut(&text, '\n', &line)) {
        bool form = holds(line, STR("<form "));
        bool kept_form = holds(line, STR("rb-nds")) || holds(line, STR("rb-27s"));
        bool dictionary = holds(line, STR("<dictionary "));
        bool kept_dictionary = holds(line, STR("majatkowe"));
        if ((!form || kept_form) && (!dictionary || kept_dictionary) && !holds(line, STR("<texts "))
            && !holds(line, STR("<calendar ")) && !holds(line, STR(" forms="))) {
            buf_append(&out, line);
            buf_byte(&out, '\n');
        }
    }
    ENSURE(buf_ok(&out));
    return buf_str(&out);
}

static void
check_rules(const struct sets *sets)
{
    for (size_t i = 0; i < sets->rule_count; i++) {
        const struct sets_rule *rule = &sets->rules[i];
        ENSURE(rule->charges < sets->operand_count);
        ENSURE((rule->operands >> rule->charges & 1U) != 0);
        ENSURE(!sets->operands[rule->charges].optional);
        for (size_t j = 0; j < SETS_OPERANDS_MAX; j++) {
            bool read = (rule->operands >> j & 1U) != 0;
            ENSURE(!read || j < sets->operand_count);
            ENSURE(!read || sets->operands[j].scope == rule->scope);
        }
        for (size_t j = 0; j < rule->entry->applies_count; j++) {
            ENSURE(rule->entry->applies[j].severity != SEVERITY_ERROR);
        }
    }
}

/* What a set wants is what some rule of it reads, each once; reports of it touch the set. */
static void
check_wants(const struct sets *sets, const struct sets_key *key)
{
    struct sets_want wants[SETS_OPERANDS_MAX];
    size_t           count = sets_wanted(sets, key, wants);

    ENSURE(count <= sets->operand_count);
    for (size_t i = 0; i < count; i++) {
        struct sets_key touched[SETS_TOUCHED_MAX];
        struct str      levels = wants[i].operand->levels;
        struct str      level = {0};
        bool            found = false;
        while (str_cut(&levels, ' ', &level)) {
            size_t many =
                sets_touched(sets, wants[i].operand->form, level, &wants[i].period, touched);
            for (size_t j = 0; j < many; j++) {
                found = found
                        || (touched[j].scope == key->scope
                            && scheme_same_period(&touched[j].period, &key->period));
            }
        }
        ENSURE(found || wants[i].operand->levels.size == 0);
    }
}

static void
check_empty(struct arena *arena, const struct catalogue *catalogue, const struct sets *sets)
{
    for (int scope = 0; scope < SETS_SCOPES; scope++) {
        struct sets_judgement judgement = {0};
        struct sets_facts     facts = {.environment = ENVIRONMENT_TEST, .seed = 1};
        facts.key.scope = (enum sets_scope)scope;
        ENSURE(catalogue_period_at(catalogue_period_type(catalogue, STR("Kwartal")), 2026, 4,
                                   &facts.key.period));
        check_wants(sets, &facts.key);
        ENSURE(sets_judge(arena, sets, &facts, &judgement, NULL) == ERR_OK);
        ENSURE(judgement.state == SETS_INCOMPLETE && judgement.finding_count == 0);
        for (size_t i = 0; i < judgement.answer_count; i++) {
            ENSURE(judgement.answers[i].outcome == SETS_IDLE
                   || judgement.answers[i].outcome == SETS_PENDING
                   || judgement.answers[i].rule->operands == 0);
        }
    }
}

static enum err
compile(struct arena *arena, const struct catalogue **catalogue, const struct sets **sets,
        struct fault *fault)
{
    struct bundle_file sorted[FILES_MAX];
    struct buf         bytes = buf_create(arena, BUNDLE_SIZE_MAX);
    struct bundle     *bundle = ARENA_NEW(arena, struct bundle, 1);

    ENSURE(bundle != NULL);
    memcpy(sorted, files, sizeof files);
    TRY(bundle_write(&bytes, sorted, file_count, fault));
    TRY(bundle_parse(arena, buf_str(&bytes), bundle, fault));
    TRY(catalogue_load(arena, bundle, catalogue, fault));
    return sets_compile(arena, *catalogue, sets, fault);
}

/* A frame in which nothing compiles would find nothing. */
static void
check_frame(void)
{
    static const char rule[] =
        "<rules owner=\"MF\"><operand name=\"X\" form=\"RBNDS\" levels=\"zbiorcze\""
        " scope=\"jst\"/><rule code=\"TEST-001\" charges=\"X\"><title>t</title><fix>f</fix>"
        "<basis>b</basis><applies severity=\"query\"/></rule></rules>";
    static const char script[] =
        "TEST_001 <- sum(X group by Symbol, Kolumna) [calc Jest := Kwota, Powinno := Kwota]"
        " [calc Zgodne := Jest = Powinno] [keep Jest, Powinno, Zgodne];";

    struct arena           *arena = arena_create(arena_max);
    const struct catalogue *catalogue = NULL;
    const struct sets      *sets = NULL;

    files[1].bytes = str_of(rule);
    files[0].bytes = str_of(script);
    ENSURE(compile(arena, &catalogue, &sets, NULL) == ERR_OK && sets->rule_count == 1);
    arena_destroy(arena);
}

static void
open_frame(void)
{
    static const char *const borrowed[] = {"package/0.3/package.xsd",
                                           "rb-nds/2025-1/form.xml",
                                           "rb-nds/2025-1/report.xsd",
                                           "rb-27s/2025-1/form.xml",
                                           "rb-27s/2025-1/report.xsd",
                                           "signature-policy/1/policy.xml",
                                           "dictionaries/paragrafy-majatkowe-dochodow.csv"};
    static const char *const emptied[] = {"rb-nds/2025-1/rules.xml", "rb-27s/2025-1/rules.xml"};

    const struct catalogue *real = NULL;

    if (kept != NULL) {
        return;
    }
    kept = arena_create((size_t)512 << 20);
    ENSURE(shelf_load(kept, NULL, &real, NULL) == ERR_OK);
    add_file("sets/2025-1/TEST-001.vtl", STR(""));
    add_file("sets/2025-1/rules.xml", STR(""));
    add_file("catalogue.xml", trim(bundle_file(real->bundle, STR("catalogue.xml"))));
    for (size_t i = 0; i < ARRAY_COUNT(borrowed); i++) {
        add_file(borrowed[i], bundle_file(real->bundle, str_of(borrowed[i])));
    }
    for (size_t i = 0; i < ARRAY_COUNT(emptied); i++) {
        add_file(emptied[i], STR("<rules owner=\"MF\"></rules>"));
    }
    add_file("rb-nds/2025-1/rules.vtl", STR(" "));
    add_file("rb-27s/2025-1/rules.vtl", STR(" "));
    check_frame();
}

int
LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size)
{
    struct fault faults[TRIES] = {0};
    enum err     got[TRIES] = {ERR_OK};
    struct str   text = {(const char *)bytes, size};
    size_t       end = find(text, STR("\n---\n"));

    open_frame();
    files[1].bytes = end == size ? text : str_slice(text, 0, end);
    files[0].bytes = end == size ? STR("") : str_slice(text, end + 5, size);
    for (int i = 0; i < TRIES; i++) {
        struct arena           *arena = arena_create(arena_max);
        const struct catalogue *catalogue = NULL;
        const struct sets      *sets = NULL;
        got[i] = compile(arena, &catalogue, &sets, &faults[i]);
        if (got[i] == ERR_OK) {
            check_rules(sets);
            check_empty(arena, catalogue, sets);
        } else {
            ENSURE(faults[i].text[0] != '\0');
        }
        arena_destroy(arena);
    }
    ENSURE(got[0] == got[1] && strcmp(faults[0].text, faults[1].text) == 0);
    return 0;
}
