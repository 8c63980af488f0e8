// Taking words out of the draft so that a sentence stays.

/** Takes words out with the comma or blank after them; the next word begins the sentence if they did. */
export function takeOut(transaction, { from, to }) {
  const { doc } = transaction;
  const rest = doc.textBetween(to, doc.resolve(to).end(), "", "\ufffc");
  const gap = rest.match(/^[,;:]?\s*/)[0].length;
  const next = rest.charAt(gap);
  const first = doc.textBetween(from, to).charAt(0);
  const begins = first !== first.toLowerCase() && next !== next.toUpperCase();
  if (begins) transaction.insertText(next.toUpperCase(), from, to + gap + 1);
  else transaction.delete(from, to + gap);
}
