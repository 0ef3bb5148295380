package bot

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/rollcall-bot/rollcall/bot/grammar"
	"github.com/rollcall-bot/rollcall/incident"
	"github.com/rollcall-bot/rollcall/storage"
)

var oncallRow = &Row{
	Stem: "oncall", Words: "oncall", Aliases: []string{"on-call"}, Group: groupPeople, Scope: anywhere,
	Usage: []string{"oncall [SERVICE]"}, Help: "says whom to wake up",
	Show: func(c *Invocation) (incident.Say, []incident.Choice, error) {
		phones := incident.Say{ID: "oncall.phones", Args: incident.Args{"phones": c.service.phones()}}
		if !c.service.Policy.Paging.On {
			return phones, nil, nil
		}
		var service string
		if !c.rest.Empty() {
			name, ok := grammar.ServiceName(c.take())
			if !ok || !c.rest.Empty() || !c.configured(name) {
				return incident.Say{}, nil, misfit{}
			}
			service = name
		}
		known, ok, err := onCallKnown(c.Reader)
		if err != nil {
			return incident.Say{}, nil, err
		}
		if !ok {
			phones.ID = "oncall.unknown"
			return phones, nil, nil
		}
		return known.shown(service, c.Now(), phones.Args), nil, nil
	},
}

// MetaOnCall is who was on call when PagerDuty was last asked: an OnCallList.
const MetaOnCall = "pager.oncall"

// OnCallList is who was on call at a moment.
type OnCallList struct {
	At   time.Time
	Ways []OnCallOf
}

// OnCallOf is who is on call for a service, by level of its escalation policy.
type OnCallOf struct {
	Service string // as configured; "" for the one that is paged unless another is named
	People  []OnCallPerson
}

// OnCallPerson is somebody who is on call.
type OnCallPerson struct {
	Level int // 1 is paged first
	Name  string
	Email string    `json:",omitempty"`
	Until time.Time `json:",omitzero"`
}

// onCallKnown is the last answer of PagerDuty's; ok is false before there is one.
func onCallKnown(r *storage.Reader) (list OnCallList, ok bool, err error) {
	text, err := r.Meta(MetaOnCall)
	if storage.IsNotFound(err) {
		return list, false, nil
	}
	if err != nil {
		return list, false, err
	}
	// A list of another version counts as none; it is read again soon.
	readable := json.Unmarshal([]byte(text), &list) == nil
	return list, readable, nil
}

// shown is the list, of one service or of all, with its age.
func (l OnCallList) shown(service string, now time.Time, args incident.Args) incident.Say {
	lines := []incident.Args{}
	for _, of := range l.Ways {
		if service != "" && of.Service != service {
			continue
		}
		people := []incident.Args{}
		for _, p := range of.People {
			people = append(people, incident.Args{"name": p.Name, "level": strconv.Itoa(p.Level), "until": p.Until})
		}
		lines = append(lines, incident.Args{"service": of.Service, "people": people})
	}
	args["lines"], args["age"] = lines, now.Sub(l.At).Truncate(time.Minute)
	return incident.Say{ID: "oncall.list", Args: args}
}
