package main

import (
	"bytes"
	"strings"
	"testing"
)

// A call that is typed wrongly ends with exit code 2 and one sentence that says what is wrong and where to look; a
// flag is told from a word that only looks like one.
func TestTheCommandLineSaysWhatIsWrong(t *testing.T) {
	for args, want := range map[string]string{
		"srve":                 `unexpected argument srve, did you mean "serve"?`,
		"help":                 "unexpected argument help",
		"--nosuch":             "unknown flag --nosuch",
		"nosuch --private":     "unexpected argument nosuch",
		"serve now":            "unexpected argument now",
		"rfo":                  `expected "<key>"`,
		"rfo INC-7 INC-8":      "unexpected argument INC-8",
		"rfo seven":            `<key>: "seven" is not the key of an incident, such as INC-7`,
		"rfo INC-7 --form md":  `unknown flag --form, did you mean "--format"?`,
		"rfo --format=x INC-7": `invalid argument "x" for "--format" flag: it must be one of md, html, json, pdf`,
		"rfo INC-7 -x":         "unknown flag -x",
		"rfo INC-7 --output":   "flag needs an argument: --output",
		"do":                   `expected "<words> ..."`,
		"do -y":                `expected "<words> ..."`,
		"do -x note":           "unknown flag -x",
		"link INC-7 @ana @ben": "unexpected argument @ben",
	} {
		var out, said bytes.Buffer
		p := program{stdout: &out, stderr: &said}
		if code := p.run(t.Context(), strings.Fields(args)); code != exitUsage || out.Len() > 0 {
			t.Errorf("rollcall %s exits with %d and prints %q", args, code, out.String())
		}
		if got := said.String(); got != "rollcall: "+want+"; rollcall --help lists what there is\n" {
			t.Errorf("rollcall %s says %q, want %q", args, got, want)
		}
	}
}

// What stands behind the command of do is the command's, whatever it looks like.
func TestTheWordsOfACommandAreNoFlags(t *testing.T) {
	one, help, err := parse(strings.Fields("do -y INC-7 note --json -y -h"))
	if err != nil || help != "" {
		t.Fatalf("not understood: %v, %q", err, help)
	}
	do, ok := one.(*doCmd)
	if want := "INC-7 note --json -y -h"; !ok || !do.Yes || strings.Join(do.Words, " ") != want {
		t.Errorf("got %+v, want the words %q and --yes", one, want)
	}
	one, _, err = parse(strings.Fields("rfo inc-7 -o FILE --check"))
	if r, ok := one.(*rfoCmd); err != nil || !ok || r.Key != 7 || r.Output != "FILE" || !r.Check || r.Format != "md" {
		t.Errorf("got %+v, %v", one, err)
	}
}

// Help lists each call with its form, and each call says what it takes.
func TestHelpListsEveryCall(t *testing.T) {
	_, whole, err := parse(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range commandLine() {
		if !strings.Contains(whole, "\n  "+c.form()+"\n    ") {
			t.Errorf("help does not list %q", c.form())
		}
		one, help, err := parse([]string{c.name, "--help"})
		if err != nil || one == nil || !strings.HasPrefix(help, "Usage: rollcall "+c.form()+"\n") {
			t.Errorf("the help of %s is %q, %v", c.name, help, err)
		}
		for _, a := range c.arguments() {
			if !strings.Contains(help, "  "+a.String()+" ") {
				t.Errorf("the help of %s does not say what %s is", c.name, a)
			}
		}
		for line := range strings.Lines(whole + help) {
			if len([]rune(line)) > helpWidth+1 {
				t.Errorf("a line of help is longer than %d: %q", helpWidth, line)
			}
		}
	}
}
