// Package near finds what a mistyped word was meant to be. It only ever suggests:
// nobody runs what it finds. It computes and imports nothing of ours, so that the
// domain, the grammar and the settings share one measure.
package near

import "strings"

// Word is the candidate that is nearest to a mistyped word, in any case: at most
// one edit away up to six letters, two from seven. Of equally near ones it is the
// first in the alphabet.
func Word(word string, candidates []string) (nearest string, found bool) {
	limit := 1
	if len([]rune(strings.ToLower(word))) >= 7 {
		limit = 2
	}
	return Within(limit, word, candidates)
}

// Within is the candidate that is nearest to a word, at most limit edits away. Of
// equally near ones it is the first in the alphabet.
func Within(limit int, word string, candidates []string) (nearest string, found bool) {
	typed := []rune(strings.ToLower(word))
	best := limit + 1
	for _, c := range candidates {
		other := []rune(strings.ToLower(c))
		if len(other) > len(typed)+limit || len(typed) > len(other)+limit {
			continue
		}
		if d := distance(typed, other); d < best || d == best && found && c < nearest {
			nearest, best, found = c, d, true
		}
	}
	return nearest, found
}

// Distance is how many letters have to be put in, left out, changed, or swapped
// with their neighbour (each letter at most once) to make one word of the other, in
// any case: Damerau and Levenshtein's.
func Distance(a, b string) int {
	return distance([]rune(strings.ToLower(a)), []rune(strings.ToLower(b)))
}

func distance(a, b []rune) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, last, row = last, row, before
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return row[len(b)]
}
