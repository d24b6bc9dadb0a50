-- Up Migration

-- What charts show of an application, a UTC minute a row, and an hour: rolled up from the log afterwards, never written
-- with it.

-- Events that were accepted.
create table event_minutes (
  app_id uuid not null,
  start timestamptz(3) not null,
  event_type text not null,
  events int not null,
  primary key (app_id, start, event_type)
);
create index event_minutes_by_start on event_minutes (start);

-- Of those, the ones with a delivery to an endpoint.
create table delivery_minutes (
  app_id uuid not null,
  start timestamptz(3) not null,
  endpoint_id uuid not null,
  event_type text not null,
  events int not null,
  primary key (app_id, start, endpoint_id, event_type)
);
create index delivery_minutes_by_start on delivery_minutes (start);

-- Attempts and deliveries that ended: a row for each class of durations, so that classes can be summed.
create table attempt_minutes (
  app_id uuid not null,
  start timestamptz(3) not null,
  endpoint_id uuid not null,
  event_type text not null,
  -- the class of the attempts' durations (store/stats/latency.ts); 0: without one
  latency smallint not null,
  attempts int not null,
  -- attempts after the first
  retried int not null,
  delivered int not null,
  failed int not null,
  primary key (app_id, start, endpoint_id, event_type, latency)
);
create index attempt_minutes_by_start on attempt_minutes (start);

-- The sums of whole hours.
create table event_hours (like event_minutes including all);
create table delivery_hours (like delivery_minutes including all);
create table attempt_hours (like attempt_minutes including all);

-- Deliveries that no attempt ended: cancelled, expired, lost. They are found here by when they ended, which no index of
-- theirs has, so that a delivery that an attempt ends writes none. A row goes once all looks have passed it.
create table closings (
  closed_at timestamptz(3) not null,
  day date not null,
  delivery_id uuid not null
);
create index closings_by_time on closings (closed_at);
create index closings_by_delivery on closings (delivery_id);

-- How far each look at the log has come: see store/stats/roll-up.ts.
create table roll_ups (
  look text primary key,
  -- what is before it is done
  until timestamptz(3) not null,
  looked_at timestamptz(3) not null
);
insert into roll_ups (look, until, looked_at)
  select look, date_trunc('minute', now()), timestamptz 'epoch' from unnest(array['soon', 'late', 'last']) as look
  union all
  select look, date_trunc('hour', now(), 'UTC'), timestamptz 'epoch' from unnest(array['hours', 'last_hours']) as look;

-- Attempts are written in the order in which they end, and stay where they are: the smallest and the largest time of
-- some pages lead to those of a minute, and cost the write path next to nothing.
create index attempts_by_time on attempts using brin (started_at) with (pages_per_range = 32, autosummarize = on);

-- Down Migration

drop index attempts_by_time;
drop table roll_ups, closings, attempt_hours, delivery_hours, event_hours;
drop table attempt_minutes, delivery_minutes, event_minutes;
