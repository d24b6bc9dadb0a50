-- Up Migration

-- What lists find by index. Nothing here is written anew by a first attempt that delivers, so that its update of the
-- delivery stays within the page (HOT): docs/decisions/0026. The indexes have a migration of their own (0010): every
-- day's tables and indexes are locked until a migration ends, and of 400 days PostgreSQL has not the locks for both.

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

-- The days of deliveries that were let through to an endpoint with limits, and when the last of each was: where those
-- are that count as in flight. Of days before yesterday alone; the others are always looked at.
alter table endpoints add column granted_days jsonb not null default '{}';

-- Down Migration

alter table endpoints drop column granted_days;
alter table deliveries
  drop column undelivered,
  drop column queued,
  drop column accepted_at;
