package grammar

import "fmt"

// Who is a person that a command names: an id, or whoever typed the command.
type Who struct {
	ID    string // as in the mark; "" for Me
	Label string // what Slack showed, "" when it sent none; no identity
	Me    bool
}

// Person reads a mention, or "me" in any case. What only looks like a person is
// refused: a group is many, and a bare @name could be anybody who calls himself so.
func Person(w Word) (who Who, ok bool, err error) {
	switch w.Kind {
	case User:
		return Who{ID: w.ID, Label: w.Label}, true, nil
	case Group:
		return Who{}, false, &Problem{
			Code: GroupRefused, Typed: w.Text, Try: []string{"@name", "me"},
			Sentence: fmt.Sprintf("%s is a group, and this needs one person: pick a name from the list that Slack shows after @, or write `me`.", w.Text),
		}
	case Name:
		name := bare(w.Text)
		return Who{}, false, &Problem{
			Code: NameRefused, Typed: name, Try: []string{"@name", "me"},
			Sentence: fmt.Sprintf("%s did not arrive as a mention, so nobody can be told for sure: pick the name from the list that Slack shows after @, or write `me`.", name),
		}
	case Plain:
		if (Word{Kind: Plain, Text: bare(w.Text)}).Is("me") {
			return Who{Me: true}, true, nil
		}
	default:
	}
	return Who{}, false, nil
}
