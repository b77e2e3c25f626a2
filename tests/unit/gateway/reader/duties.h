#ifndef TESTS_UNIT_GATEWAY_READER_DUTIES_H
#define TESTS_UNIT_GATEWAY_READER_DUTIES_H

/*
 * Duties of the units of world.h, whose states no clock changes: terms of 2020 (over) and of 2090
 * (not due). By number: 1 GMINA to RIO, missing; 2 SCHOOL in time, one query; 3 SISTER late; 4
 * STRANGER missing; 5 SCHOOL exempted; 6 SISTER superseded by SCHOOL; 7 SCHOOL of 2090, with an
 * internal day; 8 SISTER rejected; 9 STRANGER to RIO, undecided in time.
 */
#define DUTIES_SQL                                                                                 \
    "INSERT INTO obligation.matter (form, form_title, level, year, period_type, period_number,"    \
    " period, period_end, opens_at) VALUES"                                                        \
    " ('RB27S', 'Rb-27S', 'jednostkowe', 2020, 'Kwartal', 2, '2020-Q2', '2020-06-30',"             \
    "  '2020-07-01 00:00+02'),"                                                                    \
    " ('RB28S', '=Rb-28S', 'jednostkowe', 2020, 'Kwartal', 2, '2020-Q2', '2020-06-30',"            \
    "  '2020-07-01 00:00+02'),"                                                                    \
    " ('RB27S', 'Rb-27S', 'zbiorcze', 2020, 'Kwartal', 2, '2020-Q2', '2020-06-30',"                \
    "  '2020-07-01 00:00+02'),"                                                                    \
    " ('RB27S', 'Rb-27S', 'jednostkowe', 2090, 'Kwartal', 2, '2090-Q2', '2090-06-30',"             \
    "  '2090-07-01 00:00+02');"                                                                    \
    "INSERT INTO obligation.term (calendar, matter, kind, jst_types, recipient, recipient_title,"  \
    " rule, nominal_on, due_on, due_before, empty_allowed, nothing_allowed, model, basis)"         \
    " SELECT '1', m.matter, 'jst', 0, CASE m.level WHEN 'zbiorcze' THEN 'rio' ELSE 'zarzad-jst'"   \
    "  END, CASE m.level WHEN 'zbiorcze' THEN 'RIO' ELSE 'zarząd JST' END, 'd+10', d, d,"         \
    "  (d + 1)::timestamp AT TIME ZONE 'Europe/Warsaw', true, false, false, 'rozporządzenie'"     \
    " FROM obligation.matter m, LATERAL (SELECT m.period_end + 10) x (d) ORDER BY m.matter;"       \
    "INSERT INTO obligation.exemption (unit, form, first_end, basis, entered_by)"                  \
    " VALUES (3, 'RB28S', '2020-01-01', 'decyzja; \"pilna\"', 'ktoś');"                           \
    "INSERT INTO obligation.way (office, copied) VALUES (NULL, NULL), ('rio-lodz', '{gus}'),"      \
    " ('rio-lodz', NULL);"                                                                         \
    "INSERT INTO obligation.duty (unit, matter, term, jst, powiat, way, due_before,"               \
    " accepted_at, report, pending_at, last_arrived, last_verdict, open_queries, exemption,"       \
    " superseded_on, superseded_by, superseded_why, internal_on)"                                  \
    " SELECT x.unit, x.matter, x.matter, CASE x.unit WHEN 5 THEN 5 ELSE 1 END,"                    \
    "  CASE x.unit WHEN 5 THEN '9902' ELSE '9901' END, y.way, t.due_before,            "           \
    "  x.accepted::timestamptz, CASE WHEN x.accepted IS NOT NULL THEN 1 END,"                      \
    "  x.pending::timestamptz, coalesce(x.accepted, x.pending, x.rejected)::timestamptz,"          \
    "  CASE WHEN x.accepted IS NOT NULL THEN 1 WHEN x.pending IS NOT NULL THEN 0"                  \
    "   WHEN x.rejected IS NOT NULL THEN 3 END, x.queries, x.exemption, x.gone::date,"             \
    "  CASE WHEN x.gone IS NOT NULL THEN 3 END, CASE WHEN x.gone IS NOT NULL THEN 'succession'"    \
    "  END, x.internal::date"                                                                      \
    " FROM (VALUES"                                                                                \
    "  (1, 1, 3, 'rio-lodz', '{gus}'::text[], NULL, NULL, NULL, 0, NULL::bigint, NULL, NULL),"     \
    "  (2, 3, 1, NULL, NULL, '2020-07-10 10:00+02', NULL, NULL, 1, NULL, NULL, NULL),"             \
    "  (3, 4, 1, NULL, NULL, '2020-07-11 00:00+02', NULL, NULL, 0, NULL, NULL, NULL),"             \
    "  (4, 5, 1, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL),"                              \
    "  (5, 3, 2, NULL, NULL, NULL, NULL, NULL, 0, 1, NULL, NULL),"                                 \
    "  (6, 4, 4, NULL, NULL, NULL, NULL, NULL, 0, NULL, '2026-01-01', NULL),"                      \
    "  (7, 3, 4, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, '2090-07-05'),"                      \
    "  (8, 4, 2, NULL, NULL, NULL, NULL, '2020-07-09 10:00+02', 0, NULL, NULL, NULL),"             \
    "  (9, 5, 3, 'rio-lodz', NULL, NULL, '2020-07-10 10:00+02', NULL, 0, NULL, NULL, NULL))"       \
    "  x (n, unit, matter, office, copied, accepted, pending, rejected, queries, exemption, gone," \
    "     internal) JOIN obligation.term t ON t.term = x.matter JOIN obligation.way y"             \
    "  ON (y.office, y.copied) IS NOT DISTINCT FROM (x.office, x.copied) ORDER BY x.n;"

#endif
