#ifndef TESTS_UNIT_GATEWAY_READER_SETS_H
#define TESTS_UNIT_GATEWAY_READER_SETS_H

/*
 * Sets in the world of world.h, in the order of their numbers: 1 of GMINA for 2026-Q2, not
 * consistent; 2 of SCHOOL alone, consistent; 3 of STRANGER, incomplete; 4 of GMINA for 2026-Q1,
 * incomplete. In set 1 two findings charge the report of SCHOOL that is in force (1100): 1 with
 * figures of that report alone, 2 with figures of SISTER's, too; 3 is closed. In set 3 one charges
 * the report of STRANGER.
 */
#define SETS_SQL                                                                                  \
    "INSERT INTO intake.report_set (owner, scope, period_end, period_type, year, period_number,"  \
    " period, state, reason, pending, findings, owed, judged_at, definitions) VALUES"             \
    " (1, 0, '2026-06-30', 'Kwartal', 2026, 2, '2026-Q2', 'inconsistent', '', '[]', 2, '00',"     \
    "  '2026-07-10 09:00+02', sha256('d')),"                                                      \
    " (3, 1, '2026-06-30', 'Kwartal', 2026, 2, '2026-Q2', 'consistent', '', '[]', 0, '',"         \
    "  '2026-07-10 09:00+02', sha256('d')),"                                                      \
    " (5, 0, '2026-06-30', 'Kwartal', 2026, 2, '2026-Q2', 'incomplete', '',"                      \
    "  '[{\"rule\":\"ZESTAW-001\",\"form\":\"Rb-27S\",\"level\":\"zbiorcze\","                    \
    "\"period\":\"2026-Q2\",\"unit\":null,\"reason\":null}]', 1, '',"                             \
    "  '2026-07-10 09:00+02', sha256('d')),"                                                      \
    " (1, 0, '2026-03-31', 'Kwartal', 2026, 1, '2026-Q1', 'incomplete', 'limit', '[]', 0, '',"    \
    "  '2026-07-10 09:00+02', sha256('d'));"                                                      \
    "INSERT INTO intake.set_finding (finding, owner, scope, period_end, period_type, report,"     \
    " code, severity, cell, about, basis, definitions, opened_at, closed_at, mark)"               \
    " SELECT x.*, intake.finding_mark(x.code, '', x.cell, '', '10,00', '12,00') FROM (VALUES"     \
    " (1, 1, 0, DATE '2026-06-30', 'Kwartal', 1100, 'ZESTAW-001', 'query', 'wiersz A', 'o czym'," \
    "  'b', sha256('d'), timestamptz '2026-07-10 09:00+02', NULL::timestamptz),"                  \
    " (2, 1, 0, '2026-06-30', 'Kwartal', 1100, 'ZESTAW-002', 'warning', '', 'o czym', 'b',"       \
    "  sha256('d'), '2026-07-10 09:00+02', NULL),"                                                \
    " (3, 1, 0, '2026-06-30', 'Kwartal', 1100, 'ZESTAW-003', 'query', '', 'o czym', 'b',"         \
    "  sha256('d'), '2026-07-10 09:00+02', '2026-07-11 09:00+02'),"                               \
    " (4, 5, 0, '2026-06-30', 'Kwartal', 6100, 'ZESTAW-001', 'query', '', 'o czym', 'b',"         \
    "  sha256('d'), '2026-07-10 09:00+02', NULL)) x (finding, owner, scope, period_end, "         \
    "period_type,"                                                                                \
    "  report, code, severity, cell, about, basis, definitions, opened_at, closed_at);"           \
    "INSERT INTO intake.set_finding_value (finding, title, fix, found, expected, difference,"     \
    " contributors, total, reports) SELECT f, 'tytuł', 'co zrobić', '10,00', '12,00', '2,00',"  \
    " '[{\"unit\":\"Szkoła nr 1\",\"form\":\"Rb-27S\",\"level\":\"jednostkowe\","                \
    "\"period\":\"2026-Q2\",\"amount\":\"12.00\"}]', 1, r"                                        \
    " FROM (VALUES (1, '{1100}'::bigint[]), (2, '{1100,1101}'), (3, '{1100}'), (4, '{6100}'))"    \
    " x (f, r);"

#endif
