#ifndef VALIDATORS_PRESCAN_OPENING_H
#define VALIDATORS_PRESCAN_OPENING_H

#include "validators/prescan/refusal.h"

/*
 * What a file is, told by its first bytes: XML in UTF-8, XML in another encoding, or something that
 * people send by mistake (a spreadsheet, a PDF, a certificate), which is then named in *out.
 *
 * Returns the offset behind a byte order mark: 0 or 3. The file is refused when out->code says so.
 */
size_t opening_check(struct str bytes, struct refusal *out);

/*
 * Read the XML declaration, if one stands at `from` (XML 1.0, productions 23 to 26, 32 and 80, 81):
 * version 1.0, encoding absent or UTF-8 in any case, at most size_max bytes. Returns the offset
 * behind it, or `from` where none stands. Refused when out->code says so.
 */
size_t opening_declaration(struct str bytes, size_t from, size_t size_max, struct refusal *out);

#endif
