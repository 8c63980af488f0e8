"""Rules written for Vale load as rules of the coach, and what cannot be used is said with file and line."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword.coach import load_pack, review
from goodword.coach.cli import main
from goodword.coach.errors import PackError
from goodword.coach.pack import with_rules

PACK = load_pack()


def style(folder, **files):
    house = folder / "House"
    house.mkdir(exist_ok=True)
    for name, text in files.items():
        (house / f"{name}.yml").write_text(text.lstrip(), encoding="utf-8")
    return house


def found(folder, draft):
    own = {rule.id for rule in with_rules(PACK, folder).rules} - {rule.id for rule in PACK.rules}
    return [f for f in review(draft, pack=with_rules(PACK, folder)).findings if f.rule in own]


def quotes(folder, draft):
    return [finding.quote for finding in found(folder, draft)]


def coach(*arguments, given=""):
    command = [sys.executable, "-m", "goodword", "coach", *map(str, arguments)]
    return subprocess.run(command, input=given, capture_output=True, text=True, timeout=60, check=False)


AVOID = """
extends: existence
message: "Avoid '%s'."
link: https://example.org/style
level: error
ignorecase: true
tokens:
  - and/or
  - app(?:lication)? file
  - "e\\\\.g\\\\.,?"
"""


def test_existence_finds_its_words_with_message_level_and_link(tmp_path):
    first, second = found(
        style(tmp_path, Avoid=AVOID), "Send the App\nfile and/or the number, applications files."
    )
    assert (first.rule, first.quote, first.severity) == ("House.Avoid", "App\nfile", "stop")
    assert first.message == "Avoid 'App file'."
    assert first.why == "The style 'House' asks for it. See https://example.org/style"
    assert second.quote == "and/or"


def test_case_counts_unless_it_is_to_be_ignored(tmp_path):
    folder = style(tmp_path, Name="extends: existence\nmessage: m\ntokens:\n  - javascript\n  - don't\n")
    assert quotes(folder, "We like javascript, JavaScript and Javascript, don’t we.") == [
        "javascript",
        "don’t",
    ]


def test_words_within_words_are_found_only_where_asked(tmp_path):
    rule = "extends: existence\nmessage: m\nignorecase: true\ntokens: [ice]\n"
    assert quotes(style(tmp_path, A=rule), "Nice ice.") == ["ice"]
    assert quotes(style(tmp_path, A=rule + "nonword: true\n"), "Nice ice.") == ["ice", "ice"]


def test_expressions_and_raw_ones_are_run_in_bounds(tmp_path):
    tokens = "extends: existence\nmessage: m\ntokens:\n  - '\\b\\w+ly important'\n"
    raw = "extends: existence\nmessage: m\nraw:\n  - '\\d+'\n  - '\\s?percent'\n"
    folder = style(tmp_path, Very=tokens, Percent=raw)
    assert quotes(folder, "It is really important: 20 percent.") == ["really important", "20 percent"]


def test_exceptions_are_left_alone(tmp_path):
    rule = "extends: existence\nmessage: m\ntokens: ['[A-Z]{3}']\nexceptions: [USA, 'E.D']\n"
    assert quotes(style(tmp_path, Caps=rule), "It goes from the USA with DHL and then EXD.") == ["DHL"]


def test_substitution_offers_the_better_words(tmp_path):
    rule = """
extends: substitution
message: "Use '%s' instead of '%s'."
level: suggestion
ignorecase: true
swap:
  utilise: use
  "(?:give|gave) rise to": lead to|cause
  "(\\\\w+) dollars": $1 USD
  no: "no, thank you"
"""
    first, second, third, fourth = found(
        style(tmp_path, Use=rule), "Utilise it: it gave rise to 20 dollars. No"
    )
    assert (first.suggestions, first.severity) == (("Use",), "hint")
    assert first.message == "Use 'use' instead of 'Utilise'."
    assert second.suggestions == ("lead to", "cause")
    assert second.message == "Use 'lead to' or 'cause' instead of 'gave rise to'."
    assert third.suggestions == ("20 USD",)
    assert fourth.suggestions == ("No, thank you",), "a plain 'no' is a word, not a truth value"


def test_words_that_are_right_already_are_no_finding(tmp_path):
    rule = "extends: substitution\nmessage: m %s\nignorecase: true\nswap:\n  javascript: JavaScript\n"
    assert quotes(style(tmp_path, Js=rule), "JavaScript and javascript.") == ["javascript"]


@pytest.mark.parametrize(
    ("scope", "wanted"),
    [("sentence", [","]), ("paragraph", [",", ","]), ("text", [","])],
)
def test_occurrence_counts_in_its_scope(tmp_path, scope, wanted):
    rule = f"extends: occurrence\nmessage: Too many commas.\nscope: {scope}\nmax: 2\ntoken: ','\n"
    draft = "One, two. Three, four, five, six.\n\nSeven, eight. Nine, ten. Eleven, twelve."
    assert quotes(style(tmp_path, Commas=rule), draft) == wanted


def test_occurrence_tells_too_few(tmp_path):
    rule = "extends: occurrence\nmessage: Name it.\nscope: text\nmin: 1\ntoken: 'order \\d+'\n"
    folder = style(tmp_path, Number=rule)
    assert quotes(folder, "It left today.") == ["It left today."]
    assert quotes(folder, "Your order 4711 left today.") == []


def test_repetition_finds_runs_of_the_same_word(tmp_path):
    rule = """
extends: repetition
message: "'%s' is repeated."
alpha: true
ignorecase: true
tokens: ['[^\\s]+']
"""
    (only,) = found(style(tmp_path, Twice=rule), "The the lamp is 20 20 here.\n\nhere")
    assert (only.quote, only.message, only.suggestions) == ("The the", "'The' is repeated.", ("The",))


def test_rules_of_a_style_hold_in_every_language(tmp_path):
    folder = style(tmp_path, Sie="extends: existence\nmessage: m\ntokens: ['aufgrund der Tatsache']\n")
    draft = "Guten Tag, aufgrund der Tatsache, dass die Lampe fehlt, senden wir Ihnen heute eine neue."
    assert quotes(folder, draft) == ["aufgrund der Tatsache"]


def test_mail_quoted_below_a_reply_is_not_the_agent_s(tmp_path):
    folder = style(tmp_path, Num="extends: existence\nmessage: m\ntokens: ['\\d+ days', dude]\n")
    assert quotes(folder, "It takes 3 days.\n\n> you said 2 days, dude\n") == ["3 days"]


def test_a_folder_of_styles_is_given_to_review_and_left_out_files_are_told(tmp_path):
    style(tmp_path, Avoid=AVOID, Spelling="extends: spelling\nmessage: m\n")
    done = coach("review", "--rules", tmp_path, "-", given="Send it and/or call.")
    assert done.returncode == 1
    assert "[C2 House.Avoid]" in done.stdout
    assert done.stderr.startswith("1 rule left out; 'goodword coach rules test")


def test_testing_a_style_tells_what_is_left_out_and_why(tmp_path):
    folder = style(
        tmp_path,
        Avoid=AVOID + "bad: [Send it and/or call.]\ngood: [Call me., Use and/or here.]\n",
        Head="extends: existence\nmessage: m\nscope: heading\ntokens: [x]\n",
        Spelling="# of the house\nextends: spelling\nmessage: m\n",
    )
    done = coach("rules", "test", folder)
    assert done.returncode == 1
    good, heading, spelling, counts = done.stdout.splitlines()
    assert "Avoid.yml:1: rule 'House.Avoid': finds something in the good line 'Use and/or here.'." in good
    assert "Head.yml:3: rule 'House.Head': 'scope: heading' names what a reply does not have" in heading
    assert "Spelling.yml:2: rule 'House.Spelling': 'extends: spelling' is not applied to replies;" in spelling
    assert counts == "1 rule with 3 lines tested, 1 line failed, 2 rules left out."


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("extends: existance\nmessage: m\ntokens: [a]\n", 1, "Did you mean 'existence'?"),
        ("message: m\ntokens: [a]\n", 1, "'extends' is missing"),
        ("extends: existence\ntokens: [a]\n", 1, "'message' is missing; say what is wrong"),
        ("extends: existence\nmessage: m\n", 1, "'tokens' is missing or empty"),
        (
            "extends: existence\nmessage: m\ntoken: [a]\n",
            3,
            "'token' is unknown to 'extends: existence'. Did",
        ),
        ("extends: existence\nmessage: m\nlevel: eror\ntokens: [a]\n", 3, "Did you mean 'error'?"),
        ("extends: existence\nmessage: m\nignorecase: maybe\ntokens: [a]\n", 3, "it must be true or false"),
        ("extends: existence\nmessage: m\ntokens:\n  - fine\n  - (a+)+$\n", 5, "repeats a part that repeats"),
        ("extends: existence\nmessage: m\ntokens:\n  - a\n  - '.*b.*'\n", 5, "tried in too many ways"),
        ("extends: existence\nmessage: m\ntokens:\n  - (a|b\n", 4, "has a '(' that is never closed"),
        ("extends: existence\nmessage: m\ntokens:\n  - '(\\w+) \\1'\n", 4, "refers back to a group"),
        ("extends: existence\nmessage: m\ntokens:\n  - a: [{b: c}]\n", 4, "something nested stands here"),
        ("extends: substitution\nmessage: m\nswap: [a]\n", 3, "swap must hold pairs"),
        ("extends: substitution\nmessage: m\nswap:\n  a: b\n  '(x': y\n", 5, "never closed"),
        ("extends: occurrence\nmessage: m\ntoken: a\n", 1, "'max' and 'min' are both missing"),
        (
            "extends: occurrence\nmessage: m\ntoken: a\nmax: many\n",
            4,
            "max is 'many'; it must be a whole number",
        ),
        ("extends: existence\nmessage: m\ncategory: tome\ntokens: [a]\n", 3, "Did you mean 'tone'?"),
        (
            "extends: existence\nmessage: 'm\ntokens: [a]\n",
            4,
            "this is not YAML: found unexpected end of stream",
        ),
        ("extends: existence\nextends: existence\n", 2, "'extends' stands twice"),
        ("- a\n- b\n", 1, "this is no rule; begin with 'extends: existence'"),
    ],
)
def test_what_cannot_be_used_is_said_with_file_line_and_remedy(tmp_path, capsys, text, line, says):
    folder = style(tmp_path, Wrong=text)
    with pytest.raises(PackError) as refused:
        with_rules(PACK, folder)
    assert f"Wrong.yml:{line}: " in str(refused.value)
    assert says in str(refused.value)
    assert main(["rules", "test", str(folder)]) == 2
    assert says in capsys.readouterr().out


def test_raw_pieces_stand_before_the_tokens_or_after_them(tmp_path):
    before = "extends: existence\nmessage: m\nraw: ['(?:very|most)\\s+']\ntokens: [unique, complete]\n"
    after = "extends: existence\nmessage: m\nappend: true\nraw: ['\\s+percent']\ntokens: [ten, '\\d+']\n"
    folder = style(tmp_path, Degree=before, Percent=after)
    assert quotes(folder, "A very unique lamp is unique, at ten percent or 20 percent.") == [
        "very unique",
        "ten percent",
        "20 percent",
    ]


def test_words_to_be_left_out_and_parts_of_speech(tmp_path):
    please = "extends: substitution\nmessage: \"Leave out '%s'.\"\nswap:\n  kindly: ''\n"
    speech = "extends: substitution\nmessage: m\npos: NN\nswap:\n  lead: guide\n"
    folder = style(tmp_path, Please=please, Speech=speech)
    (only,) = found(folder, "Will you kindly send it.")
    assert (only.suggestions, only.message) == (("",), "Leave out 'kindly'.")
    assert (
        "Speech.yml:3: rule 'House.Speech': 'pos' asks for parts of speech"
        in coach("rules", "test", folder).stdout
    )


STRANGE = """
extends: existence
message: "'%s'"
tokens: ["foo  bar", " dude ", "don’t", 'C\\+\\+', 'a \\(b\\)', '\\*', "straße", "İ", "ß-", "#1", '[“”]\\w+']
"""


@pytest.fixture(scope="module")
def strange_pack(tmp_path_factory):
    folder = style(
        tmp_path_factory.mktemp("strange"),
        Cased=STRANGE,
        Folded=STRANGE + "ignorecase: true\n",
        Swap="extends: substitution\nmessage: m\nswap:\n  'foo  bar': x\n  '(\\w) bar': $1\n",
        Count="extends: occurrence\nmessage: m\nscope: sentence\nmax: 0\ntoken: '.'\n",
        Twice="extends: repetition\nmessage: m\ntokens: ['\\S+']\n",
    )
    return with_rules(PACK, folder)


@given(
    st.text(max_size=80), st.lists(st.sampled_from(["foo bar", "Dude", "don't", "C++", "STRASSE", "i̇", "> "]))
)
@settings(max_examples=150, deadline=None)
def test_any_draft_can_be_held_against_any_style(strange_pack, draft, words):
    text = f"{draft} {' '.join(words)} {draft}"
    for finding in review(text, pack=strange_pack).findings:
        assert finding.where == "customer" or text[finding.start : finding.end] == finding.quote


def test_words_are_found_whatever_spaces_and_signs_are_in_them(strange_pack):
    found_in = review("We foo  bar, dude: C++ and a (b), don't, Straße.", pack=strange_pack).findings
    quoted = {finding.quote for finding in found_in if finding.rule.startswith("House.")}
    assert quoted >= {"dude", "C++", "a (b)", "don't", "Straße"}
