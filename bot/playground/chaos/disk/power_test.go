package disk_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/bot/playground/chaos"
	"github.com/rollcall-bot/rollcall/bot/playground/chaos/disk"
)

// lives is how often the program is opened and closed while the disk is recorded: its log is removed and made again.
const lives = 3

// TestPowerCutsLoseNothingAnswered records what the program asks of the disk while people type, cuts the power at random
// operations, drops or keeps what was not synced as disks do, and opens what is left. Every command that had been answered
// by then has to be in it. The same on a database with synchronous NORMAL has to lose some, or the experiment is no good.
func TestPowerCutsLoseNothingAnswered(t *testing.T) {
	images, typed := chaos.Count(24, 200), chaos.Count(60, 600)
	full := powerCuts(t, images, typed)
	if full.lost > 0 || full.damaged > 0 {
		t.Errorf("%d answered commands lost, %d images damaged", full.lost, full.damaged)
	}
	disk.Weaken(true)
	normal := powerCuts(t, images, typed)
	if normal.lost == 0 {
		t.Error("with synchronous NORMAL nothing was lost either: the experiment proves nothing")
	}
	chaos.Figure{
		Program: "power cuts: writes that were not synced are dropped or reordered", Seed: chaos.Seed(),
		Count: fmt.Sprintf("%d images, %d commands, %d syncs; and as many with synchronous NORMAL", images, full.saved, full.syncs),
		Result: fmt.Sprintf("FULL: %d commands lost in %d images, %d images damaged; NORMAL, as a check that the experiment bites: lost in %d images",
			full.lost, full.images, full.damaged, normal.images),
	}.Show(t)
}

// cuts is what a series of power cuts came to.
type cuts struct {
	saved, syncs int
	lost, images int // commands that are lost in an image, and images in which some are
	damaged      int
}

func powerCuts(t *testing.T, images, typed int) (c cuts) {
	t.Helper()
	p := newProgram(t)
	disk.Record()
	var all []said
	for range lives {
		p.open()
		all = append(all, p.does("open Outage"))
		all = append(all, p.type4("INC-1", typed/lives)...)
		p.close()
	}
	trace := disk.Stop()
	c.saved, c.syncs = len(all), trace.Syncs()
	r := rand.New(rand.NewPCG(uint64(chaos.Seed()), 2))
	var points []int64
	for range images {
		points = append(points, 1+r.Int64N(trace.Len()))
	}
	slices.Sort(points)
	player := trace.Play()
	for n, point := range points {
		player.To(point)
		loss := disk.Losses[n%len(disk.Losses)]
		lost, damaged := p.after(player, point, loss, r, all)
		if damaged {
			c.damaged++
		}
		if c.lost += lost; lost > 0 {
			c.images++
		}
	}
	return c
}

// type4 types in four hands at once, so that commands share a commit.
func (p *program) type4(key string, n int) (all []said) {
	var mu sync.Mutex
	var hands sync.WaitGroup
	for hand := range 4 {
		hands.Go(func() {
			for range n / 4 {
				s := p.says(key + []string{" note", " title Outage", " note", " impact"}[hand])
				mu.Lock()
				if s.answer.Kind == bot.Done {
					all = append(all, s)
				} else {
					p.t.Errorf("%s was answered (%s): %s", key, s.answer.Kind, s.answer.Text)
				}
				mu.Unlock()
			}
		})
	}
	hands.Wait()
	return all
}

// after opens what a power cut left and counts what is not in it although it had been answered.
func (p *program) after(player *disk.Player, point int64, loss disk.Loss, r *rand.Rand, all []said) (lost int, damaged bool) {
	p.t.Helper()
	dir := p.t.TempDir()
	if err := player.Image(dir, loss, r); err != nil {
		p.t.Fatal(err)
	}
	image := &program{t: p.t, path: filepath.Join(dir, "rollcall.db")}
	events, damage, err := log(p.t.Context(), image.path)
	if err != nil || damage != "ok" {
		p.t.Errorf("operation %d, %s: %s %v", point, loss, damage, err)
		return 0, true
	}
	for _, s := range all {
		if s.at <= point && !strings.Contains(events, s.token) {
			lost++
		}
	}
	image.open() // the program itself takes what it finds
	defer image.close()
	if err := image.store.Ping(p.t.Context()); err != nil {
		p.t.Errorf("operation %d, %s: the program cannot write any more: %v", point, loss, err)
		return lost, true
	}
	return lost, false
}
