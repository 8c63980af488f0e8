// Markdown in, Markdown out: the same, and clean.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fromMarkdown, toMarkdown } from "../js/composer/schema.js";
import { fill } from "../js/composer/saved.js";
import { wholeAddress } from "../js/composer/links.js";
import { editedDue } from "../js/composer/promises.js";

const there = [
  "Hi Ana,\n\nyour kettle is **on its way**.",
  "- one\n- two\n  - deeper\n- three",
  "3. third\n4. fourth",
  "> you asked for this\n\nand here it is",
  "See [our page](https://example.com/a?b=c) or write to us.",
  "line one\\\nline two",
  "![kettle.png](/files/7)",
  "*a* **b** `c`",
  "5 \\* 3 \\_ 2 and \\[not a link\\]",
  "Grüße, 🙂 – “quoted” it's",
];

for (const markdown of there) {
  test(`stays as it is: ${JSON.stringify(markdown)}`, () => {
    const once = toMarkdown(fromMarkdown(markdown));
    assert.equal(once, markdown);
    assert.equal(toMarkdown(fromMarkdown(once)), once);
  });
}

test("an empty draft is an empty paragraph", () => {
  assert.equal(toMarkdown(fromMarkdown("")), "");
  assert.equal(fromMarkdown("").childCount, 1);
});

test("HTML in a draft is text, not HTML", () => {
  assert.equal(fromMarkdown("<script>alert(1)</script>").textContent, "<script>alert(1)</script>");
});

test("a script address is no link", () => {
  const doc = fromMarkdown("[x](javascript:alert(1))");
  let marks = 0;
  doc.descendants((node) => { marks += node.marks.length; });
  assert.equal(marks, 0);
});

test("saved replies fill what is known and leave the rest to be seen", () => {
  assert.equal(fill("Hi {{customer}}, {{ order }} is here", { customer: "Ana", agent: "" }), "Hi Ana, {{ order }} is here");
});

test("addresses are made whole, others refused", () => {
  assert.equal(wholeAddress("example.com/x"), "https://example.com/x");
  assert.equal(wholeAddress(" help@example.com "), "mailto:help@example.com");
  assert.equal(wholeAddress("javascript:alert(1)"), "");
  assert.equal(wholeAddress("hello there"), "");
});

test("an edited due time keeps the offset it had", () => {
  assert.equal(editedDue("2026-11-27T17:00:00+01:00", "2026-11-28T09:30"), "2026-11-28T09:30:00+01:00");
  assert.equal(editedDue("2026-11-27", "2026-11-28"), "2026-11-28");
  assert.equal(editedDue(null, ""), null);
});
