// What is open, and what changes.

let about = {};

// Each thing that can be opened has an address of its own, so that back, forward and a bookmark work.
const routeTo = (...parts) => `#/${parts.map(encodeURIComponent).join("/")}`;
const currentRoute = () => location.hash;
const isOpen = (...parts) => currentRoute() === routeTo(...parts) || currentRoute().startsWith(`${routeTo(...parts)}/`);

let quietly = false;
// `attentive`: the user wants to look at it now, not only pass by.
function open(kind, ...parts) {
  const attentive = parts.at(-1) !== false;
  if (!attentive) parts.pop();
  const route = routeTo(kind, ...parts);
  if (attentive) {
    if (currentRoute() === route) show();
    else location.hash = route;
    view("stage");
  } else {
    history.replaceState(null, "", route);
    quietly = true;
    show();
    quietly = false;
  }
}

const VIEWS = { function: showFunction, invocation: showInvocation, queue: showQueue, schedule: showSchedule };

async function show() {
  const stage = byId("stage");
  const attentive = !quietly;
  const route = currentRoute();
  let [, kind, ...parts] = currentRoute().split("/");
  if (!VIEWS[kind] && functions.length) [kind, parts] = ["function", [encodeURIComponent(keyOf(functions[0]))]];
  if (!VIEWS[kind]) return missing(stage, "No functions.");
  stage.refresh = undefined;
  parts = parts.map(part => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  });
  mark(kind === "invocation" ? Number(parts[0]) : 0);
  markCurrent();
  await VIEWS[kind](stage, ...parts);
  // Somebody may have gone on while it was read.
  if (route !== currentRoute()) return;
  stage.scrollTop = 0;
  if (attentive && route) stage.querySelector("h2")?.focus({ preventScroll: true });
}

function markCurrent() {
  const route = currentRoute() || (functions.length ? routeTo("function", keyOf(functions[0])) : "");
  for (const entry of document.querySelectorAll(".entry")) {
    if (entry.dataset.route === route) entry.setAttribute("aria-current", "true");
    else entry.removeAttribute("aria-current");
  }
}

// Where the window is narrow, one part at a time is shown.
function view(part) {
  document.body.dataset.view = part;
  markView();
}

function markView() {
  for (const choice of document.querySelectorAll(".views button")) {
    if (choice.dataset.view === document.body.dataset.view) choice.setAttribute("aria-current", "true");
    else choice.removeAttribute("aria-current");
  }
}

function linkState(state) {
  const link = byId("link");
  link.dataset.state = state;
  link.textContent = { live: "live", polling: "polling", offline: "not running" }[state] ?? state;
}

// All invocations since the list was complete.
async function catchUp() {
  for (;;) {
    const { invocations, last } = await read(`invocations?after=${complete}&limit=${KEPT}`);
    if (last < complete) {
      forgetInvocations();
      continue;
    }
    addInvocations(invocations);
    complete = Math.max(complete, invocations.at(-1)?.id ?? last);
    if (complete >= last) return;
  }
}
const fillGap = latest(catchUp);

function hear(summary) {
  addInvocations([summary]);
  if (summary.id === complete + 1) complete = summary.id;
  else if (summary.id > complete) fillGap();
}

let polling;
async function poll() {
  try {
    await catchUp();
    await loadQueues();
    linkState("polling");
  } catch {
    linkState("offline");
  }
}

// Changes come by themselves; where they do not, the page asks for them every second.
function listen() {
  const changes = new EventSource(`${API}changes`);
  changes.addEventListener("open", async () => {
    clearInterval(polling);
    polling = undefined;
    await attempt(null, async () => {
      await loadAbout();
      await catchUp();
      await loadQueues();
      linkState("live");
    });
  });
  changes.addEventListener("invocation", event => hear(JSON.parse(event.data)));
  changes.addEventListener("queues", () => loadQueues());
  changes.addEventListener("note", event => showNote(JSON.parse(event.data)));
  changes.addEventListener("error", () => {
    if (!polling) {
      poll();
      polling = setInterval(poll, 1000);
    }
    if (changes.readyState === EventSource.CLOSED) setTimeout(listen, 3000);
  });
}

// An error of the build stays until the next build is done.
function showNote(note) {
  byId("note").hidden = !note;
  byId("note-text").textContent = note ? visible(note.text) : "";
}

async function loadAbout() {
  about = await read("about");
  byId("program").textContent = visible(about.program);
  byId("address").textContent = visible(`${about.address}  ·  ${about.version}`);
  document.title = visible(`${about.program} · polyfn`);
  showNote(about.note);
  await loadFunctions();
  await loadSchedules();
}

async function start() {
  byId("by-function").addEventListener("change", filterInvocations);
  byId("by-outcome").addEventListener("change", filterInvocations);
  byId("rows").addEventListener("scroll", plan, { passive: true });
  byId("rows").addEventListener("keydown", moveInList);
  new ResizeObserver(plan).observe(byId("rows"));
  byId("skip").addEventListener("click", event => {
    event.preventDefault();
    view("stage");
    byId("stage").focus();
  });
  for (const choice of document.querySelectorAll(".views button")) {
    choice.addEventListener("click", () => {
      view(choice.dataset.view);
      plan();
    });
  }
  addEventListener("hashchange", () => {
    view("stage");
    show();
  });
  setInterval(() => { if (updateUntil()) loadSchedules().catch(() => {}); }, 5000);
  view(currentRoute() ? "stage" : "rail");
  await attempt(null, loadAbout);
  show();
  listen();
}

start();
