package pagerfake

import "strings"

// route is one operation of the REST API. Parts in braces match anything.
type route struct {
	name string
	run  handler
}

// routes are the operations, by their names in PagerDuty's OpenAPI document.
var routes = []route{
	{"GET /abilities", abilitiesList},
	{"GET /abilities/{id}", abilityTest},
	{"GET /users", usersList},
	{"GET /users/{id}", usersGet},
	{"GET /users/{id}/contact_methods", contactsList},
	{"GET /services", servicesList},
	{"GET /services/{id}", servicesGet},
	{"GET /services/{id}/integrations/{integration_id}", integrationsGet},
	{"GET /oncalls", onCallsList},
	{"GET /incidents", incidentsList},
	{"POST /incidents", incidentsCreate},
	{"PUT /incidents", incidentsManage},
	{"GET /incidents/{id}", incidentsGet},
	{"PUT /incidents/{id}", incidentsUpdate},
	{"GET /incidents/{id}/notes", notesList},
	{"POST /incidents/{id}/notes", notesCreate},
	{"POST /incidents/{id}/status_updates", statusUpdatesCreate},
	{"POST /incidents/{id}/responder_requests", responderRequestsCreate},
	{"GET /webhook_subscriptions", subscriptionsList},
	{"POST /webhook_subscriptions", subscriptionsCreate},
	{"GET /webhook_subscriptions/{id}", subscriptionsGet},
	{"DELETE /webhook_subscriptions/{id}", subscriptionsDelete},
	{"POST /webhook_subscriptions/{id}/enable", subscriptionsEnable},
	{"POST /webhook_subscriptions/{id}/ping", subscriptionsPing},
}

// match finds the operation of a request. The name of an unknown one is what was asked for.
func match(method, path string) (name string, run handler, params map[string]string) {
	asked := strings.Split(strings.Trim(path, "/"), "/")
	for _, r := range routes {
		verb, pattern, _ := strings.Cut(r.name, " /")
		parts := strings.Split(pattern, "/")
		if verb != method || len(parts) != len(asked) {
			continue
		}
		params = map[string]string{}
		fits := true
		for n, part := range parts {
			switch {
			case strings.HasPrefix(part, "{"):
				params[strings.Trim(part, "{}")] = asked[n]
			case part != asked[n]:
				fits = false
			}
		}
		if fits {
			return r.name, r.run, params
		}
	}
	return method + " " + path, nil, nil
}
