"""A launch plan to begin with: every figure a guess, to be replaced by one's own."""

TEMPLATE = """\
# A launch plan. Each input is low, likely and high: one launch in ten stays below low, one in ten exceeds high, and
# likely is the likeliest. A plain number has no spread; the word measured takes it from the records. Say where a
# figure comes from with source: measured, claim or guess, and say more with note.
name: Support assistant
start: {start}
days: 90
currency: USD
budget: "{budget}"
seed: 1

users: {{low: 8000, likely: 12000, high: 20000, note: customers who will see it}}
adoption:                      # the share of users who are active on a day
  curve: logistic              # or points: a list of day and share
  ceiling: {{low: 0.05, likely: 0.10, high: 0.20}}
  half_way: {{low: 15, likely: 30, high: 45}}     # the day on which half of it is reached
  growth_days: {{low: 20, likely: 40, high: 60}}  # days from 10% to 90% of it
sessions: {{low: 1.0, likely: 1.3, high: 2.0}}    # per active user and day
tasks: {{low: 1.0, likely: 2.0, high: 3.0}}       # per session
weekend: {{low: 0.3, likely: 0.5, high: 0.8}}     # a Saturday or Sunday, as a factor of other days
day_noise: 0.15                # how much days differ beside that

kinds:                         # of task; tokens are those of one step, that is of one call
  short_text:
    share: {{low: 0.50, likely: 0.60, high: 0.70}}
    input_tokens: {{low: 600, likely: 1000, high: 1800}}
    output_tokens: {{low: 150, likely: 300, high: 500}}
    cache_share: {{low: 0.1, likely: 0.3, high: 0.5}}
  long_context:                # near the length that is expected, not the longest possible
    share: {{low: 0.05, likely: 0.10, high: 0.20}}
    input_tokens: {{low: 20000, likely: 40000, high: 90000}}
    output_tokens: {{low: 400, likely: 700, high: 1200}}
  image:
    share: {{low: 0.02, likely: 0.05, high: 0.10}}
    input_tokens: {{low: 300, likely: 500, high: 900}}
    output_tokens: {{low: 150, likely: 250, high: 400}}
    images: {{low: 1, likely: 1, high: 2}}
    image_tokens: {{low: 400, likely: 800, high: 1600, note: low detail is about 400}}
  tool_call:
    share: {{low: 0.10, likely: 0.17, high: 0.25}}
    steps: {{low: 3, likely: 6, high: 12}}
    input_tokens: {{low: 3000, likely: 6000, high: 12000}}
    output_tokens: {{low: 100, likely: 200, high: 400}}
    cache_share: {{low: 0.4, likely: 0.6, high: 0.8}}
    retries: {{low: 0, likely: 0.02, high: 0.08}}
  json_schema:
    share: {{low: 0.02, likely: 0.05, high: 0.10}}
    input_tokens: {{low: 700, likely: 1200, high: 2000}}
    output_tokens: {{low: 150, likely: 300, high: 600}}
  failure:                     # calls that fail; most sellers charge few of them
    share: {{low: 0.01, likely: 0.03, high: 0.08}}
    input_tokens: {{low: 600, likely: 1000, high: 1800}}
    output_tokens: 0
    charged: {{low: 0, likely: 0.1, high: 0.5}}

routes:                        # where calls go; shares add up to 1
  - {{seller: novita, model: stepfun/step-3.7-flash, share: 1}}
"""
