// Times and durations for people.

function duration(microseconds) {
  if (microseconds < 1000) return `${microseconds} µs`;
  if (microseconds < 10_000) return `${(microseconds / 1000).toFixed(2)} ms`;
  if (microseconds < 1_000_000) return `${(microseconds / 1000).toFixed(1)} ms`;
  return `${(microseconds / 1_000_000).toFixed(2)} s`;
}

// From ten microseconds to ten seconds, each tenfold as wide as the other.
function gauge(microseconds) {
  return Math.min(100, Math.max(1, ((Math.log10(Math.max(microseconds, 10)) - 1) / 6) * 100));
}

const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3 });
const DAY = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

function clock(time) {
  const at = new Date(time);
  return Number.isNaN(at.getTime()) ? String(time) : CLOCK.format(at);
}

function day(time) {
  const at = new Date(time);
  return Number.isNaN(at.getTime()) ? String(time) : DAY.format(at);
}

// How long from now.
function until(time) {
  const seconds = Math.round((new Date(time).getTime() - Date.now()) / 1000);
  if (Number.isNaN(seconds)) return "";
  if (seconds <= 0) return "now";
  if (seconds < 90) return `in ${seconds} s`;
  if (seconds < 90 * 60) return `in ${Math.round(seconds / 60)} min`;
  if (seconds < 36 * 3600) return `in ${Math.round(seconds / 3600)} h`;
  return `in ${Math.round(seconds / 86400)} days`;
}

const MARKS = { done: "✓", retry: "↻", drop: "✕", none: "·" };
const tone = ended => ({ retry: "retry", drop: "bad" })[ended] ?? "";
