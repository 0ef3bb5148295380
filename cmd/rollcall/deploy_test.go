package main

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
)

// The files below docs/deploy are held to the program here: what they name has to
// exist, and what they allow has to be enough.

const deployFolder = "../../docs/deploy"

func deployed(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(deployFolder, filepath.FromSlash(name)))
	must(t, err)
	return string(b)
}

// ours are the names of the program's settings; others are of somebody else's.
var ours = regexp.MustCompile(`\b(ROLLCALL|SLACK|PAGERDUTY|SENTRY|GOOGLE|ZOOM|DATABASE)_[A-Z_]+\b`)

// TestDeploymentsNameWhatExists reads every file: each setting is one that the
// program reads, each call one that it has.
func TestDeploymentsNameWhatExists(t *testing.T) {
	known := map[string]bool{}
	for _, s := range settings {
		known[s.name] = true
	}
	files := 0
	err := filepath.WalkDir(deployFolder, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		body, err := os.ReadFile(path)
		for _, name := range ours.FindAllString(string(body), -1) {
			if !known[name] {
				t.Errorf("%s: there is no setting %s", path, name)
			}
		}
		return err
	})
	must(t, err)
	if files < 8 {
		t.Errorf("%d files only", files)
	}
}

// drainMost is how long the end takes at most: steps, requests, database.
const drainMost = jobsTimeout + stopTimeout + closeTimeout

// unit reads a systemd unit: the values of each key, in order.
func unit(t *testing.T, name string) map[string][]string {
	t.Helper()
	values := map[string][]string{}
	for line := range strings.Lines(deployed(t, "systemd/"+name)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, "[") {
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		if !ok {
			t.Fatalf("%s: %q", name, line)
		}
		values[key] = append(values[key], value)
	}
	return values
}

func TestTheUnitFitsTheProgram(t *testing.T) {
	service, socket := unit(t, "rollcall.service"), unit(t, "rollcall.socket")
	if got := service["ExecStart"]; len(got) != 1 || !strings.HasSuffix(got[0], "/rollcall serve") {
		t.Errorf("ExecStart=%v", got)
	}
	for key, want := range map[string]string{
		"Type": "notify", "Restart": "always", "NoNewPrivileges": "yes", "ProtectSystem": "strict", "CapabilityBoundingSet": "",
		"StateDirectory": "rollcall", "RuntimeDirectory": "rollcall", "Requires": "rollcall.socket",
	} {
		if got := service[key]; len(got) != 1 || got[0] != want {
			t.Errorf("%s=%v, want %s", key, got, want)
		}
	}
	if n, err := strconv.Atoi(service["TimeoutStopSec"][0]); err != nil || time.Duration(n)*time.Second <= drainMost {
		t.Errorf("TimeoutStopSec=%v, and a drain takes up to %s", service["TimeoutStopSec"], drainMost)
	}
	// The watchdog speaks twice in its time, and while the program drains.
	if n, err := strconv.Atoi(service["WatchdogSec"][0]); err != nil || n < 20 {
		t.Errorf("WatchdogSec=%v", service["WatchdogSec"])
	}
	// More connections than the program takes at once, and files besides.
	if n, err := strconv.Atoi(service["LimitNOFILE"][0]); err != nil || n < 1024 {
		t.Errorf("LimitNOFILE=%v", service["LimitNOFILE"])
	}
	if got := socket["ListenStream"]; len(got) != 1 {
		t.Errorf("ListenStream=%v: one socket is served", got)
	} else if _, err := net.ResolveTCPAddr("tcp", got[0]); err != nil {
		t.Error(err)
	}
	c := environmentOf(t, deployed(t, "systemd/rollcall.env"))
	for _, path := range []string{sqliteFile(c), c.RFO.Dir, c.Server.Socket} {
		if !strings.HasPrefix(path, "/var/lib/rollcall/") && !strings.HasPrefix(path, "/run/rollcall/") {
			t.Errorf("%s cannot be written by the unit", path)
		}
	}
	if !strings.Contains(deployed(t, "litestream/litestream.yml"), "path: "+sqliteFile(c)+"\n") {
		t.Errorf("litestream copies another file than %s", sqliteFile(c))
	}
}

// environmentOf loads a file of settings as the program does.
func environmentOf(t *testing.T, file string) Config {
	t.Helper()
	var environ []string
	for line := range strings.Lines(file) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			environ = append(environ, line)
		}
	}
	p := &program{environ: environ}
	c, err := LoadConfig(p.lookup, environ, func(string) ([]byte, error) { return nil, os.ErrNotExist })
	must(t, err)
	return c
}

func TestTheImageFitsTheProgram(t *testing.T) {
	file := deployed(t, "docker/Dockerfile")
	mod, err := os.ReadFile("../../go.mod")
	must(t, err)
	wanted := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindSubmatch(mod)[1]
	if !strings.Contains(file, "FROM golang:"+string(wanted)+".") {
		t.Errorf("the image is not built with Go %s", wanted)
	}
	for _, want := range []string{
		"-tags netgo,osusergo,sqlite_omit_load_extension", `-extldflags "-static"`, "USER 65532:65532", "HEALTHCHECK NONE",
		`CMD ["serve"]`, "EXPOSE 8080", "VOLUME /data",
	} {
		if !strings.Contains(file, want) {
			t.Errorf("the Dockerfile lacks %s", want)
		}
	}
	for _, line := range regexp.MustCompile(`(?m)^FROM (\S+)`).FindAllStringSubmatch(file, -1) {
		if _, tag, ok := strings.Cut(line[1], ":"); !ok || tag == "latest" {
			t.Errorf("%s is not pinned", line[1])
		}
	}
	env := strings.Join(strings.Fields(regexp.MustCompile(`(?m)^ENV (.*)$`).FindStringSubmatch(file)[1]), "\n")
	if c := environmentOf(t, env); c.Server.Addr != ":8080" || !strings.HasPrefix(sqliteFile(c), "/data/") || !strings.HasPrefix(c.RFO.Dir, "/data/") {
		t.Errorf("%+v", c.Server)
	}
}

// strictly decodes every document of a YAML file, into types that name all that is
// used: a key that stands in the wrong place fails.
func strictly[T any](t *testing.T, file string) (all []T) {
	t.Helper()
	d := yaml.NewDecoder(bytes.NewReader([]byte(file)))
	d.KnownFields(true)
	for {
		var one T
		err := d.Decode(&one)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, one)
	}
}

func TestComposeFitsTheImage(t *testing.T) {
	type closed struct {
		ReadOnly    bool     `yaml:"read_only"`
		CapDrop     []string `yaml:"cap_drop"`
		SecurityOpt []string `yaml:"security_opt"`
		Tmpfs       []string
	}
	type service struct {
		closed                   `yaml:",inline"`
		Build                    map[string]string
		Image, Restart           string
		Ports, Profiles, Volumes []string
		StopGracePeriod          string `yaml:"stop_grace_period"`
		Environment              map[string]string
		DependsOn                map[string]map[string]string `yaml:"depends_on"`
		Healthcheck              map[string]any
	}
	type compose struct {
		Name     string
		Common   service           `yaml:"x-rollcall"`
		Settings map[string]string `yaml:"x-settings"`
		Services map[string]service
		Volumes  map[string]any
	}
	file := strictly[compose](t, deployed(t, "docker/compose.yaml"))[0]
	for name, s := range file.Services {
		for _, v := range s.Volumes {
			volume, _, _ := strings.Cut(v, ":")
			if _, ok := file.Volumes[volume]; !ok {
				t.Errorf("%s: no volume %s", name, volume)
			}
		}
		if !strings.HasPrefix(name, "rollcall") {
			continue
		}
		if grace, err := time.ParseDuration(s.StopGracePeriod); err != nil || grace <= drainMost {
			t.Errorf("%s: stop_grace_period %s, and a drain takes up to %s", name, s.StopGracePeriod, drainMost)
		}
		if s.Build["dockerfile"] != "docs/deploy/docker/Dockerfile" || !s.ReadOnly || !slices.Contains(s.CapDrop, "ALL") || !slices.Contains(s.Tmpfs, "/tmp") {
			t.Errorf("%s: %+v", name, s)
		}
		for key := range s.Environment {
			if !ours.MatchString(key) {
				t.Errorf("%s: the program does not read %s", name, key)
			}
		}
	}
	if len(file.Services) != 3 {
		t.Errorf("%d services", len(file.Services))
	}
}
