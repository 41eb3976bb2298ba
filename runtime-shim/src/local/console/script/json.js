// JSON whose numbers keep their digits.

// A number that a JavaScript number would change stays what was written.
function parseJson(text) {
  if (!JSON.rawJSON) return JSON.parse(text);
  return JSON.parse(text, (_, value, context) => {
    const changed = typeof value === "number" && context?.source !== undefined && String(value) !== context.source;
    return changed ? JSON.rawJSON(context.source) : value;
  });
}

const SCALAR = String.raw`("(?:[^"\\\n]|\\.)*"|[-+.\w]+)`;
const SHORT = new RegExp(String.raw`\[\n\s+${SCALAR}(?:,\n\s+${SCALAR})?\n\s+\]`, "g");

// Indented; a list of one or two short values, such as a header, stays in one line. No string has a line break of its own.
function pretty(value) {
  return JSON.stringify(value, null, 2).replace(SHORT, (long, one, other) => {
    const short = other === undefined ? `[${one}]` : `[${one}, ${other}]`;
    return short.length <= 90 ? short : long;
  });
}

// The members of an event, first what it is; those that are not named here stand last.
const MEMBERS = ["trigger", "provider", "id", "source", "type", "subject", "time", "attempt", "attributes", "datacontenttype", "dataschema", "data", "data_base64"];

function prettyEvent(event) {
  const first = MEMBERS.filter(name => name in event).map(name => [name, event[name]]);
  const members = [...first, ...Object.entries(event).filter(([name]) => !MEMBERS.includes(name))];
  // In JSON such a character may stand as its escape, also where somebody edits it.
  return pretty(Object.fromEntries(members)).replace(UNSEEN, escaped);
}

const isJson = mediaType => /^[^;]*[/+]json\s*(;|$)/i.test(mediaType ?? "");

// How much of a text is shown before the reader asks for more: a line of a megabyte takes long to lay out.
const AT_ONCE = 16 * 1024;
const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|[{}[\],]|[^"{}[\],]+|"/g;

// A text in full, a piece at a time; names of JSON members stand out.
function textBlock(text, json = false) {
  const block = element("pre", { tabindex: 0 });
  let shown = 0;
  const more = element("div", null, button("", () => next()));
  const next = () => {
    let end = Math.min(shown + (shown ? 4 : 1) * AT_ONCE, text.length);
    // Not between the two halves of a character.
    if (end < text.length && /[\ud800-\udbff]/.test(text[end - 1])) end += 1;
    const piece = text.slice(shown, end);
    more.remove();
    if (json && !shown) block.append(...tokens(piece));
    else block.append(document.createTextNode(visible(piece)));
    shown = end;
    if (shown < text.length) {
      more.firstChild.textContent = `Show more of ${text.length.toLocaleString("en")} characters`;
      block.append(more);
    }
  };
  next();
  return block;
}

function tokens(text) {
  const parts = [];
  for (const [whole, string, colon] of text.matchAll(TOKEN)) {
    if (string && colon) parts.push(element("span.k", null, string), colon);
    else if (string) parts.push(document.createTextNode(visible(string)));
    else if (/^[{}[\],]$/.test(whole)) parts.push(element("span.p", null, whole));
    else parts.push(document.createTextNode(visible(whole)));
  }
  return parts;
}
