package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rollcall-bot/rollcall/bot"
)

// RobotRule is another bot that may give some commands.
type RobotRule struct {
	ID  string   `key:"id" as:"bot id" need:"yes" doc:"Slack's id of the bot (B…) or of its app (A…)."`
	May []string `key:"may" as:"bot command" need:"yes" doc:"What it may do, of open, note and detected. To lead, to decide and to approve stays with people."`
}

var (
	kindBotID      = kindMatching("Slack's id of a bot or an app", "B012ABCDEF", `[AB][A-Z0-9]{2,20}`)
	kindBotCommand = kind[string]{noun: "one of " + strings.Join(bot.RobotVerbs, ", "), try: "note", parse: func(s string) (string, error) {
		if !slices.Contains(bot.RobotVerbs, s) {
			return "", errNotOne
		}
		return s, nil
	}}
)

// checkBots wants each bot once, and something for it to do.
func checkBots(c *Config, file *fileReader) *ConfigError {
	for i, b := range c.Practice.Bots {
		if slices.ContainsFunc(c.Practice.Bots[:i], func(o RobotRule) bool { return o.ID == b.ID }) {
			return file.misfit(fmt.Sprintf("bots[%d].id", i), b.ID, "stands there twice", "name all that it may do once")
		}
	}
	return nil
}

// robots are the other bots of the settings, by id.
func (c Config) robots() map[string]bot.Robot {
	all := map[string]bot.Robot{}
	for _, b := range c.Practice.Bots {
		all[b.ID] = bot.Robot{May: b.May}
	}
	return all
}
