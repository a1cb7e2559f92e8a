-- Verdicts on answers, from evaluation events.

-- One row per verdict on an answer: the judge's name for it, its score or label, and which answer or span it is about.
create table evaluation (
    evaluation_key varchar not null, file_id integer not null, source varchar not null, judged_at timestamp,
    name varchar not null, score double, label varchar, response_id varchar, trace_id varchar, span_id varchar,
);
