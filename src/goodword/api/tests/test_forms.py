"""What is put into a form comes out of it, byte for byte."""

import contextlib
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from urllib3 import encode_multipart_formdata

from goodword.api import forms

NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters='"\\'), min_size=1)


@given(st.lists(st.tuples(NAMES, st.binary())), st.binary())
def test_every_field_of_a_form_with_files_is_there(fields: list[tuple[str, bytes]], file: bytes) -> None:
    parts = [*fields, ("email", ("mail.eml", file, "message/rfc822"))]
    body, _kind = encode_multipart_formdata(parts, boundary="a line between")
    body = body.replace(b"a line between", b"----b-_'")
    form = forms.read('multipart/form-data; boundary="----b-_\'"', body)
    assert [(field.name, field.data) for field in form.fields] == [*fields, ("email", file)]
    assert form.fields[-1].filename == "mail.eml"


@given(st.lists(st.tuples(NAMES, st.binary())))
def test_every_field_of_a_plain_form_is_there(fields: list[tuple[str, bytes]]) -> None:
    form = forms.read("application/x-www-form-urlencoded", urlencode(fields).encode())
    assert [(field.name, field.data) for field in form.fields] == fields


@given(st.binary())
def test_any_body_is_a_form_or_none(body: bytes) -> None:
    for kind in ("multipart/form-data; boundary=b", "application/x-www-form-urlencoded"):
        with contextlib.suppress(forms.BadForm):
            forms.read(kind, b"--b\r\n" + body)


def test_a_file_keeps_the_name_that_was_given_to_it() -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="a"; filename="../x"\r\n\r\nbytes\r\n--b--'
    assert forms.read("multipart/form-data; boundary=b", body).fields[0].filename == "../x"


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data", ""])
def test_what_is_no_form_is_told(kind: str) -> None:
    with pytest.raises(forms.BadForm):
        forms.read(kind, b"")


def test_an_empty_field_may_have_no_line_of_its_own() -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n--b\r\n\r\n1\r\n--b--'
    fields = forms.read("multipart/form-data; boundary=b", body).fields
    assert [(field.name, field.data) for field in fields] == [("a", b""), ("", b"1")]
