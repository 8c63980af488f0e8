"""How rooms above take part in the live stream."""

from collections.abc import Callable, Iterable
from typing import Any

from goodword.kit.registry import Registry

Hidden = Callable[[Any], Iterable[int]]

hidden_mailboxes: Registry[Hidden] = Registry("mailboxes whose events a user may not see")
