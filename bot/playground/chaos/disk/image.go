package disk

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// sector is what a disk writes whole, or not at all.
const sector = 512

// kind is what happened; the numbers are those of disk.h.
type kind int32

const (
	opened kind = iota + 1
	written
	truncated
	synced
	removed
)

// operation is one entry of the record.
type operation struct {
	kind kind
	file int32
	at   int64 // offset or size; 1 where the folder is synced too
	n    int64 // its number, from 1
	data []byte
}

// Trace is what happened to the disk, in order.
type Trace struct{ all []operation }

// Len is the number of the last operation.
func (t Trace) Len() int64 {
	if len(t.all) == 0 {
		return 0
	}
	return t.all[len(t.all)-1].n
}

// Syncs counts how often a file was synced.
func (t Trace) Syncs() (n int) {
	for _, o := range t.all {
		if o.kind == synced {
			n++
		}
	}
	return n
}

func parse(raw []byte) (t Trace) {
	const head = 28
	for len(raw) >= head {
		o := operation{
			kind: kind(binary.NativeEndian.Uint32(raw)), file: int32(binary.NativeEndian.Uint32(raw[4:])),
			at: int64(binary.NativeEndian.Uint64(raw[8:])), n: int64(binary.NativeEndian.Uint64(raw[16:])),
		}
		size := int(binary.NativeEndian.Uint32(raw[24:]))
		o.data = bytes.Clone(raw[head : head+size])
		t.all = append(t.all, o)
		raw = raw[head+size:]
	}
	return t
}

// file is one inode: what a power cut leaves of it for certain, and what it may leave.
type file struct {
	name    string
	certain []byte
	pending []operation
}

// folder is the one folder of the files.
type folder struct {
	certain map[string]int32 // name to inode
	pending []operation      // opened and removed ones, which are kept in order
}

// Player goes through a record and can stop anywhere.
type Player struct {
	t      Trace
	next   int
	files  map[int32]*file
	folder folder
}

// Play begins at the beginning.
func (t Trace) Play() *Player {
	return &Player{t: t, files: map[int32]*file{}, folder: folder{certain: map[string]int32{}}}
}

// To goes on until an operation, which is the last one before the power is cut.
func (p *Player) To(n int64) {
	for ; p.next < len(p.t.all) && p.t.all[p.next].n <= n; p.next++ {
		o := p.t.all[p.next]
		f := p.files[o.file]
		switch o.kind {
		case opened:
			p.files[o.file] = &file{name: filepath.Base(string(o.data))}
			p.folder.pending = append(p.folder.pending, o)
		case written, truncated:
			f.pending = append(f.pending, o)
		case synced:
			for _, w := range f.pending {
				f.certain = apply(f.certain, w)
			}
			f.pending = nil
			if o.at == 1 {
				p.syncFolder()
			}
		case removed:
			if p.folder.pending = append(p.folder.pending, o); o.at == 1 {
				p.syncFolder()
			}
		}
	}
}

func (p *Player) syncFolder() {
	p.folder.certain, p.folder.pending = p.names(len(p.folder.pending)), nil
}

// names are the names in the folder when the first few changes to it have survived.
func (p *Player) names(survived int) map[string]int32 {
	now := map[string]int32{}
	for name, id := range p.folder.certain {
		now[name] = id
	}
	for _, o := range p.folder.pending[:survived] {
		name := p.files[o.file].name
		if o.kind == opened {
			now[name] = o.file
		} else if now[name] == o.file {
			delete(now, name)
		}
	}
	return now
}

func apply(content []byte, o operation) []byte {
	if o.kind == truncated {
		if int(o.at) <= len(content) {
			return content[:o.at]
		}
		return append(content, make([]byte, int(o.at)-len(content))...)
	}
	if end := int(o.at) + len(o.data); end > len(content) {
		content = append(content, make([]byte, end-len(content))...)
	}
	copy(content[o.at:], o.data)
	return content
}

// Loss is how a power cut treats what was not synced.
type Loss string

// The ways.
const (
	All     Loss = "all lost"
	Sectors Loss = "any sectors lost" // in any order: a later write may survive an earlier one
	Tail    Loss = "the last lost"
	None    Loss = "none lost" // as when only the program dies
)

// Losses are all ways.
var Losses = []Loss{All, Sectors, Tail, None}

// Image writes into a folder what a power cut now leaves.
func (p *Player) Image(dir string, loss Loss, r *rand.Rand) error {
	survived := 0
	switch loss {
	case Sectors, Tail:
		survived = r.IntN(len(p.folder.pending) + 1)
	case None:
		survived = len(p.folder.pending)
	case All:
	}
	for name, id := range p.names(survived) {
		content := p.files[id].after(loss, r)
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			return fmt.Errorf("write an image: %w", err)
		}
	}
	return nil
}

// after is a file's content after a loss.
func (f *file) after(loss Loss, r *rand.Rand) []byte {
	content := bytes.Clone(f.certain)
	most := len(f.pending)
	switch loss {
	case All:
		return content
	case Tail:
		most = r.IntN(most + 1)
	case Sectors, None:
	}
	for _, o := range f.pending[:most] {
		if loss != Sectors {
			content = apply(content, o)
			continue
		}
		if o.kind == truncated {
			if r.IntN(2) == 0 {
				content = apply(content, o)
			}
			continue
		}
		for from := 0; from < len(o.data); {
			end := min(from+sector-int(o.at+int64(from))%sector, len(o.data))
			if r.IntN(2) == 0 {
				part := o
				part.at, part.data = o.at+int64(from), o.data[from:end]
				content = apply(content, part)
			}
			from = end
		}
	}
	return content
}
