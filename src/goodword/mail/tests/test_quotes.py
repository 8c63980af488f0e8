"""What somebody wrote is told apart from what they quoted; in doubt nothing they wrote is hidden."""

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword.mail import html, html_quotes, quotes

PAIRS = tomllib.loads((Path(__file__).parent / "data" / "quote_pairs.toml").read_text(encoding="utf-8"))[
    "pair"
]


@pytest.mark.parametrize("pair", PAIRS, ids=[pair["id"] for pair in PAIRS])
def test_what_was_written_is_told_apart_whatever_the_program_and_language(pair: dict[str, str]) -> None:
    if pair.get("format") == "html":
        reply = html.to_text(html_quotes.split(pair["text"])[0])
    else:
        reply = quotes.split(pair["text"]).reply
    assert re.sub(r"\s+", "", reply) == re.sub(r"\s+", "", pair["reply"])


@pytest.mark.parametrize(
    "introduction",
    [
        "On Fri, 20 Nov 2026 at 09:12, Olga Owner <care@desk.example> wrote:",
        "On Fri, 20 Nov 2026 at 09:12, Olga Owner via the Care Team <\ncare@desk.example> wrote:",
        "> On 20 Nov 2026, at 09:12, Olga Owner <care@desk.example> wrote:",
        "Am 20.11.2026 um 09:12 schrieb Olga Owner:",
        "Olga Owner <care@desk.example> schrieb am Fr., 20. Nov. 2026, 09:12:",
        "Le ven. 20 nov. 2026 à 09:12, Olga Owner <care@desk.example> a\nécrit :",
        "El vie, 20 nov 2026 a las 9:12, Olga Owner (<care@desk.example>) escribió:",
        "Il giorno ven 20 nov 2026 alle ore 09:12 Olga Owner <care@desk.example> ha scritto:",
        "Op vr 20 nov 2026 om 09:12 schreef Olga Owner <care@desk.example>:",
        "Em sex., 20 de nov. de 2026 às 09:12, Olga Owner <care@desk.example> escreveu:",
        "Den fre 20 nov. 2026 kl 09:12 skrev Olga Owner <care@desk.example>:",
        "pt., 20 lis 2026 o 09:12 Olga Owner <care@desk.example> napisał(a):",
        "пт, 20 нояб. 2026 г. в 09:12, Olga Owner <care@desk.example> пишет:",
        "2026年11月20日(金) 9:12 Olga Owner <care@desk.example>:",
        "Olga Owner <care@desk.example> 于2026年11月20日周五 09:12写道：",
        "-----Original Message-----\nFrom: Olga Owner\nSent: Friday, 20 Nov 2026\nTo: Carla\nSubject: Hello",
        "Von: Olga Owner <care@desk.example>\nGesendet: Freitag, 20. Nov 2026\nAn: Carla\nBetreff: Hallo",
        "De : Olga Owner\nEnvoyé : vendredi 20 novembre 2026\nÀ : Carla\nObjet : Bonjour",
        "ср, 20 нояб. 2026 г. в 09:12, Olga Owner <care@desk.example>:",
        "11:00 AM, November 20, 2026, Olga Owner <care@desk.example>:",
        "On Nov 20, 2026,\nat 09:12,\nOlga Owner <care@desk.example> wrote:",
        "---- On Fri, 20 Nov 2026 09:12:43 +0100 care@desk.example wrote ----",
        "*From:* Olga Owner\n*Date:* Friday, 20 November 2026\n*To:* Carla\n*Subject:* Hello",
        "________________________________\nFrom: Olga\nSent: Friday\nTo: Carla\nSubject: Hello",
        "---------- Forwarded message ---------\nFrom: Olga\nDate: Fri, Nov 20\nSubject: Hello\nTo: Carla",
    ],
)
def test_the_older_mail_begins_at_its_introduction(introduction: str) -> None:
    bare = not introduction.startswith((">", "On", "Am", "Le", "El"))
    older = "It left yesterday." if bare else "> It left yesterday."
    split = quotes.split(f"It has not come.\n\nCarla\n\n{introduction}\n\n{older}\n")
    assert split.reply == "It has not come.\n\nCarla"
    assert "It left yesterday." in split.quoted


def test_a_line_that_only_begins_like_an_introduction_stays() -> None:
    split = quotes.split(
        "On Thursday.\n\n> On 20 Nov 2026, at 09:12, Olga <care@desk.example> wrote:\n>\n> When?"
    )
    assert split.reply == "On Thursday."


@pytest.mark.parametrize(
    "text",
    [
        "On this day\n\nI wrote something\n\nwhich was interesting.",
        "I wrote to you on 12 May 2026 and nobody answered:\n\nwhere is my parcel?",
        "Please send it\nfrom: Berlin\nto: Paris",
        "My number: +49 30 123456\nMy address: Some Street 5",
        "The steps were:\n- open the app\n- it said 12:30\n- it closed",
        "> This is all I see.",
        "Regards from Spain,\nCarla",
        "```\n> not a quote\n--\nnot a signature\n```\nThat is my code.",
    ],
)
def test_ordinary_writing_is_left_whole(text: str) -> None:
    split = quotes.split(text)
    assert (split.reply, split.quoted) == (text, "")


def test_an_answer_below_the_quote_is_found() -> None:
    split = quotes.split("On 20 Nov 2026, Olga wrote:\n> Did it come?\n\nNo, it did not.\n")
    assert split.reply.strip() == "No, it did not."
    assert "Did it come?" in split.quoted


def test_answers_between_quoted_lines_keep_the_questions() -> None:
    text = "On 20 Nov 2026, Olga wrote:\n> Did it come?\nNo.\n> Shall we send another?\nYes please.\n"
    split = quotes.split("Hi Olga,\n\n" + text)
    assert split.reply == "Hi Olga,\n\n> Did it come?\nNo.\n> Shall we send another?\nYes please."


@pytest.mark.parametrize(
    ("signature", "sender"),
    [
        ("-- \nCarla Customer\nSome Street 5", ""),
        ("Sent from my iPhone", ""),
        ("Von meinem Mobilgerät gesendet", ""),
        ("Carla Customer\n+49 30 123456\nwww.example.org", ""),
        ("Carla Customer\n+49 30 123456", "Carla Customer"),
        ("This email and any attachments are confidential and meant for the addressee only.", ""),
    ],
)
def test_a_signature_is_told_apart(signature: str, sender: str) -> None:
    split = quotes.split(f"It has not come.\n\n{signature}", sender=sender)
    assert split.reply == "It has not come."
    assert split.signature.split() == signature.split()


def test_a_mail_that_is_only_a_signature_is_shown() -> None:
    assert quotes.split("Sent from my iPhone").reply == "Sent from my iPhone"


def test_a_name_with_one_number_may_be_what_we_asked_for() -> None:
    text = "You asked how to reach me:\n\nCarla Customer\n+49 30 123456"
    assert quotes.split(text, sender="Somebody Else").reply == text


def test_a_very_long_mail_is_divided_in_good_time() -> None:
    text = "On 20 Nov 2026 one two three\n" * 30_000
    assert quotes.split(text).reply


@pytest.mark.parametrize(
    ("page", "reply"),
    [
        (
            '<div>No.</div><br><div class="gmail_quote"><div class="gmail_attr">On 20 Nov 2026 O wrote:</div>'
            "<blockquote>Did it?</blockquote></div>",
            "No.",
        ),
        (
            '<p>No.</p><div class="moz-cite-prefix">On 20/11/2026 09:12, Olga wrote:<br></div>'
            '<blockquote type="cite">Did it?</blockquote>',
            "No.",
        ),
        (
            "<div>No.</div><div>On 20 Nov 2026, at 09:12, Olga wrote:</div><br>"
            '<blockquote type="cite">Did it?</blockquote>',
            "No.",
        ),
        ("<div>No.<br><br>&gt; Subject: Hello<br>&gt; Did it?<br></div>", "No."),
        ('<p>No.</p><div id="divRplyFwdMsg"><b>From:</b> Olga</div><div>Did it?</div>', "No."),
        (
            '<p>No.</p><div style="border:none;border-top:solid #E1E1E1 1.0pt"><p><b>From:</b> Olga</p></div>'
            "<p>Did it?</p>",
            "No.",
        ),
        (
            "<p>No.</p><p><b>Von:</b> Olga<br><b>Gesendet:</b> F<br><b>An:</b> Carla<br><b>Betreff:</b> R</p>"
            "<p>Did it?</p>",
            "No.",
        ),
        (
            '<p>No.<br><br>20.11.2026, 09:12, "O" &lt;o@x.example&gt;:</p><blockquote>Did it?</blockquote>',
            "No.",
        ),
    ],
)
def test_the_quote_of_an_html_mail_is_folded_away(page: str, reply: str) -> None:
    answer, quoted = html_quotes.split(page)
    assert html.to_text(answer).strip() == reply
    assert quoted is not None
    assert "Did it?" in quoted


@pytest.mark.parametrize(
    "page",
    [
        "<p>He said:</p><blockquote>Never again.</blockquote><p>I agree.</p>",
        '<p>My answers:</p><blockquote type="cite">Did it?</blockquote><p>No.</p>'
        '<blockquote type="cite">Why?</blockquote><p>So.</p>',
        "<div>On 20 Nov 2026, Olga wrote:<br>&gt; Did it?<br>No, it did not.</div>",
        "<div>Hi<br>On 20 Nov 2026, Olga wrote:<br>&gt; Did it?<br>No.<br>&gt; Why?<br>So.</div>",
        "<p>Just words.</p>",
    ],
)
def test_an_html_mail_that_answers_between_is_left_whole(page: str) -> None:
    answer, quoted = html_quotes.split(page)
    assert quoted is None
    assert html.to_text(answer) == html.to_text(page)


LINES = [
    "On 3 May 2026 at 10:00 Ann <a@b.example> wrote:",
    "> Where is it?",
    "> > On Monday Ben wrote:",
    "It is here.",
    "",
    "-- ",
    "-----Original Message-----",
    "From: Ann",
    "Sent: Monday",
    "To: Ben",
    "Subject: It",
    "________________________________",
    "Sent from my phone",
    "Confidentiality notice: none",
    "Ann Miller",
    "+49 30 1234567",
    "```",
    "##- Please type your reply above this line -##",
    "20. Nov. 2026, 09:12 von care@desk.example:",
]


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=30))
def test_no_line_is_lost_however_a_mail_is_divided(lines: list[str]) -> None:
    split = quotes.split("\n".join(lines))
    kept = f"{split.reply}\n{split.quoted}\n{split.signature}".split("\n")
    assert sorted(line for line in kept if line.strip()) == sorted(
        line.rstrip() for line in lines if line.strip()
    )
