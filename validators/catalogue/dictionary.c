#include "validators/catalogue/dictionary.h"

bool
dictionary_valid_on(const struct dictionary_entry *entry, struct date on)
{
    return (entry->from.year == 0 || date_compare(entry->from, on) <= 0)
           && (entry->to.year == 0 || date_compare(on, entry->to) <= 0);
}

const struct dictionary_entry *
dictionary_find(const struct dictionary *dictionary, struct str key, struct date on)
{
    size_t low = 0;
    size_t high = dictionary->entry_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (str_compare(dictionary->entries[middle].key, key) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    while (low < dictionary->entry_count && str_equal(dictionary->entries[low].key, key)) {
        if (dictionary_valid_on(&dictionary->entries[low], on)) {
            return &dictionary->entries[low];
        }
        low++;
    }
    return NULL;
}
