// Requests to the desk: same origin, with the CSRF token, with a deadline, JSON back.
const DEADLINE = 20_000;

export function token() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

async function read(response) {
  const kind = response.headers.get("Content-Type") ?? "";
  return kind.includes("json") ? response.json() : null;
}

/** Sent on to a page (the log-in) instead of answered: counts as not logged in. */
const statusOf = (response, data) => (response.redirected && data === null ? 401 : response.status);

/** Answers `{status, ok, data}`; a request that never arrived or a torn answer has status 0. */
async function ask(url, options) {
  const headers = { Accept: "application/json", "X-CSRFToken": token(), ...options.headers };
  const signal = AbortSignal.timeout(options.deadline ?? DEADLINE);
  try {
    const response = await fetch(url, { credentials: "same-origin", signal, ...options, headers });
    const data = await read(response);
    const status = statusOf(response, data);
    return { status, ok: status >= 200 && status < 300, data };
  } catch {
    return { status: 0, ok: false, data: null };
  }
}

export function postJson(url, value, options = {}) {
  return ask(url, { method: "POST", body: JSON.stringify(value), headers: { "Content-Type": "application/json" }, ...options });
}

export function postForm(url, fields, options = {}) {
  const body = fields instanceof FormData || fields instanceof URLSearchParams ? fields : new URLSearchParams(fields);
  return ask(url, { method: "POST", body, ...options });
}

/** The HTML of a page as a document, or null. */
export async function getPage(url) {
  try {
    const headers = { Accept: "text/html", "HX-Request": "true" };
    const response = await fetch(url, { credentials: "same-origin", headers, signal: AbortSignal.timeout(DEADLINE) });
    return response.ok ? new DOMParser().parseFromString(await response.text(), "text/html") : null;
  } catch {
    return null;
  }
}
