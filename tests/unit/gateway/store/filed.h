#ifndef TESTS_UNIT_GATEWAY_STORE_FILED_H
#define TESTS_UNIT_GATEWAY_STORE_FILED_H

/*
 * A small history, written by the superuser. Units: 1 a gmina, 2 its urząd, 3 and 4 schools below
 * the urząd, 5 a foreign gmina; each has the credential of its number. Submissions, by the last
 * digit of their id: 1 the urząd's with reports of both schools, 3 school 3's own, 5 the foreign
 * gmina's; each decided, with a document, findings, signatures, receipts and lines.
 */
#define FILED_SQL                                                                                  \
    "INSERT INTO registry.unit (regon, wk, pk, gk, gt, pt, type, kind, name, parent, valid_from)"  \
    " VALUES ('990000016', '99', '01', '02', '3', '0', 'ZB-TEST', 'jst', 'Gmina', NULL,"           \
    " '2020-01-01'), ('990000022', '99', '01', '02', '3', '0', 'JB', 'urzad', 'Urząd', 1,"        \
    " '2020-01-01'), ('990001010', '99', '01', '02', '3', '0', 'JB', 'jednostka-budzetowa', 'A',"  \
    " 2, '2020-01-01'), ('990001027', '99', '01', '02', '3', '0', 'JB', 'jednostka-budzetowa',"    \
    " 'B', 2, '2020-01-01'), ('990000039', '99', '01', '03', '3', '0', 'ZB-TEST', 'jst', 'Obca',"  \
    " NULL, '2020-01-01');"                                                                        \
    "INSERT INTO registry.credential (unit, is_certificate, digest, scopes, label, expires_at)"    \
    " SELECT unit, false, sha256(regon::bytea), 3, '', '2099-01-01' FROM registry.unit"            \
    " ORDER BY unit;"                                                                              \
    "INSERT INTO registry.credential (unit, is_certificate, digest, scopes, label, expires_at,"    \
    " revoked_at) VALUES (1, false, sha256('revoked'), 3, '', '2099-01-01', now()),"               \
    " (1, false, sha256('expired'), 3, '', '2020-01-01', NULL);"                                   \
    "CREATE FUNCTION pg_temp.id(digit bigint) RETURNS uuid LANGUAGE sql AS"                        \
    " $$ SELECT ('0199a2c4-7d10-7a31-9c55-00000000000' || digit)::uuid $$;"                        \
    "INSERT INTO intake.material (sha256, kind, bytes) VALUES (sha256('m'), 'trust', 'm');"        \
    "INSERT INTO intake.submission (submission, subject, credential, key, sha256, size,"           \
    " first_byte, arrived, first_arrived, state, n) SELECT pg_temp.id(x.digit), x.subject,"        \
    " x.subject, 'k', sha256('d'), 1, now(), now(), now(), 'decided', 1"                           \
    " FROM (VALUES (1, 2), (3, 3), (5, 5)) AS x (digit, subject);"                                 \
    "INSERT INTO intake.document SELECT submission, 'identity', 'd' FROM intake.submission;"       \
    "INSERT INTO intake.decision SELECT submission, 1, 'decision', 1, NULL, now(), sha256('x'),"   \
    " sha256('x'), sha256('x'), 'e', 1, 1, 0 FROM intake.submission;"                              \
    "INSERT INTO intake.context SELECT submission, 1, 'c' FROM intake.submission;"                 \
    "INSERT INTO intake.report SELECT x.report, pg_temp.id(x.digit), 1, x.report, x.unit, u.name," \
    " u.regon, u.type, u.wk, u.pk, u.gk, u.gt, u.pt, 'Rb-27s', 'RB27S', '1', '', 2026, 'Kwartal'," \
    " 2, '2026-Q2', '2026-06-30', 'jednostkowe', '', 0, 1, '', sha256('x'), 0, 1, 1, now(), 1,"    \
    " NULL FROM (VALUES (1, 1, 3), (2, 1, 4), (3, 3, 3), (5, 5, 5)) AS x (report, digit, unit)"    \
    " JOIN registry.unit u USING (unit);"                                                          \
    "INSERT INTO intake.line (report, period_end, ordinal, a1) SELECT report, period_end, 0, 1"    \
    " FROM intake.report;"                                                                         \
    "INSERT INTO intake.finding SELECT submission, 1, 1, -1, 'c', 'info', 0, 0, 0, '', '', '',"    \
    " '', '', '', '', '', '', '' FROM intake.submission;"                                          \
    "INSERT INTO intake.finding SELECT submission, 1, 1 + report, ordinal, 'c', 'info', 0, 0, 0,"  \
    " '', '', '', '', '', '', '', '', '', '' FROM intake.report;"                                  \
    "INSERT INTO intake.report_signature SELECT submission, 1, -1, 0, '', '', true, '', "          \
    "sha256('')"                                                                                   \
    " FROM intake.submission;"                                                                     \
    "INSERT INTO intake.report_signature SELECT submission, 1, ordinal, 0, '', '', true, '',"      \
    " sha256('') FROM intake.report;"                                                              \
    "INSERT INTO intake.receipt SELECT 'S' || subject, submission, 1, 'summary', 0, NULL, '',"     \
    " 'b', sha256('b'), '{1,2}' FROM intake.submission;"                                           \
    "INSERT INTO intake.receipt SELECT 'U' || report, submission, 1, 'unit', report, unit, regon," \
    " 'b', sha256('b'), ARRAY[ordinal] FROM intake.report;"                                        \
    "INSERT INTO intake.concern SELECT r.unit, s.ordinal, s.subject FROM intake.report r"          \
    " JOIN intake.submission s USING (submission) WHERE r.unit <> s.subject;"                      \
    "INSERT INTO intake.log VALUES (1, now(), 'decision', pg_temp.id(1), 1, sha256('l'),"          \
    " sha256('c'));"                                                                               \
    "INSERT INTO intake.correction_reason VALUES (pg_temp.id(1), 1, 1, 'inna', 'opis', now(), 2,"  \
    " 2);"                                                                                         \
    "INSERT INTO intake.work (submission, cause) VALUES (pg_temp.id(1), 'retry');"                 \
    "INSERT INTO intake.outbox (kind, submission, n) VALUES ('submission.decided', pg_temp.id(1)," \
    " 1);"                                                                                         \
    "INSERT INTO intake.claim_key VALUES (2, 'k', sha256('d'), pg_temp.id(1));"                    \
    "INSERT INTO intake.claim_digest VALUES (2, sha256('d'), pg_temp.id(1))"

#endif
