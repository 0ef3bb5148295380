package incident

import "slices"

// Idle are those of the people who have no open task and joined none, without the
// leader, whose task it is to divide the work. The order is kept.
func (i *Incident) Idle(people []PersonID) []PersonID {
	var idle []PersonID
	for _, who := range people {
		busy := slices.ContainsFunc(i.Board.OpenTasks(), func(t Task) bool { return t.Owner == who || slices.Contains(t.Joined, who) })
		if who != System && who != i.Leadership.Leader && !busy && !slices.Contains(idle, who) {
			idle = append(idle, who)
		}
	}
	return idle
}
