package browser

import "testing"

// room is the channel of the outage.
const room = "inc-1-checkout-is-down"

// TestAnOutageByClicks plays an outage from the first word to the published document as people do who sit before the page:
// by clicks and typing. Then it looks at what is left on a phone and in the dark.
func TestAnOutageByClicks(t *testing.T) {
	b := openTab(t, openDemo(t), 1280, 800)
	opens(b)
	dividesTheWork(b)
	b.shows("playground.png")
	rollsBackFirst(b)
	informs(b)
	writesTheDocument(b)
	hurtsTheWorld(b)
	looks(b)
}

// opens an incident with completion; the answer has the call. Somebody else takes the lead.
func opens(b *tab) {
	b.t.Helper()
	b.reads("#log", "/incident open sev1 Checkout is down") // what to begin with
	b.press("the message box", `document.querySelector("#box")`)
	b.keys("/inc")
	b.reads(".completions", "/incident")
	b.key("Tab")
	b.keys("op")
	b.reads(".completions [aria-selected=true]", "open [sev1..sev4]")
	b.key("Enter")
	b.keys("sev1 Checkout is down")
	b.key("Enter")
	b.reads("#log .own", "INC-1 is open. Join the call")
	b.goes(room)
	b.until("the call is a link", `eyes.button(eyes.message("INC-1 · Checkout is down"), "Join the call").href.startsWith("https://meet.google.com/")`)
	b.becomes("Bea")
	b.goes(room)
	b.click("#foot", "Join")
	b.in("INC-1 · Checkout is down", "Take the lead")
	b.reads("#log .own", "You lead INC-1")
	b.reads("#log", "led by bea")
	b.reads("#log .call", "Call of INC-1 · going on")
}

// dividesTheWork gives a task to somebody by the form, who does it by its buttons.
func dividesTheWork(b *tab) {
	b.t.Helper()
	b.in("INC-1 · Checkout is down", "Add task")
	b.reads("#modal", "What is to be done?")
	b.click("#modal", "Add")
	b.reads("#modal .error", "Please complete this required field.")
	b.press("the field", `document.querySelector("#in-text")`)
	b.keys("Ask the bank whether it sees us")
	b.choose("#in-who", "Carl")
	b.click("#modal", "Add")
	b.until("the form is closed", `!document.querySelector("#modal").open`)
	b.reads("#log", "T4 Ask the bank whether it sees us")
	b.becomes("Carl") // who was brought into the room
	b.in("T2 Roll back every related service", "Take it")
	b.until("the task is Carl's", `eyes.plain(eyes.message("T2 Roll back").innerText).includes("@Carl has it")`)
	b.in("T4 Ask the bank", "Done")
	b.until("the task is done", `!eyes.button(eyes.message("T4 Ask the bank"), "Done")`)
}

// rollsBackFirst rolls a service back, and puts what somebody wrote on the timeline by a reaction, in a thread too.
func rollsBackFirst(b *tab) {
	b.t.Helper()
	b.says("/incident rollback checkout")
	b.reads("#log", "rolling-back")
	b.says("/incident rollback checkout done")
	b.reads("#log", "1 of 1 services rolled back")
	b.says("@bea deploy 4711 went out just before")
	b.reads("#log .mention", "@Bea")
	b.tool("deploy 4711", "React with pushpin")
	b.reads("#log .reaction", "1")
	b.tool("deploy 4711", "Edit")
	b.reads("dialog.confirm", "Edit the message")
	b.until("it is there as it was typed", `document.activeElement.value === "@bea deploy 4711 went out just before"`)
	b.click("dialog.confirm", "Cancel")
	b.tool("deploy 4711", "Reply in thread")
	b.press("the reply", `document.querySelector("#reply")`)
	b.keys("It is out again.")
	b.key("Enter")
	b.reads("#thread .list", "It is out again.")
	b.click("#thread", "Close the thread")
	b.reads("#log .replies", "1 reply")
	attaches(b)
	b.says("/incident timeline")
	b.reads("#log .own", "deploy 4711 went out just before")
	b.reads("#log .own", "errors.txt")
}

// attaches a file to a message, as by the button, and pins it.
func attaches(b *tab) {
	b.t.Helper()
	b.until("a file is attached", `(() => {
		document.querySelector("#box").value = "errors since the deploy";
		const files = new DataTransfer();
		files.items.add(new File(["1042 refused\n"], "errors.txt", { type: "text/plain" }));
		const input = document.querySelector("[data-k=box-file]");
		input.files = files.files;
		input.dispatchEvent(new Event("change"));
		return true;
	})()`)
	b.reads("#log .file", "1042 refused")
	b.tool("errors since the deploy", "React with pushpin")
	b.until("it is pinned", `eyes.message("errors since the deploy").querySelector(".reaction") !== null`)
}

// informs everybody else: an update is held back, sent now, and stands on the announcement.
func informs(b *tab) {
	b.t.Helper()
	b.becomes("Bea")
	b.says("/incident update Checkout is rolled back; payments recover")
	b.reads("#log .own", "Send now")
	b.click("#log", "Send now")
	b.reads("#log .own", "is out")
	b.goes("incidents")
	b.reads("#log", "Checkout is rolled back; payments recover")
	b.goes(room)
	b.in("INC-1 · Checkout is down", "Users are well")
	b.reads("#log .own", "INC-1 is mitigated")
	b.says("/incident resolve The old version stays")
	b.reads("#log .own", "INC-1 is resolved")
}

// writesTheDocument answers the questions in the form, publishes, and reads the RFO.
func writesTheDocument(b *tab) {
	b.t.Helper()
	b.says("/incident rfo answer")
	b.reads("#modal", "The RFO of INC-1")
	for n, words := range []string{
		"Nobody could pay for a few minutes; the old version ended it.", "About 2,000 users, by counting refused orders. No data was lost.",
		"The smoke test, which does not pay.", "Nobody knew who deploys.", "The new version had no address of the bank.", "A deploy gate on the smoke test.",
	} {
		if n > 0 {
			b.key("Tab")
		}
		b.keys(words)
	}
	b.click("#modal", "Save")
	b.until("the form is closed", `!document.querySelector("#modal").open`)
	b.reads("#log .own", "Saved on INC-1")
	b.says("/incident action @carl by 7d The smoke test pays; done when a deploy without the bank is stopped")
	b.reads("#log .own", "A1")
	b.says("/incident rfo review @carl")
	b.reads("#log .own", "@Carl")
	b.becomes("Carl")
	b.says("/incident rfo approve")
	b.reads("#log .own", "is approved as it is now")
	b.becomes("Bea")
	b.says("/incident rfo publish anyway It is only a demo")
	b.reads("#log .file", "RFO of INC-1")
	b.click("#log .file", "Read it")
	b.until("the document is rendered", `eyes.framed("#document iframe", "Nobody could pay for a few minutes")`)
	b.click("#document", "Close")
	b.becomes("Carl")
	b.click("#nav", "Rollcall · Home")
	b.reads("#log .home", "The smoke test pays")
}

// hurtsTheWorld raises an alarm in PagerDuty, takes Slack away and gives it back, and moves the clock.
func hurtsTheWorld(b *tab) {
	b.t.Helper()
	b.goes("incidents")
	b.press("what the monitor says", `document.querySelector("[data-k=alarm-title]")`)
	b.eval(`document.querySelector("[data-k=alarm-title]").select()`)
	b.keys("Search is slow")
	b.choose("[data-k=alarm-service]", "Search")
	b.click("#side", "Raise an alarm")
	b.reads("#side .alarm", "Search is slow")
	b.reads("#log", "Search is slow")
	b.reads("#log", "Open incident") // what to do about it
	b.click("#side", "Slack's API is down")
	b.until("Slack is down", `document.querySelector("[data-k=slack-down]").checked`)
	b.says("/incident INC-1 note Slack went away")
	b.reads("#log .own", "Noted") // the answer needs no API
	b.click("#side", "Slack's API is down")
	b.until("Slack is back", `!document.querySelector("[data-k=slack-down]").checked`)
	b.click("#side", "+5 min")
	b.reads("#side .clock", "moved ahead by 5 min")
	b.click("#side", "The call provider is down")
	b.until("the call provider is down", `document.querySelector("[data-k=call-down]").checked`)
	b.says("/incident open -- one that takes the room that is ready")
	b.reads("#log .own", "meet.google.com")
	b.says("/incident open -- search is down as well")
	b.reads("#log .own", "meet.example.org")
	b.reads("#log .own", "Google Meet")
	b.click("#side", "The call provider is down")
	b.until("the call provider is back", `!document.querySelector("[data-k=call-down]").checked`)
}

// shows the pinned summary by its button above the conversation, and keeps the picture.
func (b *tab) shows(name string) {
	b.t.Helper()
	b.press("the pins", `document.querySelector("[data-k=pins]")`)
	b.until("the pinned message has the focus", `document.activeElement.matches("article")`)
	b.eval(`document.activeElement.blur()`)
	b.picture(name)
}

// looks at what is left on other screens, light and dark: nothing is wider than its screen.
func looks(b *tab) {
	b.t.Helper()
	b.goes(room)
	for _, scheme := range []string{"light", "dark"} {
		b.scheme(scheme)
		paper := value[string](b, `getComputedStyle(document.body).backgroundColor`)
		if dark := paper != "rgb(255, 255, 255)"; dark != (scheme == "dark") {
			b.t.Errorf("when the system prefers %s, the paper is %s", scheme, paper)
		}
		b.fits("a desktop, " + scheme)
		b.contrast(scheme)
	}
	b.shows("playground-dark.png")
	b.size(375, 812, true)
	b.scheme("light")
	b.until("the stage makes room", `!eyes.shown(document.querySelector("#side"))`)
	b.fits("a phone's conversation")
	b.eval(`document.querySelector("#log article").scrollIntoView()`)
	b.picture("playground-phone.png")
	b.click("#top", "Channels")
	b.reads("#nav", "Direct messages")
	b.fits("a phone's list of conversations")
	b.click("#nav", "Rollcall · Home")
	b.reads("#log .home", "The smoke test pays")
	b.fits("a phone's App Home")
	b.click("#top", "Stage")
	b.reads("#side", "PagerDuty")
	b.fits("a phone's stage")
	b.click("#side", "RFO of INC-1")
	b.until("the document is rendered", `eyes.framed("#document iframe", "Nobody could pay for a few minutes")`)
	b.fits("a phone's document")
	b.click("#document", "Close")
	b.click("#top", "Stage")
	b.click("#top", "Channels")
	b.click("#nav", "incidents")
	b.says("/incident open")
	b.reads("#modal", "incident")
	b.fits("a phone's form")
	b.key("Escape")
	b.until("the form is closed", `!document.querySelector("#modal").open`)
	b.scheme("dark")
	b.fits("a phone, dark")
}
