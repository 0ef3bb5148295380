package main

import (
	"strconv"
	"strings"

	"github.com/rollcall-bot/rollcall/bot"
	"github.com/rollcall-bot/rollcall/incident"
)

// policy is what the practice of the company means to the domain.
func policy(c Config) *incident.Policy {
	p := c.Practice
	out := &incident.Policy{
		DefaultSeverity: severityLevel(p.DefaultSeverity),
		Severities:      map[int]incident.SeverityPolicy{},
		Sprint:          p.Sprint.Length,
		Clocks: incident.Clocks{
			AskLeader: p.Clocks.LeaderAsk, NominateLeader: p.Clocks.LeaderNominate, AcceptLeader: p.Clocks.HandoverRemind,
			SilentLeader: p.Clocks.LeaderSilent,
		},
		Zone:      p.Timezone,
		CallHosts: p.CallHosts,
		Telling:   incident.Telling{Paging: incident.PagingPolicy{On: c.PagerDuty.pages()}, Public: publicPolicy(c)},
	}
	for _, one := range p.Phones {
		out.Paging.Phones = append(out.Paging.Phones, incident.Phone{Name: one.Name, Number: one.Number})
	}
	for _, s := range p.Severities {
		out.Severities[severityLevel(s.Name)] = incident.SeverityPolicy{UpdateEvery: s.UpdateEvery, RFOWithin: s.RFOWithin, Approval: approvalRule(s.RFOApproval)}
	}
	for _, t := range p.DefaultTasks {
		out.DefaultTasks = append(out.DefaultTasks, t.Text)
	}
	for _, s := range p.Services {
		out.Services = append(out.Services, incident.ServicePolicy{
			Name: s.Name, Related: s.Related, PagerDuty: s.PagerDuty, PageOnOpen: s.PageOnOpen, Hook: hookKind(s), Component: s.Component,
		})
	}
	return out
}

// severityLevel is 2 for "sev2". The settings are checked: there is nothing else.
func severityLevel(name string) int {
	n, _ := strconv.Atoi(strings.TrimPrefix(name, "sev"))
	return n
}

// callSettings spells the call providers as bot/calls reads them.
func callSettings(p Practice) []string {
	var out []string
	for _, c := range p.Call {
		one := c.Kind
		if c.URL != "" {
			one += ":" + c.URL
		}
		out = append(out, one)
	}
	return out
}

func phones(p Practice) []bot.Phone {
	var out []bot.Phone
	for _, one := range p.Phones {
		out = append(out, bot.Phone{Name: one.Name, Number: one.Number})
	}
	return out
}

// approvalRule is what the setting means to the domain.
func approvalRule(setting string) incident.ApprovalRule {
	if setting == "nobody" {
		return incident.ApprovedByNobody
	}
	return incident.ApprovalRule(setting)
}
