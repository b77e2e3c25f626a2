#include "validators/rules/domains.h"

static struct str
domain_name(struct arena *arena, struct str dictionary)
{
    char *name = ARENA_NEW(arena, char, dictionary.size + 1);

    if (name == NULL) {
        return (struct str){0};
    }
    for (size_t i = 0; i < dictionary.size; i++) {
        char byte = dictionary.data[i];
        bool small = byte >= 'a' && byte <= 'z';
        name[i] = byte;
        if (byte == '-') {
            name[i] = '_';
        } else if (small) {
            name[i] = (char)(byte - 'a' + 'A');
        }
    }
    return (struct str){name, dictionary.size};
}

/* The codes of a dictionary that are valid on a day, ascending. */
static enum err
list_valid(struct arena *arena, const struct dictionary *dictionary, struct date on,
           struct vtl_domain_values *out, struct fault *fault)
{
    struct str *texts = ARENA_NEW(arena, struct str, dictionary->entry_count + 1);
    size_t      count = 0;

    if (texts == NULL) {
        return FAIL(fault, ERR_MEMORY, "dictionary %.*s", STR_ARG(dictionary->name));
    }
    for (size_t i = 0; i < dictionary->entry_count; i++) {
        const struct dictionary_entry *entry = &dictionary->entries[i];
        if (dictionary_valid_on(entry, on)) {
            texts[count] = entry->key;
            count++;
        }
    }
    *out = (struct vtl_domain_values){.texts = texts, .count = count};
    return ERR_OK;
}

enum err
domains_name(struct arena *arena, const struct catalogue *catalogue, struct vtl_domains *out,
             struct fault *fault)
{
    struct str *names = ARENA_NEW(arena, struct str, catalogue->dictionary_count + 1);

    if (names == NULL) {
        return FAIL(fault, ERR_MEMORY, "names of dictionaries");
    }
    for (size_t i = 0; i < catalogue->dictionary_count; i++) {
        names[i] = domain_name(arena, catalogue->dictionaries[i].name);
        if (names[i].data == NULL) {
            return FAIL(fault, ERR_MEMORY, "names of dictionaries");
        }
    }
    *out = (struct vtl_domains){.names = names, .count = catalogue->dictionary_count};
    return ERR_OK;
}

enum err
domains_values(struct arena *arena, const struct catalogue *catalogue, struct date on,
               const struct vtl_domain_values **out, struct fault *fault)
{
    struct vtl_domain_values *domains =
        ARENA_NEW(arena, struct vtl_domain_values, catalogue->dictionary_count + 1);

    if (domains == NULL) {
        return FAIL(fault, ERR_MEMORY, "dictionaries of a period");
    }
    for (size_t i = 0; i < catalogue->dictionary_count; i++) {
        TRY(list_valid(arena, &catalogue->dictionaries[i], on, &domains[i], fault));
    }
    *out = domains;
    return ERR_OK;
}
