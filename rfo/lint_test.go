package rfo_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/rfo"
)

func idsOf(findings []rfo.Finding) []string {
	ids := []string{}
	for _, f := range findings {
		ids = append(ids, f.ID)
	}
	return slices.Compact(ids)
}

// TestFullDocumentIsClean: the practice, followed, gives a document without findings.
func TestFullDocumentIsClean(t *testing.T) {
	findings := rfo.Check(kept(t, "full").document())
	for _, f := range findings {
		t.Errorf("%+v", f)
	}
	if kept, of := rfo.Score(findings); kept != of || of != 24 {
		t.Errorf("%d of %d", kept, of)
	}
}

// TestEmptyDocumentBlocks: what nobody said is found, and each finding says how to say it.
func TestEmptyDocumentBlocks(t *testing.T) {
	findings := rfo.Check(kept(t, "empty").document())
	if got, want := idsOf(findings), []string{"L01", "L02", "L03", "L05", "L17"}; !slices.Equal(got, want) {
		t.Errorf("%v, not %v", got, want)
	}
	if !rfo.Blocking(findings) {
		t.Error("nothing blocks")
	}
	for _, f := range findings {
		if f.Where == "" || f.Why == "" || f.Suggestion == "" {
			t.Errorf("%+v says not all", f)
		}
	}
}

// fakes are put together here, so that no scanner takes the corpus for a leak.
var fakes = strings.NewReplacer("{slack-token}", "xo"+"xb-000000000000-test", "{aws-key}", "AK"+"IA"+strings.Repeat("A", 16),
	"{private-key}", "-----BEGIN "+"PRIVATE KEY-----", `\n`, "\n")

// put replaces one text of a document.
func put(t *testing.T, d *rfo.Document, where, text string) {
	t.Helper()
	switch where {
	case "title":
		d.Head.Title = text
	case "mitigation":
		d.Fix.Mitigation.Text = text
	case "note":
		d.Timeline.Rows = append(slices.Clone(d.Timeline.Rows), rfo.Row{
			At: d.Timeline.Rows[0].At, Kind: rfo.NoteRow, Entry: "E99", Text: text, Key: true,
		})
	case "action":
		d.Actions.List = slices.Clone(d.Actions.List)
		d.Actions.List[0].Text, d.Actions.List[0].DoneWhen, _ = strings.Cut(text, "; done when ")
	default:
		for _, a := range []*rfo.Answer{
			&d.Glance.Summary, &d.Impact.Answer, &d.Detection.Answer, &d.Speed.Answer, &d.Story.Cause, &d.Story.Class, &d.Fix.Answer,
			&d.Story.Well, &d.Story.Hard, &d.Story.Luck,
		} {
			if a.Question == where {
				a.Text = text
				return
			}
		}
		t.Fatalf("there is no %q", where)
	}
}

// TestCorpus reads sentences with the findings that each must give, and no others.
func TestCorpus(t *testing.T) {
	files, err := filepath.Glob("testdata/lint/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	base := kept(t, "full").document()
	total, innocent := 0, 0
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(src)) {
			line = strings.TrimSpace(line)
			if line == "" || strings.HasPrefix(line, "#") {
				continue
			}
			parts := strings.SplitN(line, " | ", 3)
			if len(parts) != 3 {
				t.Fatalf("%s: %q has no three parts", file, line)
			}
			total++
			want := []string{}
			if parts[0] == "-" {
				innocent++
			} else {
				want = strings.Split(parts[0], ",")
			}
			d := base
			put(t, &d, parts[1], fakes.Replace(parts[2]))
			if got := idsOf(rfo.Check(d)); !slices.Equal(got, want) {
				t.Errorf("%s: %s\n  found %v, should be %v", filepath.Base(file), line, got, want)
			}
		}
	}
	if total < 60 || innocent*2 < total {
		t.Errorf("%d sentences, %d of them innocent", total, innocent)
	}
}

// TestRules changes facts of a clean document, one rule at a time.
func TestRules(t *testing.T) {
	base := kept(t, "full").document()
	for _, c := range []struct {
		name     string
		change   func(*rfo.Document)
		id       string
		severity rfo.Severity
	}{
		{"nobody said who found it", func(d *rfo.Document) { d.Detection.Source = "" }, "L01", rfo.Block},
		{"no answer", func(d *rfo.Document) { d.Story.Class.Text = "" }, "L02", rfo.Block},
		{"no number", func(d *rfo.Document) { d.Impact.Estimate = rfo.Estimate{Text: "some shops"} }, "L03", rfo.Block},
		{"nobody, without a reason", func(d *rfo.Document) { d.Impact.Estimate = rfo.Estimate{Text: "none"} }, "L03", rfo.Block},
		{"nobody, with a reason", func(d *rfo.Document) { d.Impact.Estimate = rfo.Estimate{Text: "none, because the shops were closed"} }, "", ""},
		{"no method", func(d *rfo.Document) { d.Impact.Estimate.Text = ""; d.Impact.Answer.Text = "No data was lost." }, "L04", rfo.Warn},
		{"no action", func(d *rfo.Document) { d.Actions = rfo.Actions{}; d.Detection.Source = "alert" }, "L05", rfo.Block},
		{"no action, for a reason", func(d *rfo.Document) {
			d.Actions, d.Detection.Source = rfo.Actions{}, "alert"
			d.Story.Rejected.Text = "No action: the service is switched off next week."
		}, "", ""},
		{"four actions", func(d *rfo.Document) { d.Actions.List = append(slices.Clone(d.Actions.List), d.Actions.List[2]) }, "L05", rfo.Block},
		{"a team", func(d *rfo.Document) { action(d, func(a *rfo.Action) { a.Owner = "Platform team" }) }, "L06", rfo.Block},
		{"nobody", func(d *rfo.Document) { action(d, func(a *rfo.Action) { a.Owner = "" }) }, "L06", rfo.Block},
		{"somebody who left", func(d *rfo.Document) { action(d, func(a *rfo.Action) { a.Inactive = true }) }, "L06", rfo.Block},
		{"past", func(d *rfo.Document) { action(d, func(a *rfo.Action) { a.Due = "2026-03-10" }) }, "L07", rfo.Block},
		{"past, but done", func(d *rfo.Document) {
			action(d, func(a *rfo.Action) { a.Due, a.State = "2026-03-10", incident.ActionDone })
		}, "", ""},
		{"no date", func(d *rfo.Document) { action(d, func(a *rfo.Action) { a.Due = "0000-00-00" }) }, "L07", rfo.Block},
		{"far away", func(d *rfo.Document) { action(d, func(a *rfo.Action) { a.Due = "2026-04-10" }) }, "L07", rfo.Block},
		{"far away, for a reason", func(d *rfo.Document) { action(d, func(a *rfo.Action) { a.Due, a.Excused = "2026-04-10", true }) }, "", ""},
		{"only reminders", func(d *rfo.Document) {
			d.Detection.Source = "alert"
			d.Actions.List = []rfo.Action{d.Actions.List[2]}
			action(d, func(a *rfo.Action) {
				a.Text, a.DoneWhen, a.Kind = "Train new colleagues in the runbook", "all have read it", incident.Processes
			})
		}, "L10", rfo.Warn},
		{"a customer first, nothing detects", func(d *rfo.Document) {
			d.Detection.Answer.Text = "It was seen late."
			onlyGate(d)
		}, "L11", rfo.Warn},
		{"a customer first, the test is missing", func(d *rfo.Document) {
			d.Detection.Answer.Text = "There was no end-to-end test of card payments."
			onlyGate(d)
		}, "L11", rfo.Block},
		{"silence", func(d *rfo.Document) {
			d.Timeline.Rows = slices.DeleteFunc(slices.Clone(d.Timeline.Rows), func(r rfo.Row) bool {
				return r.At.After(mark("14:00:40")) && r.At.Before(mark("14:18:30"))
			})
		}, "L16", rfo.Warn},
		{"a moment is missing", func(d *rfo.Document) {
			d.Speed.Stamps = slices.Clone(d.Speed.Stamps)
			d.Speed.Stamps[0].Quality = "missing"
		}, "L17", rfo.Warn},
		{"out of order", func(d *rfo.Document) {
			d.Speed.Metrics = slices.Clone(d.Speed.Metrics)
			d.Speed.Metrics[3].Value = rfo.Value{State: rfo.OutOfOrder, Text: "no figure: x"}
		}, "L17", rfo.Block},
		{"no evidence", func(d *rfo.Document) {
			d.Timeline.Rows = slices.Clone(d.Timeline.Rows)
			d.Timeline.Rows[1].Text = "first error: no connection"
		}, "L18", rfo.Warn},
		{"an outage that was one", func(d *rfo.Document) {
			d.Glance.Summary.Text, d.Head.ImpactKind = "The outage hit everybody.", rfo.FullImpact
		}, "", ""},
		{"a temporary fix alone", func(d *rfo.Document) {
			d.Fix.Answer.Text, d.Actions = "A workaround: the pool is restarted each hour.", rfo.Actions{}
			d.Story.Rejected.Text, d.Detection.Source = "No action is worth it.", "alert"
		}, "L20", rfo.Warn},
		{"a long summary", func(d *rfo.Document) { d.Glance.Summary.Text = strings.Repeat("word ", 81) }, "L25", rfo.Warn},
		{"a customer by name", func(d *rfo.Document) { d.Story.Hard.Text = "Northwind asked three times." }, "L21", rfo.Warn},
		{"a time of one of two days", func(d *rfo.Document) {
			d.Speed.Stamps = slices.Clone(d.Speed.Stamps)
			for n := range d.Speed.Stamps {
				if d.Speed.Stamps[n].Name == incident.ImpactStart {
					d.Speed.Stamps[n].At = d.Speed.Stamps[n].At.AddDate(0, 0, -1)
				}
			}
			d.Story.Hard.Text = "At 01:10 UTC the image had to be built again."
		}, "L18", rfo.Warn},
		{"skipped", func(d *rfo.Document) { d.Head.State = rfo.Skipped; d.Detection.Source = "" }, "", ""},
	} {
		d := base
		c.change(&d)
		findings := rfo.Check(d)
		switch {
		case c.id == "" && len(findings) > 0:
			t.Errorf("%s: %+v", c.name, findings)
		case c.id != "" && (!slices.Equal(idsOf(findings), []string{c.id}) || findings[0].Severity != c.severity):
			t.Errorf("%s: %+v", c.name, findings)
		}
	}
}

// action changes the last action, which is open.
func action(d *rfo.Document, change func(*rfo.Action)) {
	d.Actions.List = slices.Clone(d.Actions.List)
	change(&d.Actions.List[len(d.Actions.List)-1])
}

// onlyGate leaves the one action that detects nothing.
func onlyGate(d *rfo.Document) {
	d.Actions.List = []rfo.Action{d.Actions.List[1]}
	d.Actions.List[0].Text, d.Actions.List[0].DoneWhen = "Refuse a release whose pools exceed the limit", "the gate stops one"
}

// TestToday judges dates on the day that is handed in.
func TestToday(t *testing.T) {
	d := kept(t, "full").document()
	if got := idsOf(rfo.Checker{Today: time.Date(2026, 3, 19, 9, 0, 0, 0, time.UTC)}.Check(d)); !slices.Equal(got, []string{"L07"}) {
		t.Errorf("%v", got)
	}
	if got := idsOf(rfo.Checker{Sprint: 3 * 24 * time.Hour}.Check(d)); !slices.Equal(got, []string{"L07"}) {
		t.Errorf("%v", got)
	}
}

// TestSecretsAreNotRepeated keeps what was found out of the finding.
func TestSecretsAreNotRepeated(t *testing.T) {
	d := kept(t, "full").document()
	put(t, &d, "cause", fakes.Replace("the job used {slack-token} twice"))
	for _, f := range rfo.Check(d) {
		if strings.Contains(f.Quote+f.Why+f.Suggestion, "000000000000") {
			t.Errorf("%+v", f)
		}
	}
}
