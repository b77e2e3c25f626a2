#ifndef GATEWAY_SMUP_SMUP_H
#define GATEWAY_SMUP_SMUP_H

#include "gateway/store/store.h"
#include "validators/catalogue/catalogue.h"

/*
 * The monitoring store as views: for each form and each level at which it is filed one view of
 * the lines of the reports in force, and one function of the same lines as of any moment. They hold
 * no copy, and see only what the asking role may see (security_invoker over row-level security).
 *
 *     smup.rb_27s                        zbiorcze
 *     smup.rb_27s_jednostki              jednostkowe
 *     smup.rb_27s_jednostki_as_of(at)    the same, as it was in force at that moment
 *
 * A view has one level, so that a sum over it never adds an aggregate to its parts. Columns of the
 * form have their element names in lower case: codes as text, amounts as exact numeric; before them
 * stand unit, period, version and where it is recorded. Versions of one form are one view: each
 * version gives its own lines, and NULL in columns that it has not.
 */

/* All statements, for a catalogue; ERR_CATALOGUE when a name of it cannot be a column. */
MUST_USE enum err smup_script(struct arena *arena, const struct catalogue *catalogue,
                              struct str *out, struct fault *fault);

/*
 * Make the views of this catalogue, and drop those that it has not, as brama_owner; the schema smup
 * holds nothing else. One transaction; nothing happens when they are the same as before. *changed:
 * whether anything did.
 */
MUST_USE enum err smup_views_write(struct store *owner, struct arena *arena,
                                   const struct catalogue *catalogue, bool *changed,
                                   struct fault *fault);

#endif
