package statuspage

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/rollcall-bot/rollcall/bot/outbound"
)

// listed is how many incidents are read of one list, the most that Statuspage gives.
const listed = 100

// page is an incident as Statuspage shows it.
type page struct {
	ID       string          `json:"id"`
	Link     string          `json:"shortlink"`
	Metadata json.RawMessage `json:"metadata"` // whatever others put there must not hinder us
}

// mark is what we left in an incident's metadata; empty in somebody else's.
func (p page) mark() mark {
	var data struct {
		Rollcall mark `json:"rollcall"`
	}
	if json.Unmarshal(p.Metadata, &data) != nil {
		return mark{}
	}
	return data.Rollcall
}

// mark is what we leave in the metadata: everything in there has to be an object.
type mark struct {
	Incident string `json:"incident,omitempty"` // of ours
	Notice   string `json:"notice,omitempty"`   // the last one that the page took
}

// words are an incident's fields as we set them.
type words struct {
	Name         string            `json:"name"`
	Status       string            `json:"status"`
	Body         string            `json:"body"`
	Components   map[string]string `json:"components,omitempty"`
	ComponentIDs []string          `json:"component_ids,omitempty"`
	Metadata     map[string]mark   `json:"metadata"`
}

// Publish makes an incident on the page, or adds an update to the one that is there.
// One whose reply was lost is found by what it left in the metadata.
func (c *Client) Publish(ctx context.Context, n outbound.Notice) (outbound.Noticed, error) {
	there, err := c.locate(ctx, n)
	if err != nil {
		return outbound.Noticed{}, err
	}
	if there.ID != "" && there.mark().Notice == n.Op {
		return noticed(there), nil
	}
	w := words{
		Name: n.Title, Status: n.Status, Body: n.Text, Components: n.Components, ComponentIDs: slices.Sorted(maps.Keys(n.Components)),
		Metadata: map[string]mark{"rollcall": {Incident: n.Mark, Notice: n.Op}},
	}
	got, err := c.put(ctx, there.ID, w)
	if absent(err) && there.ID != "" { // somebody deleted it over there
		if there, err = c.search(ctx, n.Mark); err == nil {
			got, err = c.put(ctx, there.ID, w)
		}
	}
	return noticed(got), err
}

// put changes an incident of the page, or makes one when it has no id yet.
func (c *Client) put(ctx context.Context, id string, w words) (got page, err error) {
	method, path := http.MethodPost, c.path("/incidents")
	if id != "" {
		method, path = http.MethodPatch, c.path("/incidents/"+url.PathEscape(id))
	}
	if err := c.call(ctx, method, path, map[string]words{"incident": w}, &got); err != nil {
		return page{}, err
	}
	if got.ID == "" {
		return page{}, &outbound.Failure{End: outbound.Unclear, Step: method + " incidents"}
	}
	return got, nil
}

// absent says that Statuspage does not know what was asked for.
func absent(err error) bool {
	f, refused := outbound.Refusal(err)
	return refused && f.Code == code(http.StatusNotFound)
}

// locate finds the page's incident of ours; none has no id. Before the first notice
// went out it is looked for by its mark, whether or not an attempt is known of: two
// incidents on a public page are worse than a question more.
func (c *Client) locate(ctx context.Context, n outbound.Notice) (page, error) {
	if n.Ref == "" {
		return c.search(ctx, n.Mark)
	}
	if !n.Again {
		return page{ID: n.Ref}, nil
	}
	var there page
	err := c.read(ctx, c.path("/incidents/"+url.PathEscape(n.Ref)), &there)
	if absent(err) {
		return c.search(ctx, n.Mark) // somebody deleted it over there
	}
	return there, err
}

// search looks through the incidents that go on, and then the latest ones.
func (c *Client) search(ctx context.Context, wanted string) (page, error) {
	for _, list := range []string{"/incidents/unresolved?per_page=", "/incidents?limit="} {
		var all []page
		if err := c.read(ctx, c.path(list+strconv.Itoa(listed)), &all); err != nil {
			return page{}, err
		}
		for _, one := range all {
			if one.mark().Incident == wanted {
				return one, nil
			}
		}
	}
	return page{}, nil
}

// read is call for what changes nothing: whatever went wrong, nothing was done.
func (c *Client) read(ctx context.Context, path string, out any) error {
	err := c.call(ctx, http.MethodGet, path, nil, out)
	if f := outbound.FailureOf(err); f != nil && f.End == outbound.Unclear {
		f.End = outbound.NotDone
		return f
	}
	return err
}

// path is an address of the page in the API.
func (c *Client) path(rest string) string { return "/pages/" + url.PathEscape(c.opts.Page) + rest }

// noticed says where an incident of the page is; a link that is no address is left out.
func noticed(p page) outbound.Noticed {
	link := p.Link
	if !strings.HasPrefix(link, "https://") || strings.ContainsAny(link, "<>| \n") {
		link = ""
	}
	return outbound.Noticed{Ref: p.ID, URL: link}
}

// Look asks for the page and its components without changing anything: the page's
// name, and those of the wanted components that it does not have.
func (c *Client) Look(ctx context.Context, wanted []string) (name string, missing []string, err error) {
	var about struct {
		Name string `json:"name"`
	}
	if err := c.read(ctx, c.path(""), &about); err != nil {
		return "", nil, err
	}
	missing = slices.Clone(wanted)
	for number := 1; len(missing) > 0 && number <= 10; number++ {
		var some []struct {
			ID string `json:"id"`
		}
		if err := c.read(ctx, c.path("/components?per_page="+strconv.Itoa(listed)+"&page="+strconv.Itoa(number)), &some); err != nil {
			return "", nil, err
		}
		for _, one := range some {
			missing = slices.DeleteFunc(missing, func(id string) bool { return id == one.ID })
		}
		if len(some) < listed {
			break
		}
	}
	return about.Name, missing, nil
}
