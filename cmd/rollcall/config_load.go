package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	_ "embed"

	"github.com/rollcall-bot/rollcall/incident/near"
)

//go:embed config_default.yaml
var defaultPractice []byte

// LoadConfig reads the settings: the environment first, then rollcall.yaml for what is structured. It stops at the first
// thing that is wrong with a *ConfigError, which is one clear line. env looks a variable up and environ lists all
// of them as NAME=VALUE (os.LookupEnv and os.Environ); a variable that is empty counts as not set.
func LoadConfig(env func(string) (string, bool), environ []string, readFile func(string) ([]byte, error)) (Config, error) {
	if err := unknownVariables(environ); err != nil {
		return Config{}, err
	}
	var c Config
	given := map[string]bool{}
	for _, s := range settings {
		value, _ := env(s.name)
		value = strings.TrimSpace(value)
		given[s.name] = value != ""
		if value == "" {
			value = s.def
		}
		if value == "" {
			continue
		}
		if err := s.set(&c, value); err != nil {
			return Config{}, refuseValue(s.name, value, s.secret, s.kind, s.try, err)
		}
	}
	fromEnv := c.Practice.Call
	if err := (&fileReader{name: "the defaults"}).read(defaultPractice, &c.Practice); err != nil {
		return Config{}, err
	}
	file := &fileReader{name: c.File}
	if err := file.open(&c, given[configVariable], readFile); err != nil {
		return Config{}, err
	}
	if given[callVariable] {
		c.Practice.Call = fromEnv
		maps.DeleteFunc(file.lines, func(key string, _ int) bool { return strings.HasPrefix(key, "call[") })
	}
	if err := c.readMeetKey(readFile); err != nil {
		return Config{}, err
	}
	if err := checkConfig(&c, file); err != nil {
		return Config{}, err
	}
	c.finish()
	return c, nil
}

// open reads the file where there is one. A file that was not asked for may be missing.
func (r *fileReader) open(c *Config, must bool, readFile func(string) ([]byte, error)) error {
	content, err := readFile(c.File)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !must:
		c.File = ""
		return nil
	case err != nil:
		// The system's error repeats the path; its cause is enough.
		var at *fs.PathError
		if errors.As(err, &at) {
			err = at.Err
		}
		return &ConfigError{Key: configVariable, What: quoteValue(c.File), Why: fmt.Sprintf("cannot be read (%v)", err), Try: "try /etc/rollcall/rollcall.yaml, or unset it"}
	}
	return r.read(content, &c.Practice)
}

// finish puts together what follows from what was given.
func (c *Config) finish() {
	if c.Server.MetricsAddr == c.Server.Addr {
		c.Server.MetricsAddr = "" // the same listener, said twice
	}
	for _, p := range c.Practice.Call {
		if host := p.host(); host != "" && !slices.Contains(c.Practice.CallHosts, host) {
			c.Practice.CallHosts = append(c.Practice.CallHosts, host)
		}
	}
}

// kubernetesForm are the variables that it puts into every container for a Service whose name begins with "rollcall".
var kubernetesForm = lazily(`^ROLLCALL_(?:[A-Z0-9_]+_)?(?:SERVICE_HOST|SERVICE_PORT(?:_[A-Z0-9_]+)?|PORT(?:_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)?)=`)

// kubernetesPortForm is the number of one port, as in ROLLCALL_PORT_80_TCP_PORT.
var kubernetesPortForm = lazily(`_PORT_\d+_[A-Z]+_PORT$`)

// foreignVariable says whether a variable that looks like ours is somebody else's.
func foreignVariable(pair string) bool {
	if strings.HasPrefix(pair, "ROLLCALL_TEST_") { // what the tests are told
		return true
	}
	if !kubernetesForm().MatchString(pair) {
		return false
	}
	name, value, _ := strings.Cut(pair, "=")
	// A bare ROLLCALL_PORT is Kubernetes's only as an address: a number there is an operator who means ROLLCALL_ADDR.
	return !strings.HasSuffix(name, "_PORT") || strings.HasSuffix(name, "_SERVICE_PORT") || strings.Contains(value, "://") ||
		kubernetesPortForm().MatchString(name)
}

// unknownVariables refuses ROLLCALL_ variables that nobody reads: a typing error would otherwise be a default in disguise.
func unknownVariables(environ []string) error {
	var unknown []string
	for _, pair := range environ {
		name, value, _ := strings.Cut(pair, "=")
		if strings.HasPrefix(name, "ROLLCALL_") && value != "" && settingNamed(name) == nil && !foreignVariable(pair) {
			unknown = append(unknown, name)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	slices.Sort(unknown)
	name := unknown[0]
	e := &ConfigError{Key: name, Why: "is not a setting", Try: "unset it, or see docs/configuration.md for what there is"}
	if bare := strings.TrimPrefix(name, "ROLLCALL_"); settingNamed(bare) != nil {
		e.Try = "did you mean " + bare + "?"
		return e
	}
	var known []string
	for _, s := range settings {
		known = append(known, s.name)
	}
	if meant := nearestName(name, known); meant != "" {
		e.Try = "did you mean " + meant + "?"
	}
	return e
}

// nearestName is the known word that a wrong one was meant to be; empty when none is near.
func nearestName(wrong string, known []string) string {
	best, _ := near.Within(max(2, len(wrong)/5), wrong, known)
	return best
}
