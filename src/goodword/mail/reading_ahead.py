"""Mail that waits, read while the mail before it is turned into messages: two processors are at work then."""

from collections import deque
from collections.abc import Sequence

from goodword.mail.models import RawMail
from goodword.mail.parsing import apart

# Whoever takes longer is read alone, so that nobody waits for it.
PATIENCE_SECONDS = 0.5
BIG = 200_000


class ReadingAhead:
    """What was read of the mails that wait, by their ids."""

    def __init__(self) -> None:
        self._reading = apart.Reading()
        self._now: int | None = None
        self._next: deque[tuple[int, bytes, str]] = deque()
        self._read: dict[int, apart.Outcome] = {}

    def read(self, mails: Sequence[RawMail]) -> list[apart.Outcome]:
        """What these mails hold, up to the first one that is not read quickly."""
        ids = [mail.pk for mail in mails]
        missing = [pk for pk in ids if pk not in self._read and pk != self._now]
        self._next = deque(_bytes_of(missing))
        found: list[apart.Outcome] = []
        for pk in ids:
            while pk not in self._read:
                if not self._step(PATIENCE_SECONDS):
                    self.close(patience=0)
                    return found
            found.append(self._read.pop(pk))
        self._read = {pk: outcome for pk, outcome in self._read.items() if pk > ids[-1]}
        return found

    def look_behind(self, mail: RawMail, count: int) -> None:
        """Begin to read the mails that wait behind this one and that nobody else is at.

        Others leave them alone as long as this transaction is open.
        """
        waiting = RawMail.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
        behind = waiting.filter(state=RawMail.State.WAITING, pk__gt=mail.pk, size__lte=BIG)
        known = {*self._read, self._now}
        ids = behind.order_by("id").values_list("pk", flat=True)[:count]
        self._next = deque(_bytes_of([pk for pk in ids if pk not in known]))
        self._step(0)

    def step(self) -> None:
        """Take what is read by now, and have the next one read."""
        if self._now is not None or self._next:
            self._step(0)

    def close(self, patience: float = PATIENCE_SECONDS) -> None:
        """Read no more, and leave the process to the next one: to start another takes as long as to read
        fifty mails.
        """
        self._reading.close(patience=patience)
        self._now = None
        self._next.clear()

    def _step(self, patience: float) -> bool:
        """False when the mail that is read at present is not done so soon."""
        if self._now is not None:
            if not self._reading.ends_within(patience):
                return False
            self._read[self._now], self._now = self._reading.end(), None
        if self._next:
            pk, raw, sender = self._next.popleft()
            self._reading.begin(raw, envelope_from=sender or None)
            self._now = pk
        return True


def _bytes_of(ids: Sequence[int]) -> list[tuple[int, bytes, str]]:
    if not ids:
        return []
    rows = RawMail.objects.filter(pk__in=ids).order_by("id").values_list("pk", "raw", "envelope_from")
    return [(pk, bytes(raw), sender) for pk, raw, sender in rows]
