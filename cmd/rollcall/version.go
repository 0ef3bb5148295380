package main

import (
	"context"
	"runtime/debug"
)

type versionCmd struct{}

// Run prints what this program was built from.
func (versionCmd) Run(_ context.Context, p *program) error {
	p.say("rollcall %s", version())
	return nil
}

// version is the module's version and, where the build knows it, the commit.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v := info.Main.Version
	if v == "" {
		v = "(devel)"
	}
	var revision, dirty string
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			revision = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = ", changed since"
		}
	}
	if revision != "" {
		v += " (" + revision[:min(12, len(revision))] + dirty + ")"
	}
	return v
}
