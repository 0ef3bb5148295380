package storagetest

import (
	"flag"
	"os"
	"testing"
)

// atOnce is how many tests run beside each other: they wait for databases, not for
// the processor.
const atOnce = "8"

func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", atOnce); err != nil {
		panic(err)
	}
	drop := KeepTemplate()
	code := m.Run()
	drop()
	os.Exit(code)
}
