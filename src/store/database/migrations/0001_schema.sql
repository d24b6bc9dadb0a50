-- Up Migration

-- Applications: who may submit, what events there are, and where they go.

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

create table event_types (
  app_id uuid not null references apps on delete cascade,
  name text not null,
  description text,
  -- json, not jsonb: a schema comes back as it was brought
  schema json,
  created_at timestamptz(3) not null,
  primary key (app_id, name)
);

create table endpoints (
  id uuid primary key,
  app_id uuid not null references apps on delete cascade,
  url text not null,
  event_types text[] not null,
  description text,
  -- json, not jsonb: what the caller brought comes back as it was, escaped NUL included
  metadata json not null,
  -- sealed with POSTHORN_ENCRYPTION_KEY; null: unsigned
  secret bytea,
  -- sealed secrets of earlier rotations: [{"secret": base64, "expires_at": …}], oldest first
  previous_secrets jsonb not null default '[]',
  headers bytea,
  -- a profile's id, or a list of delays in seconds; null: the application's, or the profile's
  schedule jsonb,
  -- null: the whole schedule
  retry_limit int,
  -- attempts a second, and attempts at the same time, at most; null: any number
  rate_limit double precision,
  max_in_flight int,
  -- when the next attempt fits into the rate limit
  next_slot_at timestamptz,
  -- The days of deliveries that were let through to an endpoint with limits, and when the last of each was: where those
  -- are that count as in flight. Of days before yesterday alone; the others are always looked at.
  granted_days jsonb not null default '{}',
  enabled boolean not null,
  disabled_at timestamptz(3),
  disabled_reason text,
  paused_at timestamptz(3),
  -- finally failed deliveries since the last delivered one; tests and resends do not count
  failure_count int not null default 0,
  -- the first of the failures in a row that are counted; null when there are none
  failing_since timestamptz(3),
  -- failed, and has not delivered since, enabled again or not: the next success is told to its health workflow
  unwell boolean not null default false,
  -- the rule that its failures have met: no attempt begins, and its health workflow is to disable it
  tripped text,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null
);
create index endpoints_by_app on endpoints (app_id, created_at desc, id desc);

create table recovery_jobs (
  id uuid primary key,
  app_id uuid not null,
  endpoint_id uuid not null references endpoints on delete cascade,
  since timestamptz(3) not null,
  until timestamptz(3) not null,
  -- which events: failed, missing, all
  choice text not null check (choice in ('failed', 'missing', 'all')),
  -- what its owner wants of it
  state text not null check (state in ('running', 'paused', 'cancelled')),
  -- events in the window that were to be recovered when it began
  total int not null,
  -- when the last of its deliveries had been made; what became of them is counted by deliveries.job_id
  handed_over_at timestamptz(3),
  created_at timestamptz(3) not null
);
create index recovery_jobs_by_endpoint on recovery_jobs (endpoint_id, created_at desc, id desc);
create index recovery_jobs_open on recovery_jobs (id) where state = 'running' and handed_over_at is null;

-- Applications and endpoints that were deleted. One that is neither there nor here is not known: it was made after the
-- moment that this database was restored to, and what is for it waits.
create table removed_ids (
  id uuid primary key,
  removed_at timestamptz(3) not null default now(),
  -- an application whose data are still being removed
  data_left boolean not null default false
);
create index removed_ids_data_left on removed_ids (id) where data_left;

-- What was created for a request with an Idempotency-Key, so that its repetition creates nothing. The key, what it is
-- unique within, and the request's content are hashed or sealed; a row is forgotten after 24 hours.
create table idempotency_keys (
  key_hash bytea primary key,
  sealed bytea not null,
  created_at timestamptz(3) not null
);
create index idempotency_keys_by_age on idempotency_keys (created_at);

-- Which version of an application and its endpoints is in force: whoever remembers them has an opening confirm it. Not
-- a number, so that no version comes again after a restore. A table of its own, so that its row can be locked last,
-- after those of the application and of endpoints.
create table app_routes (
  app_id uuid primary key references apps on delete cascade,
  version uuid not null default gen_random_uuid()
);

create function add_app_routes() returns trigger language plpgsql as $$
begin
  insert into app_routes (app_id) values (new.id);
  return null;
end $$;

create trigger app_added after insert on apps for each row execute function add_app_routes();

create function renew_app_routes() returns trigger language plpgsql as $$
begin
  if tg_table_name = 'apps' then
    update app_routes set version = gen_random_uuid() where app_id = new.id;
  else
    update app_routes set version = gen_random_uuid() where app_id in (old.app_id, new.app_id);
  end if;
  return null;
end $$;

-- By the database, so that no statement forgets it; at the commit, so that nobody waits for the row meanwhile.
create constraint trigger app_changed after update on apps deferrable initially deferred for each row
  when ((old.name, old.profile, old.settings) is distinct from (new.name, new.profile, new.settings))
  execute function renew_app_routes();

create constraint trigger endpoint_added_or_removed after insert or delete on endpoints
  deferrable initially deferred for each row execute function renew_app_routes();

-- What events are matched by and sent with. Not the count of failures and its like, which deliveries move.
create constraint trigger endpoint_changed after update on endpoints deferrable initially deferred for each row
  when ((old.app_id, old.url, old.event_types, old.retry_limit, old.schedule, old.enabled, old.tripped, old.paused_at,
      old.rate_limit, old.max_in_flight, old.secret, old.headers, old.previous_secrets)
    is distinct from (new.app_id, new.url, new.event_types, new.retry_limit, new.schedule, new.enabled, new.tripped,
      new.paused_at, new.rate_limit, new.max_in_flight, new.secret, new.headers, new.previous_secrets))
  execute function renew_app_routes();

-- The log. All of it is partitioned by the UTC day on which the event was accepted, so that an event's rows
-- are dropped together.

create table events (
  day date not null,
  app_id uuid not null,
  id text not null,
  event_type text not null,
  created_at timestamptz(3) not null,
  -- whether it matched no endpoint when it was opened
  unmatched boolean not null default false,
  -- the exact bytes that are signed and sent
  body bytea not null,
  primary key (day, app_id, id)
) partition by range (day);
create index events_by_app on events (app_id, created_at desc, id desc);
create index events_unmatched on events (app_id, created_at desc, id desc) where unmatched;

-- A first attempt that delivers changes no column that an index has, so that its update of the delivery stays within
-- the page (HOT): docs/decisions/0026.
create table deliveries (
  day date not null,
  id uuid not null,
  app_id uuid not null,
  event_id text not null,
  event_type text not null,
  endpoint_id uuid not null,
  trigger text not null check (trigger in ('event', 'test', 'resend', 'recover', 'operational')),
  -- the recovery that made it
  job_id uuid,
  workflow_id text not null,
  created_at timestamptz(3) not null,
  -- when the event was accepted: the first 48 bits of the id
  accepted_at timestamptz(3)
    generated always as (
      to_timestamp(('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint / 1000.0)
    ) stored,
  expires_at timestamptz(3),
  status text not null check (status in ('pending', 'processing', 'delivered', 'failed')),
  reason text,
  completed_at timestamptz(3),
  -- attempts begun, the one in flight included
  attempt_count int not null,
  attempt_started_at timestamptz(3),
  -- Whether the attempt that was begun last may have been sent before. It is written before that is sent again, so that
  -- the attempt is marked whoever writes what came of it, and also when nobody does.
  possibly_repeated boolean not null default false,
  next_attempt_at timestamptz(3),
  last_status_code int,
  last_error text,
  -- whether its first attempt is, or was to be, made by the queue: not with the opening
  queued boolean not null default true,
  -- whether the workflow waits for the endpoint, and how often it has come to wait: a release is of one wait only
  held boolean not null default false,
  hold_count int not null default 0,
  -- when it was let through to an endpoint with limits; null again when its attempt has ended
  granted_at timestamptz(3),
  -- how it stands unless it was delivered, or is in a first attempt that is made with the opening
  undelivered text generated always as (
    case
      when status = 'delivered' then null
      when completed_at is not null and reason = 'cancelled' then 'cancelled'
      when completed_at is not null then 'failed'
      when queued or status = 'failed' or reason is not null or attempt_count > 1 then 'open'
    end
  ) stored,
  primary key (day, id)
) partition by range (day);
create index deliveries_by_event on deliveries (app_id, event_id, created_at);
create index deliveries_by_job on deliveries (job_id) where job_id is not null;
-- An application's deliveries, and an endpoint's.
create index deliveries_by_app on deliveries (app_id, created_at desc, id desc);
create index deliveries_by_endpoint on deliveries (endpoint_id, created_at desc, id desc);
-- An application's events that are pending, failed or cancelled.
create index deliveries_undelivered on deliveries (app_id, undelivered, accepted_at desc, event_id desc)
  where undelivered is not null;
-- Deliveries that are pending, processing or failed: an application's, and an endpoint's.
create index deliveries_undelivered_by_app on deliveries (app_id, undelivered, created_at desc, id desc)
  where undelivered is not null;
create index deliveries_undelivered_by_endpoint on deliveries (endpoint_id, undelivered, created_at desc, id desc)
  where undelivered is not null;
-- What waits: at an endpoint, oldest first; of a deleted endpoint; and what is due, so that what is long overdue is
-- found. A delivery that succeeds at once never enters them.
create index deliveries_held on deliveries (endpoint_id, created_at, id) where held;
create index deliveries_waiting on deliveries (endpoint_id, id) where held or next_attempt_at is not null;
create index deliveries_due on deliveries (next_attempt_at, id) where next_attempt_at is not null;
create index deliveries_granted on deliveries (endpoint_id, granted_at) where granted_at is not null;

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
-- Keys whose events have been dropped are deleted by day.
create index event_keys_by_day on event_keys (day);

-- How far the log has been looked through for deliveries that nobody carries on: one row.
create table upkeep (
  id integer primary key default 1 check (id = 1),
  -- when a process began a round
  began_at timestamptz(3) not null,
  -- deliveries of events accepted before this are due at a time, held, or ended
  swept_until timestamptz(3) not null
);
insert into upkeep (began_at, swept_until) values ('epoch', now());

-- Down Migration

drop table upkeep, event_keys, attempts, deliveries, events;
drop table app_routes, idempotency_keys, removed_ids, recovery_jobs, endpoints, event_types, api_keys, apps;
drop function renew_app_routes(), add_app_routes();
