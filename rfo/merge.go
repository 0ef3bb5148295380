package rfo

import "slices"

// matches pairs the equal lines of two texts: the longest common subsequence, as
// indexes into a and b, rising in both. Sections have some hundred lines at most,
// so the plain table does.
func matches(a, b []string) (pairs [][2]int) {
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		pairs = append(pairs, [2]int{head, head})
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	x, y := a[head:len(a)-tail], b[head:len(b)-tail]
	long := make([][]int, len(x)+1)
	for n := range long {
		long[n] = make([]int, len(y)+1)
	}
	for i := len(x) - 1; i >= 0; i-- {
		for j := len(y) - 1; j >= 0; j-- {
			long[i][j] = max(long[i+1][j], long[i][j+1])
			if x[i] == y[j] {
				long[i][j] = long[i+1][j+1] + 1
			}
		}
	}
	for i, j := 0, 0; i < len(x) && j < len(y); {
		switch {
		case x[i] == y[j]:
			pairs = append(pairs, [2]int{head + i, head + j})
			i, j = i+1, j+1
		case long[i+1][j] >= long[i][j+1]:
			i++
		default:
			j++
		}
	}
	for n := tail; n > 0; n-- {
		pairs = append(pairs, [2]int{len(a) - n, len(b) - n})
	}
	return pairs
}

// merge3 brings two changes of a text together, line by line: what only one side
// changed is taken from it; where both changed the same place differently, ours
// stays and both says what stands beside it. Every line that ours added to base is
// in the result, whatever theirs did.
func merge3(base, ours, theirs []string, both func(theirs []string) []string) []string {
	inOurs, inTheirs := indexed(base, ours), indexed(base, theirs)
	var out []string
	var b, o, t int
	for {
		// The next line of base that both sides kept ends this piece.
		next := b
		for next < len(base) && (inOurs[next] < 0 || inTheirs[next] < 0) {
			next++
		}
		endOurs, endTheirs := len(ours), len(theirs)
		if next < len(base) {
			endOurs, endTheirs = inOurs[next], inTheirs[next]
		}
		out = append(out, piece(base[b:next], ours[o:endOurs], theirs[t:endTheirs], both)...)
		if next == len(base) {
			return out
		}
		out = append(out, base[next])
		b, o, t = next+1, endOurs+1, endTheirs+1
	}
}

// piece merges one stretch between two lines that everybody kept.
func piece(base, ours, theirs []string, both func([]string) []string) []string {
	switch {
	case slices.Equal(base, ours):
		return theirs
	case slices.Equal(base, theirs), slices.Equal(ours, theirs):
		return ours
	}
	return slices.Concat(ours, both(theirs))
}

// indexed says where each line of base stands in a text; -1 for a line that is not
// there any more.
func indexed(base, text []string) []int {
	at := make([]int, len(base))
	for n := range at {
		at[n] = -1
	}
	for _, p := range matches(base, text) {
		at[p[0]] = p[1]
	}
	return at
}

// added are the lines of a text that base does not have.
func added(base, text []string) []string {
	kept := map[int]bool{}
	for _, p := range matches(base, text) {
		kept[p[1]] = true
	}
	var list []string
	for n, line := range text {
		if !kept[n] {
			list = append(list, line)
		}
	}
	return list
}
