// Package slackfake is a Slack in one process: a stateful stand-in that a real, unmodified bot cannot tell from Slack.
//
// It speaks Slack's own protocol: the Web API below /api/, response URLs, external file uploads and Socket Mode. It
// keeps channels, messages, pins, bookmarks, files and views, enforces what Slack enforces (tokens, scopes, names,
// memberships, lengths, rates, triggers of three seconds), and refuses with the errors that Slack refuses with.
// People act through Actor, which builds the payloads that Slack would build, signs them and delivers them to the bot.
//
// For tests and the demo it can also be hurt on purpose (Inject, SetDown), remembers every call (Calls, Violations,
// Text) and shows its state (Snapshot, Subscribe). All times but the three seconds within which a bot must answer are
// taken from the clock in Options.
package slackfake
