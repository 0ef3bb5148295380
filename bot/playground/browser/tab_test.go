package browser

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience is how long a condition is waited for, in ms: on an idle machine all of them hold within a few hundred.
const patience = 15000

//go:embed eyes.js
var eyes string

// tab is a person in front of a browser.
type tab struct {
	t   *testing.T
	ctx context.Context
	at  []float64 // where the pointer is

	mu     sync.Mutex // guards faults
	faults []string   // what the page complained of
}

// openTab opens an address in a browser of its own, with an empty profile, on a screen of the given size.
func openTab(t *testing.T, url string, width, height int) *tab {
	t.Helper()
	profile, err := os.MkdirTemp("", "rollcall-profile-")
	if err != nil {
		t.Fatal(err)
	}
	alloc, end := chromedp.NewExecAllocator(t.Context(), chromedp.ExecPath(chromium(t)), chromedp.UserDataDir(profile),
		chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.WindowSize(width, height),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("lang", "en-GB"),
		// Whatever the browser still wants from elsewhere it does not find.
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND , EXCLUDE localhost"))
	limited, cancel := context.WithTimeout(alloc, 2*time.Minute)
	b := &tab{t: t}
	ctx, leave := chromedp.NewContext(limited, chromedp.WithListener(b.hears), chromedp.WithErrorf(func(string, ...any) {}))
	b.ctx = ctx
	t.Cleanup(func() {
		leave()
		cancel()
		end()
		_ = os.RemoveAll(profile) // a helper process may still write; the folder is in TMPDIR
		for _, f := range b.complaints() {
			t.Errorf("the page complained: %s", f)
		}
	})
	if _, err := chromedp.Call(ctx, log.Enable, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
	b.size(width, height, false)
	b.do(chromedp.Navigate(url))
	b.eval("0;" + eyes)
	b.until("the page is drawn", `document.querySelector("#people [role=radio]") && document.querySelector("#box")`)
	return b
}

// hears notes what went wrong in the page: an exception, something that its policy forbids, an address that fails.
func (b *tab) hears(event any) {
	var fault string
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		fault = e.ExceptionDetails.Text
		if thrown := e.ExceptionDetails.Exception; thrown != nil {
			fault += " " + thrown.Description
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError {
			fault = e.Entry.Text + " " + e.Entry.URL
		}
	}
	if fault != "" {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.faults = append(b.faults, fault)
	}
}

func (b *tab) complaints() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.faults
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// eval runs an expression in the page and forgets its value.
func (b *tab) eval(expression string) {
	b.t.Helper()
	if _, err := chromedp.Run(b.ctx, chromedp.Evaluate[json.RawMessage](expression, chromedp.EvalAwaitPromise)); err != nil {
		b.t.Fatalf("%v\nin %s", err, expression)
	}
}

// value is what an expression comes to, awaited.
func value[T any](b *tab, expression string) T {
	b.t.Helper()
	got, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%v\nin %s", err, expression)
	}
	return got
}

// until waits in the page until an expression is true there.
func (b *tab) until(what, expression string) {
	b.t.Helper()
	if !value[bool](b, fmt.Sprintf(`eyes.until(() => (%s), %d)`, expression, patience)) {
		b.fail("not in time: %s", what)
	}
}

// fail ends the test with what is to be seen.
func (b *tab) fail(format string, args ...any) {
	b.t.Helper()
	name := filepath.Join(os.TempDir(), strings.ReplaceAll(b.t.Name(), "/", "-")+".png")
	if shot, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot()); err == nil {
		_ = os.WriteFile(name, shot, 0o600)
	}
	b.t.Fatalf("%s\nThe screen is in %s; its text:\n%s", fmt.Sprintf(format, args...), name, value[string](b, `document.body.innerText`))
}

// reads waits until a part of the page, by its selector, says something, in whatever case and however it is wrapped.
func (b *tab) reads(where, words string) {
	b.t.Helper()
	b.until(fmt.Sprintf("%s says %q", where, words), fmt.Sprintf(`eyes.says(%s, %s)`, quote(where), quote(words)))
}

// click presses what has a name (its text or its label) within a part of the page, once it lies still and nothing covers it.
func (b *tab) click(where, name string) {
	b.t.Helper()
	b.press(fmt.Sprintf("%q in %s", name, where), fmt.Sprintf(`eyes.named(%s, %s)`, quote(where), quote(name)))
}

// press presses what an expression finds. A page that moved away under the pointer is pressed again, as a person would.
func (b *tab) press(what, element string) {
	b.t.Helper()
	for range 4 {
		if !b.point(element, patience) {
			b.fail("cannot be clicked: %s", what)
		}
		if b.pressed() {
			return
		}
	}
	b.fail("moves away under the pointer: %s", what)
}

// tool presses one of the tools of the last message that says something; they come when the pointer is on it.
func (b *tab) tool(message, name string) {
	b.t.Helper()
	for range 4 {
		if b.point(fmt.Sprintf("eyes.posted(%s)", quote(message)), patience) && b.point(fmt.Sprintf("eyes.button(eyes.posted(%s), %s)", quote(message), quote(name)), 1500) && b.pressed() {
			return
		}
	}
	b.fail("cannot be clicked: the tool %q of the message %q", name, message)
}

// point lays the pointer on what an expression finds, once it lies still for a moment; at most for so many ms.
func (b *tab) point(element string, most int) bool {
	b.t.Helper()
	b.at = value[[]float64](b, fmt.Sprintf(`eyes.reach(() => (%s), %d)`, element, most))
	if len(b.at) != 2 {
		return false
	}
	b.do(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, b.at[0], b.at[1]))
	return true
}

// pressed presses where the pointer is, and says whether what was reached for was there.
func (b *tab) pressed() bool {
	b.t.Helper()
	b.do(chromedp.MouseClickXY(b.at[0], b.at[1]))
	return value[bool](b, `eyes.met()`)
}

// says types a line into the message box and sends it.
func (b *tab) says(line string) {
	b.t.Helper()
	b.press("the message box", `document.querySelector("#box")`)
	b.keys(line)
	b.until("the line stands in the box", fmt.Sprintf(`document.querySelector("#box").value === %s`, quote(line)))
	b.key("Enter")
	b.until("the line is sent", `document.querySelector("#box").value === ""`)
}

// in presses a button of the last message that says something.
func (b *tab) in(message, name string) {
	b.t.Helper()
	b.press(fmt.Sprintf("%q of the message %q", name, message), fmt.Sprintf(`eyes.button(eyes.message(%s), %s)`, quote(message), quote(name)))
}

// becomes acts as somebody else.
func (b *tab) becomes(name string) {
	b.t.Helper()
	b.click("#people", name)
	b.until(name+" acts", fmt.Sprintf(`eyes.plain(document.querySelector("#people [aria-checked=true]").textContent).includes(%s)`, quote(name)))
}

// goes to a conversation.
func (b *tab) goes(name string) {
	b.t.Helper()
	b.click("#nav", name)
	b.reads("#head", name)
}

// size makes the screen another one; a phone's has a finger.
func (b *tab) size(width, height int, phone bool) {
	b.t.Helper()
	opts := []chromedp.EmulateViewportOption{}
	if phone {
		opts = append(opts, chromedp.EmulateMobile, chromedp.EmulateTouch)
	}
	b.do(chromedp.EmulateViewport(int64(width), int64(height), opts...))
}

// scheme is what the system prefers: light or dark.
func (b *tab) scheme(name string) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: name}, {Name: "prefers-reduced-motion", Value: "reduce"}, // colours change at once
	}}); err != nil {
		b.t.Fatal(err)
	}
}

// fits checks that nothing of what is to be seen is wider than the screen.
func (b *tab) fits(what string) {
	b.t.Helper()
	b.eval(`eyes.drawn()`)
	if wide := value[[]string](b, `eyes.wide()`); len(wide) > 0 {
		b.t.Errorf("%s scrolls sideways: %s", what, strings.Join(wide, ", "))
	}
}

// contrast checks that what is to be read stands out of its background by the 4.5 to 1 that WCAG 2.2 asks for (1.4.3).
func (b *tab) contrast(what string) {
	b.t.Helper()
	if faint := value[[]string](b, `eyes.faint()`); len(faint) > 0 {
		b.t.Errorf("%s: hard to read: %s", what, strings.Join(faint, ", "))
	}
}

// picture keeps what is to be seen for the README, when it was asked for.
func (b *tab) picture(name string) {
	b.t.Helper()
	if !*updateImages {
		return
	}
	b.eval(`eyes.drawn()`)
	shot, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatal(err)
	}
	if len(shot) > 250_000 {
		b.t.Errorf("%s has %d bytes; a page of a README takes 250,000", name, len(shot))
	}
	if err := os.WriteFile(filepath.Join(images, name), shot, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

func quote(s string) string {
	raw, _ := json.Marshal(s) // a string is always JSON
	return string(raw)
}
