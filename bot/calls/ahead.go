package calls

import "errors"

// ahead is a provider whose rooms are made ahead of need by workers and handed out
// by the store: a room is taken in the very transaction that needs it.
type ahead struct{ name string }

func newAhead(name string) func(string, func() string) (Provider, error) {
	return func(argument string, _ func() string) (Provider, error) {
		if argument != "" {
			return nil, errors.New("takes no address; write " + name + " alone, or jitsi:https://HOST")
		}
		return ahead{name}, nil
	}
}

func (a ahead) Name() string { return a.name }

// Link is none: a link without a room would lead nowhere.
func (ahead) Link(Ask) (string, bool) { return "", false }

func (ahead) Hint() string { return "" }

// Plan is where the call of one incident can come from. It is made before the
// transaction, in which the first of Rooms that has one ready comes before Spare.
type Plan struct {
	Rooms []string // providers of rooms that were made ahead, in order
	Spare Link     // needs no room; the zero Link for none
}

// Plan asks the providers in their order, up to the first that needs no room.
func (c Chain) Plan(ask Ask) Plan {
	var p Plan
	for _, one := range c {
		if _, rooms := one.(ahead); rooms {
			p.Rooms = append(p.Rooms, one.Name())
			continue
		}
		if u, ok := one.Link(ask); ok {
			p.Spare = Link{URL: u, Provider: one.Name(), Hint: one.Hint()}
			break
		}
	}
	return p
}

// Ahead lists the providers whose rooms are made ahead, in order.
func (c Chain) Ahead() []string {
	var names []string
	for _, one := range c {
		if _, rooms := one.(ahead); rooms {
			names = append(names, one.Name())
		}
	}
	return names
}
