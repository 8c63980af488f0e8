// Shows the catalogue of components without Django: `node serve.mjs [port]`. Development and tests only, nothing of it is shipped.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { answerDraft } from "./test/answers.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "../src/goodword/ui/static/goodword/dist");
const types = { js: "text/javascript", css: "text/css", svg: "image/svg+xml", html: "text/html; charset=utf-8", txt: "text/plain" };
const policy = "default-src 'self'";
const listeners = new Set();
const told = [];
let eventId = 100;

const icons = (html) => html.replace(/\[\[([a-z0-9-]+)( 20)?\]\]/g, (_, name, big) =>
  `<svg class="icon${big ? " icon--20" : ""}" aria-hidden="true"><use href="/dist/icons.svg#${name}"></use></svg>`);

async function body(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString("utf8");
}

function json(response, data, status = 200) {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(data));
}

function live(request, response) {
  response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
  response.write(": hello\n\n");
  // A window that takes the connection over goes on from where the one before it was.
  const after = Number(new URL(request.url, "http://localhost").searchParams.get("after") ?? eventId);
  for (const one of told) if (one.id > after) response.write(one.text);
  listeners.add(response);
  request.on("close", () => listeners.delete(response));
}

function announce(event) {
  const id = (eventId += 1);
  const text = `event: change\nid: ${id}\ndata: ${JSON.stringify({ id, ...event })}\n\n`;
  told.push({ id, text });
  for (const one of listeners) one.write(text);
}

async function page(response, name) {
  response.writeHead(200, { "Content-Type": types.html, "Content-Security-Policy": policy });
  const html = icons(await readFile(join(here, name), "utf8"));
  response.end(html.replace('data-live-cursor="100"', `data-live-cursor="${eventId}"`));
}

const pages = { "/": "catalogue.html", "/parts": "catalogue-parts.html", "/login": "catalogue-login.html" };

const actions = {
  "/draft": async (text, response) => json(response, answerDraft(JSON.parse(text))),
  "/dispute": async (text, response) => json(response, { ok: true }),
  "/upload": async (text, response) => json(response, { id: 7, url: "/mark.svg", name: "picture.png", size: 1234, picture: true }),
  "/presence": async (text, response) => json(response, { people: [] }),
  "/theme": async (text, response) => json(response, { ok: true }),
  "/say": async (text, response) => { announce(JSON.parse(text)); json(response, { ok: true }); },
  "/undo": async (text, response) => json(response, { ok: true, markdown: "Hi Ana,\n\nback again" }),
  "/send": async (text, response) => {
    if (text.includes("MOVED")) {
      const message = "Ana wrote again while you were writing. Read it, then send.";
      return json(response, { moved: true, message, seen: "9", html: "<p>Forget the refund, please send a new kettle.</p>" }, 409);
    }
    if (/later=[a-z]|later_at=\d/.test(text)) return json(response, { ok: true, message_id: 13, undo_url: "", redirect: "", said: "It leaves on Sun 22 Nov, 09:00." });
    const until = new Date(Date.now() + 10_000).toISOString();
    return json(response, { ok: true, message_id: 12, undo_until: until, undo_url: "/undo", redirect: "" });
  },
};

async function handle(request, response) {
  const path = new URL(request.url, "http://localhost").pathname;
  if (path === "/live/") return live(request, response);
  if (request.method === "POST" && actions[path]) return actions[path](await body(request), response);
  if (pages[path]) return page(response, pages[path]);
  if (path === "/fragment") return response.writeHead(204).end();
  const file = path === "/mark.svg" ? join(dist, "../mark.svg") : join(dist, path.replace(/^\/dist\//, ""));
  try {
    const content = await readFile(file);
    response.writeHead(200, { "Content-Type": types[file.split(".").pop()] ?? "application/octet-stream" });
    return response.end(content);
  } catch {
    response.writeHead(404);
    return response.end("Not here");
  }
}

const port = Number(process.argv[2] ?? 8123);
const server = createServer((request, response) => handle(request, response).catch((error) => {
  response.writeHead(500);
  response.end(String(error));
}));
server.listen(port, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}/`));
