package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWithoutAToolAPDFIsRefusedInOneLine(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := pdf(t.Context(), []byte("<p>x")); err == nil || !strings.Contains(err.Error(), "chromium or wkhtmltopdf") || strings.Contains(err.Error(), "\n") {
		t.Errorf("%v", err)
	}
}

func TestAToolThatPrintsNothingIsSaid(t *testing.T) {
	dir := t.TempDir()
	tool := "#!/bin/sh\necho no display >&2\nexit 3\n"
	if err := os.WriteFile(filepath.Join(dir, "wkhtmltopdf"), []byte(tool), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	if _, err := pdf(t.Context(), []byte("<p>x")); err == nil || !strings.Contains(err.Error(), "no display") {
		t.Errorf("%v", err)
	}
}

func TestAPageIsPrinted(t *testing.T) {
	browser := os.Getenv("ROLLCALL_TEST_BROWSER")
	if browser == "" {
		t.Skip("the printing browser is skipped: set ROLLCALL_TEST_BROWSER=/usr/bin/chromium to include it")
	}
	body, err := printed(t.Context(), browser, chromiumArgs, []byte("<!doctype html><title>x</title><p>printed"))
	if err != nil || !bytes.HasPrefix(body, []byte("%PDF-")) {
		t.Errorf("%.20q %v", body, err)
	}
}
