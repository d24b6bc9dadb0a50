-- Up Migration

-- Tests, resends, recoveries and operational events: few among the deliveries of events, which do not enter it.
create index deliveries_by_trigger on deliveries (app_id, trigger, created_at desc, id desc)
  where trigger <> 'event';

-- Down Migration

drop index deliveries_by_trigger;
