"""The columns of the FOCUS export: what each holds, and where in Tollbook it comes from."""

from typing import Any, Literal, NamedTuple

FOCUS_VERSION = "1.2"
Kind = Literal["string", "decimal", "datetime", "json"]
Row = dict[str, Any]
"""One row by column names. A decimal is a whole number of 10^-12, so that it is exact; None is null."""

CATEGORIES = ("Usage", "Purchase", "Tax", "Credit", "Adjustment")
FREQUENCIES = ("One-Time", "Recurring", "Usage-Based")
SERVICE_CATEGORIES = ("AI and Machine Learning", "Compute", "Other")
"""Of those that FOCUS allows, the ones that are used here."""


class FocusColumn(NamedTuple):
    """One column."""

    name: str
    kind: Kind
    meaning: str
    """What stands in it, for the page about the mapping."""
    must_be_there: bool = False
    """FOCUS demands it of every file, whatever its provider does or does not do."""
    nullable: bool = False
    allowed: tuple[str, ...] = ()
    """The only values that it may have. Empty: any."""


def _must(name: str, kind: Kind, meaning: str, **more: Any) -> FocusColumn:
    return FocusColumn(name, kind, meaning, must_be_there=True, **more)


def _may(name: str, kind: Kind, meaning: str, **more: Any) -> FocusColumn:
    return FocusColumn(name, kind, meaning, nullable=True, **more)


COLUMNS: tuple[FocusColumn, ...] = (
    _must("BillingAccountId", "string", "The seller, as in `tollbook cost --by seller`: logs hold no account number"),
    _must("BillingAccountName", "string", "The seller's name on its rate card"),
    _must("BillingPeriodStart", "datetime", "Midnight, in the billing zone, at which the month begins"),
    _must("BillingPeriodEnd", "datetime", "Midnight at which it ends; not part of it"),
    _must("ChargePeriodStart", "datetime", "Midnight at which the day begins; of invoice lines, their first day"),
    _must("ChargePeriodEnd", "datetime", "Midnight at which the day ends; of invoice lines, their last day"),
    _must("BillingCurrency", "string", "The currency of the rate, charge or invoice line; nothing is converted"),
    _must("BilledCost", "decimal", "As priced: tokens times the rate in force; what a charge or an invoice line says"),
    _must("EffectiveCost", "decimal", "The same: Tollbook spreads no prepayment over calls"),
    _must("ListCost", "decimal", "The quantity at the list rate: of a discount, what it is taken off"),
    _must("ContractedCost", "decimal", "The same as BilledCost: a contract's rate is the rate in force"),
    _must("ChargeCategory", "string", "Usage: calls; Purchase: charges and fees; Tax; Credit", allowed=CATEGORIES),
    _must("ChargeClass", "string", "Always null: a late correction is a re-rate, never a row of another month",
          nullable=True, allowed=("Correction",)),
    _must("ChargeDescription", "string", "Meter, model and seller; the charge's name; the invoice line's label"),
    FocusColumn("ChargeFrequency", "string", "Usage-Based for calls, Recurring or One-Time for the rest",
                allowed=FREQUENCIES),
    _must("InvoiceIssuerName", "string", "The seller's name"),
    _may("InvoiceId", "string", "Always null, see below; the number of an invoice line is in `x_InvoiceNumber`"),
    _must("ProviderName", "string", "The seller's name"),
    _must("PublisherName", "string", "The seller's name: who made a model's weights is in no log"),
    _must("ServiceCategory", "string", "AI and Machine Learning; of GPU-hours Compute, of other charges Other",
          allowed=SERVICE_CATEGORIES),
    FocusColumn("ServiceSubcategory", "string", "Generative AI; Other of the two others"),
    _must("ServiceName", "string", "Model inference, or the kind of charge"),
    _may("SubAccountId", "string", "The team, or the dimension that `--sub-account` names"),
    _may("SubAccountName", "string", "The same"),
    _may("SubAccountType", "string", "Which dimension that is"),
    _must("PricingQuantity", "decimal", "Tokens in units of 1,000,000; searches, requests one by one", nullable=True),
    _must("PricingUnit", "string", "`1000000 Tokens`, `Searches`, `Requests`, `Charges`", nullable=True),
    _may("PricingCategory", "string", "Standard", allowed=("Standard", "Committed", "Dynamic", "Other")),
    _may("ListUnitPrice", "decimal", "The list rate of one PricingUnit; times PricingQuantity it is ListCost"),
    _may("ContractedUnitPrice", "decimal", "The rate in force; times PricingQuantity it is ContractedCost"),
    _may("ConsumedQuantity", "decimal", "Tokens, searches or requests"),
    _may("ConsumedUnit", "string", "Tokens, Searches or Requests"),
    _may("PricingCurrency", "string", "The same as BillingCurrency"),
    _may("PricingCurrencyListUnitPrice", "decimal", "The same as ListUnitPrice"),
    _may("PricingCurrencyContractedUnitPrice", "decimal", "The same as ContractedUnitPrice"),
    _may("PricingCurrencyEffectiveCost", "decimal", "The same as EffectiveCost"),
    _may("SkuId", "string", "Seller, model of the rate card and meter"),
    _may("SkuMeter", "string", "The meter in words"),
    _may("SkuPriceId", "string", "The digest of the list rate, and the meter"),
    _may("SkuPriceDetails", "json", "Terms of the rate: service tier, size of the input, hours, region"),
    _may("CommitmentDiscountStatus", "string", "Always null: no seller here sells commitments"),
    _may("Tags", "json", "The dimensions that `--tag` names; the project without it"),
    _may("x_Seller", "string", "The seller, as Tollbook names it"),
    _may("x_Model", "string", "The model that answered, as the log has it"),
    _may("x_Meter", "string", "The meter, as rate cards name it"),
    _may("x_TokenDirection", "string", "Which way the tokens went", allowed=("input", "output")),
    _may("x_CacheAction", "string", "Of input: read from a cache, written to one, or neither",
         allowed=("none", "read", "write")),
    FocusColumn("x_CostBasis", "string", "What the cost rests on: a rate, a seller that charges nothing for such "
                "calls, a charge that was entered, a line of an invoice",
                allowed=("rated", "free", "charge", "invoice")),
    FocusColumn("x_BilledCostExact", "string", "BilledCost to the last digit, as a decimal in text"),
    FocusColumn("x_ListCostExact", "string", "ListCost to the last digit"),
    _may("x_ListPriceBasis", "string", "Whether a list rate is known",
         allowed=("the rate is the list rate", "list rate of the same terms", "no list rate known")),
    _may("x_Coverage", "decimal", "Of calls: share of those of the same day, sub-account, tags, model and seller whose "
         "cost is known; the rest is in no row"),
    _may("x_RateId", "string", "Digest of the rate that priced the row"),
    _may("x_RateConfidence", "string", "On whose word the rate is: official, registry, article, contract"),
    _may("x_RateSource", "string", "Where the rate is written"),
    _may("x_RateChecked", "string", "The day on which somebody last looked there"),
    _may("x_InvoiceNumber", "string", "The number of the invoice that a line is from"),
)  # fmt: skip
NAMES = tuple(column.name for column in COLUMNS)
BY_NAME = {column.name: column for column in COLUMNS}
EMPTY: Row = dict.fromkeys(NAMES)
"""A row of nulls, to be filled: every row has every column."""
