package browser

import (
	"fmt"
	"strings"
	"testing"
)

// TestByKeyboardAlone opens an incident and gives a task without a pointer.
func TestByKeyboardAlone(t *testing.T) {
	b := openTab(t, openDemo(t), 1280, 800)
	reachesEverything(b)
	b.tabTo("a.skip")
	b.key("Enter")
	b.until("the box has the focus", `document.activeElement.id === "box"`)
	b.keys("/incident op")
	b.reads(".completions", "open")
	b.key("ArrowDown", "ArrowUp", "Escape")
	b.until("the completion is closed", `!eyes.shown(document.querySelector("#box-list"))`)
	b.keys("en sev2 Search is slow")
	b.key("Enter")
	b.reads("#log .own", "INC-1 is open")
	b.until("new messages are read out", `document.querySelector("#log").role === "log" && document.querySelector("#toasts").ariaLive === "polite"`)
	entersTheRoom(b)
	givesATask(b)
	b.tabTo("#people [aria-checked=true]")
	b.key("ArrowRight")
	b.until("Bea acts, and has the focus", `document.activeElement.matches("[aria-checked=true]") && eyes.plain(document.activeElement.textContent).includes("Bea")`)
	b.tabTo("[data-k=slack-slow]")
	b.key("Space")
	b.until("Slack is slow", `document.querySelector("[data-k=slack-slow]").checked`)
	b.key("Space")
	b.until("Slack is quick again", `!document.querySelector("[data-k=slack-slow]").checked`)
}

// reachesEverything walks through the page by Tab until it is through: all that can be used was met, each time visibly.
func reachesEverything(b *tab) {
	b.t.Helper()
	left := map[string]bool{}
	for _, name := range value[[]string](b, `eyes.usable()`) {
		left[name] = true
	}
	if len(left) < 15 {
		b.t.Errorf("there are only %d things to use: %v", len(left), left)
	}
	for range 60 {
		b.key("Tab")
		at := value[string](b, `eyes.focused()`)
		if strings.HasPrefix(at, "unseen ") {
			b.t.Errorf("the focus is not to be seen: %s", at)
		}
		delete(left, at)
		if len(left) == 0 {
			return
		}
	}
	b.t.Errorf("not reached by Tab: %v", left)
}

// entersTheRoom goes into the incident's channel, and meets the tools of a message, which are one stop with arrows inside.
func entersTheRoom(b *tab) {
	b.t.Helper()
	b.until("the channel is in the list", `eyes.named("#nav", "inc-1-search-is-slow")`)
	b.tabTo(`#nav [href="` + value[string](b, `eyes.named("#nav", "inc-1-search-is-slow").getAttribute("href")`) + `"]`)
	b.key("Enter")
	b.reads("#head", "inc-1-search-is-slow")
	b.reads("#log", "T3")
	b.tabTo("#log > article .tools button")
	b.key("ArrowRight", "ArrowRight")
	b.until("the third tool has the focus", `document.activeElement.ariaLabel === "React with eyes"`)
	b.key("Enter")
	b.reads("#log .reaction", "1")
}

// givesATask by the form: the focus stays in it, Escape leaves it, and the focus comes back.
func givesATask(b *tab) {
	b.t.Helper()
	b.tabTo(`[data-k="run:task"]`)
	b.key("Enter")
	b.reads("#modal", "What is to be done?")
	for n := range 8 {
		if n < 4 {
			b.key("Tab")
		} else {
			b.hold("Tab", shift)
		}
		if !value[bool](b, `document.activeElement === document.body || document.querySelector("#modal").contains(document.activeElement)`) {
			b.fail("the focus left the form")
		}
	}
	b.key("Escape")
	b.until("the form is closed, and its button has the focus", `!document.querySelector("#modal").open && document.activeElement.dataset.k === "run:task"`)
	b.key("Space")
	b.reads("#modal", "What is to be done?")
	b.until("the first field has the focus", `document.activeElement.id === "in-text"`)
	b.keys("Warm the index")
	b.key("Tab")
	b.keys("Carl")
	b.tabTo("#modal [type=submit]")
	b.key("Enter")
	b.until("the form is closed", `!document.querySelector("#modal").open`)
	b.reads("#log", "T4 Warm the index")
}

// tabTo goes on by Tab until something has the focus.
func (b *tab) tabTo(selector string) {
	b.t.Helper()
	for range 150 {
		b.key("Tab")
		if value[bool](b, fmt.Sprintf(`document.activeElement.matches(%s)`, quote(selector))) {
			return
		}
	}
	b.fail("not reached by Tab: %s", selector)
}
