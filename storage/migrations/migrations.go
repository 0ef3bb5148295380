// Package migrations holds the steps that bring a database's tables up to date.
//
// One set serves both databases, so it keeps to what both understand: TEXT for
// ids and JSON, BIGINT for numbers, yes/no (0, 1) and times (microseconds since
// 1970 UTC, 0 = none). A step that the two cannot read alike, such as an index
// of words, is in a folder for each instead, under one number. A step that has
// been released is never edited; steps only go forward, and add columns with a
// default, so that the release before can still run beside them.
//
// A step ends by saying which programs can go on after it, in the table schema_step:
// those that know the step "oldest"; 0, for a step that only adds, lets all go on that
// could before. A step that takes something away names the first step whose programs do
// not use that any more, which may be one that does nothing else. Programs that do not
// know a step read its row when they start.
package migrations

import (
	"embed"
	"errors"
	"io/fs"
	"slices"
	"strconv"
	"strings"
)

//go:embed *.sql sqlite/*.sql postgres/*.sql
var files embed.FS

// The folders of steps that one database alone understands.
const (
	SQLite   = "sqlite"
	Postgres = "postgres"
)

// For holds the steps of one database, NNNNN_name.sql: those for both and its own.
func For(folder string) fs.FS { return steps{own: folder} }

// Said is the step that made schema_step; those before it say nothing there.
const Said = 21

// Versions are the numbers of all steps, in order; they are the same on both
// databases. Latest is the newest.
var (
	Versions = versions(SQLite)
	Latest   = slices.Max(append([]int64{0}, Versions...))
)

func versions(folder string) (all []int64) {
	entries, err := fs.ReadDir(For(folder), ".")
	if err != nil {
		return nil
	}
	for _, e := range entries {
		number, _, _ := strings.Cut(e.Name(), "_")
		if n, err := strconv.ParseInt(number, 10, 64); err == nil {
			all = append(all, n)
		}
	}
	return all
}

// steps lays a folder's files over the common ones.
type steps struct{ own string }

// Open opens a step.
func (s steps) Open(name string) (fs.File, error) {
	f, err := files.Open(s.own + "/" + name)
	if errors.Is(err, fs.ErrNotExist) {
		return files.Open(name)
	}
	return f, err
}

// ReadDir lists the steps; there is only one folder.
func (s steps) ReadDir(name string) ([]fs.DirEntry, error) {
	if name != "." {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrNotExist}
	}
	common, err := files.ReadDir(".")
	if err != nil {
		return nil, err
	}
	own, err := files.ReadDir(s.own)
	if err != nil {
		return nil, err
	}
	all := slices.DeleteFunc(append(common, own...), fs.DirEntry.IsDir)
	slices.SortFunc(all, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return all, nil
}
