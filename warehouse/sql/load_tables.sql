-- Scratch tables of one file's load: lines that cannot be read, line numbers, sellers by address, hashed users,
-- verdicts on answers, days of sums that were asked for as a whole, records that a deletion keeps out.
create or replace temp table problem (line bigint, reason varchar, text varchar);
create or replace temp table line_number (ordinal bigint, line bigint);
create or replace temp table route (base_url varchar, clean_url varchar, seller varchar, region varchar);
create or replace temp table person (name varchar, user_hash varchar);
create or replace temp table part (number integer, file_id integer, first_line bigint, shift bigint, new_from bigint);
create or replace temp table flavour (name varchar, cache_inside_input boolean, reasoning_inside_output boolean);
create or replace temp table evaluation_found (
    evaluation_key varchar, name varchar, score double, label varchar, response_id varchar, trace_id varchar,
    span_id varchar, judged_at timestamp
);
create or replace temp table asked_found (
    report varchar, grouped_by varchar, day date, asked_at timestamp, line bigint
);
create or replace temp table asked_effect (outdated bigint, removed bigint, unreadable bigint);
create or replace temp table left_deleted (place bigint, deletion_id integer, who varchar, deleted_at timestamp);
