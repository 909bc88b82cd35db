"""The first tables.

Revision ID: 0001
"""

from alembic import op

revision = "0001"
down_revision = None

_TABLES = (
    """
    CREATE TABLE answers (
        request_key VARCHAR NOT NULL,
        asked VARCHAR NOT NULL,
        kind VARCHAR NOT NULL,
        answer VARCHAR NOT NULL,
        given VARCHAR NOT NULL,
        CONSTRAINT pk_answers PRIMARY KEY (request_key, asked)
    )
    """,
    """
    CREATE TABLE debts (
        id VARCHAR NOT NULL,
        kind VARCHAR NOT NULL,
        item VARCHAR NOT NULL,
        tag VARCHAR NOT NULL,
        evidence VARCHAR NOT NULL,
        opened VARCHAR NOT NULL,
        closed VARCHAR,
        closed_by VARCHAR,
        CONSTRAINT pk_debts PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE epochs (
        id VARCHAR NOT NULL,
        started VARCHAR NOT NULL,
        acknowledged INTEGER NOT NULL,
        CONSTRAINT pk_epochs PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE meta (
        name VARCHAR NOT NULL,
        value VARCHAR NOT NULL,
        CONSTRAINT pk_meta PRIMARY KEY (name)
    )
    """,
    """
    CREATE TABLE patrons (
        id VARCHAR NOT NULL,
        card VARCHAR NOT NULL,
        given_name VARCHAR NOT NULL,
        family_name VARCHAR NOT NULL,
        category VARCHAR NOT NULL,
        branch VARCHAR NOT NULL,
        born DATE,
        expires DATE,
        card_status VARCHAR NOT NULL,
        fees VARCHAR NOT NULL,
        guardian VARCHAR,
        language VARCHAR,
        pin_needed BOOLEAN NOT NULL,
        CONSTRAINT pk_patrons PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE returns (
        request_key VARCHAR NOT NULL,
        item VARCHAR NOT NULL,
        owner VARCHAR NOT NULL,
        tags VARCHAR NOT NULL,
        begun VARCHAR NOT NULL,
        state VARCHAR NOT NULL,
        closed VARCHAR,
        CONSTRAINT pk_returns PRIMARY KEY (request_key),
        CONSTRAINT ck_returns_state CHECK (state IN ('begun', 'taken', 'superseded'))
    )
    """,
    """
    CREATE TABLE titles (
        id VARCHAR NOT NULL,
        name VARCHAR NOT NULL,
        author VARCHAR NOT NULL,
        year INTEGER,
        language VARCHAR NOT NULL,
        age_from INTEGER NOT NULL,
        CONSTRAINT pk_titles PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE cards (
        id INTEGER NOT NULL,
        number VARCHAR,
        uid VARCHAR,
        patron VARCHAR NOT NULL,
        status VARCHAR NOT NULL,
        CONSTRAINT pk_cards PRIMARY KEY (id),
        CONSTRAINT ck_cards_says_something CHECK (number IS NOT NULL OR uid IS NOT NULL),
        CONSTRAINT uq_cards_number UNIQUE (number),
        CONSTRAINT uq_cards_uid UNIQUE (uid),
        CONSTRAINT fk_cards_patron FOREIGN KEY(patron) REFERENCES patrons (id)
    )
    """,
    """
    CREATE TABLE holds (
        id INTEGER NOT NULL,
        patron VARCHAR NOT NULL,
        title VARCHAR NOT NULL,
        placed_at VARCHAR NOT NULL,
        pickup VARCHAR NOT NULL,
        status VARCHAR NOT NULL,
        item VARCHAR,
        closed_at VARCHAR,
        CONSTRAINT pk_holds PRIMARY KEY (id),
        CONSTRAINT fk_holds_patron FOREIGN KEY(patron) REFERENCES patrons (id),
        CONSTRAINT fk_holds_title FOREIGN KEY(title) REFERENCES titles (id)
    )
    """,
    """
    CREATE TABLE items (
        id VARCHAR NOT NULL,
        title VARCHAR NOT NULL,
        type VARCHAR NOT NULL,
        branch VARCHAR NOT NULL,
        status VARCHAR NOT NULL,
        shelf VARCHAR NOT NULL,
        parts INTEGER NOT NULL,
        CONSTRAINT pk_items PRIMARY KEY (id),
        CONSTRAINT fk_items_title FOREIGN KEY(title) REFERENCES titles (id)
    )
    """,
    """
    CREATE TABLE journal (
        position INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        epoch VARCHAR NOT NULL,
        seq INTEGER NOT NULL,
        id VARCHAR NOT NULL,
        type VARCHAR NOT NULL,
        payload VARCHAR NOT NULL,
        at VARCHAR NOT NULL,
        monotonic FLOAT NOT NULL,
        boot VARCHAR NOT NULL,
        trusted BOOLEAN NOT NULL,
        prev_hash VARCHAR NOT NULL,
        hash VARCHAR NOT NULL,
        CONSTRAINT uq_journal_epoch_seq UNIQUE (epoch, seq),
        CONSTRAINT fk_journal_epoch FOREIGN KEY(epoch) REFERENCES epochs (id),
        CONSTRAINT uq_journal_id UNIQUE (id)
    )
    """,
    """
    CREATE TABLE pins (
        patron VARCHAR NOT NULL,
        verifier VARCHAR NOT NULL,
        failures INTEGER NOT NULL,
        locked_until VARCHAR,
        CONSTRAINT pk_pins PRIMARY KEY (patron),
        CONSTRAINT fk_pins_patron FOREIGN KEY(patron) REFERENCES patrons (id)
    )
    """,
    """
    CREATE TABLE loans (
        id VARCHAR NOT NULL,
        request_key VARCHAR,
        item VARCHAR NOT NULL,
        patron VARCHAR NOT NULL,
        item_type VARCHAR NOT NULL,
        lent_at VARCHAR NOT NULL,
        due DATE NOT NULL,
        renewals INTEGER NOT NULL,
        state VARCHAR NOT NULL,
        closed_at VARCHAR,
        fulfils INTEGER,
        CONSTRAINT pk_loans PRIMARY KEY (id),
        CONSTRAINT ck_loans_state CHECK (state IN ('open', 'returned', 'voided')),
        CONSTRAINT ck_loans_open_or_closed CHECK ((state = 'open') = (closed_at IS NULL)),
        CONSTRAINT uq_loans_request_key UNIQUE (request_key),
        CONSTRAINT fk_loans_item FOREIGN KEY(item) REFERENCES items (id),
        CONSTRAINT fk_loans_patron FOREIGN KEY(patron) REFERENCES patrons (id),
        CONSTRAINT fk_loans_fulfils FOREIGN KEY(fulfils) REFERENCES holds (id)
    )
    """,
    """
    CREATE TABLE intents (
        id VARCHAR NOT NULL,
        request_key VARCHAR NOT NULL,
        kind VARCHAR NOT NULL,
        tag VARCHAR NOT NULL,
        item VARCHAR NOT NULL,
        armed BOOLEAN NOT NULL,
        loan VARCHAR,
        epoch VARCHAR NOT NULL,
        opened VARCHAR NOT NULL,
        state VARCHAR NOT NULL,
        outcome VARCHAR,
        afi INTEGER,
        settled VARCHAR,
        CONSTRAINT pk_intents PRIMARY KEY (id),
        CONSTRAINT ck_intents_kind CHECK (kind IN ('checkout', 'checkin', 'repair')),
        CONSTRAINT ck_intents_state CHECK (state IN ('pending', 'owed', 'done', 'voided')),
        CONSTRAINT fk_intents_loan FOREIGN KEY(loan) REFERENCES loans (id)
    )
    """,
)

_INDICES = (
    "CREATE INDEX ix_answers_given ON answers (given)",
    "CREATE UNIQUE INDEX ix_debts_open ON debts (item, tag, kind) WHERE closed IS NULL",
    "CREATE INDEX ix_debts_open_tag ON debts (tag) WHERE closed IS NULL",
    "CREATE UNIQUE INDEX ix_returns_begun_item ON returns (item) WHERE state = 'begun'",
    "CREATE INDEX ix_cards_patron ON cards (patron)",
    "CREATE UNIQUE INDEX ix_holds_open_patron ON holds (patron, title) WHERE closed_at IS NULL",
    "CREATE INDEX ix_holds_open_title ON holds (title) WHERE closed_at IS NULL",
    "CREATE INDEX ix_items_title ON items (title)",
    "CREATE INDEX ix_loans_closed ON loans (closed_at) WHERE state != 'open'",
    "CREATE UNIQUE INDEX ix_loans_open_item ON loans (item) WHERE state = 'open'",
    "CREATE INDEX ix_loans_open_patron ON loans (patron) WHERE state = 'open'",
    "CREATE INDEX ix_intents_loan ON intents (loan)",
    "CREATE INDEX ix_intents_open_tag ON intents (tag) WHERE state IN ('pending', 'owed')",
    "CREATE INDEX ix_intents_request_key ON intents (request_key)",
)


def upgrade() -> None:
    for statement in (*_TABLES, *_INDICES):
        op.execute(statement)
