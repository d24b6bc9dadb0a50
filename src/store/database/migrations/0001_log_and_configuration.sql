-- Up Migration

create table apps (
  id uuid primary key,
  name text not null,
  profile text not null,
  settings jsonb not null,
  created_at timestamptz(3) not null
);

create table api_keys (
  id uuid primary key,
  app_id uuid not null references apps on delete cascade,
  name text,
  -- SHA-256 of the key; the key itself has 256 random bits and is shown once.
  key_hash bytea not null unique,
  scopes text[] not null,
  created_at timestamptz(3) not null
);
create index api_keys_by_app on api_keys (app_id, created_at desc, id desc);

create table endpoints (
  id uuid primary key,
  app_id uuid not null references apps on delete cascade,
  url text not null,
  event_types text[] not null,
  -- null: the profile's whole schedule
  retry_limit int,
  description text,
  -- json, not jsonb: what the caller brought comes back as it was, escaped NUL included
  metadata json not null,
  enabled boolean not null,
  disabled_at timestamptz(3),
  disabled_reason text,
  -- finally failed deliveries since the last delivered one; tests and resends do not count
  failure_count int not null default 0,
  -- sealed with POSTHORN_ENCRYPTION_KEY; null: unsigned
  secret bytea,
  headers bytea,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null
);
create index endpoints_by_app on endpoints (app_id, created_at desc, id desc);

-- The promise that an event id is delivered once, kept after Temporal's retention. Not partitioned, so that it
-- is unique over all days.
create table event_keys (
  app_id uuid not null,
  event_id text not null,
  content_hash bytea not null,
  day date not null,
  -- the first run of the workflow that opened the event: its own repetitions may go on, others may not
  opened_by text not null,
  primary key (app_id, event_id)
);

-- The log. All of it is partitioned by the UTC day on which the event was accepted, so that an event's rows
-- are dropped together.
create table events (
  day date not null,
  app_id uuid not null,
  id text not null,
  event_type text not null,
  -- the exact bytes that are signed and sent
  body bytea not null,
  created_at timestamptz(3) not null,
  primary key (day, app_id, id)
) partition by range (day);
create index events_by_app on events (app_id, created_at desc, id desc);

create table deliveries (
  day date not null,
  id uuid not null,
  app_id uuid not null,
  event_id text not null,
  event_type text not null,
  endpoint_id uuid not null,
  trigger text not null check (trigger in ('event', 'test', 'resend')),
  workflow_id text not null,
  status text not null check (status in ('pending', 'processing', 'delivered', 'failed')),
  reason text,
  -- attempts begun, the one in flight included
  attempt_count int not null,
  attempt_started_at timestamptz(3),
  next_attempt_at timestamptz(3),
  last_status_code int,
  last_error text,
  -- whether the workflow waits for the endpoint, and how often it has come to wait: a release is of one wait only
  held boolean not null default false,
  hold_count int not null default 0,
  created_at timestamptz(3) not null,
  completed_at timestamptz(3),
  primary key (day, id)
) partition by range (day);
create index deliveries_by_event on deliveries (app_id, event_id, created_at);
create index deliveries_by_endpoint on deliveries (endpoint_id, created_at desc, id desc);

create index deliveries_held on deliveries (endpoint_id, created_at, id) where held;

create table attempts (
  day date not null,
  delivery_id uuid not null,
  number int not null,
  started_at timestamptz(3) not null,
  duration_ms int,
  status_code int,
  error text,
  slow boolean not null,
  possibly_repeated boolean not null,
  response_body text,
  primary key (day, delivery_id, number)
) partition by range (day);

-- Down Migration

drop table attempts, deliveries, events, event_keys, endpoints, api_keys, apps;
