-- What the courier carries out of here, from the outbox: webhooks, time stamps of receipts, letters.
-- A row is claimed by moving its next_at ahead (the lease): a courier that dies leaves a row that is
-- due again when the lease is over, and the same webhook_id says to the receiver that it is the same.

CREATE SCHEMA courier;

CREATE INDEX outbox_open ON intake.outbox (message) WHERE taken_at IS NULL;

-- Who wants to be told by webhook: of what is filed by this unit and by the units below it.
CREATE TABLE courier.endpoint (
    endpoint    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    unit        bigint NOT NULL REFERENCES registry.unit,
    url         text NOT NULL CHECK (url ~ '^https://' AND length(url) <= 1000),
    events      text[] NOT NULL CHECK (cardinality(events) > 0),
    label       text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    disabled_at timestamptz,               -- its deliveries wait
    reason      text NOT NULL DEFAULT '',  -- why it was switched off
    removed_at  timestamptz
);
CREATE INDEX endpoint_unit ON courier.endpoint (unit) WHERE removed_at IS NULL;

CREATE TABLE courier.delivery (
    delivery   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    endpoint   bigint NOT NULL REFERENCES courier.endpoint,
    webhook_id text NOT NULL UNIQUE,
    type       text NOT NULL,
    body       text NOT NULL,              -- what is sent, at every attempt the same bytes
    created_at timestamptz NOT NULL DEFAULT now(),
    state      text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'failed')),
    attempts   smallint NOT NULL DEFAULT 0,  -- since it was last asked for
    next_at    timestamptz NOT NULL DEFAULT now(),
    ended_at   timestamptz,
    CHECK ((state = 'waiting') = (ended_at IS NULL))
);
CREATE INDEX delivery_due ON courier.delivery (endpoint, next_at) WHERE state = 'waiting';
CREATE INDEX delivery_ended ON courier.delivery (ended_at) WHERE state <> 'waiting';

CREATE TABLE courier.attempt (
    delivery bigint NOT NULL REFERENCES courier.delivery ON DELETE CASCADE,
    at       timestamptz NOT NULL DEFAULT now(),
    status   integer NOT NULL,             -- of HTTP; 0: no answer came
    outcome  text NOT NULL,                -- for a person, in Polish; never what the receiver said
    ms       integer NOT NULL
);
CREATE INDEX attempt_delivery ON courier.attempt (delivery, at);

-- Receipts that wait for their time stamp; a row goes when it is there.
CREATE TABLE courier.stamping (
    number   text PRIMARY KEY,             -- of the receipt
    attempts integer NOT NULL DEFAULT 0,
    next_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX stamping_due ON courier.stamping (next_at);

-- A receipt with its time stamp (XAdES B-T): a second file beside the one that was committed, which
-- never changes.
CREATE TABLE intake.receipt_stamped (
    number     text PRIMARY KEY REFERENCES intake.receipt,
    bytes      bytea NOT NULL,
    sha256     bytea NOT NULL CHECK (length(sha256) = 32),
    stamped_at timestamptz NOT NULL         -- as the time stamp says
);
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON intake.receipt_stamped
    FOR EACH ROW EXECUTE FUNCTION intake.refuse_change();
CREATE TRIGGER kept BEFORE TRUNCATE ON intake.receipt_stamped
    FOR EACH STATEMENT EXECUTE FUNCTION intake.refuse_change();

-- The public keys that webhooks have been signed with; the newest is the present one.
CREATE TABLE courier.signing_key (
    public_key text PRIMARY KEY CHECK (public_key ~ '^whpk_'),
    since      timestamptz NOT NULL DEFAULT now()
);

-- ---------------------------------------------------------------------------------------------
-- rights
-- ---------------------------------------------------------------------------------------------

GRANT USAGE ON SCHEMA registry, intake, courier TO brama_courier;
GRANT USAGE ON SCHEMA courier TO brama_admin, brama_reader;

GRANT SELECT (unit, regon, parent) ON registry.unit TO brama_courier;
CREATE POLICY carried ON registry.unit FOR SELECT TO brama_courier USING (true);
GRANT SELECT ON registry.setting TO brama_courier;
GRANT SELECT ON intake.outbox TO brama_courier;
GRANT UPDATE (taken_at) ON intake.outbox TO brama_courier;
GRANT SELECT (submission, subject, arrived) ON intake.submission TO brama_courier;
GRANT SELECT (submission, n, kind, verdict, decided_at) ON intake.decision TO brama_courier;
CREATE POLICY carried ON intake.submission FOR SELECT TO brama_courier USING (true);
CREATE POLICY carried ON intake.decision FOR SELECT TO brama_courier USING (true);

GRANT SELECT (number, submission, n, bytes) ON intake.receipt TO brama_courier;
CREATE POLICY carried ON intake.receipt FOR SELECT TO brama_courier USING (true);
GRANT SELECT, INSERT, DELETE ON courier.stamping TO brama_courier;
GRANT UPDATE (attempts, next_at) ON courier.stamping TO brama_courier;
GRANT INSERT ON intake.receipt_stamped TO brama_courier;
GRANT SELECT (number) ON intake.receipt_stamped TO brama_courier;
GRANT SELECT ON intake.receipt_stamped TO brama_reader;
ALTER TABLE intake.receipt_stamped ENABLE ROW LEVEL SECURITY;
ALTER TABLE intake.receipt_stamped FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON intake.receipt_stamped TO brama_owner USING (true) WITH CHECK (true);
CREATE POLICY carried ON intake.receipt_stamped TO brama_courier USING (true) WITH CHECK (true);
CREATE POLICY seen ON intake.receipt_stamped FOR SELECT TO brama_reader
    USING (EXISTS (SELECT 1 FROM intake.receipt r WHERE r.number = receipt_stamped.number));

GRANT SELECT ON courier.endpoint, courier.delivery, courier.signing_key TO brama_courier;
GRANT INSERT ON courier.delivery, courier.attempt, courier.signing_key TO brama_courier;
GRANT UPDATE (disabled_at, reason) ON courier.endpoint TO brama_courier;
GRANT UPDATE (state, attempts, next_at, ended_at) ON courier.delivery TO brama_courier;
GRANT DELETE ON courier.delivery TO brama_courier;

GRANT SELECT ON courier.signing_key TO brama_reader;

GRANT SELECT ON courier.endpoint, courier.delivery, courier.attempt, courier.signing_key
    TO brama_admin;
GRANT INSERT ON courier.endpoint TO brama_admin;
GRANT UPDATE (disabled_at, reason, removed_at) ON courier.endpoint TO brama_admin;
GRANT UPDATE (state, attempts, next_at, ended_at) ON courier.delivery TO brama_admin;
