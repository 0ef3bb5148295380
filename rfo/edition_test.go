package rfo_test

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/rollcall-bot/rollcall/incident"
	. "github.com/rollcall-bot/rollcall/incident/incidenttest"
	"github.com/rollcall-bot/rollcall/rfo"
)

// shelf is a published file and how it comes about, as the program does it: what was
// edited is taken back, then the next edition is written.
type shelf struct {
	w     *World
	file  []byte
	wrote rfo.Written // what file was written from
	n     int

	layout *rfo.Layout // nil for ours
}

func (s *shelf) overlays() []incident.Overlay { return s.w.Incident.Review.Paper.Overlays }

func (s *shelf) write() {
	s.n++
	s.wrote = rfo.Written{Markdown: rfo.Markdown(rfo.Build(s.w.Incident, s.w.Records, staff, rfo.Options{Layout: s.layout})), Overlays: s.overlays()}
	s.file = rfo.Edition(s.wrote.Markdown, s.wrote.Overlays, s.n)
}

func (s *shelf) publish() {
	if s.file != nil {
		s.take(s.file, s.wrote)
	}
	s.write()
}

func (s *shelf) take(file []byte, from rfo.Written) {
	now := rfo.Written{Markdown: rfo.Markdown(rfo.Build(s.w.Incident, s.w.Records, staff, rfo.Options{Layout: s.layout})), Overlays: s.overlays()}
	s.w.Do(incident.System, incident.TakeRFO{Overlays: rfo.TakeBack(file, from, now), From: "a copy"})
}

func (s *shelf) edit(old, fresh string) {
	s.file = bytes.Replace(s.file, []byte(old), []byte(fresh), 1)
}

func (s *shelf) has(t *testing.T, want string) {
	t.Helper()
	if !bytes.Contains(s.file, []byte(want)) {
		t.Fatalf("%q is lost:\n%s", want, s.file)
	}
}

func TestAFileThatNobodyTouchedIsReplaced(t *testing.T) {
	s := &shelf{w: resolved(t)}
	s.publish()
	if got := rfo.TakeBack(s.file, s.wrote, s.wrote); len(got) != 0 {
		t.Errorf("taken back: %+v", got)
	}
	if string(rfo.Plain(s.file)) != string(s.wrote.Markdown) {
		t.Errorf("without its marks it is not the document:\n%s", rfo.Plain(s.file))
	}
	if n, ok := rfo.RevisionOf(s.file); !ok || n != 1 {
		t.Errorf("its revision is %d %v", n, ok)
	}
	windows := bytes.ReplaceAll(s.file, []byte("\n"), []byte("\r\n"))
	if got := rfo.TakeBack(windows, s.wrote, s.wrote); len(got) != 0 {
		t.Errorf("other line ends are taken for edits: %+v", got)
	}
	s.w.Do(Ana, incident.AnswerQuestion{Question: "cause", Text: "A queue without a limit."})
	s.publish()
	s.has(t, "A queue without a limit.")
	if len(s.overlays()) != 0 {
		t.Errorf("nobody edited, and overlays are %+v", s.overlays())
	}
}

func TestWhatIsEditedByHandSurvives(t *testing.T) {
	s := &shelf{w: resolved(t)}
	s.publish()
	s.edit("## Fix\n", "## Fix\n\nThe valve was turned by hand.\n")                            // inside
	s.edit("<!-- rollcall:end fix -->\n", "<!-- rollcall:end fix -->\n\nOur wiki's footer.\n") // outside
	s.edit("drill: false\n", "drill: false\ntags: [queue]\n")                                  // more front matter
	s.edit(`impact_kind: "not given"`, `impact_kind: "partial, says Cleo"`)                    // a value of ours
	for range 3 {
		s.w.Do(Ana, incident.AnswerQuestion{Question: "fix", Text: "For good, revision " + strconv.Itoa(s.n)})
		s.publish()
		s.has(t, "The valve was turned by hand.")
		s.has(t, "For good, revision "+strconv.Itoa(s.n-1))
		s.has(t, "Our wiki's footer.\n\n<!-- rollcall:begin")
		s.has(t, "tags: [queue]\n---")
		s.has(t, `partial, says Cleo`)
		s.has(t, `impact_kind: "not given"`)
	}
	if n := bytes.Count(s.file, []byte("says Cleo")); n != 1 {
		t.Errorf("it stands there %d times", n)
	}
}

func TestAConflictShowsBothTexts(t *testing.T) {
	s := &shelf{w: resolved(t)}
	s.w.Do(Ana, incident.AnswerQuestion{Question: "cause", Text: "A queue without a limit."})
	s.publish()
	s.edit("A queue without a limit.\n\n<!-- rollcall:end what-happened", "A queue, and a retry.\n\n<!-- rollcall:end what-happened")
	s.w.Do(Ana, incident.AnswerQuestion{Question: "cause", Text: "A queue and a stampede."})
	s.publish()
	s.has(t, "A queue, and a retry.\n\n> **Edited by hand above.** Rollcall would write here now:\n>\n> A queue and a stampede.")
	s.publish() // nothing new: it stays as it is
	s.has(t, "> A queue and a stampede.")
	at := bytes.Index(s.file, []byte("> **Edited"))
	end := at + bytes.Index(s.file[at:], []byte("<!--"))
	s.file = slices.Concat(s.file[:at], s.file[end:]) // somebody settles it
	s.publish()
	s.has(t, "A queue, and a retry.")
	if bytes.Contains(s.file, []byte("> **Edited")) {
		t.Errorf("a settled conflict comes back:\n%s", s.file)
	}
}

func TestACopyWithoutItsMarksIsTakenBackByItsHeadings(t *testing.T) {
	s := &shelf{w: resolved(t)}
	s.publish()
	copied := bytes.Replace(rfo.Plain(s.file), []byte("## Fix\n"), []byte("## Fix\n\nFrom the wiki.\n"), 1)
	s.take(copied, s.wrote)
	s.edit("## Impact\n", "## Impact\n\nFrom the file.\n")
	s.publish()
	s.has(t, "From the wiki.")
	s.has(t, "From the file.")
}

// TestNothingThatAPersonWroteIsLost writes editions again and again, while the
// incident goes on and people edit the file anywhere: every line of theirs stays.
func TestNothingThatAPersonWroteIsLost(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := &shelf{w: New(t)}
		s.w.Do(Ana, incident.Resolve{})
		s.publish()
		var theirs []string
		for n := range rapid.IntRange(1, 9).Draw(rt, "steps") {
			switch rapid.SampledFrom([]string{"edit", "edit", "replace", "copy", "event", "publish"}).Draw(rt, "step") {
			case "edit":
				all := strings.Split(string(s.file), "\n")
				at := rapid.IntRange(0, len(all)-1).Draw(rt, "line")
				line := rapid.SampledFrom([]string{"typed ", "- typed ", "## Typed ", "| typed ", "typed: ", "> typed "}).Draw(rt, "kind") + strconv.Itoa(n)
				s.file = []byte(strings.Join(slices.Insert(all, at, line), "\n"))
				theirs = append(theirs, line)
			case "replace": // a line of the document, not one of a person or a mark
				all := strings.Split(string(s.file), "\n")
				at := rapid.IntRange(0, len(all)-1).Draw(rt, "line")
				if strings.Contains(strings.ToLower(all[at]), "typed") || strings.HasPrefix(all[at], "<!--") || all[at] == "---" {
					continue
				}
				all[at] = "typed instead " + strconv.Itoa(n)
				theirs = append(theirs, all[at])
				s.file = []byte(strings.Join(all, "\n"))
			case "copy": // a copy of the file, edited, comes back before the file does
				line := "typed into a copy " + strconv.Itoa(n)
				s.take(bytes.Replace(s.file, []byte("## Impact\n"), []byte("## Impact\n\n"+line+"\n"), 1), s.wrote)
				if bytes.Contains(s.file, []byte("## Impact\n")) {
					theirs = append(theirs, line)
				}
			case "event":
				s.w.Do(Ana, incident.AnswerQuestion{
					Question: rapid.SampledFrom([]string{"summary", "impact", "cause", "well"}).Draw(rt, "question"), Text: "Answer " + strconv.Itoa(n),
				})
			default:
				s.publish()
			}
		}
		s.publish()
		s.publish()
		for _, line := range theirs {
			if !bytes.Contains(s.file, []byte(line)) {
				rt.Fatalf("%q is lost:\n%s", line, s.file)
			}
		}
	})
}
