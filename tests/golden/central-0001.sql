SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.audit (
    network character varying NOT NULL,
    number bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    who character varying NOT NULL,
    action character varying NOT NULL,
    subject character varying NOT NULL,
    details jsonb NOT NULL,
    prev_hash character varying NOT NULL,
    hash character varying NOT NULL
);
CREATE TABLE public.cards (
    network character varying NOT NULL,
    id character varying NOT NULL,
    number character varying,
    uid character varying,
    patron character varying NOT NULL,
    status character varying NOT NULL,
    CONSTRAINT ck_cards_ck_cards_says_something CHECK (((number IS NOT NULL) OR (uid IS NOT NULL)))
);
CREATE SEQUENCE public.change_numbers
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
CREATE TABLE public.changes (
    network character varying NOT NULL,
    kind character varying NOT NULL,
    key character varying NOT NULL,
    xid bigint NOT NULL,
    id bigint NOT NULL
);
CREATE TABLE public.covers (
    network character varying NOT NULL,
    id character varying NOT NULL,
    media_type character varying NOT NULL,
    picture bytea NOT NULL
);
CREATE TABLE public.debts (
    network character varying NOT NULL,
    id character varying NOT NULL,
    kind character varying NOT NULL,
    item character varying DEFAULT ''::character varying NOT NULL,
    tag character varying DEFAULT ''::character varying NOT NULL,
    patron character varying,
    loan character varying,
    branch character varying DEFAULT ''::character varying NOT NULL,
    station character varying DEFAULT ''::character varying NOT NULL,
    evidence jsonb NOT NULL,
    opened timestamp with time zone NOT NULL,
    closed timestamp with time zone,
    closed_by character varying,
    resolution character varying
);
CREATE TABLE public.enrolment_codes (
    network character varying NOT NULL,
    code_hash character varying NOT NULL,
    branch character varying NOT NULL,
    station character varying NOT NULL,
    made_by character varying NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);
CREATE TABLE public.epochs (
    network character varying NOT NULL,
    station character varying NOT NULL,
    epoch character varying NOT NULL,
    have bigint NOT NULL,
    head_hash character varying NOT NULL,
    heard_at timestamp with time zone NOT NULL
);
CREATE TABLE public.events (
    network character varying NOT NULL,
    station character varying NOT NULL,
    epoch character varying NOT NULL,
    seq bigint NOT NULL,
    id character varying NOT NULL,
    type character varying NOT NULL,
    payload character varying NOT NULL,
    at timestamp with time zone NOT NULL,
    monotonic double precision NOT NULL,
    boot character varying NOT NULL,
    trusted boolean NOT NULL,
    prev_hash character varying NOT NULL,
    hash character varying NOT NULL,
    item character varying DEFAULT ''::character varying NOT NULL,
    happened_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    verdict character varying NOT NULL,
    CONSTRAINT ck_events_ck_events_verdict CHECK (((verdict)::text = ANY ((ARRAY['new'::character varying, 'flagged'::character varying, 'unreadable'::character varying])::text[])))
);
CREATE TABLE public.heartbeats (
    network character varying NOT NULL,
    station character varying NOT NULL,
    at timestamp with time zone NOT NULL,
    body jsonb NOT NULL
);
CREATE TABLE public.holds (
    network character varying NOT NULL,
    id character varying NOT NULL,
    patron character varying,
    title character varying NOT NULL,
    placed_at timestamp with time zone NOT NULL,
    pickup character varying NOT NULL,
    status character varying NOT NULL,
    item character varying,
    ready_at timestamp with time zone,
    closed_at timestamp with time zone,
    closed_why character varying,
    CONSTRAINT ck_holds_ck_holds_status CHECK (((status)::text = ANY ((ARRAY['waiting'::character varying, 'ready'::character varying])::text[])))
);
CREATE TABLE public.incarnations (
    network character varying NOT NULL,
    number integer NOT NULL,
    id character varying NOT NULL,
    since timestamp with time zone NOT NULL,
    cause character varying NOT NULL,
    fingerprint character varying NOT NULL
);
CREATE TABLE public.items (
    network character varying NOT NULL,
    id character varying NOT NULL,
    title character varying NOT NULL,
    type character varying NOT NULL,
    branch character varying NOT NULL,
    status character varying NOT NULL,
    shelf character varying DEFAULT ''::character varying NOT NULL,
    parts integer DEFAULT 1 NOT NULL,
    location character varying NOT NULL,
    custody_at timestamp with time zone,
    custody_station character varying,
    added_at timestamp with time zone NOT NULL
);
CREATE TABLE public.loans (
    network character varying NOT NULL,
    id character varying NOT NULL,
    item character varying NOT NULL,
    patron character varying,
    item_type character varying NOT NULL,
    lent_at timestamp with time zone NOT NULL,
    due date NOT NULL,
    renewals integer DEFAULT 0 NOT NULL,
    state character varying NOT NULL,
    channel character varying NOT NULL,
    branch character varying NOT NULL,
    station character varying DEFAULT ''::character varying NOT NULL,
    fulfils character varying,
    gate_cleared_at timestamp with time zone,
    closed_at timestamp with time zone,
    closed_branch character varying,
    closed_station character varying,
    CONSTRAINT ck_loans_ck_loans_channel CHECK (((channel)::text = ANY ((ARRAY['station'::character varying, 'desk'::character varying, 'import'::character varying])::text[]))),
    CONSTRAINT ck_loans_ck_loans_open_or_closed CHECK ((((state)::text = 'open'::text) = (closed_at IS NULL))),
    CONSTRAINT ck_loans_ck_loans_state CHECK (((state)::text = ANY ((ARRAY['open'::character varying, 'returned'::character varying, 'voided'::character varying, 'unseen'::character varying])::text[])))
);
CREATE TABLE public.nonces (
    network character varying NOT NULL,
    station character varying NOT NULL,
    nonce character varying NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.notices (
    network character varying NOT NULL,
    id character varying NOT NULL,
    branch character varying NOT NULL,
    words jsonb NOT NULL,
    from_day date NOT NULL,
    until_day date NOT NULL
);
CREATE TABLE public.patrons (
    network character varying NOT NULL,
    id character varying NOT NULL,
    card character varying NOT NULL,
    given_name character varying NOT NULL,
    family_name character varying NOT NULL,
    category character varying NOT NULL,
    branch character varying NOT NULL,
    born date,
    expires date,
    card_status character varying NOT NULL,
    fees numeric(12,2) NOT NULL,
    guardian character varying,
    language character varying,
    pin_needed boolean DEFAULT false NOT NULL,
    email character varying DEFAULT ''::character varying NOT NULL,
    phone character varying DEFAULT ''::character varying NOT NULL,
    merged_into character varying,
    erased_at timestamp with time zone,
    added_at timestamp with time zone NOT NULL
);
CREATE TABLE public.pins (
    network character varying NOT NULL,
    patron character varying NOT NULL,
    verifier character varying NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    locked_until timestamp with time zone
);
CREATE TABLE public.secrets (
    network character varying NOT NULL,
    name character varying NOT NULL,
    value character varying NOT NULL
);
CREATE TABLE public.settings_documents (
    network character varying NOT NULL,
    target character varying NOT NULL,
    version integer NOT NULL,
    toml character varying NOT NULL,
    made_by character varying NOT NULL,
    made_at timestamp with time zone NOT NULL,
    note character varying DEFAULT ''::character varying NOT NULL
);
CREATE TABLE public.snapshot_parts (
    network character varying NOT NULL,
    snapshot character varying NOT NULL,
    part integer NOT NULL,
    content bytea NOT NULL
);
CREATE TABLE public.snapshots (
    network character varying NOT NULL,
    id character varying NOT NULL,
    scope character varying NOT NULL,
    incarnation character varying NOT NULL,
    cursor character varying NOT NULL,
    made_at timestamp with time zone NOT NULL,
    manifest jsonb NOT NULL
);
CREATE TABLE public.staff (
    network character varying NOT NULL,
    login character varying NOT NULL,
    name character varying NOT NULL,
    verifier character varying NOT NULL,
    role character varying NOT NULL,
    branch character varying DEFAULT ''::character varying NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    locked_until timestamp with time zone,
    disabled_at timestamp with time zone,
    CONSTRAINT ck_staff_ck_staff_role CHECK (((role)::text = ANY ((ARRAY['librarian'::character varying, 'technician'::character varying, 'director'::character varying])::text[])))
);
CREATE TABLE public.stations (
    network character varying NOT NULL,
    id character varying NOT NULL,
    branch character varying NOT NULL,
    name character varying NOT NULL,
    lends boolean DEFAULT true NOT NULL,
    public_key character varying NOT NULL,
    enrolled_at timestamp with time zone NOT NULL,
    enrolled_by character varying NOT NULL,
    revoked_at timestamp with time zone,
    revoked_by character varying
);
CREATE TABLE public.tallies (
    network character varying NOT NULL,
    day date NOT NULL,
    hour integer NOT NULL,
    branch character varying NOT NULL,
    channel character varying NOT NULL,
    what character varying NOT NULL,
    age_group character varying NOT NULL,
    language character varying NOT NULL,
    detail character varying NOT NULL,
    count bigint NOT NULL
);
CREATE TABLE public.titles (
    network character varying NOT NULL,
    id character varying NOT NULL,
    name character varying NOT NULL,
    author character varying NOT NULL,
    year integer,
    language character varying NOT NULL,
    age_from integer DEFAULT 0 NOT NULL,
    authors jsonb DEFAULT '[]'::jsonb NOT NULL,
    responsibility character varying DEFAULT ''::character varying NOT NULL,
    publisher character varying DEFAULT ''::character varying NOT NULL,
    place character varying DEFAULT ''::character varying NOT NULL,
    series character varying DEFAULT ''::character varying NOT NULL,
    subjects jsonb DEFAULT '[]'::jsonb NOT NULL,
    isbns jsonb DEFAULT '[]'::jsonb NOT NULL,
    issn character varying DEFAULT ''::character varying NOT NULL,
    material character varying DEFAULT 'book'::character varying NOT NULL,
    extent character varying DEFAULT ''::character varying NOT NULL,
    annotation character varying DEFAULT ''::character varying NOT NULL,
    local_history boolean DEFAULT false NOT NULL,
    contemporary_ukrainian boolean DEFAULT false NOT NULL,
    cover character varying DEFAULT ''::character varying NOT NULL,
    source character varying DEFAULT ''::character varying NOT NULL,
    added_at timestamp with time zone NOT NULL
);
INSERT INTO public.alembic_version VALUES ('0001');
INSERT INTO public.audit VALUES ('zhytomyr', 1, '2026-09-01 09:00:00+00', 'installer', 'enrol', 'central.hall', '{}', '0000000000000000000000000000000000000000000000000000000000000000', '1111111111111111111111111111111111111111111111111111111111111111');
INSERT INTO public.cards VALUES ('zhytomyr', 'c1', '20000017', '04A1633A915C80', 'p1', 'active');
INSERT INTO public.changes VALUES ('zhytomyr', 'title', 'kobzar', 726, 1);
INSERT INTO public.changes VALUES ('zhytomyr', 'title', 'svit', 726, 2);
INSERT INTO public.changes VALUES ('zhytomyr', 'item', '30000001', 726, 3);
INSERT INTO public.changes VALUES ('zhytomyr', 'item', '30000002', 726, 4);
INSERT INTO public.changes VALUES ('zhytomyr', 'loan', '0199-1', 726, 5);
INSERT INTO public.debts VALUES ('zhytomyr', 'd1', 'gate-not-cleared', '30000001', 'E00401000000AA01', NULL, '0199-1', 'central', 'central.hall', '{"outcome": "gone"}', '2026-09-01 09:00:00+00', NULL, NULL, NULL);
INSERT INTO public.epochs VALUES ('zhytomyr', 'central.hall', '00aa11bb22cc33dd', 1, '0000000000000000000000000000000000000000000000000000000000000000', '2026-09-01 09:00:00+00');
INSERT INTO public.events VALUES ('zhytomyr', 'central.hall', '00aa11bb22cc33dd', 1, '0199e', 'lent', '{"item":"30000001","loan":"0199-1","patron":"p1"}', '2026-09-01 09:00:00+00', 12.5, 'b', true, '0000000000000000000000000000000000000000000000000000000000000000', '0000000000000000000000000000000000000000000000000000000000000000', '30000001', '2026-09-01 09:00:00+00', '2026-09-01 09:00:00+00', 'new');
INSERT INTO public.heartbeats VALUES ('zhytomyr', 'central.hall', '2026-09-01 09:00:00+00', '{"version": "0.1.0"}');
INSERT INTO public.holds VALUES ('zhytomyr', 'h1', 'p2', 'svit', '2026-09-01 09:00:00+00', 'children-2', 'waiting', NULL, NULL, NULL, NULL);
INSERT INTO public.incarnations VALUES ('zhytomyr', 1, '5d1f0a77c2e94b10', '2026-09-01 09:00:00+00', 'begun', '');
INSERT INTO public.items VALUES ('zhytomyr', '30000001', 'kobzar', 'book', 'central', 'available', '', 1, 'central', NULL, NULL, '2026-09-01 09:00:00+00');
INSERT INTO public.items VALUES ('zhytomyr', '30000002', 'svit', 'book', 'children-2', 'in-transit', '', 1, 'central', '2026-09-01 09:00:00+00', 'central.hall', '2026-09-01 09:00:00+00');
INSERT INTO public.loans VALUES ('zhytomyr', '0199-1', '30000001', 'p1', 'book', '2026-09-01 09:00:00+00', '2026-10-01', 0, 'open', 'station', 'central', 'central.hall', NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.patrons VALUES ('zhytomyr', 'p1', '20000017', 'Олена', 'Ковальчук', 'adult', 'central', '1990-05-01', NULL, 'active', 12.50, NULL, NULL, false, 'olena@example.org', '', NULL, NULL, '2026-09-01 09:00:00+00');
INSERT INTO public.patrons VALUES ('zhytomyr', 'p2', '20000025', 'Софія', 'Ковальчук', 'child', 'children-2', NULL, NULL, 'active', 0.00, 'p1', NULL, false, '', '', NULL, NULL, '2026-09-01 09:00:00+00');
INSERT INTO public.pins VALUES ('zhytomyr', 'p1', '$argon2id$v=19$m=19456,t=2,p=1$ziJND3oU83euq1I42ps4Wg$cW4id2JDvsGHrL2MytkdsArYTLN2568R+4wexP8SubA', 1, NULL);
INSERT INTO public.staff VALUES ('zhytomyr', 'iryna', 'Ірина', '$argon2id$x', 'librarian', '', 0, NULL, NULL);
INSERT INTO public.stations VALUES ('zhytomyr', 'central.hall', 'central', 'hall', true, 'jDFvWqPmYkd2aJwtcT0hqBPx1lOFe9v3oBmU3pX1pkQ=', '2026-09-01 09:00:00+00', 'installer', NULL, NULL);
INSERT INTO public.tallies VALUES ('zhytomyr', '2026-09-01', 12, 'central', 'station', 'loan', 'adult', 'uk', '', 3);
INSERT INTO public.titles VALUES ('zhytomyr', 'kobzar', 'Кобзар', 'Шевченко Тарас', 2019, 'uk', 0, '["Шевченко Тарас"]', '', '', '', '', '["Поезія"]', '["9789660384507"]', '', 'book', '', '', false, false, '', '', '2026-09-01 09:00:00+00');
INSERT INTO public.titles VALUES ('zhytomyr', 'svit', 'Світ незвіданого', 'Ґжицький Володимир', 2021, 'uk', 0, '[]', '', '', '', '', '[]', '[]', '', 'book', '', '', false, true, '', '', '2026-09-01 09:00:00+00');
SELECT pg_catalog.setval('public.change_numbers', 5, true);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.audit
    ADD CONSTRAINT pk_audit PRIMARY KEY (network, number);
ALTER TABLE ONLY public.cards
    ADD CONSTRAINT pk_cards PRIMARY KEY (network, id);
ALTER TABLE ONLY public.changes
    ADD CONSTRAINT pk_changes PRIMARY KEY (network, kind, key);
ALTER TABLE ONLY public.covers
    ADD CONSTRAINT pk_covers PRIMARY KEY (network, id);
ALTER TABLE ONLY public.debts
    ADD CONSTRAINT pk_debts PRIMARY KEY (network, id);
ALTER TABLE ONLY public.enrolment_codes
    ADD CONSTRAINT pk_enrolment_codes PRIMARY KEY (network, code_hash);
ALTER TABLE ONLY public.epochs
    ADD CONSTRAINT pk_epochs PRIMARY KEY (network, station, epoch);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT pk_events PRIMARY KEY (network, station, epoch, seq);
ALTER TABLE ONLY public.heartbeats
    ADD CONSTRAINT pk_heartbeats PRIMARY KEY (network, station);
ALTER TABLE ONLY public.holds
    ADD CONSTRAINT pk_holds PRIMARY KEY (network, id);
ALTER TABLE ONLY public.incarnations
    ADD CONSTRAINT pk_incarnations PRIMARY KEY (network, number);
ALTER TABLE ONLY public.items
    ADD CONSTRAINT pk_items PRIMARY KEY (network, id);
ALTER TABLE ONLY public.loans
    ADD CONSTRAINT pk_loans PRIMARY KEY (network, id);
ALTER TABLE ONLY public.nonces
    ADD CONSTRAINT pk_nonces PRIMARY KEY (network, station, nonce);
ALTER TABLE ONLY public.notices
    ADD CONSTRAINT pk_notices PRIMARY KEY (network, id);
ALTER TABLE ONLY public.patrons
    ADD CONSTRAINT pk_patrons PRIMARY KEY (network, id);
ALTER TABLE ONLY public.pins
    ADD CONSTRAINT pk_pins PRIMARY KEY (network, patron);
ALTER TABLE ONLY public.secrets
    ADD CONSTRAINT pk_secrets PRIMARY KEY (network, name);
ALTER TABLE ONLY public.settings_documents
    ADD CONSTRAINT pk_settings_documents PRIMARY KEY (network, target, version);
ALTER TABLE ONLY public.snapshot_parts
    ADD CONSTRAINT pk_snapshot_parts PRIMARY KEY (network, snapshot, part);
ALTER TABLE ONLY public.snapshots
    ADD CONSTRAINT pk_snapshots PRIMARY KEY (network, id);
ALTER TABLE ONLY public.staff
    ADD CONSTRAINT pk_staff PRIMARY KEY (network, login);
ALTER TABLE ONLY public.stations
    ADD CONSTRAINT pk_stations PRIMARY KEY (network, id);
ALTER TABLE ONLY public.tallies
    ADD CONSTRAINT pk_tallies PRIMARY KEY (network, day, hour, branch, channel, what, age_group, language, detail);
ALTER TABLE ONLY public.titles
    ADD CONSTRAINT pk_titles PRIMARY KEY (network, id);
ALTER TABLE ONLY public.cards
    ADD CONSTRAINT uq_cards_network_number UNIQUE (network, number);
ALTER TABLE ONLY public.cards
    ADD CONSTRAINT uq_cards_network_uid UNIQUE (network, uid);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT uq_events_network_id UNIQUE (network, id);
CREATE INDEX ix_cards_patron ON public.cards USING btree (network, patron);
CREATE INDEX ix_changes_order ON public.changes USING btree (network, xid, id);
CREATE INDEX ix_debts_item ON public.debts USING btree (network, item);
CREATE INDEX ix_debts_open ON public.debts USING btree (network, opened) WHERE (closed IS NULL);
CREATE INDEX ix_events_item ON public.events USING btree (network, item);
CREATE INDEX ix_events_received ON public.events USING btree (network, received_at);
CREATE UNIQUE INDEX ix_holds_open_patron ON public.holds USING btree (network, patron, title) WHERE (closed_at IS NULL);
CREATE INDEX ix_holds_title ON public.holds USING btree (network, title);
CREATE INDEX ix_items_title ON public.items USING btree (network, title);
CREATE INDEX ix_loans_closed ON public.loans USING btree (network, closed_at);
CREATE UNIQUE INDEX ix_loans_open_item ON public.loans USING btree (network, item) WHERE ((state)::text = 'open'::text);
CREATE INDEX ix_loans_patron ON public.loans USING btree (network, patron);
CREATE INDEX ix_nonces_at ON public.nonces USING btree (network, at);
ALTER TABLE ONLY public.cards
    ADD CONSTRAINT fk_cards_network_patron FOREIGN KEY (network, patron) REFERENCES public.patrons(network, id);
ALTER TABLE ONLY public.holds
    ADD CONSTRAINT fk_holds_network_patron FOREIGN KEY (network, patron) REFERENCES public.patrons(network, id);
ALTER TABLE ONLY public.holds
    ADD CONSTRAINT fk_holds_network_title FOREIGN KEY (network, title) REFERENCES public.titles(network, id);
ALTER TABLE ONLY public.items
    ADD CONSTRAINT fk_items_network_title FOREIGN KEY (network, title) REFERENCES public.titles(network, id);
ALTER TABLE ONLY public.pins
    ADD CONSTRAINT fk_pins_network_patron FOREIGN KEY (network, patron) REFERENCES public.patrons(network, id);
ALTER TABLE ONLY public.snapshot_parts
    ADD CONSTRAINT fk_snapshot_parts_network_snapshot FOREIGN KEY (network, snapshot) REFERENCES public.snapshots(network, id);
