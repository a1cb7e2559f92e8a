"""The glossary: each word once, short, and the same wherever it is read."""

import pytest

from app.glossary import glossary, help_if_known, help_on, other_words

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
