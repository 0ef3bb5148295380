package rfo

import (
	"strings"
	"time"

	"github.com/rollcall-bot/rollcall/incident"
)

// noActions is how people say that none is needed.
var noActions = lazily(`(?i)\bno (?:further )?actions?\b`)

func (l *linter) count() {
	kept := l.d.Actions.Kept()
	switch {
	case len(kept) > incident.MaxActions:
		l.add(Block, "Actions", "", "There are more than three actions; a longer list is a list of wishes.", "Drop some: `action drop A1 REASON`.")
	case len(kept) == 0 && len(l.d.Actions.List) == 0 && !noActions().MatchString(l.d.Story.Rejected.Text):
		l.add(Block, "Actions", "", "There is no action, and no reason why none is needed.",
			"Type `action @user by DATE TEXT; done when TEXT`, or say under `rfo answer rejected` why no action is worth it.")
	}
}

func (l *linter) owners() {
	for _, a := range l.d.Actions.Kept() {
		where := "Actions, " + a.ID
		switch {
		case a.State == incident.ActionDone:
		case a.Owner == "" || teamNames().MatchString(a.Owner):
			l.add(Block, where, a.Owner, "The action has no person: a team, a channel or a bot does nothing.", "Give it to one person: `action escalate "+a.ID+" @user DATE`.")
		case a.Inactive:
			l.add(Block, where, a.Owner, "The person is not here any more.", "Give it to somebody else: `action escalate "+a.ID+" @user DATE`.")
		}
	}
}

func (l *linter) dates() {
	for _, a := range l.d.Actions.Kept() {
		if a.State != incident.ActionOpen {
			continue
		}
		where := "Actions, " + a.ID
		due, err := time.Parse(dayLayout, a.Due)
		move := "Type `action move " + a.ID + " DATE REASON`."
		switch {
		case err != nil:
			l.add(Block, where, a.Due, "The action has no date.", move)
		case due.Format(dayLayout) < l.today.UTC().Format(dayLayout):
			l.add(Block, where, a.Due, "The date is past and the action is open.", "Do it, or say why it moves: `action move "+a.ID+" DATE REASON`.")
		case due.After(a.Added.Add(2*l.sprint)) && !a.Excused:
			l.add(Block, where, a.Due, "The date is more than two sprints away, without a reason.", "Cut it smaller, or give the reason: `action move "+a.ID+" DATE REASON`.")
		}
	}
}

func (l *linter) vague() {
	for _, a := range l.d.Actions.Kept() {
		if found := vagueOpening().FindString(a.Text); found != "" && a.DoneWhen == "" {
			l.add(Block, "Actions, "+a.ID, a.Text, "“"+strings.TrimSpace(found)+"” is a good intention: nobody can tell when it is done.",
				"Begin with what will be different, such as “Alert when …”, “Refuse …”, and add `; done when TEXT`.")
		}
	}
}

func (l *linter) doneWhen() {
	for _, a := range l.d.Actions.Kept() {
		where := "Actions, " + a.ID
		if a.DoneWhen == "" && !vagueOpening().MatchString(a.Text) { // a vague one is L08's
			l.add(Warn, where, a.Text, "The action does not say when it is done.", "Add it after the text: `; done when the alert fires in a drill`.")
		}
		if a.Kind == "" {
			l.add(Warn, where, a.Text, "The action has no type: whether it prevents, detects, mitigates or changes how we work.",
				"Write the type in front of the text: `"+string(a.guessedKind())+": …`, with `action replace "+a.ID+"`.")
		}
		if a.Tracker == "" {
			l.add(Warn, where, a.Text, "The action has no link to a tracker: who plans work there does not see it.", "Add it at the end: `; tracker https://…`, with `action replace "+a.ID+"`.")
		}
	}
}

// guessedKind is the type that the words of an action suggest.
func (a Action) guessedKind() incident.ActionKind {
	switch text := a.Text + " " + a.DoneWhen; {
	case detectWords().MatchString(text):
		return incident.Detects
	case processWords().MatchString(a.Text):
		return incident.Processes
	}
	return incident.Prevents
}

func (l *linter) kinds() {
	kept := l.d.Actions.Kept()
	for _, a := range kept {
		if a.Kind == incident.Processes {
			continue
		}
		if a.Kind != "" {
			return
		}
		text := a.Text + " " + a.DoneWhen
		if !processWords().MatchString(a.Text) || detectWords().MatchString(text) || preventWords().MatchString(text) {
			return
		}
	}
	if len(kept) > 0 {
		l.add(Warn, "Actions", kept[0].Text, "All actions rely on people to remember; none prevents or detects.",
			"Ask whether a lint, a test, a type, a limit, an alert or a deploy gate can do it.")
	}
}

func (l *linter) detects() {
	if l.d.Detection.Source != "customer" {
		return
	}
	for _, a := range l.d.Actions.List {
		if a.Kind == incident.Detects || detectWords().MatchString(a.Text+" "+a.DoneWhen) {
			return
		}
	}
	severity, why := Warn, "A customer found it first, and no action would find it earlier next time."
	if missingTest().MatchString(l.d.Detection.Answer.Text) {
		severity, why = Block, "A customer found it first, the test or alert is missing, and no action adds it."
	}
	l.add(severity, "Actions", "", why, "Add the alert or the end-to-end test that would have told you first as an action.")
}
