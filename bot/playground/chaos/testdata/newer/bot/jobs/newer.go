package jobs

import "github.com/rollcall-bot/rollcall/incident"

func init() { carriers[incident.NewerStep] = (*carried).post }
