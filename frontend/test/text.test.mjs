// The way from the document to the coach's text and back, in code points.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fromMarkdown } from "../js/composer/schema.js";
import { plainText } from "../js/composer/text.js";

const points = (text) => Array.from(text).length;

/** The document words at the place where `words` stand in the plain text. */
function there(markdown, words) {
  const doc = fromMarkdown(markdown);
  const { text, range } = plainText(doc);
  const at = text.indexOf(words);
  assert.ok(at >= 0, `${words} is not in ${text}`);
  const start = points(text.slice(0, at));
  const span = range(start, start + points(words));
  return doc.textBetween(span.from, span.to, "\n", "\n");
}

test("blocks are parted by an empty line, lists and quotes keep their signs", () => {
  const { text } = plainText(fromMarkdown("Hi **Ana**,\n\n- one\n- two\n\n1. first\n2. second\n\n> said\n>\n> before\n\nBye\\\nMia"));
  assert.equal(text, "Hi Ana,\n\n- one\n- two\n\n1. first\n2. second\n\n> said\n>\n> before\n\nBye\nMia");
});

test("a place in the text is the same words in the document", () => {
  const markdown = "Hi Ana,\n\nwe *will* refund you by **Friday** at the latest.\n\n- and a voucher\n- for you\n\n> you asked\n\nMia";
  for (const words of ["will refund you", "Friday", "and a voucher", "for you", "you asked", "Mia", "Hi"]) assert.equal(there(markdown, words), words);
});

test("signs outside the basic plane count as one", () => {
  assert.equal(there("😀😀 sorry 👍🏽 for **any 😀 inconvenience** here", "any 😀 inconvenience"), "any 😀 inconvenience");
  assert.equal(there("😀😀\n\n- 𝔘nfortunately 😀", "𝔘nfortunately"), "𝔘nfortunately");
});

test("words over a line break are one span", () => {
  assert.equal(there("first line\\\nsecond line", "line\nsecond"), "line\nsecond");
});

test("signs that only the text has lead to the words beside them", () => {
  const doc = fromMarkdown("- one\n- two");
  const { range } = plainText(doc);
  const span = range(0, 5);
  assert.equal(doc.textBetween(span.from, span.to), "one");
  assert.equal(range(0, 2), null);
  assert.equal(plainText(fromMarkdown("")).range(0, 5), null);
});

test("nested lists and quotes stay readable", () => {
  const { text } = plainText(fromMarkdown("- one\n  - inner\n- two\n\n> - quoted\n> - again"));
  assert.equal(text, "- one\n  - inner\n- two\n\n> - quoted\n> - again");
});

test("a picture has no words", () => {
  assert.equal(plainText(fromMarkdown("before ![alt](/files/1) after")).text, "before  after");
});
