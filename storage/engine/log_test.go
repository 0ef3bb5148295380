package engine

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
)

func TestTheLogOfJobsHasWarningsOnly(t *testing.T) {
	for level, want := range map[slog.Level]string{slog.LevelInfo: "failed", slog.LevelDebug: "counts failed", slog.LevelError: ""} {
		var out bytes.Buffer
		log := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: level}))
		c := RiverConfig(Config{Log: log, NewID: func() string { return "1" }}, Jobs{})
		c.Logger.With("a", 1).WithGroup("g").Info("counts")
		c.Logger.With("a", 1).WithGroup("g").Warn("failed")
		var got []string
		for _, word := range []string{"counts", "failed"} {
			if strings.Contains(out.String(), "msg="+word) {
				got = append(got, word)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("at %s: %v, want %q", level, got, want)
		}
	}
}
