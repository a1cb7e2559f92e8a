"""A scenario to begin with: one change, and the others ready to be written in."""

TEMPLATE = """\
# A scenario: the calls that were made, with something else. Figures are in quotes, so that no digit is lost.
# tollbook scenario run FILE computes it, tollbook scenario save FILE keeps it by its name.
name: Half to Novita
note: What if half of the calls to StepFun went to Novita?
where: {seller: stepfun, model: step-3.7-flash}  # which calls; tollbook cost --by seller,model,team has the names
last_days: 28                  # of the data; or since: and until:, each a day; without any, all of them
# rates_as_of: own             # the rates of each call's own time; without it, those of now
# currency: USD                # adds up all amounts in this one; without it, each has a total of its own

changes:                       # take out what you do not ask; each may have a where: of its own
  - kind: move                 # a share of the calls goes to another seller or model
    seller: novita
    model: stepfun/step-3.7-flash
    share: "0.5"
    output: {value: "1.1", source: guess}  # tokens there for one here, likewise input; or measured, or claim
# - {kind: volume, times: "2"}                                       # so many times the calls
# - {kind: cache, times: "0.5"}                                      # of the share read from the cache; or share: "0.3"
# - {kind: retries, attempts: {value: "1.2", source: guess}}         # charged tries per call
# - {kind: drop_failed}                                              # calls that fail are not made
# - {kind: effort, mix: {low: "1"}}                                  # the share of each effort
# - {kind: output_cap, tokens: 1000}                                 # no answer is longer
# - {kind: media, images: "1", image_tokens: 400}                    # in every call
# - {kind: batch, share: "0.5"}                                      # through the batch interface
# - {kind: rates, per_mtok: {input: "0.15", output: "1.00"}}         # other figures per 1,000,000 tokens
# - {kind: discount, percent_off: "10"}                              # off every figure
"""
