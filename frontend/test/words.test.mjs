// Every sentence that is asked for exists, and none lies about unused.
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { test } from "node:test";

const folder = new URL("../js/", import.meta.url);
const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".js") && name !== "words.js");
const code = (await Promise.all(files.map((name) => readFile(new URL(name, folder), "utf8")))).join("\n");
const words = await readFile(new URL("words.js", folder), "utf8");
const known = [...words.matchAll(/^ {2}(\w+): gettext_noop\(/gm)].map((match) => match[1]);

test("every sentence asked for exists", () => {
  const asked = [...code.matchAll(/say\("(\w+)"/g)].map((match) => match[1]);
  assert.ok(asked.length > 40);
  assert.deepEqual(asked.filter((name) => !known.includes(name)), []);
});

test("every sentence is said somewhere", () => {
  const built = /^severity_/;
  assert.deepEqual(known.filter((name) => !built.test(name) && !code.includes(`"${name}"`)), []);
});

test("no page asks for an icon that the sprite has not", async () => {
  const icons = JSON.parse(await readFile(new URL("../icons.json", import.meta.url), "utf8"));
  const templates = new URL("../../src/goodword/", import.meta.url);
  const pages = (await readdir(templates, { recursive: true })).filter((name) => name.endsWith(".html"));
  const html = (await Promise.all(pages.map((name) => readFile(new URL(name, templates), "utf8")))).join("\n");
  const asked = [...html.matchAll(/\{% icon "([\w-]+)"/g), ...code.matchAll(/\bicon\("([\w-]+)"/g)].map((match) => match[1]);
  assert.deepEqual([...new Set(asked)].filter((name) => !icons.includes(name)), []);
});
