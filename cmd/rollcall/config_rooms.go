package main

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/rollcall-bot/rollcall/bot/calls/mint"
)

// mostRooms bounds the rooms that are kept ready: more are never needed at once, and a provider counts them.
const mostRooms = 20

var (
	// kindRooms is how many rooms are kept ready.
	kindRooms = kind[int]{noun: "a number from 1 to " + strconv.Itoa(mostRooms), try: "3", parse: func(s string) (int, error) {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > mostRooms {
			return 0, errNotOne
		}
		return n, nil
	}}
	kindMeetAccess = kindMatching("open or trusted", "open", `open|trusted`)
	// kindEmails are several addresses.
	kindEmails = kind[[]string]{noun: "a list of e-mail addresses, separated by commas", try: "incidents1@example.org,incidents2@example.org", parse: func(s string) ([]string, error) {
		var all []string
		for one := range strings.SplitSeq(s, ",") {
			address, err := kindEmail.parse(strings.TrimSpace(one))
			if err != nil {
				return nil, err
			}
			if !slices.Contains(all, address) {
				all = append(all, address)
			}
		}
		return all, nil
	}}
)

// calls says whether a provider is one of those in use.
func (c *Config) calls(provider string) bool {
	return slices.ContainsFunc(c.Practice.Call, func(p CallProvider) bool { return p.Kind == provider })
}

// readMeetKey reads the service account's key, when it is needed.
func (c *Config) readMeetKey(readFile func(string) ([]byte, error)) error {
	m := &c.Rooms.Meet
	if m.KeyFile == "" || !c.calls("meet") {
		return nil
	}
	key, err := readFile(m.KeyFile)
	var at *fs.PathError
	if errors.As(err, &at) {
		err = at.Err
	}
	if err != nil {
		return &ConfigError{Key: "MEET_CREDENTIALS_FILE", What: quoteValue(m.KeyFile), Why: "cannot be read (" + err.Error() + ")", Try: "look at its path and rights"}
	}
	if err := mint.CheckMeetKey(key); err != nil {
		return &ConfigError{Key: "MEET_CREDENTIALS_FILE", What: quoteValue(m.KeyFile), Why: err.Error(), Try: "make a JSON key under Keys of the service account in the Google Cloud console"}
	}
	m.Key = NewSecret(string(key))
	return nil
}

// checkRooms wants whatever is needed to make rooms at the call providers in use.
func checkRooms(c *Config, file *fileReader) *ConfigError {
	type part struct {
		name string
		set  bool
	}
	m, z := c.Rooms.Meet, c.Rooms.Zoom
	meet := []part{{"MEET_CREDENTIALS_FILE", m.KeyFile != ""}, {"MEET_USER", m.User != ""}}
	if m.KeyFile == "" && (m.ClientID != "" || m.ClientSecret.IsSet() || m.RefreshToken.IsSet()) {
		meet = []part{{"MEET_CLIENT_ID", m.ClientID != ""}, {"MEET_CLIENT_SECRET", m.ClientSecret.IsSet()}, {"MEET_REFRESH_TOKEN", m.RefreshToken.IsSet()}}
	}
	for provider, parts := range map[string][]part{
		"meet": meet,
		"zoom": {{"ZOOM_ACCOUNT_ID", z.AccountID != ""}, {"ZOOM_CLIENT_ID", z.ClientID != ""}, {"ZOOM_CLIENT_SECRET", z.ClientSecret.IsSet()}, {"ZOOM_HOSTS", len(z.Hosts) > 0}},
	} {
		if !c.calls(provider) {
			continue
		}
		for _, p := range parts {
			if p.set {
				continue
			}
			e := &ConfigError{Key: p.name, Why: "is not set, but the call provider " + provider + " needs it"}
			out := callVariable
			at := slices.IndexFunc(c.Practice.Call, func(one CallProvider) bool { return one.Kind == provider })
			if line, inFile := file.lines[fmt.Sprintf("call[%d]", at)]; inFile {
				e.File, e.Line, out = file.name, line, "call"
			}
			e.Try = "set it, try " + settingNamed(p.name).try + " (docs/calls.md tells how to get it), or take " + provider + " out of " + out
			return e
		}
	}
	return nil
}
