package chaos

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
)

// changes are what the newer version writes otherwise: a file, what stands there now, and what instead. Its decisions are a
// newer kind of event of the same name.
var changes = []struct{ file, now, instead string }{
	{"cmd/rollcall/version.go", "v := info.Main.Version\n", "v := info.Main.Version + \"-newer\"\n"},
	{"incident/decide.go", "register[DecisionMade]()", "register[DecisionMade](func(b []byte) ([]byte, error) { return b, nil })"},
}

// newer is the program of a later version, which is built once: the present tree with what is in testdata/newer.
var newer = sync.OnceValues(func() (string, error) {
	former, err := build()
	if err != nil {
		return "", err
	}
	root, err := filepath.Abs("../../..")
	if err != nil {
		return "", err
	}
	dir := filepath.Dir(former)
	if builtAt.Load() == nil { // it was given
		if dir, err = os.MkdirTemp("", "rollcall-chaos"); err != nil {
			return "", err
		}
		builtAt.Store(dir)
	}
	overlay, err := overlaid(root, dir)
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "rollcall-newer")
	out, err := exec.Command("go", "build", "-overlay", overlay, "-o", path, "github.com/rollcall-bot/rollcall/cmd/rollcall").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build the newer program: %w\n%s", err, out)
	}
	return path, nil
})

// overlaid writes what `go build -overlay` wants to know, and the changed files, into a folder.
func overlaid(root, dir string) (path string, err error) {
	replace := map[string]string{}
	const added = "testdata/newer"
	err = fs.WalkDir(os.DirFS(added), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		replace[filepath.Join(root, name)], err = filepath.Abs(filepath.Join(added, name))
		return err
	})
	if err != nil {
		return "", err
	}
	for n, c := range changes {
		body, err := os.ReadFile(filepath.Join(root, c.file))
		if err != nil {
			return "", err
		}
		if strings.Count(string(body), c.now) != 1 {
			return "", fmt.Errorf("%s does not hold %q once: what the newer version changes has to be said anew", c.file, c.now)
		}
		at := filepath.Join(dir, fmt.Sprint("changed", n, ".go"))
		if err := os.WriteFile(at, []byte(strings.Replace(string(body), c.now, c.instead, 1)), 0o600); err != nil {
			return "", err
		}
		replace[filepath.Join(root, c.file)] = at
	}
	body, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	path = filepath.Join(dir, "overlay.json")
	return path, os.WriteFile(path, body, 0o600)
}
