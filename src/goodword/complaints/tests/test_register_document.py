"""The register as a document: what it cannot print, it says."""

from goodword.complaints import queries
from goodword.complaints.export.document import as_pdf, loses
from goodword.complaints.queries import Filters


def register(complaint, owner, name):
    complaint.customer.name = name
    complaint.customer.save()
    return list(queries.entries(owner, Filters()))


def test_names_in_latin_letters_are_printed_whole(complaint, owner):
    assert not any(loses(entry) for entry in register(complaint, owner, "Zoë Łuczak Žižka"))


def test_a_name_in_other_letters_makes_the_document_say_that_they_are_missing(complaint, owner):
    entries = register(complaint, owner, "Ольга Петрова")
    assert any(loses(entry) for entry in entries)
    whole = as_pdf(register(complaint, owner, "Olga"), queries.summary(owner, Filters()), asked=[])
    lacking = as_pdf(entries, queries.summary(owner, Filters()), asked=[])
    assert whole.startswith(b"%PDF")
    assert lacking.startswith(b"%PDF")
    assert len(lacking) > len(whole)
