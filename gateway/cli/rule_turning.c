#include "gateway/cli/rule_turning.h"

#include "gateway/definitions/definitions.h"
#include "gateway/release/release_history.h"
#include "gateway/release/rule_waking.h"
#include "validators/sets/sets.h"

/* The rule between reports with this code; NULL: it is one of a form. */
static const struct sets_rule *
rule_of_sets(const struct definitions *definitions, struct str code)
{
    size_t                  count = 0;
    const struct sets_rule *rules = sets_rules(definitions->sets, &count);

    for (size_t i = 0; i < count; i++) {
        if (str_equal(rules[i].entry->code, code)) {
            return &rules[i];
        }
    }
    return NULL;
}

/* Only a rule can be switched: never the schema, signatures, identity. *of_set as rule_of_sets. */
static enum err
need_rule(const struct admin *admin, const struct rule_switch *wanted,
          const struct sets_rule **of_set, struct fault *fault)
{
    struct definitions       definitions = {0};
    const struct rule_entry *entry = NULL;
    struct str               code = wanted->code;

    TRY(release_history_at(admin->store, admin->arena, wanted->at, &definitions, fault));
    entry = catalogue_entry(definitions.catalogue, ENTRY_OF_NO_FORM, code.data);
    if (entry == NULL) {
        return FAIL(fault, ERR_USAGE, "„%.*s”: nie ma takiego kodu; zobacz: brama rules list",
                    STR_ARG(str_slice(code, 0, 40)));
    }
    if (!entry_is_rule(entry)) {
        return FAIL(fault, ERR_DENIED,
                    "%.*s nie jest regułą formularza ani zestawu; wyłączyć można tylko taką",
                    STR_ARG(code));
    }
    *of_set = rule_of_sets(&definitions, code);
    return ERR_OK;
}

/* What the switch concerns is decided, or its sets are compared, once more. */
static enum err
wake(const struct admin *admin, struct screen *screen, const struct rule_switch *turned,
     struct fault *fault)
{
    size_t count = 0;

    TRY(rule_waking_run(admin->store, admin->arena, turned->id, &count, fault));
    screen_text(screen, turned->code);
    screen_format(screen, turned->off ? " jest wyłączona" : " jest włączona");
    if (turned->of_sets) {
        screen_format(screen, "; zestawów do ponownego porównania: %zu", count);
    } else if (turned->off) {
        screen_format(screen, "; złożeń do ponownego rozstrzygnięcia: %zu", count);
    }
    screen_format(screen, "\n");
    return ERR_OK;
}

enum err
rule_turning_run(struct admin *admin, struct screen *screen, struct rule_switch *wanted,
                 struct fault *fault)
{
    const struct sets_rule *of_set = NULL;

    TRY(need_rule(admin, wanted, &of_set, fault));
    TRY(admin_operator(admin, &wanted->publisher, fault));
    wanted->of_sets = of_set != NULL;
    wanted->scope = of_set != NULL ? of_set->scope : 0;
    TRY(rule_switch_turn(admin->store, admin->arena, wanted, fault));
    TRY(store_commit(admin->store, fault));
    return wake(admin, screen, wanted, fault);
}
