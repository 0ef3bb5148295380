package chaos

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// TestTheJudgeOfASoakFindsALeak leaks what half an hour of a real leak would, a little with every sample, and holds the
// judge to finding it; and to finding none where figures only go up and down.
func TestTheJudgeOfASoakFindsALeak(t *testing.T) {
	const samples = 360 // one every five seconds
	for _, g := range gauges {
		r := rand.New(rand.NewPCG(uint64(Seed()), 1))
		level, noise := map[string]float64{"MB": 80, "": 40}[g.As], 0.06
		run := func(leak float64) []float64 {
			var list []float64
			for n := range samples {
				v := level*(1+noise*(r.Float64()-0.5)) + leak*float64(n)
				list = append(list, v*g.Unit)
			}
			return list
		}
		if said, err := g.Judge(run(0)); err != nil {
			t.Errorf("nothing leaks: %v (%s)", err, said)
		}
		// 50 KB with each sample, 10 KB a second; or one thing in 50 s.
		leak := map[string]float64{"MB": 0.05, "": 0.1}[g.As]
		if said, err := g.Judge(run(leak)); err == nil {
			t.Errorf("a leak was not found: %s", said)
		}
		if _, err := g.Judge(run(-leak / 2)); err != nil {
			t.Errorf("what becomes less is no leak: %v", err)
		}
		if _, err := g.Judge(nil); err == nil {
			t.Error("no samples were taken for a flat line")
		}
	}
	// A jump in the first fifth is the start, and one in the last is a leak.
	g := Gauge{Name: "things", Unit: 1, Share: 0.1}
	for at, leaks := range map[int]bool{10: false, 80: true} {
		list := make([]float64, 100)
		for n := range list {
			if list[n] = 10; n >= at {
				list[n] = 20
			}
		}
		if said, err := g.Judge(list); (err != nil) != leaks {
			t.Errorf("a jump at %s of a hundred: %s, %v", fmt.Sprint(at), said, err)
		}
	}
}
