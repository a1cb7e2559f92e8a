-- One row per context bucket: the sizes of input in it.
bucket (context_bucket, least, until) as (
    values (0, 0, 32001), (1, 32001, 100001), (2, 100001, 128001), (3, 128001, 200001), (4, 200001, 256001),
        (5, 256001, 272001), (6, 272001, 512001), (7, 512001, 9223372036854775807)
),
