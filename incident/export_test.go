package incident

import (
	"maps"
	"slices"
)

// Verbs lists every verb of the table of rights.
func Verbs() []string { return slices.Sorted(maps.Keys(rights)) }

// ClockKinds lists every kind of clock.
func ClockKinds() []string { return slices.Sorted(maps.Keys(clocks)) }
