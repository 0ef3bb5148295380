package incident

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Wording is what an incident was about, in what people typed: by it earlier
// incidents are found that were alike.
type Wording struct {
	Title, Cause, Class string
	Services            []string
}

// Wording is what the incident is about as it is known now.
func (i *Incident) Wording() Wording {
	cause, _ := i.Review.Answer("cause")
	class, _ := i.Review.Answer("class")
	w := Wording{Title: i.Identity.Title, Cause: cause.Text, Class: class.Text}
	for _, s := range i.Board.Services {
		w.Services = append(w.Services, s.Name)
	}
	return w
}

// Equal says whether two incidents say the same of themselves.
func (w Wording) Equal(other Wording) bool {
	return w.Title == other.Title && w.Cause == other.Cause && w.Class == other.Class && slices.Equal(w.Services, other.Services)
}

// Limits of what is kept of a text for looking it up: a long answer repeats
// itself, and a very long word is no word.
const (
	maxTerms = 200
	maxTerm  = 40 // bytes
)

// Terms are the words of a text that it can be found by, each once, in the order
// in which they come: in lower case, without a plural's s, without the words that
// every text has. The terms of terms are the same.
func Terms(text string) []string {
	var terms []string
	for _, w := range strings.FieldsFunc(strings.ToLower(withoutMarks(text)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r)
	}) {
		w = singular(w)
		if utf8.RuneCountInString(w) < 2 || len(w) > maxTerm || commonWords[w] || slices.Contains(terms, w) {
			continue
		}
		if terms = append(terms, w); len(terms) == maxTerms {
			break
		}
	}
	return terms
}

// singular takes one s off, but for words that end so in their ground form; what
// is left ends in none that it would take off again.
func singular(w string) string {
	if len(w) > 3 && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") && !strings.HasSuffix(w, "us") && !strings.HasSuffix(w, "is") {
		return w[:len(w)-1]
	}
	return w
}

// commonWords say nothing about what broke. They are English, as are the words
// of vagueWords; in other languages a little more has to be alike, and nothing
// else happens.
var commonWords = setOf(`a about after again all also an and are as at be because been before but by can cannot could did do doe doesn don
	during each every for from get ha had have how if in into is isn it its just more most my no not now of off on one only or other our out over
	so some than that the their them then there these they this those to too two up very wa was we were what when where which while who will
	with without would you your`)

// vagueWords are in most titles of incidents: they weigh little.
var vagueWords = setOf(`alert bad broken cluster crash customer degraded down error fail failed failing failure high incident issue latency outage
	partially people problem prod production request response server service slow some stop stopped system test time unavailable unreachable user work working`)

func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

// vagueWeight is what a word of vagueWords counts beside any other.
const vagueWeight = 0.25

func weight(terms []string) (sum float64) {
	for _, t := range terms {
		if vagueWords[t] {
			sum += vagueWeight
		} else {
			sum++
		}
	}
	return sum
}

// QueryLimit is how many words an incident is looked up by: the longest ones,
// which are the rarest.
const QueryLimit = 12

// Query are the words by which incidents like this one are looked up: those of
// its services, and those of its title and its class that say something.
func (w Wording) Query() []string {
	services := Terms(strings.Join(w.Services, " "))
	rest := slices.DeleteFunc(Terms(w.Title+" "+w.Class), func(t string) bool { return vagueWords[t] || slices.Contains(services, t) })
	slices.SortStableFunc(rest, func(a, b string) int { return len(b) - len(a) })
	services = services[:min(len(services), QueryLimit/2)]
	return append(services, rest[:min(len(rest), QueryLimit-len(services))]...)
}

// AlikeFrom is the likeness from which an incident is worth being pointed out to
// somebody in a hurry. It is strict: a bad match costs more than none helps.
const AlikeFrom = 0.5

// Likeness says how much two incidents are alike, 0 to 1: by their titles, which
// may differ more where they share a service; by the class of problem; or because
// what one calls its title is what the other was caused by.
func (w Wording) Likeness(o Wording) float64 { return w.Likenesses([]Wording{o})[0] }

// Likenesses are the likenesses to several.
func (w Wording) Likenesses(others []Wording) []float64 {
	a := w.read()
	list := make([]float64, 0, len(others))
	for _, o := range others {
		b := o.read()
		best := union(a.title, b.title)
		if w.SharesService(o) && weight(shared(a.title, b.title)) >= 1 {
			best = max(best, AlikeFrom+best/2)
		}
		best = max(best, contained(a.class, b.class), explained(a.title, b.story), explained(b.title, a.story))
		list = append(list, min(best, 1))
	}
	return list
}

// readWording is a wording as terms; story is of cause and class.
type readWording struct{ title, class, story []string }

func (w Wording) read() readWording {
	r := readWording{title: Terms(w.Title), class: Terms(w.Class)}
	if r.story = r.class; w.Cause != "" {
		r.story = Terms(w.Cause + " " + w.Class)
	}
	return r
}

// SharesService says whether both hit one service.
func (w Wording) SharesService(o Wording) bool {
	return slices.ContainsFunc(w.Services, func(s string) bool { return slices.Contains(o.Services, s) })
}

// union is the share of the words of two texts that both have. It is nothing
// when they share only vague ones.
func union(a, b []string) float64 {
	both := weight(shared(a, b))
	if both < 1 {
		return 0
	}
	return both / (weight(a) + weight(b) - both)
}

// contained is the share of the shorter text's words that the longer one has;
// nothing when they share fewer than two that say something.
func contained(a, b []string) float64 {
	both := weight(shared(a, b))
	if both < 2 {
		return 0
	}
	return both / min(weight(a), weight(b))
}

// explained is how much of a title is in the cause and the class of another
// incident; a little less than a title that is alike.
func explained(title, story []string) float64 {
	both := weight(shared(title, story))
	if both < 2 {
		return 0
	}
	if part := both / weight(title); part >= 0.75 {
		return AlikeFrom + part/10
	}
	return 0
}

func shared(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(t string) bool { return !slices.Contains(b, t) })
}
