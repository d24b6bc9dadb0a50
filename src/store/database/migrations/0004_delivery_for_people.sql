-- Up Migration

-- What people are shown of a delivery, and nothing decides by.
alter table deliveries
  -- the schedule that it started with, written when an attempt has failed: the first attempt that delivers never writes it
  add column schedule jsonb,
  -- since when it is held, and when it fails as expired if it still is; of a delivery that is not held, of its last hold
  add column held_at timestamptz(3),
  add column hold_ends_at timestamptz(3);

-- Down Migration

alter table deliveries drop column schedule, drop column held_at, drop column hold_ends_at;
