//go:build unix

package hooks

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

// apart gives a program a group of processes of its own, so that what it started
// ends with it, and asks it to end before it is made to.
func apart(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error {
		err := syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM)
		if errors.Is(err, syscall.ESRCH) {
			return os.ErrProcessDone
		}
		return err
	}
}

// Executable says in a few words why a file cannot be run; "" when it can.
func Executable(path string) string {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return "there is no such file"
	case err != nil:
		return "it cannot be looked at"
	case info.IsDir():
		return "it is a folder"
	case info.Mode()&0o111 == 0:
		return "it is not executable"
	}
	return ""
}
