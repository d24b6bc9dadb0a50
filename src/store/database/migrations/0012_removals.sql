-- Up Migration

-- Deleted applications whose data are still being removed. Those that were deleted before are not looked for again.
alter table removed_ids add column data_left boolean not null default false;
create index removed_ids_data_left on removed_ids (id) where data_left;

-- Down Migration

drop index removed_ids_data_left;
alter table removed_ids drop column data_left;
