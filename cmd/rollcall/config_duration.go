package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

var durationForm = lazily(`^(?:(\d{1,5})w)?(?:(\d{1,5})d)?(?:(\d{1,5})h)?(?:(\d{1,6})m)?(?:(\d{1,8})s)?$`)

// durationUnits are the groups of durationForm. A day is 24 hours and a week seven days, whatever the clocks do.
var durationUnits = []struct {
	sign string
	is   time.Duration
}{{"w", 7 * 24 * time.Hour}, {"d", 24 * time.Hour}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second}}

// maxDuration is where a duration is a typing error.
const maxDuration = 2 * 366 * 24 * time.Hour

// kindDuration is a time span as people write it: 30m, 2w, 1h30m.
var kindDuration = kind[time.Duration]{noun: "a duration (numbers with w, d, h, m, s)", try: "30m", parse: func(s string) (time.Duration, error) {
	groups := durationForm().FindStringSubmatch(s)
	if groups == nil || s == "" {
		return 0, errNotOne
	}
	var sum time.Duration
	for i, unit := range durationUnits {
		if groups[i+1] == "" {
			continue
		}
		n, err := strconv.Atoi(groups[i+1])
		if err != nil {
			return 0, errNotOne
		}
		sum += time.Duration(n) * unit.is
		if sum > maxDuration {
			return 0, errors.New("is more than two years")
		}
	}
	if sum == 0 {
		return 0, errors.New("is no time at all")
	}
	return sum, nil
}}

// formatDuration writes a duration of whole seconds as it is typed.
func formatDuration(d time.Duration) string {
	var b strings.Builder
	for _, unit := range durationUnits {
		if n := d / unit.is; n > 0 {
			fmt.Fprintf(&b, "%d%s", n, unit.sign)
			d -= n * unit.is
		}
	}
	if b.Len() == 0 {
		return "0s"
	}
	return b.String()
}
