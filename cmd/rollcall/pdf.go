package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// pdfTimeout bounds the program that prints a page; a page takes a second or two.
const pdfTimeout = time.Minute

// pdfTools are the programs that print a page, the best first, and how they are
// called. The page needs nothing from a network, and they are told so.
var pdfTools = []struct {
	name string
	args func(page, out, home string) []string
}{
	{"chromium", chromiumArgs},
	{"chromium-browser", chromiumArgs},
	{"google-chrome", chromiumArgs},
	{"wkhtmltopdf", func(page, out, _ string) []string {
		return []string{"--quiet", "--print-media-type", "--disable-javascript", "--disable-external-links", page, out}
	}},
}

func chromiumArgs(page, out, home string) []string {
	args := []string{
		"--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
		"--disable-sync", "--user-data-dir=" + home, "--no-pdf-header-footer", "--print-to-pdf=" + out,
	}
	if os.Geteuid() == 0 { // it refuses to run as root otherwise; the page is ours and has no scripts
		args = append(args, "--no-sandbox")
	}
	return append(args, "file://"+page)
}

// pdf prints a page by whichever program is installed.
func pdf(ctx context.Context, page []byte) (body []byte, err error) {
	for _, tool := range pdfTools {
		path, err := exec.LookPath(tool.name)
		if err != nil {
			continue
		}
		return printed(ctx, path, tool.args, page)
	}
	return nil, errors.New("a PDF needs chromium or wkhtmltopdf, and neither is installed: install one, or print --format html from a browser")
}

func printed(ctx context.Context, tool string, args func(page, out, home string) []string, page []byte) (body []byte, err error) {
	dir, err := os.MkdirTemp("", "rollcall-pdf-")
	if err != nil {
		return nil, fmt.Errorf("make a folder to print in: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	from, to := filepath.Join(dir, "rfo.html"), filepath.Join(dir, "rfo.pdf")
	if err := os.WriteFile(from, page, 0o600); err != nil {
		return nil, fmt.Errorf("write the page to print: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, pdfTimeout)
	defer cancel()
	out, ran := exec.CommandContext(ctx, tool, args(from, to, filepath.Join(dir, "profile"))...).CombinedOutput() //nolint:gosec // one of pdfTools, on a file of ours
	if body, err = os.ReadFile(to); err != nil || len(body) == 0 {                                                //nolint:gosec // a file of ours
		if ran == nil {
			ran = errors.New("it ended well")
		}
		return nil, fmt.Errorf("%s printed nothing (%w): %.300s", tool, ran, out)
	}
	return body, nil
}
