-- Up Migration

-- `if not exists`: a database that was made between two releases has them from 0008.

-- An application's deliveries.
create index if not exists deliveries_by_app on deliveries (app_id, created_at desc, id desc);
-- Its events that are pending, failed or cancelled.
create index if not exists deliveries_undelivered on deliveries (app_id, undelivered, accepted_at desc, event_id desc)
  where undelivered is not null;
-- Deliveries that are pending, processing or failed: an application's, and an endpoint's.
create index if not exists deliveries_undelivered_by_app on deliveries (app_id, undelivered, created_at desc, id desc)
  where undelivered is not null;
create index if not exists deliveries_undelivered_by_endpoint
  on deliveries (endpoint_id, undelivered, created_at desc, id desc)
  where undelivered is not null;

-- Whether it matched no endpoint when it was opened.
alter table events add column if not exists unmatched boolean not null default false;
create index if not exists events_unmatched on events (app_id, created_at desc, id desc) where unmatched;

-- Down Migration

drop index events_unmatched;
alter table events drop column unmatched;
drop index deliveries_undelivered_by_endpoint;
drop index deliveries_undelivered_by_app;
drop index deliveries_undelivered;
drop index deliveries_by_app;
