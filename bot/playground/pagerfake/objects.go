package pagerfake

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
)

// reference is how one object names another.
func (a *Account) reference(kind, path, id, summary string) obj {
	return obj{
		"id": id, "type": kind + "_reference", "summary": summary,
		"self": a.state.base + "/" + path + "/" + id, "html_url": a.state.base + "/ui/" + path + "/" + id,
	}
}

func (a *Account) userRef(u *User) obj { return a.reference("user", "users", u.ID, u.Name) }

func (a *Account) serviceRef(s *Service) obj { return a.reference("service", "services", s.ID, s.Name) }

func (a *Account) policyRef(s *Service) obj {
	return a.reference("escalation_policy", "escalation_policies", s.PolicyID, s.PolicyName)
}

func (a *Account) userObject(u *User) obj {
	out := a.userRef(u)
	out["type"], out["name"], out["email"], out["time_zone"], out["role"] = "user", u.Name, u.Email, u.TimeZone, "user"
	return out
}

// withContacts adds the ways to reach a person, which are shown only when they are asked for.
func withContacts(c *call, u *User, out obj) obj {
	if slices.Contains(c.queries("include"), "contact_methods") {
		out["contact_methods"] = contacts(u)
	}
	return out
}

func contacts(u *User) []obj {
	out := []obj{{"id": u.ID + "E", "type": "email_contact_method", "summary": "Work", "label": "Work", "address": u.Email}}
	if u.Phone != "" {
		out = append(out, obj{
			"id": u.ID + "P", "type": "phone_contact_method", "summary": "Mobile", "label": "Mobile", "address": u.Phone, "country_code": 1,
		})
	}
	return out
}

func abilitiesList(c *call) (int, obj, error) {
	return http.StatusOK, obj{"abilities": c.state.abilities}, nil
}

// abilityTest answers 204 for an ability that the account has, 402 for one that it has not.
func abilityTest(c *call) (int, obj, error) {
	if err := c.needsAbility(c.r.PathValue("id")); err != nil {
		return 0, nil, err
	}
	return http.StatusNoContent, nil, nil
}

// needsAbility refuses with 402 what the account's plan does not include.
func (c *call) needsAbility(name string) error {
	if slices.Contains(c.state.abilities, name) {
		return nil
	}
	return &apiError{status: http.StatusPaymentRequired, code: 2012, message: "Account does not have the abilities to perform the action", details: []string{name}}
}

func usersList(c *call) (int, obj, error) {
	all := []obj{}
	for _, u := range c.state.people {
		q := strings.ToLower(c.query("query"))
		if q == "" || strings.Contains(strings.ToLower(u.Name), q) || strings.Contains(strings.ToLower(u.Email), q) {
			all = append(all, withContacts(c, u, c.userObject(u)))
		}
	}
	return page(c, "users", all)
}

func usersGet(c *call) (int, obj, error) {
	u := c.state.user(c.r.PathValue("id"))
	if u == nil {
		return 0, nil, errNotFound
	}
	return http.StatusOK, obj{"user": withContacts(c, u, c.userObject(u))}, nil
}

func contactsList(c *call) (int, obj, error) {
	u := c.state.user(c.r.PathValue("id"))
	if u == nil {
		return 0, nil, errNotFound
	}
	return http.StatusOK, obj{"contact_methods": contacts(u)}, nil
}

func (a *Account) serviceObject(s *Service) obj {
	out := a.serviceRef(s)
	status := "active"
	for _, i := range a.state.incidents {
		if i.ServiceID == s.ID && i.Status == Triggered {
			status = "critical"
		}
	}
	out["type"], out["name"], out["status"], out["escalation_policy"] = "service", s.Name, status, a.policyRef(s)
	out["alert_creation"] = "create_alerts_and_incidents"
	out["integrations"] = []obj{a.integrationRef(s)}
	return out
}

// integrationRef is the one integration that a service has, for events of version 2.
func (a *Account) integrationRef(s *Service) obj {
	return a.reference("events_api_v2_inbound_integration", "services/"+s.ID+"/integrations", "PI"+s.ID, "Events API V2")
}

func integrationsGet(c *call) (int, obj, error) {
	s := c.state.service(c.r.PathValue("id"))
	if s == nil || c.r.PathValue("integration_id") != "PI"+s.ID {
		return 0, nil, errNotFound
	}
	out := c.integrationRef(s)
	out["type"], out["name"], out["service"] = "events_api_v2_inbound_integration", "Events API V2", c.serviceRef(s)
	if !s.KeyHidden {
		out["integration_key"] = s.RoutingKey
	}
	return http.StatusOK, obj{"integration": out}, nil
}

func servicesList(c *call) (int, obj, error) {
	all := []obj{}
	for _, s := range c.state.services {
		if !s.Deleted && strings.Contains(strings.ToLower(s.Name), strings.ToLower(c.query("query"))) {
			all = append(all, c.serviceObject(s))
		}
	}
	return page(c, "services", all)
}

func servicesGet(c *call) (int, obj, error) {
	s := c.state.service(c.r.PathValue("id"))
	if s == nil {
		return 0, nil, errNotFound
	}
	return http.StatusOK, obj{"service": c.serviceObject(s)}, nil
}

// onCallsList tells who is on call now. Levels count from 1; without schedules, start and end are null.
func onCallsList(c *call) (int, obj, error) {
	all := []obj{}
	people, policies := c.queries("user_ids"), c.queries("escalation_policy_ids")
	for _, s := range c.state.services {
		if s.Deleted || len(policies) > 0 && !slices.Contains(policies, s.PolicyID) {
			continue
		}
		for level, id := range s.OnCall {
			u := c.state.user(id)
			if u == nil || len(people) > 0 && !slices.Contains(people, id) {
				continue
			}
			user := c.userRef(u)
			if slices.Contains(c.queries("include"), "users") {
				user = c.userObject(u)
			}
			all = append(all, obj{
				"escalation_policy": c.policyRef(s), "escalation_level": level + 1, "schedule": nil, "user": user,
				"start": nil, "end": nil,
			})
		}
	}
	slices.SortStableFunc(all, func(a, b obj) int {
		return cmp.Compare(a["escalation_level"].(int), b["escalation_level"].(int))
	})
	return page(c, "oncalls", all)
}
