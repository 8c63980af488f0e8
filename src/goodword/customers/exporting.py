"""Everything known of a person in one file: for programs as JSON, for people as a page, and their files."""

import json
import re
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.template.loader import get_template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from goodword.staff.access import require_lead

from . import access, registry
from .models import Customer
from .registry import Asked, Entry, File, Section
from .telling import tell

FORMAT = 1
PIECE = 256 * 1024
NAME_LENGTH = 80
_UNFIT = re.compile(r"[^\w.-]+")
Fact = tuple[str, str, list[list[Any]]]


def export(asked: Asked) -> IO[bytes]:
    """The whole export in a temporary file, to be read from its beginning; it vanishes when it is closed.

    A ZIP of `person.json`, `person.html` and `files/`. However much there is, only one entry and one file of
    it is held in memory. Raises NotAllowed for all but leads and administrators, and Customer.DoesNotExist.
    """
    require_lead(asked.agent)
    access.get_customer(asked.agent, asked.customer.pk)
    made = tempfile.TemporaryFile()  # noqa: SIM115 whoever asked reads and closes it
    try:
        count = _write(asked, made)
    except BaseException:
        made.close()
        raise
    with transaction.atomic():
        details = {"internal": asked.internal, "entries": count}
        tell("customer.exported", asked.customer, asked.agent, **details)
    made.seek(0)
    return made


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    """The file piece by piece; closed when all is read, or nobody reads on."""
    with file:
        while piece := file.read(PIECE):
            yield piece


class _Writing:
    """An export on its way: the two texts grow beside the archive, which takes one file after the other."""

    def __init__(self, archive: zipfile.ZipFile, data: IO[str], page: IO[str]) -> None:
        self.archive, self.data, self.page = archive, data, page
        self.entries = self.files = 0
        self._entry = get_template("customers/export_entry.html")

    def section(self, section: Section) -> None:
        """All entries of a section; nothing of one that has none."""
        begun = False
        for entry in section.entries:
            if not begun:
                self.data.write(f",\n {json.dumps(section.key)}: [\n  ")
                self._show("customers/export_section.html", {"title": section.title})
            else:
                self.data.write(",\n  ")
            begun = True
            self._add(entry, section.key)
        if begun:
            self.data.write("\n ]")
            self.page.write("</section>\n")

    def _add(self, entry: Entry, key: str) -> None:
        names = [self._keep(file, key) for file in entry.files]
        facts = dict(entry.facts) | ({"files": names} if names else {})
        self.data.write(json.dumps(facts, cls=DjangoJSONEncoder, ensure_ascii=False))
        self.page.write(self._entry.render({"facts": shown(entry.facts), "files": names}))
        self.entries += 1

    def _keep(self, file: File, key: str) -> str:
        self.files += 1
        fit = _UNFIT.sub("-", file.name).strip(".-")[-NAME_LENGTH:] or "file"
        name = f"files/{key}-{self.files}-{fit}"
        self.archive.writestr(name, file.read())
        return name

    def _show(self, template: str, context: Mapping[str, Any]) -> None:
        self.page.write(get_template(template).render(dict(context)))


def shown(facts: Mapping[str, Any]) -> list[Fact]:
    """Facts as a page shows them: label, words, and the facts within."""
    return [_fact(name, value) for name, value in facts.items() if value not in ("", None, [], {})]


def _fact(name: str, value: Any) -> Fact:
    label = name.replace("_", " ").capitalize()
    if isinstance(value, Mapping):
        return label, "", [shown(value)]
    if isinstance(value, Sequence) and not isinstance(value, str):
        if value and isinstance(value[0], Mapping):
            return label, "", [shown(one) for one in value]
        return label, ", ".join(_words(one) for one in value), []
    return label, _words(value), []


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "j M Y H:i T")
    if isinstance(value, date):
        return date_format(value, "j M Y")
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _write(asked: Asked, to: IO[bytes]) -> int:
    with (
        zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive,
        tempfile.TemporaryFile("w+", encoding="utf-8") as data,
        tempfile.TemporaryFile("w+", encoding="utf-8") as page,
    ):
        writing = _Writing(archive, data, page)
        head = {"format": FORMAT, "customer": asked.customer.pk, "made_at": timezone.now()}
        data.write(json.dumps(head, cls=DjangoJSONEncoder)[:-1])
        page.write(get_template("customers/export_head.html").render(_about(asked.customer)))
        for room in registry.exporting:
            for section in room(asked):
                writing.section(section)
        data.write("\n}\n")
        page.write(get_template("customers/export_foot.html").render({}))
        for name, text in (("person.json", data), ("person.html", page)):
            _put(archive, name, text)
        return writing.entries


def _about(customer: Customer) -> dict[str, Any]:
    company = settings.CONFIG.company_name
    return {"customer": customer, "company": company, "now": _words(timezone.now())}


def _put(archive: zipfile.ZipFile, name: str, text: IO[str]) -> None:
    text.seek(0)
    with archive.open(name, "w", force_zip64=True) as member:
        while piece := text.read(PIECE):
            member.write(piece.encode())
