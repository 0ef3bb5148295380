package browser

import (
	"fmt"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// codes are the keys that do something, by their names: the number that browsers know them by, and what they type.
var codes = map[string]struct {
	number int64
	text   string
}{
	"Enter": {13, "\r"}, "Tab": {9, ""}, "Escape": {27, ""}, "Space": {32, " "}, "Backspace": {8, ""},
	"ArrowLeft": {37, ""}, "ArrowUp": {38, ""}, "ArrowRight": {39, ""}, "ArrowDown": {40, ""},
}

// shift is the Shift key held down.
const shift = 8

// key presses keys by their names, one after the other. A page that prevents what a key does prevents what it types, too.
func (b *tab) key(names ...string) {
	b.t.Helper()
	for _, name := range names {
		b.hold(name, 0)
	}
}

// hold presses a key while others are held.
func (b *tab) hold(name string, modifiers int64) {
	b.t.Helper()
	code, ok := codes[name]
	if !ok {
		b.t.Fatalf("there is no key %q", name)
	}
	value := name
	if name == "Space" {
		value = " "
	}
	down := input.DispatchKeyEventParams{
		Type: input.DispatchKeyEventTypeKeyDown, Key: value, Code: name, WindowsVirtualKeyCode: code.number, Modifiers: modifiers, Text: code.text, UnmodifiedText: code.text,
	}
	if code.text == "" {
		down.Type = input.DispatchKeyEventTypeRawKeyDown
	}
	up := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyUp, Key: value, Code: name, WindowsVirtualKeyCode: code.number, Modifiers: modifiers}
	for _, press := range []input.DispatchKeyEventParams{down, up} {
		if _, err := chromedp.Call(b.ctx, input.DispatchKeyEvent, press); err != nil {
			b.t.Fatal(err)
		}
	}
}

// keys types letters into whatever has the focus.
func (b *tab) keys(text string) {
	b.t.Helper()
	b.do(chromedp.KeyEvent(text))
}

// choose selects what begins with some letters, by typing them: a list of choices takes them as a search.
func (b *tab) choose(list, letters string) {
	b.t.Helper()
	b.eval(fmt.Sprintf(`document.querySelector(%s).focus()`, quote(list)))
	b.keys(letters)
	b.until(letters+" is chosen", fmt.Sprintf(`document.querySelector(%s).selectedOptions[0].text.startsWith(%s)`, quote(list), quote(letters)))
}
