// A stand-in for the server's coach, for the catalogue and the tests: a few fixed phrases, offsets in code points.
const phrases = [
  { words: "as soon as possible", rule: "vague-time", category: "vagueness", practice: "C4", severity: "warn", message: "Say when.", why: "People plan around a date; 'as soon as possible' leaves them waiting.", suggestions: ["by Friday 27 November", "by the end of tomorrow"] },
  { words: "you should have", rule: "should-have", category: "blame", practice: "L5", severity: "stop", message: "This puts the fault on Ana.", why: "Blame closes the conversation, even when it is true. Say what helps from here.", suggestions: ["it helps to"] },
  { words: "unfortunately", rule: "unfortunately", category: "negative_phrasing", practice: "C2", severity: "hint", message: "Begin with what you can do.", why: "The first words set the tone of the whole answer.", suggestions: [] },
  { words: "sorry for any inconvenience", rule: "stock-apology", category: "apology", practice: "E4", severity: "warn", message: "This apology could be about anything.", why: "Name what went wrong for Ana: the kettle leaked twice.", suggestions: ["sorry that the second kettle leaked too"] },
];
const questions = [
  { quote: "Can I have my money back this time?", kind: "question", words: "refund" },
  { quote: "do I need to send the kettle back again", kind: "question", words: "keep the kettle" },
  { quote: "I burned my hand a little", kind: "concern", words: "hand" },
];

const points = (text) => Array.from(text).length;
const place = (text, words) => {
  const at = text.toLowerCase().indexOf(words);
  return at < 0 ? null : [points(text.slice(0, at)), points(text.slice(0, at + words.length))];
};

function finding({ words, ...rest }, text) {
  const span = place(text, words);
  return span && { ...rest, in: "draft", start: span[0], end: span[1], quote: words };
}

function promise(text) {
  const span = place(text, "refund you by friday");
  return span && { start: span[0], end: span[1], quote: "refund you by Friday", action: "Refund of 34.90 €", who: "agent", due: "2026-11-27", due_text: "by Friday", condition: null, firm: true };
}

export function review(text) {
  return {
    findings: phrases.map((phrase) => finding(phrase, text)).filter(Boolean),
    questions: questions.map(({ quote, kind, words }) => {
      const by = place(text, words);
      return { start: 0, end: points(quote), quote, kind, answered: by ? "yes" : "no", answered_by: by };
    }),
    commitments: [promise(text)].filter(Boolean),
    acts: [],
    scores: {},
  };
}

/** Of a note only the promises are read. */
const noted = (text) => ({ ...review(text), findings: [], questions: [] });

export function answerDraft({ text, revision, kind }) {
  return { saved_at: new Date().toISOString(), revision: Number(revision) + 1, review: kind === "note" ? noted(text) : review(text) };
}
