// The schedules, and when they run next.

let schedules = [];

async function loadSchedules() {
  schedules = (await read("schedules")).schedules;
  byId("schedules-section").hidden = schedules.length === 0;
  byId("schedules").replaceChildren(...schedules.map(schedule =>
    element("li", null, element("button.entry", { type: "button", "data-route": routeTo("schedule", schedule.function), onclick: () => open("schedule", schedule.function) },
      element("b", null, schedule.function),
      element("span.kind", { "data-until": schedule.next[0] ?? "" }, schedule.next[0] ? until(schedule.next[0]) : "never"),
      element("span.under.mono", null, schedule.cron)))));
  markCurrent();
  if (isOpen("schedule")) byId("stage").refresh?.();
}

function showSchedule(stage, name) {
  const schedule = schedules.find(schedule => schedule.function === name);
  if (!schedule) return missing(stage, `There is no schedule ${name}.`);
  stage.refresh = () => {
    const reads = document.activeElement?.tagName === "H2";
    showSchedule(stage, name);
    if (reads) stage.querySelector("h2").focus({ preventScroll: true });
  };
  const fn = functions.find(fn => fn.name === name && fn.trigger === "schedule");
  stage.replaceChildren(
    element("div.title", null, element("h2", { tabindex: -1 }, name)),
    element("p.facts", null, element("span", null, "schedule ", element("b.mono", null, schedule.cron), " in UTC")),
    element("div.actions", null, element("h3", null, "Next runs"), fn ? button("Send a tick now", () => open("function", keyOf(fn))) : null),
    element("ul.runs", null, schedule.next.map(time =>
      element("li", null, element("span", null, day(time)), element("code.quiet", null, time), element("span.quiet", { "data-until": time }, until(time))))));
}

// What is shown of times to come gets nearer.
function updateUntil() {
  let past = false;
  for (const place of document.querySelectorAll("[data-until]")) {
    if (!place.dataset.until) continue;
    const text = until(place.dataset.until);
    if (place.textContent !== text) place.textContent = text;
    past ||= text === "now";
  }
  return past;
}
