"""Mails as nobody should write them, each made the same way every time: name -> bytes, and the files inside.

`MAKERS` is for tests and for `bench/mail_corpus.py --hostile`. `FILES` tells, by name, the contents of the
parts that must come out byte by byte.
"""

import base64
import bz2
import io
import random
import zipfile
import zlib
from collections.abc import Callable

CRLF = b"\r\n"
SENDER = b"From: Carla <carla@example.org>"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4
Made = tuple[bytes, list[bytes]]

MAKERS: dict[str, Callable[[], Made]] = {}


def maker(function: Callable[[], Made]) -> Callable[[], Made]:
    MAKERS[function.__name__] = function
    return function


def mail(*fields: bytes, body: bytes = b"Where is my parcel?\r\n", name: bytes = b"hostile") -> bytes:
    given = b"".join(fields).lower()
    own = [] if b"from:" in given else [SENDER]
    own += [] if b"message-id:" in given else [b"Message-ID: <%s@hostile.example>" % name]
    own += [] if given.startswith(b"to:") else [b"To: care@desk.example"]
    return CRLF.join([*own, b"MIME-Version: 1.0", *fields, b"", body])


def part(
    kind: bytes, data: bytes, *, name: bytes = b"", encoding: bytes = b"base64", more: bytes = b""
) -> bytes:
    disposition = b'Content-Disposition: attachment; filename="%s"\r\n' % name if name else b""
    carried = {b"base64": base64.encodebytes(data).replace(b"\n", CRLF)}.get(encoding, data + CRLF)
    head = b"Content-Type: %s\r\n%sContent-Transfer-Encoding: %s\r\n%s" % (kind, disposition, encoding, more)
    return head + CRLF + carried


def mixed(
    *parts: bytes, kind: bytes = b"mixed", boundary: bytes = b"edge", name: bytes = b"hostile"
) -> bytes:
    inside = b"".join(b"--%s\r\n%s" % (boundary, one) for one in parts) + b"--%s--\r\n" % boundary
    return mail(b'Content-Type: multipart/%s; boundary="%s"' % (kind, boundary), body=inside, name=name)


def noise(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)


WORDS = part(b"text/plain; charset=utf-8", b"Here it is.", encoding=b"8bit")


@maker
def ten_megabytes_of_html() -> Made:
    page = b"<p>hello <b>world</b> &amp; all</p>\r\n" * 290_000
    return mail(b"Content-Type: text/html; charset=utf-8", body=page), [page]


@maker
def twenty_thousand_nested_tags() -> Made:
    page = b"<div>" * 20_000 + b"the words" + b"</div>" * 20_000
    return mail(b"Content-Type: text/html", body=page), []


@maker
def tags_never_closed() -> Made:
    return mail(b"Content-Type: text/html", body=b"<b><i><table><tr><td><font a=b>x" * 30_000), []


@maker
def nested_tables() -> Made:
    return mail(
        b"Content-Type: text/html", body=b"<table><tr><td>a" * 3_000 + b"b</td></tr></table>" * 3_000
    ), []


@maker
def half_a_million_attributes() -> Made:
    names = b" ".join(b"a%d=1" % number for number in range(300_000))
    return mail(b"Content-Type: text/html", body=b"<p %s>x</p>" % names), []


@maker
def many_line_breaks() -> Made:
    return mail(b"Content-Type: text/html", body=b"x<br>" * 300_000), []


@maker
def quotes_outside_of_the_page() -> Made:
    page = b"<html><head><blockquote type=cite>On 3 May 2026 Ann wrote:</blockquote></head><frameset>x"
    return mail(b"Content-Type: text/html", body=page), []


@maker
def a_page_that_is_a_quote() -> Made:
    page = b"<body class=gmail_quote name=quote>On 3 May 2026 Ann wrote:<blockquote>x</blockquote>"
    return mail(b"Content-Type: text/html", body=page), []


@maker
def deep_quotes() -> Made:
    return mail(body=CRLF.join(b">" * (number % 900) + b" a line" for number in range(20_000))), []


@maker
def quotes_in_turns() -> Made:
    return mail(body=b"On 3 May 2026, Ann <a@b.example> wrote:\r\n> why?\r\nbecause\r\n" * 20_000), []


@maker
def introductions_without_end() -> Made:
    return mail(body=b"On 3 May 2026 at 10:00 Ann <a@b.example>\r\n" * 60_000), []


@maker
def colons_without_end() -> Made:
    return mail(body=b"From: a@b.example\r\nDate: 3 May 2026\r\nSubject: x\r\n" * 40_000), []


@maker
def nested_blockquotes() -> Made:
    inside = b"<blockquote>On 3 May 2026 Ann wrote:<br>" * 4_000
    return mail(b"Content-Type: text/html", body=b"<p>Yes</p>" + inside), []


@maker
def one_line_of_five_megabytes() -> Made:
    return mail(body=b"a" * 5_000_000), []


@maker
def five_million_line_ends() -> Made:
    return mail(body=b"\r\n" * 2_500_000 + b"the end"), []


@maker
def part_of_ten_million_line_ends() -> Made:
    data = b"\n" * 10_000_000
    return mixed(WORDS, part(b"application/octet-stream", data, name=b"lines.bin", encoding=b"7bit")), [data]


@maker
def unknown_charset() -> Made:
    return mail(b"Content-Type: text/plain; charset=x-klingon-8", body="Grüße".encode()), []


@maker
def lying_charset() -> Made:
    return mail(b"Content-Type: text/plain; charset=us-ascii", body="Größe 42 – bitte €".encode("cp1252")), []


@maker
def utf16_without_a_mark() -> Made:
    return mail(b"Content-Type: text/plain; charset=utf-16", body="Hello".encode("utf-16-le")), []


@maker
def utf7_that_hides_tags() -> Made:
    return mail(
        b"Content-Type: text/html; charset=utf-7", body=b"+ADw-script+AD4-alert(1)+ADw-/script+AD4-"
    ), []


@maker
def charset_that_is_no_text() -> Made:
    return mail(b"Content-Type: text/plain; charset=bz2", body=bz2.compress(b"x" * 1_000_000)), []


@maker
def broken_multibyte() -> Made:
    data = b"\xe3\x81\xff\xfe" * 1_000
    return mail(b"Content-Type: text/plain; charset=iso-2022-jp", body=b"\x1b$B" + data), []


@maker
def names_in_pieces() -> Made:
    more = b"Content-Disposition: attachment; filename*1*=%C3%9F.txt; filename*0*=utf-8'de'gro\r\n"
    return mixed(WORDS, part(b"text/plain", b"data", more=more)), [b"data"]


@maker
def a_thousand_pieces_of_a_name() -> Made:
    more = (
        b"Content-Disposition: attachment" + b"".join(b";\r\n filename*%d=x" % n for n in range(1_000)) + CRLF
    )
    return mixed(WORDS, part(b"text/plain", b"data", more=more)), [b"data"]


@maker
def names_that_climb() -> Made:
    inside = [
        part(b"text/plain", b"data%d" % n, name=name)
        for n, name in enumerate(
            (
                b"../../etc/passwd",
                b"C:\\\\x.exe",
                b"con",
                b".",
                b"\xe2\x80\xaegpj.exe",
                b"a" * 5_000,
                b"x\x00y",
            )
        )
    ]
    return mixed(WORDS, *inside), [b"data%d" % n for n in range(7)]


@maker
def winmail() -> Made:
    data = b"\x78\x9f\x3e\x22" + noise(5_000)
    return mixed(WORDS, part(b"application/ms-tnef", data, name=b"winmail.dat")), [data]


@maker
def calendar() -> Made:
    event = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"
    kind = b"text/calendar; method=REQUEST; charset=utf-8"
    return mixed(WORDS, part(kind, event), kind=b"alternative"), [event]


@maker
def smime_signed() -> Made:
    data = noise(2_000)
    signature = part(b"application/pkcs7-signature; name=smime.p7s", data, name=b"smime.p7s")
    return mixed(WORDS, signature, kind=b"signed"), [data]


@maker
def smime_sealed() -> Made:
    data = noise(3_000)
    fields = b"Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m"
    return mail(fields, b"Content-Transfer-Encoding: base64", body=base64.encodebytes(data)), [data]


@maker
def pgp_sealed() -> Made:
    data = b"-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n-----END PGP MESSAGE-----"
    version = part(b"application/pgp-encrypted", b"Version: 1", encoding=b"7bit")
    sealed = part(b"application/octet-stream", data, name=b"encrypted.asc", encoding=b"7bit")
    return mixed(version, sealed, kind=b"encrypted"), [b"Version: 1", data]


@maker
def mail_in_mail() -> Made:
    inner = mail(b"Subject: the innermost")
    for _level in range(300):
        inner = mail(b"Content-Type: message/rfc822", body=inner)
    return mixed(WORDS, b"Content-Type: message/rfc822\r\n\r\n" + inner + CRLF), [inner]


@maker
def mail_in_mail_in_parts() -> Made:
    inner = mail(b"Subject: the innermost")
    for level in range(80):
        edge = b"e%d" % level
        inner = mixed(WORDS, b"Content-Type: message/rfc822\r\n\r\n" + inner + CRLF, boundary=edge)
    return inner, []


@maker
def parts_in_parts() -> Made:
    inner = WORDS
    for level in range(50):
        edge = b"e%d" % level
        inner = b"Content-Type: multipart/mixed; boundary=%s\r\n\r\n--%s\r\n%s\r\n--%s--\r\n" % (
            edge,
            edge,
            inner,
            edge,
        )
    return mixed(inner), []


@maker
def parts_in_parts_without_end() -> Made:
    lines = b"".join(
        b"Content-Type: multipart/mixed; boundary=e%d\r\n\r\n--e%d\r\n" % (n, n) for n in range(5_000)
    )
    return SENDER + CRLF + lines, []


@maker
def no_body() -> Made:
    return mail(body=b""), []


@maker
def no_body_and_no_blank_line() -> Made:
    return SENDER + b"\r\nSubject: x", []


@maker
def null_bytes() -> Made:
    return mail(b"Subject: a\x00b", body=b"words\x00with\x00nothing\x00" * 1_000), []


@maker
def bytes_of_every_kind() -> Made:
    return mail(body=bytes(range(256)) * 2_000), []


@maker
def line_ends_in_encoded_fields() -> Made:
    hidden = base64.b64encode(b"Hello\r\nBcc: thief@evil.example\r\n\r\n<script>")
    return mail(b"Subject: =?utf-8?b?%s?=" % hidden, b"X: =?utf-8?q?a=0D=0AEvil:_yes?="), []


@maker
def ten_thousand_fields() -> Made:
    return mail(*(b"X-Field-%d: %s" % (n, b"v" * 80) for n in range(10_000))), []


@maker
def ten_thousand_authentication_results() -> Made:
    return mail(
        *(b"Authentication-Results: mx.example; dkim=pass (c) header.d=x.example" for _ in range(10_000))
    ), []


@maker
def a_field_of_five_megabytes() -> Made:
    return mail(b"X-Long: " + b"v" * 5_000_000, b"Subject: after it"), []


@maker
def a_subject_of_a_megabyte_of_encoded_words() -> Made:
    return mail(b"Subject: " + b"\r\n ".join([b"=?utf-8?q?=C3=A4=C3?="] * 50_000)), []


@maker
def a_field_folded_a_million_times() -> Made:
    return mail(b"Subject: x" + b"\r\n y" * 1_000_000), []


@maker
def comments_in_comments() -> Made:
    return mail(b"From: " + b"(" * 30_000 + b"carla@example.org" + b")" * 30_000 + b" carla@example.org"), []


@maker
def three_thousand_recipients() -> Made:
    people = b",\r\n ".join(b'"Person, %d" <p%d@example.org>' % (n, n) for n in range(3_000))
    return mail(b"Cc: " + people), []


@maker
def three_thousand_recipients_in_to() -> Made:
    people = b",\r\n ".join(b"p%d@example.org" % n for n in range(3_000))
    return mail(b"To: care@desk.example,\r\n " + people), []


@maker
def recipients_in_groups() -> Made:
    return mail(b"Cc: " + b"a: b@example.org, c@example.org;, " * 3_000), []


@maker
def five_hundred_files() -> Made:
    files = [noise(500, n) for n in range(500)]
    return mixed(
        WORDS, *(part(b"image/png", data, name=b"f%d.png" % n) for n, data in enumerate(files))
    ), files


@maker
def five_hundred_texts() -> Made:
    return mixed(*(part(b"text/plain", b"piece %d" % n, encoding=b"7bit") for n in range(500))), []


@maker
def two_thousand_pages() -> Made:
    page = part(b"text/html", b"<p>hello <b>world</b></p>", encoding=b"7bit")
    return mixed(*([page] * 1_900)), []


@maker
def a_million_parts() -> Made:
    return mixed(*([CRLF] * 1_000_000)), []


@maker
def boundaries_that_are_almost_right() -> Made:
    return mixed(WORDS, b"\r\n" + b"--edges\r\n--edge -\r\n" * 300_000), []


@maker
def zip_bomb() -> Made:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("zeros"), b"\x00" * 20_000_000, zipfile.ZIP_DEFLATED)
    data = packed.getvalue()
    return mixed(WORDS, part(b"application/zip", data, name=b"bomb.zip")), [data]


@maker
def packed_twice() -> Made:
    data = zlib.compress(zlib.compress(b"\x00" * 20_000_000, 9), 9)
    return mixed(
        WORDS, part(b"application/gzip", data, name=b"bomb.gz", more=b"Content-Encoding: gzip\r\n")
    ), [data]


@maker
def boundary_inside_boundary() -> Made:
    inner = b"Content-Type: multipart/mixed; boundary=edge2\r\n\r\n--edge2\r\n" + WORDS + b"--edge2--\r\n"
    return mixed(inner, part(b"image/png", PNG, name=b"a.png"), boundary=b"edge"), [PNG]


@maker
def boundary_with_blanks_behind() -> Made:
    raw = mixed(WORDS, part(b"image/png", PNG, name=b"a.png"))
    return raw.replace(b"--edge\r\n", b"--edge  \t\r\n"), [PNG]


@maker
def boundary_of_odd_letters() -> Made:
    return mixed(WORDS, part(b"image/png", PNG, name=b"a.png"), boundary=b"=_(a+b)*[c]?.'x'"), [PNG]


@maker
def boundary_never_closed() -> Made:
    raw = mixed(WORDS, part(b"image/png", PNG, name=b"a.png"))
    return raw.removesuffix(b"--edge--\r\n"), [PNG]


@maker
def boundary_nowhere() -> Made:
    return mail(b"Content-Type: multipart/mixed; boundary=nowhere", body=b"Just words.\r\n"), []


@maker
def boundary_of_nothing() -> Made:
    return mail(b'Content-Type: multipart/mixed; boundary=""', body=b"--\r\n\r\nwords\r\n----\r\n"), []


@maker
def boundary_of_the_outer_kind_only() -> Made:
    return mail(b"Content-Type: multipart/mixed", body=b"--x\r\n\r\nwords\r\n--x--\r\n"), []


@maker
def two_content_types() -> Made:
    return mail(b"Content-Type: text/plain", b"Content-Type: multipart/mixed; boundary=x", body=b"words"), []


@maker
def broken_base64() -> Made:
    fields = b"Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64"
    return mail(fields, body=b"!!!" + base64.b64encode(b"content")[:-3] + b"\r\n=\r\n***"), []


@maker
def broken_quoted_printable() -> Made:
    return mail(b"Content-Transfer-Encoding: quoted-printable", body=b"=ZZ=4=\r\n=C3=" * 50_000), []


@maker
def unknown_encoding() -> Made:
    return mail(b"Content-Transfer-Encoding: x-rot13", body=b"Jurer vf zl cnepry?"), []


@maker
def uuencode_in_the_text() -> Made:
    return mail(body=b"See this:\r\nbegin 644 cup.txt\r\n#0V%T\r\n`\r\nend\r\nBye\r\n"), []


@maker
def references_without_end() -> Made:
    ids = b"\r\n ".join(b"<%d@example.org>" % n for n in range(40_000))
    return mail(b"References: " + ids, b"In-Reply-To: " + ids), []


@maker
def odd_message_ids() -> Made:
    return mail(
        b"Message-ID: <<[a b]@(c)> @ example.org>", b"In-Reply-To: Your message of Friday <x@y> and <z"
    ), []


@maker
def encoded_in_reply_to() -> Made:
    return mail(b"In-Reply-To: =?utf-8?q?=3C" + b"a" * 60 + b"=40desk=2Eexample=3E?="), []


@maker
def the_year_zero() -> Made:
    return mail(b"Date: Fri, 00 Nov 0000 25:61:61 +9999"), []


@maker
def the_year_99999() -> Made:
    return mail(b"Date: Fri, 20 Nov 99999 09:12:00 +0100"), []


@maker
def a_report_of_ten_thousand_failures() -> Made:
    blocks = b"".join(
        b"Final-Recipient: rfc822; p%d@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n" % n
        for n in range(10_000)
    )
    report = b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n" + blocks
    return mixed(WORDS, report, kind=b"report; report-type=delivery-status"), []


@maker
def only_fields_of_one_letter() -> Made:
    return SENDER + CRLF + b"a:\r\n" * 2_000_000 + CRLF + b"x", []


@maker
def fields_that_are_none() -> Made:
    return SENDER + CRLF + b"no field here\r\n" * 60_000 + b"Subject: x\r\n\r\nwords", []
