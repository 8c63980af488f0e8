// Shows the customer's own words in the thread: where the question stands that the coach speaks of.

/** The text of an element with blanks collapsed, and the text node and offset of each sign. */
function flat(element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const places = [];
  let text = "";
  while (walker.nextNode()) {
    const node = walker.currentNode;
    for (let i = 0; i < node.data.length; i += 1) {
      const sign = /\s/.test(node.data[i]) ? " " : node.data[i];
      if (sign === " " && (text.endsWith(" ") || !text)) continue;
      text += sign;
      places.push([node, i]);
    }
    if (text && !text.endsWith(" ")) { text += " "; places.push([node, node.data.length]); }
  }
  return { text, places };
}

function rangeOf(element, quote) {
  const wanted = quote.replace(/\s+/g, " ").trim();
  const { text, places } = flat(element);
  const at = wanted ? text.indexOf(wanted) : -1;
  if (at < 0) return null;
  const range = document.createRange();
  range.setStart(...places[at]);
  const [node, offset] = places[at + wanted.length - 1];
  range.setEnd(node, Math.min(offset + 1, node.data.length));
  return range;
}

/** Scrolls to the words and marks them; true when they were found. */
export function showCustomerWords(quote) {
  const messages = [...document.querySelectorAll(".msg--customer .msg-body")].reverse();
  for (const body of messages) {
    const range = rangeOf(body, quote);
    if (!range) continue;
    if (globalThis.Highlight) CSS.highlights.set("goodword-look", new Highlight(range));
    range.startContainer.parentElement.scrollIntoView({ block: "center", behavior: "smooth" });
    return true;
  }
  return false;
}

export function forgetCustomerWords() {
  globalThis.CSS?.highlights?.delete("goodword-look");
}
