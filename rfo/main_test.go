package rfo_test

import (
	"flag"
	"os"
	"testing"
)

// TestMain draws fewer documents under the race detector: nothing in this package
// runs beside anything else, so that what it could find it finds in the first. The
// full number is drawn without it (make test), and by make chaos.
func TestMain(m *testing.M) {
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.checks" })
	if raced && !given {
		if err := flag.Set("rapid.checks", "20"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}
