"""Secrets are kept so that a stolen table opens nothing."""

import pytest

from goodword.kit.sealing import Unsealable, seal, unseal


def test_what_is_sealed_can_be_read_here_and_nowhere_else(settings) -> None:  # type: ignore[no-untyped-def]
    settings.SECRET_KEY = "one key of this installation"
    sealed = seal("pässword")
    assert "ssword" not in sealed
    assert seal("pässword") != sealed
    assert unseal(sealed) == "pässword"
    settings.SECRET_KEY = "another key"
    with pytest.raises(Unsealable, match="secret key of this installation changed"):
        unseal(sealed)


@pytest.mark.parametrize("broken", ["", "abc", "gAAAAA", "ü"])
def test_what_was_never_sealed_is_refused_with_the_same_sentence(broken: str) -> None:
    with pytest.raises(Unsealable):
        unseal(broken)
