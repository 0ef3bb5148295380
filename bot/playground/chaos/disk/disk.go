// Package disk is a disk that forgets what was not synced, and that fails when it is told to: a layer between SQLite and
// the system's files, for experiments. Install puts it under every database that this process opens from then on.
//
// It is for tests only; nothing but tests imports it.
package disk

/*
#cgo linux LDFLAGS: -Wl,--unresolved-symbols=ignore-in-object-files
#cgo darwin LDFLAGS: -Wl,-undefined,dynamic_lookup
#include "disk.h"
*/
import "C"

import (
	"errors"
	"sync"
	"unsafe"

	_ "github.com/mattn/go-sqlite3" // SQLite itself, in which the layer is registered
)

var install = sync.OnceValue(func() error {
	if C.disk_install() != 0 {
		return errors.New("SQLite did not take the layer")
	}
	return nil
})

// Install puts the layer under SQLite, once.
func Install() error { return install() }

// Record begins to write down what happens to files, from nothing. The files must be new.
func Record() { C.disk_record(1) }

// Weaken has every database that is opened from now on run with synchronous NORMAL, whatever its user asks for: an
// experiment that finds no loss has to find one then.
func Weaken(on bool) { C.disk_weaken(flag(on)) }

// Failure says what fails.
type Failure struct {
	Nth     int64 // operation from now on that changes the disk; 0 for none
	NoSpace bool  // ENOSPC; otherwise EIO
	Sticky  bool  // everything after it fails too, until Heal
}

// Fail has the disk fail.
func Fail(f Failure) { C.disk_fail_at(C.longlong(f.Nth), flag(f.NoSpace), flag(f.Sticky)) }

// Heal ends a failure.
func Heal() { Fail(Failure{}) }

// Failed says how many operations have failed since Fail.
func Failed() int { return int(C.disk_failed()) }

// Operations counts what has changed the disk since Record. What was done before a number was read is among as many.
func Operations() int64 { return int64(C.disk_operations()) }

// Stop ends the recording and returns it.
func Stop() Trace {
	C.disk_record(0)
	var size C.longlong
	all := C.disk_trace(&size)
	return parse(unsafe.Slice((*byte)(all), int(size)))
}

func flag(on bool) C.int {
	if on {
		return 1
	}
	return 0
}
