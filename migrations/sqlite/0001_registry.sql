-- Instants are microseconds since the Unix epoch, UTC.

CREATE TABLE setting (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE namespace (
    id         INTEGER NOT NULL PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE,
    preset     TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE api (
    id           INTEGER NOT NULL PRIMARY KEY,
    namespace_id INTEGER NOT NULL REFERENCES namespace (id),
    name         TEXT NOT NULL,
    scheme       TEXT NOT NULL,
    title        TEXT NOT NULL,
    visibility   TEXT NOT NULL,
    origin       TEXT NOT NULL,
    revision     INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    UNIQUE (namespace_id, name)
) STRICT;

-- One row per SHA-256 of the exact bytes; `body` is zstd.
CREATE TABLE document (
    sha256     BLOB NOT NULL PRIMARY KEY,
    size_bytes INTEGER NOT NULL,
    syntax     TEXT NOT NULL,
    body       BLOB NOT NULL
) STRICT;

CREATE TABLE line (
    id       INTEGER NOT NULL PRIMARY KEY,
    api_id   INTEGER NOT NULL REFERENCES api (id),
    name     TEXT NOT NULL,
    schedule TEXT NOT NULL CHECK (json_valid(schedule)),
    routed   INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    UNIQUE (api_id, name)
) STRICT;

CREATE TABLE version (
    id           INTEGER NOT NULL PRIMARY KEY,
    api_id       INTEGER NOT NULL REFERENCES api (id),
    line_id      INTEGER NOT NULL REFERENCES line (id),
    label        TEXT NOT NULL,
    draft        INTEGER NOT NULL,
    sha256       BLOB NOT NULL REFERENCES document (sha256),
    title        TEXT NOT NULL,
    format       TEXT NOT NULL,
    published_at INTEGER NOT NULL,
    predecessor  TEXT,
    schedule     TEXT NOT NULL CHECK (json_valid(schedule)),
    verdict      TEXT CHECK (verdict IS NULL OR json_valid(verdict)),
    findings     TEXT NOT NULL CHECK (json_valid(findings)),
    contract     TEXT NOT NULL CHECK (json_valid(contract)),
    revision     INTEGER NOT NULL,
    UNIQUE (api_id, label)
) STRICT;
CREATE INDEX version_line ON version (line_id);
CREATE INDEX version_published ON version (published_at);

-- The diff of a version against its predecessor, as JSON under zstd.
CREATE TABLE diff (
    old_sha256 BLOB NOT NULL,
    new_sha256 BLOB NOT NULL,
    body       BLOB NOT NULL,
    PRIMARY KEY (old_sha256, new_sha256)
) STRICT;

-- Who holds a host, base path and selector; an empty selector is the empty text. All spellings that
-- take the same calls have one canonical text.
CREATE TABLE route (
    canonical TEXT NOT NULL PRIMARY KEY,
    host      TEXT NOT NULL,
    path      TEXT NOT NULL,
    header    TEXT NOT NULL,
    query     TEXT NOT NULL,
    line_id   INTEGER NOT NULL REFERENCES line (id)
) STRICT;
CREATE INDEX route_line ON route (line_id);

CREATE TABLE usage (
    line_id INTEGER NOT NULL REFERENCES line (id),
    day     INTEGER NOT NULL,
    answer  TEXT NOT NULL,
    calls   INTEGER NOT NULL,
    PRIMARY KEY (line_id, day, answer)
) STRICT;

-- Calls that no route knows, by day and answer.
CREATE TABLE shadow (
    day    INTEGER NOT NULL,
    answer TEXT NOT NULL,
    calls  INTEGER NOT NULL,
    PRIMARY KEY (day, answer)
) STRICT;

CREATE TABLE token (
    id          TEXT NOT NULL PRIMARY KEY,
    kind        TEXT NOT NULL,
    name        TEXT NOT NULL,
    pseudonym   TEXT NOT NULL,
    secret_hash BLOB NOT NULL,
    created_at  INTEGER NOT NULL,
    revoked_at  INTEGER
) STRICT;

CREATE TABLE snapshot (
    id     INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    number INTEGER NOT NULL
) STRICT;
INSERT INTO snapshot (id, number) VALUES (1, 0);

-- The newest row of the audit trail; updating it serialises writers of the chain.
CREATE TABLE audit_head (
    id   INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    seq  INTEGER NOT NULL,
    hash BLOB NOT NULL
) STRICT;
INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, zeroblob(32));

CREATE TABLE audit (
    seq         INTEGER NOT NULL PRIMARY KEY,
    at          INTEGER NOT NULL,
    actor       TEXT NOT NULL,
    action      TEXT NOT NULL,
    target      TEXT NOT NULL,
    request_id  TEXT NOT NULL,
    result      TEXT NOT NULL,
    details     TEXT NOT NULL,
    personal    TEXT,
    salt        BLOB,
    personal_sha256 BLOB NOT NULL,
    prev        BLOB NOT NULL,
    hash        BLOB NOT NULL
) STRICT;
CREATE INDEX audit_target ON audit (target);

-- Personal details may be erased; nothing else of a row ever changes.
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
WHEN NOT (NEW.personal IS NULL AND NEW.salt IS NULL
    AND NEW.seq = OLD.seq AND NEW.at = OLD.at AND NEW.actor = OLD.actor AND NEW.action = OLD.action
    AND NEW.target = OLD.target AND NEW.request_id = OLD.request_id AND NEW.result = OLD.result
    AND NEW.details = OLD.details AND NEW.personal_sha256 = OLD.personal_sha256
    AND NEW.prev = OLD.prev AND NEW.hash = OLD.hash)
BEGIN
    SELECT RAISE(ABORT, 'the audit trail is append-only');
END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit trail is append-only');
END;
