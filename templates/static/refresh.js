// Shows what is new without loading the page again: what is being typed stays.
(() => {
  const seconds = 10;
  const news = document.getElementById("news");
  const lasting = news.innerHTML;
  const look = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(location.pathname + location.search.replace("noted", ""), { credentials: "same-origin" });
      if (answer.status === 401 || answer.status === 404) {
        news.textContent = "This page is closed to you now. What you read here is as it was; copy what you have typed.";
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = document.getElementById("live"), next = fresh.getElementById("live");
      news.innerHTML = lasting;
      if (!next || next.dataset.head === now.dataset.head) return;
      const kept = document.getElementById("keep"), at = document.activeElement, from = at && at.selectionStart, to = at && at.selectionEnd;
      next.querySelector("#keep").replaceWith(kept);
      now.replaceWith(next);
      if (kept.contains(at)) {
        at.focus({ preventScroll: true });
        if (typeof from === "number") at.setSelectionRange(from, to);
      }
    } catch {
      news.textContent = "No answer at " + new Date().toLocaleTimeString() + ". What you see may be old; it is tried again.";
    }
  };
  setInterval(look, seconds * 1000);
  document.addEventListener("visibilitychange", look);
})();
