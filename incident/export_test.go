package incident

import (
	"maps"
	"slices"
)

// Verbs lists every verb of the table of rights that changes something.
func Verbs() []string {
	verbs := slices.Sorted(maps.Keys(rights))
	return slices.DeleteFunc(verbs, func(v string) bool { return slices.Contains([]string{"list", "overdue", "similar"}, v) })
}

// ClockKinds lists every kind of clock.
func ClockKinds() []string { return slices.Sorted(maps.Keys(clocks)) }
