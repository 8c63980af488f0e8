// Binds behaviours to elements, once each, also to those that htmx brings later.
const behaviours = [];
const bound = new WeakMap();

function bindWithin(root, behaviour) {
  const { selector, action } = behaviour;
  const found = [...root.querySelectorAll(selector)];
  if (root.matches?.(selector)) found.unshift(root);
  for (const element of found) {
    const done = bound.get(element) ?? bound.set(element, new Set()).get(element);
    if (done.has(behaviour)) continue;
    done.add(behaviour);
    action(element);
  }
}

/** Run `action(element)` for every element that matches, now or when it appears. */
export function behaviour(selector, action) {
  const one = { selector, action };
  behaviours.push(one);
  if (document.readyState !== "loading") bindWithin(document, one);
}

/** Bind within a part of the page that was just put there. */
export function bind(root) {
  for (const one of behaviours) bindWithin(root, one);
}

export function start() {
  bind(document);
  document.addEventListener("htmx:load", (event) => bind(event.detail.elt));
}

/** One listener on the document for clicks on elements that match, whenever they come. */
export function onClick(selector, action) {
  document.addEventListener("click", (event) => {
    const element = event.target instanceof Element && event.target.closest(selector);
    if (element) action(element, event);
  });
}
