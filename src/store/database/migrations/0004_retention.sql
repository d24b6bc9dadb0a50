-- Up Migration

-- Keys whose events have been dropped are deleted by day.
create index event_keys_by_day on event_keys (day);

-- Down Migration

drop index event_keys_by_day;
