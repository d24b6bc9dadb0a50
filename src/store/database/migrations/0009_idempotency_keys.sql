-- Up Migration

-- What was created for a request with an Idempotency-Key, so that its repetition creates nothing. The key, what it is
-- unique within, and the request's content are hashed or sealed; a row is forgotten after 24 hours.
create table idempotency_keys (
  key_hash bytea primary key,
  sealed bytea not null,
  created_at timestamptz(3) not null
);
create index idempotency_keys_by_age on idempotency_keys (created_at);

-- Down Migration

drop table idempotency_keys;
