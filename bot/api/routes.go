package api

import "net/http"

// route is one row of the table of addresses: what is documented, and what answers.
type route struct {
	Method string
	Path   string // below base
	ID     string // operationId
	Does   string
	Query  []query
	Header []query
	Body   any // a value of the type that is sent; nil for none
	Answer any // a value of the type that is answered; nil for what Types says
	Types  []string
	Status int   // of success
	Fails  []int // beside those that any address can answer

	serve func(*Server, *call)
}

// query is a parameter.
type query struct {
	Name, Does string
	Enum       []string // nil for any text
	Number     bool
}

var anyFails = []int{http.StatusUnauthorized, http.StatusMethodNotAllowed, http.StatusServiceUnavailable}

var (
	writeFails = []int{
		http.StatusBadRequest, http.StatusForbidden, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity,
	}
	oncePer = []query{{Name: "Idempotency-Key", Does: "Names this request, up to 255 printable ASCII characters. The same key gets the first answer, and nothing is done again, for ever; the same key with another request is refused."}}
	yesOrNo = []string{"true", "false"}
)

// routes is the table of addresses.
var routes []route

func init() { //nolint:gochecknoinits // the document, made from the table, is served by one of its rows
	routes = []route{
		{
			Method: http.MethodGet, Path: "/openapi.json", ID: "document", Does: "This document.",
			Status: http.StatusOK, Types: []string{"application/json"}, serve: (*Server).openapi,
		},
		{
			Method: http.MethodGet, Path: "/incidents", ID: "incidents", Does: "Lists incidents, the latest first.",
			Query: []query{
				{Name: "status", Does: "open (the default) are those that are not over; all are all.", Enum: []string{"open", "all"}},
				{Name: "limit", Does: "How many at most, 1 to 200; 50 unless given.", Number: true},
				{Name: "before", Does: "Only those opened before this one, such as INC-40: the next of the page before."},
			},
			Status: http.StatusOK, Answer: Incidents{}, Fails: []int{http.StatusBadRequest}, serve: (*Server).list,
		},
		{
			Method: http.MethodPost, Path: "/incidents", ID: "open", Does: "Opens an incident. The answer has the key and the link of the call at once; channel and messages follow.",
			Header: oncePer, Body: Opening{}, Status: http.StatusCreated, Answer: Opened{}, Fails: writeFails, serve: (*Server).open,
		},
		{
			Method: http.MethodGet, Path: "/incidents/{key}", ID: "incident", Does: "One incident as it stands.",
			Status: http.StatusOK, Answer: Incident{}, Fails: []int{http.StatusNotFound, http.StatusBadRequest}, serve: (*Server).incident,
		},
		{
			Method: http.MethodGet, Path: "/incidents/{key}/timeline", ID: "timeline", Does: "The whole timeline, in the order in which things happened.",
			Status: http.StatusOK, Answer: Timeline{}, Fails: []int{http.StatusNotFound, http.StatusBadRequest}, serve: (*Server).timeline,
		},
		{
			Method: http.MethodGet, Path: "/incidents/{key}/rfo", ID: "rfo", Does: "The RFO as it stands now, published or not. ?format wins over Accept; JSON unless either asks for another.",
			Query: []query{
				{Name: "format", Does: "Markdown, HTML or JSON.", Enum: []string{"md", "html", "json"}},
				{Name: "customer", Does: "What a customer may read, as far as it is written; Markdown only.", Enum: yesOrNo},
			},
			Status: http.StatusOK, Types: []string{"application/json", "text/markdown", "text/html"},
			Fails: []int{http.StatusNotFound, http.StatusBadRequest, http.StatusNotAcceptable}, serve: (*Server).rfo,
		},
		{
			Method: http.MethodPost, Path: "/incidents/{key}/commands", ID: "command", Does: "Runs a command of /incident on the incident: `note …`, `task …`, `resolve`, any of docs/commands.md.",
			Header: oncePer, Body: Command{}, Status: http.StatusOK, Answer: Answer{}, Fails: append([]int{http.StatusNotFound}, writeFails...), serve: (*Server).command,
		},
		{
			Method: http.MethodGet, Path: "/actions", ID: "actions", Does: "Lists the open actions of all incidents, the earliest date first.",
			Query:  []query{{Name: "overdue", Does: "true for those whose date has passed, false for the others.", Enum: yesOrNo}},
			Status: http.StatusOK, Answer: Actions{}, Fails: []int{http.StatusBadRequest}, serve: (*Server).actions,
		},
	}
}

// routesByPath are the rows of the table by address and method.
func routesByPath() map[string]map[string]*route {
	all := map[string]map[string]*route{}
	for i := range routes {
		r := &routes[i]
		if all[r.Path] == nil {
			all[r.Path] = map[string]*route{}
		}
		all[r.Path][r.Method] = r
	}
	return all
}
