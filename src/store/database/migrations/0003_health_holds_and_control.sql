-- Up Migration

alter table endpoints
  add column paused_at timestamptz(3),
  -- the first of the failures in a row that are counted; null when there are none
  add column failing_since timestamptz(3),
  -- failed, and has not delivered since, enabled again or not: the next success is told to its health workflow
  add column unwell boolean not null default false,
  -- the rule that its failures have met: no attempt begins, and its health workflow is to disable it
  add column tripped text,
  -- sealed secrets of earlier rotations: [{"secret": base64, "expires_at": …}], oldest first
  add column previous_secrets jsonb not null default '[]',
  -- attempts a second, and attempts at the same time, at most; null: any number
  add column rate_limit double precision,
  add column max_in_flight int,
  -- when the next attempt fits into the rate limit
  add column next_slot_at timestamptz;
update endpoints set unwell = true, failing_since = now() where failure_count > 0;

alter table deliveries drop constraint deliveries_trigger_check;
alter table deliveries
  add constraint deliveries_trigger_check
    check (trigger in ('event', 'test', 'resend', 'recover', 'operational')) not valid,
  add column expires_at timestamptz(3),
  -- when it was let through to an endpoint with limits; null again when its attempt has ended
  add column granted_at timestamptz(3),
  -- the recovery that made it
  add column job_id uuid;
create index deliveries_granted on deliveries (endpoint_id, granted_at) where granted_at is not null;
-- What waits, of a deleted endpoint. A delivery that succeeds at once never enters it.
create index deliveries_waiting on deliveries (endpoint_id, id) where held or next_attempt_at is not null;
create index deliveries_by_job on deliveries (job_id) where job_id is not null;

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

-- Down Migration

drop table recovery_jobs;
drop index deliveries_by_job;
drop index deliveries_waiting;
drop index deliveries_granted;
alter table deliveries
  drop constraint deliveries_trigger_check,
  add constraint deliveries_trigger_check check (trigger in ('event', 'test', 'resend')),
  drop column job_id,
  drop column granted_at,
  drop column expires_at;
alter table endpoints
  drop column next_slot_at,
  drop column max_in_flight,
  drop column rate_limit,
  drop column previous_secrets,
  drop column tripped,
  drop column unwell,
  drop column failing_since,
  drop column paused_at;
