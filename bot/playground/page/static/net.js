// Talking to the playground.

const token = document.querySelector("meta[name=token]").content;

async function read(response) {
  const body = await response.json().catch(() => ({ error: "The playground gave no answer." }));
  if (!response.ok) throw new Error(body.error ?? "The playground said " + response.status + ".");
  return body;
}

export const get = async (path) => read(await fetch(path));

export const post = async (path, body) =>
  read(await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Playground-Token": token },
    body: JSON.stringify(body),
  }));

// watch calls back whenever something changed, and says whether the playground can be reached.
export function watch(changed, reachable) {
  const events = new EventSource("/api/events");
  events.onmessage = () => { reachable(true); changed(); };
  events.onerror = () => reachable(false);
}
