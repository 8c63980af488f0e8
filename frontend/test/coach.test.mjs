// Taking words out leaves a sentence.
import assert from "node:assert/strict";
import { test } from "node:test";
import { EditorState } from "prosemirror-state";
import { takeOut } from "../js/composer/take.js";
import { fromMarkdown } from "../js/composer/schema.js";

function without(text, words) {
  const { tr } = EditorState.create({ doc: fromMarkdown(text) });
  const from = text.indexOf(words) + 1;
  takeOut(tr, { from, to: from + words.length });
  return tr.doc.textContent;
}

test("the next word begins the sentence", () => {
  assert.equal(without("As I already said, please stop using it.", "As I already said"), "Please stop using it.");
  assert.equal(without("Thanks. Obviously the lid was open.", "Obviously"), "Thanks. The lid was open.");
});

test("within a sentence only the gap closes", () => {
  assert.equal(without("It is obviously late.", "obviously"), "It is late.");
  assert.equal(without("Actually Ana is right.", "Actually"), "Ana is right.");
});
