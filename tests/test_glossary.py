"""The glossary: each word once, short, and the same wherever it is read."""

import re
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from app.components.tables import explained
from app.glossary import glossary, help_if_known, help_on, other_words

ROOT = Path(__file__).parents[1]
TERMS = [(term, text) for words in glossary().values() for term, text in words.items()]


def test_each_word_is_explained_once():
    words = [word.casefold() for word in [*dict(TERMS), *other_words()]]
    assert len(words) == len(set(words)) and len(TERMS) == sum(map(len, glossary().values()))


@pytest.mark.parametrize("term, text", TERMS)
def test_a_meaning_is_one_to_three_short_sentences_that_markdown_leaves_alone(term, text):
    assert text.endswith(".") and len(text) <= 140 and text.count(". ") <= 2
    assert not set(text) & set("$*_`<>[]~")


def test_another_word_means_what_its_term_means():
    assert help_on("unpriced") == help_on("Cost unknown")
    assert {help_on(word) for word in other_words()} <= {text for _, text in TERMS}


def test_a_word_that_is_not_there_is_said():
    assert help_if_known("Gross margin") is None
    with pytest.raises(KeyError):
        help_on("Gross margin")


def test_a_column_whose_word_is_known_explains_itself():
    config = explained(
        pd.Index(["Coverage", "Unpriced", "Bill", "Step", "Colour"]),
        {
            "Unpriced": st.column_config.NumberColumn(format="%,d"),
            "Bill": st.column_config.TextColumn("Invoiced", pinned=True),
            "Step": st.column_config.TextColumn(help="One of several."),
        },
    )
    assert config["Coverage"]["help"] == help_on("coverage")
    assert config["Unpriced"]["help"] == help_on("cost unknown")
    assert config["Unpriced"]["type_config"]["format"] == "%,d"
    assert (config["Bill"]["help"], config["Bill"]["pinned"]) == (help_on("invoiced"), True)
    assert config["Step"]["help"] == "One of several." and "Colour" not in config


def test_a_figure_whose_word_is_known_explains_itself():
    def page() -> None:
        from app.components.cards import Card, show_cards

        show_cards([Card("Spend", ("1",), ""), Card("Coverage", ("2",), "", "Of its own."), Card("Colour", ("3",), "")])

    helps = {metric.label: metric.help for metric in AppTest.from_function(page).run().metric}
    assert helps == {"Spend": help_on("spend"), "Coverage": "Of its own.", "Colour": ""}


def test_every_table_of_a_page_can_explain_its_columns():
    for path in (ROOT / "app").rglob("*.py"):
        if path.name != "tables.py":
            assert not re.search(r"\bst\.(dataframe|table)\(", path.read_text(encoding="utf-8")), path.name
