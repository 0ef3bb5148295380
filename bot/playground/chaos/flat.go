package chaos

import (
	"fmt"
	"slices"
	"strings"
)

// Gauge is something of a program that has to stay as it is however long it runs.
type Gauge struct {
	Name string
	Unit float64 // what a figure is divided by to be shown
	As   string  // what the unit is called
	// Share and Beyond are how much more than in the second fifth of the time the last fifth may have: a part of it,
	// and a number on top.
	Share, Beyond float64
}

// Judge compares the median of the second fifth of the samples with that of the last one. The first fifth is left out:
// a program that has just begun still fills what it keeps. Medians, because a collector of garbage and a log that is
// copied back go up and down all the time. It returns how it reads, and an error when it grew by more than it may.
func (g Gauge) Judge(samples []float64) (said string, err error) {
	if len(samples) < 5 {
		return "", fmt.Errorf("%s: %d samples are too few", g.Name, len(samples))
	}
	fifth := len(samples) / 5
	early, late := medianOf(samples[fifth:2*fifth]), medianOf(samples[len(samples)-fifth:])
	said = strings.TrimSpace(fmt.Sprintf("%s %.4g → %.4g %s", g.Name, early/g.Unit, late/g.Unit, g.As))
	if most := early*(1+g.Share) + g.Beyond; late > most {
		return said, fmt.Errorf("%s grows: %s, at most %.4g", g.Name, said, most/g.Unit)
	}
	return said, nil
}

func medianOf(samples []float64) float64 {
	sorted := slices.Sorted(slices.Values(samples))
	return sorted[len(sorted)/2]
}
