-- Up Migration

-- Applications and endpoints that were deleted. One that is neither there nor here is not known: it was made after the
-- moment that this database was restored to, and what is for it waits.
create table removed_ids (
  id uuid primary key,
  removed_at timestamptz(3) not null default now()
);

-- What is due, so that what is long overdue is found. A delivery that succeeds at once never enters it.
create index deliveries_due on deliveries (next_attempt_at, id) where next_attempt_at is not null;

create index recovery_jobs_open on recovery_jobs (id) where state = 'running' and handed_over_at is null;

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

drop table upkeep;
drop index recovery_jobs_open;
drop index deliveries_due;
drop table removed_ids;
