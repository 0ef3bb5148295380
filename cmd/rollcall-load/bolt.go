package main

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// boltApp is what somebody would write who took Bolt for JavaScript: verify, store the line, answer.
//
//go:embed bolt.cjs
var boltApp []byte

// startBolt runs the baseline in a folder that has @slack/bolt and better-sqlite3.
func startBolt(ctx context.Context, modules, dir string, env []string) (*process, error) {
	modules, err := filepath.Abs(modules)
	if err != nil {
		return nil, err
	}
	app := filepath.Join(dir, "bolt.cjs")
	if err := os.WriteFile(app, boltApp, 0o600); err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, "node", app, filepath.Join(dir, "bolt.db"), secret) //nolint:gosec // ours
	env = append(env, "NODE_PATH="+filepath.Join(modules, "node_modules"), "NODE_ENV=production")
	return start(cmd, designBolt, env, func(body []byte) error {
		if string(body) != answered {
			return fmt.Errorf("bolt says %q", body)
		}
		return nil
	})
}
