package rfo

import (
	"slices"
	"strconv"
	"strings"

	"github.com/rollcall-bot/rollcall/incident"
)

// Written is what an edition was made of: the document's Markdown and the overlays
// of that time.
type Written struct {
	Markdown []byte
	Overlays []incident.Overlay
}

// RevisionOf is the revision that a file says it is; ok is false when it says none.
func RevisionOf(file []byte) (revision int, ok bool) {
	number := func(text string) bool {
		n, err := strconv.Atoi(strings.TrimSpace(text))
		revision, ok = n, err == nil
		return ok
	}
	all := strings.Split(unix(file), "\n")
	for _, line := range all {
		if m := regionMark().FindStringSubmatch(line); m != nil && m[3] != "" && number(m[3]) {
			return revision, ok
		}
	}
	for _, line := range all { // a copy without marks
		if v, found := strings.CutPrefix(line, "revision: "); found && number(v) {
			return revision, ok
		}
	}
	return 0, false
}

// TakeBack finds what people wrote into a file. then is what the file was written
// from, and now what one would be written from; they are the same unless another
// copy was taken back meanwhile. The result is what differs, as overlays; none when
// nobody touched the file.
func TakeBack(file []byte, then, now Written) []incident.Overlay {
	f := readEdition(file)
	machine, wrote, present := split(then.Markdown), laid(then.Markdown, then.Overlays), laid(now.Markdown, now.Overlays)
	var taken []incident.Overlay
	moved := func(section string) bool { // another copy was taken back meanwhile
		return !slices.Equal(overlayLines(then.Overlays, section), overlayLines(now.Overlays, section))
	}
	for _, r := range f.regions {
		if r.hash == hashLines(r.text) || slices.Equal(r.text, wrote.textOf(r.name)) {
			continue
		}
		o := incident.Overlay{Section: r.name, Base: join(machine.textOf(r.name)), Text: join(r.text)}
		if moved(r.name) {
			o.Base = join(split(now.Markdown).textOf(r.name))
			o.Text = join(merge3(wrote.textOf(r.name), r.text, present.textOf(r.name), conflict))
		}
		taken = append(taken, o)
	}
	if f.same { // what people wrote there once is still there
		f.outside[frontPlace] = overlayLines(then.Overlays, frontPlace)
	} else {
		f.frontEdits(machine.front)
	}
	for _, place := range f.places(then.Overlays) {
		was, is := overlayLines(then.Overlays, place), f.outside[place]
		if slices.Equal(was, is) {
			continue
		}
		text := is
		if moved(place) {
			text = merge3(was, is, overlayLines(now.Overlays, place), func(theirs []string) []string { return theirs })
		}
		taken = append(taken, incident.Overlay{Section: place, Text: join(text)})
	}
	return taken
}

func join(lines []string) string { return strings.Join(lines, "\n") }

// unix is a text with the line ends of Unix.
func unix(file []byte) string {
	return strings.ReplaceAll(strings.ReplaceAll(string(file), "\r\n", "\n"), "\r", "\n")
}

// region is one region as it stands in a file.
type region struct {
	name, hash string
	text       []string
}

// edited is a file as it was read.
type edited struct {
	front   []string
	same    bool // the front matter is as it was written
	regions []region
	outside map[string][]string // by place
}

// readEdition takes a file apart by its marks. One whose marks are damaged is
// taken apart by its headings; then everything belongs to a section.
func readEdition(file []byte) *edited {
	all := strings.Split(unix(file), "\n")
	e := &edited{outside: map[string][]string{}}
	e.front, all = cutFront(all)
	if e.byMarks(all) {
		return e
	}
	e.regions, e.outside, e.same = nil, map[string][]string{}, false
	bare := slices.DeleteFunc(slices.Clone(all), regionMark().MatchString)
	for _, one := range split([]byte(join(bare))).parts {
		e.regions = append(e.regions, region{name: one.name, text: one.text})
	}
	return e
}

// byMarks reads regions between their marks; false when the marks do not pair, or
// when there are none.
func (e *edited) byMarks(all []string) bool {
	open, place := -1, afterPlace+frontPlace
	var text []string
	for _, line := range all {
		m := regionMark().FindStringSubmatch(line)
		switch {
		case m == nil:
			text = append(text, line)
			continue
		case m[1] == "front" && len(e.regions) == 0:
			e.same = m[4] == hashLines(e.front)
			continue
		case m[1] == "begin" && open < 0 && m[4] != "" && !e.has(m[2]):
			e.outside[place] = trimLines(text)
			e.regions = append(e.regions, region{name: m[2], hash: m[4]})
			open = len(e.regions) - 1
		case m[1] == "end" && open >= 0 && e.regions[open].name == m[2]:
			e.regions[open].text = trimLines(text)
			open, place = -1, afterPlace+m[2]
		default:
			return false
		}
		text = nil
	}
	e.outside[place] = trimLines(text)
	return open < 0 && len(e.regions) > 0
}

func (e *edited) has(name string) bool {
	return slices.ContainsFunc(e.regions, func(r region) bool { return r.name == name })
}

// places are all places outside of regions where a file has or had text, sorted.
func (e *edited) places(then []incident.Overlay) []string {
	var list []string
	for place, text := range e.outside {
		if len(text) > 0 {
			list = append(list, place)
		}
	}
	for _, o := range then {
		if (o.Section == frontPlace || strings.HasPrefix(o.Section, afterPlace)) && !slices.Contains(list, o.Section) {
			list = append(list, o.Section)
		}
	}
	slices.Sort(list)
	return list
}

var frontKey = lazily(`^([A-Za-z0-9_-]+):`)

// counted are the values at the top that every edition has anew.
var counted = map[string]bool{"event_cursor": true, "as_of": true, "revision": true, "state": true}

// frontEdits sorts what people wrote into the front matter: new lines stay there;
// another value for a key of ours cannot, and is kept as text below it.
func (e *edited) frontEdits(machine []string) {
	if len(e.front) < 2 {
		return
	}
	ours := map[string]bool{}
	for _, line := range machine {
		if m := frontKey().FindStringSubmatch(line); m != nil {
			ours[m[1]] = true
		}
	}
	var more, other []string
	for _, line := range e.front[1 : len(e.front)-1] {
		m := frontKey().FindStringSubmatch(line)
		switch {
		case slices.Contains(machine, line), m != nil && counted[m[1]]:
		case m != nil && ours[m[1]]:
			other = append(other, line)
		default:
			more = append(more, line)
		}
	}
	if len(more) > 0 {
		e.outside[frontPlace] = more
	}
	if len(other) > 0 {
		e.outside[afterPlace+frontPlace] = trimLines(slices.Concat(e.outside[afterPlace+frontPlace], []string{"", "Edited by hand in the lines at the top:", ""}, other))
	}
}
