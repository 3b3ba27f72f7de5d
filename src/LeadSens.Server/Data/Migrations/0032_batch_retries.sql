-- Whoever forgets a batch asks whether another tries it again, and so does the foreign key.
create index batches_retries on batches (retry_of) where retry_of is not null;
