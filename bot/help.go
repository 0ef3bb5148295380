package bot

import (
	"slices"
	"strings"

	"github.com/rollcall-bot/rollcall/incident"
)

var helpRow = &Row{
	Stem: "help", Words: "help", Group: groupLook, Scope: anywhere,
	Usage: []string{"help", "help VERB"}, Help: "shows the commands, those that make sense now first",
}

func init() { // help looks at the table that it is a row of
	helpRow.Show = func(c *Invocation) (incident.Say, []incident.Choice, error) {
		if !c.rest.Empty() {
			return c.helpOn(strings.ToLower(c.rest.Text()))
		}
		now, err := c.makesSense()
		if err != nil {
			return incident.Say{}, nil, err
		}
		var groups []incident.Args
		for _, g := range helpGroups {
			var words []string
			for _, r := range rows {
				if r.Group == g && !strings.Contains(r.Words, " ") && !slices.Contains(words, r.Words) {
					words = append(words, r.Words)
				}
			}
			groups = append(groups, incident.Args{"name": g, "words": strings.Join(words, ", ")})
		}
		return incident.Say{ID: "help.all", Args: incident.Args{"now": now, "groups": groups}}, nil, nil
	}
}

var helpGroups = []string{groupStart, groupPeople, groupWork, groupFacts, groupTell, groupEnd, groupRFO, groupLook}

// helpOn shows the rows of one verb.
func (c *Invocation) helpOn(verb string) (incident.Say, []incident.Choice, error) {
	first, _, _ := strings.Cut(verb, " ")
	var list []incident.Args
	var aliases []string
	for _, r := range rows {
		if r.Group == "" || !r.begins(first) {
			continue
		}
		for _, u := range r.Usage {
			list = append(list, incident.Args{"usage": u, "help": r.Help})
		}
		aliases = append(aliases, r.Aliases...)
	}
	if len(list) == 0 {
		near := c.service.table.near(first)
		return incident.Say{}, nil, &incident.Error{Code: incident.NotFound, Say: incident.Say{
			ID: "help.none", Args: incident.Args{"verb": first, "near": near},
		}}
	}
	return incident.Say{ID: "help.verb", Args: incident.Args{"forms": list, "aliases": strings.Join(aliases, ", ")}}, nil, nil
}

// begins says whether a word is the row's first, or another name of it.
func (r *Row) begins(first string) bool {
	return r.Words == first || strings.HasPrefix(r.Words, first+" ") || slices.Contains(r.Aliases, first)
}

// makesSense are the commands that people need next where they are now.
func (c *Invocation) makesSense() ([]incident.Args, error) {
	verbs := []string{"open", "list"}
	id, err := c.here()
	if err != nil {
		return nil, err
	}
	if id != "" {
		inc, err := c.Reader.VisibleIncident(c.Actor.ID, id)
		if err != nil {
			return nil, err
		}
		verbs = nextVerbs(inc)
	}
	var list []incident.Args
	for _, v := range verbs {
		for _, r := range rows {
			if r.Words == v {
				list = append(list, incident.Args{"usage": r.Usage[0], "help": r.Help})
			}
		}
	}
	return list, nil
}

// nextVerbs is what makes sense now, by where the incident stands.
func nextVerbs(i *incident.Incident) []string {
	switch {
	case i.Life.Status == incident.Resolved:
		return []string{"rfo", "rfo answer", "action", "reopen"}
	case i.Life.Status.Over():
		return []string{"reopen", "list"}
	case i.Life.Status == incident.Mitigated:
		return []string{"repair", "customer", "tasks", "resolve", "impact"}
	case i.Leadership.Leader == incident.System:
		return []string{"lead", "task", "rollback", "note"}
	default:
		return []string{"task", "rollback", "note", "update", "mitigated"}
	}
}
