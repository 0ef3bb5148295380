package rfo

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/templates"
)

// Override is the layout of an operator's folder: the files of ours that are in it
// stand in place of the built-in ones. It is nil when none is. A file that cannot be
// read as a template, or that asks for what no document has, is an error that names
// the file and the line, and so is a file whose name is none of ours.
func Override(folder fs.FS) (*Layout, error) {
	names := []string{markdownFile, htmlFile, customerFile}
	entries, err := fs.ReadDir(folder, ".")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // no folder, no layout of one's own
	}
	if err != nil {
		return nil, fmt.Errorf("layout of the RFO: %w", err)
	}
	own := false
	for _, e := range entries {
		if path.Ext(e.Name()) != ".tmpl" {
			continue // an editor's copy, a file that says what is here
		}
		if !slices.Contains(names, e.Name()) {
			return nil, fmt.Errorf("layout of the RFO: there is no layout %s; they are %s", e.Name(), strings.Join(names, ", "))
		}
		own = true
	}
	if !own {
		return nil, nil //nolint:nilnil // as above
	}
	ours, err := fs.Sub(templates.Files, "rfo")
	if err != nil {
		return nil, fmt.Errorf("layout of the RFO: %w", err)
	}
	l, err := NewLayout(laidOver{folder, ours})
	if err != nil {
		return nil, err
	}
	return l, l.try()
}

// laidOver are files of which those in front hide those behind.
type laidOver struct{ front, behind fs.FS }

// Open opens the file in front, or else the one behind.
func (l laidOver) Open(name string) (fs.File, error) {
	f, err := l.front.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return l.behind.Open(name) //nolint:wrapcheck // an fs.FS passes on what fs.FS returns
	}
	return f, err //nolint:wrapcheck // as above
}

// try lays out a document of which nothing is known and one that has all there can
// be, so that a mistake shows when the program starts and not when an RFO is due.
func (l *Layout) try() error {
	for _, d := range []Document{Build(incident.New("x"), nil, ids{}, Options{}), sample()} {
		if _, err := l.Markdown(d); err != nil {
			return err
		}
		if _, err := l.HTML(d); err != nil {
			return err
		}
		for _, final := range []bool{false, true} {
			text := CustomerText{Final: final, Summary: "s", Happened: "h", Measures: "m", Untouched: "u", Contact: "c", Numbers: final, Zone: d.Head.TeamZone, NextUpdate: d.Head.AsOf}
			if _, err := l.CustomerMarkdown(Customer(d, text)); err != nil {
				return err
			}
		}
	}
	return nil
}

// sample is a document in which every part has something.
func sample() Document {
	d := Build(incident.New("x"), nil, ids{}, Options{})
	at := time.Date(2026, 3, 4, 14, 0, 0, 0, time.UTC)
	say := func(name string) Answer {
		return Answer{Question: name, Ask: "?", Text: "One.\n- Two\n- Three", By: "Somebody", At: at, Earlier: 1}
	}
	stamp := func(name incident.StampName, after time.Duration) Stamp {
		return Stamp{Name: name, Title: titles[name], At: at.Add(after), Quality: incident.Human, Source: "told", By: "Somebody", Text: "so", Entry: "E2", Former: []Former{{At: at}}}
	}
	began, opened, well := stamp(incident.ImpactStart, 0), stamp(declared, time.Minute), stamp(mitigated, time.Hour)
	d.Head = Head{
		Key: "INC-1", Title: "A sample", State: Draft, Revision: 1, Owner: "Somebody", Leader: "Somebody", ImpactKind: PartialImpact, Services: []string{"one"}, AsOf: at,
		Incident: Life{Status: incident.Resolved, Severity: 2, Peak: 1, Private: true, Drill: true, Reopened: 1}, TeamZone: time.FixedZone("CET", 3600),
	}
	interval := Interval{Start: began, End: well, Value: between(began, well)}
	d.Impact = Impact{
		Intervals: []Interval{interval, interval}, Duration: interval.Value, Estimate: Estimate{Amount: "5 users", Low: 5, High: 5, Unit: "users", Text: "counted", By: "Somebody", At: at},
		Earlier: []Estimate{{Amount: "4 users", At: at}}, Services: []Service{{Name: "one", Found: foundAffected, State: incident.Bleeding, Reason: "so"}, {Name: "two", Found: foundClear}},
		Told: Told{Done: 1, Of: 2}, Answer: say("impact"),
	}
	m := moments{list: []Stamp{began, opened, absent(incident.CallOpened, "Call open"), well}, episodes: []episode{{start: began, opened: opened, mitigated: well, resolved: well}}}
	d.Speed = Speed{Stamps: m.list, Metrics: m.metrics(interval.Value), Phases: m.phases(), Answer: say("speed")}
	d.Detection = Detection{Source: "alert", Facts: []Fact{{Label: "Found first by", Text: "an alert"}}, Answer: say("detection")}
	d.Timeline.Rows = []Row{{At: at, Kind: SignalRow, Entry: "E2", Who: "Somebody", Text: "first error", Key: true}, {At: at.Add(30 * time.Hour), Kind: NoteRow, Entry: "E3", Text: "a note", Key: true}}
	d.Story = Story{
		Cause: say("cause"), Class: say("class"), Well: say("well"), Hard: say("hard"), Luck: say("luck"), Rejected: say("rejected"), Open: say("open"),
		Repeats: []Earlier{{Key: "INC-0", Title: "Before", On: "2026-01-02", URL: "https://example.org/0"}},
	}
	step := Step{At: at, By: "Somebody", Text: "rolled back"}
	d.Fix = Fix{State: "resolved", Mitigation: step, Permanent: step, Rollbacks: d.Impact.Services, Answer: say("fix")}
	d.Actions = Actions{List: []Action{{ID: "A1", Text: "Alert", DoneWhen: "it fires", Kind: incident.Detects, Tracker: "https://example.org/1", Owner: "Somebody", Due: "2026-03-11", State: incident.ActionOpen, Status: "open"}}, Changes: []string{"moved"}}
	d.People = People{Roles: []Role{{"Leader", "Somebody"}}, Sources: []Source{{"Call", "call", "https://example.org/c"}, {"Log", "log", ""}}, Names: []string{"Somebody"}}
	d.History = []Revision{{Number: 1, Draft: true, Open: 2, At: at, By: "Somebody", Reason: "first"}, {Number: 2, At: at, By: "Somebody", Reason: "again"}}
	d.Waived, d.Edited = []Waived{{By: "Somebody", On: "2026-03-05", Reason: "so"}}, []Edited{{Part: "Fix", Lines: []string{"by hand"}}}
	d.Glance = Glance{Facts: glance(d), Summary: say("summary")}
	return d
}
