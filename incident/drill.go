package incident

import "time"

// markDrill has every direct message of a drill begin with saying so: whoever reads
// it does not see the channel. A text that says so itself is given "drill".
func (i *Incident) markDrill(effects []Effect) {
	if !i.Identity.Drill {
		return
	}
	for n, e := range effects {
		if _, marked := e.Say.Args["drill"]; e.Kind == Tell && !marked {
			effects[n].Say = say("drill.tell", "drill", true, "what", e.Say)
		}
	}
}

// score is how a practice went, for a short message at its end: times since it
// was opened, and what was kept of the rules that an outage goes by. Only a drill
// has one.
func (i *Incident) score() []Effect {
	if !i.Identity.Drill {
		return nil
	}
	since := func(name StampName) (time.Duration, bool) {
		points := i.Stamps[name]
		if len(points) == 0 {
			return 0, false
		}
		return points[0].At.Sub(i.Identity.OpenedAt), true
	}
	call, called := since(CallOpened)
	led, leads := since(LeaderAccepted)
	task, owned := since(TaskOwned)
	settled, total := i.Board.RollbackCount()
	sent := 0
	for _, u := range i.Log.Updates {
		if u.State == UpdateSent {
			sent++
		}
	}
	detected, _ := i.Stamps.Last(Detected)
	return []Effect{{Kind: Post, Say: say("drill.score", "key", i.Key(),
		"called", called, "call", call, "leads", leads, "led", led, "owned", owned, "task", task,
		"settled", settled, "total", total, "sent", sent, "due", sent+i.Log.Missed, "detected", detected.Source,
		"owner", i.reviewer())}}
}
