-- Up Migration

-- What lists find by index. Nothing here is written anew by a first attempt that delivers, so that its update of the
-- delivery stays within the page (HOT): docs/decisions/0026.

alter table deliveries
  -- when the event was accepted: the first 48 bits of the id
  add column accepted_at timestamptz(3)
    generated always as (
      to_timestamp(('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint / 1000.0)
    ) stored,
  -- whether its first attempt is, or was to be, made by the queue: not with the opening
  add column queued boolean not null default true,
  -- how it stands unless it was delivered, or is in a first attempt that is made with the opening
  add column undelivered text generated always as (
    case
      when status = 'delivered' then null
      when completed_at is not null and reason = 'cancelled' then 'cancelled'
      when completed_at is not null then 'failed'
      when queued or status = 'failed' or reason is not null or attempt_count > 1 then 'open'
    end
  ) stored;
-- An application's deliveries.
create index deliveries_by_app on deliveries (app_id, created_at desc, id desc);
-- Its events that are pending, failed or cancelled.
create index deliveries_undelivered on deliveries (app_id, undelivered, accepted_at desc, event_id desc)
  where undelivered is not null;
-- Deliveries that are pending, processing or failed: an application's, and an endpoint's.
create index deliveries_undelivered_by_app on deliveries (app_id, undelivered, created_at desc, id desc)
  where undelivered is not null;
create index deliveries_undelivered_by_endpoint on deliveries (endpoint_id, undelivered, created_at desc, id desc)
  where undelivered is not null;

-- Whether it matched no endpoint when it was opened.
alter table events add column unmatched boolean not null default false;
create index events_unmatched on events (app_id, created_at desc, id desc) where unmatched;

-- The days of deliveries that were let through to an endpoint with limits, and when the last of each was: where those
-- are that count as in flight. Of days before yesterday alone; the others are always looked at.
alter table endpoints add column granted_days jsonb not null default '{}';

-- Down Migration

alter table endpoints drop column granted_days;
drop index events_unmatched;
alter table events drop column unmatched;
drop index deliveries_undelivered_by_endpoint;
drop index deliveries_undelivered_by_app;
drop index deliveries_undelivered;
drop index deliveries_by_app;
alter table deliveries
  drop column undelivered,
  drop column queued,
  drop column accepted_at;
