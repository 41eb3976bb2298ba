// The live list of invocations: as many rows as fit are in the page, however many there are.

// As many as the program keeps.
const KEPT = 1000;
const ROW = 46;
const EXTRA = 6;

const known = new Map();
let matching = [];
// The list has all up to here; a reply to this page may be in it before those that came in between.
let complete = 0;
let active = 0;
let planned = false;
const pool = [];

function matches(summary) {
  const name = byId("by-function").value;
  const ended = byId("by-outcome").value;
  return (!name || summary.functions.includes(name)) && (!ended || summary.ended === ended);
}

// Takes in what is new; draws at most once a frame.
function addInvocations(summaries) {
  const rows = byId("rows");
  const before = matching.length;
  for (const summary of summaries) {
    if (known.has(summary.id)) continue;
    known.set(summary.id, summary);
    if (matches(summary)) insert(summary);
    tellAwaited(summary);
  }
  const added = matching.length - before;
  while (known.size > KEPT) {
    const [oldest] = known.keys();
    known.delete(oldest);
    details.delete(oldest);
    const index = matching.findIndex(summary => summary.id === oldest);
    if (index >= 0) matching.splice(index, 1);
  }
  // Whoever reads further down keeps what is read under the eyes.
  if (rows.scrollTop > 0 && added > 0) {
    byId("extent").style.height = `${matching.length * ROW}px`;
    rows.scrollTop += added * ROW;
  }
  plan();
}

// A batch calls its function once for each message.
const calledBy = summary => [...new Set(summary.functions)].join(", ") || "no function";
const titleOf = summary => summary.name || summary.functions[0] || summary.trigger;

// Nearly always at the end; an answer may come before the change that tells of it.
function insert(summary) {
  let at = matching.length;
  while (at > 0 && matching[at - 1].id > summary.id) at -= 1;
  matching.splice(at, 0, summary);
}

function filterInvocations() {
  matching = [...known.values()].filter(matches).sort((one, other) => one.id - other.id);
  byId("rows").scrollTop = 0;
  plan();
}

// The program was started again: its ids begin anew.
function forgetInvocations() {
  known.clear();
  details.clear();
  matching = [];
  complete = 0;
  active = 0;
  plan();
}

function plan() {
  if (planned) return;
  planned = true;
  requestAnimationFrame(() => {
    planned = false;
    draw();
  });
}

const at = index => matching[matching.length - 1 - index];

function draw() {
  const rows = byId("rows");
  // Read before anything is written, so that nothing is laid out twice.
  const { scrollTop, clientHeight } = rows;
  byId("extent").style.height = `${matching.length * ROW}px`;
  byId("count").textContent = known.size ? (matching.length === known.size ? `${known.size}` : `${matching.length} of ${known.size}`) : "";
  byId("empty").hidden = matching.length > 0;
  byId("empty").textContent = known.size ? "No invocation fits the filter." : "Nothing was delivered yet. Send a sample event, or paste a function’s line into a shell.";

  const first = Math.max(0, Math.floor(scrollTop / ROW) - EXTRA);
  const end = Math.min(matching.length, first + Math.ceil(clientHeight / ROW) + 2 * EXTRA);
  while (pool.length < end - first) {
    const row = newRow();
    pool.push(row);
    byId("extent").append(row.box);
  }
  pool.forEach((row, index) => fill(row, first + index < end ? first + index : -1));
  const shown = pool.find(row => row.summary?.id === active);
  if (shown) rows.setAttribute("aria-activedescendant", shown.box.id);
  else rows.removeAttribute("aria-activedescendant");
}

function newRow() {
  const part = name => element(`span.${name}`);
  const parts = { mark: part("mark"), name: part("name"), took: part("took"), what: part("what"), when: part("when"), gauge: part("gauge") };
  const box = element("div.row", { role: "option", id: `row-${pool.length}` }, Object.values(parts));
  const row = { box, parts, summary: undefined };
  box.addEventListener("click", () => row.summary && open("invocation", row.summary.id));
  return row;
}

function fill(row, index) {
  const summary = index < 0 ? undefined : at(index);
  row.box.hidden = !summary;
  if (!summary) {
    row.summary = undefined;
    return;
  }
  row.box.style.transform = `translateY(${index * ROW}px)`;
  row.box.setAttribute("aria-posinset", index + 1);
  row.box.setAttribute("aria-setsize", matching.length);
  row.box.setAttribute("aria-selected", summary.id === active);
  if (row.summary === summary) return;
  row.summary = summary;
  row.box.dataset.ended = summary.ended;
  const { mark, name, took, what, when, gauge: bar } = row.parts;
  mark.textContent = MARKS[summary.ended] ?? "?";
  mark.title = summary.ended;
  name.textContent = visible(titleOf(summary));
  took.textContent = duration(summary.took_us);
  const calls = calledBy(summary);
  what.textContent = visible(`#${summary.id}  ${summary.attempt > 1 ? `attempt ${summary.attempt}  ` : ""}${summary.form} → ${calls}`);
  when.textContent = clock(summary.at);
  bar.style.width = `${gauge(summary.took_us)}%`;
  row.box.setAttribute("aria-label", `Invocation ${summary.id}, ${visible(name.textContent)}, ${summary.ended}, ${took.textContent}, ${summary.form}`);
}

// Marks a row as the open one and brings it into view.
function mark(id) {
  active = id;
  const index = matching.length - 1 - matching.findIndex(summary => summary.id === id);
  const rows = byId("rows");
  if (index < matching.length && rows.clientHeight) {
    if (index * ROW < rows.scrollTop) rows.scrollTop = index * ROW;
    else if ((index + 1) * ROW > rows.scrollTop + rows.clientHeight) rows.scrollTop = (index + 1) * ROW - rows.clientHeight;
  }
  plan();
}

let opening;
function moveInList(pressed) {
  const rows = byId("rows");
  const page = Math.max(1, Math.floor(rows.clientHeight / ROW) - 1);
  const last = matching.length - 1;
  if (last < 0) return;
  const now = matching.findIndex(summary => summary.id === active);
  const index = now < 0 ? -1 : last - now;
  const target = { ArrowDown: index + 1, ArrowUp: index - 1, PageDown: index + page, PageUp: index - page, Home: 0, End: last }[pressed.key];
  if (pressed.key === "Enter" && index >= 0) {
    clearTimeout(opening);
    open("invocation", active);
    pressed.preventDefault();
  }
  if (target === undefined) return;
  pressed.preventDefault();
  const next = at(Math.min(last, Math.max(0, target)));
  mark(next.id);
  // Whoever holds a key down passes many rows; the one where it ends is read.
  clearTimeout(opening);
  opening = setTimeout(() => open("invocation", next.id, false), 120);
}
